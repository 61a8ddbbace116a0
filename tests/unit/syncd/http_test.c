/* The server itself, with a small application of its own: limits, refusals, slow and broken clients. */
#include "syncd/http/http.h"
#include "syncd/hub/inside.h"
#include "tests/harness/check.h"
#include "tests/harness/http_client.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ECHO_MAX = 1000, LARGE = 300 * 1024 };

typedef struct World {
    Arena *arena;
    HttpServer *server;
    HttpOptions options;
    _Atomic int runs, beside, most_beside, told;
    Waiters *waiters;
    _Atomic bool went_round;
} World;

static World *world_of(HttpRequest *request) {
    return http_app(request);
}

static Status echo(HttpRequest *request, Err *err) {
    (void)err;
    atomic_fetch_add(&world_of(request)->runs, 1);
    http_reply(request, 200, "text/plain", http_body(request));
    return OK;
}

static Status tell(HttpRequest *request, Err *err) {
    (void)err;
    Str text = str_print(http_arena(request), "%.*s|%.*s|%.*s", STR_FORMAT(http_param(request, "a")),
                         STR_FORMAT(http_param(request, "b")), STR_FORMAT(http_query(request, "q")));
    http_reply(request, 200, "text/plain", text);
    return OK;
}

static Status fail_always(HttpRequest *request, Err *err) {
    http_problem_int(request, "expected", 7);
    return err_set_code(err, E_EXISTS, "gap", "number 7 must come first");
}

static Status break_down(HttpRequest *request, Err *err) {
    (void)request;
    return err_set(err, E_IO, "a secret path cannot be read");
}

static Status say_nothing(HttpRequest *request, Err *err) {
    (void)request, (void)err;
    return OK;
}

static Status large(HttpRequest *request, Err *err) {
    (void)err;
    Buf text = buf_new(LARGE);
    for (int i = 0; i < LARGE / 10; i++) buf_add_cstr(&text, "0123456789");
    http_reply_buf(request, 200, "text/plain", &text);
    return OK;
}

/* In turn: never two at a time, whatever arrives. */
static Status one_by_one(HttpRequest *request, Err *err) {
    World *world = world_of(request);
    int now = atomic_fetch_add(&world->beside, 1) + 1;
    if (now > atomic_load(&world->most_beside)) atomic_store(&world->most_beside, now);
    for (int i = 0; i < 100; i++) sched_yield();
    atomic_fetch_sub(&world->beside, 1);
    return echo(request, err);
}

/* The change is published between reading (head 5) and parking: it must not be slept through. */
static Status park_late(HttpRequest *request, Err *err) {
    World *world = world_of(request);
    Str scope = STR("public");
    ScopeList scopes = {&scope, 1};
    StoreCommit commit = {.head = 6, .scopes = &scope, .scope_count = 1};
    Waiter waiter = {.request = request};
    bool stopping = false;
    waiters_publish(world->waiters, &commit);
    bool held = waiters_park(world->waiters, &waiter, &scopes, 5, INT64_MAX, &stopping);
    atomic_store(&world->went_round, !held && !stopping);
    return echo(request, err);
}

static const HttpRoute routes[] = {
    {"POST", "/echo", HTTP_OPEN, HTTP_BESIDE, ECHO_MAX, echo},
    {"POST", "/turn", HTTP_OPEN, HTTP_IN_TURN, ECHO_MAX, one_by_one},
    {"GET", "/echo", HTTP_OPEN, HTTP_BESIDE, 0, echo},
    {"GET", "/tell/{a}/x/{b}", HTTP_OPEN, HTTP_BESIDE, 0, tell},
    {"GET", "/fail", HTTP_OPEN, HTTP_BESIDE, 0, fail_always},
    {"GET", "/break", HTTP_OPEN, HTTP_BESIDE, 0, break_down},
    {"GET", "/nothing", HTTP_OPEN, HTTP_BESIDE, 0, say_nothing},
    {"GET", "/large", HTTP_OPEN, HTTP_BESIDE, 0, large},
    {"GET", "/late", HTTP_OPEN, HTTP_BESIDE, 0, park_late},
    {"POST", "/closed", HTTP_ADMIN, HTTP_BESIDE, LARGE, echo},
};

