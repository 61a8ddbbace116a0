#include "tests/contract/store_fixture.h"

#include "common/base/rng.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

static void put(Fixture *at, const char *id, const char *scope, const char *doc) {
    StoreTx *tx = begin(at, STORE_WRITE);
    put_in(tx, K_page, id, scope, doc);
    (void)commit(at, tx);
}

static void drop(Fixture *at, const char *id) {
    Err err = {0};
    StoreTx *tx = begin(at, STORE_WRITE);
    check_ok(tx->records.verbs->remove(&tx->records, K_page, str_of(id), &err));
    (void)commit(at, tx);
}

/* ---- the feed as text: "3 page/a pool:x", "4 page/a pool:x left" ---- */

static Status line_take(void *of, const FeedLine *line, bool *more, Err *err) {
    (void)err;
    Buf *text = of;
    check(feed_line_is_true(line));
    buf_print(text, "%" PRId64 " %.*s %.*s%s\n", line->seq, STR_FORMAT(line->id), STR_FORMAT(line->scope),
              line->left ? " left" : "");
    *more = true;
    return OK;
}

static const char *feed_in(Fixture *at, StoreTx *tx, const FeedWant *wants, size_t count, size_t limit) {
    Err err = {0};
    AUTO(buf_free) Buf text = buf_new(64 * 1024);
    FeedSink sink = {&text, line_take};
    check_ok(tx->verbs->feed(tx, wants, count, limit, &sink, &err));
    return str_cstr(at->arena, buf_str(&text));
}

static void check_feed(Fixture *at, const FeedWant *wants, size_t count, size_t limit, const char *expected) {
    StoreTx *tx = begin(at, STORE_READ);
    check_text(str_of(feed_in(at, tx, wants, count, limit)), expected);
    tx->verbs->end(tx);
}

static void check_scope(Fixture *at, const char *scope, const char *expected) {
    FeedWant want = {str_of(scope), 0, 0};
    check_feed(at, &want, 1, SIZE_MAX, expected);
}

static void check_true(Fixture *at) {
    Err err = {0};
    int64_t records = 0;
    AUTO(buf_free) Buf wrong = buf_new(4096);
    StoreTx *tx = begin(at, STORE_READ);
    check_ok(store_verify(tx, at->arena, &wrong, &records, &err));
    check_text(buf_str(&wrong).at ? buf_str(&wrong) : STR(""), "");
    tx->verbs->end(tx);
}

/* ---- records and lines ---- */

static void a_new_store_is_empty_and_has_an_epoch(void **state) {
    OPENED(at);
    Str epoch;
    StoreTx *tx = begin(&at, STORE_READ);
    check_int(tx->verbs->head(tx), 0);
    check_ok(store_epoch(tx, at.arena, &epoch, &err));
    check_int(epoch_generation(epoch), NOW_S);
    tx->verbs->end(tx);
}

static void what_is_committed_is_there_with_its_hash(void **state) {
    OPENED(at);
    StoreRecord record;
    put(&at, "a", "pool:x", "{\"title\":\"é\"}");
    StoreTx *tx = begin(&at, STORE_READ);
    check_ok(tx->verbs->record_get(tx, STR("page"), STR("a"), at.arena, &record, &err));
    check_text(record.scope, "pool:x");
    check_text(record.doc, "{\"title\":\"é\"}");
    check_int(record.seq, 1);
    check(hash_equal(record.hash, hash_record(STR("page"), STR("a"), STR("pool:x"), record.doc)));
    check_status(tx->verbs->record_get(tx, STR("page"), STR("b"), at.arena, &record, &err), E_NOTFOUND);
    tx->verbs->end(tx);
}

static void what_is_not_committed_never_was(void **state) {
    OPENED(at);
    put(&at, "a", "public", "{}");
    StoreTx *tx = begin(&at, STORE_WRITE);
    put_in(tx, K_page, "b", "public", "{}");
    check_int(tx->verbs->head(tx), 2);
    tx->verbs->end(tx);
    check_scope(&at, "public", "1 a public\n");
    put(&at, "c", "public", "{}");
    check_scope(&at, "public", "1 a public\n2 c public\n");
    check_true(&at);
}

