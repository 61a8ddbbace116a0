#include "syncd/hub/store_sqlite.h"

Status sqlite_op_find(StoreTx *tx, Str id, Arena *arena, Str *code, Err *err) {
    AUTO_STMT stmt = SQL(tx, op_find);
    bool row = false;
    stmt_bind_text(stmt, 1, id);
    TRY(stmt_step(stmt, &row, err));
    if (!row) return err_set(err, E_NOTFOUND, "this operation was never judged");
    *code = str_copy(arena, stmt_text(stmt, 0));
    return OK;
}

static Stmt *keyed(Stmt *stmt, Str device, Str incarnation) {
    stmt_bind_text(stmt, 1, device);
    stmt_bind_text(stmt, 2, incarnation);
    return stmt;
}

Status sqlite_op_number(StoreTx *tx, Str device, Str incarnation, int64_t n, Arena *arena, Str *id,
                        Err *err) {
    AUTO_STMT stmt = keyed(SQL(tx, number_get), device, incarnation);
    bool row = false;
    stmt_bind_int(stmt, 3, n);
    TRY(stmt_step(stmt, &row, err));
    *id = row ? str_copy(arena, stmt_text(stmt, 0)) : (Str){0};
    return OK;
}

Status sqlite_op_take(StoreTx *tx, const StoreOp *op, Err *err) {
    Stmt *stmt = SQL(tx, op_insert);
    stmt_bind_text(stmt, 1, op->id);
    stmt_bind_text(stmt, 2, op->code);
    stmt_bind_int(stmt, 3, op->at);
    TRY(stmt_run(stmt, err));
    stmt = keyed(SQL(tx, number_insert), op->device, op->incarnation);
    stmt_bind_int(stmt, 3, op->n);
    stmt_bind_text(stmt, 4, op->id);
    stmt_bind_text(stmt, 5, op->code);
    stmt_bind_int(stmt, 6, op->rejected);
    stmt_bind_int(stmt, 7, op->at);
    return stmt_run(stmt, err);
}

Status sqlite_op_forget(StoreTx *tx, const StoreKept *kept, Err *err) {
    Stmt *stmt = keyed(SQL(tx, number_forget), kept->device, kept->incarnation);
    stmt_bind_int(stmt, 3, kept->seen);
    stmt_bind_int(stmt, 4, kept->rejected_since);
    stmt_bind_int(stmt, 5, kept->rejected_max);
    return stmt_run(stmt, err);
}

Status sqlite_op_list(StoreTx *tx, Str device, Str incarnation, size_t limit, Arena *arena, StoreOp **out,
                      size_t *count, Err *err) {
    AUTO_STMT stmt = keyed(SQL(tx, number_list), device, incarnation);
    Rows rows = {.arena = arena, .size = sizeof(StoreOp)};
    bool row = true;
    stmt_bind_int(stmt, 3, (int64_t)limit);
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(StoreOp *)rows_next(&rows) = (StoreOp){.device = device,
                                                 .incarnation = incarnation,
                                                 .id = str_copy(arena, stmt_text(stmt, 0)),
                                                 .n = stmt_int(stmt, 1),
                                                 .code = str_copy(arena, stmt_text(stmt, 2)),
                                                 .rejected = stmt_int(stmt, 3) != 0,
                                                 .at = stmt_int(stmt, 4)};
    }
    *out = (StoreOp *)(void *)rows.at;
    *count = rows.count;
    return OK;
}

Status sqlite_counter_get(StoreTx *tx, Str device, Str incarnation, Arena *arena, StoreCounter *out,
                          Err *err) {
    AUTO_STMT stmt = keyed(SQL(tx, counter_get), device, incarnation);
    bool row = false;
    TRY(stmt_step(stmt, &row, err));
    *out = (StoreCounter){0};
    if (row)
        *out = (StoreCounter){.decided = stmt_int(stmt, 0),
                              .last = str_copy(arena, stmt_text(stmt, 1)),
                              .durable = stmt_int(stmt, 2)};
    return OK;
}

Status sqlite_counter_put(StoreTx *tx, Str device, Str incarnation, const StoreCounter *counter, Err *err) {
    Stmt *stmt = keyed(SQL(tx, counter_put), device, incarnation);
    stmt_bind_int(stmt, 3, counter->decided);
    stmt_bind_text(stmt, 4, counter->last.at ? counter->last : STR(""));
    stmt_bind_int(stmt, 5, counter->durable);
    return stmt_run(stmt, err);
}
