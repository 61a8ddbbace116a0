/* The store in PostgreSQL: connections, transactions, opening. README.md says why the order is what it is. */
#include "syncd/hub/store_postgres.h"

#include <inttypes.h>
#include <string.h>

enum { IDLE_MAX = 16, DOWN_MS = SECOND_MS };

/* ---- connections ---- */

/* Who finds the server gone tells the others, so that a hub without database answers at once that it is busy.
 */
static Status down_check(PgStore *store, Err *err) {
    pthread_mutex_lock(&store->mutex);
    bool down = clock_steady(clock_system()) < store->down_until;
    pthread_mutex_unlock(&store->mutex);
    return down ? err_set(err, E_BUSY, "the database cannot be reached; trying again in a moment") : OK;
}

static void down_note(PgStore *store) {
    pthread_mutex_lock(&store->mutex);
    store->down_until = clock_steady(clock_system()) + DOWN_MS;
    pthread_mutex_unlock(&store->mutex);
}

static Status link_new(PgStore *store, Link **out, Err *err) {
    AUTO(link_close_auto) Link *link = NULL;
    TRY(down_check(store, err));
    Status status = link_open(&link, store->url, err);
    if (status == OK) status = link_prepare(link, err);
    if (status != OK) {
        down_note(store);
        return status;
    }
    *out = link;
    link = NULL;
    return OK;
}

static Link *idle_take(PgStore *store) {
    pthread_mutex_lock(&store->mutex);
    Link *link = store->idle;
    if (link) {
        store->idle = link->next;
        store->idle_count--;
    }
    pthread_mutex_unlock(&store->mutex);
    return link;
}

static void idle_give(PgStore *store, Link *link) {
    pthread_mutex_lock(&store->mutex);
    bool keep = !link->broken && store->idle_count < IDLE_MAX;
    if (keep) {
        link->next = store->idle;
        store->idle = link;
        store->idle_count++;
    }
    pthread_mutex_unlock(&store->mutex);
    if (!keep) link_close(link);
}

/* ---- transactions ---- */

Status pg_meta_get(StoreTx *tx, const char *name, Arena *arena, Str *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_text(&call, str_of(name));
    TRY(link_read(link_of(tx), PG_meta_get, &call, &rows, err));
    *out = PQntuples(rows) ? row_text(rows, 0, 0, arena) : (Str){0};
    return OK;
}

Status pg_meta_put(StoreTx *tx, const char *name, Str value, Err *err) {
    Call call = {0};
    call_text(&call, str_of(name));
    call_text(&call, value);
    return link_write(link_of(tx), PG_meta_put, &call, err);
}

/* A writer takes the row of the counter before it reads anything: what it judges by cannot change under it,
 * in whatever process the other writers are. A reader's snapshot begins with the head it reads. */
static Status tx_start(PgTx *tx, Err *err) {
    AUTO_ROWS rows = NULL;
    bool writes = tx->mode == STORE_WRITE;
    TRY(link_write(tx->link, writes ? PG_begin_write : PG_begin_read, NULL, err));
    TRY(link_read(tx->link, writes ? PG_head_lock : PG_head_get, NULL, &rows, err));
    if (PQntuples(rows) != 1) return err_set(err, E_CORRUPT, "the store does not say its newest seq");
    tx->head = tx->head_before = row_int(rows, 0, 0);
    return OK;
}

static Status link_take(PgTx *tx, Err *err) {
    PgStore *store = tx->store;
    if (tx->mode == STORE_WRITE) {
        tx->link = store->writer;
        store->writer = NULL;
    } else {
        tx->link = idle_take(store);
    }
    return tx->link ? OK : link_new(store, &tx->link, err);
}

/* Nothing has happened yet: what was broken while it lay idle, all of them after a restart of the server, is
 * replaced. */
