#include "kiosk/app/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void draw_one(void *context, Ui *ui) {
    App *app = context;
    (void)ui;
    (void)shell_draw(app);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at_percent(const double *sorted, int count, int percent) {
    int index = (count * percent + 99) / 100 - 1;
    return sorted[index < 0 ? 0 : index];
}

static int64_t monotonic_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

/* The first picture as after a start, then scrolling in the longest list there is. Who started the program
 * knows when, on the same clock as first_frame_ns. */
Status bench_run(App *app, int frames, Err *err) {
    double *times = calloc((size_t)frames, sizeof *times);
    if (!times) return err_set(err, E_LIMIT, "no memory for %d frames", frames);
    app_frame(app);
    int64_t first_frame_ns = monotonic_ns();
    app->mode = MODE_AWAKE;
    nav_home(&app->nav, app_has_content(app) ? SCREEN_home : SCREEN_trouble);
    if (app_has_content(app)) nav_push(&app->nav, SCREEN_ideas, (Str){0});
    app_frame(app);
    gfx_bench_scroll(app->gfx, app->ui, draw_one, app, frames, times);
    double sum = 0;
    for (int i = 0; i < frames; i++) sum += times[i];
    qsort(times, (size_t)frames, sizeof *times, by_size);
    printf("{\"first_frame_ns\":%" PRId64
           ",\"frames\":%d,\"mean_ms\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
           first_frame_ns, frames, sum / frames, at_percent(times, frames, 50), at_percent(times, frames, 99),
           times[frames - 1]);
    free(times);
    return OK;
}
