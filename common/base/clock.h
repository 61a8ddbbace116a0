/* Time comes in as an argument or behind this interface, so that every test can be replayed. */
#pragma once

#include <stdint.h>

typedef int64_t
    Millis; /* a moment: Unix milliseconds UTC; or a duration in milliseconds where the name says so */

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };
#define DAY_MS ((Millis)24 * HOUR_MS)

typedef struct Clock Clock;
struct Clock {
    Millis (*wall)(const Clock *clock);   /* may jump */
    Millis (*steady)(const Clock *clock); /* never goes back; origin without meaning */
};

const Clock *clock_system(void);

/* A clock that stands until it is moved: &clock.base is the Clock. */
typedef struct HandClock {
    Clock base;
    Millis wall_ms, steady_ms;
} HandClock;

HandClock hand_clock(Millis wall_ms);
void hand_clock_advance(HandClock *clock, Millis by_ms);

static inline Millis clock_wall(const Clock *clock) {
    return clock->wall(clock);
}
static inline Millis clock_steady(const Clock *clock) {
    return clock->steady(clock);
}
