#include "tests/harness/fake_hub.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_TEXT_MAX = 16 * 1024 * 1024, RECEIPT_TEXT_MAX = 256 * 1024 };

FakeHub *fake_hub_new(const char *epoch) {
    FakeHub *hub = calloc(1, sizeof(*hub));
    if (!hub) abort();
    hub->arena = arena_open();
    hub->epoch = epoch;
    hub->page_records = 5000;
    return hub;
}

void fake_hub_free(FakeHub *hub) {
    if (!hub) return;
    arena_close(hub->arena);
    free(hub);
}

void fake_hub_free_auto(FakeHub **hub) {
    fake_hub_free(*hub);
}

/* ---- grants ---- */
void fake_grant(FakeHub *hub, const char *scope) {
    assert(hub->granted_count < FAKE_SCOPES_MAX);
    hub->granted[hub->granted_count++] = str_cstr(hub->arena, str_of(scope));
}

void fake_revoke(FakeHub *hub, const char *scope) {
    for (size_t i = 0; i < hub->granted_count; i++)
        if (strcmp(hub->granted[i], scope) == 0) hub->granted[i--] = hub->granted[--hub->granted_count];
}

static bool is_granted(const FakeHub *hub, Str scope) {
    for (size_t i = 0; i < hub->granted_count; i++)
        if (str_is(scope, hub->granted[i])) return true;
    return false;
}

/* ---- records ---- */
static FakeEntry *entry_in(FakeHub *hub, Str kind, Str id, Str scope) {
    for (size_t i = 0; i < hub->entry_count; i++) {
        FakeEntry *entry = &hub->entries[i];
        if (str_equal(entry->kind, kind) && str_equal(entry->id, id) && str_equal(entry->scope, scope))
            return entry;
    }
    return NULL;
}

static void write_entry(FakeHub *hub, Str kind, Str id, Str scope, Str doc) {
    FakeEntry *entry = entry_in(hub, kind, id, scope);
    if (!entry) {
        assert(hub->entry_count < FAKE_ENTRIES_MAX);
        entry = &hub->entries[hub->entry_count++];
        *entry = (FakeEntry){.kind = str_copy(hub->arena, kind),
                             .id = str_copy(hub->arena, id),
                             .scope = str_copy(hub->arena, scope)};
    }
    entry->seq = ++hub->head;
    entry->doc = str_copy(hub->arena, doc);
}

static void leave_others(FakeHub *hub, Str kind, Str id, Str but) {
    for (size_t i = 0; i < hub->entry_count; i++) {
        FakeEntry *entry = &hub->entries[i];
        if (entry->doc.at && str_equal(entry->kind, kind) && str_equal(entry->id, id) &&
            !str_equal(entry->scope, but))
            write_entry(hub, kind, id, entry->scope, (Str){0});
    }
}

void fake_put(FakeHub *hub, const char *kind, const char *id, const char *scope, const char *doc) {
    write_entry(hub, str_of(kind), str_of(id), str_of(scope), str_of(doc));
    leave_others(hub, str_of(kind), str_of(id), str_of(scope));
}

void fake_remove(FakeHub *hub, const char *kind, const char *id) {
    leave_others(hub, str_of(kind), str_of(id), (Str){0});
}

const FakeEntry *fake_find(const FakeHub *hub, const char *kind, const char *id) {
    for (size_t i = 0; i < hub->entry_count; i++) {
        const FakeEntry *entry = &hub->entries[i];
        if (entry->doc.at && str_is(entry->kind, kind) && str_is(entry->id, id)) return entry;
    }
    return NULL;
}

Sum fake_sum(const FakeHub *hub, Str scope) {
    Sum sum = {0};
    for (size_t i = 0; i < hub->entry_count; i++) {
        const FakeEntry *entry = &hub->entries[i];
        if (entry->doc.at && str_equal(entry->scope, scope))
            sum_add(&sum, hash_record(entry->kind, entry->id, entry->scope, entry->doc));
    }
    return sum;
}

/* ---- the feed ---- */
typedef struct Asked {
    Str scope;
    int64_t seq, head0; /* head0 -1: no load */
} Asked;

typedef struct PageWork {
    FakeHub *hub;
    Arena *arena;
    Asked asked[FAKE_SCOPES_MAX];
    size_t asked_count;
    FeedHeader header;
} PageWork;

