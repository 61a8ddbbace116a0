#include "syncd/hub/store_sqlite.h"

#include "common/base/file.h"
#include "syncd/hub/store_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const StmtRow sql_rows[] = {STORE_SQL(STMT_ROW)};
static const Migration migrations[] = {{.sql = STORE_SCHEMA}, {.sql = STORE_ACKS}, {.sql = STORE_FACTS}};

enum { WRITER_CACHE_KIB = 16 * 1024, ROWS_FIRST = 16 };

void *rows_next(Rows *rows) {
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : ROWS_FIRST;
        char *grown = arena_alloc(rows->arena, room * rows->size);
        if (rows->count) memcpy(grown, rows->at, rows->count * rows->size);
        rows->at = grown;
        rows->room = room;
    }
    return rows->at + rows->size * rows->count++;
}

/* ---- connections ---- */

static void connection_close(Connection *connection) {
    if (!connection) return;
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        for (size_t field = 0; field < KIND_FIELDS_MAX; field++)
            stmt_close(connection->by_field[kind][field]);
    stmt_table_close(connection->table);
    db_close(connection->db);
    free(connection);
}

static Status connection_fill(Connection *connection, const char *path, const DbOptions *options, Err *err) {
    TRY(db_open(&connection->db, path, options, err));
    if (options->mode == DB_WRITE) TRY(db_migrate(connection->db, migrations, COUNT(migrations), err));
    return stmt_table_open(&connection->table, connection->db, sql_rows, COUNT(sql_rows), err);
}

static Status connection_open(Connection **out, const char *path, const DbOptions *options, Err *err) {
    Connection *connection = calloc(1, sizeof(*connection));
    if (!connection) return err_set(err, E_LIMIT, "out of memory");
    Status status = connection_fill(connection, path, options, err);
    if (status != OK) {
        connection_close(connection);
        return status;
    }
    *out = connection;
    return OK;
}

static Status reader_take(SqliteStore *store, Connection **out, Err *err) {
    pthread_mutex_lock(&store->mutex);
    Connection *idle = store->idle;
    if (idle) store->idle = idle->next;
    pthread_mutex_unlock(&store->mutex);
    if (idle) {
        *out = idle;
        return OK;
    }
    DbOptions options = {.mode = store->reading};
    return connection_open(out, store->path, &options, err);
}

static void reader_give(SqliteStore *store, Connection *connection) {
    pthread_mutex_lock(&store->mutex);
    connection->next = store->idle;
    store->idle = connection;
    pthread_mutex_unlock(&store->mutex);
}

/* ---- transactions ---- */

Status sqlite_meta_get(StoreTx *tx, const char *name, Arena *arena, Str *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, meta_get);
    bool row = false;
    stmt_bind_text(stmt, 1, str_of(name));
    TRY(stmt_step(stmt, &row, err));
    *out = row ? str_copy(arena, stmt_text(stmt, 0)) : (Str){0};
    return OK;
}

Status sqlite_meta_put(StoreTx *tx, const char *name, Str value, Err *err) {
    Stmt *stmt = SQL(tx, meta_put);
    stmt_bind_text(stmt, 1, str_of(name));
    stmt_bind_text(stmt, 2, value);
    return stmt_run(stmt, err);
}

static Status head_read(SqliteTx *tx, Err *err) {
    Str text = {0};
    TRY(sqlite_meta_get(&tx->base, "head", tx->arena, &text, err));
    if (str_to_int(text, &tx->head)) return OK;
    return err_set(err, E_CORRUPT, "the store does not say its newest seq");
}

static void tx_give_back(SqliteTx *tx) {
    tx_end(&tx->tx);
    if (tx->mode == STORE_WRITE)
        pthread_mutex_unlock(&tx->store->writing);
    else if (tx->connection)
        reader_give(tx->store, tx->connection);
    arena_close(tx->arena);
}

static Status tx_take(SqliteTx *tx, Err *err) {
    if (tx->mode == STORE_WRITE) {
        pthread_mutex_lock(&tx->store->writing);
        if (!tx->store->writer) return err_set(err, E_READONLY, "this copy can only be read");
        tx->connection = tx->store->writer;
        TRY(tx_begin(&tx->tx, tx->connection->db, err));
    } else {
        TRY(reader_take(tx->store, &tx->connection, err));
        TRY(tx_begin_read(&tx->tx, tx->connection->db, err));
    }
    return head_read(tx, err);
}

