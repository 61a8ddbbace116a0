#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/db/handle.h"

const char *db_uri(Arena *arena, const char *path, const char *query) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/";
    AUTO(buf_free) Buf uri = buf_new(strlen(path) * 3 + strlen(query) + sizeof("file:"));
    buf_add_cstr(&uri, "file:");
    for (const char *at = path; *at; at++) {
        if (strchr(plain, *at))
            buf_add_byte(&uri, *at);
        else
            buf_print(&uri, "%%%02X", (unsigned char)*at);
    }
    buf_add_cstr(&uri, query);
    return str_cstr(arena, buf_str(&uri));
}

bool db_has_wal(const char *path) {
    char *real = realpath(path, NULL); /* SQLite puts it beside what a link points to */
    AUTO(buf_free) Buf wal = buf_new(PATH_MAX + sizeof("-wal"));
    struct stat info;
    buf_print(&wal, "%s-wal", real ? real : path);
    free(real);
    return !wal.over && stat(wal.at, &info) == 0 && info.st_size > 0;
}

/* Made by us, so that nobody else may read it; the -wal takes its mode from it. */
static Status make_private(const char *path, Err *err) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return err_from_errno(err, errno, "cannot open %s", path);
    close(descriptor);
    return OK;
}

static Status open_file(Db *db, const DbOptions *options, Err *err) {
    static const char *const queries[] = {
        [DB_WRITE] = "?mode=rw",
        [DB_READ] = "?mode=ro",
        [DB_IMMUTABLE] = "?mode=ro&immutable=1",
        [DB_MEMORY] = "",
    };
    const bool in_memory = options->mode == DB_MEMORY;
    const bool writes = in_memory || options->mode == DB_WRITE;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (options->mode == DB_WRITE && !options->must_exist) TRY(make_private(db->path, err));
    const char *uri = in_memory ? ":memory:" : db_uri(arena, db->path, queries[options->mode]);
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    int result = sqlite3_open_v2(uri, &db->sqlite, flags, NULL);
    return result == SQLITE_OK ? OK : db_error(db, result, "cannot open", err);
}

static void harden(Db *db) {
    const bool writes = db->mode == DB_WRITE;
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* TRUSTED_SCHEMA stays on: SQLite 3.40 does not count ->> as innocuous, and the indexes of hot fields are
     * made of it. */
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, writes ? 0 : 1, NULL);
    if (!writes) sqlite3_wal_autocheckpoint(db->sqlite, 0);
}

/* The journal mode is asked for first: it reads the file, so a file that is none is found here. */
static Status set_pragmas(Db *db, const DbOptions *options, Err *err) {
    AUTO(buf_free) Buf sql = buf_new(1024);
    int wal_limit_kib = options->wal_limit_kib ? options->wal_limit_kib : DB_WAL_LIMIT_KIB;
    if (options->mode == DB_WRITE)
        buf_print(&sql, "PRAGMA journal_mode=WAL; PRAGMA synchronous=%s; PRAGMA journal_size_limit=%lld;",
                  options->sync == DB_SYNC_FULL ? "FULL" : "NORMAL", (long long)wal_limit_kib * 1024);
    else
        buf_add_cstr(&sql, "SELECT count(*) FROM (SELECT 1 FROM sqlite_schema LIMIT 1);");
    if (options->mode == DB_READ || options->mode == DB_IMMUTABLE)
        buf_add_cstr(&sql, "PRAGMA query_only=ON;");
    else
        buf_add_cstr(&sql, "PRAGMA secure_delete=ON;");
    buf_add_cstr(&sql, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;");
    if (options->cache_kib) buf_print(&sql, "PRAGMA cache_size=-%d;", options->cache_kib);
    return db_run(db, sql.at, err);
}

static Status set_up(Db *db, const DbOptions *options, Err *err) {
    TRY(open_file(db, options, err));
    harden(db);
    db->busy_timeout_ms = options->busy_timeout_ms ? options->busy_timeout_ms : DB_BUSY_TIMEOUT_MS;
    sqlite3_busy_timeout(db->sqlite, db->busy_timeout_ms);
    return set_pragmas(db, options, err);
}

Status db_open(Db **out, const char *path, const DbOptions *options, Err *err) {
    Db *db = memory_get(sizeof(*db));
    db->path = strdup(path);
    db->mode = options->mode;
    Status status = set_up(db, options, err);
    if (status == OK)
        *out = db;
    else
        db_close(db);
    return status;
}

void db_close(Db *db) {
    if (!db) return;
    stmt_close(db->data_version);
    int result = sqlite3_close(db->sqlite);
    if (result != SQLITE_OK) { /* a statement was left open: a bug, that must not also keep the file locked */
        fprintf(stderr, "%s: closed with open statements\n", db->path);
        abort();
    }
    free(db->path);
    free(db);
}

void db_close_auto(Db **db) {
    db_close(*db);
    *db = NULL;
}

const char *db_path(const Db *db) {
    return db->path;
}
