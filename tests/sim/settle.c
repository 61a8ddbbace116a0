/* From now on nothing fails any more: everybody must catch up, in bounded time. */
#include "tests/sim/world.h"

#include <stdio.h>

enum { ROUNDS_MAX = 400, TURNS_MAX = 12, ROUND_MS = 15 * SECOND_MS };

static void heal(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++) {
        Kiosk *kiosk = &world->kiosks[i];
        if (!kiosk->exists) continue;
        disk_set_full(kiosk->syncd_disk, false);
        disk_set_full(kiosk->screen_disk, false);
        disk_fault_at(kiosk->syncd_disk, 0, DISK_NONE);
        disk_fault_at(kiosk->screen_disk, 0, DISK_NONE);
    }
    disk_set_full(world->hub.disk, false);
    disk_fault_at(world->hub.disk, 0, DISK_NONE);
}

static void exchange(World *world, Kiosk *kiosk, SessionLane lane) {
    for (int turn = 0; turn < TURNS_MAX && !world_has_failed(world); turn++) {
        wire_ask(world, kiosk, lane);
        wire_carry(world, kiosk, lane);
        if (kiosk->wires[lane].state != WIRE_ANSWERED) return; /* nothing to say, or held */
        wire_tell(world, kiosk, lane, SIZE_MAX);
    }
}

static void pair(World *world, Kiosk *kiosk) {
    SessionState state;
    session_state(kiosk->session, &state);
    bool lost = state.standing == STANDING_REVOKED || state.standing == STANDING_UNPAIRED;
    if (lost && !state.code[0]) kiosk_request(world, kiosk, "pair", "{\"hub\":\"http://127.0.0.1:1\"}");
    session_state(kiosk->session, &state);
    char code[16];
    snprintf(code, sizeof(code), "%s", state.code);
    if (code[0]) admin_approve(world, code, kiosk->number % SITES);
}

static void help(World *world, Kiosk *kiosk) {
    if (!kiosk_lives(kiosk)) kiosk_start(world, kiosk);
    if (!kiosk_lives(kiosk)) return;
    kiosk_look(world, kiosk);
    session_poke(kiosk->session, clock_steady(&kiosk->clock.base));
    pair(world, kiosk);
    for (int lane = 0; lane < LANE_COUNT; lane++) exchange(world, kiosk, (SessionLane)lane);
}

/* The dice begin with kiosks that know their hub; what they have loaded by then is theirs to say. */
void world_pair_all(World *world) {
    for (int round = 0; round < 3; round++) {
        world_advance(world, 2 * SECOND_MS);
        for (int i = 0; i < KIOSKS_MAX; i++) {
            Kiosk *kiosk = &world->kiosks[i];
            if (!kiosk_lives(kiosk)) continue;
            pair(world, kiosk);
            exchange(world, kiosk, LANE_PUSH);
        }
    }
    check_world(world);
}

static bool is_settled(const Kiosk *kiosk) {
    SessionState state;
    if (!kiosk->exists) return true;
    if (!kiosk_lives(kiosk)) return false;
    session_state(kiosk->session, &state);
    return state.settled && state.standing == STANDING_PAIRED &&
           kiosk->wires[LANE_FEED].state == WIRE_AT_SERVER;
}

static bool all_settled(const World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++)
        if (!is_settled(&world->kiosks[i])) return false;
    return true;
}

static void tell_who(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++) {
        SessionState state;
        Kiosk *kiosk = &world->kiosks[i];
        if (is_settled(kiosk) || !kiosk_lives(kiosk)) continue;
        session_state(kiosk->session, &state);
        world_fail(world, "k%d does not catch up: standing %d, %lld undecided, settled %d, wire %d: %s", i,
                   (int)state.standing, (long long)state.undecided, state.settled,
                   (int)kiosk->wires[LANE_FEED].state, state.last_error);
    }
    world_fail(world, "somebody does not start");
}

static void round_of(World *world) {
    world_advance(world, ROUND_MS);
    for (int i = 0; i < KIOSKS_MAX && !world_has_failed(world); i++)
        if (world->kiosks[i].exists) help(world, &world->kiosks[i]);
    hub_after(world);
    check_world(world);
}

void world_settle(World *world) {
    world->ending = true;
    heal(world);
    for (size_t i = 0; i < STRAYS_MAX; i++) wire_stray(world, i);
    for (int round = 0; round < ROUNDS_MAX && !world_has_failed(world); round++) {
        round_of(world);
        if (all_settled(world)) {
            world_count(world, SITUATION_everybody_settled);
            return;
        }
    }
    tell_who(world);
}