static Status sqlite_begin(Store *base, StoreMode mode, StoreTx **out, Err *err) {
    Arena *arena = arena_open();
    SqliteTx *tx = ARENA_NEW(arena, SqliteTx);
    tx->arena = arena;
    tx->store = (SqliteStore *)base;
    tx->mode = mode;
    tx->base = (StoreTx){{&sqlite_records_verbs}, base->verbs, base};
    Status status = tx_take(tx, err);
    if (status != OK) {
        tx_give_back(tx);
        return status;
    }
    *out = &tx->base;
    return OK;
}

static void sqlite_end(StoreTx *tx) {
    tx_give_back((SqliteTx *)tx);
}

static void commit_scopes(const SqliteTx *tx, Arena *arena, StoreCommit *out) {
    size_t count = 0;
    for (const Touched *touched = tx->touched; touched; touched = touched->next) count++;
    *out = (StoreCommit){.head = tx->head, .scopes = ARENA_ARRAY(arena, Str, count + 1)};
    for (const Touched *touched = tx->touched; touched; touched = touched->next)
        out->scopes[out->scope_count++] = str_copy(arena, touched->scope);
}

static Status sqlite_commit(StoreTx *base, Arena *arena, StoreCommit *out, Err *err) {
    SqliteTx *tx = (SqliteTx *)base;
    TRY(sqlite_sums_flush(tx, err));
    TRY(sqlite_meta_put(base, "head", str_print(tx->arena, "%" PRId64, tx->head), err));
    commit_scopes(tx, arena, out);
    return tx_commit(tx->tx, err);
}

static int64_t sqlite_head(const StoreTx *tx) {
    return ((const SqliteTx *)tx)->head;
}

static Status sqlite_reach(Store *store, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    return store_begin(store, STORE_READ, &tx, err);
}

/* Asking one by one costs nothing here. */
static Status sqlite_expect(StoreTx *tx, const StoreExpected *expected, Err *err) {
    (void)tx, (void)expected, (void)err;
    return OK;
}

/* From a reading connection: whoever writes goes on. */
static Status sqlite_copy(Store *base, const char *to_path, Err *err) {
    SqliteStore *store = (SqliteStore *)base;
    Connection *reader = NULL;
    TRY(reader_take(store, &reader, err));
    Status status = db_backup(reader->db, to_path, err);
    reader_give(store, reader);
    return status;
}

/* One process serves a file: there is nobody else to hear of. */
static void sqlite_watch(Store *store, const StoreWatch *watch) {
    (void)store, (void)watch;
}

/* ---- the store ---- */

/* Readers go first: the last connection to close is the one that may checkpoint. */
static void sqlite_close(Store *base) {
    SqliteStore *store = (SqliteStore *)base;
    while (store->idle) {
        Connection *reader = store->idle;
        store->idle = reader->next;
        connection_close(reader);
    }
    connection_close(store->writer);
    if (store->lock_fd >= 0) close(store->lock_fd);
    pthread_mutex_destroy(&store->writing);
    pthread_mutex_destroy(&store->mutex);
    arena_close(store->arena);
}

static const StoreVerbs sqlite_verbs = {
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .end = sqlite_end,
    .head = sqlite_head,
    .record_get = sqlite_record_get,
    .record_list = sqlite_record_list,
    .feed = sqlite_feed,
    .scope_sum = sqlite_scope_sum,
    .scope_recount = sqlite_scope_recount,
    .scope_list = sqlite_scope_list,
    .floor_get = sqlite_floor_get,
    .left_purge = sqlite_left_purge,
    .left_newest = sqlite_left_newest,
    .meta_get = sqlite_meta_get,
    .meta_put = sqlite_meta_put,
    .expect = sqlite_expect,
    .op_find = sqlite_op_find,
    .op_number = sqlite_op_number,
    .op_take = sqlite_op_take,
    .op_forget = sqlite_op_forget,
    .op_list = sqlite_op_list,
    .counter_get = sqlite_counter_get,
    .counter_put = sqlite_counter_put,
    .counter_mark = sqlite_counter_mark,
    .counter_marked = sqlite_counter_marked,
    .ack_put = sqlite_ack_put,
    .ack_list = sqlite_ack_list,
    .token_find = sqlite_token_find,
    .token_put = sqlite_token_put,
    .token_drop = sqlite_token_drop,
    .token_revoke = sqlite_token_revoke,
    .code_find = sqlite_code_find,
    .code_find_user = sqlite_code_find_user,
    .code_put = sqlite_code_put,
    .code_purge = sqlite_code_purge,
    .salt_get = sqlite_salt_get,
    .salt_put = sqlite_salt_put,
    .note_get = sqlite_note_get,
    .note_put = sqlite_note_put,
    .status_put = sqlite_status_put,
    .status_list = sqlite_status_list,
    .audit_add = sqlite_audit_add,
    .audit_list = sqlite_audit_list,
    .reach = sqlite_reach,
    .copy = sqlite_copy,
    .watch = sqlite_watch,
};

