#include "common/replica/inside.h"

#include "common/schema/schema.h"

static Status row_read(Stmt *stmt, Arena *arena, ScopeRow *out, Err *err) {
    *out = (ScopeRow){.scope = str_copy(arena, stmt_text(stmt, 0)),
                      .seq = stmt_int(stmt, 1),
                      .head0 = stmt_is_null(stmt, 2) ? -1 : stmt_int(stmt, 2),
                      .wanted = stmt_int(stmt, 3) != 0,
                      .failures = stmt_int(stmt, 6),
                      .applied = stmt_int(stmt, 7)};
    if (sum_from(stmt_int(stmt, 4), stmt_text(stmt, 5), &out->sum)) return OK;
    return err_set(err, E_CORRUPT, "the sum of scope %.*s is no sum", STR_FORMAT(out->scope));
}

Status scopes_read(Replica *replica, Arena *arena, ScopeRows *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *stmt = statement(replica, STMT_scopes);
    *out = (ScopeRows){.at = ARENA_ARRAY(arena, ScopeRow, SCOPES_MAX)};
    for (bool row = true;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) return OK;
        if (out->count == SCOPES_MAX) return err_set(err, E_TOOBIG, "more than %d scopes", SCOPES_MAX);
        TRY(row_read(stmt, arena, &out->at[out->count], err));
        out->count++;
    }
}

ScopeRow *scopes_find(const ScopeRows *rows, Str scope) {
    for (size_t i = 0; i < rows->count; i++)
        if (str_equal(rows->at[i].scope, scope)) return &rows->at[i];
    return NULL;
}

Status kind_changed(Replica *replica, Str kind, Err *err) {
    Stmt *stmt = statement(replica, STMT_kind_changed);
    stmt_bind_text(stmt, 1, kind);
    return stmt_run(stmt, err);
}

static Status kinds_of_scope_changed(Replica *replica, Str scope, Err *err) {
    AUTO(stmt_reset_auto) Stmt *kinds = statement(replica, STMT_scope_kinds);
    stmt_bind_text(kinds, 1, scope);
    for (bool row = true;;) {
        TRY(stmt_step(kinds, &row, err));
        if (!row) return OK;
        TRY(kind_changed(replica, stmt_text(kinds, 0), err));
    }
}

static Status run_for(Replica *replica, int which, Str scope, Err *err) {
    Stmt *stmt = statement(replica, which);
    stmt_bind_text(stmt, 1, scope);
    return stmt_run(stmt, err);
}

Status scope_erase(Replica *replica, Str scope, Err *err) {
    TRY(kinds_of_scope_changed(replica, scope, err));
    TRY(run_for(replica, STMT_scope_erase_records, scope, err));
    TRY(run_for(replica, STMT_staged_erase, scope, err));
    TRY(run_for(replica, STMT_scope_erase, scope, err));
    replica->erase_wal = true;
    return OK;
}

Status scopes_want_all(Replica *replica, Err *err) {
    TRY(stmt_run(statement(replica, STMT_staged_clear), err));
    TRY(meta_set_int(replica, META_PULL_HEAD, 0, err));
    return stmt_run(statement(replica, STMT_scopes_want), err);
}

/* ---- personal kinds ---- */
static void leave_sum(const ScopeRows *rows, Str scope, Str hex) {
    ScopeRow *row = scopes_find(rows, scope);
    Hash hash;
    if (row && hash_from_hex(hex, &hash)) sum_remove(&row->sum, hash);
}

static Status erase_kind(Replica *replica, ScopeRows *rows, Str kind, Err *err) {
    AUTO(stmt_reset_auto) Stmt *found = statement(replica, STMT_kind_records);
    stmt_bind_text(found, 1, kind);
    for (bool row = true;;) {
        TRY(stmt_step(found, &row, err));
        if (!row) break;
        leave_sum(rows, stmt_text(found, 0), stmt_text(found, 1));
    }
    TRY(run_for(replica, STMT_kind_erase, kind, err));
    return kind_changed(replica, kind, err);
}

Status scopes_write_sums(Replica *replica, const ScopeRows *rows, Err *err) {
    for (size_t i = 0; i < rows->count; i++) {
        HashHex hex = sum_hex(rows->at[i].sum);
        Stmt *stmt = statement(replica, STMT_scope_sum);
        stmt_bind_text(stmt, 1, rows->at[i].scope);
        stmt_bind_int(stmt, 2, rows->at[i].sum.count);
        stmt_bind_text(stmt, 3, str_of(hex.text));
        TRY(stmt_run(stmt, err));
    }
    return OK;
}

Status erase_personal(Replica *replica, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    ScopeRows rows = {0};
    TRY(scopes_read(replica, arena, &rows, err));
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const KindInfo *info = kind_info((Kind)kind);
        if (info->flags & PERSONAL) TRY(erase_kind(replica, &rows, str_of(info->name), err));
    }
    TRY(stmt_run(statement(replica, STMT_staged_clear), err));
    replica->erase_wal = true;
    return scopes_write_sums(replica, &rows, err);
}

bool replica_erased_from_wal(Replica *replica) {
    if (replica->erase_wal && !replica->staging)
        replica->erase_wal = db_checkpoint_truncate(replica->db, NULL) != OK;
    return !replica->erase_wal;
}
