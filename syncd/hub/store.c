/* What is the same for every backend. */
#include "syncd/hub/store.h"

#include <inttypes.h>

void store_close(Store *store) {
    if (store) store->verbs->close(store);
}

void store_close_auto(Store **store) {
    store_close(*store);
    *store = NULL;
}

Status store_begin(Store *store, StoreMode mode, StoreTx **out, Err *err) {
    return store->verbs->begin(store, mode, out, err);
}

void store_end_auto(StoreTx **tx) {
    if (*tx) (*tx)->verbs->end(*tx);
    *tx = NULL;
}

Status store_epoch(StoreTx *tx, Arena *arena, Str *out, Err *err) {
    TRY(tx->verbs->meta_get(tx, "epoch", arena, out, err));
    if (epoch_is_valid(*out)) return OK;
    return err_set(err, E_CORRUPT, "the store does not say its epoch");
}

/* ---- verify ---- */

typedef struct Check {
    Buf *wrong;
    int64_t records;
} Check;

static Status check_line(void *of, const FeedLine *line, bool *more, Err *err) {
    (void)err;
    Check *check = of;
    *more = true;
    if (!line->left) check->records++;
    if (!feed_line_is_true(line))
        buf_print(check->wrong, "record %.*s/%.*s in %.*s: its hash is not that of its document\n",
                  STR_FORMAT(line->kind), STR_FORMAT(line->id), STR_FORMAT(line->scope));
    return OK;
}

static Status verify_sum(StoreTx *tx, Str scope, Buf *wrong, Err *err) {
    Sum kept = {0}, counted = {0};
    TRY(tx->verbs->scope_sum(tx, scope, &kept, err));
    TRY(tx->verbs->scope_recount(tx, scope, &counted, err));
    if (!sum_equal(kept, counted))
        buf_print(wrong, "scope %.*s: the sum kept is %" PRId64 " %s, its records make %" PRId64 " %s\n",
                  STR_FORMAT(scope), kept.count, sum_hex(kept).text, counted.count, sum_hex(counted).text);
    return OK;
}

Status store_verify(StoreTx *tx, Arena *arena, Buf *wrong, int64_t *records, Err *err) {
    ScopeList scopes = {0};
    Check check = {.wrong = wrong};
    FeedSink sink = {&check, check_line};
    TRY(tx->verbs->scope_list(tx, arena, &scopes, err));
    for (size_t i = 0; i < scopes.count; i++) {
        FeedWant want = {scopes.at[i], 0, INT64_MAX - 1};
        TRY(tx->verbs->feed(tx, &want, 1, SIZE_MAX, &sink, err));
        TRY(verify_sum(tx, scopes.at[i], wrong, err));
    }
    *records = check.records;
    return OK;
}
