/* GET /v1/feed through real sockets: what is held, who is woken, what is refused (PROTOCOL 3). */
#include "tests/harness/test_hub.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(test_hub_close_auto) TestHub *name = test_hub_open()

typedef struct Position {
    Str epoch;
    int64_t head;
} Position;

static Position position(TestHub *hub) {
    Answer answer = test_get(hub, hub->admin, "/v1/hello");
    Json *hello = answer_json(hub, &answer);
    return (Position){json_get_text(hello, "epoch"), json_get_int(hello, "head", 0)};
}

/* A cursor of every scope the device is granted, all at `seq`. */
static const char *cursor(TestHub *hub, const TestDevice *device, const char *org, int64_t seq) {
    return str_print(hub->arena,
                     "public@%" PRId64 ",device:%.*s@%" PRId64 ",site:%s-mairie@%" PRId64 ",org:%s@%" PRId64
                     ",pool:agglo@%" PRId64,
                     seq, STR_FORMAT(device->id), seq, org, seq, org, seq, seq)
        .at;
}

static const char *caught_up(TestHub *hub, const TestDevice *device, const char *org, int wait) {
    Position at = position(hub);
    return str_print(hub->arena, "/v1/feed?epoch=%.*s&wait=%d&cursor=%s", STR_FORMAT(at.epoch), wait,
                     cursor(hub, device, org, at.head))
        .at;
}

static Json *header_of(TestHub *hub, const Answer *answer) {
    Err err = {0};
    Str rest = answer->body, line;
    Json *header = NULL;
    check_int(answer->status, 200);
    check(str_cut(&rest, '\n', &line));
    check_ok(json_parse(hub->arena, line, &header, &err));
    return header;
}

static size_t lines_in(const Answer *answer) {
    size_t lines = 0;
    for (size_t i = 0; i < answer->body.len; i++) lines += answer->body.at[i] == '\n';
    return lines - 2;
}

static const char *text_of(TestHub *hub, const Answer *answer) {
    return str_cstr(hub->arena, answer->body);
}

static void the_first_pull_loads_what_is_granted(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    Answer answer = test_get(hub, device.token, "/v1/feed");
    check_text(answer.content_type, "application/x-ndjson");
    Json *header = header_of(hub, &answer);
    check_int(json_get_int(header, "feed", 0), 1);
    check_int(json_get(header, "scopes")->count, 5);
    check_int(json_get(header, "reload")->count, 0);
    check_contains(text_of(hub, &answer), "\"scope\":\"pool:agglo\"");
    check_contains(text_of(hub, &answer), "\"complete\":true");
    TestDevice saran = test_pair(hub, "saran-mairie");
    answer = test_get(hub, saran.token, "/v1/feed");
    check(strstr(text_of(hub, &answer), TEST_PERSON) == NULL); /* a person of Olivet is Olivet's */
}

static void packed_is_the_same_as_plain(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    Answer plain = test_get(hub, device.token, "/v1/feed");
    Answer packed = test_ask(hub, (Ask){.token = device.token, .gzip = true}, "/v1/feed");
    check_text(answer_header(&packed, "Content-Encoding"), "gzip");
    check(!answer_header(&plain, "Content-Encoding").at);
    check(str_equal(plain.body, packed.body));
}

static void an_etag_answers_304_while_nothing_is_new(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    (void)test_get(hub, device.token, "/v1/hello");
    const char *path = caught_up(hub, &device, "olivet", 0);
    Answer answer = test_get(hub, device.token, "%s", path);
    check_int(lines_in(&answer), 0);
    Str etag = answer_header(&answer, "ETag");
    check(etag.len == 34);
    Ask ask = {.token = device.token,
               .headers = {str_print(hub->arena, "If-None-Match: %.*s", STR_FORMAT(etag)).at}};
    answer = test_ask(hub, ask, path);
    check_int(answer.status, 304);
    check_int(answer.body.len, 0);
    test_put(hub, K_page, "p", "public", "{}");
    answer = test_ask(hub, ask, path);
    check_int(answer.status, 200);
    check_int(lines_in(&answer), 1);
}

static void a_cursor_ahead_of_the_head_is_behind(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    Position at = position(hub);
    Answer answer = test_get(hub, device.token, "/v1/feed?epoch=%.*s&cursor=public@%" PRId64,
                             STR_FORMAT(at.epoch), at.head + 1);
    check_code(hub, &answer, 409, "behind");
    check_int(json_get_int(answer_json(hub, &answer), "head", 0), at.head);
    answer = test_get(hub, device.token, "/v1/feed?epoch=1-aa&cursor=public@%" PRId64, at.head + 1);
    check_int(json_get(header_of(hub, &answer), "reload")->count, 1); /* of another epoch: not compared */
}

