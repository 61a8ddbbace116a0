#include "kiosk/ui/theme.h"

#include "common/base/rng.h"
#include "tests/harness/check.h"

enum { PAIRS_MAX = 64 };

static void check_pairs(ThemeChoice choice) {
    Theme theme = theme_make(choice);
    ThemePair pairs[PAIRS_MAX];
    size_t count = theme_pairs(&theme, pairs, PAIRS_MAX);
    check(count > 25 && count < PAIRS_MAX);
    for (size_t i = 0; i < count; i++) {
        double contrast = color_contrast(pairs[i].front, pairs[i].back);
        if (contrast < pairs[i].at_least)
            fail_msg("accent #%06X: %s has %.2f, needs %.1f", choice.accent & 0xFFFFFF, pairs[i].name,
                     contrast, pairs[i].at_least);
    }
}

static void every_pair_is_readable_whatever_the_accent(void **state) {
    (void)state;
    Rng rng = rng_seeded(2024);
    check_pairs((ThemeChoice){0});
    for (int i = 0; i < 5000; i++)
        check_pairs((ThemeChoice){.accent = COLOR((uint32_t)rng_below(&rng, 0x1000000))});
    const uint32_t corners[] = {0xFFFFFF, 0xFFFF00, 0x00FFFF, 0xFF00FF,
                                0xFF0000, 0x00FF00, 0x0000FF, 0x000000};
    for (size_t i = 0; i < COUNT(corners); i++) check_pairs((ThemeChoice){.accent = COLOR(corners[i])});
}

static void a_stop_of_now_is_seen_on_every_accent(void **state) {
    (void)state;
    Rng rng = rng_seeded(5);
    for (int i = 0; i < 5000; i++) {
        Theme theme = theme_make((ThemeChoice){.accent = COLOR((uint32_t)rng_below(&rng, 0x1000000))});
        check(color_contrast(theme.signal, theme.accent) >= 3.0);
        check(color_contrast(theme.on_accent, theme.accent) >= 6.0);
    }
}

static void high_contrast_ignores_the_accent(void **state) {
    (void)state;
    check_pairs((ThemeChoice){.high_contrast = true});
    Theme theme = theme_make((ThemeChoice){.high_contrast = true, .accent = COLOR(0xFF0000)});
    check(theme.accent == COLOR(0xFFD84D));
    check(color_contrast(theme.ink, theme.stone) > 20.9);
    check(theme.card_border != COLOR_NONE);
}

static void the_known_ratios_come_out(void **state) {
    (void)state;
    check(color_contrast(COLOR(0xFFFFFF), COLOR(0)) == 21.0);
    Theme theme = theme_make((ThemeChoice){0});
    check(theme.accent == COLOR(0x0B5266));
    check(theme.accent_dark == COLOR(0x07313D));
    check(theme.accent_tint == COLOR(0xDDE7EA));
    double white = color_contrast(COLOR(0xFFFFFF), theme.accent);
    check(white > 8.6 && white < 8.8);
}

static void a_colour_is_written_as_six_digits(void **state) {
    (void)state;
    check(color_parse(STR("#0B5266")) == COLOR(0x0B5266));
    check(color_parse(STR("#0b5266")) == COLOR(0x0B5266));
    check(color_parse(STR("0B5266")) == 0);
    check(color_parse(STR("#0B52")) == 0);
    check(color_parse((Str){0}) == 0);
    check(color_parse(STR("#GGGGGG")) == 0);
}

static void larger_text_grows_what_is_read_and_leaves_titles(void **state) {
    (void)state;
    Theme usual = theme_make((ThemeChoice){0}), larger = theme_make((ThemeChoice){.larger_text = true});
    check_int(usual.font[FONT_S].size, 41);
    check_int(usual.font[FONT_S].box, 50);
    check_int(usual.font[FONT_S].baseline, 40);
    check_int(larger.font[FONT_S].size, 51);
    check_int(larger.font[FONT_M_BOLD].size, 62);
    check_int(larger.font[FONT_L].size, usual.font[FONT_L].size);
    for (int font = 0; font < FONT_COUNT; font++) check(larger.font[font].line >= larger.font[font].size);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_readable_whatever_the_accent),
        cmocka_unit_test(a_stop_of_now_is_seen_on_every_accent),
        cmocka_unit_test(high_contrast_ignores_the_accent),
        cmocka_unit_test(the_known_ratios_come_out),
        cmocka_unit_test(a_colour_is_written_as_six_digits),
        cmocka_unit_test(larger_text_grows_what_is_read_and_leaves_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
