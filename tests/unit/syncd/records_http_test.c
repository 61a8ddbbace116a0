/* The administrators' routes through a real socket (PROTOCOL 7): records, status, blobs. */
#include "common/wire/secret.h"
#include "tests/harness/test_hub.h"

#include <string.h>

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(test_hub_close_auto) TestHub *name = test_hub_open()

#define PAGE                                                                                                 \
    "{\"doc\":{\"body\":\"x\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"},\"scope\":\"pool:agglo\"}"

static Answer put(TestHub *hub, Str token, const char *path, const char *match, const char *body) {
    Ask ask = {.method = "PUT", .token = token, .body = str_of(body)};
    if (match) ask.headers[0] = str_print(hub->arena, "If-Match: %s", match).at;
    return test_ask(hub, ask, path);
}

static const char *hash_of(TestHub *hub, const char *path) {
    Answer answer = test_get(hub, hub->admin, "%s", path);
    check_int(answer.status, 200);
    return str_cstr(hub->arena, json_get_text(answer_json(hub, &answer), "hash"));
}

static void check_field(TestHub *hub, const Answer *answer, const char *field) {
    check_code(hub, answer, 422, "invalid");
    check_text(json_get_text(answer_json(hub, answer), "field"), field);
}

static void a_record_is_made_read_changed_and_deleted(void **state) {
    OPENED(hub);
    const char *path = "/v1/records/page/welcome";
    Answer answer = put(hub, hub->admin, path, NULL, PAGE);
    check_int(answer.status, 201);
    const char *hash = hash_of(hub, path);
    check_text(answer_header(&answer, "ETag"), str_print(hub->arena, "\"%s\"", hash).at);
    answer = put(hub, hub->admin, path, NULL, PAGE);
    check_code(hub, &answer, 428, "if_match");
    answer = put(hub, hub->admin, path, "00000000000000000000000000000000", PAGE);
    check_code(hub, &answer, 412, "changed");
    answer = put(hub, hub->admin, path, str_print(hub->arena, "\"%s\"", hash).at,
                 "{\"doc\":{\"body\":\"y\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\",\"unheard\":7},"
                 "\"scope\":\"public\"}");
    check_int(answer.status, 200);
    check_contains(str_cstr(hub->arena, answer.body), "\"unheard\":7"); /* unknown fields are kept */
    Ask ask = {
        .method = "DELETE", .token = hub->admin, .headers = {str_print(hub->arena, "If-Match: %s", hash).at}};
    answer = test_ask(hub, ask, path);
    check_code(hub, &answer, 412, "changed");
    ask.headers[0] = str_print(hub->arena, "If-Match: %s", hash_of(hub, path)).at;
    check_int(test_ask(hub, ask, path).status, 204);
    check_int(test_get(hub, hub->admin, "%s", path).status, 404);
}

static void what_is_wrong_is_named_by_its_field(void **state) {
    OPENED(hub);
    Answer answer =
        put(hub, hub->admin, "/v1/records/page/p", NULL, "{\"doc\":{\"title\":7},\"scope\":\"public\"}");
    check_field(hub, &answer, "title");
    answer = put(hub, hub->admin, "/v1/records/page/p", NULL, "{\"doc\":{},\"scope\":\"town:x\"}");
    check_field(hub, &answer, "scope");
    answer = put(hub, hub->admin, "/v1/records/page/p", NULL, "{\"scope\":\"public\"}");
    check_field(hub, &answer, "doc");
    answer = put(hub, hub->admin, "/v1/records/page/a%20b", NULL, PAGE);
    check_field(hub, &answer, "id");
    check_int(put(hub, hub->admin, "/v1/records/unheard/p", NULL, PAGE).status, 404);
    answer = put(hub, hub->admin, "/v1/records/page/p", NULL, "{\"doc\":");
    check_int(answer.status, 422);
}

static void kinds_of_the_rules_and_of_the_hub_are_not_for_administrators(void **state) {
    OPENED(hub);
    static const char *const kinds[] = {"registration", "seats",   "tick",  "device",
                                        "keyring",      "receipt", "rating"};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const char *path = str_print(hub->arena, "/v1/records/%s/x", kinds[i]).at;
        Answer answer = put(hub, hub->admin, path, NULL, "{\"doc\":{},\"scope\":\"public\"}");
        check_code(hub, &answer, 403, "denied");
        check_int(test_send(hub, "DELETE", hub->admin, path, NULL).status, 403);
    }
}

