#include "tests/harness/kiosk_ui.h"

#include <stdlib.h>

enum { VIEW_Y = 100, VIEW_H = 600, ROW_H = 100, ROWS = 50, FRAME = 16 };

static int tapped, rows = ROWS;

static void list(Ui *ui) {
    ScrollArea area = ui_scroll_begin(ui, rect_make(100, VIEW_Y, 900, VIEW_H), STR("list"));
    int first, last;
    ui_scroll_rows(ui, &area, ROW_H, 0, rows, &first, &last);
    for (int i = first; i < last; i++) {
        ListRow row = {.title = str_print(ui->arena, "row %d", i)};
        if (ui_row(ui, rect_make(area.content.x, area.content.y + i * ROW_H, area.content.w, ROW_H - EDGE),
                   &row) == ROW_OPEN)
            tapped = i;
    }
    ui_scroll_end(ui, area, rows * ROW_H, (Str){0});
}

static int start(void **state) {
    static Bench bench;
    tapped = -1;
    rows = ROWS;
    bench = bench_open(1920, 1080, list);
    bench_frame(&bench, (Input){0});
    *state = &bench;
    return 0;
}

static int stop(void **state) {
    bench_close(*state);
    return 0;
}

/* How far the content stands above the viewport. */
static int offset(const Bench *bench) {
    for (size_t i = 0; i < bench->ui->list->count; i++) {
        const Item *item = &bench->ui->list->items[i];
        if (item->type != ITEM_TARGET || !str_starts(item->text, STR("row "))) continue;
        return (int)strtol(item->text.at + 4, NULL, 10) * ROW_H - (item->rect.y - VIEW_Y);
    }
    return -1;
}

static void swipe(Bench *bench, int from_y, int by, int steps) {
    bench_touch(bench, INPUT_DOWN, 300, from_y);
    for (int i = 1; i <= steps; i++) {
        bench->now_ms += FRAME;
        bench_touch(bench, INPUT_MOVE, 300, from_y + by * i / steps);
    }
    bench_touch(bench, INPUT_UP, 300, from_y + by);
}

static void the_content_follows_the_finger(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 300, 500);
    bench_touch(bench, INPUT_MOVE, 300, 495);
    check_int(offset(bench), 0); /* within the slop */
    bench_touch(bench, INPUT_MOVE, 300, 480);
    bench_touch(bench, INPUT_MOVE, 300, 400);
    check_int(offset(bench), 80);
    bench_touch(bench, INPUT_MOVE, 300, 450);
    check_int(offset(bench), 30);
}

static void a_drag_presses_nothing(void **state) {
    Bench *bench = *state;
    swipe(bench, 500, -200, 10);
    check_int(tapped, -1);
    bench_wait(bench, 5000);
    bench_tap_at(bench, 300, VIEW_Y + 50);
    check(tapped >= 2);
}

static void also_not_where_it_ends_on_the_row_it_began_on(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 300, VIEW_Y + 60);
    bench_touch(bench, INPUT_MOVE, 300, VIEW_Y + 45);
    bench_touch(bench, INPUT_UP, 300, VIEW_Y + 45);
    check_int(tapped, -1);
}

static void a_glide_runs_out_by_itself(void **state) {
    Bench *bench = *state;
    swipe(bench, 600, -320, 10);
    int before = offset(bench), frames = 0, step = 1000;
    check(bench->result.wake_ms > 0);
    while (bench->result.wake_ms) {
        bench->now_ms = bench->result.wake_ms;
        bench_frame(bench, (Input){0});
        int now = offset(bench);
        check(now >= before && now - before <= step + 1); /* slower and slower */
        if (frames > 0) step = now - before;
        before = now;
        check(++frames < 300);
    }
    check(before > 320 + 300);
    int rest = before;
    bench_wait(bench, 1000);
    check_int(offset(bench), rest);
}

/* The same gesture ends at the same place however often it is drawn. */
static void where_it_stops_does_not_depend_on_frames(void **state) {
    (void)state;
    int ends[3];
    const int pace[] = {4, 16, 700};
    for (int i = 0; i < 3; i++) {
        Bench bench = bench_open(1920, 1080, list);
        bench_frame(&bench, (Input){0});
        swipe(&bench, 600, -160, 10);
        for (int waited = 0; waited < 8000; waited += pace[i]) bench_wait(&bench, pace[i]);
        ends[i] = offset(&bench);
        bench_close(&bench);
    }
    check(abs(ends[0] - ends[1]) <= 7 &&
          abs(ends[1] - ends[2]) <= 7); /* what is slower than 20 u/s is cut off */
}

static void it_stops_hard_at_both_ends(void **state) {
    Bench *bench = *state;
    swipe(bench, 300, 300, 10);
    check_int(offset(bench), 0);
    for (int i = 0; i < 40; i++) {
        swipe(bench, 690, -580, 5);
        bench_wait(bench, 400);
    }
    check_int(offset(bench), ROWS * ROW_H - VIEW_H);
    bench_wait(bench, FRAME);
    check_int(bench->result.wake_ms, 0);
}

