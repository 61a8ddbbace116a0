#include "kiosk/gfx/parts.h"

#include <time.h>

enum { FRAME_MS = 16, DRAG_FRAMES = 24, GLIDE_FRAMES = 40, DRAG_U = 22 };

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Swipes up, lets it glide, swipes again; down again after the fourth. */
static Input bench_input(const Ui *ui, int frame) {
    int in_swipe = frame % (DRAG_FRAMES + GLIDE_FRAMES), swipe = frame / (DRAG_FRAMES + GLIDE_FRAMES);
    bool upwards = swipe % 8 < 4;
    int travel = DRAG_U * (in_swipe < DRAG_FRAMES ? in_swipe : DRAG_FRAMES), half = DRAG_U * DRAG_FRAMES / 2;
    int y = ui->screen.h / 2 + (upwards ? half - travel : travel - half);
    InputType type = in_swipe == 0             ? INPUT_DOWN
                     : in_swipe < DRAG_FRAMES  ? INPUT_MOVE
                     : in_swipe == DRAG_FRAMES ? INPUT_UP
                                               : INPUT_NONE;
    return (Input){.type = type, .x = ui->screen.w / 2, .y = y};
}

static void one_frame(Gfx *gfx, Ui *ui, GfxBenchDraw draw, void *context, const Input *input, Millis at_ms) {
    Input given = *input, none = {0};
    UiResult result;
    int rounds = 0;
    do {
        ui_begin(ui, &given, at_ms);
        draw(context, ui);
        result = ui_end(ui);
        given = none;
    } while (result.again && ++rounds < 4);
    gfx_paint(gfx, ui->list);
}

void gfx_bench_scroll(Gfx *gfx, Ui *ui, GfxBenchDraw draw, void *context, int frames, double *frame_ms) {
    Input none = {0};
    one_frame(gfx, ui, draw, context, &none, 1);
    for (int i = 0; i < frames; i++) {
        Input input = bench_input(ui, i);
        double from = now_ms();
        one_frame(gfx, ui, draw, context, &input, 1000 + (Millis)i * FRAME_MS);
        frame_ms[i] = now_ms() - from;
    }
}
