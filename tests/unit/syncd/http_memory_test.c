/* The routes of a server without a socket: answers, refusals, and holding on a clock that stands. */
#include "tests/harness/check.h"

#include "common/base/clock.h"
#include "syncd/http/memory.h"

typedef struct App {
    HandClock clock;
    HttpServer *server;
    HttpRequest *held; /* the one that /hold waits with */
    int runs, ended;
    bool ready;
} App;

static Status echo(HttpRequest *request, Err *err) {
    (void)err;
    Str said = http_header(request, "X-Said"), asked = http_query(request, "q");
    http_set_header(request, "X-Param", http_param(request, "name"));
    http_reply(request, 200, "text/plain",
               str_print(http_arena(request), "%.*s %.*s %.*s", STR_FORMAT(said), STR_FORMAT(asked),
                         STR_FORMAT(http_body(request))));
    return OK;
}

static Status hold(HttpRequest *request, Err *err) {
    App *app = http_app(request);
    (void)err;
    app->runs++;
    if (!app->ready && app->runs < 3 && http_hold(request, http_steady(request) + 10 * SECOND_MS)) {
        app->held = request;
        return OK;
    }
    http_reply(request, 200, NULL, app->ready ? STR("ready") : STR("over"));
    return OK;
}

static Status admit(void *self, HttpRequest *request, const HttpRoute *route, Err *err) {
    (void)self, (void)route;
    if (!str_is(http_header(request, "X-Said"), "no")) return OK;
    return err_set(err, E_DENIED, "said no");
}

static void ended(void *self, HttpRequest *request) {
    App *app = self;
    (void)request;
    app->ended++;
}

static const HttpRoute routes[] = {{"POST", "/echo/{name}", HTTP_OPEN, HTTP_IN_TURN, 16, echo},
                                   {"GET", "/hold", HTTP_OPEN, HTTP_BESIDE, 0, hold}};

static void app_open(App *app) {
    Err err = {0};
    *app = (App){.clock = hand_clock(1764064800000)};
    HttpApp http = {
        .self = app, .routes = routes, .route_count = COUNT(routes), .admit = admit, .ended = ended};
    check_ok(http_memory_open(&app->server, &http, &app->clock.base, &err));
}

static HttpMemoryCall post(const char *target, Str said, Str body) {
    return (HttpMemoryCall){
        .method = "POST", .target = target, .headers = {{"X-Said", said}}, .header_count = 1, .body = body};
}

static HttpRequest *get(App *app, const char *target) {
    return http_memory_begin(app->server, &(HttpMemoryCall){.method = "GET", .target = target});
}

static void a_request_has_its_parts(void **state) {
    App app;
    (void)state;
    app_open(&app);
    HttpMemoryCall call = post("/echo/ada?q=a%20b&r=2", STR("hello"), STR("body"));
    HttpRequest *request = http_memory_begin(app.server, &call);
    check(http_memory_answered(request));
    check_int(http_memory_answer(request).status, 200);
    check_text(http_memory_answer(request).body, "hello a b body");
    check_text(http_memory_header(request, "x-param"), "ada");
    check(!http_memory_header(request, "x-none").at);
    http_memory_end(request);
    check_int(app.ended, 1);
    http_memory_close(app.server);
}

static void check_refused(App *app, HttpMemoryCall call, int status) {
    HttpRequest *request = http_memory_begin(app->server, &call);
    check(http_memory_answered(request));
    check_int(http_memory_answer(request).status, status);
    check_text(http_memory_header(request, "Content-Type"), "application/problem+json");
    http_memory_end(request);
}

static void refusals_are_answers(void **state) {
    App app;
    (void)state;
    app_open(&app);
    check_refused(&app, post("/echo/ada", STR("no"), STR("x")), 403);
    check_refused(&app, post("/echo/ada", STR("yes"), STR("more than sixteen bytes")), 413);
    check_refused(&app, post("/nowhere", STR("yes"), STR("")), 404);
    check_refused(&app, post("/hold", STR("yes"), STR("")), 405);
    http_memory_close(app.server);
}

static void a_held_request_waits_for_its_time(void **state) {
    App app;
    (void)state;
    app_open(&app);
    HttpRequest *request = get(&app, "/hold");
    check(!http_memory_answered(request));
    hand_clock_advance(&app.clock, 9 * SECOND_MS);
    http_memory_turn(app.server);
    check_int(app.runs, 1);
    hand_clock_advance(&app.clock, SECOND_MS);
    http_memory_turn(app.server);
    check_int(app.runs, 2); /* and is held again */
    hand_clock_advance(&app.clock, HOUR_MS);
    http_memory_turn(app.server);
    check(http_memory_answered(request));
    check_text(http_memory_answer(request).body, "over");
    http_memory_end(request);
    http_memory_close(app.server);
}

static void a_woken_request_runs_at_the_next_turn(void **state) {
    App app;
    (void)state;
    app_open(&app);
    HttpRequest *request = get(&app, "/hold");
    app.ready = true;
    http_wake(app.held);
    http_wake(app.held); /* once is enough */
    check(!http_memory_answered(request));
    http_memory_turn(app.server);
    check_text(http_memory_answer(request).body, "ready");
    check_int(app.runs, 2);
    http_memory_end(request);
    http_memory_close(app.server);
}

static void a_held_request_may_go_away(void **state) {
    App app;
    (void)state;
    app_open(&app);
    HttpRequest *first = get(&app, "/hold"), *second = get(&app, "/hold");
    http_wake(first);
    http_memory_end(first);
    http_memory_end(second);
    check_int(app.ended, 2);
    hand_clock_advance(&app.clock, HOUR_MS);
    http_memory_turn(app.server);
    check_int(app.runs, 2);
    http_memory_close(app.server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_has_its_parts),
        cmocka_unit_test(refusals_are_answers),
        cmocka_unit_test(a_held_request_waits_for_its_time),
        cmocka_unit_test(a_woken_request_runs_at_the_next_turn),
        cmocka_unit_test(a_held_request_may_go_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
