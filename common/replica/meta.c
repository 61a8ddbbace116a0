#include "common/replica/inside.h"

#include "common/replica/files.h"
#include "common/replica/wake.h"

/* Reads one value; the statement stays on its row for the caller, who resets it. */
static Status find(Replica *replica, const char *key, Stmt **out, bool *found, Err *err) {
    Stmt *get = statement(replica, STMT_meta_get);
    stmt_bind_text(get, 1, str_of(key));
    *out = get;
    return stmt_step(get, found, err);
}

Status meta_text(Replica *replica, const char *key, Arena *arena, Str *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *get = NULL;
    bool found = false;
    TRY(find(replica, key, &get, &found, err));
    *out = found && !stmt_is_null(get, 0) ? str_copy(arena, stmt_text(get, 0)) : (Str){0};
    return OK;
}

Status meta_int(Replica *replica, const char *key, int64_t otherwise, int64_t *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *get = NULL;
    bool found = false;
    TRY(find(replica, key, &get, &found, err));
    *out = found && !stmt_is_null(get, 0) ? stmt_int(get, 0) : otherwise;
    return OK;
}

Status meta_set_text(Replica *replica, const char *key, Str value, Err *err) {
    Stmt *set = statement(replica, STMT_meta_set);
    stmt_bind_text(set, 1, str_of(key));
    stmt_bind_text(set, 2, value);
    return stmt_run(set, err);
}

Status meta_set_int(Replica *replica, const char *key, int64_t value, Err *err) {
    Stmt *set = statement(replica, STMT_meta_set);
    stmt_bind_text(set, 1, str_of(key));
    stmt_bind_int(set, 2, value);
    return stmt_run(set, err);
}

Status change_begin(Replica *replica, Tx **out, Err *err) {
    TRY(replica_page_flush(replica, err));
    return tx_begin(out, replica->db, err);
}

Status change_commit(Replica *replica, Tx *tx, Err *err) {
    TRY(tx_commit(tx, err));
    wake_poke(replica->dir, KIOSK_SOCKET);
    return OK;
}
