#include <errno.h>

#include "common/db/handle.h"

#ifdef __clang_analyzer__
#undef db_error
#undef db_error_in
#endif

static Status status_cannot_open(int errno_value) {
    if (errno_value == ENOENT) return E_NOTFOUND;
    if (errno_value == EACCES || errno_value == EROFS || errno_value == EPERM) return E_READONLY;
    return E_IO;
}

static Status status_of_constraint(int extended) {
    bool unique = extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                  extended == SQLITE_CONSTRAINT_ROWID;
    return unique ? E_EXISTS : E_INVALID;
}

static Status status_of_io(int extended, int errno_value) {
    if (extended == SQLITE_IOERR_CORRUPTFS) return E_CORRUPT;
    if (errno_value == ENOSPC || errno_value == EDQUOT) return E_FULL;
    return errno_value == EROFS ? E_READONLY : E_IO;
}

static Status status_of(int extended, int errno_value) {
    static const struct {
        int result;
        Status status;
    } rows[] = {
        {SQLITE_FULL, E_FULL},     {SQLITE_READONLY, E_READONLY}, {SQLITE_PERM, E_READONLY},
        {SQLITE_AUTH, E_READONLY}, {SQLITE_CORRUPT, E_CORRUPT},   {SQLITE_NOTADB, E_CORRUPT},
        {SQLITE_BUSY, E_BUSY},     {SQLITE_LOCKED, E_BUSY},       {SQLITE_INTERRUPT, E_BUSY},
        {SQLITE_TOOBIG, E_TOOBIG}, {SQLITE_NOMEM, E_LIMIT},
    };
    int result = extended & 0xFF;
    if (result == SQLITE_CANTOPEN) return status_cannot_open(errno_value);
    if (result == SQLITE_CONSTRAINT) return status_of_constraint(extended);
    if (result == SQLITE_IOERR) return status_of_io(extended, errno_value);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].result == result) return rows[i].status;
    return E_INTERNAL;
}

static const char *message_of(Db *db, int extended) {
    return extended == (sqlite3_extended_errcode(db->sqlite)) ? sqlite3_errmsg(db->sqlite)
                                                              : sqlite3_errstr(extended);
}

/* The connection knows more than the result says, unless it speaks of something else. */
static int extended_of(Db *db, int result) {
    int extended = sqlite3_extended_errcode(db->sqlite);
    return (extended & 0xFF) == (result & 0xFF) ? extended : result;
}

Status db_error(Db *db, int result, const char *what, Err *err) {
    int extended = extended_of(db, result);
    Status status = status_of(extended, sqlite3_system_errno(db->sqlite));
    return err_set(err, status, "%s: %s: %s", db->path, what, message_of(db, extended));
}

Status db_error_in(Db *db, int result, const char *sql, Err *err) {
    int extended = extended_of(db, result);
    Status status = status_of(extended, sqlite3_system_errno(db->sqlite));
    if (status != E_INTERNAL) return err_set(err, status, "%s: %s", db->path, message_of(db, extended));
    return err_set(err, status, "%s: %s, in: %.200s", db->path, message_of(db, extended), sql);
}
