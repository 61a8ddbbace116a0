/* What the glass is made of: masks, icons, sizes of images, scaling, caches, matrices, events. */
#include "kiosk/gfx/parts.h"

#include "common/base/file.h"
#include "common/base/rng.h"
#include "tests/harness/check.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- matrices and calibration ---- */

static void check_point(const Matrix *matrix, double x, double y, double want_x, double want_y) {
    double got_x, got_y;
    matrix_apply(matrix, x, y, &got_x, &got_y);
    if (fabs(got_x - want_x) > 1e-6 || fabs(got_y - want_y) > 1e-6)
        fail_msg("%g,%g came out at %g,%g", x, y, got_x, got_y);
}

static void turned_glass_stands_upright(void **state) {
    (void)state;
    Matrix none = matrix_upright(0, 1920, 1080), quarter = matrix_upright(90, 1920, 1080),
           half = matrix_upright(180, 1920, 1080), three = matrix_upright(270, 1920, 1080);
    check_point(&none, 12, 34, 12, 34);
    check_point(&quarter, 0, 1080, 0,
                0); /* the lower left corner of the glass is the upper left of the picture */
    check_point(&quarter, 0, 0, 1080, 0);
    check_point(&half, 0, 0, 1920, 1080);
    check_point(&three, 1920, 0, 0, 0);
    check_point(&three, 0, 0, 0, 1920);
}

static void a_calibration_brings_touches_to_their_targets(void **state) {
    (void)state;
    Rng rng = rng_seeded(11);
    Err err;
    const double targets[8] = {200, 150, 1720, 150, 1720, 930, 200, 930};
    for (int round = 0; round < 200; round++) {
        double touches[8];
        for (int i = 0; i < 8; i++) touches[i] = targets[i] * 0.9 + (double)rng_below(&rng, 120);
        Calibration calibration;
        check_ok(calibration_solve(targets, touches, &calibration, &err));
        Matrix matrix;
        memcpy(matrix.m, calibration.m, sizeof matrix.m);
        for (int i = 0; i < 4; i++)
            check_point(&matrix, touches[2 * i], touches[2 * i + 1], targets[2 * i], targets[2 * i + 1]);
    }
}

static void touches_on_a_line_or_a_spot_calibrate_nothing(void **state) {
    (void)state;
    Err err;
    Calibration calibration;
    const double targets[8] = {200, 150, 1720, 150, 1720, 930, 200, 930}, spot[8] = {5, 5, 5, 5, 5, 5, 5, 5};
    const double line[8] = {0, 0, 100, 100, 200, 200, 300, 300},
                 swapped[8] = {200, 150, 1720, 150, 200, 150, 1720, 150};
    check_status(calibration_solve(targets, spot, &calibration, &err), E_INVALID);
    check_status(calibration_solve(targets, line, &calibration, &err), E_INVALID);
    check_status(calibration_solve(targets, swapped, &calibration, &err), E_INVALID);
}

/* ---- boxes and strokes ---- */

static void a_circle_covers_its_area(void **state) {
    (void)state;
    for (int radius = 1; radius < 60; radius++) {
        RoundBox circle = round_box((Rect){0, 0, 2 * radius, 2 * radius}, radius, CORNERS_ALL);
        double covered = 0;
        for (int y = 0; y < 2 * radius; y++)
            for (int x = 0; x < 2 * radius; x++) covered += round_box_coverage(&circle, x, y) / 255.0;
        check(fabs(covered - M_PI * radius * radius) < 0.05 * M_PI * radius * radius + 1);
    }
}

static void only_the_named_corners_are_round(void **state) {
    (void)state;
    RoundBox box = round_box((Rect){0, 0, 100, 50}, 16, CORNERS_LEFT);
    check_int(round_box_coverage(&box, 0, 0), 0);
    check_int(round_box_coverage(&box, 0, 49), 0);
    check_int(round_box_coverage(&box, 99, 0), 255);
    check_int(round_box_coverage(&box, 99, 49), 255);
    check_int(round_box_coverage(&box, 100, 20), 0);
    RoundBox tiny = round_box((Rect){0, 0, 4, 4}, 100, CORNERS_ALL);
    check_int(tiny.radius[0], 2);
}

