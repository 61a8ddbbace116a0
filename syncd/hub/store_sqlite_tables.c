/* Tokens, device codes, salts, status, audit: plain tables, one verb to put and one to get. */
#include "syncd/hub/store_sqlite.h"

static Str text_at(Stmt *stmt, int column, Arena *arena) {
    return stmt_is_null(stmt, column) ? (Str){0} : str_copy(arena, stmt_text(stmt, column));
}

Status sqlite_token_find(StoreTx *tx, Str hash, Arena *arena, StoreToken *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, token_find);
    bool row = false;
    stmt_bind_text(stmt, 1, hash);
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "nobody has this token");
    *out = (StoreToken){.hash = hash,
                        .role = text_at(stmt, 0, arena),
                        .subject = text_at(stmt, 1, arena),
                        .org = text_at(stmt, 2, arena),
                        .revoked = stmt_int(stmt, 3) != 0,
                        .used = stmt_int(stmt, 4) != 0,
                        .created_at = stmt_int(stmt, 5)};
    return OK;
}

Status sqlite_token_put(StoreTx *tx, const StoreToken *token, Err *err) {
    Stmt *stmt = SQL(tx, token_put);
    stmt_bind_text(stmt, 1, token->hash);
    stmt_bind_text(stmt, 2, token->role);
    stmt_bind_text(stmt, 3, token->subject);
    stmt_bind_text(stmt, 4, token->org);
    stmt_bind_int(stmt, 5, token->revoked);
    stmt_bind_int(stmt, 6, token->used);
    stmt_bind_int(stmt, 7, token->created_at);
    return stmt_run(stmt, err);
}

Status sqlite_token_drop(StoreTx *tx, Str role, Str subject, Err *err) {
    Stmt *stmt = SQL(tx, token_drop);
    stmt_bind_text(stmt, 1, role);
    stmt_bind_text(stmt, 2, subject);
    return stmt_run(stmt, err);
}

Status sqlite_token_revoke(StoreTx *tx, Str role, Str subject, Err *err) {
    Stmt *stmt = SQL(tx, token_revoke);
    stmt_bind_text(stmt, 1, role);
    stmt_bind_text(stmt, 2, subject);
    return stmt_run(stmt, err);
}

static Status code_read(Stmt *borrowed, Str key, Arena *arena, StoreCode *out, Err *err) {
    AUTO_STMT stmt = borrowed;
    bool row = false;
    stmt_bind_text(stmt, 1, key);
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "there is no such code, or it is too old");
    *out = (StoreCode){.hash = text_at(stmt, 0, arena),
                       .user_code = text_at(stmt, 1, arena),
                       .address = text_at(stmt, 2, arena),
                       .public_key = text_at(stmt, 3, arena),
                       .state = text_at(stmt, 4, arena),
                       .device = text_at(stmt, 5, arena),
                       .expires_at = stmt_int(stmt, 6),
                       .polled_at = stmt_int(stmt, 7)};
    return OK;
}

Status sqlite_code_find(StoreTx *tx, Str hash, Arena *arena, StoreCode *out, Err *err) {
    return code_read(SQL(tx, code_find), hash, arena, out, err);
}

Status sqlite_code_find_user(StoreTx *tx, Str user_code, Arena *arena, StoreCode *out, Err *err) {
    return code_read(SQL(tx, code_find_user), user_code, arena, out, err);
}

Status sqlite_code_put(StoreTx *tx, const StoreCode *code, Err *err) {
    Stmt *stmt = SQL(tx, code_put);
    stmt_bind_text(stmt, 1, code->hash);
    stmt_bind_text(stmt, 2, code->user_code);
    stmt_bind_text(stmt, 3, code->address);
    stmt_bind_text(stmt, 4, code->public_key);
    stmt_bind_text(stmt, 5, code->state);
    stmt_bind_text(stmt, 6, code->device);
    stmt_bind_int(stmt, 7, code->expires_at);
    stmt_bind_int(stmt, 8, code->polled_at);
    return stmt_run(stmt, err);
}

