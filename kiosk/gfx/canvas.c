#include "kiosk/gfx/parts.h"

#include <math.h>
#include <string.h>

static inline unsigned div255(unsigned value) {
    value += 128;
    return (value + (value >> 8)) >> 8;
}

static inline unsigned blend_channel(unsigned front, unsigned back, unsigned alpha) {
    return div255(front * alpha + back * (255 - alpha));
}

static inline uint32_t blend(uint32_t back, uint32_t front, unsigned alpha) {
    return blend_channel((front >> 16) & 0xFF, (back >> 16) & 0xFF, alpha) << 16 |
           blend_channel((front >> 8) & 0xFF, (back >> 8) & 0xFF, alpha) << 8 |
           blend_channel(front & 0xFF, back & 0xFF, alpha);
}

/* Each pixel by itself, always the same way: what is painted in parts equals what is painted at once. */
static inline void put(uint32_t *px, uint32_t color, int coverage) {
    if (coverage >= 255)
        *px = color & 0xFFFFFF;
    else if (coverage > 0)
        *px = blend(*px, color, (unsigned)coverage);
}

void canvas_blend(uint32_t *px, Color color, int coverage) {
    put(px, color, coverage);
}

static Rect canvas_rect(const Canvas *canvas) {
    return (Rect){0, 0, canvas->w, canvas->h};
}

static uint32_t *pixel(const Canvas *canvas, int x, int y) {
    return canvas->px + (ptrdiff_t)y * canvas->stride + x;
}

void canvas_fill(const Canvas *canvas, Rect rect, Color color) {
    Rect inside = rect_intersect(rect, canvas_rect(canvas));
    uint32_t value = color & 0xFFFFFF;
    for (int y = inside.y; y < rect_bottom(inside); y++) {
        uint32_t *row = pixel(canvas, inside.x, y);
        for (int i = 0; i < inside.w; i++) row[i] = value;
    }
}

/* ---- rounded boxes ---- */

RoundBox round_box(Rect rect, int radius, Corners corners) {
    int most = (rect.w < rect.h ? rect.w : rect.h) / 2, round = radius < most ? radius : most;
    bool top = corners != CORNERS_BOTTOM, bottom = corners != CORNERS_TOP;
    bool left = corners != CORNERS_RIGHT, right = corners != CORNERS_LEFT;
    return (RoundBox){rect,
                      {top && left ? round : 0, top && right ? round : 0, bottom && left ? round : 0,
                       bottom && right ? round : 0}};
}

RoundBox round_box_inset(RoundBox box, int by) {
    box.rect = rect_inset(box.rect, by);
    for (int i = 0; i < CORNER_COUNT; i++) box.radius[i] = box.radius[i] > by ? box.radius[i] - by : 0;
    return box;
}

/* Of a pixel dx, dy inside the square of a corner, counted from the outside. Only what the arc cuts needs its
 * distance. */
static int corner_coverage(int radius, int dx, int dy) {
    int x = 2 * (radius - dx) - 1, y = 2 * (radius - dy) - 1, distance2 = x * x + y * y; /* in half pixels */
    int inside = 2 * radius - 1, outside = 2 * radius + 1;
    if (distance2 <= inside * inside) return 255;
    if (distance2 >= outside * outside) return 0;
    return (int)((outside - sqrt(distance2)) * 127.5 + 0.5);
}

int round_box_coverage(const RoundBox *box, int x, int y) {
    if (!rect_has(box->rect, x, y)) return 0;
    int left = x - box->rect.x, right = rect_right(box->rect) - 1 - x;
    int top = y - box->rect.y, bottom = rect_bottom(box->rect) - 1 - y;
    const int *r = box->radius;
    if (left < r[0] && top < r[0]) return corner_coverage(r[0], left, top);
    if (right < r[1] && top < r[1]) return corner_coverage(r[1], right, top);
    if (left < r[2] && bottom < r[2]) return corner_coverage(r[2], left, bottom);
    if (right < r[3] && bottom < r[3]) return corner_coverage(r[3], right, bottom);
    return 255;
}

