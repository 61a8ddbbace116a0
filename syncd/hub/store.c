/* What is the same for every backend. */
#include "common/base/rng.h"
#include "syncd/hub/store_driver.h"

#include <inttypes.h>

/* ---- which backend ---- */

bool store_is_file(const char *spec) {
    Str text = str_of(spec);
    return !str_starts(text, STR("postgres://")) && !str_starts(text, STR("postgresql://"));
}

static Status driver_of(const char *spec, const StoreDriver **out, Err *err) {
    *out = &store_driver_sqlite;
    if (store_is_file(spec)) return OK;
#ifdef RELAIS_POSTGRES
    (void)err;
    *out = &store_driver_postgres;
    return OK;
#else
    return err_set(err, E_VERSION, "this build stores in SQLite files only, not in PostgreSQL");
#endif
}

static Str behind_last(Str text, char byte) {
    for (size_t i = text.len; i > 0; i--)
        if (text.at[i - 1] == byte) return str_skip(text, i);
    return text;
}

/* Neither user and password nor parameters, of which one may be a password. */
Str store_name(Arena *arena, const char *spec) {
    Str rest = str_of(spec), scheme, address;
    if (store_is_file(spec)) return rest;
    str_cut(&rest, ':', &scheme);
    rest = str_skip(rest, sizeof("//") - 1);
    str_cut(&rest, '?', &address);
    return str_print(arena, "%.*s://%.*s", STR_FORMAT(scheme), STR_FORMAT(behind_last(address, '@')));
}

Status store_open(Store **out, const char *spec, Err *err) {
    const StoreDriver *driver = NULL;
    TRY(driver_of(spec, &driver, err));
    return driver->open(out, spec, err);
}

Status store_open_copy(Store **out, const char *path, Err *err) {
    return sqlite_open_copy(out, path, err);
}

/* generation: Unix seconds, so that a store made anew at the same address is never older than what it
 * replaces (PROTOCOL 5). */
static Status store_fill_new(Store *store, Millis now, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreCommit commit;
    uint64_t random = 0;
    random_secret(&random, sizeof(random));
    Str epoch = str_print(arena, "%" PRId64 "-%016" PRIx64, now / SECOND_MS, random);
    TRY(store_begin(store, STORE_WRITE, &tx, err));
    TRY(tx->verbs->meta_put(tx, "epoch", epoch, err));
    return tx->verbs->commit(tx, arena, &commit, err);
}

Status store_create(const char *spec, Millis now, Err *err) {
    const StoreDriver *driver = NULL;
    AUTO(store_close_auto) Store *store = NULL;
    TRY(driver_of(spec, &driver, err));
    TRY(driver->create(&store, spec, err));
    return store_fill_new(store, now, err);
}

Status store_discard(const char *spec, Err *err) {
    const StoreDriver *driver = NULL;
    TRY(driver_of(spec, &driver, err));
    return driver->discard(spec, err);
}

/* ---- life ---- */

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