static Status tx_take(PgTx *tx, Err *err) {
    for (;;) {
        TRY(link_take(tx, err));
        bool fresh = tx->link->fresh;
        tx->link->fresh = false;
        Status status = tx_start(tx, err);
        if (status == OK || !tx->link->broken || fresh) return status;
        link_close(tx->link);
        tx->link = NULL;
    }
}

/* A writer waits for its rollback, because others wait for its lock; what a reader's says is read by who
 * takes the link next. */
static void tx_roll_back(PgTx *tx) {
    Err ignored;
    if (tx->link->broken) return;
    link_send(tx->link, PG_rollback);
    if (tx->mode == STORE_WRITE && link_settle(tx->link, &ignored) != OK) tx->link->broken = true;
}

static void writer_give(PgStore *store, Link *link) {
    if (link && link->broken) {
        link_close(link);
        link = NULL;
    }
    store->writer = link;
}

static void tx_give_back(PgTx *tx) {
    if (tx->link && !tx->done) tx_roll_back(tx);
    if (tx->mode == STORE_WRITE) {
        writer_give(tx->store, tx->link);
        pthread_mutex_unlock(&tx->store->writing);
    } else if (tx->link) {
        idle_give(tx->store, tx->link);
    }
    arena_close(tx->arena);
}

static Status pg_begin(Store *base, StoreMode mode, StoreTx **out, Err *err) {
    Arena *arena = arena_open();
    PgTx *tx = ARENA_NEW(arena, PgTx);
    tx->arena = arena;
    tx->store = (PgStore *)base;
    tx->mode = mode;
    tx->base = (StoreTx){{&pg_records_verbs}, base->verbs, base};
    if (mode == STORE_WRITE) pthread_mutex_lock(&tx->store->writing);
    Status status = tx_take(tx, err);
    if (status != OK) {
        tx_give_back(tx);
        return status;
    }
    *out = &tx->base;
    return OK;
}

static void pg_end(StoreTx *tx) {
    tx_give_back((PgTx *)tx);
}

static void commit_scopes(const PgTx *tx, Arena *arena, StoreCommit *out) {
    size_t count = 0;
    for (const Touched *touched = tx->touched; touched; touched = touched->next) count++;
    *out = (StoreCommit){.head = tx->head, .scopes = ARENA_ARRAY(arena, Str, count + 1)};
    for (const Touched *touched = tx->touched; touched; touched = touched->next)
        out->scopes[out->scope_count++] = str_copy(arena, touched->scope);
}

static Status head_put(PgTx *tx, Err *err) {
    Call call = {0};
    if (tx->head == tx->head_before) return OK;
    call_int(&call, tx->head);
    return link_write(tx->link, PG_head_put, &call, err);
}

/* Everything that was not sent yet, the counter and COMMIT in one round trip. A warning here means that the
 * server gave up waiting for its standby: it is committed, and may be lost. */
static Status commit_run(PgTx *tx, Err *err) {
    tx->link->warned = false;
    TRY(link_write(tx->link, PG_commit, NULL, err));
    TRY(link_sync(tx->link, err));
    if (!tx->link->warned) return OK;
    return err_set(err, E_BUSY, "the database does not know whether its standby has this: send it again");
}

/* COMMIT after a statement that failed would be answered like any other, and roll back. */
static Status failed_check(const PgTx *tx, Err *err) {
    if (PQtransactionStatus(tx->link->connection) != PQTRANS_INERROR) return OK;
    return err_set(err, E_INTERNAL, "a transaction with a failed statement cannot be committed");
}

static Status pg_commit(StoreTx *base, Arena *arena, StoreCommit *out, Err *err) {
    PgTx *tx = (PgTx *)base;
    TRY(failed_check(tx, err));
    TRY(pg_ops_flush(tx, err));
    TRY(pg_sums_flush(tx, err));
    TRY(head_put(tx, err));
    commit_scopes(tx, arena, out);
    TRY(commit_run(tx, err));
    tx->done = true;
    if (tx->head != tx->head_before) pg_watch_commit(tx->store);
    return OK;
}

static int64_t pg_head(const StoreTx *tx) {
    return ((const PgTx *)tx)->head;
}

