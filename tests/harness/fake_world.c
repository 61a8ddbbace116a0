#include "tests/harness/fake_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_TEXT_MAX = 16 * 1024 * 1024, STEPS_MAX = 200000 };

static void write_identity(World *world) {
    Identity identity = {
        .hubs = {"http://h0", "http://h1"}, .hub_count = 2, .device = STR("d1"), .token = STR("t1")};
    Err err = {0};
    check_ok(identity_write(world->kit->dir.path, &identity, &err));
}

static void open_session(World *world) {
    SessionOptions options = {.version = "test", .seed = 7};
    Err err = {0};
    check_ok(session_open(&world->session, world->kit->replica, &options, &err));
}

World *world_new(void) {
    World *world = calloc(1, sizeof(*world));
    world->kit = kit_new();
    world->token = "t1";
    world->wrong_token = "unknown_token";
    world->cut_feed_at = SIZE_MAX;
    world->chunk = SIZE_MAX;
    world->now = 1000;
    write_identity(world);
    open_session(world);
    return world;
}

void world_free(World *world) {
    session_close(world->session);
    kit_free(world->kit);
    free(world);
}

void world_free_auto(World **world) {
    world_free(*world);
}

void world_reopen(World *world) {
    session_close(world->session);
    world->held.held = false;
    kit_reopen(world->kit);
    open_session(world);
}

/* ---- the server ---- */
typedef struct Answer {
    int http_status;
    Millis retry_after_ms;
    char etag[80];
    Buf body;
    bool lost; /* the connection breaks before it */
} Answer;

static Str query_value(Str query, const char *name) {
    Str part = {0}, key = {0};
    while (str_cut(&query, '&', &part)) {
        Str value = part;
        if (str_cut(&value, '=', &key) && str_is(key, name)) return value;
    }
    return (Str){0};
}

static void answer_problem(Answer *answer, int http_status, const char *code) {
    answer->http_status = http_status;
    buf_clear(&answer->body);
    buf_print(&answer->body, "{\"code\":\"%s\",\"title\":\"no\"}", code);
}

static void etag_of(const World *world, char *out, size_t size) {
    unsigned __int128 total = 0;
    for (size_t i = 0; i < world->kit->hub->granted_count; i++)
        total += fake_sum(world->kit->hub, str_of(world->kit->hub->granted[i])).total;
    snprintf(out, size, "\"%s-%llx\"", world->kit->hub->epoch, (unsigned long long)total);
}

static void answer_hello(World *world, Str query, Answer *answer) {
    const FakeHub *hub = world->kit->hub;
    Str device = STR("d1");
    if (str_is(str_of(world->token), "t2")) device = STR("d2");
    const FakeKey *key = fake_key(hub, device, query_value(query, "incarnation"));
    answer->http_status = 200;
    buf_print(&answer->body,
              "{\"protocol\":{\"min\":1,\"max\":1},\"epoch\":\"%s\",\"head\":%lld,\"time\":%lld,\"decided\":%"
              "lld,\"durable\":%lld",
              hub->epoch, (long long)hub->head, (long long)clock_wall(&world->kit->clock.base),
              (long long)(key ? key->decided : 0), (long long)(key ? key->durable : 0));
    if (key && key->last.at) buf_print(&answer->body, ",\"last\":\"%.*s\"", STR_FORMAT(key->last));
    buf_add_byte(&answer->body, '}');
}

static size_t count_ops(Str body) {
    size_t lines = 0;
    for (size_t i = 0; i < body.len; i++) lines += body.at[i] == '\n';
    return lines - 1;
}

static void answer_ops(World *world, Str body, Answer *answer) {
    const char *code = "";
    int64_t expected = 0, taken = 0;
    if (world->refuse_over_ops && count_ops(body) > (size_t)world->refuse_over_ops) {
        answer_problem(answer, 413, "too_big");
        return;
    }
    if (world->relay) {
        answer->http_status = 200;
        buf_print(&answer->body, "{\"stored\":%zu,\"epoch\":\"%s\"}", count_ops(body),
                  world->kit->hub->epoch);
        return;
    }
    taken = fake_push(world->kit->hub, body, &code, &expected);
    answer->http_status = code[0] ? 409 : 200;
    if (code[0])
        buf_print(&answer->body, "{\"code\":\"%s\",\"expected\":%lld}", code, (long long)expected);
    else
        buf_print(&answer->body, "{\"accepted\":%lld,\"epoch\":\"%s\"}", (long long)taken,
                  world->kit->hub->epoch);
    if (world->lose_answer_to_ops) answer->lost = true;
    world->lose_answer_to_ops = false;
}

