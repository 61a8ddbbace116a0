/* DIR/kiosk.json: what the technician set on this kiosk. Each setting stands there once it was set, so that
 * what was not follows the profile and the command line. */
#pragma once

#include "kiosk/screens/glass.h"

typedef enum GlassPart {
    GLASS_ROTATION = 1,
    GLASS_MM = 2,
    GLASS_CALIBRATION = 4,
    GLASS_STILL = 8,
    GLASS_NIGHT = 16
} GlassPart;

/* Takes the parts from `own` into glass. */
void glass_take(Glass *glass, const Glass *own, unsigned parts);
unsigned glass_differs(const Glass *a, const Glass *b); /* in which parts */

/* A missing file is OK and has no parts. */
CHECKED Status glass_read(const char *dir, Glass *own, unsigned *parts, Err *err);
CHECKED Status glass_write(const char *dir, const Glass *own, unsigned parts, Err *err);
