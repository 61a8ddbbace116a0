/* What the files of the PostgreSQL store share. The only home of libpq. */
#pragma once

#include "common/base/clock.h"
#include "syncd/hub/store_driver.h"
#include "syncd/hub/store_postgres.def"

#include <libpq-fe.h>
#include <pthread.h>

#define PG_NAME(name, sql) PG_##name,
enum { PG_SQL(PG_NAME) PG_SQL_COUNT };
enum { CALL_PARAMS_MAX = 8, STATEMENT_MS = 12 * SECOND_MS };

/* ---- store_postgres_link.c: one connection, its prepared statements, an own deadline on everything ----
 *
 * Always in pipeline mode. A write is only queued; the next read, or link_sync, sends what is queued, waits
 * for all of it and tells the first failure. A link whose server broke off or did not answer in time is
 * broken for good. */
typedef struct Link Link;
struct Link {
    Link *next; /* while it is idle */
    PGconn *connection;
    Millis deadline_ms; /* for one answer */
    int queued;         /* statements since the last sync */
    int syncs;          /* that were not answered yet */
    bool fresh;         /* was not used yet */
    bool broken;
    bool warned; /* the server has warned of something since this was cleared */
};

typedef struct Call {
    int count;
    const char *values[CALL_PARAMS_MAX];
    int lengths[CALL_PARAMS_MAX];
    int64_t numbers[CALL_PARAMS_MAX]; /* as they go over the wire */
} Call;

/* Parameters in their order; texts are borrowed until the call is made, an absent one is NULL. */
void call_text(Call *call, Str text);
void call_int(Call *call, int64_t number);
void call_bool(Call *call, bool truth);
void call_bytes(Call *call, const void *bytes, size_t count);
void call_texts(Call *call, Arena *arena, const Str *texts, size_t count);
void call_ints(Call *call, Arena *arena, const int64_t *numbers, size_t count);

CHECKED Status link_open(Link **out, const char *url,
                         Err *err);                /* E_BUSY where the server cannot be reached */
CHECKED Status link_prepare(Link *link, Err *err); /* all statements; the tables must be there */
void link_close(Link *link);                       /* NULL is fine */
void link_close_auto(Link **link);

/* NULL for a statement without parameters. */
CHECKED Status link_write(Link *link, int statement, const Call *call, Err *err);
CHECKED Status link_read(Link *link, int statement, const Call *call, PGresult **rows, Err *err);
CHECKED Status link_read_named(Link *link, const char *name, const Call *call, PGresult **rows, Err *err);
CHECKED Status link_rows(Link *link, PGresult **rows, Err *err); /* of what was sent by hand */
CHECKED Status link_sync(Link *link, Err *err);
/* Queued and sent, not waited for; what it answers is read by the next who waits. */
void link_send(Link *link, int statement);
CHECKED Status link_settle(Link *link, Err *err); /* waits for what was sent */
/* SQL that is run once; several statements are allowed, they are one transaction. */
CHECKED Status link_run(Link *link, const char *sql, Err *err);

void rows_clear_auto(PGresult **rows);
#define AUTO_ROWS AUTO(rows_clear_auto) PGresult *
int64_t row_int(const PGresult *rows, int row, int column);
bool row_bool(const PGresult *rows, int row, int column);
Str row_borrow(const PGresult *rows, int row, int column); /* until the rows are cleared; NULL is absent */
Str row_text(const PGresult *rows, int row, int column, Arena *arena);

/* ---- the store ---- */

/* The thread that tells other hub processes of commits, and is told of theirs. */
typedef struct PgWatch {
    StoreWatch to;
    pthread_t thread;
    int64_t seen; /* the head when it began */
    int wake_fd;  /* eventfd: this process has committed, or the thread is to end */
    bool running;
    _Atomic bool stopping;
} PgWatch;

typedef struct PgStore {
    Store base;
    Arena *arena;
    const char *url;
    pthread_mutex_t writing; /* held for as long as the writing transaction lives */
    Link *writer;            /* NULL until it is needed, and after it broke */
    pthread_mutex_t mutex;   /* of what follows */
    Link *idle;
    int idle_count;
    Millis down_until; /* steady: nobody tries again before */
    PgWatch watch;
} PgStore;

/* A scope that the transaction has touched: its sum is written once, at commit. */
typedef struct Touched Touched;
struct Touched {
    Touched *next;
    Str scope;
    Sum sum;
};

typedef struct Cached Cached;

typedef struct PgTx {
    StoreTx base;
    PgStore *store;
    Link *link;
    Arena *arena;
    StoreMode mode;
    int64_t head, head_before;
    Touched *touched;
    StoreOp *ops; /* taken and not sent yet */
    size_t op_count;
    Cached **cache; /* NULL before anything was read, and in a reader */
    bool done;      /* committed, or the commit was tried */
} PgTx;

static inline Link *link_of(StoreTx *tx) {
    return ((PgTx *)tx)->link;
}

/* store_postgres.c */
CHECKED Status pg_meta_get(StoreTx *tx, const char *name, Arena *arena, Str *out, Err *err);
CHECKED Status pg_meta_put(StoreTx *tx, const char *name, Str value, Err *err);

/* store_postgres_schema.c */
CHECKED Status pg_schema_open(Link *link, Err *err);   /* migrates; E_NOTFOUND, E_VERSION */
CHECKED Status pg_schema_create(Link *link, Err *err); /* E_EXISTS */
CHECKED Status pg_schema_drop(Link *link, Err *err);
const char *pg_field_statement(Kind kind, const FieldInfo *field, char *name, size_t size);
CHECKED Status pg_fields_prepare(Link *link, Err *err);

