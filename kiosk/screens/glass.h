/* How this glass hangs and sleeps: what the technician sets on the kiosk itself. */
#pragma once

#include "common/base/clock.h"
#include "common/base/str.h"

typedef struct Glass {
    int rotation_deg, width_mm, height_mm; /* mm as seen upright; 0: unknown */
    bool calibrated;
    double calibration[9]; /* kiosk/gfx: Calibration */
    bool still;            /* no drift against burn-in */
    bool night, night_black;
    int night_from_min, night_until_min; /* after midnight */
} Glass;

/* Turned: what was the width is the height. */
Glass glass_turned(Glass glass, int rotation_deg);

enum { DAY_MIN = 24 * 60 };

bool night_parse(Str clock, int *minutes); /* "20:00" */
/* Whether the night hours hold at that moment, in the zone of the process; until the next day where they end
 * earlier than they begin, and nothing where both are the same. */
bool night_holds(const Glass *glass, Millis at);
