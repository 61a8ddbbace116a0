#include "kiosk/gfx/gfx.h"

#include "common/base/memory.h"
#include "kiosk/gfx/inside.h"

#include <SDL_image.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MASKS_MAX_BYTES = 6 * 1024 * 1024, IMAGES_MAX_BYTES = 8 * 1024 * 1024 };

static Status open_parts(Gfx *gfx, Err *err) {
    TRY(gfx_open_glass(gfx, err));
    TRY(type_open(&gfx->type, err));
    return icons_open(gfx->options.assets_dir ? gfx->options.assets_dir : "assets", &gfx->icons, err);
}

Status gfx_open(const GfxOptions *options, Gfx **out, Err *err) {
    Gfx *gfx = memory_get(sizeof *gfx);
    gfx->options = *options;
    gfx->options.rotation_deg = ((options->rotation_deg % 360) + 360) % 360;
    gfx->masks = cache_new(MASKS_MAX_BYTES);
    gfx->images = cache_new(IMAGES_MAX_BYTES);
    gfx->calibration = matrix_identity();
    Status status = open_parts(gfx, err);
    queue_open(&gfx->queue, options->headless);
    if (status != OK) {
        gfx_close(gfx);
        return status;
    }
    *out = gfx;
    return OK;
}

void gfx_close(Gfx *gfx) {
    if (!gfx) return;
    icons_close(gfx->icons);
    type_close(gfx->type);
    cache_free(&gfx->masks);
    gfx_image_changed(gfx, (Str){0});
    cache_free(&gfx->images);
    queue_close(&gfx->queue);
    gfx_close_glass(gfx);
    free(gfx->painted);
    free(gfx->fresh);
    IMG_Quit();
    SDL_Quit(); /* one Gfx a process */
    explicit_bzero(&gfx->badge, sizeof gfx->badge);
    free(gfx);
}

void gfx_close_auto(Gfx **gfx) {
    gfx_close(*gfx);
}

Screen gfx_screen(const Gfx *gfx) {
    return gfx->screen;
}

Canvas gfx_canvas(const Gfx *gfx) {
    return gfx->canvas;
}

static int measure_width(void *context, Font font, int size, Str text) {
    Gfx *gfx = context;
    double scale = gfx->screen.px_per_u;
    int width = type_width(gfx->type, font, (int)lround(size * scale), text);
    return scale == 1 ? width : (int)ceil(width / scale);
}

TextMeasure gfx_measure(Gfx *gfx) {
    return (TextMeasure){measure_width, gfx};
}

GfxStats gfx_stats(const Gfx *gfx) {
    GfxStats stats = gfx->stats;
    stats.text_cache_bytes = gfx->masks.bytes;
    stats.image_cache_bytes = gfx->images.bytes;
    return stats;
}

Status gfx_shot(Gfx *gfx, const char *path, Err *err) {
    const Canvas *canvas = &gfx->canvas;
    SDL_Surface *picture = SDL_CreateRGBSurfaceWithFormatFrom(canvas->px, canvas->w, canvas->h, 32,
                                                              canvas->stride * 4, SDL_PIXELFORMAT_XRGB8888);
    if (!picture) return err_set(err, E_INTERNAL, "picture: %s", SDL_GetError());
    int failed = IMG_SavePNG(picture, path);
    SDL_FreeSurface(picture);
    return failed ? err_set(err, E_IO, "%s: %s", path, SDL_GetError()) : OK;
}

void gfx_forget(Gfx *gfx) {
    cache_clear(&gfx->masks);
    gfx_image_changed(gfx, (Str){0});
    type_forget(gfx->type);
    explicit_bzero(&gfx->badge, sizeof gfx->badge);
}

/* ---- images ---- */

/* What the cache keeps of an image; its pixels stand behind it. w is 0 where it could not be had. */
typedef struct KeptImage {
    uint64_t name_hash;
    Canvas canvas;
} KeptImage;

void gfx_set_image_source(Gfx *gfx, GfxImageSource source, void *context) {
    gfx->image_source = source;
    gfx->image_context = context;
    gfx_image_changed(gfx, (Str){0});
}

static bool drop_one_image(Gfx *gfx, Str name) {
    for (size_t i = 0; i < gfx->images.count; i++) {
        const KeptImage *kept = gfx->images.slots[i].value;
        if (name.at && kept->name_hash != str_hash(name)) continue;
        cache_drop(&gfx->images, gfx->images.slots[i].key);
        return true;
    }
    return false;
}

void gfx_image_changed(Gfx *gfx, Str name) {
    while (drop_one_image(gfx, name)) gfx->whole = true;
}

static bool source_bytes(const Gfx *gfx, Arena *arena, Str name, Str *bytes) {
    return gfx->image_source && gfx->image_source(gfx->image_context, name, arena, bytes, NULL) == OK;
}

static const KeptImage *keep_image(Gfx *gfx, uint64_t key, Str name, const SDL_Surface *surface) {
    size_t bytes = surface ? (size_t)surface->w * (size_t)surface->h * sizeof(uint32_t) : 0;
    KeptImage *kept = memory_get(sizeof *kept + bytes);
    kept->name_hash = str_hash(name);
    if (surface) {
        kept->canvas = (Canvas){(uint32_t *)(kept + 1), surface->w, surface->h, surface->w};
        for (int y = 0; y < surface->h; y++)
            memcpy(kept->canvas.px + (ptrdiff_t)y * surface->w,
                   (const char *)surface->pixels + (ptrdiff_t)y * surface->pitch,
                   (size_t)surface->w * sizeof(uint32_t));
    }
    cache_put(&gfx->images, key, kept, sizeof *kept + bytes);
    return kept;
}

const Canvas *gfx_image(Gfx *gfx, Str name, int w_px, int h_px, Fit fit) {
    uint64_t key = str_hash(name) * 31 + ((uint64_t)w_px << 34 | (uint64_t)h_px << 2 | (uint64_t)fit);
    const KeptImage *kept = cache_get(&gfx->images, key);
    if (!kept) {
        Arena *arena = arena_open();
        Str bytes;
        SDL_Surface *surface =
            source_bytes(gfx, arena, name, &bytes) ? image_load(bytes, w_px, h_px, fit) : NULL;
        kept = keep_image(gfx, key, name, surface);
        SDL_FreeSurface(surface);
        arena_close(arena);
    }
    return kept->canvas.w > 0 ? &kept->canvas : NULL;
}

int gfx_image_height(Gfx *gfx, Str name, int width_u) {
    Arena *arena = arena_open();
    Str bytes;
    int w = 16, h = 9;
    if (source_bytes(gfx, arena, name, &bytes) && !image_size(bytes, &w, &h)) w = 16, h = 9;
    arena_close(arena);
    return (int)((int64_t)width_u * h / w);
}
