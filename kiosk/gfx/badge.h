/* A badge reader types like a keyboard: digits and Enter, a few milliseconds apart. Read as USB HID usage
 * codes (SDL's scancodes), never as text: the layout is AZERTY. Keys slower than BADGE_GAP_MS are a person,
 * and no badge. Free of SDL. */
#pragma once

#include "common/base/clock.h"

#include <stdbool.h>

enum { BADGE_GAP_MS = 40, BADGE_DIGITS_MAX = 32, BADGE_DIGITS_MIN = 4 };

typedef struct BadgeTiming { /* what a badge test may show */
    int digits;
    Millis ms, widest_gap_ms; /* from the first digit to the end; between two keys */
    bool too_slow, too_long;
} BadgeTiming;

typedef struct BadgeReader {
    char digits[BADGE_DIGITS_MAX + 1];
    int count;
    bool too_slow, too_long;
    Millis first_ms, last_ms, widest_gap_ms;
    BadgeTiming last; /* of the number that ended last */
} BadgeReader;

typedef enum BadgeKey {
    BADGE_KEY_OTHER,  /* not the reader's: the key may mean something else */
    BADGE_KEY_TAKEN,  /* part of a number */
    BADGE_KEY_DONE,   /* out holds a number */
    BADGE_KEY_REFUSED /* an Enter that ends no badge: swallowed */
} BadgeKey;

/* One key pressed. out gets the digits and a NUL on BADGE_KEY_DONE; the reader is then empty again,
 * overwritten. */
BadgeKey badge_key(BadgeReader *reader, int usage_code, Millis at_ms, char out[BADGE_DIGITS_MAX + 1]);
