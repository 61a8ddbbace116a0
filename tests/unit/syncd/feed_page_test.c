/* A replica in fifty lines follows PROTOCOL 3 to the letter, over pages of one to three lines, cut anywhere,
 * while records move, grants change and left lines are purged. Whenever it is told `complete`, it must hold
 * exactly what the hub held at H. */
#include "common/base/rng.h"
#include "syncd/hub/inside.h"
#include "tests/harness/test_hub.h"

#include <inttypes.h>
#include <stdlib.h>

enum { LINES_MAX = 4000, SCOPES_HELD_MAX = 32 };
#define DEVICE "0192f0c1-7a00-7000-8000-0000000000d1"

typedef struct Local {
    Str kind, id, scope;
    Hash hash;
    int64_t seq;
    bool left, mentioned;
} Local;

typedef struct Replica {
    TestHub *hub;
    Arena *arena;
    Rng rng;
    Str epoch;
    CursorItem items[SCOPES_HELD_MAX];
    size_t item_count;
    Local staged[LINES_MAX], held[LINES_MAX];
    size_t staged_count, held_count;
    int completed, reloads, revocations;
} Replica;

static CursorItem *item_at(Replica *at, Str scope) {
    for (size_t i = 0; i < at->item_count; i++)
        if (str_equal(at->items[i].scope, scope)) return &at->items[i];
    return NULL;
}

static size_t drop_scope(Local *list, size_t count, Str scope) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!str_equal(list[i].scope, scope)) list[kept++] = list[i];
    return kept;
}

static void load_begin(Replica *at, Str scope, int64_t head) {
    CursorItem *item = item_at(at, scope);
    if (!item) item = &at->items[at->item_count++];
    check(at->item_count < SCOPES_HELD_MAX);
    *item = (CursorItem){str_copy(at->arena, scope), 0, head};
    at->staged_count = drop_scope(at->staged, at->staged_count, scope);
}

static void scope_revoke(Replica *at, Str scope) {
    CursorItem *item = item_at(at, scope);
    check(item != NULL);
    at->staged_count = drop_scope(at->staged, at->staged_count, scope);
    at->held_count = drop_scope(at->held, at->held_count, scope);
    *item = at->items[--at->item_count];
    at->revocations++;
}

static void header_apply(Replica *at, const FeedHeader *header) {
    at->epoch = str_copy(at->arena, header->epoch);
    for (size_t i = 0; i < header->revoked.count; i++) scope_revoke(at, header->revoked.at[i]);
    for (size_t i = 0; i < header->reload.count; i++, at->reloads++)
        load_begin(at, header->reload.at[i], header->head);
    for (size_t i = 0; i < header->scopes.count; i++)
        if (!item_at(at, header->scopes.at[i])) load_begin(at, header->scopes.at[i], header->head);
    check_int(at->item_count, header->scopes.count);
}

static bool same_line(const Local *local, const FeedLine *line) {
    return str_equal(local->kind, line->kind) && str_equal(local->id, line->id) &&
           str_equal(local->scope, line->scope);
}

static void stage(Replica *at, const FeedLine *line) {
    size_t i = 0;
    check(feed_line_is_true(line));
    while (i < at->staged_count && !same_line(&at->staged[i], line)) i++;
    check(i < LINES_MAX);
    if (i == at->staged_count) at->staged_count++;
    at->staged[i] = (Local){.kind = str_copy(at->arena, line->kind),
                            .id = str_copy(at->arena, line->id),
                            .scope = str_copy(at->arena, line->scope),
                            .hash = line->hash,
                            .seq = line->seq,
                            .left = line->left};
}

static void cursors_raise(Replica *at, int64_t seq) {
    for (size_t i = 0; i < at->item_count; i++)
        if (at->items[i].seq < seq) at->items[i].seq = seq;
}

/* ---- complete ---- */

static int by_seq(const void *a, const void *b) {
    int64_t left = ((const Local *)a)->seq, right = ((const Local *)b)->seq;
    return (left > right) - (left < right);
}