static void strokes_have_round_ends(void **state) {
    (void)state;
    Stroke line = {.type = STROKE_LINE, .x0 = 10, .y0 = 10, .x1 = 30, .y1 = 10, .half_width = 4};
    check(stroke_coverage(&line, 20, 10) == 1 && stroke_coverage(&line, 7, 10) == 1);
    check(stroke_coverage(&line, 5, 10) == 0 && stroke_coverage(&line, 6.2, 6.2) < 0.2);
    Stroke arc = {
        .type = STROKE_ARC, .cx = 0, .cy = 0, .radius = 20, .from = 0, .sweep = 90, .half_width = 2};
    check(stroke_coverage(&arc, 20 * cos(0.7), 20 * sin(0.7)) == 1);
    check(stroke_coverage(&arc, 20 * cos(-0.7), 20 * sin(-0.7)) == 0);
}

static void every_icon_of_the_set_is_drawn(void **state) {
    (void)state;
    Err err;
    Icons *icons = NULL;
    check_ok(icons_open(RELAIS_ASSETS_DIR, &icons, &err));
    Arena *arena = arena_open();
    Str text, line, name;
    check_ok(file_read(arena, RELAIS_ASSETS_DIR "/icons/icons.tsv", 1 << 20, &text, &err));
    int drawn = 0;
    while (str_cut(&text, '\n', &line)) {
        if (!line.len || line.at[0] == '#' || str_starts(line, STR("name\t"))) continue;
        str_cut(&line, '\t', &name);
        check(icons_has(icons, name));
        Mask mask = icons_draw(icons, name, 48, 20);
        long ink = 0;
        for (int i = 0; i < mask.w * mask.h; i++) ink += mask.at[i];
        if (ink < 255 * 60) fail_msg("the icon %.*s is nearly empty", STR_FORMAT(name));
        free(mask.at);
        drawn++;
    }
    check(drawn > 50);
    check(!icons_has(icons, STR("nothing")));
    check(!icons_draw(icons, STR("nothing"), 48, 20).at);
    arena_close(arena);
    icons_close(icons);
}

static void broken_icons_are_refused(void **state) {
    (void)state;
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    Err err;
    Icons *icons = NULL;
    Arena *arena = arena_open();
    check_status(icons_open(dir.path, &icons, &err), E_NOTFOUND);
    check_ok(dir_make(test_path(arena, &dir, "icons"), 0755, &err));
    check_ok(file_write(test_path(arena, &dir, "icons/icons.tsv"), STR("lieu\tonly two\n"), 0644, &err));
    check_status(icons_open(dir.path, &icons, &err), E_INVALID);
    arena_close(arena);
}

/* ---- images ---- */

