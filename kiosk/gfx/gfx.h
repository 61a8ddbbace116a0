/* The glass: a window (or none), its paint, its finger, its badge reader. The only home of SDL.
 *
 * One Gfx a process. All calls from one thread, but for gfx_wake. */
#pragma once

#include "kiosk/gfx/badge.h"
#include "kiosk/ui/ui.h"

typedef struct Gfx Gfx;

/* The bytes of an image: an asset's name or "blob:<sha256>". Into the arena; E_NOTFOUND when it is not there
 * (yet). */
typedef Status (*GfxImageSource)(void *context, Str name, Arena *arena, Str *bytes, Err *err);

typedef struct GfxOptions {
    int width_px, height_px; /* 0: the display's, full screen; else a window, or the size of the headless
                                surface; as seen upright */
    int width_mm, height_mm; /* 0: unknown */
    int left_px, top_px;     /* of a window; negative: wherever the display puts it */
    int rotation_deg;        /* 0 90 180 270: how the glass hangs, clockwise */
    bool headless;           /* no display: paints into memory, events come from gfx_push only */
    bool accelerated;        /* let SDL present through a renderer; off is right without a GPU */
    const char *assets_dir;  /* icons/icons.tsv is read from it */
    const char *title;
} GfxOptions;

typedef enum GfxEventType {
    GFX_TIMEOUT, /* the deadline has come */
    GFX_INPUT,
    GFX_BADGE,         /* a badge was presented */
    GFX_BADGE_REFUSED, /* what looked like one, and was too short, too long or too slow; without its digits */
    GFX_WAKE,          /* gfx_wake was called */
    GFX_EXPOSE,        /* the window must be painted whole; done by the next gfx_paint */
    GFX_QUIT
} GfxEventType;

typedef struct GfxEvent {
    GfxEventType type;
    Input input;
    char badge[BADGE_DIGITS_MAX + 1];
    BadgeTiming timing; /* of a badge, taken or refused */
    int code;           /* GFX_WAKE */
} GfxEvent;

CHECKED Status gfx_open(const GfxOptions *options, Gfx **out, Err *err);
void gfx_close(Gfx *gfx);
/* The technician turned or measured the glass: size as seen upright, 0 mm = unknown. Ask gfx_screen anew. */
CHECKED Status gfx_set_glass(Gfx *gfx, int rotation_deg, int width_mm, int height_mm, Err *err);
void gfx_close_auto(Gfx **gfx);

Screen gfx_screen(const Gfx *gfx);
TextMeasure gfx_measure(Gfx *gfx);
void gfx_set_image_source(Gfx *gfx, GfxImageSource source, void *context);
int gfx_image_height(Gfx *gfx, Str name,
                     int width_u);          /* by the image's own shape; 9/16 while it is not there */
void gfx_image_changed(Gfx *gfx, Str name); /* absent: all; loads them anew */

/* Paints what differs from the last list, and presents it. */
void gfx_paint(Gfx *gfx, const DisplayList *list);
void gfx_paint_all(Gfx *gfx, const DisplayList *list); /* everything, whatever was there */
void gfx_drift(Gfx *gfx, int dx_px, int dy_px);        /* against burn-in; the next paint is whole */
void gfx_dark(Gfx *gfx, bool dark);                    /* night: black until the next gfx_dark(false) */
CHECKED Status gfx_shot(Gfx *gfx, const char *path, Err *err); /* the upright picture as PNG */
/* Throws away every cached line of text and image: no trace of a person in memory that is reused. */
void gfx_forget(Gfx *gfx);

/* Blocks, without polling, until an event or the steady moment deadline_ms (0 = none). With a deadline in the
 * past it only looks. */
GfxEvent gfx_wait(Gfx *gfx, Millis deadline_ms);
void gfx_wake(Gfx *gfx, int code);              /* from any thread */
void gfx_push(Gfx *gfx, const GfxEvent *event); /* as if it had happened: the robot's fingers and badges */

/* The one matrix between glass and picture: rotation, then calibration. Four touches on four targets give a
 * calibration; identity is what it starts with. Row-major, in units of the upright screen. */
typedef struct Calibration {
    double m[9];
} Calibration;

Calibration calibration_identity(void);
/* E_INVALID when the touches do not span the glass. Points: x0 y0 x1 y1 x2 y2 x3 y3. */
CHECKED Status calibration_solve(const double targets[8], const double touches[8], Calibration *out,
                                 Err *err);
void gfx_set_calibration(Gfx *gfx, Calibration calibration);
Input gfx_map_pixel(const Gfx *gfx, InputType type, int x_px,
                    int y_px); /* pixels as the robot names them: of the upright picture */

typedef struct GfxStats {
    size_t text_cache_bytes, image_cache_bytes;
    uint64_t frames, painted_px; /* of the last paint */
} GfxStats;

GfxStats gfx_stats(const Gfx *gfx);

/* Scrolls what `draw` shows by fingers, frame after frame on virtual time, and puts the real time of each
 * into frame_ms (ui and paint and present). For kiosk --bench-frames. */
typedef void (*GfxBenchDraw)(void *context, Ui *ui);
void gfx_bench_scroll(Gfx *gfx, Ui *ui, GfxBenchDraw draw, void *context, int frames, double *frame_ms);