static void what_is_no_longer_granted_is_revoked(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    const char *path = caught_up(hub, &device, "olivet", 50);
    test_put(hub, K_pool, "agglo", "public", "{\"members\":[\"saran\"],\"name\":\"Agglo\"}");
    Answer answer = test_get(hub, device.token, "%s", path);
    const Json *revoked = json_get(header_of(hub, &answer), "revoked");
    check_int(revoked->count, 1);
    check_text(revoked->first->text, "pool:agglo");
}

static void what_cannot_be_read_is_refused(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    static const char *const paths[] = {"/v1/feed?limit=0",         "/v1/feed?limit=x",
                                        "/v1/feed?wait=-1",         "/v1/feed?cursor=public",
                                        "/v1/feed?cursor=town:x@1", "/v1/feed?cursor=public@-1",
                                        "/v1/feed?cursor=public@1*"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        Answer answer = test_get(hub, device.token, "%s", paths[i]);
        check_int(answer.status, 400);
    }
    Answer answer = test_get(hub, hub->admin, "/v1/feed");
    check_code(hub, &answer, 403, "denied");
}

/* ---- held requests ---- */

typedef struct Held {
    pthread_t thread;
    TestHub *hub;
    const char *url;
    Str token;
    Arena *arena;
    Answer answer;
} Held;

static void *held_run(void *of) {
    Held *held = of;
    Ask ask = {.url = held->url, .token = held->token};
    held->answer = http_ask(held->arena, &ask);
    return NULL;
}

/* Begins and waits until the hub says that it is held: no time is guessed. */
static void held_begin(Held *held, TestHub *hub, const TestDevice *device, const char *path) {
    int64_t before = http_counts(hub->server).held;
    *held = (Held){.hub = hub, .token = device->token, .arena = arena_open()};
    held->url = test_url(hub, held->arena, path);
    pthread_create(&held->thread, NULL, held_run, held);
    while (http_counts(hub->server).held == before) sched_yield();
}

static void held_end(Held *held) {
    pthread_join(held->thread, NULL);
}

static void held_free(Held *held) {
    arena_close(held->arena);
}

static void put_page(TestHub *hub, const char *id, const char *scope) {
    const char *body =
        str_print(hub->arena,
                  "{\"doc\":{\"body\":\"x\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"},\"scope\":\"%s\"}",
                  scope)
            .at;
    Answer answer =
        test_send(hub, "PUT", hub->admin, str_print(hub->arena, "/v1/records/page/%s", id).at, body);
    check_int(answer.status, 201);
}

static void a_change_answers_the_held_request(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    (void)test_get(hub, device.token, "/v1/hello");
    Held held;
    held_begin(&held, hub, &device, caught_up(hub, &device, "olivet", 50));
    put_page(hub, "p", "org:olivet");
    held_end(&held);
    check_int(held.answer.status, 200);
    check_int(lines_in(&held.answer), 1);
    check_contains(text_of(hub, &held.answer), "\"id\":\"p\"");
    held_free(&held);
}

/* Ten wait; the five of Saran are woken, and the five of Olivet stay asleep until the server ends. */
static void a_change_wakes_exactly_those_it_concerns(void **state) {
    enum { EACH = 5 };
    OPENED(hub);
    TestDevice olivet[EACH], saran[EACH];
    Held of_olivet[EACH], of_saran[EACH];
    for (int i = 0; i < EACH; i++) {
        olivet[i] = test_pair(hub, "olivet-mairie"), saran[i] = test_pair(hub, "saran-mairie");
        (void)test_get(hub, olivet[i].token, "/v1/hello");
        (void)test_get(hub, saran[i].token, "/v1/hello");
    }
    for (int i = 0; i < EACH; i++) {
        held_begin(&of_olivet[i], hub, &olivet[i], caught_up(hub, &olivet[i], "olivet", 50));
        held_begin(&of_saran[i], hub, &saran[i], caught_up(hub, &saran[i], "saran", 50));
    }
    put_page(hub, "p", "org:saran");
    for (int i = 0; i < EACH; i++) held_end(&of_saran[i]);
    check_int(http_counts(hub->server).held, EACH);
    int64_t requests = http_counts(hub->server).requests;
    put_page(hub, "q", "site:olivet-mairie");
    for (int i = 0; i < EACH; i++) held_end(&of_olivet[i]);
    check_int(http_counts(hub->server).requests, requests + 1); /* nobody asked twice */
    for (int i = 0; i < EACH; i++) {
        check_contains(text_of(hub, &of_saran[i].answer), "\"id\":\"p\"");
        check_contains(text_of(hub, &of_olivet[i].answer), "\"id\":\"q\"");
        check_int(lines_in(&of_olivet[i].answer), 1);
        held_free(&of_olivet[i]);
        held_free(&of_saran[i]);
    }
}

