#include "common/base/log.h"
#include "kiosk/gfx/inside.h"

#include <math.h>
#include <string.h>

void gfx_wake(Gfx *gfx, int code) {
    GfxEvent event = {.type = GFX_WAKE, .code = code};
    queue_push(&gfx->queue, &event);
}

void gfx_push(Gfx *gfx, const GfxEvent *event) {
    queue_push(&gfx->queue, event);
}

void gfx_set_calibration(Gfx *gfx, Calibration calibration) {
    for (int i = 0; i < 9; i++) gfx->calibration.m[i] = calibration.m[i];
}

/* ---- fingers ---- */

static Input input_at(const Gfx *gfx, InputType type, double x_px, double y_px) {
    double scale = gfx->screen.px_per_u, x = (x_px - gfx->drift_x) / scale, y = (y_px - gfx->drift_y) / scale;
    return (Input){.type = type, .x = (int)floor(x), .y = (int)floor(y)};
}

Input gfx_map_pixel(const Gfx *gfx, InputType type, int x_px, int y_px) {
    return input_at(gfx, type, x_px + 0.5, y_px + 0.5);
}

/* Glass → upright picture → units → calibrated. */
static Input input_from_glass(const Gfx *gfx, InputType type, double x_px, double y_px) {
    double x, y;
    matrix_apply(&gfx->glass_to_upright, x_px, y_px, &x, &y);
    Input input = input_at(gfx, type, x, y);
    matrix_apply(&gfx->calibration, input.x, input.y, &x, &y);
    input.x = (int)lround(x);
    input.y = (int)lround(y);
    return input;
}

static bool is_our_finger(Gfx *gfx, const SDL_TouchFingerEvent *touch) {
    if (touch->type == SDL_FINGERDOWN && !gfx->finger_down) {
        gfx->finger = touch->fingerId;
        gfx->finger_down = true;
        return true;
    }
    bool ours = gfx->finger_down && touch->fingerId == gfx->finger;
    if (ours && touch->type == SDL_FINGERUP) gfx->finger_down = false;
    return ours && touch->type != SDL_FINGERDOWN;
}

/* One finger at a time: a second one, or the heel of a hand, does nothing. */
static bool from_finger(Gfx *gfx, const SDL_TouchFingerEvent *touch, GfxEvent *out) {
    if (!is_our_finger(gfx, touch)) return false;
    InputType type = touch->type == SDL_FINGERDOWN ? INPUT_DOWN
                     : touch->type == SDL_FINGERUP ? INPUT_UP
                                                   : INPUT_MOVE;
    double x = touch->x * (double)gfx->surface->w, y = touch->y * (double)gfx->surface->h;
    *out = (GfxEvent){.type = GFX_INPUT, .input = input_from_glass(gfx, type, x, y)};
    return true;
}

static bool from_mouse(Gfx *gfx, const SDL_Event *event, GfxEvent *out) {
    bool motion = event->type == SDL_MOUSEMOTION;
    uint32_t which = motion ? event->motion.which : event->button.which;
    bool pressed = motion ? event->motion.state & SDL_BUTTON_LMASK : event->button.button == SDL_BUTTON_LEFT;
    if (which == SDL_TOUCH_MOUSEID || !pressed) return false;
    InputType type = motion ? INPUT_MOVE : event->type == SDL_MOUSEBUTTONDOWN ? INPUT_DOWN : INPUT_UP;
    double x = motion ? event->motion.x : event->button.x, y = motion ? event->motion.y : event->button.y;
    *out = (GfxEvent){.type = GFX_INPUT, .input = input_from_glass(gfx, type, x + 0.5, y + 0.5)};
    return true;
}

/* ---- keys ---- */

static InputType keypad(SDL_Scancode code, bool shift) {
    switch ((int)code) {
    case SDL_SCANCODE_TAB:
        return shift ? INPUT_PREVIOUS : INPUT_NEXT;
    case SDL_SCANCODE_RIGHT:
    case SDL_SCANCODE_DOWN:
        return INPUT_NEXT;
    case SDL_SCANCODE_LEFT:
    case SDL_SCANCODE_UP:
        return INPUT_PREVIOUS;
    case SDL_SCANCODE_RETURN:
    case SDL_SCANCODE_KP_ENTER:
    case SDL_SCANCODE_SPACE:
        return INPUT_ACTIVATE;
    default:
        return INPUT_NONE;
    }
}