static void an_administrator_writes_in_scopes_of_his_org(void **state) {
    OPENED(hub);
    Str olivet = test_token(hub, "admin", "olga", "olivet");
    static const struct {
        const char *path, *body;
        long status;
    } tries[] = {
        {"/v1/records/page/a",
         "{\"doc\":{\"body\":\"x\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"},\"scope\":\"org:olivet\"}",
         201},
        {"/v1/records/page/b",
         "{\"doc\":{\"body\":\"x\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"},\"scope\":\"org:saran\"}",
         403},
        {"/v1/records/page/c",
         "{\"doc\":{\"body\":\"x\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"},\"scope\":\"public\"}",
         403},
        {"/v1/records/service/d", "{\"doc\":{\"name\":\"T\",\"org\":\"olivet\"},\"scope\":\"public\"}", 201},
        {"/v1/records/service/e", "{\"doc\":{\"name\":\"T\",\"org\":\"saran\"},\"scope\":\"public\"}", 403},
        {"/v1/records/pool/f", "{\"doc\":{\"members\":[\"olivet\"],\"name\":\"F\"},\"scope\":\"public\"}",
         403},
        {"/v1/records/org/olivet", "{\"doc\":{\"name\":\"O\",\"type\":\"commune\"},\"scope\":\"public\"}",
         403},
    };
    for (size_t i = 0; i < COUNT(tries); i++)
        check_int(put(hub, olivet, tries[i].path, NULL, tries[i].body).status, tries[i].status);
    Str saran = test_token(hub, "admin", "sami", "saran");
    check_int(test_get(hub, saran, "/v1/records/person/" TEST_PERSON).status, 403);
    Answer answer = test_get(hub, saran, "/v1/records/person");
    check_int(json_get(answer_json(hub, &answer), "records")->count, 0);
    answer = test_get(hub, olivet, "/v1/records/person");
    check_int(json_get(answer_json(hub, &answer), "records")->count, 2);
}

static void secrets_come_in_and_never_out(void **state) {
    OPENED(hub);
    const char *path = "/v1/records/person/" TEST_PERSON;
    Answer answer = put(hub, hub->admin, path, hash_of(hub, path),
                        "{\"doc\":{\"badges\":[\"04A1B2C3\"],\"code\":\"123456\",\"name\":\"Camille "
                        "D.\",\"name_key\":\"camille d.\","
                        "\"org\":\"olivet\"},\"scope\":\"org:olivet\"}");
    check_int(answer.status, 200);
    check(str_find(answer.body, STR("badges")) < 0 && str_find(answer.body, STR("code")) < 0);
    answer = test_get(hub, hub->admin, "%s", path);
    check(str_find(answer.body, STR("badges")) < 0 && str_find(answer.body, STR("argon")) < 0);
    TestDevice device = test_pair(hub, "olivet-mairie");
    answer = test_get(hub, device.token, "/v1/feed"); /* devices need the hashes, and only those */
    check(str_find(answer.body, STR("04A1B2C3")) < 0 && str_find(answer.body, STR("123456")) < 0);
    check(str_find(answer.body, STR("$argon2id$")) > 0);
    answer = put(hub, hub->admin, path, hash_of(hub, path),
                 "{\"doc\":{\"name\":\"Camille F.\",\"name_key\":\"camille "
                 "f.\",\"org\":\"olivet\"},\"scope\":\"org:olivet\"}");
    check_int(answer.status, 200);
    answer = test_get(hub, device.token, "/v1/feed"); /* who writes back what he read loses nothing */
    check(str_find(answer.body, STR("Camille F.")) > 0 && str_find(answer.body, STR("$argon2id$")) > 0);
    answer = put(hub, hub->admin, path, hash_of(hub, path),
                 "{\"doc\":{\"code\":\"12\",\"name\":\"C\",\"name_key\":\"c\",\"org\":\"olivet\"},\"scope\":"
                 "\"org:olivet\"}");
    check_field(hub, &answer, "code");
}

static void a_list_is_read_in_pages(void **state) {
    OPENED(hub);
    Answer answer = test_get(hub, hub->admin, "/v1/records/org?limit=1");
    Json *body = answer_json(hub, &answer);
    check_int(json_get(body, "records")->count, 1);
    check_text(json_get_text(body, "next"), "olivet");
    answer = test_get(hub, hub->admin, "/v1/records/org?limit=5&after=olivet");
    body = answer_json(hub, &answer);
    check_text(json_get_text(json_get(body, "records")->first, "id"), "saran");
    check(json_get(body, "next")->type == JSON_NULL_T);
    answer = test_get(hub, hub->admin, "/v1/records/person?scope=org:saran");
    check_int(json_get(answer_json(hub, &answer), "records")->count, 0);
    check_int(test_get(hub, hub->admin, "/v1/records/org?limit=0").status, 400);
}

static void devices_are_no_administrators(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    static const char *const paths[] = {"/v1/records/org", "/v1/records/org/olivet", "/v1/devices"};
    for (size_t i = 0; i < COUNT(paths); i++)
        check_int(test_get(hub, device.token, "%s", paths[i]).status, 403);
    check_int(put(hub, device.token, "/v1/records/page/p", NULL, PAGE).status, 403);
    check_int(test_get(hub, (Str){0}, "/v1/records/org").status, 401);
}

