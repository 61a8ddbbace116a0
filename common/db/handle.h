/* What the files of this folder share. */
#pragma once

#include <sqlite3.h>

#include "common/db/db.h"

struct Db {
    sqlite3 *sqlite;
    char *path;
    DbMode mode;
    int busy_timeout_ms;
    int open_tx;        /* transactions and savepoints one inside the other */
    Stmt *data_version; /* made at the first question */
};

struct Stmt {
    sqlite3_stmt *sqlite;
    Db *db;
};

/* `result` as SQLite left it in the connection; what: "cannot begin a transaction". */
Status db_error(Db *db, int result, const char *what, Err *err);

/* The same of a statement, which is named only where it is to blame. */
Status db_error_in(Db *db, int result, const char *sql, Err *err);

#ifdef __clang_analyzer__ /* as in err.h */
#define db_error(...) ((void)db_error(__VA_ARGS__), E_IO)
#define db_error_in(...) ((void)db_error_in(__VA_ARGS__), E_IO)
#endif

/* path as a file: URI with the query behind it, in the arena. */
const char *db_uri(Arena *arena, const char *path, const char *query);
