/* The window and its surface, or memory without a window; and the way of the upright picture onto it. */
#include "kiosk/gfx/inside.h"

static Status sdl_failed(Err *err, const char *what) {
    return err_set(err, E_IO, "%s: %s", what, SDL_GetError());
}

static bool is_turned(const Gfx *gfx) {
    return gfx->options.rotation_deg % 180 != 0;
}

static Status make_own(Gfx *gfx, int w, int h, Err *err) {
    SDL_FreeSurface(gfx->own);
    gfx->own = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_XRGB8888);
    return gfx->own ? OK : sdl_failed(err, "a picture in memory");
}

static Status open_memory(Gfx *gfx, Err *err) {
    enum { DEFAULT_W = 1920, DEFAULT_H = 1080 };
    int w = gfx->options.width_px > 0 ? gfx->options.width_px : DEFAULT_W;
    int h = gfx->options.height_px > 0 ? gfx->options.height_px : DEFAULT_H;
    return make_own(gfx, w, h, err);
}

static void set_hints(const Gfx *gfx) {
    if (!gfx->options.accelerated)
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); /* 13 ms a frame through a software GL */
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
}

/* The whole display. On X11 as a window without borders: SDL's full screen hears no button where there is no
 * window manager. */
static SDL_Window *whole_window(const char *title) {
    SDL_Rect all = {0, 0, 640, 480};
    const char *driver = SDL_GetCurrentVideoDriver();
    bool x11 = driver && SDL_strcmp(driver, "x11") == 0;
    SDL_GetDisplayBounds(0, &all);
    SDL_ShowCursor(SDL_DISABLE);
    uint32_t flags = x11 ? SDL_WINDOW_BORDERLESS : SDL_WINDOW_FULLSCREEN_DESKTOP;
    return SDL_CreateWindow(title, all.x, all.y, all.w, all.h, flags);
}

static int place(int px) {
    return px < 0 ? (int)SDL_WINDOWPOS_UNDEFINED : px;
}

static Status open_window(Gfx *gfx, Err *err) {
    set_hints(gfx);
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return sdl_failed(err, "no display");
    const char *title = gfx->options.title ? gfx->options.title : "kiosk";
    int w = gfx->options.width_px, h = gfx->options.height_px;
    if (w <= 0 || h <= 0)
        gfx->window = whole_window(title);
    else
        gfx->window = SDL_CreateWindow(title, place(gfx->options.left_px), place(gfx->options.top_px),
                                       is_turned(gfx) ? h : w, is_turned(gfx) ? w : h, 0);
    if (!gfx->window) return sdl_failed(err, "no window");
    SDL_SetWindowInputFocus(gfx->window); /* nobody else gives it: the badge reader is a keyboard */
    return OK;
}

static bool paints_directly(const Gfx *gfx) {
    const SDL_PixelFormat *format = gfx->surface->format;
    bool same = format->BytesPerPixel == 4 && format->Rmask == 0xFF0000 && format->Gmask == 0xFF00 &&
                format->Bmask == 0xFF;
    return same && gfx->options.rotation_deg == 0 && !SDL_MUSTLOCK(gfx->surface);
}

static Status take_surface(Gfx *gfx, Err *err) {
    gfx->surface = SDL_GetWindowSurface(gfx->window);
    if (!gfx->surface) return sdl_failed(err, "no picture on the window");
    SDL_FreeSurface(gfx->own);
    gfx->own = NULL;
    if (paints_directly(gfx)) return OK;
    int w = gfx->surface->w, h = gfx->surface->h;
    return is_turned(gfx) ? make_own(gfx, h, w, err) : make_own(gfx, w, h, err);
}

static void measure(Gfx *gfx) {
    SDL_Surface *picture = gfx->own ? gfx->own : gfx->surface;
    gfx->canvas = (Canvas){picture->pixels, picture->w, picture->h, picture->pitch / 4};
    gfx->screen = screen_measure(picture->w, picture->h, gfx->options.width_mm, gfx->options.height_mm);
    int glass_w = gfx->surface ? gfx->surface->w : picture->w,
        glass_h = gfx->surface ? gfx->surface->h : picture->h;
    gfx->glass_to_upright = matrix_upright(gfx->surface ? gfx->options.rotation_deg : 0, glass_w, glass_h);
    gfx->whole = true;
}

