/* One step: what the dice of the script mean in the world as it stands. */
#include "tests/sim/world.h"

#include <stdio.h>
#include <string.h>

static Kiosk *kiosk_at(World *world, uint32_t dice) {
    int count = 0;
    for (int i = 0; i < KIOSKS_MAX; i++) count += world->kiosks[i].exists;
    int wanted = (int)(dice % (uint32_t)count);
    for (int i = 0; i < KIOSKS_MAX; i++)
        if (world->kiosks[i].exists && wanted-- == 0) return &world->kiosks[i];
    return &world->kiosks[0];
}

static SessionLane lane_at(uint32_t dice) {
    return dice % 16 < 9 ? LANE_FEED : dice % 16 < 15 ? LANE_PUSH : LANE_BLOB;
}

/* Any lane that is in this state, or any at all. */
static SessionLane lane_in(const Kiosk *kiosk, WireState state, uint32_t dice) {
    for (uint32_t i = 0; i < LANE_COUNT; i++)
        if (kiosk->wires[(dice + i) % LANE_COUNT].state == state)
            return (SessionLane)((dice + i) % LANE_COUNT);
    return lane_at(dice);
}

/* ---- people ---- */
static void run_act(World *world, const SimStep *step) {
    static const ActKind acts[] = {ACT_REGISTER, ACT_REGISTER, ACT_REGISTER, ACT_CANCEL, ACT_TICK};
    Kiosk *kiosk = kiosk_at(world, step->a);
    kiosk_act(world, kiosk, acts[step->b % COUNT(acts)],
              (int)(step->b >> 8) & 1 ? (int)(step->b >> 9) % EVENTS & 3 : 0, (int)(step->c % PERSONS));
}

static void run_look(World *world, const SimStep *step) {
    kiosk_look(world, kiosk_at(world, step->a));
}

/* ---- wires ---- */
static void exchange(World *world, Kiosk *kiosk, SessionLane lane) {
    wire_ask(world, kiosk, lane);
    wire_carry(world, kiosk, lane);
    wire_tell(world, kiosk, lane, SIZE_MAX);
}

static void run_exchange(World *world, const SimStep *step) {
    exchange(world, kiosk_at(world, step->a), lane_at(step->b));
}

/* Everything it has to say, undisturbed. */
static void run_sync(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    for (int turn = 0; turn < 6; turn++) {
        exchange(world, kiosk, LANE_PUSH);
        exchange(world, kiosk, LANE_FEED);
    }
}

/* A page that ends in the middle. */
static void run_cut_down(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    Wire *wire = &kiosk->wires[LANE_FEED];
    wire_ask(world, kiosk, LANE_FEED);
    wire_carry(world, kiosk, LANE_FEED);
    if (wire->state != WIRE_ANSWERED || wire->body.len < 2) return;
    size_t lines = wire->body.len - wire->told > 1 ? step->b % (wire->body.len - wire->told) : 0;
    wire_tell(world, kiosk, LANE_FEED, lines);
    if (wire->state != WIRE_ANSWERED) return;
    if (wire->told > 0) world_count(world, SITUATION_body_cut_down);
    wire_break(world, kiosk, LANE_FEED);
}

static void run_ask(World *world, const SimStep *step) {
    wire_ask(world, kiosk_at(world, step->a), lane_at(step->b));
}

static void run_carry(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    wire_carry(world, kiosk, lane_in(kiosk, WIRE_SENT, step->b));
}

static void run_tell(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    wire_tell(world, kiosk, lane_in(kiosk, WIRE_ANSWERED, step->b), SIZE_MAX);
}

/* Mostly a few lines, sometimes a byte, sometimes the end of a line exactly. */
static void run_tell_part(World *world, const SimStep *step) {
    size_t bytes = step->c % 4 == 0 ? step->c / 4 % 64 : step->c / 4 % 3000;
    Kiosk *kiosk = kiosk_at(world, step->a);
    wire_tell(world, kiosk, lane_in(kiosk, WIRE_ANSWERED, step->b), bytes + 1);
}

static void run_lose_request(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    SessionLane lane = lane_in(kiosk, WIRE_SENT, step->b);
    if (kiosk->wires[lane].state == WIRE_SENT) wire_break(world, kiosk, lane);
}

/* The answer is cut where it stands, or was never seen. */
static void run_lose_answer(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    SessionLane lane = lane_in(kiosk, WIRE_ANSWERED, step->b);
    Wire *wire = &kiosk->wires[lane];
    if (wire->state != WIRE_ANSWERED && wire->state != WIRE_AT_SERVER) return;
    bool ops = wire->message.post && strcmp(wire->message.target, "/v1/ops") == 0;
    if (ops && wire->status == 200) world_count(world, SITUATION_reply_lost_after_commit);
    if (wire->told > 0) world_count(world, SITUATION_body_cut_down);
    wire_break(world, kiosk, lane);
}

