/* What a writing transaction has read and written: nobody else can change it before the transaction ends, so
 * nothing is asked twice. A rule reads what it then writes, and the next operation of the batch reads much of
 * it again; each question would be a round trip. */
#include "syncd/hub/store_postgres.h"

enum { CACHE_BUCKETS = 1024, CACHE_BYTES_MAX = 32 * 1024 * 1024 };

struct Cached {
    Cached *next;
    StoreRecord record; /* without doc: there is no such record */
};

static Cached **bucket_of(PgTx *tx, Str kind, Str id) {
    return &tx->cache[(str_hash(kind) * 31 + str_hash(id)) % CACHE_BUCKETS];
}

static Cached *cached_find(PgTx *tx, Str kind, Str id) {
    if (!tx->cache) return NULL;
    for (Cached *cached = *bucket_of(tx, kind, id); cached; cached = cached->next)
        if (str_equal(cached->record.id, id) && str_equal(cached->record.kind, kind)) return cached;
    return NULL;
}

static StoreRecord record_copy(Arena *arena, const StoreRecord *record) {
    StoreRecord copy = *record;
    copy.kind = str_copy(arena, record->kind);
    copy.id = str_copy(arena, record->id);
    if (!record->doc.at) return copy;
    copy.scope = str_copy(arena, record->scope);
    copy.doc = str_copy(arena, record->doc);
    return copy;
}

bool pg_cache_get(PgTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out) {
    const Cached *cached = cached_find(tx, kind, id);
    if (cached) *out = record_copy(arena, &cached->record);
    return cached != NULL;
}

/* A large import is not kept in memory: what finds no room is read again. What is known must stay right, room
 * or not. */
void pg_cache_put(PgTx *tx, const StoreRecord *record) {
    Cached *cached = cached_find(tx, record->kind, record->id);
    if (tx->mode != STORE_WRITE) return;
    if (!cached && arena_used_bytes(tx->arena) > CACHE_BYTES_MAX) return;
    if (!tx->cache) tx->cache = ARENA_ARRAY(tx->arena, Cached *, CACHE_BUCKETS);
    if (!cached) {
        Cached **bucket = bucket_of(tx, record->kind, record->id);
        cached = ARENA_NEW(tx->arena, Cached);
        cached->next = *bucket;
        *bucket = cached;
    }
    cached->record = record_copy(tx->arena, record);
}

/* ---- what is going to be asked ---- */

/* First all of them as absent, then what is there. */
static Status ops_expect(PgTx *tx, const StoreExpected *expected, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO_ROWS rows = NULL;
    Call call = {0};
    if (expected->op_count == 0) return OK;
    call_texts(&call, arena, expected->op_ids, expected->op_count);
    TRY(link_read(tx->link, PG_ops_known, &call, &rows, err));
    for (size_t i = 0; i < expected->op_count; i++)
        if (!cached_find(tx, PG_OP_KIND, expected->op_ids[i]))
            pg_cache_put(tx, &(StoreRecord){.kind = PG_OP_KIND, .id = expected->op_ids[i]});
    for (int row = 0; row < PQntuples(rows); row++)
        pg_cache_put(tx, &(StoreRecord){.kind = PG_OP_KIND,
                                        .id = row_borrow(rows, row, 0),
                                        .doc = row_borrow(rows, row, 1)});
    return OK;
}

static void keys_split(const StoreExpected *expected, Arena *arena, Call *call) {
    Str *kinds = ARENA_ARRAY(arena, Str, expected->record_count),
        *ids = ARENA_ARRAY(arena, Str, expected->record_count);
    for (size_t i = 0; i < expected->record_count; i++) {
        kinds[i] = expected->records[i].kind;
        ids[i] = expected->records[i].id;
    }
    call_texts(call, arena, kinds, expected->record_count);
    call_texts(call, arena, ids, expected->record_count);
}

static Status records_expect(PgTx *tx, const StoreExpected *expected, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO_ROWS rows = NULL;
    Call call = {0};
    if (expected->record_count == 0) return OK;
    keys_split(expected, arena, &call);
    TRY(link_read(tx->link, PG_records_known, &call, &rows, err));
    for (size_t i = 0; i < expected->record_count; i++)
        if (!cached_find(tx, expected->records[i].kind, expected->records[i].id))
            pg_cache_put(tx,
                         &(StoreRecord){.kind = expected->records[i].kind, .id = expected->records[i].id});
    for (int row = 0; row < PQntuples(rows); row++) {
        StoreRecord record = pg_record_of_row(rows, row, arena);
        pg_cache_put(tx, &record);
    }
    return OK;
}

Status pg_expect(StoreTx *base, const StoreExpected *expected, Err *err) {
    PgTx *tx = (PgTx *)base;
    if (tx->mode != STORE_WRITE) return OK;
    TRY(ops_expect(tx, expected, err));
    return records_expect(tx, expected, err);
}
