/* The screen in design units, from what is known of the glass. */
#pragma once

#include "kiosk/ui/rect.h"

typedef enum LayoutClass {
    LAYOUT_WIDE,
    LAYOUT_PORTRAIT, /* higher than wide */
    LAYOUT_SMALL     /* landscape, less than 440 mm wide */
} LayoutClass;

typedef struct Screen {
    int w, h;        /* units */
    double px_per_u; /* for kiosk/gfx; 1 exactly when within 3 % of it, which keeps everything crisp */
    LayoutClass layout;
} Screen;

/* Pixels and millimetres as seen by the reader, after rotation. Without millimetres (0) a unit is a pixel up
 * to 1920 on the longer side, above that everything grows. Above 24 inches (531 mm on the longer side) the
 * unit grows with the glass. */
Screen screen_measure(int w_px, int h_px, int w_mm, int h_mm);
