/* A page of the feed, and sums. All scopes are asked at once; the answer comes merged, so many lines at a
 * time, until the sink has enough. */
#include "syncd/hub/store_postgres.h"

#include <stdlib.h>

enum { FEED_CHUNK = 1000 };

/* Where each scope goes on. */
typedef struct Front {
    Arena *arena;
    Str *scopes;
    int64_t *after, *left_after;
    size_t count;
} Front;

static Front front_of(Arena *arena, const FeedWant *wants, size_t count) {
    Front front = {.arena = arena,
                   .scopes = ARENA_ARRAY(arena, Str, count + 1),
                   .after = ARENA_ARRAY(arena, int64_t, count + 1),
                   .left_after = ARENA_ARRAY(arena, int64_t, count + 1),
                   .count = count};
    for (size_t i = 0; i < count; i++) {
        front.scopes[i] = wants[i].scope;
        front.after[i] = wants[i].after;
        front.left_after[i] = wants[i].left_after;
    }
    return front;
}

static void front_move(Front *front, int64_t seq) {
    for (size_t i = 0; i < front->count; i++) {
        if (front->after[i] < seq) front->after[i] = seq;
        if (front->left_after[i] < seq) front->left_after[i] = seq;
    }
}

static Status chunk_read(StoreTx *tx, const Front *front, size_t limit, PGresult **rows, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Call call = {0};
    call_texts(&call, arena, front->scopes, front->count);
    call_ints(&call, arena, front->after, front->count);
    call_ints(&call, arena, front->left_after, front->count);
    call_int(&call, (int64_t)limit);
    return link_read(link_of(tx), PG_feed, &call, rows, err);
}

static FeedLine line_of(const PGresult *rows, int row) {
    return (FeedLine){.seq = row_int(rows, row, 0),
                      .kind = row_borrow(rows, row, 1),
                      .id = row_borrow(rows, row, 2),
                      .scope = row_borrow(rows, row, 3),
                      .hash = pg_hash(row_borrow(rows, row, 4)),
                      .doc = row_borrow(rows, row, 5),
                      .left = row_bool(rows, row, 6)};
}

/* A document too large to come with the others. */
static Status large_give(StoreTx *tx, FeedLine *line, const FeedSink *sink, bool *more, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_text(&call, line->kind);
    call_text(&call, line->id);
    TRY(link_read(link_of(tx), PG_record_doc, &call, &rows, err));
    if (PQntuples(rows) != 1) return err_set(err, E_CORRUPT, "a record of the feed has no document");
    line->doc = row_borrow(rows, 0, 0);
    return sink->take(sink->self, line, more, err);
}

static Status chunk_give(StoreTx *tx, const PGresult *rows, const FeedSink *sink, bool *more, Err *err) {
    for (int row = 0; row < PQntuples(rows) && *more; row++) {
        FeedLine line = line_of(rows, row);
        if (line.left || line.doc.at)
            TRY(sink->take(sink->self, &line, more, err));
        else
            TRY(large_give(tx, &line, sink, more, err));
    }
    return OK;
}

static Status chunk_pass(StoreTx *tx, Front *front, size_t limit, const FeedSink *sink, bool *more,
                         size_t *given, Err *err) {
    AUTO_ROWS rows = NULL;
    TRY(chunk_read(tx, front, limit, &rows, err));
    TRY(chunk_give(tx, rows, sink, more, err));
    *given = (size_t)PQntuples(rows);
    if (*given) front_move(front, row_int(rows, (int)*given - 1, 0));
    return OK;
}

Status pg_feed(StoreTx *tx, const FeedWant *wants, size_t count, size_t limit, const FeedSink *sink,
               Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Front front = front_of(arena, wants, count);
    bool more = true;
    while (more && limit > 0 && count > 0) {
        size_t given = 0, chunk = limit < FEED_CHUNK ? limit : FEED_CHUNK;
        TRY(chunk_pass(tx, &front, chunk, sink, &more, &given, err));
        if (given < chunk) break;
        limit -= given;
    }
    return OK;
}

Status pg_scope_sum(StoreTx *tx, Str scope, Sum *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_text(&call, scope);
    TRY(link_read(link_of(tx), PG_sum_get, &call, &rows, err));
    *out = (Sum){0};
    if (!PQntuples(rows) || sum_from(row_int(rows, 0, 0), row_borrow(rows, 0, 1), out)) return OK;
    return err_set(err, E_CORRUPT, "the sum of scope %.*s cannot be read", STR_FORMAT(scope));
}

static Status line_count(void *self, const FeedLine *line, bool *more, Err *err) {
    (void)err;
    *more = true;
    if (!line->left) sum_add(self, hash_record(line->kind, line->id, line->scope, line->doc));
    return OK;
}

Status pg_scope_recount(StoreTx *tx, Str scope, Sum *out, Err *err) {
    Sum sum = {0};
    FeedWant want = {scope, 0, INT64_MAX};
    FeedSink sink = {&sum, line_count};
    TRY(pg_feed(tx, &want, 1, SIZE_MAX, &sink, err));
    *out = sum;
    return OK;
}

Status pg_scope_list(StoreTx *tx, Arena *arena, ScopeList *out, Err *err) {
    AUTO_ROWS rows = NULL;
    TRY(link_read(link_of(tx), PG_scope_list, NULL, &rows, err));
    size_t count = (size_t)PQntuples(rows);
    *out = (ScopeList){ARENA_ARRAY(arena, Str, count + 1), count};
    for (size_t i = 0; i < count; i++) out->at[i] = row_text(rows, (int)i, 0, arena);
    return OK;
}

Status pg_floor_get(StoreTx *tx, Str scope, int64_t *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_text(&call, scope);
    TRY(link_read(link_of(tx), PG_floor_get, &call, &rows, err));
    *out = PQntuples(rows) ? row_int(rows, 0, 0) : 0;
    return OK;
}

/* PROTOCOL 10: the floor is there before anything is gone; here both become visible with one commit. */
Status pg_left_purge(StoreTx *tx, Str scope, int64_t floor, Err *err) {
    Call call = {0};
    call_text(&call, scope);
    call_int(&call, floor);
    TRY(link_write(link_of(tx), PG_floor_put, &call, err));
    return link_write(link_of(tx), PG_left_purge, &call, err);
}

Status pg_left_newest(StoreTx *tx, Str scope, int64_t upto, int64_t *out, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_text(&call, scope);
    call_int(&call, upto);
    TRY(link_read(link_of(tx), PG_left_newest, &call, &rows, err));
    *out = PQntuples(rows) ? row_int(rows, 0, 0) : 0;
    return OK;
}
