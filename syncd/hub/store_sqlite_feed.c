/* A page of the feed, and sums. Per scope only (seq, row) is read, from the covering index; the documents are
 * fetched in the merged order, one at a time, until the sink has enough. */
#include "syncd/hub/store_sqlite.h"

#include <stdlib.h>
#include <string.h>

typedef struct FeedKey {
    int64_t seq, row;
    bool left;
} FeedKey;

static Status keys_read(Stmt *borrowed, Str scope, int64_t after, size_t limit, bool left, Rows *keys,
                        Err *err) {
    AUTO_STMT stmt = borrowed;
    bool row = true;
    stmt_bind_text(stmt, 1, scope);
    stmt_bind_int(stmt, 2, after);
    stmt_bind_int(stmt, 3, limit > INT32_MAX ? -1 : (int64_t)limit);
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) return OK;
        *(FeedKey *)rows_next(keys) = (FeedKey){stmt_int(stmt, 0), stmt_int(stmt, 1), left};
    }
}

static int key_compare(const void *a, const void *b) {
    int64_t left = ((const FeedKey *)a)->seq, right = ((const FeedKey *)b)->seq;
    return (left > right) - (left < right);
}

static Status row_missing(const FeedKey *key, Err *err) {
    return err_set(err, E_CORRUPT, "the index knows line %lld, the table does not", (long long)key->seq);
}

/* Texts of the line stand until the statement is reset. */
static Status line_read(Stmt *stmt, const FeedKey *key, FeedLine *line, Err *err) {
    bool row = false;
    stmt_bind_int(stmt, 1, key->row);
    TRY(stmt_step(stmt, &row, err));
    if (!row) return row_missing(key, err);
    *line = (FeedLine){.kind = stmt_text(stmt, 0),
                       .id = stmt_text(stmt, 1),
                       .scope = stmt_text(stmt, 2),
                       .seq = stmt_int(stmt, 3),
                       .left = key->left};
    if (key->left) return OK;
    Str hash = stmt_blob(stmt, 4);
    if (hash.len == HASH_BYTES) memcpy(line->hash.at, hash.at, HASH_BYTES);
    line->doc = stmt_text(stmt, 5);
    return OK;
}

static Status line_give(StoreTx *tx, const FeedKey *key, const FeedSink *sink, bool *more, Err *err) {
    AUTO_STMT stmt = key->left ? SQL(tx, left_by_row) : SQL(tx, record_by_row);
    FeedLine line;
    TRY(line_read(stmt, key, &line, err));
    return sink->take(sink->self, &line, more, err);
}

Status sqlite_feed(StoreTx *tx, const FeedWant *wants, size_t count, size_t limit, const FeedSink *sink,
                   Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Rows keys = {.arena = arena, .size = sizeof(FeedKey)};
    for (size_t i = 0; i < count; i++) {
        TRY(keys_read(SQL(tx, feed_live), wants[i].scope, wants[i].after, limit, false, &keys, err));
        TRY(keys_read(SQL(tx, feed_left), wants[i].scope, wants[i].left_after, limit, true, &keys, err));
    }
    const FeedKey *sorted = (const FeedKey *)(void *)keys.at;
    if (keys.count) qsort(keys.at, keys.count, sizeof(FeedKey), key_compare);
    bool more = true;
    for (size_t i = 0; i < keys.count && i < limit && more; i++)
        TRY(line_give(tx, &sorted[i], sink, &more, err));
    return OK;
}

Status sqlite_scope_sum(StoreTx *tx, Str scope, Sum *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, sum_get);
    bool row = false;
    stmt_bind_text(stmt, 1, scope);
    TRY(stmt_step(stmt, &row, err));
    *out = (Sum){0};
    if (!row || sum_from(stmt_int(stmt, 0), stmt_text(stmt, 1), out)) return OK;
    return err_set(err, E_CORRUPT, "the sum of scope %.*s cannot be read", STR_FORMAT(scope));
}

Status sqlite_scope_recount(StoreTx *tx, Str scope, Sum *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, scope_records);
    Sum sum = {0};
    bool row = true;
    stmt_bind_text(stmt, 1, scope);
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        sum_add(&sum,
                hash_record(stmt_text(stmt, 0), stmt_text(stmt, 1), stmt_text(stmt, 2), stmt_text(stmt, 5)));
    }
    *out = sum;
    return OK;
}

Status sqlite_scope_list(StoreTx *tx, Arena *arena, ScopeList *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, scope_list);
    Rows rows = {.arena = arena, .size = sizeof(Str)};
    bool row = true;
    for (;;) {
        TRY(stmt_step(stmt, &row, err));
        if (!row) break;
        *(Str *)rows_next(&rows) = str_copy(arena, stmt_text(stmt, 0));
    }
    *out = (ScopeList){(Str *)(void *)rows.at, rows.count};
    return OK;
}

Status sqlite_floor_get(StoreTx *tx, Str scope, int64_t *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, floor_get);
    bool row = false;
    stmt_bind_text(stmt, 1, scope);
    TRY(stmt_step(stmt, &row, err));
    *out = row ? stmt_int(stmt, 0) : 0;
    return OK;
}

/* PROTOCOL 10: the floor is there before anything is gone; here both become visible with one commit. */
Status sqlite_left_purge(StoreTx *tx, Str scope, int64_t floor, Err *err) {
    Stmt *stmt = SQL(tx, floor_put);
    stmt_bind_text(stmt, 1, scope);
    stmt_bind_int(stmt, 2, floor);
    TRY(stmt_run(stmt, err));
    stmt = SQL(tx, left_purge);
    stmt_bind_text(stmt, 1, scope);
    stmt_bind_int(stmt, 2, floor);
    return stmt_run(stmt, err);
}

Status sqlite_left_newest(StoreTx *tx, Str scope, int64_t upto, int64_t *out, Err *err) {
    AUTO_STMT stmt = SQL(tx, left_newest);
    bool row = false;
    stmt_bind_text(stmt, 1, scope);
    stmt_bind_int(stmt, 2, upto);
    TRY(stmt_step(stmt, &row, err));
    *out = stmt_int(stmt, 0);
    return OK;
}
