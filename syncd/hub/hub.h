/* The hub: what PROTOCOL 3, 4, 6 and 7 ask of the only authority, as routes over a Store. README.md has the
 * map. */
#pragma once

#include "syncd/http/http.h"
#include "syncd/hub/store.h"

typedef struct Hub Hub;

/* What makes an operation durable (PROTOCOL 4): a backup that was confirmed, or being decided. */
typedef enum HubDurable { HUB_DURABLE_BACKUP, HUB_DURABLE_NOW } HubDurable;

typedef struct HubOptions {
    const Clock *clock;
    HubDurable durable;
    int64_t enrol_per_minute; /* device codes for one address */
    const char *blobs_dir;
    const char *public_url;       /* how people reach it; NULL = where it listens */
    const HttpRoute *more_routes; /* of others: import, backup … */
    size_t more_count;
} HubOptions;

CHECKED Status hub_open(Hub **out, Store *store, const HubOptions *options,
                        Err *err); /* the store stays the caller's */
void hub_close(Hub *hub);          /* NULL is fine; after http_stop */
void hub_close_auto(Hub **hub);
HttpApp hub_app(Hub *hub);
/* What is due by the clock: acknowledgements written, `left` lines purged. Called every few seconds by who
 * serves, on any one thread; or by a test that has moved its clock. A failure is of one job; the others have
 * run. */
CHECKED Status hub_tend(Hub *hub, Err *err);

/* A copy as GET /v1/backup gives it, in a new file; `id` is what to confirm. Not on the thread of handlers of
 * HTTP_IN_TURN while it is large. hub_backup_begin alone: somebody else copies, from then on. */
CHECKED Status hub_backup_make(Hub *hub, const char *to_path, Arena *arena, Str *id, Err *err);
CHECKED Status hub_backup_begin(Hub *hub, Arena *arena, Str *id, Err *err);
/* That copy was verified and is kept: `durable` is raised to what it holds. *raised: so many receipts. */
CHECKED Status hub_backup_confirm(Hub *hub, Str id, Arena *arena, int64_t *raised, Err *err);

/* ---- for handlers: every route's, also those of other folders ---- */
Hub *hub_of(HttpRequest *request);
Millis hub_now(const Hub *hub);
const StoreToken *hub_caller(HttpRequest *request); /* NULL on an open route */
const char *hub_blobs_dir(const Hub *hub);

/* AUTO(store_end_auto) StoreTx *tx = NULL; TRY(hub_write(request, &tx, err)); …; return hub_commit(request,
 * tx, err); */
CHECKED Status hub_read(HttpRequest *request, StoreTx **tx, Err *err);
CHECKED Status hub_write(HttpRequest *request, StoreTx **tx, Err *err); /* on a route of HTTP_IN_TURN */
CHECKED Status hub_commit(HttpRequest *request, StoreTx *tx, Err *err); /* and wakes whom it concerns */
CHECKED Status hub_audit(HttpRequest *request, StoreTx *tx, const char *what, Str detail, Err *err);

/* May the calling administrator write a record like this? `org` is its owner; absent where it has none.
 * E_DENIED. */
CHECKED Status hub_may_write(HttpRequest *request, StoreTx *tx, Kind kind, Str scope, Str org, Err *err);
/* The salt of an org's badges, made at the first asking. */
CHECKED Status hub_salt(StoreTx *tx, Str org, Arena *arena, Str *salt, Err *err);
/* Notes of a record (which base date it was imported with, which secret has become which hash) go with it. */
CHECKED Status hub_notes_forget(StoreTx *tx, Kind kind, Str id, Arena *arena, Err *err);
/* A secret of this hub for keyed hashes; never leaves it. */
CHECKED Status hub_secret(StoreTx *tx, Arena *arena, Str *secret, Err *err);

CHECKED Status hub_body_json(HttpRequest *request, Json **out, Err *err);
void hub_reply_json(HttpRequest *request, int status, const Json *value);