static Status pg_reach(Store *store, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    return store_begin(store, STORE_READ, &tx, err);
}

/* A server has better tools for it, and a standby. */
static Status pg_copy(Store *store, const char *to_path, Err *err) {
    (void)store, (void)to_path;
    return err_set(err, E_VERSION,
                   "this store is a PostgreSQL database: copy it with its own tools, between POST "
                   "/v1/backup/begin and POST /v1/backup/confirm");
}

/* ---- the store ---- */

static void pg_close(Store *base) {
    PgStore *store = (PgStore *)base;
    Link *link;
    pg_watch(base, NULL);
    while ((link = idle_take(store))) link_close(link);
    link_close(store->writer);
    pthread_mutex_destroy(&store->writing);
    pthread_mutex_destroy(&store->mutex);
    arena_close(store->arena);
}

static const StoreVerbs pg_verbs = {
    .close = pg_close,
    .begin = pg_begin,
    .commit = pg_commit,
    .end = pg_end,
    .head = pg_head,
    .record_get = pg_record_get,
    .record_list = pg_record_list,
    .feed = pg_feed,
    .scope_sum = pg_scope_sum,
    .scope_recount = pg_scope_recount,
    .scope_list = pg_scope_list,
    .floor_get = pg_floor_get,
    .left_purge = pg_left_purge,
    .left_newest = pg_left_newest,
    .meta_get = pg_meta_get,
    .meta_put = pg_meta_put,
    .expect = pg_expect,
    .op_find = pg_op_find,
    .op_number = pg_op_number,
    .op_take = pg_op_take,
    .op_forget = pg_op_forget,
    .op_list = pg_op_list,
    .counter_get = pg_counter_get,
    .counter_put = pg_counter_put,
    .counter_mark = pg_counter_mark,
    .counter_marked = pg_counter_marked,
    .ack_put = pg_ack_put,
    .ack_list = pg_ack_list,
    .token_find = pg_token_find,
    .token_put = pg_token_put,
    .token_drop = pg_token_drop,
    .token_revoke = pg_token_revoke,
    .code_find = pg_code_find,
    .code_find_user = pg_code_find_user,
    .code_put = pg_code_put,
    .code_purge = pg_code_purge,
    .salt_get = pg_salt_get,
    .salt_put = pg_salt_put,
    .note_get = pg_note_get,
    .note_put = pg_note_put,
    .status_put = pg_status_put,
    .status_list = pg_status_list,
    .audit_add = pg_audit_add,
    .audit_list = pg_audit_list,
    .reach = pg_reach,
    .copy = pg_copy,
    .watch = pg_watch,
};

static Store *pg_new(const char *url) {
    Arena *arena = arena_open();
    PgStore *store = ARENA_NEW(arena, PgStore);
    store->base.verbs = &pg_verbs;
    store->arena = arena;
    store->url = str_cstr(arena, str_of(url));
    pthread_mutex_init(&store->writing, NULL);
    pthread_mutex_init(&store->mutex, NULL);
    return &store->base;
}

static Status pg_store_with(Store **out, const char *spec, Status (*schema)(Link *link, Err *err), Err *err) {
    AUTO(link_close_auto) Link *link = NULL;
    TRY(link_open(&link, spec, err));
    TRY(schema(link, err));
    *out = pg_new(spec);
    return OK;
}

static Status pg_store_open(Store **out, const char *spec, Err *err) {
    return pg_store_with(out, spec, pg_schema_open, err);
}

static Status pg_store_create(Store **out, const char *spec, Err *err) {
    return pg_store_with(out, spec, pg_schema_create, err);
}

static Status pg_store_discard(const char *spec, Err *err) {
    AUTO(link_close_auto) Link *link = NULL;
    TRY(link_open(&link, spec, err));
    return pg_schema_drop(link, err);
}

const StoreDriver store_driver_postgres = {
    .open = pg_store_open, .create = pg_store_create, .discard = pg_store_discard};
