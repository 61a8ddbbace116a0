#include "common/base/memory.h"
#include "kiosk/gfx/inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int gfx_px(const Gfx *gfx, int u) {
    return gfx->screen.px_per_u == 1 ? u : (int)lround(u * gfx->screen.px_per_u);
}

Rect gfx_rect_px(const Gfx *gfx, Rect u) {
    int x = gfx_px(gfx, u.x) + gfx->drift_x, y = gfx_px(gfx, u.y) + gfx->drift_y;
    return (Rect){x, y, gfx_px(gfx, rect_right(u)) - gfx_px(gfx, u.x),
                  gfx_px(gfx, rect_bottom(u)) - gfx_px(gfx, u.y)};
}

static int length_px(const Gfx *gfx, int u) {
    int px = gfx_px(gfx, u);
    return u > 0 && px < 1 ? 1 : px;
}

/* ---- items ---- */

static void paint_box(Gfx *gfx, const Item *item, Rect clip) {
    RoundBox face = round_box(gfx_rect_px(gfx, item->rect), gfx_px(gfx, item->radius), item->corners);
    if (item->edge != COLOR_NONE) { /* the face hides all of it but its end */
        int end = rect_bottom(face.rect) - face.radius[2];
        RoundBox below = round_box(gfx_rect_px(gfx, rect_move(item->rect, 0, EDGE)),
                                   gfx_px(gfx, item->radius), item->corners);
        canvas_box(&gfx->canvas, rect_intersect(clip, (Rect){clip.x, end, clip.w, rect_bottom(clip) - end}),
                   &below, item->edge);
    }
    if (item->border == COLOR_NONE) {
        if (item->color != COLOR_NONE) canvas_box(&gfx->canvas, clip, &face, item->color);
        return;
    }
    RoundBox inner = round_box_inset(face, length_px(gfx, item->stroke));
    if (item->color == COLOR_NONE) {
        canvas_frame(&gfx->canvas, clip, &face, &inner, item->border);
        return;
    }
    canvas_box(&gfx->canvas, clip, &face, item->border);
    canvas_box(&gfx->canvas, clip, &inner, item->color);
}

static void paint_arc(Gfx *gfx, const Item *item, Rect clip) {
    Rect rect = gfx_rect_px(gfx, item->rect);
    double width = item->stroke * gfx->screen.px_per_u;
    Stroke stroke = {.type = STROKE_ARC,
                     .cx = rect.x + rect.w / 2.0,
                     .cy = rect.y + rect.h / 2.0,
                     .radius = (rect.w - width) / 2,
                     .from = item->from_deg - 90.0,
                     .sweep = item->sweep_deg,
                     .half_width = width / 2};
    canvas_stroke(&gfx->canvas, clip, &stroke, item->color);
}

static void paint_line(Gfx *gfx, const Item *item, Rect clip) {
    double scale = gfx->screen.px_per_u;
    Stroke stroke = {.type = STROKE_LINE,
                     .x0 = item->rect.x * scale + gfx->drift_x,
                     .y0 = item->rect.y * scale + gfx->drift_y,
                     .x1 = (item->rect.x + item->rect.w) * scale + gfx->drift_x,
                     .y1 = (item->rect.y + item->rect.h) * scale + gfx->drift_y,
                     .half_width = item->stroke * scale / 2};
    canvas_stroke(&gfx->canvas, clip, &stroke, item->color);
}

/* A mask and its bytes in one piece, as the cache frees it. */
static const Mask *keep_mask(Gfx *gfx, uint64_t key, Mask mask) {
    size_t bytes = mask.at ? (size_t)mask.w * (size_t)mask.h : 0;
    Mask *kept = memory_get(sizeof *kept + bytes);
    *kept = mask;
    kept->at = (uint8_t *)(kept + 1);
    if (bytes) memcpy(kept->at, mask.at, bytes);
    free(mask.at);
    cache_put(&gfx->masks, key, kept, sizeof *kept + bytes);
    return kept;
}

static uint64_t mask_key(Str text, int a, int b, int c) {
    uint64_t key = str_hash(text);
    key = (key ^ (unsigned)a) * 0x9E3779B97F4A7C15u;
    key = (key ^ (unsigned)b) * 0x9E3779B97F4A7C15u;
    return (key ^ (unsigned)c) * 0x9E3779B97F4A7C15u;
}

static void paint_text(Gfx *gfx, const Item *item, Rect clip) {
    int size_px = (int)lround(item->size * gfx->screen.px_per_u);
    uint64_t key = mask_key(item->text, 1, (int)item->font, size_px);
    const Mask *mask = cache_get(&gfx->masks, key);
    if (!mask) mask = keep_mask(gfx, key, type_draw(gfx->type, item->font, size_px, item->text));
    Rect box = gfx_rect_px(gfx, item->rect);
    int baseline = box.y + (int)lround(0.97 * item->size * gfx->screen.px_per_u);
    canvas_mask(&gfx->canvas, clip, mask, box.x, baseline, item->color);
}

static void paint_icon(Gfx *gfx, const Item *item, Rect clip) {
    Rect box = gfx_rect_px(gfx, item->rect);
    uint64_t key = mask_key(item->text, 2, box.w, item->stroke);
    const Mask *mask = cache_get(&gfx->masks, key);
    if (!mask) mask = keep_mask(gfx, key, icons_draw(gfx->icons, item->text, box.w, item->stroke));
    canvas_mask(&gfx->canvas, clip, mask, box.x, box.y, item->color);
}

