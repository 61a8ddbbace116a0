/* SQLite: one open file, its statements, transactions and migrations. The only home of sqlite3.h besides the
 * hub's store.
 *
 * A Db belongs to one thread at a time. One connection writes and checkpoints a file, every other reads it
 * and never checkpoints (ARCHITECTURE, One writer per file). What SQLite answers becomes a Status: E_FULL,
 * E_READONLY, E_IO, E_CORRUPT (also: not a database), E_BUSY, E_NOTFOUND (no such file), E_EXISTS (unique or
 * primary key), E_INVALID (another constraint), E_TOOBIG, E_INTERNAL (the SQL is wrong). After any of them
 * the Db can be used on. */
#pragma once

#include "common/base/str.h"

typedef struct Db Db;
typedef struct Stmt Stmt;
typedef struct StmtTable StmtTable;
typedef struct Tx Tx;

typedef enum DbMode {
    DB_WRITE, /* read and write, made (0600) where it is not; WAL, secure_delete; the one that checkpoints */
    DB_READ,  /* read-only; E_NOTFOUND where there is no file; never checkpoints, not on close either */
    DB_IMMUTABLE, /* as it lies there, without locks or -wal: only for a disk that nobody can write */
    DB_MEMORY     /* path is only a name for messages */
} DbMode;

typedef enum DbSync {
    DB_SYNC_FULL,  /* a commit is on the disk before it returns */
    DB_SYNC_NORMAL /* a power cut may take back the last commits, never spoil the file */
} DbSync;

typedef struct DbOptions {
    DbMode mode;
    DbSync sync;         /* DB_WRITE */
    bool must_exist;     /* DB_WRITE: E_NOTFOUND where there is no file */
    int busy_timeout_ms; /* how long to wait for a lock; 0 = DB_BUSY_TIMEOUT_MS */
    int cache_kib;       /* 0 = SQLite's own */
    int wal_limit_kib;   /* DB_WRITE: the -wal is cut to this after a checkpoint; 0 = DB_WAL_LIMIT_KIB */
} DbOptions;

enum { DB_BUSY_TIMEOUT_MS = 5000, DB_WAL_LIMIT_KIB = 4096 };

/* Looks into the file: E_CORRUPT comes here, not later. */
CHECKED Status db_open(Db **out, const char *path, const DbOptions *options, Err *err);
void db_close(Db *db); /* NULL is fine; every statement and transaction of it must be closed before */
void db_close_auto(Db **db);
const char *db_path(const Db *db);
bool db_has_wal(const char *path); /* a -wal with something in it lies beside the file */

/* ---- statements ---- */

/* One statement, kept until stmt_close. sql must be text of the program, never put together from outside
 * input. */
CHECKED Status stmt_open(Stmt **out, Db *db, const char *sql, Err *err);
void stmt_close(Stmt *stmt); /* NULL is fine */
void stmt_close_auto(Stmt **stmt);

/* Parameters count from 1, columns from 0; an index that is not there is a bug. Texts and blobs are borrowed
 * until stmt_reset; an absent Str binds NULL. */
void stmt_bind_int(Stmt *stmt, int parameter, int64_t value);
void stmt_bind_text(Stmt *stmt, int parameter, Str value);
void stmt_bind_blob(Stmt *stmt, int parameter, const void *bytes, size_t count);
void stmt_bind_null(Stmt *stmt, int parameter);

/* *row = whether there is a row to read. */
CHECKED Status stmt_step(Stmt *stmt, bool *row, Err *err);
/* Steps to the end, whatever rows come, and resets, also when it fails. */
CHECKED Status stmt_run(Stmt *stmt, Err *err);

/* Of the row stmt_step stands on. Texts and blobs are borrowed until the next step or reset; NULL is absent,
 * and 0. */
int64_t stmt_int(Stmt *stmt, int column);
double stmt_real(Stmt *stmt, int column);
Str stmt_text(Stmt *stmt, int column);
Str stmt_blob(Stmt *stmt, int column);
bool stmt_is_null(Stmt *stmt, int column);
int stmt_columns(const Stmt *stmt);
int stmt_parameters(const Stmt *stmt);

/* Ready to be bound and stepped anew; forgets what was bound. A statement left on a row keeps its snapshot
 * open, so: AUTO(stmt_reset_auto) Stmt *stmt = stmt_at(table, STMT_EVENTS); */