static size_t held_find(const Replica *at, const Local *line) {
    size_t i = 0;
    while (i < at->held_count &&
           !(str_equal(at->held[i].kind, line->kind) && str_equal(at->held[i].id, line->id)))
        i++;
    return i;
}

static void line_apply(Replica *at, const Local *line) {
    size_t i = held_find(at, line);
    if (line->left) {
        if (i < at->held_count && str_equal(at->held[i].scope, line->scope))
            at->held[i] = at->held[--at->held_count];
        return;
    }
    if (i == at->held_count) at->held_count++;
    at->held[i] = *line;
    at->held[i].mentioned = true;
}

static void sweep(Replica *at) {
    size_t kept = 0;
    for (size_t i = 0; i < at->held_count; i++) {
        const CursorItem *item = item_at(at, at->held[i].scope);
        bool loading = item && item->head0 >= 0;
        if (!loading || at->held[i].mentioned) at->held[kept++] = at->held[i];
    }
    at->held_count = kept;
}

static Sum sum_of(const Replica *at, Str scope) {
    Sum sum = {0};
    for (size_t i = 0; i < at->held_count; i++)
        if (str_equal(at->held[i].scope, scope)) sum_add(&sum, at->held[i].hash);
    return sum;
}

static void complete_apply(Replica *at, const FeedTrailer *trailer) {
    for (size_t i = 0; i < at->held_count; i++) at->held[i].mentioned = false;
    qsort(at->staged, at->staged_count, sizeof(Local), by_seq);
    for (size_t i = 0; i < at->staged_count; i++) line_apply(at, &at->staged[i]);
    sweep(at);
    at->staged_count = 0;
    for (size_t i = 0; i < at->item_count; i++)
        at->items[i] = (CursorItem){at->items[i].scope, trailer->seq, -1};
    check_int(trailer->sum_count, at->item_count);
    for (size_t i = 0; i < trailer->sum_count; i++)
        check(sum_equal(trailer->sums[i].sum, sum_of(at, trailer->sums[i].scope)));
    at->completed++;
}

/* ---- one pull ---- */

static void lines_apply(Replica *at, Str text) {
    Err err = {0};
    Str rest = text, line;
    bool cut = rng_below(&at->rng, 4) == 0;
    while (str_cut(&rest, '\n', &line) && line.len > 0) {
        FeedLine feed;
        FeedTrailer trailer;
        if (cut && rng_below(&at->rng, 3) == 0) return; /* resumes behind the last staged line */
        if (feed_part_of(line) == FEED_TRAILER) {
            check_ok(feed_trailer_read(at->arena, line, &trailer, &err));
            if (trailer.complete)
                complete_apply(at, &trailer);
            else
                cursors_raise(at, trailer.seq);
            return;
        }
        check_ok(feed_line_scan(line, &feed, &err));
        stage(at, &feed);
        cursors_raise(at, feed.seq);
    }
}

/* What the hub holds in the granted scopes at this very snapshot, counted. */
static void check_equal_to_hub(const Replica *at, StoreTx *tx) {
    Err err = {0};
    for (size_t i = 0; i < at->item_count; i++) {
        Sum sum;
        check_ok(tx->verbs->scope_recount(tx, at->items[i].scope, &sum, &err));
        check(sum_equal(sum, sum_of(at, at->items[i].scope)));
    }
}

static void pull(Replica *at, size_t limit) {
    Err err = {0};
    AUTO(arena_close_auto) Arena *scratch = arena_open();
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Grants grants;
    FeedPage page = {0};
    FeedHeader header;
    Str rest, first;
    int completed = at->completed;
    FeedAsk ask = {at->epoch, at->items, at->item_count, limit};
    check_ok(store_begin(at->hub->store, STORE_READ, &tx, &err));
    check_ok(grants_read(tx, STR(DEVICE), scratch, &grants, &err));
    check_ok(page_make(tx, &grants, &ask, scratch, &page, &err));
    rest = buf_str(&page.text);
    check(str_cut(&rest, '\n', &first));
    check_ok(feed_header_read(scratch, first, &header, &err));
    check(header.head >= 0 && page.head == header.head);
    header_apply(at, &header);
    lines_apply(at, rest);
    buf_free(&page.text);
    if (at->completed > completed) check_equal_to_hub(at, tx);
}

