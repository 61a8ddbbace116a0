/* What the files of this folder share. */
#pragma once

#include "common/rules/rules.h"
#include "syncd/hub/hub.h"

#include <pthread.h>

enum { FEED_WAIT_MAX_S = 55, JSON_REPLY_MAX = 8 * 1024 * 1024 };

/* ---- waiters.c: who waits for which scope ---- */
typedef struct Waiters Waiters;
typedef struct Waiter Waiter;

typedef struct WaiterPlace WaiterPlace; /* one scope of a waiter */
struct WaiterPlace {
    WaiterPlace *next, *before;
    Waiter *waiter;
    struct ScopeEntry *entry;
};

struct Waiter {
    HttpRequest *request;
    WaiterPlace *places;
    size_t place_count;
};

Waiters *waiters_open(void);
void waiters_close(Waiters *waiters);
/* Holds the request until one of the scopes changes beyond `head`. False when one has already (read again),
 * or when the server is stopping (*stopping: answer now). */
bool waiters_park(Waiters *waiters, Waiter *waiter, const ScopeList *scopes, int64_t head, Millis until,
                  bool *stopping);
void waiters_leave(Waiters *waiters, Waiter *waiter); /* one that does not wait: fine */
void waiters_publish(Waiters *waiters, const StoreCommit *commit);

/* ---- rate.c: so many in a minute ---- */
typedef struct Rates Rates;
Rates *rates_open(int64_t per_minute);
void rates_close(Rates *rates);
bool rates_take(Rates *rates, Str key, int64_t count, Millis now);

/* ---- acks.c: what devices acknowledge, until it is written ---- */
enum { ACK_WRITTEN_EVERY_MS = HOUR_MS };
typedef struct Acks Acks;
Acks *acks_open(void);
void acks_close(Acks *acks);
void acks_note(Acks *acks, const StoreAck *ack);
/* Those that have news and are due; acks_written once they are committed. Of two at a time, both may take
 * one. */
void acks_take(Acks *acks, Millis now, Arena *arena, StoreAck **out, size_t *count);
void acks_written(Acks *acks, const StoreAck *written, size_t count, Millis now);

/* ---- healing.c: after a restore (PROTOCOL 5) ---- */
typedef struct Healing {
    bool active;
    Str epoch, from; /* this life, the one before; from is absent where there was none */
    Millis at, until, over, seen_since;
} Healing;
CHECKED Status healing_read(StoreTx *tx, Arena *arena, Healing *out, Err *err);
Verdict healing_was(const Healing *healing, const OpLine *op); /* VERDICT_none: it is judged as any other */
/* Devices that were seen before the backup and not heard yet; their names are added to a list, or NULL. */
CHECKED Status healing_awaits(StoreTx *tx, const Healing *healing, Arena *arena, Json *names, size_t *count,
                              Err *err);
CHECKED Status healing_look(Hub *hub, Arena *arena, Err *err);
CHECKED Status healing_tell(StoreTx *tx, Arena *arena, Json *answer, Err *err);

/* ---- backup.c ---- */
typedef struct Copying Copying;
Copying *copying_open(Hub *hub);
void copying_close(Copying *copying);
void copying_leave(Copying *copying, HttpRequest *request); /* one that waits for no copy: fine */
/* The newest one as {"id","at","confirmed"?}; NULL where none was made. */
CHECKED Status backup_last(StoreTx *tx, Arena *arena, const Json **out, Err *err);
CHECKED Status backup_tell(StoreTx *tx, Arena *arena, Json *answer, Err *err);

/* ---- the hub ---- */
enum { HUB_JOBS = 3 };
struct Hub {
    Arena *arena;
    Store *store;
    HubOptions options;
    HttpRoute *routes;
    size_t route_count;
    Waiters *waiters;
    Rates *enrol_rate, *op_rate;
    Str secret;                   /* of the keys of facts (common/rules) */
    Str seal_public, seal_secret; /* what sealed args are sealed to (PROTOCOL 4) */
    Acks *acks;
    Copying *copying;
    Millis job_due[HUB_JOBS]; /* steady */
    int64_t purged_to;        /* `left` lines up to here were looked at */
};

