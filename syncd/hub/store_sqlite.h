/* What the files of the SQLite store share. */
#pragma once

#include "common/db/db.h"
#include "syncd/hub/store.h"
#include "syncd/hub/store_sqlite.def"

#include <pthread.h>

enum { SQL_ENUM_STARTS = -1, STORE_SQL(STMT_NAME) STORE_SQL_COUNT };
enum { KIND_FIELDS_MAX = 64 };

/* A file handle with its statements: one writes, the others read. */
typedef struct Connection Connection;
struct Connection {
    Connection *next;
    Db *db;
    StmtTable *table;
    Stmt *by_field[KIND_COUNT][KIND_FIELDS_MAX]; /* made when first asked for */
};

typedef struct SqliteStore {
    Store base;
    Arena *arena;
    const char *path;
    DbMode reading; /* of its readers */
    int lock_fd;
    pthread_mutex_t writing; /* held for as long as the writing transaction lives */
    Connection *writer;
    pthread_mutex_t mutex; /* of idle */
    Connection *idle;      /* readers */
} SqliteStore;

/* A scope that the transaction has touched: its sum is written once, at commit. */
typedef struct Touched Touched;
struct Touched {
    Touched *next;
    Str scope;
    Sum sum;
};

typedef struct SqliteTx {
    StoreTx base;
    SqliteStore *store;
    Connection *connection;
    Arena *arena;
    Tx *tx;
    StoreMode mode;
    int64_t head;
    Touched *touched;
} SqliteTx;

#define SQL(tx, name) stmt_at(((SqliteTx *)(tx))->connection->table, STMT_##name)
#define AUTO_STMT AUTO(stmt_reset_auto) Stmt *

/* store_sqlite.c */
CHECKED Status sqlite_meta_get(StoreTx *tx, const char *name, Arena *arena, Str *out, Err *err);
CHECKED Status sqlite_meta_put(StoreTx *tx, const char *name, Str value, Err *err);

/* store_sqlite_records.c */
extern const RecordsVerbs sqlite_records_verbs;
CHECKED Status sqlite_record_get(StoreTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out, Err *err);
CHECKED Status sqlite_record_list(StoreTx *tx, const StoreList *list, Arena *arena, StoreRecord **out,
                                  size_t *count, Err *err);
CHECKED Status sqlite_sums_flush(SqliteTx *tx, Err *err);

/* store_sqlite_feed.c */
CHECKED Status sqlite_feed(StoreTx *tx, const FeedWant *wants, size_t count, size_t limit,
                           const FeedSink *sink, Err *err);
CHECKED Status sqlite_scope_sum(StoreTx *tx, Str scope, Sum *out, Err *err);
CHECKED Status sqlite_scope_recount(StoreTx *tx, Str scope, Sum *out, Err *err);
CHECKED Status sqlite_scope_list(StoreTx *tx, Arena *arena, ScopeList *out, Err *err);
CHECKED Status sqlite_floor_get(StoreTx *tx, Str scope, int64_t *out, Err *err);
CHECKED Status sqlite_left_purge(StoreTx *tx, Str scope, int64_t floor, Err *err);
CHECKED Status sqlite_left_newest(StoreTx *tx, Str scope, int64_t upto, int64_t *out, Err *err);

/* store_sqlite_ops.c */
CHECKED Status sqlite_op_find(StoreTx *tx, Str id, Arena *arena, Str *code, Err *err);
CHECKED Status sqlite_op_number(StoreTx *tx, Str device, Str incarnation, int64_t n, Arena *arena, Str *id,
                                Err *err);
CHECKED Status sqlite_op_take(StoreTx *tx, const StoreOp *op, Err *err);
CHECKED Status sqlite_op_forget(StoreTx *tx, const StoreKept *kept, Err *err);
CHECKED Status sqlite_op_list(StoreTx *tx, Str device, Str incarnation, size_t limit, Arena *arena,
                              StoreOp **out, size_t *count, Err *err);
CHECKED Status sqlite_counter_get(StoreTx *tx, Str device, Str incarnation, Arena *arena, StoreCounter *out,
                                  Err *err);
CHECKED Status sqlite_counter_put(StoreTx *tx, Str device, Str incarnation, const StoreCounter *counter,
                                  Err *err);

/* store_sqlite_acks.c */
CHECKED Status sqlite_counter_mark(StoreTx *tx, Str mark, Err *err);
CHECKED Status sqlite_counter_marked(StoreTx *tx, Str mark, size_t limit, Arena *arena, StoreMarked **out,
                                     size_t *count, Err *err);
CHECKED Status sqlite_ack_put(StoreTx *tx, const StoreAck *ack, Err *err);
CHECKED Status sqlite_ack_list(StoreTx *tx, Arena *arena, StoreAck **out, size_t *count, Err *err);

/* store_sqlite_tables.c */
CHECKED Status sqlite_token_find(StoreTx *tx, Str hash, Arena *arena, StoreToken *out, Err *err);
CHECKED Status sqlite_token_put(StoreTx *tx, const StoreToken *token, Err *err);
CHECKED Status sqlite_token_drop(StoreTx *tx, Str role, Str subject, Err *err);
CHECKED Status sqlite_token_revoke(StoreTx *tx, Str role, Str subject, Err *err);
CHECKED Status sqlite_code_find(StoreTx *tx, Str hash, Arena *arena, StoreCode *out, Err *err);
CHECKED Status sqlite_code_find_user(StoreTx *tx, Str user_code, Arena *arena, StoreCode *out, Err *err);
CHECKED Status sqlite_code_put(StoreTx *tx, const StoreCode *code, Err *err);
CHECKED Status sqlite_code_purge(StoreTx *tx, Millis expired_before, int64_t *left, Err *err);
CHECKED Status sqlite_salt_get(StoreTx *tx, Str org, Arena *arena, Str *salt, Err *err);
CHECKED Status sqlite_salt_put(StoreTx *tx, Str org, Str salt, Err *err);
CHECKED Status sqlite_note_get(StoreTx *tx, Str key, Arena *arena, Str *value, Err *err);
CHECKED Status sqlite_note_put(StoreTx *tx, Str key, Str value, Err *err);
CHECKED Status sqlite_status_put(StoreTx *tx, const StoreStatus *status, Err *err);
CHECKED Status sqlite_status_list(StoreTx *tx, Arena *arena, StoreStatus **out, size_t *count, Err *err);
CHECKED Status sqlite_audit_add(StoreTx *tx, const StoreAudit *audit, Err *err);
CHECKED Status sqlite_audit_list(StoreTx *tx, Millis since, size_t limit, Arena *arena, StoreAudit **out,
                                 size_t *count, Err *err);

/* Rows of unknown number into one array of an arena. */
typedef struct Rows {
    Arena *arena;
    char *at;
    size_t count, room, size;
} Rows;
void *rows_next(Rows *rows);