/* ---- the world around it ---- */

static Replica *replica_open(uint64_t seed) {
    Arena *arena = arena_open();
    Replica *at = ARENA_NEW(arena, Replica);
    at->arena = arena;
    at->rng = rng_seeded(seed);
    at->hub = test_hub_open();
    test_put(at->hub, K_device, DEVICE, "device:" DEVICE,
             "{\"name\":\"B\",\"org\":\"olivet\",\"site\":\"olivet-mairie\",\"state\":\"active\",\"token_"
             "hash\":\"\"}");
    return at;
}

static void replica_close(Replica *at) {
    test_hub_close(at->hub);
    arena_close(at->arena);
}

static const char *const scopes[] = {"public",    "pool:agglo",         "pool:other",    "org:olivet",
                                     "org:saran", "site:olivet-mairie", "device:" DEVICE};

static void change_record(Replica *at) {
    const char *id = str_print(at->arena, "p%d", (int)rng_below(&at->rng, 12)).at;
    if (rng_below(&at->rng, 5) == 0)
        test_remove(at->hub, K_page, id);
    else
        test_put(at->hub, K_page, id, scopes[rng_below(&at->rng, COUNT(scopes))],
                 str_print(at->arena, "{\"x\":%d}", (int)rng_below(&at->rng, 4)).at);
}

static void change_grants(Replica *at) {
    bool member = rng_below(&at->rng, 2), saran = rng_below(&at->rng, 3) == 0;
    test_put(at->hub, K_pool, "agglo", "public",
             member ? "{\"members\":[\"olivet\",\"saran\"],\"name\":\"Agglo\"}"
                    : "{\"members\":[],\"name\":\"Agglo\"}");
    test_put(at->hub, K_site, "olivet-mairie", "public",
             saran ? "{\"name\":\"M\",\"org\":\"saran\"}" : "{\"name\":\"M\",\"org\":\"olivet\"}");
}

static void purge_some(Replica *at) {
    Err err = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreCommit commit;
    check_ok(store_begin(at->hub->store, STORE_WRITE, &tx, &err));
    int64_t head = tx->verbs->head(tx), floor = head - (int64_t)rng_below(&at->rng, 4);
    Str scope = str_of(scopes[rng_below(&at->rng, COUNT(scopes))]);
    check_ok(tx->verbs->left_purge(tx, scope, floor > 0 ? floor : 0, &err));
    check_ok(tx->verbs->commit(tx, at->arena, &commit, &err));
}

static void happen(Replica *at) {
    uint64_t dice = rng_below(&at->rng, 40);
    if (dice < 20) change_record(at);
    if (dice == 20) change_grants(at);
    if (dice == 21) purge_some(at);
}

static void a_replica_equals_the_hub_whenever_it_is_complete(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        Replica *at = replica_open(seed);
        for (int step = 0; step < 250; step++) {
            for (uint64_t many = rng_below(&at->rng, 6); many > 0; many--) happen(at);
            pull(at, 1 + (size_t)rng_below(&at->rng, 3));
        }
        int completed = at->completed;
        for (int step = 0; step < 200 && at->completed < completed + 2; step++) pull(at, 3);
        check(at->completed == completed + 2);
        check(at->completed > 5 && at->reloads > 0 && at->revocations > 0);
        replica_close(at);
    }
}