static void answer_code(World *world, Answer *answer) {
    answer->http_status = 200;
    buf_print(&answer->body,
              "{\"device_code\":\"dc%d\",\"user_code\":\"ABCD-%04d\",\"verification_uri\":\"http://h0/"
              "enrol\",\"expires_in\":600,"
              "\"interval\":5}",
              world->codes, world->codes);
    world->codes++;
}

static void answer_token(World *world, Answer *answer) {
    if (world->pairing) {
        answer->http_status = 400;
        buf_print(&answer->body, "{\"error\":\"%s\"}", world->pairing);
        return;
    }
    world->token = "t2";
    fake_revoke(world->kit->hub, "device:d1");
    fake_grant(world->kit->hub, "device:d2");
    answer->http_status = 200;
    buf_print(&answer->body, "{\"access_token\":\"t2\",\"device\":\"d2\"}");
}

static void answer_feed(World *world, Str epoch, Str cursor, Str etag, Answer *answer) {
    fake_page(world->kit->hub, epoch, cursor, &answer->body);
    answer->http_status = 200;
    if (str_find(buf_str(&answer->body), STR("\"complete\"")) < 0) return;
    etag_of(world, answer->etag, sizeof(answer->etag));
    size_t lines = count_ops(buf_str(&answer->body)) + 1;
    if (lines > 2 || !etag.at || !str_is(etag, answer->etag)) return;
    answer->http_status = 304;
    buf_clear(&answer->body);
}

static bool forced(World *world, Str path, Answer *answer) {
    WorldForced *how = &world->forced;
    if (!how->path || how->times <= 0 || !str_starts(path, str_of(how->path))) return false;
    how->times--;
    answer_problem(answer, how->http_status, how->code);
    answer->retry_after_ms = how->retry_after_ms;
    return true;
}

static bool knows(const World *world, const SessionRequest *request, Str path) {
    if (str_starts(path, STR("device/"))) return true;
    return request->token && strcmp(request->token, world->token) == 0;
}

/* False: the request is held. */
static bool serve(World *world, const SessionRequest *request, Answer *answer) {
    Str rest = str_of(request->url), query = {0}, path = {0};
    size_t address = (size_t)(rest.at[8] - '0');
    rest = str_skip(rest, strlen("http://h0/v1/"));
    query = rest;
    str_cut(&query, '?', &path);
    answer->lost = world->down[address];
    if (answer->lost || forced(world, path, answer)) return true;
    if (!knows(world, request, path))
        answer_problem(answer, 401, world->wrong_token);
    else if (str_is(path, "hello"))
        answer_hello(world, query, answer);
    else if (str_is(path, "ops"))
        answer_ops(world, request->body, answer);
    else if (str_is(path, "status"))
        answer->http_status = 204;
    else if (str_is(path, "device/code"))
        answer_code(world, answer);
    else if (str_is(path, "device/token"))
        answer_token(world, answer);
    else if (!str_is(path, "feed"))
        answer_problem(answer, 404, "not_found");
    else if (world->behind[address])
        answer_problem(answer, 409, world->behind[address]);
    else {
        int64_t wait = 0;
        answer_feed(world, query_value(query, "epoch"), query_value(query, "cursor"), str_of(request->etag),
                    answer);
        bool nothing = answer->http_status == 304 || count_ops(buf_str(&answer->body)) + 1 <= 2;
        if (!nothing || !str_to_int(query_value(query, "wait"), &wait) || wait == 0) return true;
        Arena *arena = world->kit->arena;
        world->held.held = true;
        world->held.until = world->now + wait * SECOND_MS;
        world->held.epoch = str_copy(arena, query_value(query, "epoch"));
        world->held.cursor = str_copy(arena, query_value(query, "cursor"));
        world->held.etag = str_copy(arena, str_of(request->etag));
        return false;
    }
    return true;
}

