/* Every hash and every sum, from the raw rows: what a replica says of itself is not asked (PRODUCT, promise
 * 5). */
#include "common/replica/inside.h"

#include "common/base/file.h"
#include "common/replica/files.h"

typedef struct Verify {
    Arena *arena;
    Db *db;
    VerifyReport report;
    void *to;
    int64_t differences;
} Verify;

typedef struct Told {
    Str scope, hex;
    int64_t count;
    Sum found;
} Told;

static void differ(Verify *verify, Str text) {
    verify->differences++;
    verify->report(verify->to, str_cstr(verify->arena, text));
}

static Status read_told(Verify *verify, Told **out, size_t *count, Err *err) {
    AUTO(stmt_close_auto) Stmt *rows = NULL;
    TRY(stmt_open(&rows, verify->db, "SELECT scope, sum, count FROM cursor ORDER BY scope", err));
    *out = ARENA_ARRAY(verify->arena, Told, SCOPES_MAX);
    for (bool row = true; *count < SCOPES_MAX;) {
        TRY(stmt_step(rows, &row, err));
        if (!row) return OK;
        (*out)[(*count)++] = (Told){.scope = str_copy(verify->arena, stmt_text(rows, 0)),
                                    .hex = str_copy(verify->arena, stmt_text(rows, 1)),
                                    .count = stmt_int(rows, 2)};
    }
    return OK;
}

static Told *find_told(Told *told, size_t count, Str scope) {
    for (size_t i = 0; i < count; i++)
        if (str_equal(told[i].scope, scope)) return &told[i];
    return NULL;
}

static void verify_row(Verify *verify, Stmt *row, Told *told, size_t count) {
    Str kind = stmt_text(row, 0), id = stmt_text(row, 1), scope = stmt_text(row, 2);
    Hash hash = hash_record(kind, id, scope, stmt_text(row, 4));
    HashHex hex = hash_hex(hash);
    Told *of = find_told(told, count, scope);
    if (!str_is(stmt_text(row, 3), hex.text))
        differ(verify, str_print(verify->arena, "%.*s %.*s: the document's hash is %s, stored is %.*s",
                                 STR_FORMAT(kind), STR_FORMAT(id), hex.text, STR_FORMAT(stmt_text(row, 3))));
    if (of)
        sum_add(&of->found, hash);
    else
        differ(verify, str_print(verify->arena, "%.*s %.*s: nobody granted its scope %.*s", STR_FORMAT(kind),
                                 STR_FORMAT(id), STR_FORMAT(scope)));
}

static Status verify_rows(Verify *verify, Told *told, size_t count, Err *err) {
    AUTO(stmt_close_auto) Stmt *rows = NULL;
    TRY(stmt_open(&rows, verify->db, "SELECT kind, id, scope, hash, doc FROM record", err));
    for (bool row = true;;) {
        TRY(stmt_step(rows, &row, err));
        if (!row) return OK;
        verify_row(verify, rows, told, count);
    }
}

static void verify_sums(Verify *verify, const Told *told, size_t count) {
    for (size_t i = 0; i < count; i++) {
        HashHex hex = sum_hex(told[i].found);
        if (told[i].found.count == told[i].count && str_is(told[i].hex, hex.text)) continue;
        differ(verify,
               str_print(verify->arena, "scope %.*s: %lld records with sum %s, stored are %lld with %.*s",
                         STR_FORMAT(told[i].scope), (long long)told[i].found.count, hex.text,
                         (long long)told[i].count, STR_FORMAT(told[i].hex)));
    }
}

static Status verify_all(Verify *verify, Err *err) {
    Told *told = NULL;
    size_t count = 0;
    AUTO(tx_end) Tx *snapshot = NULL;
    TRY(tx_begin_read(&snapshot, verify->db, err));
    TRY(read_told(verify, &told, &count, err));
    TRY(verify_rows(verify, told, count, err));
    verify_sums(verify, told, count);
    Err found = {0};
    if (db_check_full(verify->db, &found) != OK) differ(verify, str_of(found.text));
    return OK;
}

/* A damaged file is a difference, not a failure of the command. */
Status replica_verify(const char *dir, VerifyReport report, void *to, int64_t *differences, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(db_close_auto) Db *db = NULL;
    Verify verify = {.arena = arena, .report = report, .to = to};
    Err local = {0};
    Status status = replica_file_open(&db, path_join(arena, dir, REPLICA_LINK), 0, &local);
    verify.db = db;
    if (status == OK) status = verify_all(&verify, &local);
    if (status == E_CORRUPT) differ(&verify, str_of(local.text));
    *differences = verify.differences;
    if (status == OK || status == E_CORRUPT) return OK;
    return err_set(err, status, "%s", local.text);
}
