/* Four corners touched in order within six seconds: top left, top right, bottom right, bottom left. What the
 * technician does and nobody does by chance. */
#pragma once

#include "common/base/clock.h"
#include "kiosk/ui/rect.h"

enum { CORNER_U = 170, CORNERS_MS = 6000 };

typedef struct CornerWalk {
    int touched; /* in order, so far */
    Millis first_at;
} CornerWalk;

/* True with the fourth; then it begins anew. `now` is steady. */
bool corners_touch(CornerWalk *corners, Rect page, int x, int y, Millis now);
