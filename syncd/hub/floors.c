/* Which `left` lines nobody needs any more (PROTOCOL 10): those that every device of the last 60 days has
 * acknowledged, and that are 30 days old. How old a line is, is told by a head written down each day.
 *
 * The floor that is published is the newest line that goes, not the acknowledged seq: a device that was told
 * 304 keeps its older cursor, and has missed nothing between that and the floor. */
#include "syncd/hub/inside.h"

#include <inttypes.h>
#include <stdlib.h>

#define LEFT_KEPT_MS (30 * DAY_MS)
#define ABSENT_AFTER_MS (60 * DAY_MS)
enum { HEADS_MAX = 64 };

/* ---- heads: "<at>:<head>,…", one a day, oldest first ---- */

typedef struct Heads {
    struct {
        int64_t at, head;
    } list[HEADS_MAX];
    size_t count;
} Heads;

static Status heads_read(StoreTx *tx, Arena *arena, Heads *out, Err *err) {
    Str rest = {0}, part, at;
    *out = (Heads){0};
    TRY(tx->verbs->meta_get(tx, "heads", arena, &rest, err));
    while (out->count < HEADS_MAX && str_cut(&rest, ',', &part)) {
        str_cut(&part, ':', &at);
        if (!str_to_int(at, &out->list[out->count].at) || !str_to_int(part, &out->list[out->count].head))
            return err_set(err, E_CORRUPT, "the heads of the last days cannot be read");
        out->count++;
    }
    return OK;
}

static Status heads_write(StoreTx *tx, const Heads *heads, Err *err) {
    AUTO(buf_free) Buf text = buf_new(HEADS_MAX * 48);
    for (size_t i = 0; i < heads->count; i++)
        buf_print(&text, "%s%" PRId64 ":%" PRId64, i ? "," : "", heads->list[i].at, heads->list[i].head);
    return tx->verbs->meta_put(tx, "heads", buf_str(&text), err);
}

static void heads_drop_first(Heads *heads) {
    for (size_t i = 1; i < heads->count; i++) heads->list[i - 1] = heads->list[i];
    heads->count--;
}

/* Only the newest of those that are old enough is of use. *old: everything at or below is. */
static void heads_age(Heads *heads, Millis now, int64_t *old) {
    while (heads->count > 1 && heads->list[1].at <= now - LEFT_KEPT_MS) heads_drop_first(heads);
    *old = heads->count && heads->list[0].at <= now - LEFT_KEPT_MS ? heads->list[0].head : 0;
}

static bool heads_add(Heads *heads, Millis now, int64_t head) {
    if (heads->count && now < heads->list[heads->count - 1].at + DAY_MS) return false;
    if (heads->count == HEADS_MAX) heads_drop_first(heads);
    heads->list[heads->count].at = now;
    heads->list[heads->count++].head = head;
    return true;
}

/* ---- the smallest acknowledged seq of each scope ---- */

typedef struct Reached {
    CursorItem *at; /* by scope, then by seq */
    size_t count, room;
    Arena *arena;
} Reached;

static int item_compare(const void *a, const void *b) {
    const CursorItem *left = a, *right = b;
    int by_scope = str_compare(left->scope, right->scope);
    return by_scope ? by_scope : (left->seq > right->seq) - (left->seq < right->seq);
}

static void reached_add(Reached *reached, const CursorItem *items, size_t count) {
    if (reached->count + count > reached->room) {
        size_t room = 2 * (reached->count + count);
        CursorItem *grown = ARENA_ARRAY(reached->arena, CursorItem, room);
        for (size_t i = 0; i < reached->count; i++) grown[i] = reached->at[i];
        reached->at = grown;
        reached->room = room;
    }
    for (size_t i = 0; i < count; i++) reached->at[reached->count++] = items[i];
}

static Status reached_read(StoreTx *tx, Millis now, Reached *out, Err *err) {
    StoreAck *acks = NULL;
    CursorItem *items = NULL;
    size_t ack_count = 0, count = 0;
    TRY(tx->verbs->ack_list(tx, out->arena, &acks, &ack_count, err));
    for (size_t i = 0; i < ack_count; i++) {
        if (acks[i].seen < now - ABSENT_AFTER_MS || acks[i].cursor.len == 0) continue;
        TRY(cursor_read(out->arena, acks[i].cursor, &items, &count, err));
        reached_add(out, items, count);
    }
    if (out->count) qsort(out->at, out->count, sizeof(*out->at), item_compare);
    return OK;
}

/* The first of a scope is its smallest. */
static int64_t reached_least(const Reached *reached, Str scope, int64_t otherwise) {
    size_t low = 0, high = reached->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(reached->at[middle].scope, scope) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < reached->count && str_equal(reached->at[low].scope, scope);
    return found && reached->at[low].seq < otherwise ? reached->at[low].seq : otherwise;
}

/* ---- purging ---- */

static Status scopes_purge(StoreTx *tx, Millis now, int64_t old, Arena *arena, Err *err) {
    Reached reached = {.arena = arena};
    ScopeList scopes = {0};
    TRY(reached_read(tx, now, &reached, err));
    TRY(tx->verbs->scope_list(tx, arena, &scopes, err));
    for (size_t i = 0; i < scopes.count; i++) {
        int64_t newest = 0;
        TRY(tx->verbs->left_newest(tx, scopes.at[i], reached_least(&reached, scopes.at[i], old), &newest,
                                   err));
        if (newest) TRY(tx->verbs->left_purge(tx, scopes.at[i], newest, err));
    }
    return OK;
}

Status floors_raise(Hub *hub, Arena *arena, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Millis now = hub_now(hub);
    Heads heads;
    int64_t old = 0;
    TRY(store_begin(hub->store, STORE_WRITE, &tx, err));
    TRY(heads_read(tx, arena, &heads, err));
    bool news = heads_add(&heads, now, tx->verbs->head(tx));
    heads_age(&heads, now, &old);
    if (!news && old == hub->purged_to) return OK;
    if (old) TRY(scopes_purge(tx, now, old, arena, err));
    TRY(heads_write(tx, &heads, err));
    TRY(hub_tx_commit(hub, tx, arena, err));
    hub->purged_to = old;
    return OK;
}
