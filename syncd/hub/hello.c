/* hello, health, metrics, status: what others want to know of the hub, and it of them (PROTOCOL 7). */
#include "syncd/hub/inside.h"

#include <inttypes.h>

enum { STATUS_DOC_MAX = 16 * 1024, METRICS_MAX = 8192 };

Status handle_health(HttpRequest *request, Err *err) {
    (void)err;
    http_reply(request, 200, "text/plain", STR("ok\n"));
    return OK;
}

Status handle_ready(HttpRequest *request, Err *err) {
    Store *store = hub_of(request)->store;
    if (store->verbs->reach(store, err) != OK) return err_set(err, E_BUSY, "the store cannot be read");
    http_reply(request, 200, "text/plain", STR("ok\n"));
    return OK;
}

static void metric(Buf *out, const char *name, const char *type, const char *help, int64_t value) {
    buf_print(out, "# HELP relais_%s %s\n# TYPE relais_%s %s\nrelais_%s %" PRId64 "\n", name, help, name,
              type, name, value);
}

Status handle_metrics(HttpRequest *request, Err *err) {
    AUTO(buf_free) Buf out = buf_new(METRICS_MAX);
    AUTO(store_end_auto) StoreTx *tx = NULL;
    HttpCounts counts = http_counts(http_server(request));
    TRY(hub_read(request, &tx, err));
    metric(&out, "head", "counter", "Newest sequence number.", tx->verbs->head(tx));
    metric(&out, "connections", "gauge", "Open connections.", counts.connections);
    metric(&out, "held_requests", "gauge", "Requests that wait for a change.", counts.held);
    metric(&out, "requests_total", "counter", "Requests begun.", counts.requests);
    metric(&out, "requests_refused_total", "counter", "Requests answered with a problem of the caller.",
           counts.refused);
    metric(&out, "requests_failed_total", "counter", "Requests answered with a problem of the hub.",
           counts.failed);
    metric(&out, "connections_reaped_total", "counter", "Connections closed for being slow.", counts.reaped);
    http_reply_buf(request, 200, "text/plain; version=0.0.4", &out);
    return OK;
}

/* `last`: how many operations it has, so that healing knows when they have arrived. */
static void heard(HttpRequest *request, Str epoch, Str incarnation) {
    Hub *hub = hub_of(request);
    StoreAck ack = {.device = hub_caller(request)->subject,
                    .seen = hub_now(hub),
                    .epoch = epoch,
                    .incarnation = incarnation};
    if (!str_to_int(http_query(request, "last"), &ack.last)) ack.last = 0;
    acks_note(hub->acks, &ack);
}

static Status hello_device(StoreTx *tx, HttpRequest *request, Json *hello, Err *err) {
    Arena *arena = http_arena(request);
    StoreCounter counter = {0};
    Str device = hub_caller(request)->subject, incarnation = http_query(request, "incarnation");
    json_put_text(arena, hello, "device", device);
    if (!incarnation.at) return OK;
    heard(request, json_get_text(hello, "epoch"), incarnation);
    TRY(tx->verbs->counter_get(tx, device, incarnation, arena, &counter, err));
    json_put_int(arena, hello, "decided", counter.decided);
    if (counter.decided) json_put_text(arena, hello, "last", counter.last);
    json_put_int(arena, hello, "durable", counter.durable);
    return OK;
}

static Status hello_write(StoreTx *tx, HttpRequest *request, Json *hello, Err *err) {
    Arena *arena = http_arena(request);
    Str epoch = {0};
    TRY(store_epoch(tx, arena, &epoch, err));
    Json *protocol = json_put_map(arena, hello, "protocol");
    json_put_int(arena, protocol, "min", 1);
    json_put_int(arena, protocol, "max", 1);
    json_put_text(arena, hello, "epoch", epoch);
    json_put_int(arena, hello, "head", tx->verbs->head(tx));
    json_put_int(arena, hello, "time", hub_now(hub_of(request)));
    json_put_text(arena, hello, "hub_key", hub_of(request)->seal_public);
    return str_is(hub_caller(request)->role, "device") ? hello_device(tx, request, hello, err) : OK;
}

Status handle_hello(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Json *hello = json_new_map(http_arena(request));
    TRY(hub_read(request, &tx, err));
    TRY(hello_write(tx, request, hello, err));
    hub_reply_json(request, 200, hello);
    return OK;
}

/* Kept as the device wrote it: what a newer device tells, a newer admin command shows. */
Status handle_status(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    AUTO(buf_free) Buf text = buf_new(STATUS_DOC_MAX);
    Json *doc = NULL;
    TRY(hub_body_json(request, &doc, err));
    json_write(&text, doc);
    if (text.over) return err_set(err, E_TOOBIG, "a status may have %d bytes at most", STATUS_DOC_MAX);
    TRY(hub_write(request, &tx, err));
    StoreStatus status = {
        .device = hub_caller(request)->subject, .at = hub_now(hub_of(request)), .doc = buf_str(&text)};
    TRY(tx->verbs->status_put(tx, &status, err));
    TRY(hub_commit(request, tx, err));
    http_reply(request, 204, NULL, STR(""));
    return OK;
}
