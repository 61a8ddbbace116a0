/* Looking at a replica without writing: `syncd status`, beside a syncd that runs. */
#include "common/replica/inside.h"

#include "common/base/file.h"
#include "common/replica/files.h"

#include <stdlib.h>
#include <unistd.h>

static const StmtRow status_rows[] = {REPLICA_STATEMENTS(STMT_ROW)};

/* A Replica that only reads: replica_facts and what reads meta work on it. */
static Status open_reader(Replica *reader, const char *dir, Err *err) {
    TRY(replica_file_open(&reader->db, path_join(reader->arena, dir, REPLICA_LINK), 0, err));
    return stmt_table_open(&reader->statements, reader->db, status_rows, COUNT(status_rows), err);
}

static Status read_scopes(Replica *reader, Arena *arena, ReplicaStatus *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *scopes = NULL;
    TRY(stmt_open(
        &scopes, reader->db,
        "SELECT scope, applied, count, sum, wanted OR head0 IS NOT NULL, fault FROM cursor ORDER BY scope",
        err));
    out->scopes = ARENA_ARRAY(arena, ScopeStatus, SCOPES_MAX);
    for (bool row = true; out->scope_count < SCOPES_MAX;) {
        TRY(stmt_step(scopes, &row, err));
        if (!row) return OK;
        ScopeStatus *scope = &out->scopes[out->scope_count++];
        Sum sum = {0};
        *scope = (ScopeStatus){.scope = str_copy(arena, stmt_text(scopes, 0)),
                               .seq = stmt_int(scopes, 1),
                               .count = stmt_int(scopes, 2),
                               .loading = stmt_int(scopes, 4) != 0,
                               .fault = str_copy(arena, stmt_text(scopes, 5))};
        if (!sum_from(scope->count, stmt_text(scopes, 3), &sum))
            return err_set(err, E_CORRUPT, "the sum of scope %.*s is no sum", STR_FORMAT(scope->scope));
        scope->sum = sum_hex(sum);
    }
    return OK;
}

static Status read_pairing(Replica *reader, Arena *arena, ReplicaStatus *out, Err *err) {
    bool row = false;
    AUTO(stmt_close_auto) Stmt *pairing = NULL;
    TRY(stmt_open(&pairing, reader->db, "SELECT code, state FROM pairing", err));
    TRY(stmt_step(pairing, &row, err));
    if (!row) return OK;
    out->pairing_code = str_copy(arena, stmt_text(pairing, 0));
    out->pairing_state = str_copy(arena, stmt_text(pairing, 1));
    return OK;
}

static Status read_all(Replica *reader, Arena *arena, ReplicaStatus *out, Err *err) {
    AUTO(tx_end) Tx *snapshot = NULL;
    TRY(tx_begin_read(&snapshot, reader->db, err));
    TRY(replica_facts(reader, arena, &out->facts, err));
    TRY(read_scopes(reader, arena, out, err));
    TRY(read_pairing(reader, arena, out, err));
    TRY(meta_text(reader, META_EPOCH_BEFORE, arena, &out->epoch_before, err));
    TRY(meta_int(reader, META_EPOCH_AT, INT64_MIN, &out->epoch_at, err));
    TRY(meta_int(reader, META_AGAIN, 0, &out->again, err));
    TRY(meta_text(reader, META_ERROR, arena, &out->last_error, err));
    return meta_text(reader, META_REKEYED_WHY, arena, &out->rekeyed_why, err);
}

/* ops that no syncd has numbered yet wait too */
static Status count_unnumbered(Replica *reader, const char *dir, int64_t *out, Err *err) {
    int64_t kept = 0, known = 0;
    Db *outbox = NULL;
    reader->outbox_path = path_join(reader->arena, dir, OUTBOX_FILE);
    TRY(outbox_look(reader, &outbox, err));
    if (!outbox) return OK;
    TRY(db_ask_int(outbox, "SELECT count(*) FROM op", &kept, err));
    TRY(db_ask_int(reader->db, "SELECT count(*) FROM op_state", &known, err));
    if (kept > known) *out += kept - known;
    return OK;
}

static void read_file_name(const char *dir, Arena *arena, Str *out) {
    char target[256];
    ssize_t length = readlink(path_join(arena, dir, REPLICA_LINK), target, sizeof(target));
    *out = str_copy(arena, length > 0 ? (Str){target, (size_t)length} : STR(REPLICA_LINK));
}

static Status read_status(Replica *reader, const char *dir, Arena *arena, ReplicaStatus *out, Err *err) {
    TRY(open_reader(reader, dir, err));
    TRY(read_all(reader, arena, out, err));
    return count_unnumbered(reader, dir, &out->facts.undecided, err);
}

Status replica_status(const char *dir, Arena *arena, ReplicaStatus *out, Err *err) {
    Replica reader = {.arena = arena, .dir = dir, .lock_fd = -1};
    *out = (ReplicaStatus){0};
    read_file_name(dir, arena, &out->file);
    Status status = read_status(&reader, dir, arena, out, err);
    stmt_table_close(reader.statements);
    db_close(reader.db);
    db_close(reader.outbox);
    return status;
}
