/* Enrolment through a real socket (PROTOCOL 6, RFC 8628). */
#include "common/wire/secret.h"
#include "tests/harness/test_hub.h"

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(test_hub_close_auto) TestHub *name = test_hub_open()

typedef struct Code {
    Str secret, shown;
} Code;

static Code code_ask(TestHub *hub) {
    Answer answer = test_send(hub, "POST", (Str){0}, "/v1/device/code", "{\"public_key\":\"k\"}");
    check_int(answer.status, 200);
    Json *body = answer_json(hub, &answer);
    return (Code){json_get_text(body, "device_code"), json_get_text(body, "user_code")};
}

static Answer poll(TestHub *hub, Code code) {
    return test_send(hub, "POST", (Str){0}, "/v1/device/token",
                     str_print(hub->arena, "{\"device_code\":\"%.*s\"}", STR_FORMAT(code.secret)).at);
}

static void check_error(TestHub *hub, Code code, const char *error) {
    Answer answer = poll(hub, code);
    check_int(answer.status, 400);
    check_text(json_get_text(answer_json(hub, &answer), "error"), error);
}

static Answer approve(TestHub *hub, Str token, Str user_code, const char *site, const char *name) {
    return test_send(hub, "POST", token, "/v1/devices/approve",
                     str_print(hub->arena, "{\"name\":\"%s\",\"site\":\"%s\",\"user_code\":\"%.*s\"}", name,
                               site, STR_FORMAT(user_code))
                         .at);
}

static TestDevice token_of(TestHub *hub, Code code) {
    Answer answer = poll(hub, code);
    check_int(answer.status, 200);
    Json *body = answer_json(hub, &answer);
    check_text(json_get_text(body, "token_type"), "Bearer");
    return (TestDevice){json_get_text(body, "device"), json_get_text(body, "access_token")};
}

static void the_code_has_eight_letters_without_look_alikes(void **state) {
    OPENED(hub);
    Answer answer = test_send(hub, "POST", (Str){0}, "/v1/device/code", "");
    check_int(answer.status, 200);
    Json *body = answer_json(hub, &answer);
    Str shown = json_get_text(body, "user_code");
    check_int(shown.len, 9);
    check(shown.at[4] == '-');
    for (size_t i = 0; i < shown.len; i++) check(i == 4 || str_has(STR("BCDFGHJKMNPQRSTVWXZ"), shown.at[i]));
    check_int(json_get_text(body, "device_code").len, TOKEN_HEX);
    check_int(json_get_int(body, "expires_in", 0), 900);
    check(str_starts(json_get_text(body, "verification_uri"), str_of(http_url(hub->server))));
    check(str_ends(json_get_text(body, "verification_uri_complete"), shown));
}

static void it_waits_for_the_approval_and_slows_who_is_hasty(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    check_error(hub, code, "authorization_pending");
    check_error(hub, code, "slow_down");
    hand_clock_advance(&hub->clock, 2 * SECOND_MS);
    check_error(hub, code, "authorization_pending");
    check_int(approve(hub, hub->admin, code.shown, "olivet-mairie", "Accueil").status, 200);
    TestDevice device = token_of(hub, code);
    check_int(test_get(hub, device.token, "/v1/feed").status, 200);
}

static void the_approval_makes_device_and_keyring(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    Answer answer = approve(hub, hub->admin, code.shown, "olivet-mairie", "Accueil");
    Json *body = answer_json(hub, &answer);
    check_text(json_get_text(body, "org"), "olivet");
    check_text(json_get_text(body, "address"), "127.0.0.1");
    TestDevice device = token_of(hub, code);
    check(str_equal(device.id, json_get_text(body, "device")));
    answer = test_get(hub, device.token, "/v1/feed");
    const char *feed = str_cstr(hub->arena, answer.body);
    check_contains(
        feed, str_print(hub->arena, "\"kind\":\"keyring\",\"id\":\"olivet~%.*s\"", STR_FORMAT(device.id)).at);
    check_contains(feed, str_print(hub->arena, "\"token_hash\":\"%.*s\"",
                                   STR_FORMAT(token_hash(hub->arena, device.token)))
                             .at);
    TestDevice other = test_pair(hub, "olivet-mairie"); /* one salt for the org */
    Answer second = test_get(hub, other.token, "/v1/feed");
    ptrdiff_t at = str_find(answer.body, STR("\"badge_salt\""));
    Str salt = str_first(str_skip(answer.body, (size_t)at), 48);
    check(at > 0 && str_find(second.body, salt) > 0);
}