static void a_change_of_the_site_answers_with_the_new_grants(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    (void)test_get(hub, device.token, "/v1/hello");
    Held held;
    held_begin(&held, hub, &device, caught_up(hub, &device, "olivet", 50));
    Answer site = test_get(hub, hub->admin, "/v1/records/site/olivet-mairie");
    Ask ask = {
        .method = "PUT",
        .token = hub->admin,
        .body = STR("{\"doc\":{\"name\":\"Mairie\",\"org\":\"saran\"},\"scope\":\"public\"}"),
        .headers = {str_print(hub->arena, "If-Match: %.*s", STR_FORMAT(answer_header(&site, "ETag"))).at}};
    check_int(test_ask(hub, ask, "/v1/records/site/olivet-mairie").status, 200);
    held_end(&held);
    check_contains(text_of(hub, &held.answer), "\"revoked\":[\"org:olivet\"]");
    check_contains(text_of(hub, &held.answer), "\"org:saran\"");
    held_free(&held);
}

static void a_held_request_of_a_revoked_device_is_refused(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    (void)test_get(hub, device.token, "/v1/hello");
    Held held;
    held_begin(&held, hub, &device, caught_up(hub, &device, "olivet", 50));
    const char *path = str_print(hub->arena, "/v1/devices/%.*s/revoke", STR_FORMAT(device.id)).at;
    check_int(test_send(hub, "POST", hub->admin, path, "").status, 204);
    held_end(&held);
    check_code(hub, &held.answer, 401, "revoked");
    held_free(&held);
}

static void waiting_ends_with_a_complete_page_without_lines(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    (void)test_get(hub, device.token, "/v1/hello");
    Answer answer = test_get(hub, device.token, "%s", caught_up(hub, &device, "olivet", 1));
    check_int(answer.status, 200);
    check_int(lines_in(&answer), 0);
    check_contains(text_of(hub, &answer), "\"complete\":true");
}

static void the_end_of_the_server_answers_who_waits(void **state) {
    (void)state;
    TestHub *hub = test_hub_open();
    TestDevice device = test_pair(hub, "olivet-mairie");
    (void)test_get(hub, device.token, "/v1/hello");
    Held held;
    held_begin(&held, hub, &device, caught_up(hub, &device, "olivet", 50));
    test_hub_stop(hub);
    held_end(&held);
    check_int(held.answer.status, 200);
    check_int(lines_in(&held.answer), 0);
    held_free(&held);
    test_hub_start(hub);
    test_hub_close(hub);
}

static void what_has_begun_a_load_is_never_held(void **state) {
    OPENED(hub);
    TestDevice device = test_pair(hub, "olivet-mairie");
    Position at = position(hub);
    const char *one = str_print(hub->arena, "/v1/feed?wait=50&epoch=%.*s&cursor=public@%" PRId64,
                                STR_FORMAT(at.epoch), at.head)
                          .at;
    Answer answer = test_get(hub, device.token, "%s", one); /* the other scopes are new */
    check(lines_in(&answer) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_pull_loads_what_is_granted),
        cmocka_unit_test(packed_is_the_same_as_plain),
        cmocka_unit_test(an_etag_answers_304_while_nothing_is_new),
        cmocka_unit_test(a_cursor_ahead_of_the_head_is_behind),
        cmocka_unit_test(what_is_no_longer_granted_is_revoked),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(a_change_answers_the_held_request),
        cmocka_unit_test(a_change_wakes_exactly_those_it_concerns),
        cmocka_unit_test(a_change_of_the_site_answers_with_the_new_grants),
        cmocka_unit_test(a_held_request_of_a_revoked_device_is_refused),
        cmocka_unit_test(waiting_ends_with_a_complete_page_without_lines),
        cmocka_unit_test(the_end_of_the_server_answers_who_waits),
        cmocka_unit_test(what_has_begun_a_load_is_never_held),
    };
    return cmocka_run_group_tests_name("the feed over HTTP", tests, NULL, NULL);
}