/* How many pixels from the left or the right of that row may be rounded. */
static void rounded_ends(const RoundBox *box, int y, int *left, int *right) {
    int top = y - box->rect.y, bottom = rect_bottom(box->rect) - 1 - y;
    const int *r = box->radius;
    *left = top < r[0] ? r[0] : bottom < r[2] ? r[2] : 0;
    *right = top < r[1] ? r[1] : bottom < r[3] ? r[3] : 0;
}

static int clamp(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

static void box_row(const Canvas *canvas, Rect clip, const RoundBox *box, int y, Color color) {
    int left, right, end = rect_right(clip);
    rounded_ends(box, y, &left, &right);
    int flat_from = clamp(box->rect.x + left, clip.x, end),
        flat_to = clamp(rect_right(box->rect) - right, flat_from, end);
    for (int x = clip.x; x < flat_from; x++) put(pixel(canvas, x, y), color, round_box_coverage(box, x, y));
    uint32_t *row = pixel(canvas, 0, y), value = color & 0xFFFFFF;
    for (int x = flat_from; x < flat_to; x++) row[x] = value;
    for (int x = flat_to; x < end; x++) put(pixel(canvas, x, y), color, round_box_coverage(box, x, y));
}

void canvas_box(const Canvas *canvas, Rect clip, const RoundBox *box, Color color) {
    Rect inside = rect_intersect(rect_intersect(box->rect, clip), canvas_rect(canvas));
    for (int y = inside.y; y < rect_bottom(inside); y++) box_row(canvas, inside, box, y, color);
}

/* The pixels of a row that lie on the frame's sides only are few; the middle is skipped. */
static void frame_row(const Canvas *canvas, Rect clip, const RoundBox *outer, const RoundBox *inner, int y,
                      Color color) {
    int left, right;
    rounded_ends(inner, y, &left, &right);
    bool through = y >= inner->rect.y && y < rect_bottom(inner->rect);
    int hole_from = inner->rect.x + left, hole_to = rect_right(inner->rect) - right;
    for (int x = clip.x; x < rect_right(clip); x++) {
        if (through && x >= hole_from && x < hole_to) {
            x = hole_to - 1;
            continue;
        }
        int coverage = round_box_coverage(outer, x, y) - round_box_coverage(inner, x, y);
        put(pixel(canvas, x, y), color, coverage);
    }
}

void canvas_frame(const Canvas *canvas, Rect clip, const RoundBox *outer, const RoundBox *inner,
                  Color color) {
    Rect inside = rect_intersect(rect_intersect(outer->rect, clip), canvas_rect(canvas));
    for (int y = inside.y; y < rect_bottom(inside); y++) frame_row(canvas, inside, outer, inner, y, color);
}

/* ---- masks and images ---- */

static void mask_row(uint32_t *to, const uint8_t *from, int count, Color color) {
    for (int i = 0; i < count; i++) {
        uint64_t eight;
        while (i + 8 <= count) { /* most of a line of text is nothing */
            memcpy(&eight, from + i, 8);
            if (eight) break;
            i += 8;
        }
        if (i < count) put(&to[i], color, from[i]);
    }
}

void canvas_mask(const Canvas *canvas, Rect clip, const Mask *mask, int x, int y, Color color) {
    Rect place = {x + mask->x, y + mask->y, mask->w, mask->h};
    Rect inside = rect_intersect(rect_intersect(place, clip), canvas_rect(canvas));
    for (int row = inside.y; row < rect_bottom(inside); row++) {
        const uint8_t *from = mask->at + (ptrdiff_t)(row - place.y) * mask->w + (inside.x - place.x);
        mask_row(pixel(canvas, inside.x, row), from, inside.w, color);
    }
}

void canvas_image(const Canvas *canvas, Rect clip, const RoundBox *box, const Canvas *image, int x, int y) {
    Rect place = {x, y, image->w, image->h};
    Rect inside = rect_intersect(rect_intersect(rect_intersect(place, box->rect), clip), canvas_rect(canvas));
    for (int row = inside.y; row < rect_bottom(inside); row++) {
        const uint32_t *from = pixel(image, inside.x - x, row - y);
        uint32_t *to = pixel(canvas, inside.x, row);
        for (int i = 0; i < inside.w; i++) {
            int coverage = round_box_coverage(box, inside.x + i, row);
            put(&to[i], from[i], (int)div255((unsigned)coverage * (from[i] >> 24)));
        }
    }
}
