/* The hub of the world: its store, its process, its past. */
#include "tests/sim/world.h"

#include "common/wire/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(World *world, Status status, const Err *err, const char *what) {
    if (status != OK) world_fail(world, "%s: %s: %s", what, status_name(status), err->text);
}

/* ---- the town ---- */
static void put(World *world, StoreTx *tx, Kind kind, const char *id, const char *scope, const char *doc) {
    Err err = {0};
    Status status = tx->records.verbs->put(&tx->records, kind, str_of(id), str_of(scope), str_of(doc), &err);
    must(world, status, &err, "filling the hub");
}

static const char *print(World *world, const char *format, ...) PRINTF(2, 3);
static const char *print(World *world, const char *format, ...) {
    AUTO(buf_free) Buf text = buf_new(4096);
    va_list args;
    va_start(args, format);
    buf_print_list(&text, format, args);
    va_end(args);
    return str_cstr(world->arena, buf_str(&text));
}

static void fill_places(World *world, StoreTx *tx) {
    put(world, tx, K_org, "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    put(world, tx, K_org, "saran", "public", "{\"name\":\"Saran\",\"type\":\"commune\"}");
    put(world, tx, K_pool, "agglo", "public", "{\"members\":[\"olivet\",\"saran\"],\"name\":\"Agglo\"}");
    put(world, tx, K_pool, "loire", "public", "{\"members\":[\"olivet\"],\"name\":\"Loire\"}");
    for (int i = 0; i < SITES; i++)
        put(world, tx, K_site, world_site(i), "public",
            print(world, "{\"name\":\"Site\",\"org\":\"%s\"}", world_org(i)));
    put(world, tx, K_path, "terrain", "public",
        "{\"profile\":\"Terrain\",\"summary\":\"Terrain\",\"title\":\"Terrain\"}");
    for (int i = 0; i < EVENTS; i++)
        put(world, tx, K_step, print(world, "terrain~%d", i), "public",
            print(world,
                  "{\"actor\":\"newcomer\",\"anchor\":\"day1\",\"order\":%d,\"path\":\"terrain\","
                  "\"title\":\"Badge\",\"type\":\"procedure\"}",
                  i));
}

static void fill_people(World *world, StoreTx *tx) {
    for (int i = 0; i < PERSONS; i++)
        put(world, tx, K_person, world_person(i), print(world, "org:%s", world_org(i)),
            print(world, "{\"name\":\"Agent\",\"name_key\":\"agent\",\"org\":\"%s\"}", world_org(i)));
    for (int i = 0; i < EVENTS; i++) {
        Millis starts = world->now + 400 * DAY_MS;
        put(world, tx, K_event, world_event(i), "pool:agglo",
            print(world,
                  "{\"ends\":%lld,\"org\":\"olivet\",\"place\":\"Salle\",\"seats\":%d,\"starts\":%lld,"
                  "\"status\":\"planned\",\"title\":\"iX'Presso\",\"type\":\"ixpresso\"}",
                  (long long)(starts + HOUR_MS), 1 + i, (long long)starts));
    }
}

static void fill_token(World *world, StoreTx *tx) {
    Err err = {0};
    world->hub.token = token_new(world->arena);
    StoreToken token = {.hash = token_hash(world->arena, world->hub.token),
                        .role = STR("hub"),
                        .subject = STR("admin"),
                        .created_at = world->now};
    must(world, tx->verbs->token_put(tx, &token, &err), &err, "the administrator's token");
}

static void fill(World *world) {
    Err err = {0};
    StoreCommit commit;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Status status = store_begin(world->hub.store, STORE_WRITE, &tx, &err);
    must(world, status, &err, "filling the hub");
    if (status != OK) return;
    fill_places(world, tx);
    fill_people(world, tx);
    fill_token(world, tx);
    must(world, tx->verbs->commit(tx, world->arena, &commit, &err), &err, "filling the hub");
}

/* ---- the process ---- */
void hub_start(World *world) {
    SimHub *hub = &world->hub;
    Err err = {0};
    Status status = store_open(&hub->store, hub->path, &err);
    if (status == OK) status = hub_open(&hub->hub, hub->store, &hub->options, &err);
    if (status == OK) {
        HttpApp app = hub_app(hub->hub);
        app.told = NULL; /* what fails because a disk was told to fail is no news */
        status = http_memory_open(&hub->server, &app, &hub->clock.base, &err);
    }
    must(world, status, &err, "starting the hub");
}

void hub_make(World *world) {
    SimHub *hub = &world->hub;
    Err err = {0};
    snprintf(hub->path, sizeof(hub->path), "%s/hub.db", world->dir);
    hub->disk = disk_process(str_print(world->arena, "%s/%s", world->root, hub->path).at);
    hub->clock = hand_clock(world->now);
    hub->options = (HubOptions){.clock = &hub->clock.base,
                                .durable = HUB_DURABLE_NOW,
                                .enrol_per_minute = 1000000,
                                .blobs_dir = world->dir,
                                .public_url = "http://127.0.0.1:1"};
    must(world, store_create(hub->path, world->now, &err), &err, "making the store");
    must(world, store_open(&hub->store, hub->path, &err), &err, "making the store");
    if (world_has_failed(world)) return;
    fill(world);
    store_close(hub->store);
    hub_start(world);
    hub_after(world);
}

void hub_gone(World *world) {
    SimHub *hub = &world->hub;
    wire_server_gone(world);
    http_memory_close(hub->server);
    hub_close(hub->hub);
    store_close(hub->store);
    hub->server = NULL;
    hub->hub = NULL;
    hub->store = NULL;
}

void hub_stop(World *world, bool power_cut, size_t kept) {
    disk_kill(world->hub.disk);
    hub_gone(world);
    disk_revive(world->hub.disk, power_cut, kept);
    hub_start(world);
    if (!world_has_failed(world)) hub_after(world);
}

/* ---- asking ---- */
static void add_header(HttpMemoryCall *call, const char *name, Str value) {
    if (value.at) call->headers[call->header_count++] = (HttpMemoryHeader){name, value};
}

static HttpMemoryCall call_of(const Message *message) {
    HttpMemoryCall call = {
        .method = message->post ? "POST" : "GET", .target = message->target, .body = message->body};
    add_header(&call, "Relais-Protocol", STR("1"));
    if (message->token.at)
        add_header(&call, "Authorization",
                   str_print(message->arena, "Bearer %.*s", STR_FORMAT(message->token)));
    add_header(&call, "If-None-Match", message->etag);
    add_header(&call, "Content-Type", message->content_type);
    if (message->range_from)
        add_header(&call, "Range", str_print(message->arena, "bytes=%lld-", (long long)message->range_from));
    return call;
}

/* True: the crash that was ordered has come, and the hub runs again. */
static bool has_crashed(World *world, HttpRequest *request, bool ops) {
    if (!disk_was_hit(world->hub.disk) || !disk_is_dead(world->hub.disk)) return false;
    world_count(world, SITUATION_crash_hub_write);
    if (ops) world_count(world, SITUATION_crash_hub_ops);
    http_memory_end(request);
    hub_stop(world, false, 0);
    return true;
}

static bool is_ops(const Message *message) {
    return message->post && strcmp(message->target, "/v1/ops") == 0;
}

bool hub_ask(World *world, const Message *message, HttpRequest **out) {
    HttpMemoryCall call = call_of(message);
    world->hub.asked = is_ops(message) ? message : NULL;
    HttpRequest *request = http_memory_begin(world->hub.server, &call);
    bool crashed = has_crashed(world, request, is_ops(message));
    if (!crashed) hub_after(world);
    world->hub.asked = NULL;
    *out = crashed ? NULL : request;
    return !crashed;
}

static void copy_answer(World *world, HttpRequest *request, Str *answer, Str *etag) {
    Str said = http_memory_header(request, "ETag");
    if (answer) *answer = str_copy(world->arena, http_memory_answer(request).body);
    if (etag) *etag = said.at ? str_copy(world->arena, said) : (Str){0};
}

int hub_admin(World *world, const char *method, const char *target, Str if_match, Str body, Str *answer,
              Str *etag) {
    HttpMemoryCall call = {.method = method, .target = target, .body = body};
    add_header(&call, "Relais-Protocol", STR("1"));
    add_header(&call, "Authorization", str_print(world->arena, "Bearer %.*s", STR_FORMAT(world->hub.token)));
    add_header(&call, "If-Match", if_match);
    HttpRequest *request = http_memory_begin(world->hub.server, &call);
    if (has_crashed(world, request, false)) return 0;
    int status = http_memory_answer(request).status;
    copy_answer(world, request, answer, etag);
    http_memory_end(request);
    hub_after(world);
    return status;
}

/* ---- the past ---- */
static void keep_state(World *world, StoreTx *tx, int64_t head) {
    SimHub *hub = &world->hub;
    Err err = {0};
    ScopeList scopes = {0};
    must(world, tx->verbs->scope_list(tx, world->arena, &scopes, &err), &err, "scopes");
    if (hub->state_count == hub->state_room) {
        hub->state_room = hub->state_room ? 2 * hub->state_room : 256;
        hub->states = realloc(hub->states, hub->state_room * sizeof(HubState));
        if (!hub->states) abort();
    }
    HubState *state = &hub->states[hub->state_count++];
    *state = (HubState){.head = head, .count = scopes.count, .scopes = scopes.at};
    state->sums = ARENA_ARRAY(world->arena, Sum, scopes.count + 1);
    for (size_t i = 0; i < scopes.count; i++)
        must(world, tx->verbs->scope_recount(tx, scopes.at[i], &state->sums[i], &err), &err, "recount");
}

/* Capacity only shrinks by an administrator's hand; then the number of those who are in only shrinks too. */
static void check_seats(World *world, StoreTx *tx) {
    for (int i = 0; i < EVENTS; i++) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        Err err = {0};
        Event event;
        Seats seats;
        if (records_get(&tx->records, K_seats, str_of(world_event(i)), &seats, arena, &err) != OK) continue;
        int64_t before = world->hub.taken_before[i];
        world->hub.taken_before[i] = seats.taken;
        if (records_get(&tx->records, K_event, str_of(world_event(i)), &event, arena, &err) != OK) continue;
        if (seats.waiting > 0) world_count(world, SITUATION_waiting_list);
        if (event.seats == INT_ABSENT || seats.taken <= event.seats || seats.taken <= before) continue;
        world_fail(world, "event %d has %lld seats, %lld are taken", i, (long long)event.seats,
                   (long long)seats.taken);
    }
}

static void look_at(World *world) {
    Err err = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Status status = store_begin(world->hub.store, STORE_READ, &tx, &err);
    must(world, status, &err, "reading the hub");
    if (status != OK) return;
    int64_t head = tx->verbs->head(tx);
    const SimHub *hub = &world->hub;
    int64_t known = hub->state_count ? hub->states[hub->state_count - 1].head : -1;
    if (head < known)
        world_fail(world, "the hub's head went back from %lld to %lld", (long long)known, (long long)head);
    if (head <= known) return;
    keep_state(world, tx, head);
    check_seats(world, tx);
}

void hub_after(World *world) {
    http_memory_turn(world->hub.server);
    look_at(world);
    ledger_decide(world);
    wire_take_held(world);
}

const HubState *hub_state_at(const World *world, int64_t head) {
    const SimHub *hub = &world->hub;
    for (size_t i = hub->state_count; i-- > 0 && hub->states[i].head >= head;)
        if (hub->states[i].head == head) return &hub->states[i];
    return NULL;
}

int64_t hub_head(World *world) {
    return world->hub.state_count ? world->hub.states[world->hub.state_count - 1].head : 0;
}
