#include "common/base/file.h"
#include "common/base/memory.h"
#include "kiosk/gfx/parts.h"

#include <math.h>
#include <stdlib.h>

enum { ICONS_MAX = 256, NUMBERS_MAX = 64, ICON_FILE_MAX = 256 * 1024, GRID_SIDE = 24 };

typedef struct Icon {
    Str name, strokes;
} Icon;

struct Icons {
    Arena *arena;
    Icon icons[ICONS_MAX];
    int count;
};

static Status read_icon(Icons *icons, Str line, Err *err) {
    Str name, use, strokes;
    if (!str_cut(&line, '\t', &name) || !str_cut(&line, '\t', &use) || !str_cut(&line, '\t', &strokes))
        return err_set(err, E_INVALID, "icons.tsv: a line has three columns, not “%.*s”", STR_FORMAT(name));
    if (str_is(name, "name")) return OK;
    if (icons->count == ICONS_MAX) return err_set(err, E_TOOBIG, "icons.tsv: more than %d icons", ICONS_MAX);
    icons->icons[icons->count++] = (Icon){name, strokes};
    return OK;
}

static Status read_all(Icons *icons, const char *path, Err *err) {
    Str rest, line;
    TRY(file_read(icons->arena, path, ICON_FILE_MAX, &rest, err));
    while (str_cut(&rest, '\n', &line)) {
        if (line.len == 0 || line.at[0] == '#') continue;
        TRY(read_icon(icons, line, err));
    }
    return OK;
}

Status icons_open(const char *assets_dir, Icons **out, Err *err) {
    Icons *icons = memory_get(sizeof *icons);
    icons->arena = arena_open();
    const char *path = path_join(icons->arena, assets_dir, "icons/icons.tsv");
    Status status = read_all(icons, path, err);
    if (status != OK) {
        icons_close(icons);
        return err_wrap(err, status, "icons");
    }
    *out = icons;
    return OK;
}

void icons_close(Icons *icons) {
    if (!icons) return;
    arena_close(icons->arena);
    free(icons);
}

static const Icon *find(const Icons *icons, Str name) {
    for (int i = 0; i < icons->count; i++)
        if (str_equal(icons->icons[i].name, name)) return &icons->icons[i];
    return NULL;
}

bool icons_has(const Icons *icons, Str name) {
    return find(icons, name) != NULL;
}

/* ---- strokes ---- */

typedef struct Pen {
    Mask *mask;
    double scale, half_width;
} Pen;

static void pen_line(const Pen *pen, double x0, double y0, double x1, double y1) {
    double k = pen->scale;
    Stroke stroke = {.type = STROKE_LINE,
                     .x0 = x0 * k,
                     .y0 = y0 * k,
                     .x1 = x1 * k,
                     .y1 = y1 * k,
                     .half_width = pen->half_width};
    mask_stroke(pen->mask, &stroke);
}

static void pen_arc(const Pen *pen, double cx, double cy, double radius, double from, double to) {
    double k = pen->scale;
    Stroke stroke = {.type = STROKE_ARC,
                     .cx = cx * k,
                     .cy = cy * k,
                     .radius = radius * k,
                     .from = from,
                     .sweep = to - from,
                     .half_width = pen->half_width};
    mask_stroke(pen->mask, &stroke);
}

static void pen_dot(const Pen *pen, double x, double y, double radius) {
    Pen dot = {pen->mask, pen->scale, radius * pen->scale};
    pen_line(&dot, x, y, x, y);
}

static void pen_round_rect(const Pen *pen, double x, double y, double w, double h, double r) {
    double right = x + w, bottom = y + h;
    pen_line(pen, x + r, y, right - r, y);
    pen_line(pen, x + r, bottom, right - r, bottom);
    pen_line(pen, x, y + r, x, bottom - r);
    pen_line(pen, right, y + r, right, bottom - r);
    pen_arc(pen, x + r, y + r, r, 180, 270);
    pen_arc(pen, right - r, y + r, r, 270, 360);
    pen_arc(pen, right - r, bottom - r, r, 0, 90);
    pen_arc(pen, x + r, bottom - r, r, 90, 180);
}

/* Numbers separated by spaces and commas. */
static int read_numbers(Str text, double *out) {
    int count = 0;
    char buffer[32];
    for (size_t at = 0; at < text.len && count < NUMBERS_MAX;) {
        size_t len = 0;
        while (at < text.len && (text.at[at] == ' ' || text.at[at] == ',')) at++;
        while (at < text.len && text.at[at] != ' ' && text.at[at] != ',' && len < sizeof buffer - 1)
            buffer[len++] = text.at[at++];
        buffer[len] = 0;
        if (len) out[count++] = strtod(buffer, NULL);
    }
    return count;
}

static void pen_path(const Pen *pen, const double *points, int count, bool closed) {
    for (int i = 0; i + 3 < count; i += 2)
        pen_line(pen, points[i], points[i + 1], points[i + 2], points[i + 3]);
    if (closed && count >= 4) pen_line(pen, points[count - 2], points[count - 1], points[0], points[1]);
}

static void pen_stroke(const Pen *pen, Str stroke) {
    double n[NUMBERS_MAX] = {0};
    char kind = stroke.len ? stroke.at[0] : ' ';
    int count = read_numbers(str_skip(stroke, 1), n);
    if (kind == 'P' || kind == 'G') pen_path(pen, n, count, kind == 'G');
    if (kind == 'C') pen_arc(pen, n[0], n[1], n[2], 0, 360);
    if (kind == 'A') pen_arc(pen, n[0], n[1], n[2], n[3], n[4]);
    if (kind == 'D') pen_dot(pen, n[0], n[1], n[2]);
    if (kind == 'R') pen_round_rect(pen, n[0], n[1], n[2], n[3], n[4]);
}

Mask icons_draw(const Icons *icons, Str name, int side_px, int stroke_tenths) {
    const Icon *icon = find(icons, name);
    if (!icon || side_px <= 0) return (Mask){0};
    Mask mask = {.w = side_px, .h = side_px, .at = memory_get((size_t)side_px * (size_t)side_px)};
    double scale = (double)side_px / GRID_SIDE;
    Pen pen = {&mask, scale, stroke_tenths / 10.0 * scale / 2};
    for (Str rest = icon->strokes, stroke; str_cut(&rest, ';', &stroke);) pen_stroke(&pen, str_trim(stroke));
    return mask;
}