static bool from_key(Gfx *gfx, const SDL_KeyboardEvent *key, GfxEvent *out) {
    if (key->repeat) return false;
    GfxEvent event = {.type = GFX_BADGE};
    BadgeKey taken = badge_key(&gfx->badge, (int)key->keysym.scancode, (Millis)key->timestamp, event.badge);
    if (taken == BADGE_KEY_OTHER) {
        InputType type = keypad(key->keysym.scancode, key->keysym.mod & KMOD_SHIFT);
        event = (GfxEvent){.type = GFX_INPUT, .input = {.type = type}};
        if (type == INPUT_NONE) return false;
    } else if (taken == BADGE_KEY_REFUSED) {
        event.type = GFX_BADGE_REFUSED;
    } else if (taken != BADGE_KEY_DONE) {
        return false;
    }
    event.timing = gfx->badge.last;
    *out = event;
    explicit_bzero(&event, sizeof event);
    return true;
}

/* ---- the window ---- */

static bool from_window(Gfx *gfx, const SDL_WindowEvent *event, GfxEvent *out) {
    bool resized = event->event == SDL_WINDOWEVENT_SIZE_CHANGED,
         exposed = event->event == SDL_WINDOWEVENT_EXPOSED;
    if (!resized && !exposed) return false;
    Err err;
    if (resized && gfx_open_glass(gfx, &err) != OK) log_error("%s", err.text);
    gfx->whole = true;
    *out = (GfxEvent){.type = GFX_EXPOSE};
    return true;
}

static bool translate(Gfx *gfx, const SDL_Event *event, GfxEvent *out) {
    switch (event->type) {
    case SDL_FINGERDOWN:
    case SDL_FINGERMOTION:
    case SDL_FINGERUP:
        return from_finger(gfx, &event->tfinger, out);
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEMOTION:
    case SDL_MOUSEBUTTONUP:
        return from_mouse(gfx, event, out);
    case SDL_KEYDOWN:
        return from_key(gfx, &event->key, out);
    case SDL_WINDOWEVENT:
        return from_window(gfx, &event->window, out);
    case SDL_QUIT:
        *out = (GfxEvent){.type = GFX_QUIT};
        return true;
    default:
        return queue_take(&gfx->queue, out);
    }
}

/* Sleeps in the window system until something is there; with INT32_MAX instead of “no deadline”, a wake-up a
 * month. */
static bool next_sdl_event(SDL_Event *event, Millis deadline_ms) {
    if (deadline_ms == 0) return SDL_WaitEvent(event) == 1;
    Millis left = deadline_ms - clock_steady(clock_system());
    if (left <= 0) return SDL_PollEvent(event) == 1;
    return SDL_WaitEventTimeout(event, left < INT32_MAX ? (int)left : INT32_MAX) == 1;
}

static GfxEvent wait_window(Gfx *gfx, Millis deadline_ms) {
    SDL_Event event;
    GfxEvent out;
    while (next_sdl_event(&event, deadline_ms)) {
        bool meant = translate(gfx, &event, &out);
        explicit_bzero(&event, sizeof event);
        if (meant) return out;
    }
    return (GfxEvent){.type = GFX_TIMEOUT};
}

static GfxEvent wait_memory(Gfx *gfx, Millis deadline_ms) {
    GfxEvent out;
    for (;;) {
        queue_wait(&gfx->queue, deadline_ms);
        if (queue_take(&gfx->queue, &out)) return out;
        if (deadline_ms && clock_steady(clock_system()) >= deadline_ms)
            return (GfxEvent){.type = GFX_TIMEOUT};
    }
}

GfxEvent gfx_wait(Gfx *gfx, Millis deadline_ms) {
    GfxEvent out;
    if (queue_take(&gfx->queue, &out)) return out;
    return gfx->window ? wait_window(gfx, deadline_ms) : wait_memory(gfx, deadline_ms);
}