void stmt_reset(Stmt *stmt);
void stmt_reset_auto(Stmt **stmt); /* NULL is fine */

/* Statements prepared once, from a .def:
 *     #define STATEMENTS(X) X(get, "SELECT …") X(put, "INSERT …")
 *     enum { STATEMENTS(STMT_NAME) };  static const StmtRow rows[] = {STATEMENTS(STMT_ROW)};
 * with STMT_NAME(name, sql) → STMT_name. */
typedef struct StmtRow {
    const char *name, *sql;
} StmtRow;
#define STMT_NAME(name, sql) STMT_##name,
#define STMT_ROW(name, sql) {#name, sql},

CHECKED Status stmt_table_open(StmtTable **out, Db *db, const StmtRow *rows, size_t count, Err *err);
void stmt_table_close(StmtTable *table); /* NULL is fine */
void stmt_table_close_auto(StmtTable **table);
Stmt *stmt_at(StmtTable *table, size_t index); /* reset; borrowed; not two uses of one at a time */

/* SQL that is run once: schema, pragmas, ATTACH. Several statements are allowed. */
CHECKED Status db_run(Db *db, const char *sql, Err *err);
/* The first column of the only row; E_NOTFOUND without a row. */
CHECKED Status db_ask_int(Db *db, const char *sql, int64_t *out, Err *err);

/* ---- transactions ---- */

/* AUTO(tx_end) Tx *tx = NULL; TRY(tx_begin(&tx, db, err)); …; return tx_commit(tx, err);
 * Leaving the scope without a commit rolls back. */
CHECKED Status tx_begin(Tx **out, Db *db, Err *err);      /* to write: takes the lock now */
CHECKED Status tx_begin_read(Tx **out, Db *db, Err *err); /* one snapshot, taken now */
CHECKED Status tx_savepoint(Tx **out, Db *db, Err *err);  /* inside another transaction */
CHECKED Status tx_commit(Tx *tx, Err *err);
void tx_end(Tx **tx); /* rolls back what was not committed; NULL is fine */
bool db_in_tx(const Db *db);

/* ---- the file ---- */

/* Migration i brings user_version from i to i+1, each in a transaction of its own; forward only. A file newer
 * than the list is E_VERSION and left as it is. One of the two members is set. */
typedef struct Migration {
    const char *sql;
    Status (*run)(Db *db, Err *err); /* inside the transaction */
} Migration;
CHECKED Status db_migrate(Db *db, const Migration *migrations, size_t count, Err *err);
CHECKED Status db_user_version(Db *db, int64_t *out, Err *err);

/* Differs from the last time when another connection has committed in between (about 2 µs). */
CHECKED Status db_data_version(Db *db, int64_t *out, Err *err);

CHECKED Status db_check_quick(Db *db, Err *err); /* PRAGMA quick_check: E_CORRUPT with its first line */
CHECKED Status db_check_full(Db *db, Err *err);  /* integrity_check: indexes too */

/* Another file under a name in this connection, read-only (DB_READ, DB_IMMUTABLE) or a new in-memory one
 * (DB_MEMORY). Not inside a transaction. */
CHECKED Status db_attach(Db *db, const char *path, const char *name, DbMode mode, Err *err);
CHECKED Status db_detach(Db *db, const char *name, Err *err);

/* Moves the whole -wal into the file and cuts it to nothing (after personal kinds were erased: no trace is
 * left in it). E_BUSY, at once, while a reader still needs it. DB_WRITE only. */
CHECKED Status db_checkpoint_truncate(Db *db, Err *err);

/* A consistent copy as of now into a new file (E_EXISTS where there is one), on the disk when it returns. */
CHECKED Status db_backup(Db *db, const char *to_path, Err *err);

int64_t db_changes(const Db *db); /* rows changed by the last INSERT, UPDATE or DELETE */
int64_t db_last_rowid(const Db *db);

/* ---- for tests ---- */

/* EXPLAIN QUERY PLAN, a line each. */
CHECKED Status stmt_plan(Stmt *stmt, Arena *arena, Str *out, Err *err);
/* E_INVALID, with the line, where the plan goes through the whole of a table that is not in may_scan. */
CHECKED Status stmt_check_scans(Stmt *stmt, const char *const *may_scan, size_t count, Err *err);
