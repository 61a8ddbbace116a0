#include "kiosk/ui/rect.h"

#include "common/base/rng.h"
#include "kiosk/ui/screen.h"
#include "tests/harness/check.h"

#define check_rect(actual, x, y, w, h) check(rect_equal((actual), (Rect){x, y, w, h}))

static void cutting_takes_pieces_off_and_never_more_than_there_is(void **state) {
    (void)state;
    Rect rest = {10, 20, 100, 50};
    check_rect(rect_cut_top(&rest, 20), 10, 20, 100, 20);
    check_rect(rect_cut_left(&rest, 30), 10, 40, 30, 30);
    check_rect(rect_cut_right(&rest, 20), 90, 40, 20, 30);
    check_rect(rect_cut_bottom(&rest, 10), 40, 60, 50, 10);
    check_rect(rest, 40, 40, 50, 20);
    check_rect(rect_cut_top(&rest, 999), 40, 40, 50, 20);
    check(rect_is_empty(rest));
    check_rect(rect_cut_top(&rest, -5), 40, 60, 50, 0);
}

static void columns_share_every_unit_and_keep_their_gaps(void **state) {
    (void)state;
    Rng rng = rng_seeded(7);
    for (int round = 0; round < 500; round++) {
        int count = 1 + (int)rng_below(&rng, 12), gap = (int)rng_below(&rng, 20);
        Rect in = {(int)rng_below(&rng, 50), 5, gap * (count - 1) + (int)rng_below(&rng, 900), 40};
        int x = in.x;
        for (int i = 0; i < count; i++) {
            Rect column = rect_column(in, count, i, gap);
            check_int(column.x, x);
            check_int(column.h, in.h);
            x = rect_right(column) + gap;
        }
        check_int(x - gap, rect_right(in));
    }
}

static void cells_run_along_the_rows(void **state) {
    (void)state;
    Rect in = {0, 0, 200, 100};
    check_rect(rect_cell(in, 4, 2, 0, 8, 10), 0, 0, 44, 45);
    check_rect(rect_cell(in, 4, 2, 5, 8, 10), 52, 55, 44, 45);
}

static void unions_and_intersections_know_emptiness(void **state) {
    (void)state;
    Rect a = {0, 0, 10, 10}, b = {10, 0, 10, 10}, none = {0};
    check(!rect_overlap(a, b));
    check_rect(rect_union(a, b), 0, 0, 20, 10);
    check(rect_equal(rect_union(none, b), b));
    check(rect_is_empty(rect_intersect(a, rect_move(b, 1, 0))));
    check_rect(rect_intersect(a, (Rect){5, 5, 10, 10}), 5, 5, 5, 5);
}

static void a_flow_begins_a_row_where_a_piece_does_not_fit(void **state) {
    (void)state;
    Flow flow = flow_begin((Rect){10, 10, 100, 300}, 10, 5, 20);
    check_int(flow_height(&flow), 0);
    check_rect(flow_next(&flow, 60), 10, 10, 60, 20);
    check_rect(flow_next(&flow, 30), 80, 10, 30, 20);
    check_rect(flow_next(&flow, 1), 10, 35, 1, 20);
    check_rect(flow_next(&flow, 500), 10, 60, 100, 20);
    check_int(flow_height(&flow), 70);
}

static void a_screen_is_measured_in_millimetres(void **state) {
    (void)state;
    Screen usual = screen_measure(1920, 1080, 476, 268);
    check_int(usual.w, 1920);
    check_int(usual.layout, LAYOUT_WIDE);
    check(usual.px_per_u == 1);
    check_int(screen_measure(1080, 1920, 268, 476).layout, LAYOUT_PORTRAIT);
    check_int(screen_measure(1366, 768, 344, 194).layout, LAYOUT_SMALL);
    Screen large = screen_measure(3840, 2160, 708, 398); /* 32 inches: everything grows with the glass */
    check(large.w > 2130 && large.w < 2150);
    check(screen_measure(3840, 2160, 1060, 596).w == large.w);
    check_int(screen_measure(3840, 2160, 0, 0).w, 1920);
    check_int(screen_measure(1280, 800, 0, 0).w, 1280);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cutting_takes_pieces_off_and_never_more_than_there_is),
        cmocka_unit_test(columns_share_every_unit_and_keep_their_gaps),
        cmocka_unit_test(cells_run_along_the_rows),
        cmocka_unit_test(unions_and_intersections_know_emptiness),
        cmocka_unit_test(a_flow_begins_a_row_where_a_piece_does_not_fit),
        cmocka_unit_test(a_screen_is_measured_in_millimetres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
