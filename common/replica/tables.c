#include "common/replica/tables.h"

#include "common/base/file.h"
#include "common/base/rng.h"
#include "common/schema/schema.h"

#include <unistd.h>

static const Migration replica_migrations[] = {
    {.sql =
         "CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"
         "CREATE TABLE record(kind TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, seq INTEGER NOT "
         "NULL,"
         " hash TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY(kind, id)) STRICT;"
         "CREATE INDEX record_scope ON record(scope);"
         /* the number of a line in the feed is its rowid: what is staged is read in the hub's order for
            nothing */
         "CREATE TABLE staged(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT "
         "NULL,"
         " hash TEXT, doc TEXT, UNIQUE(kind, id, scope)) STRICT;"
         "CREATE TABLE cursor(scope TEXT PRIMARY KEY, seq INTEGER NOT NULL, head0 INTEGER, wanted INTEGER "
         "NOT NULL,"
         " applied INTEGER NOT NULL DEFAULT 0, count INTEGER NOT NULL, sum TEXT NOT NULL,"
         " failures INTEGER NOT NULL DEFAULT 0, retry_at INTEGER, fault TEXT) STRICT;"
         "CREATE TABLE kind_count(kind TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
         "CREATE TABLE op_state(id TEXT PRIMARY KEY, pos INTEGER NOT NULL, incarnation TEXT, n INTEGER "
         "UNIQUE, prev TEXT,"
         " verdict TEXT, epoch TEXT, durable INTEGER NOT NULL DEFAULT 0, fault TEXT) STRICT;"
         "CREATE TABLE pairing(one INTEGER PRIMARY KEY CHECK(one = 1), code TEXT, uri TEXT, state TEXT) "
         "STRICT;"
         "CREATE TABLE answer(request INTEGER PRIMARY KEY, state TEXT NOT NULL, text TEXT) STRICT;"
         "CREATE TABLE blob(sha256 TEXT PRIMARY KEY, here INTEGER NOT NULL, tried INTEGER NOT NULL DEFAULT 0)"
         " STRICT, WITHOUT ROWID;"},
    /* when a code ends; how the link went, for the technician */
    {.sql = "ALTER TABLE pairing ADD COLUMN expires INTEGER;"
            "CREATE TABLE link(n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, text TEXT NOT NULL) "
            "STRICT;"},
    /* the hub's time when it was first heard of after the op had become durable */
    {.sql = "ALTER TABLE op_state ADD COLUMN durable_at INTEGER;"},
};

static const Migration outbox_migrations[] = {
    {.sql = "CREATE TABLE op(pos INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body TEXT NOT "
            "NULL) STRICT;"
            "CREATE TABLE request(id INTEGER PRIMARY KEY AUTOINCREMENT, verb TEXT NOT NULL, args TEXT NOT "
            "NULL) STRICT;"
            "CREATE TABLE health(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
            "CREATE TABLE lock(person TEXT PRIMARY KEY, failures INTEGER NOT NULL, until INTEGER NOT NULL) "
            "STRICT;"},
    {.sql = "CREATE TABLE told(id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"},
};

enum { VIEWS_SQL_MAX = 1024 * 1024 };

/* Views and hot indexes come from kinds.def and change with the program, not with the file's version. */
static Status drop_generated(Db *db, Arena *arena, Err *err) {
    AUTO(stmt_close_auto) Stmt *names = NULL;
    AUTO(buf_free) Buf sql = buf_new(VIEWS_SQL_MAX);
    TRY(stmt_open(&names, db,
                  "SELECT type, name FROM sqlite_schema WHERE type = 'view' OR (type = 'index' AND tbl_name "
                  "= 'record' AND sql"
                  " IS NOT NULL AND name <> 'record_scope')",
                  err));
    for (bool row = true; row;) {
        TRY(stmt_step(names, &row, err));
        if (row)
            buf_print(&sql, "DROP %.*s \"%.*s\";", STR_FORMAT(stmt_text(names, 0)),
                      STR_FORMAT(stmt_text(names, 1)));
    }
    stmt_reset(names);
    return db_run(db, str_cstr(arena, buf_str(&sql)), err);
}

/* What ANALYZE would find in a large replica. Statistics are read when a file is opened, and a kiosk opens it
 * while it is still empty: without these it would scan until the next start (a measured fact: FACTS, SQLite).
 */
static Status seed_statistics(Db *db, Err *err) {
    return db_run(db,
                  "ANALYZE;"
                  "DELETE FROM sqlite_stat1 WHERE tbl = 'record';"
                  "INSERT INTO sqlite_stat1(tbl, idx, stat) SELECT 'record', name, CASE"
                  "  WHEN name = 'record_scope' THEN '100000 5000'"
                  "  WHEN name LIKE 'sqlite_autoindex%' THEN '100000 4000 1'"
                  "  ELSE '4000 20 1' END FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'record';",
                  err);
}

static Status make_generated(Db *db, Arena *arena, Str sql, Err *err) {
    AUTO(stmt_close_auto) Stmt *set = NULL;
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_begin(&tx, db, err));
    TRY(drop_generated(db, arena, err));
    TRY(db_run(db, str_cstr(arena, sql), err));
    TRY(seed_statistics(db, err));
    TRY(stmt_open(&set, db, "INSERT OR REPLACE INTO meta(key, value) VALUES('generated', ?1)", err));
    stmt_bind_int(set, 1, (int64_t)(str_hash(sql) >> 1));
    TRY(stmt_run(set, err));
    return tx_commit(tx, err);
}

static Status generated_hash(Db *db, int64_t *out, Err *err) {
    Status status = db_ask_int(db, "SELECT value FROM meta WHERE key = 'generated'", out, err);
    if (status != E_NOTFOUND) return status;
    *out = -1;
    return OK;
}

Status tables_make(Db *db, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf sql = buf_new(VIEWS_SQL_MAX);
    TRY(db_migrate(db, replica_migrations, COUNT(replica_migrations), err));
    schema_index_sql(&sql, "record");
    schema_all_views_sql(&sql, "record");
    if (sql.over) return err_set(err, E_INTERNAL, "the views of all kinds are too long");
    int64_t stored = 0;
    TRY(generated_hash(db, &stored, err));
    if (stored == (int64_t)(str_hash(buf_str(&sql)) >> 1)) return OK;
    return make_generated(db, arena, buf_str(&sql), err);
}

Status outbox_tables_make(Db *db, Err *err) {
    return db_migrate(db, outbox_migrations, COUNT(outbox_migrations), err);
}

Status replica_file_open(Db **out, const char *path, int cache_kib, Err *err) {
    DbOptions options = {.mode = DB_READ, .cache_kib = cache_kib};
    Status status = db_open(out, path, &options, err);
    if (status == OK || status == E_CORRUPT || !file_exists(path) || db_has_wal(path)) return status;
    if (access(path, R_OK) != 0 || access(path, W_OK) == 0) return status;
    options.mode = DB_IMMUTABLE;
    return db_open(out, path, &options, err);
}
