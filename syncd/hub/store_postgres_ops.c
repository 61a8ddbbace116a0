/* Operations. Those taken are sent many at a time: before anything asks about them that the cache does not
 * know, and at the commit. */
#include "syncd/hub/store_postgres.h"

enum { PENDING_MAX = 256 };

static StoreOp op_copy(Arena *arena, const StoreOp *op) {
    StoreOp copy = *op;
    copy.id = str_copy(arena, op->id);
    copy.device = str_copy(arena, op->device);
    copy.incarnation = str_copy(arena, op->incarnation);
    copy.code = str_copy(arena, op->code);
    return copy;
}

/* What both tables take: id, code, at. */
static Call ops_call(const PgTx *tx, Arena *arena) {
    Call call = {0};
    Str *ids = ARENA_ARRAY(arena, Str, tx->op_count), *codes = ARENA_ARRAY(arena, Str, tx->op_count);
    int64_t *at = ARENA_ARRAY(arena, int64_t, tx->op_count);
    for (size_t i = 0; i < tx->op_count; i++) {
        ids[i] = tx->ops[i].id;
        codes[i] = tx->ops[i].code;
        at[i] = tx->ops[i].at;
    }
    call_texts(&call, arena, ids, tx->op_count);
    call_texts(&call, arena, codes, tx->op_count);
    call_ints(&call, arena, at, tx->op_count);
    return call;
}

static Call numbers_call(const PgTx *tx, Arena *arena) {
    Call call = ops_call(tx, arena);
    Str *devices = ARENA_ARRAY(arena, Str, tx->op_count),
        *incarnations = ARENA_ARRAY(arena, Str, tx->op_count);
    int64_t *n = ARENA_ARRAY(arena, int64_t, tx->op_count),
            *rejected = ARENA_ARRAY(arena, int64_t, tx->op_count);
    for (size_t i = 0; i < tx->op_count; i++) {
        devices[i] = tx->ops[i].device;
        incarnations[i] = tx->ops[i].incarnation;
        n[i] = tx->ops[i].n;
        rejected[i] = tx->ops[i].rejected;
    }
    call_texts(&call, arena, devices, tx->op_count);
    call_texts(&call, arena, incarnations, tx->op_count);
    call_ints(&call, arena, n, tx->op_count);
    call_ints(&call, arena, rejected, tx->op_count);
    return call;
}

Status pg_ops_flush(PgTx *tx, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (tx->op_count == 0) return OK;
    Call judged = ops_call(tx, arena), numbers = numbers_call(tx, arena);
    tx->op_count = 0;
    TRY(link_write(tx->link, PG_ops_insert, &judged, err));
    return link_write(tx->link, PG_numbers_insert, &numbers, err);
}

static Status op_read(PgTx *tx, Str id, Arena *arena, StoreRecord *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    if (pg_cache_get(tx, PG_OP_KIND, id, arena, out)) return OK;
    TRY(pg_ops_flush(tx, err));
    call_text(&call, id);
    TRY(link_read(tx->link, PG_op_find, &call, &rows, err));
    *out = (StoreRecord){.kind = PG_OP_KIND, .id = id};
    if (PQntuples(rows)) out->doc = row_text(rows, 0, 0, arena);
    pg_cache_put(tx, out);
    return OK;
}

Status pg_op_find(StoreTx *tx, Str id, Arena *arena, Str *code, Err *err) {
    StoreRecord judged = {0};
    TRY(op_read((PgTx *)tx, id, arena, &judged, err));
    if (!judged.doc.at) return err_set(err, E_NOTFOUND, "this operation was never judged");
    *code = judged.doc;
    return OK;
}

static Call keyed(Str device, Str incarnation) {
    Call call = {0};
    call_text(&call, device);
    call_text(&call, incarnation);
    return call;
}

Status pg_op_number(StoreTx *tx, Str device, Str incarnation, int64_t n, Arena *arena, Str *id, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = keyed(device, incarnation);
    call_int(&call, n);
    TRY(pg_ops_flush((PgTx *)tx, err));
    TRY(link_read(link_of(tx), PG_number_get, &call, &rows, err));
    *id = PQntuples(rows) ? row_text(rows, 0, 0, arena) : (Str){0};
    return OK;
}

Status pg_op_take(StoreTx *base, const StoreOp *op, Err *err) {
    PgTx *tx = (PgTx *)base;
    StoreRecord before = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(op_read(tx, op->id, arena, &before, err)); /* the first verdict stays */
    if (!before.doc.at) pg_cache_put(tx, &(StoreRecord){.kind = PG_OP_KIND, .id = op->id, .doc = op->code});
    if (!tx->ops) tx->ops = ARENA_ARRAY(tx->arena, StoreOp, PENDING_MAX);
    tx->ops[tx->op_count++] = op_copy(tx->arena, op);
    return tx->op_count < PENDING_MAX ? OK : pg_ops_flush(tx, err);
}

Status pg_op_forget(StoreTx *tx, const StoreKept *kept, Err *err) {
    Call call = keyed(kept->device, kept->incarnation);
    call_int(&call, kept->seen);
    call_int(&call, kept->rejected_since);
    call_int(&call, kept->rejected_max);
    TRY(pg_ops_flush((PgTx *)tx, err));
    return link_write(link_of(tx), PG_number_forget, &call, err);
}

Status pg_op_list(StoreTx *tx, Str device, Str incarnation, size_t limit, Arena *arena, StoreOp **out,
                  size_t *count, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = keyed(device, incarnation);
    call_int(&call, (int64_t)limit);
    TRY(pg_ops_flush((PgTx *)tx, err));
    TRY(link_read(link_of(tx), PG_number_list, &call, &rows, err));
    *count = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(arena, StoreOp, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (StoreOp){.device = device,
                              .incarnation = incarnation,
                              .id = row_text(rows, (int)i, 0, arena),
                              .n = row_int(rows, (int)i, 1),
                              .code = row_text(rows, (int)i, 2, arena),
                              .rejected = row_bool(rows, (int)i, 3),
                              .at = row_int(rows, (int)i, 4)};
    return OK;
}

Status pg_counter_get(StoreTx *tx, Str device, Str incarnation, Arena *arena, StoreCounter *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = keyed(device, incarnation);
    TRY(link_read(link_of(tx), PG_counter_get, &call, &rows, err));
    *out = (StoreCounter){0};
    if (PQntuples(rows))
        *out = (StoreCounter){.decided = row_int(rows, 0, 0),
                              .last = row_text(rows, 0, 1, arena),
                              .durable = row_int(rows, 0, 2)};
    return OK;
}

Status pg_counter_put(StoreTx *tx, Str device, Str incarnation, const StoreCounter *counter, Err *err) {
    Call call = keyed(device, incarnation);
    call_int(&call, counter->decided);
    call_text(&call, counter->last.at ? counter->last : STR(""));
    call_int(&call, counter->durable);
    return link_write(link_of(tx), PG_counter_put, &call, err);
}