static void the_size_of_an_image_is_in_its_head(void **state) {
    (void)state;
    int w = 0, h = 0;
    check(image_size(STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x02"), &w, &h) &&
          w == 640 && h == 480);
    check(image_size(
              STR("\xFF\xD8\xFF\xE0\x00\x04\x00\x00\xFF\xC0\x00\x11\x08\x01\xE0\x02\x80\x03\x01\x22\x00"), &w,
              &h) &&
          w == 640 && h == 480);
    check(image_size(STR("<?xml?><svg viewBox=\"0 0 672 336\">"), &w, &h) && w == 672 && h == 336);
    check(image_size(STR("<svg width=\"30px\" height=\"20\">"), &w, &h) && w == 30 && h == 20);
    check(!image_size(STR("<svg viewBox=\"0 0 -1 5\">"), &w, &h));
    check(!image_size(STR("GIF89a"), &w, &h));
    check(!image_size(STR("\x89PNG\r\n\x1a\n"), &w, &h));
    check(!image_size((Str){0}, &w, &h));
}

static void random_bytes_are_no_image(void **state) {
    (void)state;
    static const char *const starts[] = {"\x89PNG\r\n\x1a\n", "\xFF\xD8\xFF", "<svg viewBox=\"",
                                         "<svg width=\""};
    Rng rng = rng_seeded(8);
    for (int round = 0; round < 3000; round++) {
        char bytes[200];
        size_t len = rng_below(&rng, sizeof bytes), start = rng_below(&rng, COUNT(starts)),
               head = strlen(starts[start]);
        rng_fill(&rng, bytes, sizeof bytes);
        if (len > head) memcpy(bytes, starts[start], head);
        char *exact = malloc(len ? len : 1); /* so that one byte too far is seen */
        memcpy(exact, bytes, len);
        int w, h;
        bool known = image_size((Str){exact, len}, &w, &h);
        check(!known || (w > 0 && h > 0));
        free(exact);
    }
}

static void scaling_down_averages(void **state) {
    (void)state;
    uint32_t from[16], to[4];
    for (int i = 0; i < 16; i++) from[i] = (i + i / 4) % 2 ? 0xFFFFFFFF : 0xFF000000; /* a chessboard */
    Canvas source = {from, 4, 4, 4}, target = {to, 2, 2, 2};
    image_scale(&source, (Rect){0, 0, 4, 4}, &target);
    for (int i = 0; i < 4; i++)
        check((to[i] & 0xFF) >= 0x7F && (to[i] & 0xFF) <= 0x80 && to[i] >> 24 == 0xFF);
}

static void scaling_up_stays_within_what_is_there(void **state) {
    (void)state;
    uint32_t from[4] = {0xFFFF0000, 0xFF0000FF, 0xFFFF0000, 0xFF0000FF}, to[64];
    Canvas source = {from, 2, 2, 2}, target = {to, 8, 8, 8};
    image_scale(&source, (Rect){0, 0, 2, 2}, &target);
    check(to[0] == 0xFFFF0000 && to[7] == 0xFF0000FF);
    check((to[3] >> 16 & 0xFF) > (to[4] >> 16 & 0xFF));
}

static void what_is_transparent_does_not_bleed(void **state) {
    (void)state;
    uint32_t from[2] = {0x00FF00FF, 0xFF102030}, to[1];
    Canvas source = {from, 2, 1, 2}, target = {to, 1, 1, 1};
    image_scale(&source, (Rect){0, 0, 2, 1}, &target);
    check((to[0] & 0xFFFFFF) == 0x102030);
    check(to[0] >> 24 == 0x80);
}

/* ---- right to left ---- */

static void check_order(const char *text, const char *expected) {
    BidiRun runs[16];
    AUTO(buf_free) Buf seen = buf_new(1000);
    size_t count = bidi_runs(str_of(text), runs, 16);
    for (size_t i = 0; i < count; i++) {
        Str part = str_first(str_skip(str_of(text), runs[i].from), runs[i].to - runs[i].from);
        buf_print(&seen, "[%s%.*s]", runs[i].level % 2 ? "<" : "", STR_FORMAT(part));
    }
    check_text(buf_str(&seen), expected);
}

static void right_to_left_words_stand_in_their_place(void **state) {
    (void)state;
    check_order("Élagage à 10 h", "[Élagage à 10 h]");
    check_order("", "[]");
    check_order("Nom : שלום et", "[Nom : ][<שלום][ et]");
    check_order("שלום 12 עולם", "[< עולם][12][<שלום ]");
}

/* ---- cache ---- */

static void a_cache_drops_what_was_used_least(void **state) {
    (void)state;
    Cache cache = cache_new(300);
    for (uint64_t key = 1; key <= 3; key++) cache_put(&cache, key, calloc(1, 100), 100);
    check(cache_get(&cache, 1));
    cache_put(&cache, 4, calloc(1, 100), 100);
    check(cache_get(&cache, 1) && !cache_get(&cache, 2) && cache_get(&cache, 3) && cache_get(&cache, 4));
    cache_put(&cache, 5, calloc(1, 900), 900); /* larger than all: kept alone */
    check(cache_get(&cache, 5) && !cache_get(&cache, 4));
    cache_put(&cache, 6, calloc(1, 10), 10);
    check(!cache_get(&cache, 5));
    cache_put(&cache, 6, calloc(1, 20), 20);
    check_int(cache.bytes, 20);
    cache_free(&cache);
}

/* ---- waiting ---- */

static Gfx *headless(void) {
    Gfx *gfx = NULL;
    Err err;
    GfxOptions options = {
        .width_px = 100, .height_px = 100, .headless = true, .assets_dir = RELAIS_ASSETS_DIR};
    check_ok(gfx_open(&options, &gfx, &err));
    return gfx;
}

static void *wake_from_elsewhere(void *gfx) {
    gfx_wake(gfx, 7);
    return NULL;
}

static void another_thread_wakes_it(void **state) {
    (void)state;
    Gfx *gfx = headless();
    pthread_t thread;
    check_int(pthread_create(&thread, NULL, wake_from_elsewhere, gfx), 0);
    GfxEvent event = gfx_wait(gfx, 0); /* no deadline: only the wake-up can end it */
    check(event.type == GFX_WAKE && event.code == 7);
    pthread_join(thread, NULL);
    gfx_close(gfx);
}

static void wake_ups_of_one_kind_count_once(void **state) {
    (void)state;
    Gfx *gfx = headless();
    for (int i = 0; i < 1000; i++) gfx_wake(gfx, i % 2);
    check_int(gfx_wait(gfx, 0).code, 0);
    check_int(gfx_wait(gfx, 0).code, 1);
    check_int(gfx_wait(gfx, clock_steady(clock_system())).type, GFX_TIMEOUT);
    gfx_close(gfx);
}

static void what_is_pushed_comes_in_order(void **state) {
    (void)state;
    Gfx *gfx = headless();
    gfx_push(gfx, &(GfxEvent){.type = GFX_INPUT, .input = gfx_map_pixel(gfx, INPUT_DOWN, 10, 20)});
    gfx_push(gfx, &(GfxEvent){.type = GFX_BADGE, .badge = "0013748911"});
    GfxEvent touch = gfx_wait(gfx, 0), badge = gfx_wait(gfx, 0);
    check(touch.type == GFX_INPUT && touch.input.type == INPUT_DOWN && touch.input.x == 10 &&
          touch.input.y == 20);
    check_text(str_of(badge.badge), "0013748911");
    gfx_close(gfx);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turned_glass_stands_upright),
        cmocka_unit_test(a_calibration_brings_touches_to_their_targets),
        cmocka_unit_test(touches_on_a_line_or_a_spot_calibrate_nothing),
        cmocka_unit_test(a_circle_covers_its_area),
        cmocka_unit_test(only_the_named_corners_are_round),
        cmocka_unit_test(strokes_have_round_ends),
        cmocka_unit_test(every_icon_of_the_set_is_drawn),
        cmocka_unit_test(broken_icons_are_refused),
        cmocka_unit_test(the_size_of_an_image_is_in_its_head),
        cmocka_unit_test(random_bytes_are_no_image),
        cmocka_unit_test(scaling_down_averages),
        cmocka_unit_test(scaling_up_stays_within_what_is_there),
        cmocka_unit_test(what_is_transparent_does_not_bleed),
        cmocka_unit_test(right_to_left_words_stand_in_their_place),
        cmocka_unit_test(a_cache_drops_what_was_used_least),
        cmocka_unit_test(another_thread_wakes_it),
        cmocka_unit_test(wake_ups_of_one_kind_count_once),
        cmocka_unit_test(what_is_pushed_comes_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
