/* Between a client and a server everything may happen: lost, late, twice, cut, flipped. */
#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- messages ---- */
void message_free(Message *message) {
    arena_close(message->arena);
    *message = (Message){0};
}

static Str copy_optional(Arena *arena, Str text) {
    return text.at ? str_copy(arena, text) : (Str){0};
}

/* What stands behind the host; pages of the feed may be asked for shorter than the client wants them. */
static const char *target_of(const World *world, Arena *arena, const char *url) {
    Str text = str_of(url);
    ptrdiff_t at = str_find(text, STR("/v1/"));
    Str target = at < 0 ? text : str_skip(text, (size_t)at);
    if (!world->page_limit || !str_starts(target, STR("/v1/feed"))) return str_cstr(arena, target);
    return str_print(arena, "%.*s&limit=%zu", STR_FORMAT(target), world->page_limit).at;
}

static Message message_of(const World *world, const Kiosk *kiosk, SessionLane lane,
                          const SessionRequest *request) {
    Arena *arena = arena_open();
    return (Message){.arena = arena,
                     .kiosk = kiosk->number,
                     .lane = lane,
                     .post = request->post,
                     .target = target_of(world, arena, request->url),
                     .token = copy_optional(arena, str_of(request->token)),
                     .etag = copy_optional(arena, str_of(request->etag)),
                     .content_type = copy_optional(arena, str_of(request->content_type)),
                     .body = str_copy(arena, request->body.at ? request->body : STR("")),
                     .range_from = request->range_from};
}

static Message message_copy(const Message *of) {
    Message copy = *of;
    copy.arena = arena_open();
    copy.target = str_cstr(copy.arena, str_of(of->target));
    copy.token = copy_optional(copy.arena, of->token);
    copy.etag = copy_optional(copy.arena, of->etag);
    copy.content_type = copy_optional(copy.arena, of->content_type);
    copy.body = str_copy(copy.arena, of->body);
    return copy;
}

/* ---- the client's end ---- */
static Millis steady(const Kiosk *kiosk) {
    return clock_steady(&kiosk->clock.base);
}

void wire_ask(World *world, Kiosk *kiosk, SessionLane lane) {
    SessionRequest request = {0};
    Wire *wire = &kiosk->wires[lane];
    if (wire->state != WIRE_FREE || !kiosk_lives(kiosk)) return;
    if (!session_ask(kiosk->session, lane, steady(kiosk), &request)) {
        kiosk_check_disk(world, kiosk);
        return;
    }
    wire->message = message_of(world, kiosk, lane, &request);
    wire->state = WIRE_SENT;
    if (lane == LANE_FEED && kiosk->was_cut) world_count(world, SITUATION_page_resumed);
    if (lane == LANE_FEED) kiosk->was_cut = false;
    world_say(world, "  k%d %s %s %zu", kiosk->number, request.post ? "POST" : "GET",
              str_cstr(wire->message.arena, str_first(str_of(wire->message.target), 12)),
              wire->message.body.len);
    kiosk_check_disk(world, kiosk);
}

static void wire_clear(Wire *wire) {
    message_free(&wire->message);
    buf_free(&wire->body);
    *wire = (Wire){0};
}

static void close_request(Wire *wire) {
    if (wire->request) http_memory_end(wire->request);
    wire->request = NULL;
}

void wire_forget(Wire *wire) {
    close_request(wire);
    wire_clear(wire);
}

static void end(World *world, Kiosk *kiosk, SessionLane lane, Status status) {
    wire_forget(&kiosk->wires[lane]);
    if (!kiosk_lives(kiosk)) return;
    session_end(kiosk->session, lane, steady(kiosk), status, status == OK ? "" : "the connection broke");
    kiosk_check_disk(world, kiosk);
}

void wire_break(World *world, Kiosk *kiosk, SessionLane lane) {
    Wire *wire = &kiosk->wires[lane];
    if (wire->state == WIRE_FREE) return;
    if (lane == LANE_FEED && wire->told > 0) kiosk->was_cut = true;
    world_say(world, "  k%d lane %d breaks after %zu", kiosk->number, (int)lane, wire->told);
    end(world, kiosk, lane, E_NETWORK);
}