/* ---- version, status, health ---- */

static void writing_needs_the_version_reading_by_hand_does_not(void **state) {
    OPENED(hub);
    Answer answer = test_ask(hub, (Ask){.token = hub->admin, .no_version = true}, "/v1/hello");
    check_int(answer.status, 200);
    Ask ask = {.method = "PUT", .token = hub->admin, .body = STR(PAGE), .no_version = true};
    answer = test_ask(hub, ask, "/v1/records/page/p");
    check_code(hub, &answer, 426, "version");
    ask.headers[0] = "Relais-Protocol: 2";
    answer = test_ask(hub, ask, "/v1/records/page/p");
    check_code(hub, &answer, 426, "version");
}

static void the_last_status_shows_in_the_fleet(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    check_int(test_send(hub, "POST", device.token, "/v1/status", "{\"version\":\"1\"}").status, 204);
    check_int(test_send(hub, "POST", device.token, "/v1/status", "{\"version\":\"2\"}").status, 204);
    check_int(test_send(hub, "POST", device.token, "/v1/status", "[]").status, 400);
    Answer answer = test_get(hub, hub->admin, "/v1/devices");
    const Json *row = json_get(answer_json(hub, &answer), "devices")->first;
    check_text(json_get_text(row, "site"), "olivet-mairie");
    check_int(json_get_int(row, "seen", 0), TEST_HUB_NOW);
    check_text(json_get_text(json_get(row, "status"), "version"), "2");
}

static void health_needs_no_token(void **state) {
    OPENED(hub);
    check_text(test_get(hub, (Str){0}, "/healthz").body, "ok\n");
    check_text(test_get(hub, (Str){0}, "/readyz").body, "ok\n");
    Answer answer = test_get(hub, (Str){0}, "/metrics");
    check_contains(str_cstr(hub->arena, answer.body), "\nrelais_held_requests 0\n");
}

/* ---- blobs ---- */

static void a_blob_is_kept_under_its_hash_and_read_in_parts(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    const char *path =
        str_print(hub->arena, "/v1/blob/%.*s", STR_FORMAT(sha256_hex(hub->arena, STR("0123456789")))).at;
    check_int(test_get(hub, device.token, "%s", path).status, 404);
    check_int(put(hub, device.token, path, NULL, "0123456789").status, 403);
    Answer answer = put(hub, hub->admin, path, NULL, "012345678");
    check_code(hub, &answer, 400, "hash");
    check_int(put(hub, hub->admin, path, NULL, "0123456789").status, 204);
    check_int(put(hub, hub->admin, path, NULL, "0123456789").status, 204);
    check_text(test_get(hub, device.token, "%s", path).body, "0123456789");
    static const struct {
        const char *range, *body;
        long status;
    } parts[] = {{"bytes=4-", "456789", 206},     {"bytes=0-0", "0", 206},
                 {"bytes=8-99", "89", 206},       {"bytes=10-", NULL, 416},
                 {"bytes=x", "0123456789", 200},  {"bytes=5-4", "0123456789", 200},
                 {"items=1-2", "0123456789", 200}};
    for (size_t i = 0; i < COUNT(parts); i++) {
        Ask ask = {.token = device.token, .headers = {str_print(hub->arena, "Range: %s", parts[i].range).at}};
        answer = test_ask(hub, ask, path);
        check_int(answer.status, parts[i].status);
        if (parts[i].body) check_text(answer.body, parts[i].body);
    }
}

static void a_name_that_is_no_hash_reaches_no_file(void **state) {
    OPENED(hub);
    static const char *const names[] = {"hub.db", "..", "%2e%2e%2fhub.db", "ABC"};
    for (size_t i = 0; i < COUNT(names); i++)
        check_int(test_get(hub, hub->admin, "/v1/blob/%s", names[i]).status / 100, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_made_read_changed_and_deleted),
        cmocka_unit_test(what_is_wrong_is_named_by_its_field),
        cmocka_unit_test(kinds_of_the_rules_and_of_the_hub_are_not_for_administrators),
        cmocka_unit_test(an_administrator_writes_in_scopes_of_his_org),
        cmocka_unit_test(secrets_come_in_and_never_out),
        cmocka_unit_test(a_list_is_read_in_pages),
        cmocka_unit_test(devices_are_no_administrators),
        cmocka_unit_test(writing_needs_the_version_reading_by_hand_does_not),
        cmocka_unit_test(the_last_status_shows_in_the_fleet),
        cmocka_unit_test(health_needs_no_token),
        cmocka_unit_test(a_blob_is_kept_under_its_hash_and_read_in_parts),
        cmocka_unit_test(a_name_that_is_no_hash_reaches_no_file),
    };
    return cmocka_run_group_tests_name("records, status and blobs", tests, NULL, NULL);
}
