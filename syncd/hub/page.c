/* One page of the feed (PROTOCOL 3): header, lines, trailer, all from the snapshot of one transaction. */
#include "syncd/hub/inside.h"

#include "common/wire/secret.h"

#include <inttypes.h>

enum { TRAILER_FIXED = 256, TRAILER_PER_SCOPE = SCOPE_MAX + 64 };

typedef struct Plan {
    StoreTx *tx;
    const Grants *grants;
    const FeedAsk *ask;
    Arena *arena;
    FeedHeader header;
    FeedWant *wants;
    CursorItem *acknowledged;
    size_t acknowledged_count;
    bool other_epoch;
    bool must_tell; /* a load begins or ends, or something is revoked: not to be held back */
} Plan;

typedef struct Writing {
    Buf *text;
    size_t room; /* bytes that lines may take */
    size_t limit, lines;
    int64_t last;
    bool full;
} Writing;

static const CursorItem *item_of(const FeedAsk *ask, Str scope) {
    for (size_t i = 0; i < ask->item_count; i++)
        if (str_equal(ask->items[i].scope, scope)) return &ask->items[i];
    return NULL;
}

static Str *list_add(Arena *arena, ScopeList *list, size_t max) {
    if (!list->at) list->at = ARENA_ARRAY(arena, Str, max + 1);
    return &list->at[list->count++];
}

/* A server that is behind its client (a stale copy) must not answer: 409, and the client tries its next
 * address. */
static Status behind_check(const Plan *plan, Err *err) {
    if (plan->other_epoch) return OK;
    for (size_t i = 0; i < plan->ask->item_count; i++) {
        const CursorItem *item = &plan->ask->items[i];
        if (item->seq > plan->header.head || item->head0 > plan->header.head)
            return err_set_code(err, E_EXISTS, "behind", "the cursor is ahead of this server's head");
    }
    return OK;
}

static Status plan_revoked(Plan *plan, Err *err) {
    (void)err;
    for (size_t i = 0; i < plan->ask->item_count; i++) {
        Str scope = plan->ask->items[i].scope;
        if (grants_have(plan->grants, scope)) continue;
        *list_add(plan->arena, &plan->header.revoked, plan->ask->item_count) = scope;
        plan->must_tell = true;
    }
    return OK;
}

/* Where the scope continues; a load that begins here knows no `left` lines, one under way none at or below
 * its head0. */
static Status plan_scope(Plan *plan, Str scope, FeedWant *want, Err *err) {
    const CursorItem *item = item_of(plan->ask, scope);
    bool loading = item && item->head0 >= 0;
    int64_t floor = 0;
    *want = (FeedWant){scope, 0, plan->header.head};
    plan->must_tell = plan->must_tell || loading || !item;
    if (!item) return OK;
    TRY(plan->tx->verbs->floor_get(plan->tx, scope, &floor, err));
    if (plan->other_epoch || (loading ? item->head0 : item->seq) < floor) {
        *list_add(plan->arena, &plan->header.reload, plan->grants->scopes.count) = scope;
        plan->must_tell = true;
        return OK;
    }
    plan->acknowledged[plan->acknowledged_count++] =
        (CursorItem){scope, loading ? item->head0 : item->seq, -1};
    want->after = item->seq;
    want->left_after = loading && item->head0 > item->seq ? item->head0 : item->seq;
    return OK;
}

static Status plan_make(Plan *plan, Err *err) {
    const ScopeList *granted = &plan->grants->scopes;
    plan->header.head = plan->tx->verbs->head(plan->tx);
    plan->header.scopes = *granted;
    TRY(store_epoch(plan->tx, plan->arena, &plan->header.epoch, err));
    plan->other_epoch = !plan->ask->epoch.at || !str_equal(plan->ask->epoch, plan->header.epoch);
    TRY(behind_check(plan, err));
    TRY(plan_revoked(plan, err));
    plan->wants = ARENA_ARRAY(plan->arena, FeedWant, granted->count + 1);
    plan->acknowledged = ARENA_ARRAY(plan->arena, CursorItem, granted->count + 1);
    for (size_t i = 0; i < granted->count; i++) TRY(plan_scope(plan, granted->at[i], &plan->wants[i], err));
    return OK;
}

/* The line that does not fit is taken back; a page always has one, so that every load ends. */
static Status line_take(void *of, const FeedLine *line, bool *more, Err *err) {
    (void)err;
    Writing *writing = of;
    size_t before = writing->text->len;
    *more = false;
    if (writing->lines == writing->limit) {
        writing->full = true;
        return OK;
    }
    feed_line_write(writing->text, line);
    if (writing->text->len > writing->room && writing->lines > 0) {
        writing->text->len = before;
        writing->text->at[before] = '\0';
        writing->full = true;
        return OK;
    }
    writing->lines++;
    writing->last = line->seq;
    *more = true;
    return OK;
}