/* PROTOCOL 11.7 by hand: loaded a line at a time, the record goes A→B→A between two pages. */
static void a_record_that_goes_and_comes_back_while_it_is_paged_is_kept(void **state) {
    (void)state;
    Replica *at = replica_open(7);
    test_put(at->hub, K_page, "wanderer", "org:olivet", "{}");
    for (int turn = 0; turn < 60 && at->completed < 2; turn++) {
        pull(at, 1);
        if (turn % 5 == 2) test_put(at->hub, K_page, "wanderer", "pool:agglo", "{}");
        if (turn % 5 == 3) test_put(at->hub, K_page, "wanderer", "org:olivet", "{}");
    }
    check(at->completed > 0);
    for (int turn = 0; turn < 10; turn++) pull(at, 5000);
    Local wanted = {.kind = STR("page"), .id = STR("wanderer")};
    check(held_find(at, &wanted) < at->held_count);
    replica_close(at);
}

static void a_load_ends_though_something_changes_before_every_page(void **state) {
    (void)state;
    Replica *at = replica_open(8);
    int turn = 0;
    for (; turn < 200 && at->completed == 0; turn++) {
        if (turn % 2)
            test_put(at->hub, K_page, "busy", "public", str_print(at->arena, "{\"x\":%d}", turn).at);
        pull(at, 1);
    }
    check(at->completed > 0);
    replica_close(at);
}

static void a_long_load_stays_under_four_mebibytes_a_page(void **state) {
    (void)state;
    enum { BODY = 100 * 1024, PAGES = 100 };
    Replica *at = replica_open(9);
    Err err = {0};
    char *text = arena_alloc(at->arena, BODY + 1);
    for (size_t i = 0; i < BODY; i++) text[i] = 'a';
    for (int i = 0; i < PAGES; i++)
        test_put(at->hub, K_page, str_print(at->arena, "p%d", i).at, "public",
                 str_print(at->arena, "{\"body\":\"%s\"}", text).at);
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Grants grants;
    FeedPage page = {0};
    FeedAsk ask = {.limit = PAGE_RECORDS_MAX};
    check_ok(store_begin(at->hub->store, STORE_READ, &tx, &err));
    check_ok(grants_read(tx, STR(DEVICE), at->arena, &grants, &err));
    check_ok(page_make(tx, &grants, &ask, at->arena, &page, &err));
    check(!page.complete && page.text.len <= PAGE_BYTES_MAX && page.text.len > PAGE_BYTES_MAX - 2 * BODY);
    buf_free(&page.text);
    store_end_auto(&tx);
    replica_close(at);
}

/* Nothing new for somebody who is caught up; but a scope that is new to him, though empty, must be told at
 * once. */
static void the_begin_and_the_end_of_a_load_are_news(void **state) {
    (void)state;
    Err err = {0};
    Replica *at = replica_open(10);
    while (at->completed == 0) pull(at, 5000);
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Grants grants;
    check_ok(store_begin(at->hub->store, STORE_READ, &tx, &err));
    check_ok(grants_read(tx, STR(DEVICE), at->arena, &grants, &err));
    bool expected[] = {true, false, false};
    for (size_t i = 0; i < COUNT(expected); i++) {
        FeedPage page = {0};
        FeedAsk ask = {at->epoch, at->items, at->item_count, 10};
        CursorItem *site = item_at(at, STR("site:olivet-mairie"));
        if (i == 1) site->head0 = site->seq; /* a load under way, nothing left of it */
        if (i == 2) *site = at->items[at->item_count - 1], ask.item_count--; /* not asked for so far */
        check_ok(page_make(tx, &grants, &ask, at->arena, &page, &err));
        check(page.complete && page.nothing_new == expected[i]);
        buf_free(&page.text);
    }
    store_end_auto(&tx);
    replica_close(at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replica_equals_the_hub_whenever_it_is_complete),
        cmocka_unit_test(a_record_that_goes_and_comes_back_while_it_is_paged_is_kept),
        cmocka_unit_test(a_load_ends_though_something_changes_before_every_page),
        cmocka_unit_test(the_begin_and_the_end_of_a_load_are_news),
        cmocka_unit_test(a_long_load_stays_under_four_mebibytes_a_page),
    };
    return cmocka_run_group_tests_name("pages of the feed", tests, NULL, NULL);
}
