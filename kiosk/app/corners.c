#include "kiosk/app/corners.h"

enum { CORNER_COUNT = 4 };

static Rect corner_of(Rect page, int index) {
    int right = page.w - CORNER_U, bottom = page.h - CORNER_U;
    const Rect corners[CORNER_COUNT] = {
        {0, 0, CORNER_U, CORNER_U},
        {right, 0, CORNER_U, CORNER_U},
        {right, bottom, CORNER_U, CORNER_U},
        {0, bottom, CORNER_U, CORNER_U},
    };
    return corners[index];
}

bool corners_touch(CornerWalk *corners, Rect page, int x, int y, Millis now) {
    bool late = corners->touched && now - corners->first_at > CORNERS_MS;
    if (late || !rect_has(corner_of(page, corners->touched), x, y)) corners->touched = 0;
    if (!rect_has(corner_of(page, corners->touched), x, y)) return false;
    if (!corners->touched) corners->first_at = now;
    if (++corners->touched < CORNER_COUNT) return false;
    *corners = (CornerWalk){0};
    return true;
}
