/* What devices have acknowledged, and what a copy of the store holds. */
#include "syncd/hub/store_sqlite.h"

Status sqlite_counter_mark(StoreTx *tx, Str mark, Err *err) {
    Stmt *stmt = SQL(tx, counter_mark);
    stmt_bind_text(stmt, 1, mark);
    return stmt_run(stmt, err);
}

Status sqlite_counter_marked(StoreTx *tx, Str mark, size_t limit, Arena *arena, StoreMarked **out,
                             size_t *count, Err *err) {
    AUTO_STMT stmt = SQL(tx, counter_marked);
    Rows rows = {.arena = arena, .size = sizeof(StoreMarked)};
    bool row = true;
    stmt_bind_text(stmt, 1, mark);
    stmt_bind_int(stmt, 2, (int64_t)limit);
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(StoreMarked *)rows_next(&rows) = (StoreMarked){.device = str_copy(arena, stmt_text(stmt, 0)),
                                                         .incarnation = str_copy(arena, stmt_text(stmt, 1)),
                                                         .held = stmt_int(stmt, 2)};
    }
    *out = (StoreMarked *)(void *)rows.at;
    *count = rows.count;
    return OK;
}

Status sqlite_ack_put(StoreTx *tx, const StoreAck *ack, Err *err) {
    Stmt *stmt = SQL(tx, ack_put);
    stmt_bind_text(stmt, 1, ack->device);
    stmt_bind_int(stmt, 2, ack->seen);
    stmt_bind_text(stmt, 3, ack->cursor);
    stmt_bind_text(stmt, 4, ack->epoch);
    stmt_bind_text(stmt, 5, ack->incarnation);
    stmt_bind_int(stmt, 6, ack->last);
    return stmt_run(stmt, err);
}

Status sqlite_ack_list(StoreTx *tx, Arena *arena, StoreAck **out, size_t *count, Err *err) {
    AUTO_STMT stmt = SQL(tx, ack_list);
    Rows rows = {.arena = arena, .size = sizeof(StoreAck)};
    bool row = true;
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(StoreAck *)rows_next(&rows) = (StoreAck){.device = str_copy(arena, stmt_text(stmt, 0)),
                                                   .seen = stmt_int(stmt, 1),
                                                   .cursor = str_copy(arena, stmt_text(stmt, 2)),
                                                   .epoch = str_copy(arena, stmt_text(stmt, 3)),
                                                   .incarnation = str_copy(arena, stmt_text(stmt, 4)),
                                                   .last = stmt_int(stmt, 5)};
    }
    *out = (StoreAck *)(void *)rows.at;
    *count = rows.count;
    return OK;
}
