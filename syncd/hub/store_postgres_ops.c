#include "syncd/hub/store_postgres.h"

Status pg_op_find(StoreTx *tx, Str id, Arena *arena, Str *code, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_text(&call, id);
    TRY(link_read(link_of(tx), PG_op_find, &call, &rows, err));
    if (!PQntuples(rows)) return err_set(err, E_NOTFOUND, "this operation was never judged");
    *code = row_text(rows, 0, 0, arena);
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
    TRY(link_read(link_of(tx), PG_number_get, &call, &rows, err));
    *id = PQntuples(rows) ? row_text(rows, 0, 0, arena) : (Str){0};
    return OK;
}

Status pg_op_take(StoreTx *tx, const StoreOp *op, Err *err) {
    Call judged = {0}, number = keyed(op->device, op->incarnation);
    call_text(&judged, op->id);
    call_text(&judged, op->code);
    call_int(&judged, op->at);
    TRY(link_write(link_of(tx), PG_op_insert, &judged, err));
    call_int(&number, op->n);
    call_text(&number, op->id);
    call_text(&number, op->code);
    call_bool(&number, op->rejected);
    call_int(&number, op->at);
    return link_write(link_of(tx), PG_number_insert, &number, err);
}

Status pg_op_forget(StoreTx *tx, const StoreKept *kept, Err *err) {
    Call call = keyed(kept->device, kept->incarnation);
    call_int(&call, kept->seen);
    call_int(&call, kept->rejected_since);
    call_int(&call, kept->rejected_max);
    return link_write(link_of(tx), PG_number_forget, &call, err);
}

Status pg_op_list(StoreTx *tx, Str device, Str incarnation, size_t limit, Arena *arena, StoreOp **out,
                  size_t *count, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = keyed(device, incarnation);
    call_int(&call, (int64_t)limit);
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