/* One process per store: the lock goes with the process, however it ends. */
static Status lock_take(SqliteStore *store, Err *err) {
    const char *path = str_print(store->arena, "%s.lock", store->path).at;
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock_fd < 0) return err_from_errno(err, errno, "cannot lock %s", store->path);
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0) return OK;
    return err_set(err, E_BUSY, "another process serves %s: talk to it over HTTP, or stop it first",
                   store->path);
}

static Status indexes_make(SqliteStore *store, Err *err) {
    AUTO(buf_free) Buf sql = buf_new(64 * 1024);
    schema_index_sql(&sql, "record");
    return db_run(store->writer->db, sql.at ? sql.at : "", err);
}

static Status sqlite_fill(SqliteStore *store, bool must_exist, Err *err) {
    DbOptions options = {
        .mode = DB_WRITE, .sync = DB_SYNC_FULL, .must_exist = must_exist, .cache_kib = WRITER_CACHE_KIB};
    TRY(lock_take(store, err));
    TRY(connection_open(&store->writer, store->path, &options, err));
    return indexes_make(store, err);
}

static SqliteStore *sqlite_new(const char *path, DbMode reading) {
    Arena *arena = arena_open();
    SqliteStore *store = ARENA_NEW(arena, SqliteStore);
    store->base.verbs = &sqlite_verbs;
    store->arena = arena;
    store->path = str_cstr(arena, str_of(path));
    store->reading = reading;
    store->lock_fd = -1;
    pthread_mutex_init(&store->writing, NULL);
    pthread_mutex_init(&store->mutex, NULL);
    return store;
}

static Status copy_check(SqliteStore *store, Err *err) {
    const DbOptions options = {.mode = DB_IMMUTABLE};
    AUTO(db_close_auto) Db *db = NULL;
    int64_t version = 0;
    TRY(db_open(&db, store->path, &options, err));
    TRY(db_check_full(db, err));
    TRY(db_user_version(db, &version, err));
    if (version == (int64_t)COUNT(migrations)) return OK;
    return err_set(err, E_VERSION, "%s has version %" PRId64 ", this program makes version %zu", store->path,
                   version, COUNT(migrations));
}

Status sqlite_open_copy(Store **out, const char *path, Err *err) {
    SqliteStore *store = sqlite_new(path, DB_IMMUTABLE);
    Status status = copy_check(store, err);
    if (status != OK)
        sqlite_close(&store->base);
    else
        *out = &store->base;
    return status;
}

static Status sqlite_open(Store **out, const char *path, bool must_exist, Err *err) {
    SqliteStore *store = sqlite_new(path, DB_READ);
    Status status = sqlite_fill(store, must_exist, err);
    if (status != OK) {
        sqlite_close(&store->base);
        return status;
    }
    *out = &store->base;
    return OK;
}

static Status sqlite_store_open(Store **out, const char *path, Err *err) {
    if (!file_exists(path))
        return err_set(err, E_NOTFOUND, "there is no store %s: make one with syncd init", path);
    return sqlite_open(out, path, true, err);
}

static Status sqlite_store_create(Store **out, const char *path, Err *err) {
    if (file_exists(path)) return err_set(err, E_EXISTS, "%s exists already and is left as it is", path);
    return sqlite_open(out, path, false, err);
}

static Status sqlite_store_discard(const char *path, Err *err) {
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(endings); i++) {
        const char *name = str_print(arena, "%s%s", path, endings[i]).at;
        if (unlink(name) != 0 && errno != ENOENT) return err_from_errno(err, errno, "cannot remove %s", name);
    }
    return OK;
}

const StoreDriver store_driver_sqlite = {
    .open = sqlite_store_open, .create = sqlite_store_create, .discard = sqlite_store_discard};