Status gfx_open_glass(Gfx *gfx, Err *err) {
    if (gfx->options.headless)
        TRY(open_memory(gfx, err));
    else {
        if (!gfx->window) TRY(open_window(gfx, err));
        TRY(take_surface(gfx, err));
    }
    measure(gfx);
    return OK;
}

Status gfx_set_glass(Gfx *gfx, int rotation_deg, int width_mm, int height_mm, Err *err) {
    GfxOptions *options = &gfx->options;
    bool across = (options->rotation_deg - rotation_deg) % 180 != 0;
    int width_px = options->width_px;
    options->width_mm = width_mm;
    options->height_mm = height_mm;
    options->rotation_deg = rotation_deg;
    if (across) options->width_px = options->height_px, options->height_px = width_px;
    return gfx_open_glass(gfx, err);
}

void gfx_close_glass(Gfx *gfx) {
    SDL_FreeSurface(gfx->own);
    if (gfx->window) SDL_DestroyWindow(gfx->window);
    if (!gfx->options.headless) SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

/* ---- presenting ---- */

/* Where an upright pixel lies on the glass, and the steps to its neighbours at the right and below. */
typedef struct Walk {
    int x, y, right_x, right_y, down_x, down_y;
} Walk;

static Walk walk_from(const Gfx *gfx, int x, int y) {
    int w = gfx->surface->w, h = gfx->surface->h;
    switch (gfx->options.rotation_deg) {
    case 90:
        return (Walk){y, h - 1 - x, 0, -1, 1, 0};
    case 180:
        return (Walk){w - 1 - x, h - 1 - y, -1, 0, 0, -1};
    case 270:
        return (Walk){w - 1 - y, x, 0, 1, -1, 0};
    default:
        return (Walk){x, y, 1, 0, 0, 1};
    }
}

static void turn_onto_glass(const Gfx *gfx, Rect rect) {
    uint32_t *glass = gfx->surface->pixels;
    int stride = gfx->surface->pitch / 4;
    for (int y = rect.y; y < rect_bottom(rect); y++) {
        Walk walk = walk_from(gfx, rect.x, y);
        const uint32_t *from = gfx->canvas.px + (ptrdiff_t)y * gfx->canvas.stride + rect.x;
        uint32_t *to = glass + (ptrdiff_t)walk.y * stride + walk.x;
        ptrdiff_t step = (ptrdiff_t)walk.right_y * stride + walk.right_x;
        for (int i = 0; i < rect.w; i++, to += step) *to = from[i];
    }
}

static SDL_Rect glass_rect(const Gfx *gfx, Rect rect) {
    Walk a = walk_from(gfx, rect.x, rect.y), b = walk_from(gfx, rect_right(rect) - 1, rect_bottom(rect) - 1);
    int left = a.x < b.x ? a.x : b.x, top = a.y < b.y ? a.y : b.y;
    return (SDL_Rect){left, top, abs(a.x - b.x) + 1, abs(a.y - b.y) + 1};
}

static void copy_onto_glass(Gfx *gfx, Rect rect) {
    SDL_Rect from = {rect.x, rect.y, rect.w, rect.h}, to = from;
    if (gfx->options.rotation_deg == 0)
        SDL_BlitSurface(gfx->own, &from, gfx->surface, &to);
    else if (gfx->surface->format->BytesPerPixel == 4)
        turn_onto_glass(gfx, rect);
}

void gfx_present(Gfx *gfx, const Damage *damage) {
    if (!gfx->window) return;
    SDL_Rect rects[DAMAGE_MAX];
    for (int i = 0; i < damage->count; i++) {
        if (gfx->own) copy_onto_glass(gfx, damage->rects[i]);
        rects[i] = glass_rect(gfx, damage->rects[i]);
    }
    if (damage->count) SDL_UpdateWindowSurfaceRects(gfx->window, rects, damage->count);
}