/* store_postgres_watch.c */
void pg_watch(Store *store, const StoreWatch *watch);
void pg_watch_commit(PgStore *store);

/* store_postgres_cache.c: *out without doc where there is known to be no such record */
bool pg_cache_get(PgTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out);
void pg_cache_put(PgTx *tx, const StoreRecord *record);
CHECKED Status pg_expect(StoreTx *tx, const StoreExpected *expected, Err *err);
/* Judged ops are cached beside the records, under a kind that no record has; doc is the verdict's code. */
#define PG_OP_KIND STR("")

/* store_postgres_records.c */
extern const RecordsVerbs pg_records_verbs;
CHECKED Status pg_record_get(StoreTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out, Err *err);
CHECKED Status pg_record_list(StoreTx *tx, const StoreList *list, Arena *arena, StoreRecord **out,
                              size_t *count, Err *err);
CHECKED Status pg_sums_flush(PgTx *tx, Err *err);
StoreRecord pg_record_of_row(const PGresult *rows, int row, Arena *arena);
Hash pg_hash(Str bytes);

/* store_postgres_feed.c */
CHECKED Status pg_feed(StoreTx *tx, const FeedWant *wants, size_t count, size_t limit, const FeedSink *sink,
                       Err *err);
CHECKED Status pg_scope_sum(StoreTx *tx, Str scope, Sum *out, Err *err);
CHECKED Status pg_scope_recount(StoreTx *tx, Str scope, Sum *out, Err *err);
CHECKED Status pg_scope_list(StoreTx *tx, Arena *arena, ScopeList *out, Err *err);
CHECKED Status pg_floor_get(StoreTx *tx, Str scope, int64_t *out, Err *err);
CHECKED Status pg_left_purge(StoreTx *tx, Str scope, int64_t floor, Err *err);
CHECKED Status pg_left_newest(StoreTx *tx, Str scope, int64_t upto, int64_t *out, Err *err);

/* store_postgres_ops.c */
CHECKED Status pg_ops_flush(PgTx *tx, Err *err);
CHECKED Status pg_op_find(StoreTx *tx, Str id, Arena *arena, Str *code, Err *err);
CHECKED Status pg_op_number(StoreTx *tx, Str device, Str incarnation, int64_t n, Arena *arena, Str *id,
                            Err *err);
CHECKED Status pg_op_take(StoreTx *tx, const StoreOp *op, Err *err);
CHECKED Status pg_op_forget(StoreTx *tx, const StoreKept *kept, Err *err);
CHECKED Status pg_op_list(StoreTx *tx, Str device, Str incarnation, size_t limit, Arena *arena, StoreOp **out,
                          size_t *count, Err *err);
CHECKED Status pg_counter_get(StoreTx *tx, Str device, Str incarnation, Arena *arena, StoreCounter *out,
                              Err *err);
CHECKED Status pg_counter_put(StoreTx *tx, Str device, Str incarnation, const StoreCounter *counter,
                              Err *err);

/* store_postgres_acks.c */
CHECKED Status pg_counter_mark(StoreTx *tx, Str mark, Err *err);
CHECKED Status pg_counter_marked(StoreTx *tx, Str mark, size_t limit, Arena *arena, StoreMarked **out,
                                 size_t *count, Err *err);
CHECKED Status pg_ack_put(StoreTx *tx, const StoreAck *ack, Err *err);
CHECKED Status pg_ack_list(StoreTx *tx, Arena *arena, StoreAck **out, size_t *count, Err *err);

/* store_postgres_tables.c */
CHECKED Status pg_token_find(StoreTx *tx, Str hash, Arena *arena, StoreToken *out, Err *err);
CHECKED Status pg_token_put(StoreTx *tx, const StoreToken *token, Err *err);
CHECKED Status pg_token_drop(StoreTx *tx, Str role, Str subject, Err *err);
CHECKED Status pg_token_revoke(StoreTx *tx, Str role, Str subject, Err *err);
CHECKED Status pg_code_find(StoreTx *tx, Str hash, Arena *arena, StoreCode *out, Err *err);
CHECKED Status pg_code_find_user(StoreTx *tx, Str user_code, Arena *arena, StoreCode *out, Err *err);
CHECKED Status pg_code_put(StoreTx *tx, const StoreCode *code, Err *err);
CHECKED Status pg_code_purge(StoreTx *tx, Millis expired_before, int64_t *left, Err *err);
CHECKED Status pg_salt_get(StoreTx *tx, Str org, Arena *arena, Str *salt, Err *err);
CHECKED Status pg_salt_put(StoreTx *tx, Str org, Str salt, Err *err);
CHECKED Status pg_note_get(StoreTx *tx, Str key, Arena *arena, Str *value, Err *err);
CHECKED Status pg_note_put(StoreTx *tx, Str key, Str value, Err *err);
CHECKED Status pg_fact_get(Records *records, const char *kind, Str key, Arena *arena, Str *value, Err *err);
CHECKED Status pg_fact_put(Records *records, const char *kind, Str key, Str value, Err *err);
CHECKED Status pg_status_put(StoreTx *tx, const StoreStatus *status, Err *err);
CHECKED Status pg_status_list(StoreTx *tx, Arena *arena, StoreStatus **out, size_t *count, Err *err);
CHECKED Status pg_audit_add(StoreTx *tx, const StoreAudit *audit, Err *err);
CHECKED Status pg_audit_list(StoreTx *tx, Millis since, size_t limit, Arena *arena, StoreAudit **out,
                             size_t *count, Err *err);