/* tend.c, floors.c: without a request */
CHECKED Status hub_tx_commit(Hub *hub, StoreTx *tx, Arena *arena, Err *err);
CHECKED Status acks_flush(Hub *hub, Millis due, Arena *arena, Err *err); /* due INT64_MAX: all */
CHECKED Status floors_raise(Hub *hub, Arena *arena, Err *err);

/* What is known of a request once it was let in. */
typedef struct Visit {
    StoreToken token;
    bool known;
    Waiter waiter;
    Millis hold_until; /* steady; 0 before it was first held */
} Visit;
Visit *visit_of(HttpRequest *request);

/* auth.c */
Status hub_admit(void *hub, HttpRequest *request, const HttpRoute *route, Err *err);
CHECKED Status denied_revoked(Err *err);

/* grants.c: what a device may read, in the snapshot of tx (PROTOCOL 3, Grants) */
typedef struct Grants {
    ScopeList scopes;
    Str site, org;
    bool revoked;
} Grants;
CHECKED Status grants_read(StoreTx *tx, Str device, Arena *arena, Grants *out, Err *err);
bool grants_have(const Grants *grants, Str scope);

/* feed.c, page.c */
typedef struct FeedAsk {
    Str epoch; /* absent at the first pull */
    const CursorItem *items;
    size_t item_count;
    size_t limit;
} FeedAsk;

typedef struct FeedPage {
    Str epoch;
    int64_t head;
    ScopeList scopes;
    bool complete;
    bool nothing_new; /* complete, no lines, and nothing that the client must be told at once */
    HashHex etag;     /* of a complete page */
    Str acknowledged; /* what the request's cursor says is there, as a cursor; absent where it is of another
                         epoch */
    Buf text;
} FeedPage;
CHECKED Status page_make(StoreTx *tx, const Grants *grants, const FeedAsk *ask, Arena *arena, FeedPage *out,
                         Err *err);
Str page_head_acknowledged(const FeedPage *page, Arena *arena);

/* receipt.c */
CHECKED Status receipt_put(StoreTx *tx, const StoreKept *kept, const StoreCounter *counter, Arena *arena,
                           Err *err);
CHECKED Status receipt_unseen(StoreTx *tx, Str device, Str incarnation, int64_t seen, Arena *arena,
                              int64_t *out, Err *err);

/* doc.c: documents on their way out and in */
CHECKED Status doc_without_secrets(Kind kind, Arena *arena, Str doc, Str *out, Err *err);
Json *json_alone(Arena *arena, const Json *value); /* without its siblings: a root, or to be put elsewhere */
CHECKED Status doc_keep_secrets(Kind kind, Arena *arena, Str before, Json *after, Err *err);

/* handlers, listed in routes.c */
#define HUB_HANDLERS(X)                                                                                      \
    X(health)                                                                                                \
    X(ready)                                                                                                 \
    X(metrics)                                                                                               \
    X(hello)                                                                                                 \
    X(feed)                                                                                                  \
    X(ops)                                                                                                   \
    X(status)                                                                                                \
    X(device_code)                                                                                           \
    X(device_token)                                                                                          \
    X(devices)                                                                                               \
    X(device_approve)                                                                                        \
    X(device_refuse)                                                                                         \
    X(backup)                                                                                                \
    X(backup_begin)                                                                                          \
    X(backup_confirm)                                                                                        \
    X(device_revoke) X(record_list) X(record_get) X(record_put) X(record_delete) X(blob_get) X(blob_put)
#define HUB_HANDLER_DECLARE(name) Status handle_##name(HttpRequest *request, Err *err);
HUB_HANDLERS(HUB_HANDLER_DECLARE)