/* Whatever is pushed is judged, and the client never hears of it. */
static void run_lose_verdict(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    Wire *wire = &kiosk->wires[LANE_PUSH];
    for (int turn = 0; turn < 3; turn++) {
        wire_ask(world, kiosk, LANE_PUSH);
        wire_carry(world, kiosk, LANE_PUSH);
        bool ops = wire->message.post && strcmp(wire->message.target, "/v1/ops") == 0;
        if (ops && wire->status == 200) world_count(world, SITUATION_reply_lost_after_commit);
        if (ops) {
            wire_break(world, kiosk, LANE_PUSH);
            return;
        }
        wire_tell(world, kiosk, LANE_PUSH, SIZE_MAX);
    }
}

static void run_leave(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    wire_leave(world, kiosk, lane_in(kiosk, WIRE_SENT, step->b));
}

static void run_double(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    wire_double(world, kiosk, lane_in(kiosk, WIRE_SENT, step->b));
}

static void run_stray(World *world, const SimStep *step) {
    wire_stray(world, step->a);
}

static void run_cut_up(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    Wire *wire = &kiosk->wires[LANE_PUSH];
    wire_ask(world, kiosk, LANE_PUSH);
    if (wire->state != WIRE_SENT || wire->message.body.len < 2) return;
    wire->message.body.len = 1 + step->b % (wire->message.body.len - 1);
    world_count(world, SITUATION_body_cut_up);
    wire_leave(world, kiosk, LANE_PUSH); /* whoever cuts it, ends it */
}

static void run_flip(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    wire_ask(world, kiosk, LANE_FEED);
    wire_carry(world, kiosk, LANE_FEED);
    wire_flip(world, kiosk, LANE_FEED, step->b);
    wire_tell(world, kiosk, LANE_FEED, SIZE_MAX);
}

/* ---- dying ---- */
static void run_kill(World *world, const SimStep *step) {
    world_count(world, SITUATION_kill_syncd);
    kiosk_kill(world, kiosk_at(world, step->a), false, 0);
}

static void run_crash(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    disk_fault_at(kiosk->syncd_disk, 1 + step->b % 60, DISK_CRASH);
    exchange(world, kiosk, lane_at(step->c));
}

static void run_crash_screen(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    disk_fault_at(kiosk->screen_disk, 1 + step->b % 12, DISK_CRASH);
    run_act(world, &(SimStep){.a = step->a, .b = step->c, .c = step->b / 16});
}

static void run_power_cut(World *world, const SimStep *step) {
    world_count(world, SITUATION_power_cut_kiosk);
    kiosk_kill(world, kiosk_at(world, step->a), true, step->b % 4);
}

static void run_disk_error(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    world_count(world, SITUATION_disk_error);
    disk_fault_at(step->c % 3 ? kiosk->syncd_disk : kiosk->screen_disk, 1 + step->b % 40, DISK_ERROR);
}

static void run_disk_full(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    bool full = step->b % 3 == 0, screen = step->c % 2;
    if (full && !screen) world_count(world, SITUATION_disk_full_syncd);
    disk_set_full(screen ? kiosk->screen_disk : kiosk->syncd_disk, full);
    if (!full && kiosk->down) kiosk_start(world, kiosk);
}

static void run_hub_kill(World *world, const SimStep *step) {
    (void)step;
    hub_stop(world, false, 0);
}

static void run_hub_crash(World *world, const SimStep *step) {
    disk_fault_at(world->hub.disk, 1 + step->a % 40, DISK_CRASH);
}

static void run_hub_power_cut(World *world, const SimStep *step) {
    world_count(world, SITUATION_power_cut_hub);
    hub_stop(world, true, step->a % 4);
}

/* ---- time ---- */
static void run_clock(World *world, const SimStep *step) {
    Kiosk *kiosk = kiosk_at(world, step->a);
    switch (step->b % 5) {
    case 0:
        kiosk->clock.wall_ms = step->c % 100000;
        world_count(world, SITUATION_clock_1970);
        break;
    case 1:
        kiosk->clock.wall_ms = (Millis)2147483647 * SECOND_MS + step->c % 100000;
        world_count(world, SITUATION_clock_2038);
        break;
    case 2:
        kiosk->clock.wall_ms += (Millis)(step->c % 20) * DAY_MS - 10 * DAY_MS;
        break;
    default:
        kiosk->clock.wall_ms = world->now;
        break;
    }
    if (kiosk->clock.wall_ms < 0) kiosk->clock.wall_ms = 0; /* Linux sets no clock before 1970 */
}

static void run_time(World *world, const SimStep *step) {
    static const Millis spans[] = {10,        200,          SECOND_MS, 5 * SECOND_MS, 20 * SECOND_MS,
                                   MINUTE_MS, 5 * MINUTE_MS};
    world_advance(world, spans[step->a % COUNT(spans)] * (1 + step->b % 3));
}