static void the_same_document_takes_no_seq(void **state) {
    OPENED(at);
    put(&at, "a", "public", "{}");
    put(&at, "a", "public", "{}");
    check_scope(&at, "public", "1 a public\n");
    put(&at, "a", "public", "{\"x\":1}");
    check_scope(&at, "public", "2 a public\n");
}

static void a_move_takes_two_seqs_the_live_line_first(void **state) {
    OPENED(at);
    put(&at, "a", "org:one", "{}");
    put(&at, "a", "org:two", "{}");
    check_scope(&at, "org:two", "2 a org:two\n");
    check_scope(&at, "org:one", "3 a org:one left\n");
    check_true(&at);
}

static void moving_back_takes_the_left_line_away(void **state) {
    OPENED(at);
    put(&at, "a", "org:one", "{}");
    put(&at, "a", "org:two", "{}");
    put(&at, "a", "org:one", "{}");
    check_scope(&at, "org:one", "4 a org:one\n");
    check_scope(&at, "org:two", "5 a org:two left\n");
    check_true(&at);
}

static void what_is_removed_leaves_one_line_until_it_returns(void **state) {
    OPENED(at);
    put(&at, "a", "public", "{}");
    drop(&at, "a");
    drop(&at, "a");
    check_scope(&at, "public", "2 a public left\n");
    put(&at, "a", "public", "{}");
    check_scope(&at, "public", "3 a public\n");
    check_true(&at);
}

static void a_page_merges_scopes_by_seq_and_stops_at_its_limit(void **state) {
    OPENED(at);
    put(&at, "a", "public", "{}");
    put(&at, "b", "org:one", "{}");
    put(&at, "c", "public", "{}");
    put(&at, "b", "org:two", "{}");
    FeedWant wants[] = {{STR("public"), 0, 0}, {STR("org:one"), 0, 0}, {STR("org:two"), 0, 0}};
    check_feed(&at, wants, 3, 3, "1 a public\n3 c public\n4 b org:two\n");
    check_feed(&at, wants, 3, SIZE_MAX, "1 a public\n3 c public\n4 b org:two\n5 b org:one left\n");
    wants[0].after = 1, wants[1].left_after = 5, wants[2].after = 4;
    check_feed(&at, wants, 3, SIZE_MAX, "3 c public\n");
}

static void a_snapshot_stands_while_others_commit(void **state) {
    OPENED(at);
    FeedWant want = {STR("public"), 0, 0};
    put(&at, "a", "public", "{}");
    StoreTx *reader = begin(&at, STORE_READ);
    put(&at, "b", "public", "{}");
    StoreTx *writer = begin(&at, STORE_WRITE); /* the reader does not wait for it, nor it for the reader */
    put_in(writer, K_page, "c", "public", "{}");
    check_int(reader->verbs->head(reader), 1);
    check_text(str_of(feed_in(&at, reader, &want, 1, SIZE_MAX)), "1 a public\n");
    StoreTx *second = begin(&at, STORE_READ);
    check_int(second->verbs->head(second), 2);
    (void)commit(&at, writer);
    second->verbs->end(second);
    reader->verbs->end(reader);
    check_scope(&at, "public", "1 a public\n2 b public\n3 c public\n");
}

static bool commit_names(const StoreCommit *done, const char *scope) {
    for (size_t i = 0; i < done->scope_count; i++)
        if (str_is(done->scopes[i], scope)) return true;
    return false;
}

static void a_commit_names_the_scopes_it_touched(void **state) {
    OPENED(at);
    put(&at, "a", "org:one", "{}");
    StoreTx *tx = begin(&at, STORE_WRITE);
    put_in(tx, K_page, "a", "org:two", "{}");
    put_in(tx, K_page, "b", "public", "{}");
    StoreCommit done = commit(&at, tx);
    check_int(done.head, 4);
    check_int(done.scope_count, 3);
    check(commit_names(&done, "org:one") && commit_names(&done, "org:two") && commit_names(&done, "public"));
}

