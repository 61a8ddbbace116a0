#include "kiosk/gfx/parts.h"

#include <math.h>

static double distance_to_line(const Stroke *stroke, double x, double y) {
    double dx = stroke->x1 - stroke->x0, dy = stroke->y1 - stroke->y0, length2 = dx * dx + dy * dy;
    double part = length2 > 0 ? ((x - stroke->x0) * dx + (y - stroke->y0) * dy) / length2 : 0;
    part = fmax(0, fmin(1, part));
    return hypot(x - stroke->x0 - part * dx, y - stroke->y0 - part * dy);
}

static double distance_to_end(const Stroke *stroke, double degrees, double x, double y) {
    double angle = degrees * M_PI / 180;
    return hypot(x - stroke->cx - stroke->radius * cos(angle), y - stroke->cy - stroke->radius * sin(angle));
}

static bool within_sweep(const Stroke *stroke, double x, double y) {
    if (stroke->sweep >= 360) return true;
    double angle = atan2(y - stroke->cy, x - stroke->cx) * 180 / M_PI - stroke->from;
    return angle - 360 * floor(angle / 360) <= stroke->sweep;
}

static double distance_to_arc(const Stroke *stroke, double x, double y) {
    if (within_sweep(stroke, x, y)) return fabs(hypot(x - stroke->cx, y - stroke->cy) - stroke->radius);
    return fmin(distance_to_end(stroke, stroke->from, x, y),
                distance_to_end(stroke, stroke->from + stroke->sweep, x, y));
}

double stroke_coverage(const Stroke *stroke, double x, double y) {
    double distance =
        stroke->type == STROKE_LINE ? distance_to_line(stroke, x, y) : distance_to_arc(stroke, x, y);
    return fmax(0, fmin(1, stroke->half_width + 0.5 - distance));
}

static Rect stroke_bounds(const Stroke *stroke) {
    double reach = stroke->half_width + 1, x0, y0, x1, y1;
    if (stroke->type == STROKE_ARC) {
        x0 = stroke->cx - stroke->radius, x1 = stroke->cx + stroke->radius;
        y0 = stroke->cy - stroke->radius, y1 = stroke->cy + stroke->radius;
    } else {
        x0 = fmin(stroke->x0, stroke->x1), x1 = fmax(stroke->x0, stroke->x1);
        y0 = fmin(stroke->y0, stroke->y1), y1 = fmax(stroke->y0, stroke->y1);
    }
    int left = (int)floor(x0 - reach), top = (int)floor(y0 - reach);
    return (Rect){left, top, (int)ceil(x1 + reach) - left, (int)ceil(y1 + reach) - top};
}

void mask_stroke(Mask *mask, const Stroke *stroke) {
    Rect inside = rect_intersect(stroke_bounds(stroke), (Rect){0, 0, mask->w, mask->h});
    for (int y = inside.y; y < rect_bottom(inside); y++)
        for (int x = inside.x; x < rect_right(inside); x++) {
            uint8_t covered = (uint8_t)lround(255 * stroke_coverage(stroke, x + 0.5, y + 0.5));
            uint8_t *at = &mask->at[y * mask->w + x];
            if (covered > *at) *at = covered;
        }
}

void canvas_stroke(const Canvas *canvas, Rect clip, const Stroke *stroke, Color color) {
    Rect inside =
        rect_intersect(rect_intersect(stroke_bounds(stroke), clip), (Rect){0, 0, canvas->w, canvas->h});
    for (int y = inside.y; y < rect_bottom(inside); y++)
        for (int x = inside.x; x < rect_right(inside); x++) {
            int coverage = (int)lround(255 * stroke_coverage(stroke, x + 0.5, y + 0.5));
            canvas_blend(canvas->px + (ptrdiff_t)y * canvas->stride + x, color, coverage);
        }
}
