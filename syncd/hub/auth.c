/* Who may come in: the protocol's version, then the token. */
#include "syncd/hub/inside.h"

#include "common/wire/secret.h"

#include <string.h>

enum { PROTOCOL_VERSION = 1 };

Status denied_revoked(Err *err) {
    return err_set_code(err, E_UNKNOWN, "revoked", "this device was revoked: pair it again");
}

static bool is_reading(const HttpRoute *route) {
    return strcmp(route->method, "GET") == 0;
}

/* Reading by hand, with curl, needs no header. */
static Status version_check(HttpRequest *request, const HttpRoute *route, Err *err) {
    Str said = http_header(request, "Relais-Protocol");
    int64_t version = 0;
    if (strncmp(route->pattern, "/v1/", 4) != 0 || (!said.at && is_reading(route))) return OK;
    if (str_to_int(said, &version) && version == PROTOCOL_VERSION) return OK;
    return err_set(err, E_VERSION, "this hub speaks version 1: send the header Relais-Protocol: 1");
}

static Str bearer_of(HttpRequest *request) {
    Str header = http_header(request, "Authorization");
    if (!header.at || !str_starts(header, STR("Bearer "))) return (Str){0};
    return str_trim(str_skip(header, sizeof("Bearer ") - 1));
}

static Status token_lookup(HttpRequest *request, Visit *visit, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Arena *arena = http_arena(request);
    Str token = bearer_of(request);
    if (!token.at) return err_set_code(err, E_UNKNOWN, "no_token", "send a token: Authorization: Bearer …");
    TRY(hub_read(request, &tx, err));
    Status status = tx->verbs->token_find(tx, token_hash(arena, token), arena, &visit->token, err);
    if (status == E_NOTFOUND)
        return err_set_code(err, E_UNKNOWN, "unknown_token", "this hub does not know the token: pair again");
    if (status != OK) return status;
    if (visit->token.revoked) return denied_revoked(err);
    visit->known = true;
    return OK;
}

static Status role_check(const Visit *visit, HttpAuth needed, Err *err) {
    bool device = str_is(visit->token.role, "device"), hub = str_is(visit->token.role, "hub");
    switch (needed) {
    case HTTP_OPEN:
    case HTTP_KNOWN:
        return OK;
    case HTTP_DEVICE:
        return device ? OK : err_set(err, E_DENIED, "this is for devices: the token is an administrator's");
    case HTTP_ADMIN:
        return !device ? OK : err_set(err, E_DENIED, "this is for administrators");
    case HTTP_HUB_ADMIN:
        return hub ? OK : err_set(err, E_DENIED, "this is for administrators of the hub");
    }
    return err_set(err, E_DENIED, "this is for nobody");
}

/* PROTOCOL 6: from its first use on, a token is the device's, and polling gives no other one. */
static Status first_use(HttpRequest *request, Visit *visit, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    if (visit->token.used || !str_is(visit->token.role, "device")) return OK;
    TRY(hub_write(request, &tx, err));
    visit->token.used = true;
    TRY(tx->verbs->token_put(tx, &visit->token, err));
    return hub_commit(request, tx, err);
}

static void seen_note(Hub *hub, const Visit *visit) {
    StoreAck ack = {.device = visit->token.subject, .seen = hub_now(hub)};
    if (str_is(visit->token.role, "device")) acks_note(hub->acks, &ack);
}

Status hub_admit(void *hub, HttpRequest *request, const HttpRoute *route, Err *err) {
    TRY(version_check(request, route, err));
    Visit *visit = ARENA_NEW(http_arena(request), Visit);
    visit->waiter.request = request;
    http_attach(request, visit);
    if (route->auth == HTTP_OPEN) return OK;
    TRY(token_lookup(request, visit, err));
    TRY(role_check(visit, route->auth, err));
    seen_note(hub, visit);
    return first_use(request, visit, err);
}