static const CursorItem *item_of(const CursorItem *items, size_t count, Str scope) {
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i].scope, scope)) return &items[i];
    return NULL;
}

static void list_add(ScopeList *list, Str scope) {
    list->at[list->count++] = scope;
}

static void ask_scope(PageWork *work, const CursorItem *item, Str scope, bool same_epoch) {
    const FakeHub *hub = work->hub;
    Asked asked = {.scope = scope, .head0 = hub->head};
    bool reload = item && (!same_epoch || (item->head0 >= 0 ? item->head0 : item->seq) < hub->floor);
    if (item && !reload) asked.seq = item->seq, asked.head0 = item->head0;
    if (reload) list_add(&work->header.reload, scope);
    list_add(&work->header.scopes, scope);
    work->asked[work->asked_count++] = asked;
}

static void make_header(PageWork *work, Str epoch, const CursorItem *items, size_t count) {
    FakeHub *hub = work->hub;
    ScopeList *lists[] = {&work->header.scopes, &work->header.reload, &work->header.revoked};
    for (size_t i = 0; i < COUNT(lists); i++)
        lists[i]->at = ARENA_ARRAY(work->arena, Str, FAKE_SCOPES_MAX + count);
    work->header.epoch = str_of(hub->epoch);
    work->header.head = hub->head;
    for (size_t i = 0; i < hub->granted_count; i++) {
        Str scope = str_of(hub->granted[i]);
        ask_scope(work, item_of(items, count, scope), scope, str_is(epoch, hub->epoch));
    }
    for (size_t i = 0; i < count; i++)
        if (!is_granted(hub, items[i].scope)) list_add(&work->header.revoked, items[i].scope);
}

static bool is_wanted(const PageWork *work, const FakeEntry *entry, int64_t after) {
    if (entry->seq <= after) return false;
    for (size_t i = 0; i < work->asked_count; i++) {
        const Asked *asked = &work->asked[i];
        if (!str_equal(asked->scope, entry->scope)) continue;
        return entry->seq > asked->seq && (entry->doc.at || entry->seq > asked->head0);
    }
    return false;
}

static const FakeEntry *next_entry(const PageWork *work, int64_t after) {
    const FakeEntry *next = NULL;
    for (size_t i = 0; i < work->hub->entry_count; i++) {
        const FakeEntry *entry = &work->hub->entries[i];
        if (is_wanted(work, entry, after) && (!next || entry->seq < next->seq)) next = entry;
    }
    return next;
}

static void write_line(const FakeHub *hub, const FakeEntry *entry, Buf *out) {
    FeedLine line = {.seq = entry->seq,
                     .kind = entry->kind,
                     .id = entry->id,
                     .scope = entry->scope,
                     .doc = entry->doc,
                     .left = !entry->doc.at};
    if (entry->doc.at) line.hash = hash_record(entry->kind, entry->id, entry->scope, entry->doc);
    if (entry->seq == hub->wrong_hash_at) line.hash.at[0] ^= 1;
    feed_line_write(out, &line);
}

static void write_complete(PageWork *work, Buf *out) {
    FakeHub *hub = work->hub;
    FeedTrailer trailer = {.complete = true, .seq = hub->head, .sum_count = work->asked_count};
    trailer.sums = ARENA_ARRAY(work->arena, ScopeSum, work->asked_count + 1);
    for (size_t i = 0; i < work->asked_count; i++) {
        trailer.sums[i] = (ScopeSum){work->asked[i].scope, fake_sum(hub, work->asked[i].scope)};
        if (hub->wrong_sum_of && hub->wrong_sum_times > 0 &&
            str_is(work->asked[i].scope, hub->wrong_sum_of)) {
            trailer.sums[i].sum.total++;
            hub->wrong_sum_times--;
        }
    }
    feed_trailer_write(out, &trailer);
}

void fake_page(FakeHub *hub, Str epoch, Str cursor, Buf *out) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    CursorItem *items = NULL;
    size_t count = 0;
    Status status = cursor_read(arena, cursor, &items, &count, NULL);
    assert(status == OK), (void)status;
    PageWork work = {.hub = hub, .arena = arena};
    make_header(&work, epoch, items, count);
    feed_header_write(out, &work.header);
    const FakeEntry *entry = next_entry(&work, 0);
    int64_t last = 0;
    for (size_t lines = 0; entry && lines < hub->page_records; lines++, entry = next_entry(&work, last)) {
        write_line(hub, entry, out);
        last = entry->seq;
    }
    if (entry)
        feed_trailer_write(out, &(FeedTrailer){.seq = last});
    else
        write_complete(&work, out);
}