static void a_touch_stops_a_glide_and_presses_nothing(void **state) {
    Bench *bench = *state;
    swipe(bench, 600, -320, 5);
    bench_wait(bench, FRAME);
    bench_tap_at(bench, 300, 300);
    int stopped = offset(bench);
    check_int(tapped, -1);
    bench_wait(bench, 100);
    check_int(offset(bench), stopped);
    bench_tap_at(bench, 300, 300);
    check(tapped >= 0);
}

static void a_finger_that_rests_before_it_leaves_does_not_throw(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 300, 600);
    for (int i = 1; i <= 10; i++) {
        bench->now_ms += FRAME;
        bench_touch(bench, INPUT_MOVE, 300, 600 - 30 * i);
    }
    bench->now_ms += 500;
    int resting = offset(bench);
    bench_touch(bench, INPUT_UP, 300, 300);
    bench_wait(bench, 100);
    check_int(offset(bench), resting);
}

static void page_buttons_turn_whole_rows(void **state) {
    Bench *bench = *state;
    bench_tap(bench, "down");
    bench_wait(bench, 50);
    check(offset(bench) > 0 && offset(bench) < 600);
    bench_wait(bench, SLIDE_MS);
    check_int(offset(bench), 600);
    bench_tap(bench, "up");
    bench_wait(bench, SLIDE_MS + FRAME);
    check_int(offset(bench), 0);
    const Item *up = display_list_find_target(bench->ui->list, STR("up"));
    check(!up); /* at the top it is disabled */
}

static void pages_are_counted(void **state) {
    Bench *bench = *state;
    int pages;
    check_int(ui_scroll_page(bench->ui, STR("list"), &pages), 1);
    check_int(pages, 9);
    for (int i = 0; i < 8; i++) {
        bench_tap(bench, "down");
        bench_wait(bench, SLIDE_MS + FRAME);
    }
    check_int(ui_scroll_page(bench->ui, STR("list"), &pages), 9);
    check(!display_list_find_target(bench->ui->list, STR("down")));
}

static void calm_mode_neither_glides_nor_turns_slowly(void **state) {
    Bench *bench = *state;
    ui_set_theme(bench->ui, (ThemeChoice){.calm = true});
    swipe(bench, 600, -320, 5);
    int after = offset(bench);
    bench_wait(bench, 100);
    check_int(offset(bench), after);
    bench_tap(bench, "down");
    check_int(offset(bench), after + 600);
}

static void short_lists_have_no_buttons_and_do_not_move(void **state) {
    Bench *bench = *state;
    rows = 4;
    bench_wait(bench, 1);
    check(!display_list_find_target(bench->ui->list, STR("down")));
    swipe(bench, 500, -200, 5);
    check_int(offset(bench), 0);
}

static void a_list_that_shrinks_is_still_in_sight(void **state) {
    Bench *bench = *state;
    for (int i = 0; i < 5; i++) {
        bench_tap(bench, "down");
        bench_wait(bench, SLIDE_MS + FRAME);
    }
    rows = 10;
    bench_wait(bench, 1);
    check_int(offset(bench), 400);
}

static void the_focus_is_brought_into_sight(void **state) {
    Bench *bench = *state;
    for (int i = 0; i < 12; i++) bench_frame(bench, (Input){.type = INPUT_NEXT});
    bool seen = false;
    for (size_t i = 0; i < bench->ui->list->count; i++) {
        const Item *item = &bench->ui->list->items[i];
        if (item->type == ITEM_TARGET && item->focused)
            seen = item->rect.y >= VIEW_Y && rect_bottom(item->rect) <= VIEW_Y + VIEW_H;
    }
    check(seen);
}

static void forgetting_goes_back_to_the_top(void **state) {
    Bench *bench = *state;
    bench_tap(bench, "down");
    bench_wait(bench, SLIDE_MS + FRAME);
    ui_forget(bench->ui);
    bench_wait(bench, 1);
    check_int(offset(bench), 0);
}

int main(void) {
#define SCROLL_TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
    const struct CMUnitTest tests[] = {
        SCROLL_TEST(the_content_follows_the_finger),
        SCROLL_TEST(a_drag_presses_nothing),
        SCROLL_TEST(also_not_where_it_ends_on_the_row_it_began_on),
        SCROLL_TEST(a_glide_runs_out_by_itself),
        SCROLL_TEST(where_it_stops_does_not_depend_on_frames),
        SCROLL_TEST(it_stops_hard_at_both_ends),
        SCROLL_TEST(a_touch_stops_a_glide_and_presses_nothing),
        SCROLL_TEST(a_finger_that_rests_before_it_leaves_does_not_throw),
        SCROLL_TEST(page_buttons_turn_whole_rows),
        SCROLL_TEST(pages_are_counted),
        SCROLL_TEST(calm_mode_neither_glides_nor_turns_slowly),
        SCROLL_TEST(short_lists_have_no_buttons_and_do_not_move),
        SCROLL_TEST(a_list_that_shrinks_is_still_in_sight),
        SCROLL_TEST(the_focus_is_brought_into_sight),
        SCROLL_TEST(forgetting_goes_back_to_the_top),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