static void each_poll_gives_a_fresh_token_until_one_is_used(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    check_int(approve(hub, hub->admin, code.shown, "olivet-mairie", "Accueil").status, 200);
    TestDevice lost = token_of(hub, code), kept = token_of(hub, code);
    check(!str_equal(lost.token, kept.token));
    Answer answer = test_get(hub, lost.token, "/v1/hello");
    check_code(hub, &answer, 401, "unknown_token");
    check_int(test_get(hub, kept.token, "/v1/hello").status, 200);
    check_error(hub, code, "expired_token");
    check_int(test_get(hub, kept.token, "/v1/hello").status, 200);
}

static void a_code_expires(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    hand_clock_advance(&hub->clock, 901 * SECOND_MS);
    check_error(hub, code, "expired_token");
    Answer answer = approve(hub, hub->admin, code.shown, "olivet-mairie", "Accueil");
    check_code(hub, &answer, 404, "not_found");
    check_error(hub, (Code){.secret = STR("nonsense")}, "expired_token");
}

static void a_refused_device_is_told(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    const char *body = str_print(hub->arena, "{\"user_code\":\"%.*s\"}", STR_FORMAT(code.shown)).at;
    check_int(test_send(hub, "POST", hub->admin, "/v1/devices/refuse", body).status, 204);
    check_error(hub, code, "access_denied");
    Answer answer = approve(hub, hub->admin, code.shown, "olivet-mairie", "Accueil");
    check_int(answer.status, 409);
}

static void the_code_is_typed_as_people_type(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    AUTO(buf_free) Buf typed = buf_new(64);
    for (size_t i = 0; i < code.shown.len; i++) buf_print(&typed, " %c", code.shown.at[i] | 0x20);
    check_int(approve(hub, hub->admin, buf_str(&typed), "olivet-mairie", "Accueil").status, 200);
}

static void what_is_wrong_in_an_approval_is_named(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    Answer answer = approve(hub, hub->admin, code.shown, "nowhere", "Accueil");
    check_text(json_get_text(answer_json(hub, &answer), "field"), "site");
    answer = approve(hub, hub->admin, code.shown, "olivet-mairie", " ");
    check_text(json_get_text(answer_json(hub, &answer), "field"), "name");
    check_error(hub, code, "authorization_pending");
}

static void an_administrator_approves_for_his_own_org(void **state) {
    OPENED(hub);
    Code code = code_ask(hub);
    Str saran = test_token(hub, "admin", "sami", "saran"),
        olivet = test_token(hub, "admin", "olga", "olivet");
    check_int(approve(hub, saran, code.shown, "olivet-mairie", "Accueil").status, 403);
    check_int(approve(hub, (Str){0}, code.shown, "olivet-mairie", "Accueil").status, 401);
    check_int(approve(hub, olivet, code.shown, "olivet-mairie", "Accueil").status, 200);
    TestDevice device = token_of(hub, code);
    Answer answer = test_get(hub, saran, "/v1/devices");
    check_int(json_get(answer_json(hub, &answer), "devices")->count, 0);
    answer = test_get(hub, olivet, "/v1/devices");
    check_int(json_get(answer_json(hub, &answer), "devices")->count, 1);
    const char *path = str_print(hub->arena, "/v1/devices/%.*s/revoke", STR_FORMAT(device.id)).at;
    check_int(test_send(hub, "POST", saran, path, "").status, 403);
}