static void paint_image(Gfx *gfx, const Item *item, Rect clip) {
    Rect rect = gfx_rect_px(gfx, item->rect);
    const Canvas *image = gfx_image(gfx, item->text, rect.w, rect.h, item->fit);
    if (!image) return;
    Rect place = rect_centered(rect, image->w, image->h);
    RoundBox box = round_box(place, gfx_px(gfx, item->radius), item->corners);
    canvas_image(&gfx->canvas, clip, &box, image, place.x, place.y);
}

/* Whole pixels a module: a phone reads even modules best. */
static void paint_qr(Gfx *gfx, const Item *item, Rect clip) {
    Rect rect = gfx_rect_px(gfx, item->rect);
    int count = item->modules_count, module = count > 0 ? rect.w / count : 0;
    Rect symbol = rect_centered(rect, module * count, module * count);
    for (int y = 0; y < count; y++)
        for (int x = 0; x < count; x++) {
            if (!item->modules[y * count + x]) continue;
            Rect dark = {symbol.x + x * module, symbol.y + y * module, module, module};
            canvas_fill(&gfx->canvas, rect_intersect(dark, clip), item->color);
        }
}

void gfx_paint_item(Gfx *gfx, const Item *item, Rect clip) {
    static void (*const painters[])(Gfx *, const Item *, Rect) = {
        [ITEM_BOX] = paint_box,   [ITEM_ARC] = paint_arc,   [ITEM_LINE] = paint_line,
        [ITEM_TEXT] = paint_text, [ITEM_ICON] = paint_icon, [ITEM_IMAGE] = paint_image,
        [ITEM_QR] = paint_qr,
    };
    if (item->type != ITEM_TARGET) painters[item->type](gfx, item, clip);
}

/* ---- lists ---- */

static Rect canvas_rect(const Gfx *gfx) {
    return (Rect){0, 0, gfx->canvas.w, gfx->canvas.h};
}

/* All that an item may touch: nothing outside of it is ever written, so that parts equal the whole. */
static Rect reach_px(const Gfx *gfx, const Item *item) {
    Rect reach = rect_inset(gfx_rect_px(gfx, item_bounds(item)), -1);
    return rect_intersect(rect_intersect(reach, gfx_rect_px(gfx, item->clip)), canvas_rect(gfx));
}

static size_t list_reaches(Gfx *gfx, const DisplayList *list) {
    if (gfx->fresh_cap < list->count) {
        gfx->fresh_cap = list->count * 2;
        gfx->fresh = memory_grow(gfx->fresh, gfx->fresh_cap * sizeof *gfx->fresh);
    }
    for (size_t i = 0; i < list->count; i++) {
        const Item *item = &list->items[i];
        bool seen = item->type != ITEM_TARGET;
        gfx->fresh[i] = seen ? (Painted){item->hash, reach_px(gfx, item)} : (Painted){.hash = 0};
    }
    return list->count;
}

static void paint_rect(Gfx *gfx, const DisplayList *list, Rect rect) {
    canvas_fill(&gfx->canvas, rect, list->background);
    for (size_t i = 0; i < list->count; i++) {
        Rect clip = rect_intersect(gfx->fresh[i].rect, rect);
        if (!rect_is_empty(clip)) gfx_paint_item(gfx, &list->items[i], clip);
    }
    gfx->stats.painted_px += (uint64_t)rect.w * (uint64_t)rect.h;
}

static void keep_reaches(Gfx *gfx, const DisplayList *list, size_t count) {
    Painted *old = gfx->painted;
    size_t cap = gfx->painted_cap;
    gfx->painted = gfx->fresh;
    gfx->painted_cap = gfx->fresh_cap;
    gfx->painted_count = count;
    gfx->fresh = old;
    gfx->fresh_cap = cap;
    gfx->background = list->background;
}

static Damage find_damage(const Gfx *gfx, const DisplayList *list, size_t count) {
    Damage damage = {0};
    if (gfx->whole || list->background != gfx->background)
        damage_add(&damage, canvas_rect(gfx));
    else
        damage_between(gfx->painted, gfx->painted_count, gfx->fresh, count, &damage);
    return damage;
}

void gfx_paint(Gfx *gfx, const DisplayList *list) {
    if (gfx->dark) return;
    size_t count = list_reaches(gfx, list);
    Damage damage = find_damage(gfx, list, count);
    gfx->stats.painted_px = 0;
    gfx->stats.frames++;
    for (int i = 0; i < damage.count; i++) paint_rect(gfx, list, damage.rects[i]);
    keep_reaches(gfx, list, count);
    gfx->whole = false;
    gfx_present(gfx, &damage);
}

void gfx_paint_all(Gfx *gfx, const DisplayList *list) {
    gfx->whole = true;
    gfx_paint(gfx, list);
}

void gfx_drift(Gfx *gfx, int dx_px, int dy_px) {
    gfx->drift_x = dx_px;
    gfx->drift_y = dy_px;
    gfx->whole = true;
}

void gfx_dark(Gfx *gfx, bool dark) {
    if (dark == gfx->dark) return;
    gfx->dark = dark;
    gfx->whole = true;
    if (!dark) return;
    Damage all = {.rects = {canvas_rect(gfx)}, .count = 1};
    canvas_fill(&gfx->canvas, all.rects[0], COLOR(0));
    gfx_present(gfx, &all);
}