/* ---- ops ---- */
static FakeKey *key_of(FakeHub *hub, Str key) {
    for (size_t i = 0; i < hub->key_count; i++)
        if (str_equal(hub->keys[i].key, key)) return &hub->keys[i];
    assert(hub->key_count < FAKE_KEYS_MAX);
    hub->keys[hub->key_count] = (FakeKey){.key = str_copy(hub->arena, key)};
    return &hub->keys[hub->key_count++];
}

const FakeKey *fake_key(const FakeHub *hub, Str device, Str incarnation) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str key = id_join(arena, device, incarnation);
    for (size_t i = 0; i < hub->key_count; i++)
        if (str_equal(hub->keys[i].key, key)) return &hub->keys[i];
    return NULL;
}

size_t fake_times_judged(const FakeHub *hub, Str op_id) {
    size_t times = 0;
    for (size_t i = 0; i < hub->judged_count; i++) times += str_equal(hub->judged[i], op_id);
    return times;
}

static void write_receipt(FakeHub *hub, Str device, const FakeKey *key) {
    AUTO(buf_free) Buf doc = buf_new(RECEIPT_TEXT_MAX);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Json *map = json_new_map(arena);
    json_put_int(arena, map, "decided", key->decided);
    json_put_int(arena, map, "durable", key->durable);
    if (key->last.at) json_put_text(arena, map, "last", key->last);
    Json *list = json_put_list(arena, map, "verdicts");
    for (size_t i = 0; i < hub->verdict_count; i++) {
        const FakeVerdict *verdict = &hub->verdicts[i];
        if (!str_equal(verdict->key, key->key)) continue;
        Json *item = json_add_map(arena, list);
        json_put_text(arena, item, "id", verdict->id);
        json_put_int(arena, item, "n", verdict->n);
        json_put_text(arena, item, "code", verdict->code);
    }
    json_write(&doc, map);
    fake_put(hub, "receipt", str_cstr(arena, key->key), str_cstr(arena, scope_join(arena, "device", device)),
             doc.at);
}

static void judge(FakeHub *hub, FakeKey *key, const OpLine *op) {
    assert(hub->verdict_count < FAKE_OPS_MAX && hub->judged_count < FAKE_OPS_MAX);
    Str id = str_copy(hub->arena, op->id);
    hub->verdicts[hub->verdict_count++] =
        (FakeVerdict){key->key, id, op->n, str_of(hub->verdict ? hub->verdict : "done")};
    if (fake_times_judged(hub, id) == 0) hub->judged[hub->judged_count++] = id;
    key->decided = op->n;
    key->last = id;
}

static bool take_op(FakeHub *hub, FakeKey *key, const OpLine *op, const char **code, int64_t *expected) {
    if (op->n <= key->decided) return true;
    *expected = key->decided + 1;
    if (op->n > key->decided + 1)
        *code = "gap";
    else if (!str_equal(op->prev, key->last))
        *code = "clone";
    else
        judge(hub, key, op);
    return (*code)[0] == '\0';
}

int64_t fake_push(FakeHub *hub, Str body, const char **code, int64_t *expected) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    OpsHeader header = {0};
    Str line = {0};
    *code = "";
    if (!str_cut(&body, '\n', &line) || ops_header_read(arena, line, &header, NULL) != OK) {
        *code = "invalid";
        return 0;
    }
    FakeKey *key = key_of(hub, id_join(arena, header.device, header.incarnation));
    while (str_cut(&body, '\n', &line) && line.len > 0) {
        OpLine op = {0};
        if (op_line_read(arena, line, &op, NULL) != OK) *code = "invalid";
        if ((*code)[0] || !take_op(hub, key, &op, code, expected)) break;
    }
    write_receipt(hub, header.device, key);
    return key->decided;
}

void fake_set_durable(FakeHub *hub, Str device, Str incarnation, int64_t durable) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    FakeKey *key = key_of(hub, id_join(arena, device, incarnation));
    key->durable = durable;
    write_receipt(hub, device, key);
}
