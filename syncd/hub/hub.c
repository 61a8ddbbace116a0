#include "syncd/hub/inside.h"

#include "common/base/log.h"
#include "common/wire/secret.h"

#include <stdio.h>
#include <string.h>

enum { OPS_PER_MINUTE = 6000, BODY_SMALL = 64 * 1024, BODY_RECORD = 2 * DOC_MAX };
enum { BODY_OPS = PUSH_BYTES_MAX, BODY_BLOB = 16 * 1024 * 1024 };

/* Adding a route: one line here, its handler in HUB_HANDLERS (inside.h), its function. Other folders give
 * theirs to HubOptions. */
static const HttpRoute hub_routes[] = {
    {"GET", "/healthz", HTTP_OPEN, HTTP_BESIDE, 0, handle_health},
    {"GET", "/readyz", HTTP_OPEN, HTTP_BESIDE, 0, handle_ready},
    {"GET", "/metrics", HTTP_OPEN, HTTP_BESIDE, 0, handle_metrics},
    {"GET", "/v1/hello", HTTP_KNOWN, HTTP_BESIDE, 0, handle_hello},
    {"GET", "/v1/feed", HTTP_DEVICE, HTTP_BESIDE, 0, handle_feed},
    {"POST", "/v1/ops", HTTP_DEVICE, HTTP_IN_TURN, BODY_OPS, handle_ops},
    {"POST", "/v1/status", HTTP_DEVICE, HTTP_IN_TURN, BODY_SMALL, handle_status},
    {"POST", "/v1/device/code", HTTP_OPEN, HTTP_IN_TURN, BODY_SMALL, handle_device_code},
    {"POST", "/v1/device/token", HTTP_OPEN, HTTP_IN_TURN, BODY_SMALL, handle_device_token},
    {"GET", "/v1/devices", HTTP_ADMIN, HTTP_BESIDE, 0, handle_devices},
    {"POST", "/v1/devices/approve", HTTP_ADMIN, HTTP_IN_TURN, BODY_SMALL, handle_device_approve},
    {"POST", "/v1/devices/refuse", HTTP_ADMIN, HTTP_IN_TURN, BODY_SMALL, handle_device_refuse},
    {"POST", "/v1/devices/{device}/revoke", HTTP_ADMIN, HTTP_IN_TURN, BODY_SMALL, handle_device_revoke},
    {"GET", "/v1/backup", HTTP_HUB_ADMIN, HTTP_BESIDE, 0, handle_backup},
    {"POST", "/v1/backup/begin", HTTP_HUB_ADMIN, HTTP_IN_TURN, BODY_SMALL, handle_backup_begin},
    {"POST", "/v1/backup/confirm", HTTP_HUB_ADMIN, HTTP_IN_TURN, BODY_SMALL, handle_backup_confirm},
    {"GET", "/v1/records/{kind}", HTTP_ADMIN, HTTP_BESIDE, 0, handle_record_list},
    {"GET", "/v1/records/{kind}/{id}", HTTP_ADMIN, HTTP_BESIDE, 0, handle_record_get},
    {"PUT", "/v1/records/{kind}/{id}", HTTP_ADMIN, HTTP_IN_TURN, BODY_RECORD, handle_record_put},
    {"DELETE", "/v1/records/{kind}/{id}", HTTP_ADMIN, HTTP_IN_TURN, BODY_SMALL, handle_record_delete},
    {"GET", "/v1/blob/{sha256}", HTTP_KNOWN, HTTP_BESIDE, 0, handle_blob_get},
    {"PUT", "/v1/blob/{sha256}", HTTP_ADMIN, HTTP_BESIDE, BODY_BLOB, handle_blob_put},
};

static void routes_gather(Hub *hub) {
    size_t own = COUNT(hub_routes), more = hub->options.more_count;
    hub->routes = ARENA_ARRAY(hub->arena, HttpRoute, own + more);
    memcpy(hub->routes, hub_routes, sizeof(hub_routes));
    if (more) memcpy(hub->routes + own, hub->options.more_routes, more * sizeof(HttpRoute));
    hub->route_count = own + more;
}

/* Made once in the life of a store; all processes of a store share them. */
static Status keys_make(Hub *hub, StoreTx *tx, Err *err) {
    TRY(hub_secret(tx, hub->arena, &hub->secret, err));
    TRY(tx->verbs->meta_get(tx, "seal_public", hub->arena, &hub->seal_public, err));
    TRY(tx->verbs->meta_get(tx, "seal_secret", hub->arena, &hub->seal_secret, err));
    if (hub->seal_public.at && hub->seal_secret.at) return OK;
    sealing_key_new(hub->arena, &hub->seal_public, &hub->seal_secret);
    TRY(tx->verbs->meta_put(tx, "seal_public", hub->seal_public, err));
    return tx->verbs->meta_put(tx, "seal_secret", hub->seal_secret, err);
}

static Status keys_load(Hub *hub, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    StoreCommit commit;
    TRY(store_begin(hub->store, STORE_WRITE, &tx, err));
    TRY(keys_make(hub, tx, err));
    return tx->verbs->commit(tx, arena, &commit, err);
}

static void others_committed(void *of, const StoreCommit *commit) {
    waiters_publish(((Hub *)of)->waiters, commit);
}

