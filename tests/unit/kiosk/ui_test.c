#include "tests/harness/kiosk_ui.h"

#include <string.h>

static int pressed_count[3];
static bool shows_pressed, second_is_there = true;

static void three_buttons(Ui *ui) {
    static const char *const labels[] = {"Un", "Deux", "Trois"};
    for (int i = 0; i < 3; i++) {
        if (i == 1 && !second_is_there) continue;
        if (ui_button(ui, rect_make(100, 100 + 200 * i, 300, 106), (Button){.label = str_of(labels[i])}))
            pressed_count[i]++;
    }
    shows_pressed = false;
    for (size_t i = 0; i < ui->list->count; i++) shows_pressed |= ui->list->items[i].pressed;
}

static int start(void **state) {
    static Bench bench;
    memset(pressed_count, 0, sizeof pressed_count);
    second_is_there = true;
    bench = bench_open(1920, 1080, three_buttons);
    bench_frame(&bench, (Input){0});
    *state = &bench;
    return 0;
}

static int stop(void **state) {
    bench_close(*state);
    return 0;
}

static void a_button_acts_on_release_and_looks_pressed_at_once(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 150, 320);
    check(shows_pressed);
    check(bench->result.finger_down);
    check_int(pressed_count[1], 0);
    bench_touch(bench, INPUT_UP, 150, 320);
    check(!shows_pressed);
    check(!bench->result.finger_down);
    check_int(pressed_count[1], 1);
    check_int(pressed_count[0] + pressed_count[2], 0);
}

static void sliding_off_cancels_for_good(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 150, 320);
    bench_touch(bench, INPUT_MOVE, 150, 500);
    check(!shows_pressed);
    bench_touch(bench, INPUT_MOVE, 150, 320);
    bench_touch(bench, INPUT_UP, 150, 320);
    check_int(pressed_count[1], 0);
}

static void a_small_tremble_does_not_cancel(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 102, 302);
    bench_touch(bench, INPUT_MOVE, 96, 296);
    bench_touch(bench, INPUT_UP, 96, 296);
    check_int(pressed_count[1], 1);
}

static void a_finger_that_comes_from_elsewhere_presses_nothing(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 10, 10);
    bench_touch(bench, INPUT_MOVE, 150, 320);
    bench_touch(bench, INPUT_UP, 150, 320);
    check_int(pressed_count[0] + pressed_count[1] + pressed_count[2], 0);
}

static void a_lost_finger_presses_nothing(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 150, 320);
    bench_frame(bench, (Input){.type = INPUT_CANCEL});
    check(!shows_pressed);
    bench_touch(bench, INPUT_UP, 150, 320);
    check_int(pressed_count[1], 0);
}

static void what_vanishes_under_the_finger_is_not_pressed_when_it_returns(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 150, 320);
    second_is_there = false;
    bench_wait(bench, 10);
    second_is_there = true;
    bench_wait(bench, 10);
    bench_touch(bench, INPUT_UP, 150, 320);
    check_int(pressed_count[1], 0);
}

static void a_finger_that_changed_the_screen_does_nothing_on_the_new_one(void **state) {
    Bench *bench = *state;
    bench_touch(bench, INPUT_DOWN, 150, 320);
    ui_leave_screen(bench->ui);
    bench_touch(bench, INPUT_MOVE, 150, 320);
    bench_touch(bench, INPUT_UP, 150, 320);
    check_int(pressed_count[1], 0);
    bench_tap_at(bench, 150, 320);
    check_int(pressed_count[1], 1);
}

static void the_keypad_walks_and_presses(void **state) {
    Bench *bench = *state;
    bench_frame(bench, (Input){.type = INPUT_ACTIVATE});
    check_int(pressed_count[0], 0); /* nothing has the focus yet */
    bench_frame(bench, (Input){.type = INPUT_NEXT});
    bench_frame(bench, (Input){.type = INPUT_NEXT});
    const Item *second = display_list_find_target(bench->ui->list, STR("Deux"));
    check(second->focused);
    bench_frame(bench, (Input){.type = INPUT_ACTIVATE});
    check_int(pressed_count[1], 1);
    bench_frame(bench, (Input){.type = INPUT_PREVIOUS});
    bench_frame(bench, (Input){.type = INPUT_PREVIOUS});
    bench_frame(bench, (Input){.type = INPUT_ACTIVATE});
    check_int(pressed_count[2], 1);
}

static void a_touch_takes_the_focus_ring_away(void **state) {
    Bench *bench = *state;
    bench_frame(bench, (Input){.type = INPUT_NEXT});
    bench_tap_at(bench, 10, 10);
    check(!display_list_find_target(bench->ui->list, STR("Un"))->focused);
}

static int twin_pressed;

static void twins(Ui *ui) {
    for (int i = 0; i < 4; i++)
        if (ui_button(ui, rect_make(100, 100 + 200 * i, 300, 106), (Button){.label = STR("Voir")}))
            twin_pressed = i + 1;
}

static void twins_are_told_apart(void **state) {
    Bench *bench = *state;
    bench->draw = twins;
    for (int i = 0; i < 4; i++) {
        twin_pressed = 0;
        bench_tap_at(bench, 150, 150 + 200 * i);
        check_int(twin_pressed, i + 1);
    }
}

static int behind_clip;

static void clipped(Ui *ui) {
    ui_push_clip(ui, rect_make(0, 0, 400, 200));
    if (ui_button(ui, rect_make(100, 150, 300, 106), (Button){.label = STR("Half")})) behind_clip++;
    if (ui_button(ui, rect_make(100, 400, 300, 106), (Button){.label = STR("Hidden")})) behind_clip += 100;
    ui_pop_clip(ui);
}