static void a_commit_without_change_names_none(void **state) {
    OPENED(at);
    put(&at, "a", "public", "{}");
    StoreTx *tx = begin(&at, STORE_WRITE);
    put_in(tx, K_page, "a", "public", "{}");
    StoreCommit done = commit(&at, tx);
    check_int(done.head, 1);
    check_int(done.scope_count, 0);
}

/* Sums are kept with every change; after a thousand random ones they are what a recount makes. */
static void sums_equal_a_recount_after_random_changes(void **state) {
    OPENED(at);
    static const char *const scopes[] = {"public", "pool:x", "org:one", "org:two", "hub"};
    Rng rng = rng_seeded(20260101);
    for (int round = 0; round < 100; round++) {
        StoreTx *tx = begin(&at, STORE_WRITE);
        for (int i = 0; i < 10; i++) {
            const char *id = str_print(at.arena, "p%d", (int)rng_below(&rng, 30)).at;
            const char *doc = str_print(at.arena, "{\"x\":%d}", (int)rng_below(&rng, 3)).at;
            if (rng_below(&rng, 4) == 0)
                check_ok(tx->records.verbs->remove(&tx->records, K_page, str_of(id), &err));
            else
                put_in(tx, K_page, id, scopes[rng_below(&rng, COUNT(scopes))], doc);
        }
        if (rng_below(&rng, 5) == 0)
            tx->verbs->end(tx);
        else
            (void)commit(&at, tx);
    }
    check_true(&at);
}

static void everything_stands_after_closing(void **state) {
    OPENED(at);
    put(&at, "a", "public", "{}");
    drop(&at, "a");
    put(&at, "b", "public", "{}");
    store_close(at.store);
    at.store = NULL;
    check_ok(store_open(&at.store, at.spec, &err));
    check_scope(&at, "public", "2 a public left\n3 b public\n");
    check_true(&at);
}

static void what_does_not_fit_is_refused(void **state) {
    OPENED(at);
    StoreTx *tx = begin(&at, STORE_WRITE);
    Records *records = &tx->records;
    char *large = arena_alloc(at.arena, DOC_MAX + 1);
    check_status(records->verbs->put(records, K_page, STR("a/b"), STR("public"), STR("{}"), &err), E_INVALID);
    check_status(records->verbs->put(records, K_page, STR("a"), STR("town:x"), STR("{}"), &err), E_INVALID);
    check_status(
        records->verbs->put(records, K_page, STR("a"), STR("public"), (Str){large, DOC_MAX + 1}, &err),
        E_TOOBIG);
    tx->verbs->end(tx);
}

static void a_list_goes_on_behind_its_last_id(void **state) {
    OPENED(at);
    StoreRecord *found = NULL;
    size_t count = 0;
    put(&at, "a", "public", "{}");
    put(&at, "b", "org:one", "{}");
    put(&at, "c", "public", "{}");
    StoreTx *tx = begin(&at, STORE_READ);
    StoreList list = {.kind = STR("page"), .after = STR("a"), .limit = 10};
    check_ok(tx->verbs->record_list(tx, &list, at.arena, &found, &count, &err));
    check_int(count, 2);
    check_text(found[0].id, "b");
    list = (StoreList){.kind = STR("page"), .scope = STR("public"), .limit = 1};
    check_ok(tx->verbs->record_list(tx, &list, at.arena, &found, &count, &err));
    check_int(count, 1);
    check_text(found[0].id, "a");
    tx->verbs->end(tx);
}

