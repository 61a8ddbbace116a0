/* What devices have acknowledged, and what a copy of the store holds. */
#include "syncd/hub/store_postgres.h"

Status pg_counter_mark(StoreTx *tx, Str mark, Err *err) {
    Call call = {0};
    call_text(&call, mark);
    return link_write(link_of(tx), PG_counter_mark, &call, err);
}

Status pg_counter_marked(StoreTx *tx, Str mark, size_t limit, Arena *arena, StoreMarked **out, size_t *count,
                         Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_text(&call, mark);
    call_int(&call, (int64_t)limit);
    TRY(link_read(link_of(tx), PG_counter_marked, &call, &rows, err));
    *count = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(arena, StoreMarked, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (StoreMarked){.device = row_text(rows, (int)i, 0, arena),
                                  .incarnation = row_text(rows, (int)i, 1, arena),
                                  .held = row_int(rows, (int)i, 2)};
    return OK;
}

Status pg_ack_put(StoreTx *tx, const StoreAck *ack, Err *err) {
    Call call = {0};
    call_text(&call, ack->device);
    call_int(&call, ack->seen);
    call_text(&call, ack->cursor);
    call_text(&call, ack->epoch);
    call_text(&call, ack->incarnation);
    call_int(&call, ack->last);
    return link_write(link_of(tx), PG_ack_put, &call, err);
}

Status pg_ack_list(StoreTx *tx, Arena *arena, StoreAck **out, size_t *count, Err *err) {
    AUTO_ROWS rows = NULL;
    TRY(link_read(link_of(tx), PG_ack_list, NULL, &rows, err));
    *count = (size_t)PQntuples(rows);
    *out = ARENA_ARRAY(arena, StoreAck, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (StoreAck){.device = row_text(rows, (int)i, 0, arena),
                               .seen = row_int(rows, (int)i, 1),
                               .cursor = row_text(rows, (int)i, 2, arena),
                               .epoch = row_text(rows, (int)i, 3, arena),
                               .incarnation = row_text(rows, (int)i, 4, arena),
                               .last = row_int(rows, (int)i, 5)};
    return OK;
}
