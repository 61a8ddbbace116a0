/* The receipt of a device and incarnation: a record like any other, so it comes back by every road (PROTOCOL
 * 4). */
#include "syncd/hub/inside.h"

enum { RECEIPT_VERDICTS_MAX = 1300 };

static Status verdicts_read(StoreTx *tx, Str device, Str incarnation, Arena *arena, StoreOp **out,
                            size_t *count, Err *err) {
    return tx->verbs->op_list(tx, device, incarnation, RECEIPT_VERDICTS_MAX, arena, out, count, err);
}

Status receipt_unseen(StoreTx *tx, Str device, Str incarnation, int64_t seen, Arena *arena, int64_t *out,
                      Err *err) {
    StoreOp *ops = NULL;
    size_t count = 0;
    TRY(verdicts_read(tx, device, incarnation, arena, &ops, &count, err));
    *out = 0;
    for (size_t i = 0; i < count; i++) *out += ops[i].n > seen;
    return OK;
}

static Json *verdicts_write(Arena *arena, const StoreOp *ops, size_t count) {
    Json *list = json_new_list(arena);
    for (size_t i = 0; i < count; i++) {
        Json *verdict = json_add_map(arena, list);
        json_put_text(arena, verdict, "id", ops[i].id);
        json_put_int(arena, verdict, "n", ops[i].n);
        json_put_text(arena, verdict, "code", ops[i].code);
    }
    return list;
}

Status receipt_put(StoreTx *tx, const StoreKept *kept, const StoreCounter *counter, Arena *arena, Err *err) {
    StoreOp *ops = NULL;
    size_t count = 0;
    Receipt receipt;
    TRY(verdicts_read(tx, kept->device, kept->incarnation, arena, &ops, &count, err));
    schema_clear(K_receipt, &receipt);
    receipt.meta.id = id_join(arena, kept->device, kept->incarnation);
    receipt.meta.scope = scope_join(arena, "device", kept->device);
    receipt.decided = counter->decided;
    receipt.last = counter->last;
    receipt.durable = counter->durable;
    receipt.verdicts = verdicts_write(arena, ops, count);
    return records_put(&tx->records, K_receipt, &receipt, arena, err);
}