static void a_purge_leaves_its_floor(void **state) {
    OPENED(at);
    int64_t floor = -1;
    put(&at, "a", "public", "{}");
    put(&at, "b", "public", "{}");
    drop(&at, "a");
    drop(&at, "b");
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_ok(tx->verbs->left_purge(tx, STR("public"), 3, &err));
    (void)commit(&at, tx);
    check_scope(&at, "public", "4 b public left\n");
    tx = begin(&at, STORE_READ);
    check_ok(tx->verbs->floor_get(tx, STR("public"), &floor, &err));
    check_int(floor, 3);
    check_ok(tx->verbs->floor_get(tx, STR("pool:x"), &floor, &err));
    check_int(floor, 0);
    tx->verbs->end(tx);
}

static void check_left_newest(StoreTx *tx, const char *scope, int64_t upto, int64_t expected) {
    Err err = {0};
    int64_t seq = -1;
    check_ok(tx->verbs->left_newest(tx, str_of(scope), upto, &seq, &err));
    check_int(seq, expected);
}

static void the_newest_left_line_is_told(void **state) {
    OPENED(at);
    put(&at, "a", "public", "{}");
    put(&at, "b", "public", "{}");
    drop(&at, "a");
    drop(&at, "b");
    put(&at, "c", "public", "{}");
    StoreTx *tx = begin(&at, STORE_READ);
    check_left_newest(tx, "public", 100, 4);
    check_left_newest(tx, "public", 3, 3);
    check_left_newest(tx, "public", 2, 0);
    check_left_newest(tx, "org:x", 100, 0);
    tx->verbs->end(tx);
}

/* ---- several processes ---- */

static void an_unshared_store_is_served_by_one_process(void **state) {
    OPENED(at);
    if (at.opener->shared) return;
    Store *second = NULL;
    check_status(store_open(&second, at.spec, &err), E_BUSY);
    check_contains(err.text, "another process");
    check_status(store_create(at.spec, NOW, &err), E_EXISTS);
    check_ok(at.store->verbs->reach(at.store, &err));
}

typedef struct Heard {
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    int64_t head;
    bool org, public;
} Heard;

static void heard_change(void *self, const StoreCommit *commit) {
    Heard *heard = self;
    pthread_mutex_lock(&heard->mutex);
    heard->head = commit->head;
    heard->org = heard->org || commit_names(commit, "org:one");
    heard->public = heard->public || commit_names(commit, "public");
    pthread_cond_signal(&heard->moved);
    pthread_mutex_unlock(&heard->mutex);
}

static void heard_wait(Heard *heard, int64_t head, bool public) {
    pthread_mutex_lock(&heard->mutex);
    while (heard->head < head || (public && !heard->public)) pthread_cond_wait(&heard->moved, &heard->mutex);
    pthread_mutex_unlock(&heard->mutex);
}

/* Two handles on one store, as two processes have them. */
typedef struct Pair {
    Fixture one, two;
} Pair;

static Pair pair_open(Fixture *at) {
    Err err = {0};
    Pair pair = {*at, *at};
    check_ok(store_open(&pair.two.store, at->spec, &err));
    return pair;
}

static Pair pair_open_or_same(Fixture *at) {
    return at->opener->shared ? pair_open(at) : (Pair){*at, *at};
}

static void sharers_number_as_one(void **state) {
    OPENED(at);
    if (!at.opener->shared) return;
    Pair pair = pair_open(&at);
    for (int i = 0; i < 10; i++)
        put(i % 2 ? &pair.one : &pair.two, str_print(at.arena, "p%d", i).at, "public", "{}");
    check_scope(&at, "public",
                "1 p0 public\n2 p1 public\n3 p2 public\n4 p3 public\n5 p4 public\n6 p5 public\n7 p6 public\n"
                "8 p7 public\n9 p8 public\n10 p9 public\n");
    put(&pair.one, "p3", "org:one", "{}");
    drop(&pair.two, "p4");
    check_true(&at);
    store_close(pair.two.store);
}