static void codes_are_rationed_per_address(void **state) {
    (void)state;
    AUTO(test_hub_close_auto) TestHub *hub = test_hub_open_cold();
    hub->options.enrol_per_minute = 3;
    test_hub_start(hub);
    for (int i = 0; i < 3; i++) (void)code_ask(hub);
    Answer answer = test_send(hub, "POST", (Str){0}, "/v1/device/code", "{}");
    check_code(hub, &answer, 429, "limit");
    check_text(answer_header(&answer, "Retry-After"), "60");
    hand_clock_advance(&hub->clock, 20 * SECOND_MS);
    (void)code_ask(hub);
}

/* ---- revoking ---- */

static void revoke(TestHub *hub, const TestDevice *device, const char *body) {
    const char *path = str_print(hub->arena, "/v1/devices/%.*s/revoke", STR_FORMAT(device->id)).at;
    check_int(test_send(hub, "POST", hub->admin, path, body).status, 204);
}

static void a_revoked_device_is_told_so_everywhere(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    revoke(hub, &device, "");
    Answer answer = test_get(hub, device.token, "/v1/feed");
    check_code(hub, &answer, 401, "revoked");
    check_text(answer_header(&answer, "WWW-Authenticate"), "Bearer");
    answer = test_push(hub, &device, test_ops(hub, &device, "i", 0, ""));
    check_code(hub, &answer, 401, "revoked");
    answer = test_get(hub, device.token, "/v1/hello");
    check_code(hub, &answer, 401, "revoked");
    answer = test_send(hub, "POST", device.token, "/v1/status", "{}");
    check_code(hub, &answer, 401, "revoked");
    answer = test_get(hub, hub->admin, "/v1/devices");
    check_text(json_get_text(json_get(answer_json(hub, &answer), "devices")->first, "state"), "revoked");
}

static Str person_doc(TestHub *hub) {
    Err err = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreRecord record;
    check_ok(store_begin(hub->store, STORE_READ, &tx, &err));
    check_ok(tx->verbs->record_get(tx, STR("person"), STR(TEST_PERSON), hub->arena, &record, &err));
    return record.doc;
}

static void a_stolen_device_voids_salt_badges_and_pins_of_its_org(void **state) {
    OPENED(hub);
    TestDevice stolen = test_pair(hub, "olivet-mairie"), other = test_pair(hub, "olivet-mairie");
    test_put(
        hub, K_person, TEST_PERSON, "org:olivet",
        "{\"badges\":[\"00112233445566778899aabbccddeeff\"],\"code\":\"$argon2id$x\",\"name\":\"Camille D.\","
        "\"name_key\":\"camille d.\",\"org\":\"olivet\"}");
    Answer before = test_get(hub, other.token, "/v1/feed");
    ptrdiff_t at = str_find(before.body, STR("\"badge_salt\""));
    Str salt = str_first(str_skip(before.body, (size_t)at), 48);
    revoke(hub, &stolen, "{\"stolen\":true}");
    Answer after = test_get(hub, other.token, "/v1/feed");
    check(at > 0 && str_find(after.body, STR("\"badge_salt\"")) > 0 && str_find(after.body, salt) < 0);
    check(str_find(person_doc(hub), STR("badges")) < 0 && str_find(person_doc(hub), STR("code")) < 0);
    check(str_find(person_doc(hub), STR("Camille D.")) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_has_eight_letters_without_look_alikes),
        cmocka_unit_test(it_waits_for_the_approval_and_slows_who_is_hasty),
        cmocka_unit_test(the_approval_makes_device_and_keyring),
        cmocka_unit_test(each_poll_gives_a_fresh_token_until_one_is_used),
        cmocka_unit_test(a_code_expires),
        cmocka_unit_test(a_refused_device_is_told),
        cmocka_unit_test(the_code_is_typed_as_people_type),
        cmocka_unit_test(what_is_wrong_in_an_approval_is_named),
        cmocka_unit_test(an_administrator_approves_for_his_own_org),
        cmocka_unit_test(codes_are_rationed_per_address),
        cmocka_unit_test(a_revoked_device_is_told_so_everywhere),
        cmocka_unit_test(a_stolen_device_voids_salt_badges_and_pins_of_its_org),
    };
    return cmocka_run_group_tests_name("enrolment", tests, NULL, NULL);
}