static Status admit(void *world, HttpRequest *request, const HttpRoute *route, Err *err) {
    (void)world, (void)request;
    return route->auth == HTTP_OPEN ? OK : err_set_code(err, E_UNKNOWN, "no_token", "send a token");
}

static void told(void *of, const char *text) {
    World *world = of;
    check_contains(text, "");
    atomic_fetch_add(&world->told, 1);
}

static void world_start(World *world) {
    Err err = {0};
    HttpApp app = {
        .self = world, .routes = routes, .route_count = COUNT(routes), .admit = admit, .told = told};
    check_ok(http_start(&world->server, &world->options, &app, &err));
}

static World *world_new(void) {
    Arena *arena = arena_open();
    World *world = ARENA_NEW(arena, World);
    world->arena = arena;
    world->waiters = waiters_open();
    world->options = http_options();
    return world;
}

static void world_close(World **at) {
    http_stop((*at)->server, 5 * SECOND_MS);
    waiters_close((*at)->waiters);
    arena_close((*at)->arena);
}

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(world_close) World *name = world_new();                                                             \
    world_start(name)

static Answer ask(World *world, const char *method, const char *path, Str body) {
    Ask how = {.method = method, .body = body};
    how.url = str_print(world->arena, "%s%s", http_url(world->server), path).at;
    return http_ask(world->arena, &how);
}

static Answer get(World *world, const char *path) {
    return ask(world, "GET", path, (Str){0});
}

static Str filled(World *world, size_t bytes) {
    char *text = arena_alloc(world->arena, bytes);
    memset(text, 'x', bytes);
    return (Str){text, bytes};
}

static void check_problem(const Answer *answer, long status, const char *part) {
    check_int(answer->status, status);
    check_text(answer->content_type, "application/problem+json");
    check(str_find(answer->body, str_of(part)) >= 0);
}

/* ---- routes and answers ---- */

static void parameters_and_query_are_read(void **state) {
    OPENED(world);
    Answer answer = get(world, "/tell/one/x/t%C3%A9~2?q=a%20b&z=1");
    check_text(answer.body, "one|t\xC3\xA9~2|a b");
    check_int(get(world, "/tell/one/x/").status, 404);
    check_int(get(world, "/tell/one/y/two").status, 404);
}

static void an_unknown_path_and_a_wrong_method_are_told_apart(void **state) {
    OPENED(world);
    Answer answer = get(world, "/nowhere");
    check_problem(&answer, 404, "\"code\":\"not_found\"");
    answer = ask(world, "DELETE", "/echo", (Str){0});
    check_problem(&answer, 405, "\"code\":\"method\"");
    check_text(answer_header(&answer, "Allow"), "POST, GET");
    check_int(ask(world, "BREW", "/echo", (Str){0}).status, 405);
    answer = ask(world, "HEAD", "/large", (Str){0});
    check_int(answer.status, 200);
    check_int(answer.body.len, 0);
}

static void a_failure_is_a_problem_with_its_members(void **state) {
    OPENED(world);
    Answer answer = get(world, "/fail");
    check_problem(&answer, 409, "\"code\":\"gap\"");
    check_problem(&answer, 409, "\"expected\":7");
    check_problem(&answer, 409, "\"detail\":\"number 7 must come first\"");
}

static void our_own_failure_is_told_to_the_log_not_to_the_caller(void **state) {
    OPENED(world);
    Answer answer = get(world, "/break");
    check_problem(&answer, 500, "\"code\":\"io\"");
    check(str_find(answer.body, STR("secret")) < 0);
    answer = get(world, "/nothing");
    check_problem(&answer, 500, "internal");
    check_int(atomic_load(&world->told), 2);
    check_int(http_counts(world->server).failed, 2);
}

/* ---- bodies ---- */

static Str raw(World *world, const char *text) {
    int fd = raw_connect(http_port(world->server));
    raw_send(fd, text);
    return raw_read_all(world->arena, fd);
}