/* Whether it is told at once or by looking now and then: it is told, of every scope. */
static void sharers_hear_of_each_other(void **state) {
    OPENED(at);
    if (!at.opener->shared) return;
    Heard one = {.mutex = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER}, two = one;
    Pair pair = pair_open(&at);
    at.store->verbs->watch(at.store, &(StoreWatch){&one, heard_change});
    put(&pair.two, "a", "org:one", "{}"); /* who does not watch does not tell: found by looking */
    heard_wait(&one, 1, false);
    check(one.org && !one.public);
    pair.two.store->verbs->watch(pair.two.store, &(StoreWatch){&two, heard_change});
    put(&pair.two, "b", "public", "{}");
    put(&pair.two, "b", "org:one", "{}");
    heard_wait(&one, 4, true); /* one commit, two scopes */
    put(&pair.one, "c", "public", "{}");
    heard_wait(&two, 5, true);
    at.store->verbs->watch(at.store, NULL);
    store_close(pair.two.store);
}

typedef struct Adding {
    Fixture at;
    int first;
} Adding;

enum { ADDED_EACH = 25 };

static void *add_many(void *of) {
    Adding *adding = of;
    Arena *arena = arena_open();
    adding->at.arena = arena; /* one thread, one arena */
    for (int i = 0; i < ADDED_EACH; i++)
        put(&adding->at, str_print(arena, "n%d", adding->first + i).at, i % 3 ? "public" : "org:one", "{}");
    arena_close(arena);
    return NULL;
}

/* PROTOCOL 1: once a reader has seen N, nothing with a smaller seq ever appears. */
static void seqs_appear_in_the_order_of_commits(void **state) {
    OPENED(at);
    pthread_t threads[2];
    Pair pair = pair_open_or_same(&at);
    Adding adding[2] = {{pair.one, 0}, {pair.two, ADDED_EACH}};
    for (size_t i = 0; i < 2; i++) check_int(pthread_create(&threads[i], NULL, add_many, &adding[i]), 0);
    int64_t seen = 0, lines = 0;
    while (lines < 2 * ADDED_EACH) {
        FeedWant wants[] = {{STR("public"), seen, seen}, {STR("org:one"), seen, seen}};
        StoreTx *tx = begin(&at, STORE_READ);
        const char *text = feed_in(&at, tx, wants, 2, SIZE_MAX);
        int64_t head = tx->verbs->head(tx), before = lines;
        for (; *text; text++) lines += *text == '\n';
        check_int(head - seen, lines - before); /* no hole that could be filled later */
        seen = head;
        tx->verbs->end(tx);
    }
    for (size_t i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    if (pair.two.store != pair.one.store) store_close(pair.two.store);
    check_true(&at);
}

int store_suite_run(const StoreOpener *opener) {
#define TEST(name) cmocka_unit_test_prestate(name, state)
    void *state = (void *)(uintptr_t)opener;
    const struct CMUnitTest tests[] = {
        TEST(a_new_store_is_empty_and_has_an_epoch),
        TEST(what_is_committed_is_there_with_its_hash),
        TEST(what_is_not_committed_never_was),
        TEST(the_same_document_takes_no_seq),
        TEST(a_move_takes_two_seqs_the_live_line_first),
        TEST(moving_back_takes_the_left_line_away),
        TEST(what_is_removed_leaves_one_line_until_it_returns),
        TEST(a_page_merges_scopes_by_seq_and_stops_at_its_limit),
        TEST(a_snapshot_stands_while_others_commit),
        TEST(a_commit_names_the_scopes_it_touched),
        TEST(a_commit_without_change_names_none),
        TEST(sums_equal_a_recount_after_random_changes),
        TEST(everything_stands_after_closing),
        TEST(what_does_not_fit_is_refused),
        TEST(a_list_goes_on_behind_its_last_id),
        TEST(a_purge_leaves_its_floor),
        TEST(the_newest_left_line_is_told),
        TEST(an_unshared_store_is_served_by_one_process),
        TEST(sharers_number_as_one),
        TEST(sharers_hear_of_each_other),
        TEST(seqs_appear_in_the_order_of_commits),
    };
    int failed = cmocka_run_group_tests_name(opener->name, tests, NULL, NULL);
    return failed + store_tables_suite_run(opener);
}