static void what_is_clipped_away_cannot_be_touched(void **state) {
    Bench *bench = *state;
    bench->draw = clipped;
    behind_clip = 0;
    bench_tap_at(bench, 150, 230);
    bench_tap_at(bench, 150, 420);
    check_int(behind_clip, 0);
    check(!display_list_find_target(bench->ui->list, STR("Hidden")));
    bench_tap_at(bench, 150, 180);
    check_int(behind_clip, 1);
}

static void one_disabled(Ui *ui) {
    if (ui_button(ui, rect_make(100, 100, 300, 106), (Button){.label = STR("Complet"), .disabled = true}))
        pressed_count[0]++;
}

static void what_is_disabled_neither_acts_nor_takes_focus(void **state) {
    Bench *bench = *state;
    bench->draw = one_disabled;
    bench_tap_at(bench, 150, 150);
    bench_frame(bench, (Input){.type = INPUT_NEXT});
    bench_frame(bench, (Input){.type = INPUT_ACTIVATE});
    check_int(pressed_count[0], 0);
    check(!display_list_find_target(bench->ui->list, STR("Complet")));
}

static void sliding_content(Ui *ui) {
    ui_bottom_bar(ui, &(BottomBar){0});
    ui_fill(ui, rect_make(500, 500, 10, 10), COLOR(1));
}

static int x_of_content(const Ui *ui) {
    for (size_t i = 0; i < ui->list->count; i++)
        if (ui->list->items[i].color == COLOR(1)) return ui->list->items[i].rect.x;
    return -1;
}

static void content_slides_in_and_bars_stand(void **state) {
    Bench *bench = *state;
    bench->draw = sliding_content;
    bench_frame(bench, (Input){0});
    Rect bar = bench_find(bench, "Aide");
    ui_slide(bench->ui, 1);
    bench_wait(bench, 10);
    int first = x_of_content(bench->ui);
    check(first > 600);
    check(bench->result.wake_ms > 0);
    check(rect_equal(bench_find(bench, "Aide"), bar));
    bench_wait(bench, 60);
    check(x_of_content(bench->ui) < first && x_of_content(bench->ui) > 500);
    bench_wait(bench, SLIDE_MS);
    check_int(x_of_content(bench->ui), 500);
    check_int(bench->result.wake_ms, 0);
}

static void nothing_moves_in_calm_mode(void **state) {
    Bench *bench = *state;
    bench->draw = sliding_content;
    ui_set_theme(bench->ui, (ThemeChoice){.calm = true});
    ui_slide(bench->ui, 1);
    bench_wait(bench, 1);
    check_int(x_of_content(bench->ui), 500);
    check_int(bench->result.wake_ms, 0);
}

/* Every target of every bar and layout is at least 20 mm both ways. */
static void bars_only(Ui *ui) {
    ui_set_session(ui, true);
    ui_top_bar(ui, &(TopBar){.org = STR("Orléans"),
                             .clock = STR("9 h 12"),
                             .freshness_words = STR("à jour il y a 3 min")});
    ui_bottom_bar(ui,
                  &(BottomBar){.session_name = STR("Jean-Christophe M."), .session_word = STR("terminer")});
}

static void bars_fit_every_screen(void **state) {
    (void)state;
    const int sizes[][2] = {{1920, 1080}, {1080, 1920}, {1366, 768}, {1280, 1024}};
    for (size_t i = 0; i < COUNT(sizes) * 2; i++) {
        Bench bench = bench_open(sizes[i / 2][0], sizes[i / 2][1], bars_only);
        ui_set_theme(bench.ui, (ThemeChoice){.larger_text = i % 2});
        bench_frame(&bench, (Input){0});
        const Item *targets[8];
        size_t count = 0;
        for (size_t k = 0; k < bench.ui->list->count; k++)
            if (bench.ui->list->items[k].type == ITEM_TARGET) targets[count++] = &bench.ui->list->items[k];
        check_int(count, 5);
        for (size_t a = 0; a < count; a++) {
            check(targets[a]->rect.w >= TARGET_MIN && targets[a]->rect.h >= TARGET_MIN);
            check(targets[a]->rect.x >= 0 && rect_right(targets[a]->rect) <= bench.ui->screen.w);
            for (size_t b = a + 1; b < count; b++) check(!rect_overlap(targets[a]->rect, targets[b]->rect));
        }
        bench_close(&bench);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_button_acts_on_release_and_looks_pressed_at_once, start, stop),
        cmocka_unit_test_setup_teardown(sliding_off_cancels_for_good, start, stop),
        cmocka_unit_test_setup_teardown(a_small_tremble_does_not_cancel, start, stop),
        cmocka_unit_test_setup_teardown(a_finger_that_comes_from_elsewhere_presses_nothing, start, stop),
        cmocka_unit_test_setup_teardown(a_lost_finger_presses_nothing, start, stop),
        cmocka_unit_test_setup_teardown(what_vanishes_under_the_finger_is_not_pressed_when_it_returns, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_finger_that_changed_the_screen_does_nothing_on_the_new_one, start,
                                        stop),
        cmocka_unit_test_setup_teardown(the_keypad_walks_and_presses, start, stop),
        cmocka_unit_test_setup_teardown(a_touch_takes_the_focus_ring_away, start, stop),
        cmocka_unit_test_setup_teardown(twins_are_told_apart, start, stop),
        cmocka_unit_test_setup_teardown(what_is_clipped_away_cannot_be_touched, start, stop),
        cmocka_unit_test_setup_teardown(what_is_disabled_neither_acts_nor_takes_focus, start, stop),
        cmocka_unit_test_setup_teardown(content_slides_in_and_bars_stand, start, stop),
        cmocka_unit_test_setup_teardown(nothing_moves_in_calm_mode, start, stop),
        cmocka_unit_test(bars_fit_every_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
