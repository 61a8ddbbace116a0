/* Tokens, device codes, salts, notes, status, audit: plain tables, one verb to put and one to get. */
#include "syncd/hub/store_postgres.h"

static Call of_one(Str text) {
    Call call = {0};
    call_text(&call, text);
    return call;
}

static Call of_two(Str first, Str second) {
    Call call = of_one(first);
    call_text(&call, second);
    return call;
}

Status pg_token_find(StoreTx *tx, Str hash, Arena *arena, StoreToken *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = of_one(hash);
    TRY(link_read(link_of(tx), PG_token_find, &call, &rows, err));
    if (!PQntuples(rows)) return err_set(err, E_NOTFOUND, "nobody has this token");
    *out = (StoreToken){.hash = hash,
                        .role = row_text(rows, 0, 0, arena),
                        .subject = row_text(rows, 0, 1, arena),
                        .org = row_text(rows, 0, 2, arena),
                        .revoked = row_bool(rows, 0, 3),
                        .used = row_bool(rows, 0, 4),
                        .created_at = row_int(rows, 0, 5)};
    return OK;
}

Status pg_token_put(StoreTx *tx, const StoreToken *token, Err *err) {
    Call call = of_two(token->hash, token->role);
    call_text(&call, token->subject);
    call_text(&call, token->org);
    call_bool(&call, token->revoked);
    call_bool(&call, token->used);
    call_int(&call, token->created_at);
    return link_write(link_of(tx), PG_token_put, &call, err);
}

Status pg_token_drop(StoreTx *tx, Str role, Str subject, Err *err) {
    Call call = of_two(role, subject);
    return link_write(link_of(tx), PG_token_drop, &call, err);
}

Status pg_token_revoke(StoreTx *tx, Str role, Str subject, Err *err) {
    Call call = of_two(role, subject);
    return link_write(link_of(tx), PG_token_revoke, &call, err);
}

static Status code_read(StoreTx *tx, int statement, Str key, Arena *arena, StoreCode *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = of_one(key);
    TRY(link_read(link_of(tx), statement, &call, &rows, err));
    if (!PQntuples(rows)) return err_set(err, E_NOTFOUND, "there is no such code, or it is too old");
    *out = (StoreCode){.hash = row_text(rows, 0, 0, arena),
                       .user_code = row_text(rows, 0, 1, arena),
                       .address = row_text(rows, 0, 2, arena),
                       .public_key = row_text(rows, 0, 3, arena),
                       .state = row_text(rows, 0, 4, arena),
                       .device = row_text(rows, 0, 5, arena),
                       .expires_at = row_int(rows, 0, 6),
                       .polled_at = row_int(rows, 0, 7)};
    return OK;
}

Status pg_code_find(StoreTx *tx, Str hash, Arena *arena, StoreCode *out, Err *err) {
    return code_read(tx, PG_code_find, hash, arena, out, err);
}

Status pg_code_find_user(StoreTx *tx, Str user_code, Arena *arena, StoreCode *out, Err *err) {
    return code_read(tx, PG_code_find_user, user_code, arena, out, err);
}

Status pg_code_put(StoreTx *tx, const StoreCode *code, Err *err) {
    Call call = of_two(code->hash, code->user_code);
    call_text(&call, code->address);
    call_text(&call, code->public_key);
    call_text(&call, code->state);
    call_text(&call, code->device);
    call_int(&call, code->expires_at);
    call_int(&call, code->polled_at);
    return link_write(link_of(tx), PG_code_put, &call, err);
}

Status pg_code_purge(StoreTx *tx, Millis expired_before, int64_t *left, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_int(&call, expired_before);
    TRY(link_write(link_of(tx), PG_code_purge, &call, err));
    TRY(link_read(link_of(tx), PG_code_count, NULL, &rows, err));
    *left = row_int(rows, 0, 0);
    return OK;
}

static Status value_get(StoreTx *tx, int statement, Str key, Arena *arena, Str *value, const char *none,
                        Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = of_one(key);
    TRY(link_read(link_of(tx), statement, &call, &rows, err));
    if (!PQntuples(rows)) return err_set(err, E_NOTFOUND, "%s", none);
    *value = row_text(rows, 0, 0, arena);
    return OK;
}

Status pg_salt_get(StoreTx *tx, Str org, Arena *arena, Str *salt, Err *err) {
    return value_get(tx, PG_salt_get, org, arena, salt, "this organisation has no salt yet", err);
}

Status pg_salt_put(StoreTx *tx, Str org, Str salt, Err *err) {
    Call call = of_two(org, salt);
    return link_write(link_of(tx), PG_salt_put, &call, err);
}

Status pg_note_get(StoreTx *tx, Str key, Arena *arena, Str *value, Err *err) {
    return value_get(tx, PG_note_get, key, arena, value, "there is no such note", err);
}

Status pg_note_put(StoreTx *tx, Str key, Str value, Err *err) {
    Call call = of_one(key);
    if (!value.at) return link_write(link_of(tx), PG_note_drop, &call, err);
    call_text(&call, value);
    return link_write(link_of(tx), PG_note_put, &call, err);
}

static Call of_fact(const char *kind, Str key) {
    return of_two(str_of(kind), key);
}

Status pg_fact_get(Records *records, const char *kind, Str key, Arena *arena, Str *value, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = of_fact(kind, key);
    TRY(link_read(link_of((StoreTx *)records), PG_fact_get, &call, &rows, err));
    if (!PQntuples(rows)) return err_set(err, E_NOTFOUND, "there is no such fact");
    *value = row_text(rows, 0, 0, arena);
    return OK;
}

Status pg_fact_put(Records *records, const char *kind, Str key, Str value, Err *err) {
    Call call = of_fact(kind, key);
    if (value.at) call_text(&call, value);
    return link_write(link_of((StoreTx *)records), value.at ? PG_fact_put : PG_fact_drop, &call, err);
}

Status pg_status_put(StoreTx *tx, const StoreStatus *status, Err *err) {
    Call call = of_one(status->device);
    call_int(&call, status->at);
    call_text(&call, status->doc);
    return link_write(link_of(tx), PG_status_put, &call, err);
}

Status pg_status_list(StoreTx *tx, Arena *arena, StoreStatus **out, size_t *count, Err *err) {
    AUTO_ROWS rows = NULL;
    TRY(link_read(link_of(tx), PG_status_list, NULL, &rows, err));
    *count = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(arena, StoreStatus, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (StoreStatus){.device = row_text(rows, (int)i, 0, arena),
                                  .at = row_int(rows, (int)i, 1),
                                  .doc = row_text(rows, (int)i, 2, arena)};
    return OK;
}

Status pg_audit_add(StoreTx *tx, const StoreAudit *audit, Err *err) {
    Call call = {0};
    call_int(&call, audit->at);
    call_text(&call, audit->who);
    call_text(&call, audit->what);
    call_text(&call, audit->detail.at ? audit->detail : STR(""));
    return link_write(link_of(tx), PG_audit_add, &call, err);
}

Status pg_audit_list(StoreTx *tx, Millis since, size_t limit, Arena *arena, StoreAudit **out, size_t *count,
                     Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_int(&call, since);
    call_int(&call, (int64_t)limit);
    TRY(link_read(link_of(tx), PG_audit_list, &call, &rows, err));
    *count = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(arena, StoreAudit, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (StoreAudit){.at = row_int(rows, (int)i, 0),
                                 .who = row_text(rows, (int)i, 1, arena),
                                 .what = row_text(rows, (int)i, 2, arena),
                                 .detail = row_text(rows, (int)i, 3, arena)};
    return OK;
}
