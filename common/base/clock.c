#include "common/base/clock.h"

#include <time.h>

static Millis read_clock(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (Millis)now.tv_sec * SECOND_MS + now.tv_nsec / 1000000;
}

static Millis system_wall(const Clock *clock) {
    (void)clock;
    return read_clock(CLOCK_REALTIME);
}

/* BOOTTIME goes on while the machine is suspended: an absence counts. */
static Millis system_steady(const Clock *clock) {
    (void)clock;
    return read_clock(CLOCK_BOOTTIME);
}

const Clock *clock_system(void) {
    static const Clock clock = {system_wall, system_steady};
    return &clock;
}

static Millis hand_wall(const Clock *clock) {
    return ((const HandClock *)clock)->wall_ms;
}

static Millis hand_steady(const Clock *clock) {
    return ((const HandClock *)clock)->steady_ms;
}

HandClock hand_clock(Millis wall_ms) {
    return (HandClock){.base = {hand_wall, hand_steady}, .wall_ms = wall_ms, .steady_ms = 0};
}

void hand_clock_advance(HandClock *clock, Millis by_ms) {
    clock->wall_ms += by_ms;
    clock->steady_ms += by_ms;
}