/* One line beyond the limit is asked for: whether it is there says whether there is more. */
static Status lines_write(const Plan *plan, Writing *writing, Err *err) {
    FeedSink sink = {writing, line_take};
    return plan->tx->verbs->feed(plan->tx, plan->wants, plan->grants->scopes.count, writing->limit + 1, &sink,
                                 err);
}

static Status sums_read(const Plan *plan, FeedTrailer *trailer, Err *err) {
    const ScopeList *scopes = &plan->grants->scopes;
    trailer->sums = ARENA_ARRAY(plan->arena, ScopeSum, scopes->count + 1);
    trailer->sum_count = scopes->count;
    for (size_t i = 0; i < scopes->count; i++) {
        trailer->sums[i].scope = scopes->at[i];
        TRY(plan->tx->verbs->scope_sum(plan->tx, scopes->at[i], &trailer->sums[i].sum, err));
    }
    return OK;
}

/* Over epoch, scopes and sums; not over the head, which moves with what concerns others. */
static HashHex etag_make(const Plan *plan, const FeedTrailer *trailer) {
    AUTO(buf_free) Buf text = buf_new((trailer->sum_count + 1) * (SCOPE_MAX + 80));
    HashHex etag;
    buf_add(&text, plan->header.epoch);
    for (size_t i = 0; i < trailer->sum_count; i++) {
        const ScopeSum *sum = &trailer->sums[i];
        buf_print(&text, "\n%.*s %" PRId64 " %s", STR_FORMAT(sum->scope), sum->sum.count,
                  sum_hex(sum->sum).text);
    }
    Str hash = blake2b_hex(plan->arena, HASH_BYTES, buf_str(&text));
    for (size_t i = 0; i < sizeof(etag.text); i++) etag.text[i] = i < hash.len ? hash.at[i] : '\0';
    return etag;
}

static Status trailer_write(const Plan *plan, const Writing *writing, FeedPage *page, Err *err) {
    FeedTrailer trailer = {.complete = !writing->full,
                           .seq = writing->full ? writing->last : plan->header.head};
    if (trailer.complete) {
        TRY(sums_read(plan, &trailer, err));
        page->etag = etag_make(plan, &trailer);
    }
    feed_trailer_write(&page->text, &trailer);
    return page->text.over ? err_set(err, E_INTERNAL, "a page of the feed is too long") : OK;
}

static Str cursor_text(Arena *arena, const CursorItem *items, size_t count) {
    AUTO(buf_free) Buf text = buf_new((count + 1) * (SCOPE_MAX + 24));
    cursor_write(&text, items, count);
    return str_copy(arena, buf_str(&text));
}

/* A 304 acknowledges the head for everything that is granted (PROTOCOL 3). */
Str page_head_acknowledged(const FeedPage *page, Arena *arena) {
    CursorItem *items = ARENA_ARRAY(arena, CursorItem, page->scopes.count + 1);
    for (size_t i = 0; i < page->scopes.count; i++)
        items[i] = (CursorItem){page->scopes.at[i], page->head, -1};
    return cursor_text(arena, items, page->scopes.count);
}

Status page_make(StoreTx *tx, const Grants *grants, const FeedAsk *ask, Arena *arena, FeedPage *out,
                 Err *err) {
    Plan plan = {.tx = tx, .grants = grants, .ask = ask, .arena = arena};
    size_t reserve = TRAILER_FIXED + grants->scopes.count * TRAILER_PER_SCOPE;
    out->head = tx->verbs->head(tx);
    TRY(plan_make(&plan, err));
    out->text = buf_new(PAGE_BYTES_MAX + FEED_LINE_MAX); /* a line too many is taken back */
    Writing writing = {.text = &out->text, .room = PAGE_BYTES_MAX - reserve, .limit = ask->limit};
    feed_header_write(&out->text, &plan.header);
    TRY(lines_write(&plan, &writing, err));
    TRY(trailer_write(&plan, &writing, out, err));
    out->epoch = plan.header.epoch;
    out->scopes = grants->scopes;
    out->complete = !writing.full;
    if (plan.acknowledged_count)
        out->acknowledged = cursor_text(arena, plan.acknowledged, plan.acknowledged_count);
    out->nothing_new = out->complete && writing.lines == 0 && !plan.must_tell;
    return OK;
}
