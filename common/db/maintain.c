/* Versions, checks, attaching, checkpoints, copies. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/db/handle.h"

Status db_user_version(Db *db, int64_t *out, Err *err) {
    return db_ask_int(db, "PRAGMA user_version", out, err);
}

static Status migrate_one(Db *db, const Migration *migration, size_t to_version, Err *err) {
    char sql[64];
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_begin(&tx, db, err));
    TRY(migration->run ? migration->run(db, err) : db_run(db, migration->sql, err));
    snprintf(sql, sizeof(sql), "PRAGMA user_version=%zu", to_version);
    TRY(db_run(db, sql, err));
    return tx_commit(tx, err);
}

Status db_migrate(Db *db, const Migration *migrations, size_t count, Err *err) {
    int64_t version;
    TRY(db_user_version(db, &version, err));
    if (version < 0 || (uint64_t)version > count)
        return err_set(err, E_VERSION, "%s has version %lld, this program knows up to %zu: it is too old",
                       db->path, (long long)version, count);
    for (size_t i = (size_t)version; i < count; i++) {
        Status status = migrate_one(db, &migrations[i], i + 1, err);
        if (status != OK) return err_wrap(err, status, "migration to version %zu", i + 1);
    }
    return OK;
}

static Status check_with(Db *db, const char *pragma, Err *err) {
    bool row;
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    TRY(stmt_open(&stmt, db, pragma, err));
    TRY(stmt_step(stmt, &row, err));
    Str line = row ? stmt_text(stmt, 0) : STR("no answer");
    if (str_is(line, "ok")) return OK;
    return err_set(err, E_CORRUPT, "%s: %.*s", db->path, STR_FORMAT(line));
}

Status db_check_quick(Db *db, Err *err) {
    return check_with(db, "PRAGMA quick_check(1)", err);
}

Status db_check_full(Db *db, Err *err) {
    return check_with(db, "PRAGMA integrity_check(1)", err);
}

static const char *attached_file(Arena *arena, const char *path, DbMode mode) {
    if (mode == DB_MEMORY) return ":memory:";
    return db_uri(arena, path, mode == DB_IMMUTABLE ? "?mode=ro&immutable=1" : "?mode=ro");
}

Status db_attach(Db *db, const char *path, const char *name, DbMode mode, Err *err) {
    assert(mode != DB_WRITE);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    TRY(stmt_open(&stmt, db, "ATTACH ?1 AS ?2", err));
    stmt_bind_text(stmt, 1, str_of(attached_file(arena, path, mode)));
    stmt_bind_text(stmt, 2, str_of(name));
    Status status = stmt_run(stmt, err);
    return status == OK ? OK : err_wrap(err, status, "cannot attach %s", path);
}

Status db_detach(Db *db, const char *name, Err *err) {
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    TRY(stmt_open(&stmt, db, "DETACH ?1", err));
    stmt_bind_text(stmt, 1, str_of(name));
    return stmt_run(stmt, err);
}

Status db_checkpoint_truncate(Db *db, Err *err) {
    assert(db->mode == DB_WRITE);
    sqlite3_busy_timeout(db->sqlite, 0); /* a reader may stay for as long as it likes: nobody waits for it */
    int result = sqlite3_wal_checkpoint_v2(db->sqlite, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(db->sqlite, db->busy_timeout_ms);
    return result == SQLITE_OK ? OK : db_error(db, result, "cannot empty the -wal", err);
}

/* All pages in one step: from one snapshot, and a writer is never waited for. */
static Status copy_pages(Db *to, Db *from, Err *err) {
    sqlite3_backup *copy = sqlite3_backup_init(to->sqlite, "main", from->sqlite, "main");
    if (!copy) return db_error(to, SQLITE_ERROR, "cannot begin a copy", err);
    int step = sqlite3_backup_step(copy, -1);
    int result = sqlite3_backup_finish(copy);
    if (step == SQLITE_DONE) return OK;
    return db_error(to, result == SQLITE_OK ? step : result, "cannot copy", err);
}

static Status copy_into(const char *path, Db *from, Err *err) {
    const DbOptions options = {.mode = DB_WRITE, .sync = DB_SYNC_FULL, .must_exist = true};
    AUTO(db_close_auto) Db *to = NULL;
    TRY(db_open(&to, path, &options, err));
    TRY(copy_pages(to, from, err));
    return db_run(to, "PRAGMA journal_mode=DELETE", err); /* one file, nothing beside it */
}

static Status make_new(const char *path, Err *err) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return err_from_errno(err, errno, "cannot make %s", path);
    close(descriptor);
    return OK;
}

Status db_backup(Db *db, const char *to_path, Err *err) {
    TRY(make_new(to_path, err));
    Status status = copy_into(to_path, db, err);
    if (status != OK) unlink(to_path);
    return status;
}

int64_t db_changes(const Db *db) {
    return sqlite3_changes64(db->sqlite);
}

int64_t db_last_rowid(const Db *db) {
    return sqlite3_last_insert_rowid(db->sqlite);
}