Status sqlite_code_purge(StoreTx *tx, Millis expired_before, int64_t *left, Err *err) {
    Stmt *stmt = SQL(tx, code_purge);
    stmt_bind_int(stmt, 1, expired_before);
    TRY(stmt_run(stmt, err));
    AUTO_STMT count = SQL(tx, code_count);
    bool row = false;
    TRY(stmt_step(count, &row, err));
    *left = stmt_int(count, 0);
    return OK;
}

Status sqlite_salt_get(StoreTx *tx, Str org, Arena *arena, Str *salt, Err *err) {
    AUTO_STMT stmt = SQL(tx, salt_get);
    bool row = false;
    stmt_bind_text(stmt, 1, org);
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "this organisation has no salt yet");
    *salt = text_at(stmt, 0, arena);
    return OK;
}

Status sqlite_salt_put(StoreTx *tx, Str org, Str salt, Err *err) {
    Stmt *stmt = SQL(tx, salt_put);
    stmt_bind_text(stmt, 1, org);
    stmt_bind_text(stmt, 2, salt);
    return stmt_run(stmt, err);
}

Status sqlite_note_get(StoreTx *tx, Str key, Arena *arena, Str *value, Err *err) {
    AUTO_STMT stmt = SQL(tx, note_get);
    bool row = false;
    stmt_bind_text(stmt, 1, key);
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "there is no such note");
    *value = text_at(stmt, 0, arena);
    return OK;
}

Status sqlite_note_put(StoreTx *tx, Str key, Str value, Err *err) {
    Stmt *stmt = value.at ? SQL(tx, note_put) : SQL(tx, note_drop);
    stmt_bind_text(stmt, 1, key);
    if (value.at) stmt_bind_text(stmt, 2, value);
    return stmt_run(stmt, err);
}

Status sqlite_status_put(StoreTx *tx, const StoreStatus *status, Err *err) {
    Stmt *stmt = SQL(tx, status_put);
    stmt_bind_text(stmt, 1, status->device);
    stmt_bind_int(stmt, 2, status->at);
    stmt_bind_text(stmt, 3, status->doc);
    return stmt_run(stmt, err);
}

Status sqlite_status_list(StoreTx *tx, Arena *arena, StoreStatus **out, size_t *count, Err *err) {
    AUTO_STMT stmt = SQL(tx, status_list);
    Rows rows = {.arena = arena, .size = sizeof(StoreStatus)};
    bool row = true;
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(StoreStatus *)rows_next(&rows) = (StoreStatus){
            .device = text_at(stmt, 0, arena), .at = stmt_int(stmt, 1), .doc = text_at(stmt, 2, arena)};
    }
    *out = (StoreStatus *)(void *)rows.at;
    *count = rows.count;
    return OK;
}

Status sqlite_audit_add(StoreTx *tx, const StoreAudit *audit, Err *err) {
    Stmt *stmt = SQL(tx, audit_add);
    stmt_bind_int(stmt, 1, audit->at);
    stmt_bind_text(stmt, 2, audit->who);
    stmt_bind_text(stmt, 3, audit->what);
    stmt_bind_text(stmt, 4, audit->detail.at ? audit->detail : STR(""));
    return stmt_run(stmt, err);
}

Status sqlite_audit_list(StoreTx *tx, Millis since, size_t limit, Arena *arena, StoreAudit **out,
                         size_t *count, Err *err) {
    AUTO_STMT stmt = SQL(tx, audit_list);
    Rows rows = {.arena = arena, .size = sizeof(StoreAudit)};
    bool row = true;
    stmt_bind_int(stmt, 1, since);
    stmt_bind_int(stmt, 2, (int64_t)limit);
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(StoreAudit *)rows_next(&rows) = (StoreAudit){.at = stmt_int(stmt, 0),
                                                       .who = text_at(stmt, 1, arena),
                                                       .what = text_at(stmt, 2, arena),
                                                       .detail = text_at(stmt, 3, arena)};
    }
    *out = (StoreAudit *)(void *)rows.at;
    *count = rows.count;
    return OK;
}
