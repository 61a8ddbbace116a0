/* The fleet: who is there and how it fares; and taking one out of it. */
#include "syncd/hub/inside.h"

#include "common/wire/secret.h"

/* ---- GET /v1/devices ---- */

static const StoreStatus *status_of(const StoreStatus *all, size_t count, Str device) {
    for (size_t i = 0; i < count; i++)
        if (str_equal(all[i].device, device)) return &all[i];
    return NULL;
}

static Status device_write(Arena *arena, Json *list, const Device *device, const StoreStatus *status,
                           Err *err) {
    Json *row = json_add_map(arena, list), *doc = NULL;
    const char *state = word_name(word_set_of(K_device, "state"), device->state);
    json_put_text(arena, row, "device", device->meta.id);
    json_put_text(arena, row, "name", device->name);
    json_put_text(arena, row, "site", device->site);
    json_put_text(arena, row, "org", device->org);
    json_put_text(arena, row, "state", str_of(state ? state : "unknown"));
    if (!status) return OK;
    TRY(json_parse(arena, status->doc, &doc, err));
    json_put_int(arena, row, "seen", status->at);
    json_put(arena, row, STR("status"), doc);
    return OK;
}

static bool may_see(const StoreToken *caller, Str org) {
    return str_is(caller->role, "hub") || str_equal(caller->org, org);
}

static Status fleet_write(HttpRequest *request, StoreTx *tx, Json *list, Err *err) {
    Arena *arena = http_arena(request);
    RecordsQuery all = {.kind = K_device};
    StoreStatus *statuses = NULL;
    size_t status_count = 0, count = 0;
    void *found = NULL;
    TRY(tx->verbs->status_list(tx, arena, &statuses, &status_count, err));
    TRY(records_list(&tx->records, &all, &found, &count, arena, err));
    const Device *devices = found;
    for (size_t i = 0; i < count; i++) {
        if (!may_see(hub_caller(request), devices[i].org)) continue;
        const StoreStatus *status = status_of(statuses, status_count, devices[i].meta.id);
        TRY(device_write(arena, list, &devices[i], status, err));
    }
    return OK;
}

Status handle_devices(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Arena *arena = http_arena(request);
    Json *answer = json_new_map(arena);
    Str epoch = {0};
    TRY(hub_read(request, &tx, err));
    TRY(store_epoch(tx, arena, &epoch, err));
    json_put_text(arena, answer, "epoch", epoch);
    json_put_int(arena, answer, "head", tx->verbs->head(tx));
    json_put_int(arena, answer, "time", hub_now(hub_of(request)));
    json_put_text(arena, answer, "durable",
                  hub_of(request)->options.durable == HUB_DURABLE_NOW ? STR("now") : STR("backup"));
    TRY(healing_tell(tx, arena, answer, err));
    TRY(backup_tell(tx, arena, answer, err));
    TRY(fleet_write(request, tx, json_put_list(arena, answer, "devices"), err));
    hub_reply_json(request, 200, answer);
    return OK;
}

/* ---- POST /v1/devices/{device}/revoke ---- */

/* Whoever has the disk can try badges against the hashes on it: they are worth nothing any more. */
static Status people_void(StoreTx *tx, Str org, Arena *arena, Err *err) {
    RecordsQuery of_org = {.kind = K_person, .field = "org", .equals = org};
    void *found = NULL;
    size_t count = 0;
    do {
        TRY(records_list(&tx->records, &of_org, &found, &count, arena, err));
        Person *people = found;
        for (size_t i = 0; i < count; i++) {
            people[i].badges = (TextList){0};
            people[i].code = (Str){0};
            TRY(records_put(&tx->records, K_person, &people[i], arena, err));
            of_org.after = people[i].meta.id;
        }
    } while (count == RECORDS_LIST_MAX);
    return OK;
}

static Status keyrings_renew(StoreTx *tx, Str org, Str salt, Arena *arena, Err *err) {
    RecordsQuery all = {.kind = K_keyring};
    Str prefix = str_print(arena, "%.*s~", STR_FORMAT(org));
    void *found = NULL;
    size_t count = 0;
    TRY(records_list(&tx->records, &all, &found, &count, arena, err));
    Keyring *keyrings = found;
    for (size_t i = 0; i < count; i++) {
        if (!str_starts(keyrings[i].meta.id, prefix)) continue;
        keyrings[i].badge_salt = salt;
        keyrings[i].technician = (Str){0};
        TRY(records_put(&tx->records, K_keyring, &keyrings[i], arena, err));
    }
    return OK;
}

static Status revoke_stolen(StoreTx *tx, Str org, Arena *arena, Err *err) {
    Str salt = salt_new(arena);
    TRY(tx->verbs->salt_put(tx, org, salt, err));
    TRY(keyrings_renew(tx, org, salt, arena, err));
    return people_void(tx, org, arena, err);
}

static Status revoke(StoreTx *tx, Device *device, Arena *arena, Err *err) {
    device->state = DeviceState_revoked;
    TRY(tx->verbs->token_revoke(tx, STR("device"), device->meta.id, err));
    TRY(records_remove(&tx->records, K_keyring, id_join(arena, device->org, device->meta.id), err));
    return records_put(&tx->records, K_device, device, arena, err);
}

static Status revoke_is_stolen(HttpRequest *request, bool *stolen, Err *err) {
    Json *body = NULL;
    *stolen = false;
    if (http_body(request).len == 0) return OK;
    TRY(hub_body_json(request, &body, err));
    *stolen = json_get_bool(body, "stolen", false);
    return OK;
}

Status handle_device_revoke(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Arena *arena = http_arena(request);
    Device device;
    bool stolen = false;
    TRY(revoke_is_stolen(request, &stolen, err));
    TRY(hub_write(request, &tx, err));
    TRY(records_get(&tx->records, K_device, http_param(request, "device"), &device, arena, err));
    TRY(hub_may_write(request, tx, K_device, device.meta.scope, device.org, err));
    TRY(revoke(tx, &device, arena, err));
    if (stolen) TRY(revoke_stolen(tx, device.org, arena, err));
    TRY(hub_audit(request, tx, stolen ? "device revoked as stolen" : "device revoked", device.meta.id, err));
    TRY(hub_commit(request, tx, err));
    http_reply(request, 204, NULL, STR(""));
    return OK;
}
