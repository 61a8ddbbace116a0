/* The parts of a Gfx that know no SDL: pixels, strokes, caches, damage, matrices. Of this folder and its
 * tests only. */
#pragma once

#include "kiosk/gfx/gfx.h"

/* 32 bits a pixel, 0x00RRGGBB; borrowed memory. */
typedef struct Canvas {
    uint32_t *px;
    int w, h, stride; /* stride in pixels */
} Canvas;

/* Coverage, 0 to 255 a pixel. x and y say where its corner lies from the place it is painted at. */
typedef struct Mask {
    uint8_t *at;
    int x, y, w, h;
} Mask;

/* ---- canvas.c: the only code that writes pixels ---- */

enum { CORNER_COUNT = 4 };

typedef struct RoundBox { /* in pixels */
    Rect rect;
    int radius[CORNER_COUNT]; /* top left, top right, bottom left, bottom right */
} RoundBox;

RoundBox round_box(Rect rect, int radius, Corners corners);
RoundBox round_box_inset(RoundBox box, int by);
int round_box_coverage(const RoundBox *box, int x, int y); /* of one pixel */
void canvas_fill(const Canvas *canvas, Rect rect, Color color);
void canvas_box(const Canvas *canvas, Rect clip, const RoundBox *box, Color color);
void canvas_frame(const Canvas *canvas, Rect clip, const RoundBox *outer, const RoundBox *inner, Color color);
void canvas_mask(const Canvas *canvas, Rect clip, const Mask *mask, int x, int y, Color color);
void canvas_image(const Canvas *canvas, Rect clip, const RoundBox *box, const Canvas *image, int x, int y);
void canvas_blend(uint32_t *px, Color color, int coverage);

/* ---- stroke.c: round-capped lines as coverage ---- */

typedef struct Stroke {
    enum { STROKE_LINE, STROKE_ARC } type;
    double x0, y0, x1, y1;              /* line */
    double cx, cy, radius, from, sweep; /* arc: degrees, 0 = east, clockwise */
    double half_width;
} Stroke;

double stroke_coverage(const Stroke *stroke, double x, double y); /* 0 to 1 */
void mask_stroke(Mask *mask, const Stroke *stroke);               /* the stronger of both, pixel by pixel */
void canvas_stroke(const Canvas *canvas, Rect clip, const Stroke *stroke, Color color);

/* ---- icons.c ---- */

typedef struct Icons Icons;
CHECKED Status icons_open(const char *assets_dir, Icons **out, Err *err);
void icons_close(Icons *icons);
bool icons_has(const Icons *icons, Str name);
Mask icons_draw(const Icons *icons, Str name, int side_px,
                int stroke_tenths); /* mask.at is the caller's to free */

/* ---- cache.c: least recently used first out, bounded in bytes ---- */

typedef struct Cached {
    uint64_t key;
    void *value; /* owned, freed by the cache */
    size_t bytes;
    uint64_t used;
} Cached;

typedef struct Cache {
    Cached *slots;
    size_t count, cap, bytes, bytes_max;
    uint64_t clock;
} Cache;

Cache cache_new(size_t bytes_max);
void cache_clear(Cache *cache); /* values are overwritten before they are freed */
void cache_free(Cache *cache);
void *cache_get(Cache *cache, uint64_t key);
void cache_put(Cache *cache, uint64_t key, void *value, size_t bytes);
void cache_drop(Cache *cache, uint64_t key);

/* ---- bidi.c ---- */

typedef struct BidiRun {
    size_t from, to; /* bytes */
    int level;       /* odd: right to left */
} BidiRun;

/* The stretches of a line as the eye meets them, left to right; one where nothing is right to left. max >= 1.
 */
size_t bidi_runs(Str text, BidiRun *out, size_t max);

/* ---- type.c: fonts and lines ---- */

typedef struct Type Type;
CHECKED Status type_open(Type **out, Err *err);
void type_close(Type *type);
int type_width(Type *type, Font font, int size_px, Str text); /* pixels */
/* Coverage of a line; its y is relative to the baseline. mask.at is the caller's to free; NULL when there is
 * nothing. */
Mask type_draw(Type *type, Font font, int size_px, Str text);
void type_forget(Type *type);

/* ---- image_size.c, image.c ---- */

bool image_size(Str bytes, int *w, int *h); /* PNG, JPEG, SVG, from their heads */
void image_scale(const Canvas *from, Rect part,
                 const Canvas *to); /* averages what it makes smaller; 0xAARRGGBB */

/* ---- damage.c ---- */

typedef struct Painted {
    uint64_t hash;
    Rect rect; /* pixels, clipped */
} Painted;

enum { DAMAGE_MAX = 12 };

typedef struct Damage {
    Rect rects[DAMAGE_MAX];
    int count;
} Damage;

void damage_add(Damage *damage, Rect rect);
/* Every pixel that what is in one list only may touch. */
void damage_between(const Painted *old, size_t old_count, const Painted *now, size_t now_count,
                    Damage *damage);

/* ---- matrix.c ---- */

typedef struct Matrix {
    double m[9];
} Matrix;

Matrix matrix_identity(void);
Matrix matrix_times(Matrix a, Matrix b); /* b first, then a */
void matrix_apply(const Matrix *matrix, double x, double y, double *out_x, double *out_y);
Matrix matrix_upright(int rotation_deg, int glass_w, int glass_h); /* glass pixels → upright pixels */

/* What was painted, upright; borrowed. */
Canvas gfx_canvas(const Gfx *gfx);
