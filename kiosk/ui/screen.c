#include "kiosk/ui/screen.h"

#include <math.h>

static const double MM_PER_U = 1 / 4.03;
static const double LARGE_GLASS_MM = 531; /* the longer side of 24 inches */
static const double SMALL_GLASS_MM = 440;

enum { LONG_SIDE_U = 1920 };

static double scale_of(int long_px, int long_mm) {
    if (long_mm <= 0) return long_px > LONG_SIDE_U ? (double)long_px / LONG_SIDE_U : 1;
    double u_mm = MM_PER_U * fmax(1, long_mm / LARGE_GLASS_MM);
    double px_per_u = u_mm * long_px / long_mm;
    return fabs(px_per_u - 1) < 0.03 ? 1 : px_per_u;
}

Screen screen_measure(int w_px, int h_px, int w_mm, int h_mm) {
    bool upright = h_px > w_px;
    double scale = scale_of(upright ? h_px : w_px, upright ? h_mm : w_mm);
    Screen screen = {.w = (int)lround(w_px / scale), .h = (int)lround(h_px / scale), .px_per_u = scale};
    double width_mm = w_mm > 0 ? w_mm : screen.w * MM_PER_U;
    screen.layout = upright ? LAYOUT_PORTRAIT : width_mm < SMALL_GLASS_MM ? LAYOUT_SMALL : LAYOUT_WIDE;
    return screen;
}
