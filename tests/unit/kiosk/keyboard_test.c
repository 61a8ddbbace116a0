#include "tests/harness/kiosk_ui.h"

#include <string.h>

static Keyboard spec;
static KeyboardTouched last_touched;

static void board(Ui *ui) {
    Rect body = ui_body(ui);
    Rect place = rect_cut_bottom(&body, ui_keyboard_height(ui, spec.kind));
    ui_field(ui, rect_make(body.x, body.y, body.w, FIELD_H),
             (Field){.key = STR("name"), .label = STR("Nom"), .in_use = true});
    KeyboardTouched touched = ui_keyboard(ui, place, spec);
    if (touched != KEYBOARD_NONE) last_touched = touched;
}

static int start(void **state) {
    static Bench bench;
    spec = (Keyboard){.field = STR("name"), .done_label = STR("Continuer")};
    last_touched = KEYBOARD_NONE;
    bench = bench_open(1920, 1080, board);
    bench_frame(&bench, (Input){0});
    *state = &bench;
    return 0;
}

static int stop(void **state) {
    bench_close(*state);
    return 0;
}

static void type(Bench *bench, const char *const *keys, size_t count) {
    for (size_t i = 0; i < count; i++) bench_tap(bench, keys[i]);
}

#define TYPE(bench, ...)                                                                                     \
    do {                                                                                                     \
        const char *const keys[] = {__VA_ARGS__};                                                            \
        type(bench, keys, COUNT(keys));                                                                      \
    } while (0)

static void check_field(const Bench *bench, const char *expected) {
    check_text(ui_field_text(bench->ui, STR("name")), expected);
}

static void letters_stand_where_azerty_has_them(void **state) {
    Bench *bench = *state;
    Rect a = bench_find(bench, "a"), z = bench_find(bench, "z"), q = bench_find(bench, "q"),
         m = bench_find(bench, "m"), w = bench_find(bench, "w");
    check(a.y == z.y && a.x < z.x && q.y > a.y && q.x == a.x && m.y == q.y && w.y > q.y);
    TYPE(bench, "n", "a", "d", "i", "a", "espace", "b", "é", "-", "’");
    check_field(bench, "nadia bé-’");
    check_int(last_touched, KEYBOARD_CHANGED);
}

static void every_key_is_large_enough(void **state) {
    Bench *bench = *state;
    for (size_t i = 0; i < bench->ui->list->count; i++) {
        const Item *item = &bench->ui->list->items[i];
        if (item->type == ITEM_TARGET) check(item->rect.w >= TARGET_MIN && item->rect.h >= TARGET_MIN);
    }
}

static void shift_holds_for_one_letter(void **state) {
    Bench *bench = *state;
    TYPE(bench, "Maj", "N", "a");
    check_field(bench, "Na");
    TYPE(bench, "Maj", "Maj", "d");
    check_field(bench, "Nad");
}

static void names_begin_their_words_with_capitals(void **state) {
    Bench *bench = *state;
    spec.capitals = true;
    bench_wait(bench, 1);
    TYPE(bench, "J", "o", "-", "L", "u", "espace", "B");
    check_field(bench, "Jo-Lu B");
}

static void erase_takes_one_character_not_one_byte(void **state) {
    Bench *bench = *state;
    TYPE(bench, "a", "é", "Effacer");
    check_field(bench, "a");
    TYPE(bench, "Effacer", "Effacer");
    check_field(bench, "");
}

static void a_page_of_digits_and_signs(void **state) {
    Bench *bench = *state;
    TYPE(bench, "123", "4", "2", "«", "abc", "a");
    check_field(bench, "42«a");
}

static void a_long_press_opens_the_accents(void **state) {
    Bench *bench = *state;
    Rect e = bench_find(bench, "e");
    bench_touch(bench, INPUT_DOWN, e.x + 50, e.y + 50);
    check_int(bench->result.wake_ms, bench->now_ms + LONG_PRESS_MS);
    bench_wait(bench, LONG_PRESS_MS);
    check(display_list_has_text(bench->ui->list, STR("ê")));
    bench_touch(bench, INPUT_UP, e.x + 50, e.y + 50);
    check_field(bench, "é");
    check(!display_list_has_text(bench->ui->list, STR("ê")));
}

static Rect text_rect(const Bench *bench, const char *words) {
    for (size_t i = 0; i < bench->ui->list->count; i++)
        if (bench->ui->list->items[i].type == ITEM_TEXT && str_is(bench->ui->list->items[i].text, words))
            return bench->ui->list->items[i].rect;
    return (Rect){0};
}

static void sliding_along_the_accents_chooses(void **state) {
    Bench *bench = *state;
    Rect e = bench_find(bench, "e");
    bench_touch(bench, INPUT_DOWN, e.x + 50, e.y + 50);
    bench_wait(bench, LONG_PRESS_MS);
    Rect choice = text_rect(bench, "ê");
    bench_touch(bench, INPUT_MOVE, choice.x + 5, e.y + 40);
    bench_touch(bench, INPUT_UP, choice.x + 5, e.y + 40);
    check_field(bench, "ê");
}

static void leaving_the_accents_downwards_types_nothing(void **state) {
    Bench *bench = *state;
    Rect e = bench_find(bench, "e");
    bench_touch(bench, INPUT_DOWN, e.x + 50, e.y + 50);
    bench_wait(bench, LONG_PRESS_MS);
    bench_touch(bench, INPUT_MOVE, e.x + 50, e.y + 400);
    bench_touch(bench, INPUT_UP, e.x + 50, e.y + 400);
    check_field(bench, "");
    TYPE(bench, "a");
    check_field(bench, "a");
}

