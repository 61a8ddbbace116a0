#include "kiosk/gfx/inside.h"

#include "common/base/memory.h"

#include <SDL_image.h>
#include <math.h>

enum { SOURCE_PX_MAX = 40 * 1000 * 1000 }; /* larger pictures are not decoded: 160 MB */

/* ---- scaling ---- */

typedef struct Sum {
    double red, green, blue, alpha, weight;
} Sum;

/* Colours count by their opacity, so that what is transparent does not bleed. */
static void sum_add(Sum *sum, uint32_t px, double weight) {
    double alpha = (px >> 24) * weight;
    sum->alpha += alpha;
    sum->weight += weight;
    sum->red += ((px >> 16) & 0xFF) * alpha;
    sum->green += ((px >> 8) & 0xFF) * alpha;
    sum->blue += (px & 0xFF) * alpha;
}

static uint32_t sum_px(const Sum *sum) {
    if (sum->alpha <= 0 || sum->weight <= 0) return 0;
    uint32_t alpha = (uint32_t)lround(sum->alpha / sum->weight),
             red = (uint32_t)lround(sum->red / sum->alpha);
    return alpha << 24 | red << 16 | (uint32_t)lround(sum->green / sum->alpha) << 8 |
           (uint32_t)lround(sum->blue / sum->alpha);
}

/* How much of source pixel `at` lies within from … to. When a picture grows, a window of one pixel slides:
 * linear between two. */
static double overlap(int at, double from, double to) {
    return fmax(0, fmin(at + 1, to) - fmax(at, from));
}

typedef struct Window {
    double from, to;
} Window;

static Window window_of(int index, int count, int start, int length) {
    double each = (double)length / count, from = start + index * each, to = from + each;
    if (each >= 1) return (Window){from, to};
    double middle = (from + to) / 2;
    return (Window){fmax(start, fmin(middle - 0.5, start + length - 1)),
                    fmax(start, fmin(middle - 0.5, start + length - 1)) + 1};
}

static uint32_t average(const Canvas *from, Window x, Window y) {
    Sum sum = {0};
    for (int row = (int)y.from; row < y.to && row < from->h; row++) {
        double high = overlap(row, y.from, y.to);
        const uint32_t *at = from->px + (ptrdiff_t)row * from->stride;
        for (int column = (int)x.from; column < x.to && column < from->w; column++)
            sum_add(&sum, at[column], high * overlap(column, x.from, x.to));
    }
    return sum_px(&sum);
}

void image_scale(const Canvas *from, Rect part, const Canvas *to) {
    Window *columns = memory_get((size_t)to->w * sizeof *columns);
    for (int x = 0; x < to->w; x++) columns[x] = window_of(x, to->w, part.x, part.w);
    for (int y = 0; y < to->h; y++) {
        Window row = window_of(y, to->h, part.y, part.h);
        for (int x = 0; x < to->w; x++)
            to->px[(ptrdiff_t)y * to->stride + x] = average(from, columns[x], row);
    }
    free(columns);
}

/* ---- fitting ---- */

static Canvas canvas_of(SDL_Surface *surface) {
    return (Canvas){surface->pixels, surface->w, surface->h, surface->pitch / 4};
}

/* The part of a picture that fills a frame of that shape. */
static Rect covering_part(int w, int h, int frame_w, int frame_h) {
    int64_t by_width = (int64_t)w * frame_h, by_height = (int64_t)h * frame_w;
    if (by_width > by_height) return rect_centered((Rect){0, 0, w, h}, (int)(by_height / frame_h), h);
    return rect_centered((Rect){0, 0, w, h}, w, (int)(by_width / frame_w));
}

static void contained_size(int w, int h, int *frame_w, int *frame_h) {
    if ((int64_t)w * *frame_h > (int64_t)h * *frame_w)
        *frame_h = (int)((int64_t)h * *frame_w / w);
    else
        *frame_w = (int)((int64_t)w * *frame_h / h);
    if (*frame_w < 1) *frame_w = 1;
    if (*frame_h < 1) *frame_h = 1;
}

static SDL_Surface *to_argb(SDL_Surface *surface) {
    if (!surface) return NULL;
    SDL_Surface *converted = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_ARGB8888, 0);
    SDL_FreeSurface(surface);
    return converted;
}

static SDL_RWops *reader(Str bytes) {
    return SDL_RWFromConstMem(bytes.at, (int)bytes.len);
}

static SDL_Surface *scaled(SDL_Surface *whole, int w_px, int h_px, Fit fit) {
    if (!whole) return NULL;
    Rect part = {0, 0, whole->w, whole->h};
    if (fit == FIT_COVER)
        part = covering_part(whole->w, whole->h, w_px, h_px);
    else
        contained_size(whole->w, whole->h, &w_px, &h_px);
    SDL_Surface *out = SDL_CreateRGBSurfaceWithFormat(0, w_px, h_px, 32, SDL_PIXELFORMAT_ARGB8888);
    Canvas from = canvas_of(whole);
    if (out) {
        Canvas to = canvas_of(out);
        image_scale(&from, part, &to);
    }
    SDL_FreeSurface(whole);
    return out;
}

static SDL_Surface *load_drawing(Str bytes, int w_px, int h_px) {
    SDL_RWops *from = reader(bytes);
    SDL_Surface *drawn = to_argb(IMG_LoadSizedSVG_RW(from, w_px, h_px));
    SDL_RWclose(from);
    return drawn;
}

static SDL_Surface *middle_of(SDL_Surface *whole, int w_px, int h_px) {
    if (!whole || (whole->w == w_px && whole->h == h_px)) return whole;
    SDL_Surface *out = SDL_CreateRGBSurfaceWithFormat(0, w_px, h_px, 32, SDL_PIXELFORMAT_ARGB8888);
    SDL_Rect part = {(whole->w - w_px) / 2, (whole->h - h_px) / 2, w_px, h_px};
    SDL_SetSurfaceBlendMode(whole, SDL_BLENDMODE_NONE);
    if (out) SDL_BlitSurface(whole, &part, out, NULL);
    SDL_FreeSurface(whole);
    return out;
}

/* Drawings are drawn at the size they are shown at, or at the size whose middle covers the frame. */
static SDL_Surface *drawing(Str bytes, int w, int h, int w_px, int h_px, Fit fit) {
    if (fit == FIT_CONTAIN) {
        contained_size(w, h, &w_px, &h_px);
        return load_drawing(bytes, w_px, h_px);
    }
    double scale = fmax((double)w_px / w, (double)h_px / h);
    int full_w = (int)ceil(w * scale), full_h = (int)ceil(h * scale);
    return middle_of(load_drawing(bytes, full_w, full_h), w_px, h_px);
}

SDL_Surface *image_load(Str bytes, int w_px, int h_px, Fit fit) {
    int w, h;
    if (w_px <= 0 || h_px <= 0 || bytes.len > INT32_MAX || !image_size(bytes, &w, &h)) return NULL;
    bool is_drawing = str_find(str_first(bytes, 4096), STR("<svg")) >= 0;
    if (is_drawing) return drawing(bytes, w, h, w_px, h_px, fit);
    if ((int64_t)w * h > SOURCE_PX_MAX) return NULL;
    return scaled(to_argb(IMG_Load_RW(reader(bytes), 1)), w_px, h_px, fit);
}
