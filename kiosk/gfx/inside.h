/* What a Gfx is made of. Of this folder only. */
#pragma once

#include "kiosk/gfx/parts.h"

#include <SDL.h>
#include <SDL_ttf.h>
#include <pthread.h>

/* ---- image.c ---- */

SDL_Surface *image_load(Str bytes, int w_px, int h_px,
                        Fit fit); /* exactly that size, or smaller for FIT_CONTAIN; NULL when it cannot */

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