static void note_absence(World *world, uint32_t days) {
    for (size_t i = 0; i < world->op_count && days >= 56; i++) {
        if (world->ops[i].code[0] || !world->ops[i].kiosks) continue;
        world_count(world, SITUATION_long_absence);
        return;
    }
}

static void run_days(World *world, const SimStep *step) {
    world_advance(world, HOUR_MS * (1 + step->a % 200));
}

static void run_weeks(World *world, const SimStep *step) {
    note_absence(world, 7 + step->a % 60);
    world_advance(world, DAY_MS * (7 + step->a % 60));
}

/* ---- administrators ---- */
static void note_move(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++)
        if (world->kiosks[i].loading || world->kiosks[i].wires[LANE_FEED].told)
            world_count(world, SITUATION_move_while_paging);
}

static void note_grants(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++)
        if (world->kiosks[i].loading || world->kiosks[i].wires[LANE_FEED].told)
            world_count(world, SITUATION_revoked_in_pull);
    world_count(world, SITUATION_scope_granted);
}

static void run_notice(World *world, const SimStep *step) {
    note_move(world);
    admin_put_notice(world, (int)(step->a % NOTICES), (int)(step->b % 6), step->c);
}

static void run_drop_notice(World *world, const SimStep *step) {
    admin_delete(world, "notice", world_notice((int)(step->a % NOTICES)));
}

static void run_event(World *world, const SimStep *step) {
    admin_put_event(world, (int)(step->a % EVENTS), step->b % 3 ? 1 : (int)(step->b / 3 % 4),
                    (int)(step->c % 4), step->c / 4 % 8 == 0);
}

static void run_person(World *world, const SimStep *step) {
    admin_put_person(world, (int)(step->a % PERSONS), step->b);
}

static void run_pool(World *world, const SimStep *step) {
    note_grants(world);
    admin_put_pool(world, (int)(step->a % 2), step->b);
}

static void run_site(World *world, const SimStep *step) {
    note_grants(world);
    admin_put_site(world, (int)(step->a % SITES), (int)(step->b % ORGS));
}

/* As the retention of PROTOCOL 10 will do it; here for any floor, for devices may have been away for longer.
 */
static void run_purge(World *world, const SimStep *step) {
    static const char *const scopes[] = {"public", "pool:agglo", "pool:loire", "org:olivet", "org:saran"};
    Err err = {0};
    StoreCommit commit;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_end_auto) StoreTx *tx = NULL;
    int64_t floor = hub_head(world) - (int64_t)(step->b % 12);
    if (floor < 1 || store_begin(world->hub.store, STORE_WRITE, &tx, &err) != OK) return;
    Status status = tx->verbs->left_purge(tx, str_of(scopes[step->a % COUNT(scopes)]), floor, &err);
    if (status == OK) status = tx->verbs->commit(tx, arena, &commit, &err);
    store_end_auto(&tx);
    if (status != OK) hub_stop(world, false, 0); /* a crash was ordered, and this was it */
}

static void run_tend(World *world, const SimStep *step) {
    Err err = {0};
    (void)step;
    Status status = hub_tend(world->hub.hub, &err);
    if (disk_is_dead(world->hub.disk))
        hub_stop(world, false, 0);
    else if (status != OK && status != E_IO)
        world_fail(world, "the hub cannot tend its store: %s", err.text);
    else
        hub_after(world);
}

/* ---- devices ---- */
static void run_clone(World *world, const SimStep *step) {
    kiosk_clone(world, kiosk_at(world, step->a));
}

static void run_revoke(World *world, const SimStep *step) {
    const Kiosk *kiosk = kiosk_at(world, step->a);
    if (kiosk->device[0]) admin_revoke(world, kiosk->device);
}

static void run_pair(World *world, const SimStep *step) {
    kiosk_request(world, kiosk_at(world, step->a), "pair", "{\"hub\":\"http://127.0.0.1:1\"}");
}

static void run_approve(World *world, const SimStep *step) {
    for (int i = 0; i < KIOSKS_MAX; i++) {
        SessionState state;
        char code[16];
        if (!kiosk_lives(&world->kiosks[i])) continue;
        session_state(world->kiosks[i].session, &state);
        snprintf(code, sizeof(code), "%s", state.code);
        if (code[0]) admin_approve(world, code, (int)(step->a % SITES));
    }
}

static void run_unpair(World *world, const SimStep *step) {
    kiosk_request(world, kiosk_at(world, step->a), "unpair", step->b % 2 ? "{}" : "{\"force\":true}");
}

static void run_limit(World *world, const SimStep *step) {
    world->page_limit = step->a % 3 == 0 ? 0 : 1 + step->b % 3;
}

void step_run(World *world, const SimStep *step) {
    static void (*const runs[])(World * world, const SimStep *step) = {
#define STEP_RUN(name, weight, share) run_##name,
        STEPS(STEP_RUN)};
    runs[step->kind](world, step);
}