/* ---- the wire ---- */
static void deliver(World *world, SessionLane lane, Answer *answer) {
    if (answer->lost) {
        session_end(world->session, lane, world->now, E_NETWORK, "connection refused");
        return;
    }
    SessionHead head = {answer->http_status, answer->etag[0] ? answer->etag : NULL,
                        answer->retry_after_ms ? answer->retry_after_ms : -1};
    Str body = answer->body.at ? buf_str(&answer->body) : (Str){0};
    bool cut = lane == LANE_FEED && world->cut_feed_at < body.len, go_on = true;
    if (cut) body = str_first(body, world->cut_feed_at);
    if (cut) world->cut_feed_at = SIZE_MAX;
    go_on = session_head(world->session, lane, world->now, &head);
    while (go_on && body.len > 0) {
        Str part = str_first(body, world->chunk);
        go_on = session_body(world->session, lane, world->now, part);
        body = str_skip(body, part.len);
    }
    session_end(world->session, lane, world->now, cut || !go_on ? E_NETWORK : OK, "broken off");
}

static void note(World *world, const SessionRequest *request) {
    Str path = str_skip(str_of(request->url), 7), first = {0};
    str_cut(&path, '?', &first);
    assert_true(world->requests < WORLD_LOG_MAX);
    world->log_at[world->requests] = world->now;
    world->log[world->requests++] =
        str_cstr(world->kit->arena,
                 str_print(world->kit->arena, "%s %.*s", request->post ? "POST" : "GET", STR_FORMAT(first)));
}

static bool step_lane(World *world, SessionLane lane) {
    SessionRequest request = {0};
    Answer answer = {.body = buf_new(ANSWER_TEXT_MAX)};
    if (lane == LANE_FEED && world->held.held) return false;
    bool asked = session_ask(world->session, lane, world->now, &request);
    if (asked) {
        note(world, &request);
        if (serve(world, &request, &answer)) deliver(world, lane, &answer);
    }
    buf_free(&answer.body);
    return asked;
}

/* A held request is answered when there is something, or when its time is over. */
static bool step_held(World *world) {
    Answer answer = {.body = buf_new(ANSWER_TEXT_MAX)};
    bool done = false;
    if (world->held.held) {
        answer_feed(world, world->held.epoch, world->held.cursor, world->held.etag, &answer);
        bool nothing = answer.http_status == 304 || count_ops(buf_str(&answer.body)) + 1 <= 2;
        bool broken = world->down[0] && world->down[1];
        done = !nothing || broken || world->now >= world->held.until;
        answer.lost = broken;
    }
    if (done) {
        world->held.held = false;
        deliver(world, LANE_FEED, &answer);
    }
    buf_free(&answer.body);
    return done;
}

static bool step(World *world) {
    bool any = step_held(world);
    for (int lane = 0; lane < LANE_COUNT; lane++) any |= step_lane(world, (SessionLane)lane);
    return any;
}

static void advance_to(World *world, Millis at) {
    hand_clock_advance(&world->kit->clock, at - world->now);
    world->now = at;
}

void world_run(World *world, Millis for_ms) {
    Millis end = world->now + for_ms;
    for (int steps = 0; steps < STEPS_MAX; steps++) {
        if (step(world)) continue;
        Millis next = session_next_at(world->session, world->now);
        if (world->held.held && world->held.until < next) next = world->held.until;
        if (next <= world->now) next = world->now + 1;
        if (next > end) next = end;
        if (world->now == end) return;
        advance_to(world, next);
    }
    fail_msg("no end of requests");
}

SessionState world_state(World *world) {
    SessionState state;
    session_state(world->session, &state);
    return state;
}

void world_settle(World *world) {
    for (int seconds = 0; seconds < 3600; seconds++) {
        world_run(world, SECOND_MS);
        if (world_state(world).settled && world->held.held) return;
    }
    fail_msg("not settled after an hour: %s", world_state(world).last_error);
}

void world_poke(World *world) {
    session_poke(world->session, world->now);
}

size_t world_count(const World *world, const char *part) {
    size_t count = 0;
    for (size_t i = 0; i < world->requests; i++) count += strstr(world->log[i], part) != NULL;
    return count;
}