static void capitals_have_capital_accents(void **state) {
    Bench *bench = *state;
    TYPE(bench, "Maj");
    Rect e = bench_find(bench, "E");
    bench_touch(bench, INPUT_DOWN, e.x + 50, e.y + 50);
    bench_wait(bench, LONG_PRESS_MS);
    bench_touch(bench, INPUT_UP, e.x + 50, e.y + 50);
    check_field(bench, "É");
}

static void the_robot_types_through_the_same_keyboard(void **state) {
    Bench *bench = *state;
    bench_frame(bench, (Input){.type = INPUT_TEXT, .text = "é"});
    bench_frame(bench, (Input){.type = INPUT_TEXT, .text = "t"});
    check_field(bench, "ét");
    bench_frame(bench, (Input){.type = INPUT_ERASE});
    check_field(bench, "é");
}

static void done_is_said_and_can_be_off(void **state) {
    Bench *bench = *state;
    TYPE(bench, "Continuer");
    check_int(last_touched, KEYBOARD_DONE);
    spec.done_off = true;
    bench_wait(bench, 1);
    check(!display_list_find_target(bench->ui->list, STR("Continuer")));
}

static void a_code_has_ten_digits_and_a_limit(void **state) {
    Bench *bench = *state;
    spec.kind = KEYBOARD_CODE;
    spec.max_bytes = 6;
    bench_wait(bench, 1);
    TYPE(bench, "1", "2", "3", "4", "5", "6", "7", "8");
    check_field(bench, "123456");
    TYPE(bench, "Effacer", "9", "0");
    check_field(bench, "123459");
    check(!display_list_find_target(bench->ui->list, STR("a")));
}

static void a_narrow_board_keeps_its_words_whole(void **state) {
    (void)state;
    Bench bench = bench_open(1080, 1920, board);
    bench_frame(&bench, (Input){0});
    TYPE(&bench, "Maj", "D", "’", "é", "espace", "Effacer", "123", "«");
    check_field(&bench, "D’é«");
    for (size_t i = 0; i < bench.ui->list->count; i++) {
        const Item *item = &bench.ui->list->items[i];
        if (item->type == ITEM_TARGET) check(item->rect.w >= TARGET_MIN && rect_right(item->rect) <= 1080);
    }
    bench_close(&bench);
}

static void a_field_has_a_ceiling_and_keeps_whole_characters(void **state) {
    Bench *bench = *state;
    AUTO(buf_free) Buf text = buf_new(4096);
    while (text.len < FIELD_TEXT_MAX + 99) buf_add_cstr(&text, "é");
    ui_field_set(bench->ui, STR("name"), buf_str(&text));
    Str kept = ui_field_text(bench->ui, STR("name"));
    check(kept.len <= FIELD_TEXT_MAX && kept.len >= FIELD_TEXT_MAX - 1);
    check(utf8_is_valid(kept));
    bench_frame(bench, (Input){.type = INPUT_TEXT, .text = "a"});
    check_int(ui_field_text(bench->ui, STR("name")).len, kept.len);
}

static void what_was_typed_is_forgotten_with_the_person(void **state) {
    Bench *bench = *state;
    TYPE(bench, "s", "e", "c", "r", "e", "t");
    Str text = ui_field_text(bench->ui, STR("name"));
    const char *where = text.at;
    check(memcmp(where, "secret", 6) == 0);
    ui_forget(bench->ui);
    check(memcmp(where, "\0\0\0\0\0\0", 6) == 0);
    check_field(bench, "");
}

static void a_long_text_shows_its_end(void **state) {
    Bench *bench = *state;
    ui_field_set(
        bench->ui, STR("name"),
        STR("début et un texte bien trop long pour une seule ligne de ce champ, dont on doit voir la fin"));
    bench_wait(bench, 1);
    check(display_list_has_text(bench->ui->list, STR("voir la fin")));
    check(!display_list_has_text(bench->ui->list, STR("début")));
}

int main(void) {
#define KEYBOARD_TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
    const struct CMUnitTest tests[] = {
        KEYBOARD_TEST(letters_stand_where_azerty_has_them),
        KEYBOARD_TEST(every_key_is_large_enough),
        KEYBOARD_TEST(shift_holds_for_one_letter),
        KEYBOARD_TEST(names_begin_their_words_with_capitals),
        KEYBOARD_TEST(erase_takes_one_character_not_one_byte),
        KEYBOARD_TEST(a_page_of_digits_and_signs),
        KEYBOARD_TEST(a_long_press_opens_the_accents),
        KEYBOARD_TEST(sliding_along_the_accents_chooses),
        KEYBOARD_TEST(leaving_the_accents_downwards_types_nothing),
        KEYBOARD_TEST(capitals_have_capital_accents),
        KEYBOARD_TEST(the_robot_types_through_the_same_keyboard),
        KEYBOARD_TEST(done_is_said_and_can_be_off),
        KEYBOARD_TEST(a_code_has_ten_digits_and_a_limit),
        KEYBOARD_TEST(a_narrow_board_keeps_its_words_whole),
        KEYBOARD_TEST(a_field_has_a_ceiling_and_keeps_whole_characters),
        KEYBOARD_TEST(what_was_typed_is_forgotten_with_the_person),
        KEYBOARD_TEST(a_long_text_shows_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