/* ---- the server's end ---- */
static void note_answer(World *world, const Message *message, int status, Str body) {
    if (status == 304) world_count(world, SITUATION_not_modified);
    if (status == 409 && str_find(body, STR("\"clone\"")) >= 0) world_count(world, SITUATION_clone_found);
    if (status == 409 && str_find(body, STR("\"gap\"")) >= 0) world_count(world, SITUATION_gap_found);
    if (str_starts(str_of(message->target), STR("/v1/feed"))) {
        if (str_find(body, STR("{\"more\":true")) >= 0) world_count(world, SITUATION_page_more);
        if (str_find(body, STR("\"reload\":[\"")) >= 0) world_count(world, SITUATION_left_purged_reload);
        if (str_find(body, STR("\"revoked\":[\"")) >= 0) world_count(world, SITUATION_scope_revoked);
    }
}

static void take_answer(World *world, Wire *wire) {
    HttpMemoryAnswer answer = http_memory_answer(wire->request);
    Str etag = http_memory_header(wire->request, "ETag"),
        after = http_memory_header(wire->request, "Retry-After");
    int64_t seconds = -1;
    wire->state = WIRE_ANSWERED;
    wire->status = answer.status;
    wire->body = buf_new(8 * 1024 * 1024);
    buf_add(&wire->body, answer.body);
    snprintf(wire->etag, sizeof(wire->etag), "%.*s", STR_FORMAT(etag));
    wire->retry_after_ms = after.at && str_to_int(after, &seconds) ? seconds * SECOND_MS : -1;
    note_answer(world, &wire->message, wire->status, answer.body);
    world_say(world, "  -> k%d %d %zu", wire->message.kiosk, wire->status, wire->body.len);
    close_request(wire);
}

void wire_carry(World *world, Kiosk *kiosk, SessionLane lane) {
    Wire *wire = &kiosk->wires[lane];
    if (wire->state != WIRE_SENT) return;
    wire->state = WIRE_AT_SERVER;
    HttpRequest *request = NULL;
    if (!hub_ask(world, &wire->message, &request)) {
        wire->state = WIRE_ANSWERED;
        wire->broken = true;
        return;
    }
    wire->request = request;
    if (http_memory_answered(request)) take_answer(world, wire);
}

void wire_take_held(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++)
        for (int lane = 0; lane < LANE_COUNT; lane++) {
            Wire *wire = &world->kiosks[i].wires[lane];
            if (!wire->request || !http_memory_answered(wire->request)) continue;
            world_count(world, SITUATION_held_woken);
            take_answer(world, wire);
        }
    for (int i = 0; i < STRAYS_MAX; i++) {
        Stray *stray = &world->strays[i];
        if (!stray->request || !http_memory_answered(stray->request)) continue;
        http_memory_end(stray->request);
        stray->request = NULL;
        message_free(&stray->message);
    }
}

void wire_server_gone(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++)
        for (int lane = 0; lane < LANE_COUNT; lane++) {
            Wire *wire = &world->kiosks[i].wires[lane];
            if (!wire->request) continue;
            close_request(wire);
            wire->state = WIRE_ANSWERED;
            wire->broken = true;
        }
    for (int i = 0; i < STRAYS_MAX; i++) {
        if (!world->strays[i].request) continue;
        http_memory_end(world->strays[i].request);
        world->strays[i].request = NULL;
        message_free(&world->strays[i].message);
    }
}

/* ---- back to the client ---- */
static void tell_head(Kiosk *kiosk, SessionLane lane, Wire *wire) {
    SessionHead head = {.http_status = wire->status,
                        .etag = wire->etag[0] ? wire->etag : NULL,
                        .retry_after_ms = wire->retry_after_ms};
    wire->head_told = true;
    session_head(kiosk->session, lane, steady(kiosk), &head);
}