Status hub_open(Hub **out, Store *store, const HubOptions *options, Err *err) {
    TRY(secret_init(err));
    Arena *arena = arena_open();
    Hub *hub = ARENA_NEW(arena, Hub);
    hub->arena = arena;
    hub->store = store;
    hub->options = *options;
    Status status = keys_load(hub, err);
    if (status != OK) {
        arena_close(arena);
        return status;
    }
    hub->waiters = waiters_open();
    hub->enrol_rate = rates_open(options->enrol_per_minute);
    hub->op_rate = rates_open(OPS_PER_MINUTE);
    hub->acks = acks_open();
    hub->copying = copying_open(hub);
    for (size_t i = 0; i < HUB_JOBS; i++) hub->job_due[i] = INT64_MIN;
    routes_gather(hub);
    store->verbs->watch(store, &(StoreWatch){hub, others_committed});
    *out = hub;
    return OK;
}

void hub_close(Hub *hub) {
    if (!hub) return;
    hub->store->verbs->watch(hub->store, NULL);
    waiters_close(hub->waiters);
    rates_close(hub->enrol_rate);
    rates_close(hub->op_rate);
    acks_close(hub->acks);
    copying_close(hub->copying);
    arena_close(hub->arena);
}

void hub_close_auto(Hub **hub) {
    hub_close(*hub);
    *hub = NULL;
}

static void visit_ended(void *of, HttpRequest *request) {
    Hub *hub = of;
    Visit *visit = http_attached(request);
    if (visit) waiters_leave(hub->waiters, &visit->waiter);
    copying_leave(hub->copying, request);
}

static void failure_told(void *hub, const char *text) {
    (void)hub;
    log_error("%s", text);
}

HttpApp hub_app(Hub *hub) {
    return (HttpApp){.self = hub,
                     .routes = hub->routes,
                     .route_count = hub->route_count,
                     .admit = hub_admit,
                     .ended = visit_ended,
                     .told = failure_told};
}

/* ---- for handlers ---- */

Hub *hub_of(HttpRequest *request) {
    return http_app(request);
}

Millis hub_now(const Hub *hub) {
    return clock_wall(hub->options.clock);
}

const char *hub_blobs_dir(const Hub *hub) {
    return hub->options.blobs_dir;
}

Visit *visit_of(HttpRequest *request) {
    return http_attached(request);
}

const StoreToken *hub_caller(HttpRequest *request) {
    Visit *visit = visit_of(request);
    return visit && visit->known ? &visit->token : NULL;
}

Status hub_read(HttpRequest *request, StoreTx **tx, Err *err) {
    return store_begin(hub_of(request)->store, STORE_READ, tx, err);
}

Status hub_write(HttpRequest *request, StoreTx **tx, Err *err) {
    return store_begin(hub_of(request)->store, STORE_WRITE, tx, err);
}

Status hub_commit(HttpRequest *request, StoreTx *tx, Err *err) {
    return hub_tx_commit(hub_of(request), tx, http_arena(request), err);
}

Status hub_audit(HttpRequest *request, StoreTx *tx, const char *what, Str detail, Err *err) {
    const StoreToken *caller = hub_caller(request);
    StoreAudit audit = {.at = hub_now(hub_of(request)),
                        .who = caller ? caller->subject : str_of(http_address(request)),
                        .what = str_of(what),
                        .detail = detail};
    return tx->verbs->audit_add(tx, &audit, err);
}

Status hub_salt(StoreTx *tx, Str org, Arena *arena, Str *salt, Err *err) {
    Status status = tx->verbs->salt_get(tx, org, arena, salt, err);
    if (status != E_NOTFOUND) return status;
    *salt = salt_new(arena);
    return tx->verbs->salt_put(tx, org, *salt, err);
}

Status hub_notes_forget(StoreTx *tx, Kind kind, Str id, Arena *arena, Err *err) {
    static const char *const names[] = {"base", "badges", "code"}; /* as syncd/content writes them */
    for (size_t i = 0; i < COUNT(names); i++) {
        Str key = str_print(arena, "%s:%s:%.*s", names[i], kind_info(kind)->name, STR_FORMAT(id));
        TRY(tx->verbs->note_put(tx, key, (Str){0}, err));
    }
    return OK;
}

Status hub_secret(StoreTx *tx, Arena *arena, Str *secret, Err *err) {
    TRY(tx->verbs->meta_get(tx, "secret", arena, secret, err));
    if (secret->at) return OK;
    *secret = token_new(arena);
    return tx->verbs->meta_put(tx, "secret", *secret, err);
}

Status hub_body_json(HttpRequest *request, Json **out, Err *err) {
    TRY(json_parse(http_arena(request), http_body(request), out, err));
    return (*out)->type == JSON_MAP_T ? OK : err_set(err, E_INVALID, "the body must be a JSON object");
}

void hub_reply_json(HttpRequest *request, int status, const Json *value) {
    AUTO(buf_free) Buf body = buf_new(JSON_REPLY_MAX);
    json_write(&body, value);
    buf_add_byte(&body, '\n');
    http_set_header(request, "Cache-Control", STR("no-store"));
    http_reply_buf(request, status, "application/json", &body);
}
