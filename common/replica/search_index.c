/* search.db: opening, and getting over whatever is wrong with it. */
#include "common/replica/search_inside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MENDS_MAX = 5, INDEX_CACHE_KIB = 1024, LOCK_WAIT_MS = 5 };

static const StmtRow index_rows[] = {SEARCH_STATEMENTS(STMT_ROW)};

static void tell(Search *search, const Err *err) {
    search->status = err->status;
    snprintf(search->text, sizeof(search->text), "%s", err->text);
}

void search_index_close(Search *search) {
    tx_end(&search->tx);
    stmt_table_close(search->statements);
    db_close(search->db);
    search->statements = NULL;
    search->db = NULL;
}

void search_start_over(Search *search) {
    for (size_t i = 0; i < search_kind_count; i++) search->dirty |= SEARCH_BIT(search_kinds[i].kind);
    search->sweeping = K_unknown;
    search->names_known = false;
    search->merging = false;
    search->merge_all = false;
    search->generation++;
}

static Status read_format(Db *db, int64_t *out, Err *err) {
    int64_t tables = 0;
    TRY(db_ask_int(db, "SELECT count(*) FROM sqlite_schema", &tables, err));
    *out = -1;
    if (tables == 0) return OK;
    Status status = db_ask_int(db, "SELECT value FROM meta WHERE key = 'format'", out, err);
    if (status == OK && *out == (int64_t)search_format()) return OK;
    return err_set(err, E_CORRUPT, "%s is an index of another version", db_path(db));
}

static Status make_tables(Db *db, Err *err) {
    AUTO(stmt_close_auto) Stmt *set = NULL;
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_begin(&tx, db, err));
    TRY(db_run(db, SEARCH_TABLES, err));
    TRY(db_run(db, SEARCH_SETTINGS, err));
    TRY(stmt_open(&set, db, "INSERT INTO meta(key, value) VALUES('format', ?1)", err));
    stmt_bind_int(set, 1, (int64_t)search_format());
    TRY(stmt_run(set, err));
    return tx_commit(tx, err);
}

/* Finds out now, not later, whether the file can be written. */
static Status try_to_write(Db *db, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_begin(&tx, db, err));
    TRY(db_run(db, "INSERT OR REPLACE INTO meta(key, value) VALUES('opened', 1)", err));
    return tx_commit(tx, err);
}

/* Nobody else may use the file meanwhile, so it needs no shared memory. Small checkpoints: none may hold up a
 * frame. */
static Status set_up(Search *search, Err *err) {
    int64_t format = -1;
    TRY(db_run(search->db, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA wal_autocheckpoint=200;", err));
    TRY(read_format(search->db, &format, err));
    if (format == -1) TRY(make_tables(search->db, err));
    TRY(try_to_write(search->db, err));
    return stmt_table_open(&search->statements, search->db, index_rows, COUNT(index_rows), err);
}

static Status open_index(Search *search, DbMode mode, Err *err) {
    DbOptions options = {
        .mode = mode, .sync = DB_SYNC_NORMAL, .cache_kib = INDEX_CACHE_KIB, .busy_timeout_ms = LOCK_WAIT_MS};
    search->in_memory = mode == DB_MEMORY;
    Status status = db_open(&search->db, search->path, &options, err);
    if (status == OK) status = set_up(search, err);
    if (status != OK) search_index_close(search);
    return status;
}

static void throw_away(const Search *search) {
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT(tails); i++) {
        AUTO(buf_free) Buf path = buf_new(strlen(search->path) + 8);
        buf_print(&path, "%s%s", search->path, tails[i]);
        unlink(path.at); /* where it cannot be, the next opening says so */
    }
}

static bool is_damage(Status status) {
    return status == E_CORRUPT || status == E_INTERNAL || status == E_INVALID || status == E_EXISTS ||
           status == E_NOTFOUND;
}

static void open_in_memory(Search *search) {
    Err err = {0};
    if (open_index(search, DB_MEMORY, &err) != OK) tell(search, &err);
}

static void open_anew(Search *search) {
    Err err = {0};
    throw_away(search);
    if (open_index(search, DB_WRITE, &err) == OK) return;
    tell(search, &err);
    open_in_memory(search);
}

void search_index_open(Search *search) {
    Err err = {0};
    search_start_over(search);
    if (open_index(search, DB_WRITE, &err) == OK) return;
    search_index_failed(search, &err);
}

void search_index_failed(Search *search, const Err *err) {
    tell(search, err);
    search_index_close(search);
    search_start_over(search);
    if (++search->failures > MENDS_MAX) return; /* nothing holds: nothing is found until the next start */
    if (is_damage(err->status) && !search->in_memory)
        open_anew(search);
    else
        open_in_memory(search);
}
