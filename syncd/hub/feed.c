/* GET /v1/feed (PROTOCOL 3): a page, or the request is held until something in its scopes changes. */
#include "syncd/hub/inside.h"

#include "common/wire/gzip.h"

enum { GZIP_WORTH_BYTES = 1400 }; /* what goes in one packet anyway is not packed */

static Status number_of(HttpRequest *request, const char *name, int64_t least, int64_t most,
                        int64_t otherwise, int64_t *out, Err *err) {
    Str text = http_query(request, name);
    *out = otherwise;
    if (!text.at) return OK;
    if (!str_to_int(text, out) || *out < least)
        return err_set_field(err, name, "%s must be a number, at least %lld", name, (long long)least);
    if (*out > most) *out = most;
    return OK;
}

static Status ask_read(HttpRequest *request, Arena *arena, FeedAsk *ask, Err *err) {
    CursorItem *items = NULL;
    int64_t limit = 0;
    Str cursor = http_query(request, "cursor");
    TRY(number_of(request, "limit", 1, PAGE_RECORDS_MAX, PAGE_RECORDS_MAX, &limit, err));
    ask->epoch = http_query(request, "epoch");
    ask->limit = (size_t)limit;
    if (cursor.len == 0) return OK;
    TRY(cursor_read(arena, cursor, &items, &ask->item_count, err));
    ask->items = items;
    return OK;
}

static Status page_read(HttpRequest *request, Arena *arena, FeedPage *page, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Grants grants;
    FeedAsk ask = {0};
    TRY(ask_read(request, arena, &ask, err));
    TRY(hub_read(request, &tx, err));
    TRY(grants_read(tx, visit_of(request)->token.subject, arena, &grants, err));
    if (grants.revoked) return denied_revoked(err);
    Status status = page_make(tx, &grants, &ask, arena, page, err);
    if (status == E_EXISTS) http_problem_int(request, "head", page->head);
    return status;
}

static bool accepts_gzip(HttpRequest *request) {
    Str rest = http_header(request, "Accept-Encoding"), part;
    while (str_cut(&rest, ',', &part)) {
        Str coding;
        Str parameters = part;
        str_cut(&parameters, ';', &coding);
        if (str_is(str_trim(coding), "gzip") && !str_is(str_trim(parameters), "q=0")) return true;
    }
    return false;
}

static Status page_pack(HttpRequest *request, Buf *text, Err *err) {
    if (text->len < GZIP_WORTH_BYTES || !accepts_gzip(request)) return OK;
    Buf packed = buf_new(PAGE_BYTES_MAX + 64 * 1024);
    Status status = gzip_pack(&packed, buf_str(text), GZIP_WIRE_LEVEL, err);
    buf_free(text);
    *text = packed;
    http_set_header(request, "Content-Encoding", STR("gzip"));
    return status;
}

static bool is_known_to_client(HttpRequest *request, const FeedPage *page) {
    Str said = str_trim(http_header(request, "If-None-Match"));
    if (str_starts(said, STR("\"")) && str_ends(said, STR("\""))) said = (Str){said.at + 1, said.len - 2};
    return page->nothing_new && said.at && str_is(said, page->etag.text);
}

static void page_acknowledged(HttpRequest *request, Str cursor) {
    Hub *hub = hub_of(request);
    acks_note(
        hub->acks,
        &(StoreAck){.device = visit_of(request)->token.subject, .seen = hub_now(hub), .cursor = cursor});
}

static Status page_answer(HttpRequest *request, FeedPage *page, Arena *arena, Err *err) {
    if (page->complete)
        http_set_header(request, "ETag", str_print(http_arena(request), "\"%s\"", page->etag.text));
    http_set_header(request, "Cache-Control", STR("no-store"));
    http_set_header(request, "Vary", STR("Accept-Encoding"));
    if (is_known_to_client(request, page)) {
        page_acknowledged(request, page_head_acknowledged(page, arena));
        http_reply(request, 304, NULL, STR(""));
        return OK;
    }
    page_acknowledged(request, page->acknowledged);
    TRY(page_pack(request, &page->text, err));
    http_reply_buf(request, 200, "application/x-ndjson", &page->text);
    return OK;
}

/* The time of waiting counts from the first look, however often the request is woken in between. */
static Status wait_until(HttpRequest *request, Visit *visit, Err *err) {
    int64_t seconds = 0;
    if (visit->hold_until) return OK;
    TRY(number_of(request, "wait", 0, FEED_WAIT_MAX_S, 0, &seconds, err));
    visit->hold_until = http_steady(request) + seconds * SECOND_MS;
    return OK;
}

/* *held: the request is parked; *again: something changed between reading and parking. */
static void page_hold(HttpRequest *request, const FeedPage *page, bool *held, bool *again) {
    Visit *visit = visit_of(request);
    bool stopping = false;
    *held = *again = false;
    if (!page->nothing_new || http_steady(request) >= visit->hold_until) return;
    *held = waiters_park(hub_of(request)->waiters, &visit->waiter, &page->scopes, page->head,
                         visit->hold_until, &stopping);
    *again = !*held && !stopping;
}

/* What is read lives only as long as the reading: a held request keeps its place in the queues and nothing
 * more. */
static Status page_try(HttpRequest *request, bool *again, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    bool held = false;
    FeedPage page = {0};
    Status status = page_read(request, arena, &page, err);
    *again = false;
    if (status == OK) page_hold(request, &page, &held, again);
    if (status == OK && !held && !*again) status = page_answer(request, &page, arena, err);
    buf_free(&page.text);
    return status;
}

Status handle_feed(HttpRequest *request, Err *err) {
    bool again = true;
    waiters_leave(hub_of(request)->waiters, &visit_of(request)->waiter);
    TRY(wait_until(request, visit_of(request), err));
    while (again) TRY(page_try(request, &again, err));
    return OK;
}