static void a_body_within_the_limit_is_taken_one_beyond_refused(void **state) {
    OPENED(world);
    Answer answer = ask(world, "POST", "/echo", filled(world, ECHO_MAX));
    check_int(answer.status, 200);
    check_int(answer.body.len, ECHO_MAX);
    answer = ask(world, "POST", "/echo", filled(world, ECHO_MAX + 1));
    check_problem(&answer, 413, "too_big");
    check_int(ask(world, "GET", "/echo", STR("x")).status, 413);
    check(str_starts(raw(world, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"),
                     STR("HTTP/1.1 413"))); /* before it is sent */
    check_int(atomic_load(&world->runs), 1);
}

static const char *chunks(World *world, size_t bytes) {
    return str_print(
               world->arena,
               "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
               "%zx\r\n%.*s\r\n0\r\n\r\n",
               bytes, STR_FORMAT(filled(world, bytes)))
        .at;
}

static void a_chunked_body_has_the_same_limit(void **state) {
    OPENED(world);
    check(str_starts(raw(world, chunks(world, ECHO_MAX)), STR("HTTP/1.1 200")));
    check(str_starts(raw(world, chunks(world, ECHO_MAX + 1)), STR("HTTP/1.1 413")));
    check_int(atomic_load(&world->runs), 1);
}

static void who_may_not_come_in_is_refused_without_his_body(void **state) {
    OPENED(world);
    Answer answer = ask(world, "POST", "/closed", filled(world, 100));
    check_problem(&answer, 401, "no_token");
    check_text(answer_header(&answer, "WWW-Authenticate"), "Bearer");
    check(str_starts(raw(world, "POST /closed HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n"),
                     STR("HTTP/1.1 401")));
    check_int(atomic_load(&world->runs), 0);
}

static void all_bodies_together_are_bounded(void **state) {
    (void)state;
    AUTO(world_close) World *world = world_new();
    world->options.bodies_max_bytes = 2 * ECHO_MAX;
    world_start(world);
    int first = raw_connect(http_port(world->server)), second = raw_connect(http_port(world->server));
    const char *head = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n";
    raw_send(first, head);
    raw_send(second, head);
    while (http_counts(world->server).requests < 2) sched_yield();
    Answer answer = ask(world, "POST", "/echo", STR("x"));
    check_problem(&answer, 503, "busy");
    check(answer_header(&answer, "Retry-After").at != NULL);
    close(first);
    while (http_counts(world->server).connections > 2) sched_yield();
    while ((answer = ask(world, "POST", "/echo", STR("x"))).status != 200) sched_yield();
    close(second);
}

static void half_a_body_runs_nothing(void **state) {
    OPENED(world);
    int fd = raw_connect(http_port(world->server));
    raw_send(fd, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this");
    while (http_counts(world->server).requests < 1) sched_yield();
    close(fd);
    while (http_counts(world->server).connections > 0) sched_yield();
    check_int(atomic_load(&world->runs), 0);
}

/* ---- slow and odd clients ---- */

static void a_slow_sender_is_shut_though_he_is_never_silent_for_long(void **state) {
    (void)state;
    AUTO(world_close) World *world = world_new();
    world->options.request_seconds = 1;
    world_start(world);
    check_int(raw(world, "GET /echo HTT").len, 0); /* waits until the server closes; its idle time is 75 s */
    check_int(raw(world, "GET /echo HTTP/1.1\r\nHost: h\r\nX: ").len, 0);
    check_int(raw(world, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this").len, 0);
    check_int(atomic_load(&world->runs), 0);
    check_int(http_counts(world->server).reaped, 3);
}

static void who_does_not_read_his_answer_is_shut(void **state) {
    (void)state;
    AUTO(world_close) World *world = world_new();
    world->options.request_seconds = 1;
    world->options.bytes_per_second = 10 * 1024 * 1024;
    world_start(world);
    int fd = raw_connect(http_port(world->server));
    for (int i = 0; i < 40; i++) raw_send(fd, "GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    while (http_counts(world->server).reaped < 1) sched_yield();
    close(fd);
}

static void huge_headers_are_refused(void **state) {
    OPENED(world);
    const char *text = str_print(world->arena, "GET /echo HTTP/1.1\r\nHost: h\r\nX: %.*s\r\n\r\n",
                                 STR_FORMAT(filled(world, 100 * 1024)))
                           .at;
    Str answer = raw(world, text);
    check(answer.len == 0 || str_starts(answer, STR("HTTP/1.1 4")));
    check_int(atomic_load(&world->runs), 0);
    check_int(get(world, "/echo").status, 200);
}

static void what_is_no_http_is_refused(void **state) {
    (void)state;
    AUTO(world_close) World *world = world_new();
    world->options.request_seconds = 1;
    world_start(world);
    static const char *const texts[] = {
        "\r\n\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01",
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        int fd = raw_connect(http_port(world->server));
        raw_send(fd, texts[i]);
        shutdown(fd, SHUT_WR);
        (void)raw_read_all(world->arena, fd);
    }
    check_int(atomic_load(&world->runs), 0);
    check_int(get(world, "/echo").status, 200);
}

static void a_kept_connection_serves_one_after_another(void **state) {
    OPENED(world);
    int fd = raw_connect(http_port(world->server));
    raw_send(
        fd, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nonePOST /turn HTTP/1.1\r\nHost: h\r\n"
            "Content-Length: 3\r\n\r\ntwoPOST /closed HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz"
            "GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    const char *all = str_cstr(world->arena, raw_read_all(world->arena, fd));
    check_contains(all, "\r\n\r\none");
    check_contains(all, "\r\n\r\ntwo");
    check_contains(all, "HTTP/1.1 401");
    check_int(atomic_load(&world->runs), 3);
}

/* ---- lanes and waiting ---- */

typedef struct Sender {
    pthread_t thread;
    World *world;
    Arena *arena;
    const char *url;
    Answer answer;
} Sender;

static void *send_turn(void *of) {
    Sender *sender = of;
    Ask how = {.method = "POST", .url = sender->url, .body = STR("x")};
    sender->answer = http_ask(sender->arena, &how);
    return NULL;
}

static void requests_in_turn_never_run_beside_each_other(void **state) {
    enum { SENDERS = 12 };
    OPENED(world);
    Sender senders[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (Sender){.world = world, .arena = arena_open()};
        senders[i].url = str_print(senders[i].arena, "%s/turn", http_url(world->server)).at;
        pthread_create(&senders[i].thread, NULL, send_turn, &senders[i]);
    }
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i].thread, NULL);
        check_int(senders[i].answer.status, 200);
        arena_close(senders[i].arena);
    }
    check_int(atomic_load(&world->runs), SENDERS);
    check_int(atomic_load(&world->most_beside), 1);
}

static void a_change_between_reading_and_parking_is_not_slept_through(void **state) {
    OPENED(world);
    check_int(get(world, "/late").status, 200);
    check(atomic_load(&world->went_round));
}

/* ---- where it listens ---- */

static void listening_says_what_is_wrong(void **state) {
    (void)state;
    static const char *const wrong[] = {"127.0.0.1", "localhost:80", "127.0.0.1:99999",
                                        ":80",       "127.0.0.1:",   ""};
    HttpApp app = {.routes = routes, .route_count = COUNT(routes), .admit = admit};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Err err = {0};
        HttpServer *server = NULL;
        HttpOptions options = http_options();
        options.listen = wrong[i];
        check_status(http_start(&server, &options, &app, &err), E_INVALID);
        check_contains(err.text, "ADDRESS:PORT");
    }
}

static void plain_http_stays_on_loopback(void **state) {
    (void)state;
    Err err = {0};
    HttpServer *server = NULL;
    HttpApp app = {.routes = routes, .route_count = COUNT(routes), .admit = admit};
    HttpOptions options = http_options();
    options.listen = "0.0.0.0:0";
    check_status(http_start(&server, &options, &app, &err), E_DENIED);
    check_contains(err.text, "--insecure-lan");
    options.allow_plain = true;
    check_ok(http_start(&server, &options, &app, &err));
    http_stop(server, 0);
}

static void a_port_that_is_taken_is_told(void **state) {
    OPENED(world);
    Err err = {0};
    HttpServer *second = NULL;
    HttpApp app = {.routes = routes, .route_count = COUNT(routes), .admit = admit};
    HttpOptions options = http_options();
    options.listen = str_print(world->arena, "127.0.0.1:%d", http_port(world->server)).at;
    check(http_start(&second, &options, &app, &err) != OK);
    check_contains(err.text, options.listen);
}

/* Made for this test; it protects nothing. */
static const char test_certificate[] = "-----BEGIN CERTIFICATE-----\n"
                                       "MIIBfzCCASSgAwIBAgITMvhfLCx0WXAeVnLko68zf+alMzAKBggqhkjOPQQDAjAU\n"
                                       "MRIwEAYDVQQDDAlsb2NhbGhvc3QwIBcNMjYxMTIzMDMzMTUwWhgPMjEyNjEwMzAw\n"
                                       "MzMxNTBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49\n"
                                       "AwEHA0IABARqRQLOcb3aLAgR9xLgmibFJAfUyJLVJSFN2ekFedJ2SMEz3bTQWoB6\n"
                                       "nSfJf43UDY8sV0EiV1d5G7L0XnidNlOjUzBRMB0GA1UdDgQWBBTDB9HXOvWS/zWh\n"
                                       "M2naH3TLf0cSVDAfBgNVHSMEGDAWgBTDB9HXOvWS/zWhM2naH3TLf0cSVDAPBgNV\n"
                                       "HRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDmQPGAsaCIdxALdQ1LT3vi\n"
                                       "ejmTsDa3D+o18IUvIDvmfwIhAKFcFyQ3wpdv7vZhNHGp8Y/WMU3qJcI52Lby25A6\n"
                                       "VNa+\n"
                                       "-----END CERTIFICATE-----\n";
static const char test_key[] = "-----BEGIN PRIVATE KEY-----\n"
                               "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKMMx8YfdmX/dGzXC\n"
                               "lySQ2L7f9cgql+3Cxx8JT8B/IkKhRANCAAQEakUCznG92iwIEfcS4JomxSQH1MiS\n"
                               "1SUhTdnpBXnSdkjBM9200FqAep0nyX+N1A2PLFdBIldXeRuy9F54nTZT\n"
                               "-----END PRIVATE KEY-----\n";

static void tls_serves_the_same(void **state) {
    (void)state;
    AUTO(world_close) World *world = world_new();
    world->options.tls_cert = STR(test_certificate);
    world->options.tls_key = STR(test_key);
    world_start(world);
    check(str_starts(str_of(http_url(world->server)), STR("https://")));
    Answer answer = ask(world, "POST", "/turn", filled(world, ECHO_MAX));
    check_int(answer.status, 200);
    check_int(answer.body.len, ECHO_MAX);
    Str plain = raw(world, "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
    check(!str_starts(plain, STR("HTTP/1.1 200")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_and_query_are_read),
        cmocka_unit_test(an_unknown_path_and_a_wrong_method_are_told_apart),
        cmocka_unit_test(a_failure_is_a_problem_with_its_members),
        cmocka_unit_test(our_own_failure_is_told_to_the_log_not_to_the_caller),
        cmocka_unit_test(a_body_within_the_limit_is_taken_one_beyond_refused),
        cmocka_unit_test(a_chunked_body_has_the_same_limit),
        cmocka_unit_test(who_may_not_come_in_is_refused_without_his_body),
        cmocka_unit_test(all_bodies_together_are_bounded),
        cmocka_unit_test(half_a_body_runs_nothing),
        cmocka_unit_test(a_slow_sender_is_shut_though_he_is_never_silent_for_long),
        cmocka_unit_test(who_does_not_read_his_answer_is_shut),
        cmocka_unit_test(huge_headers_are_refused),
        cmocka_unit_test(what_is_no_http_is_refused),
        cmocka_unit_test(a_kept_connection_serves_one_after_another),
        cmocka_unit_test(requests_in_turn_never_run_beside_each_other),
        cmocka_unit_test(a_change_between_reading_and_parking_is_not_slept_through),
        cmocka_unit_test(listening_says_what_is_wrong),
        cmocka_unit_test(plain_http_stays_on_loopback),
        cmocka_unit_test(a_port_that_is_taken_is_told),
        cmocka_unit_test(tls_serves_the_same),
    };
    return cmocka_run_group_tests_name("the HTTP server", tests, NULL, NULL);
}