/* False: the client wants no more, or is gone. */
static bool tell_bytes(World *world, Kiosk *kiosk, SessionLane lane, size_t bytes) {
    Wire *wire = &kiosk->wires[lane];
    int starts = kiosk->starts;
    Str part = str_first(str_skip(buf_str(&wire->body), wire->told), bytes);
    wire->told += part.len;
    bool go_on = part.len == 0 || session_body(kiosk->session, lane, steady(kiosk), part);
    if (disk_is_dead(kiosk->syncd_disk) && lane == LANE_FEED) world_count(world, SITUATION_crash_in_page);
    kiosk_check_disk(world, kiosk);
    return go_on && kiosk->starts == starts && kiosk_lives(kiosk);
}

void wire_tell(World *world, Kiosk *kiosk, SessionLane lane, size_t bytes) {
    Wire *wire = &kiosk->wires[lane];
    int starts = kiosk->starts;
    if (wire->state != WIRE_ANSWERED || !kiosk_lives(kiosk)) return;
    if (wire->broken) {
        wire_break(world, kiosk, lane);
        return;
    }
    if (!wire->head_told) tell_head(kiosk, lane, wire);
    bool go_on = tell_bytes(world, kiosk, lane, bytes);
    if (kiosk->starts != starts) return; /* the process died of it; its wires are gone */
    if (!go_on)
        end(world, kiosk, lane, E_NETWORK);
    else if (wire->told >= wire->body.len)
        end(world, kiosk, lane, OK);
}

/* Only a byte of a record's line: what stands in header and trailer is the transport's to keep whole. */
void wire_flip(World *world, Kiosk *kiosk, SessionLane lane, size_t at) {
    Wire *wire = &kiosk->wires[lane];
    if (wire->state != WIRE_ANSWERED || lane != LANE_FEED || wire->body.len == 0) return;
    Str body = buf_str(&wire->body), first = {0};
    Str rest = body;
    str_cut(&rest, '\n', &first);
    ptrdiff_t end_of_lines = str_find(rest, STR("\n{\"complete\""));
    if (end_of_lines < 0) end_of_lines = str_find(rest, STR("\n{\"more\""));
    if (end_of_lines <= 0 || wire->told > first.len) return;
    size_t where = first.len + 1 + at % (size_t)end_of_lines;
    wire->body.at[where] = (char)(wire->body.at[where] ^ (1 << (at % 7)));
    world->flips++;
    world_count(world, SITUATION_bit_flipped);
    world_say(world, "  flip in the answer to k%d", kiosk->number);
}

/* ---- strays ---- */
static Stray *free_stray(World *world) {
    for (int i = 0; i < STRAYS_MAX; i++)
        if (!world->strays[i].message.arena) return &world->strays[i];
    return NULL;
}

void wire_double(World *world, Kiosk *kiosk, SessionLane lane) {
    Stray *stray = free_stray(world);
    Wire *wire = &kiosk->wires[lane];
    if (!stray || !wire->message.arena) return;
    stray->message = message_copy(&wire->message);
    world_count(world, SITUATION_request_twice);
}

void wire_leave(World *world, Kiosk *kiosk, SessionLane lane) {
    Stray *stray = free_stray(world);
    Wire *wire = &kiosk->wires[lane];
    if (!stray || wire->state != WIRE_SENT) return;
    stray->message = message_copy(&wire->message);
    world_count(world, SITUATION_request_late);
    wire_break(world, kiosk, lane);
}

void wire_stray(World *world, size_t which) {
    Stray *stray = &world->strays[which % STRAYS_MAX];
    HttpRequest *request = NULL;
    if (!stray->message.arena || stray->request) return;
    world_say(world, "  stray of k%d: %s", stray->message.kiosk, stray->message.post ? "POST" : "GET");
    if (!hub_ask(world, &stray->message, &request)) {
        message_free(&stray->message);
        return;
    }
    stray->request = request;
    wire_take_held(world);
}

void wire_free_all(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++)
        for (int lane = 0; lane < LANE_COUNT; lane++) wire_forget(&world->kiosks[i].wires[lane]);
    for (int i = 0; i < STRAYS_MAX; i++) {
        if (world->strays[i].request) http_memory_end(world->strays[i].request);
        message_free(&world->strays[i].message);
        world->strays[i].request = NULL;
    }
}
