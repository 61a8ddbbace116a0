/* What a Gfx is made of. Of this folder only. */
#pragma once

#include "kiosk/gfx/gfx.h"

#include <SDL.h>
#include <SDL_ttf.h>
#include <pthread.h>

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
SDL_Surface *image_load(Str bytes, int w_px, int h_px,
                        Fit fit); /* exactly that size, or smaller for FIT_CONTAIN; NULL when it cannot */
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

/* ---- queue.c: what was pushed and woken ---- */

enum { QUEUE_MAX = 256 };

typedef struct Queue {
    pthread_mutex_t lock;
    GfxEvent events[QUEUE_MAX];
    int first, count;
    int wake_fd; /* eventfd: readable while something waits; headless only, else -1 */
    uint32_t sdl_type;
} Queue;

void queue_open(Queue *queue, bool headless);
void queue_close(Queue *queue);
void queue_push(Queue *queue, const GfxEvent *event);
bool queue_take(Queue *queue, GfxEvent *out);
void queue_wait(
    Queue *queue,
    Millis until_ms); /* headless: sleeps until something is there or the moment has come; 0 = none */

/* ---- the whole ---- */

struct Gfx {
    GfxOptions options;
    SDL_Window *window;   /* NULL: headless */
    SDL_Surface *surface; /* of the window */
    SDL_Surface *own;     /* upright picture where the window's surface cannot be it */
    Canvas canvas;
    Screen screen;
    int drift_x, drift_y;
    bool dark, whole; /* whole: paint everything next time */

    Icons *icons;
    Type *type;
    Cache masks, images;
    GfxImageSource image_source;
    void *image_context;

    Painted *painted;
    size_t painted_count, painted_cap;
    Painted *fresh;
    size_t fresh_cap;
    Color background;
    GfxStats stats;

    Matrix glass_to_upright, calibration;
    SDL_FingerID finger;
    bool finger_down;
    BadgeReader badge;
    Queue queue;
};

int gfx_px(const Gfx *gfx, int u);        /* an edge, without drift */
Rect gfx_rect_px(const Gfx *gfx, Rect u); /* by its edges, so that neighbours meet */
void gfx_paint_item(Gfx *gfx, const Item *item, Rect clip);
const Canvas *gfx_image(Gfx *gfx, Str name, int w_px, int h_px,
                        Fit fit); /* until the next one; NULL: not there */
CHECKED Status gfx_open_glass(Gfx *gfx, Err *err);
void gfx_close_glass(Gfx *gfx);
void gfx_present(Gfx *gfx, const Damage *damage);
