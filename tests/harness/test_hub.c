#include "tests/harness/test_hub.h"

#include "common/wire/secret.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* ---- life ---- */

static void town_fill(TestHub *hub) {
    test_put(hub, K_org, "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    test_put(hub, K_org, "saran", "public", "{\"name\":\"Saran\",\"type\":\"commune\"}");
    test_put(hub, K_pool, "agglo", "public", "{\"members\":[\"olivet\",\"saran\"],\"name\":\"Agglo\"}");
    test_put(hub, K_site, "olivet-mairie", "public", "{\"name\":\"Mairie\",\"org\":\"olivet\"}");
    test_put(hub, K_site, "saran-mairie", "public", "{\"name\":\"Mairie\",\"org\":\"saran\"}");
    test_put(
        hub, K_event, TEST_EVENT, "pool:agglo",
        "{\"ends\":1764756000000,\"org\":\"olivet\",\"place\":\"Salle\",\"seats\":2,\"starts\":1764669600000,"
        "\"status\":\"planned\",\"title\":\"Réunion\",\"type\":\"ixpresso\"}");
    test_put(hub, K_person, TEST_PERSON, "org:olivet",
             "{\"name\":\"Camille D.\",\"name_key\":\"camille d.\",\"org\":\"olivet\"}");
    test_put(hub, K_person, TEST_OTHER_PERSON, "org:olivet",
             "{\"name\":\"Dominique E.\",\"name_key\":\"dominique e.\",\"org\":\"olivet\"}");
}

TestHub *test_hub_open_cold(void) {
    Err err = {0};
    Arena *arena = arena_open();
    TestHub *hub = ARENA_NEW(arena, TestHub);
    hub->arena = arena;
    hub->dir = test_dir_new();
    hub->clock = hand_clock(TEST_HUB_NOW);
    hub->path = test_path(arena, &hub->dir, "hub.db");
    check_ok(secret_init(&err));
    check_ok(store_create(hub->path, TEST_HUB_NOW, &err));
    hub->http = http_options();
    hub->options = (HubOptions){.clock = &hub->clock.base,
                                .durable = HUB_DURABLE_NOW,
                                .enrol_per_minute = 1000,
                                .blobs_dir = test_path(arena, &hub->dir, "blobs")};
    check_ok(store_open(&hub->store, hub->path, &err));
    hub->admin = test_token(hub, "hub", "admin", NULL);
    town_fill(hub);
    store_close(hub->store);
    hub->store = NULL;
    return hub;
}

void test_hub_start(TestHub *hub) {
    Err err = {0};
    check_ok(store_open(&hub->store, hub->path, &err));
    check_ok(hub_open(&hub->hub, hub->store, &hub->options, &err));
    HttpApp app = hub_app(hub->hub);
    check_ok(http_start(&hub->server, &hub->http, &app, &err));
}

TestHub *test_hub_open(void) {
    TestHub *hub = test_hub_open_cold();
    test_hub_start(hub);
    return hub;
}

void test_hub_stop(TestHub *hub) {
    http_stop(hub->server, 5 * SECOND_MS);
    hub_close(hub->hub);
    store_close(hub->store);
    hub->server = NULL;
    hub->hub = NULL;
    hub->store = NULL;
}

void test_hub_close(TestHub *hub) {
    if (!hub) return;
    test_hub_stop(hub);
    test_dir_remove(&hub->dir);
    arena_close(hub->arena);
}

void test_hub_close_auto(TestHub **hub) {
    test_hub_close(*hub);
    *hub = NULL;
}

/* ---- asking ---- */

const char *test_url(TestHub *hub, Arena *arena, const char *path) {
    return str_print(arena, "%s%s", http_url(hub->server), path).at;
}

Answer test_ask(TestHub *hub, Ask ask, const char *path) {
    ask.url = test_url(hub, hub->arena, path);
    return http_ask(hub->arena, &ask);
}

Answer test_get(TestHub *hub, Str token, const char *path_format, ...) {
    AUTO(buf_free) Buf path = buf_new(64 * 1024);
    va_list args;
    va_start(args, path_format);
    buf_print_list(&path, path_format, args);
    va_end(args);
    return test_ask(hub, (Ask){.token = token}, path.at);
}

Answer test_send(TestHub *hub, const char *method, Str token, const char *path, const char *body) {
    return test_ask(hub, (Ask){.method = method, .token = token, .body = str_of(body)}, path);
}

Json *answer_json(TestHub *hub, const Answer *answer) {
    Err err = {0};
    Json *value = NULL;
    check_ok(json_parse(hub->arena, str_trim(answer->body), &value, &err));
    return value;
}

void check_code(TestHub *hub, const Answer *answer, long status, const char *code) {
    check_int(answer->status, status);
    check_text(answer->content_type, "application/problem+json");
    Json *problem = answer_json(hub, answer);
    check_text(json_get_text(problem, "code"), code);
    check_int(json_get_int(problem, "status", 0), status);
}

/* ---- behind its back ---- */

static void write_and(TestHub *hub, void (*what)(StoreTx *tx, const void *), const void *with) {
    Err err = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreCommit commit;
    check_ok(store_begin(hub->store, STORE_WRITE, &tx, &err));
    what(tx, with);
    check_ok(tx->verbs->commit(tx, hub->arena, &commit, &err));
}

typedef struct Put {
    Kind kind;
    const char *id, *scope, *doc;
} Put;

static void put_one(StoreTx *tx, const void *with) {
    Err err = {0};
    const Put *put = with;
    if (put->doc)
        check_ok(tx->records.verbs->put(&tx->records, put->kind, str_of(put->id), str_of(put->scope),
                                        str_of(put->doc), &err));
    else
        check_ok(tx->records.verbs->remove(&tx->records, put->kind, str_of(put->id), &err));
}

void test_put(TestHub *hub, Kind kind, const char *id, const char *scope, const char *doc) {
    Put put = {kind, id, scope, doc};
    write_and(hub, put_one, &put);
}

void test_remove(TestHub *hub, Kind kind, const char *id) {
    Put put = {kind, id, NULL, NULL};
    write_and(hub, put_one, &put);
}

static void token_one(StoreTx *tx, const void *with) {
    Err err = {0};
    check_ok(tx->verbs->token_put(tx, with, &err));
}

Str test_token(TestHub *hub, const char *role, const char *subject, const char *org) {
    Str secret = token_new(hub->arena);
    StoreToken token = {.hash = token_hash(hub->arena, secret),
                        .role = str_of(role),
                        .subject = str_of(subject),
                        .org = str_of(org),
                        .created_at = TEST_HUB_NOW};
    write_and(hub, token_one, &token);
    return secret;
}

/* ---- devices ---- */

TestDevice test_pair(TestHub *hub, const char *site) {
    Answer answer = test_send(hub, "POST", (Str){0}, "/v1/device/code", "{}");
    check_int(answer.status, 200);
    Json *code = answer_json(hub, &answer);
    Str user = json_get_text(code, "user_code"), secret = json_get_text(code, "device_code");
    const char *approval =
        str_print(hub->arena, "{\"name\":\"Borne\",\"site\":\"%s\",\"user_code\":\"%.*s\"}", site,
                  STR_FORMAT(user))
            .at;
    check_int(test_send(hub, "POST", hub->admin, "/v1/devices/approve", approval).status, 200);
    const char *poll = str_print(hub->arena, "{\"device_code\":\"%.*s\"}", STR_FORMAT(secret)).at;
    answer = test_send(hub, "POST", (Str){0}, "/v1/device/token", poll);
    check_int(answer.status, 200);
    Json *token = answer_json(hub, &answer);
    return (TestDevice){json_get_text(token, "device"), json_get_text(token, "access_token")};
}

/* ---- operations ---- */

const char *test_op_id(TestHub *hub, int number) {
    return str_print(hub->arena, "0192f0c1-7a00-7000-8000-0000000%05d", number).at;
}

const char *test_op(TestHub *hub, int64_t n, int number, int prev, const char *op, const char *person,
                    const char *args) {
    const char *before = prev ? str_print(hub->arena, "\"prev\":\"%s\",", test_op_id(hub, prev)).at : "";
    return str_print(hub->arena,
                     "{\"n\":%" PRId64 ",\"id\":\"%s\",%s\"op\":\"%s\",\"at\":%" PRId64
                     ",\"by\":\"%s\",\"auth\":\"badge\",\"args\":%s}\n",
                     n, test_op_id(hub, number), before, op, hub->clock.wall_ms, person, args)
        .at;
}

const char *test_ops(TestHub *hub, const TestDevice *device, const char *incarnation, int64_t seen,
                     const char *lines) {
    return str_print(hub->arena,
                     "{\"ops\":1,\"device\":\"%.*s\",\"incarnation\":\"%s\",\"time\":%" PRId64
                     ",\"seen\":%" PRId64 "}\n%s",
                     STR_FORMAT(device->id), incarnation, hub->clock.wall_ms, seen, lines)
        .at;
}

Answer test_push(TestHub *hub, const TestDevice *device, const char *body) {
    return test_send(hub, "POST", device->token, "/v1/ops", body);
}

Str test_receipt(TestHub *hub, const TestDevice *device, const char *incarnation) {
    Err err = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreRecord record = {0};
    Str id = id_join(hub->arena, device->id, str_of(incarnation));
    check_ok(store_begin(hub->store, STORE_READ, &tx, &err));
    Status status = tx->verbs->record_get(tx, STR("receipt"), id, hub->arena, &record, &err);
    return status == OK ? record.doc : (Str){0};
}
