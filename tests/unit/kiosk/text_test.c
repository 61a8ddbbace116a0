#include "common/base/rng.h"
#include "tests/harness/kiosk_ui.h"

enum { LETTER_W = 20 }; /* of font S, half of 41 */

static void nothing(Ui *ui) {
    (void)ui;
}

static Bench bench;

static int start(void **state) {
    (void)state;
    bench = bench_open(1920, 1080, nothing);
    ui_begin(bench.ui, &(Input){0}, 1);
    return 0;
}

static int stop(void **state) {
    (void)state;
    ui_end(bench.ui);
    bench_close(&bench);
    return 0;
}

/* The lines of `text` set `letters` wide, one below the other, joined by "|". */
static void check_lines(const char *text, int letters, const char *expected) {
    size_t before = bench.ui->list->count;
    ui_text(bench.ui, rect_make(0, 0, letters * LETTER_W + 15, 10000), str_of(text),
            (TextLook){.font = FONT_S});
    AUTO(buf_free) Buf lines = buf_new(4096);
    int y = -1;
    for (size_t i = before; i < bench.ui->list->count; i++) {
        const Item *item = &bench.ui->list->items[i];
        if (lines.len) buf_add_byte(&lines, '|');
        check(item->rect.y > y);
        y = item->rect.y;
        buf_add(&lines, item->text);
    }
    check_text(buf_str(&lines), expected);
}

static void lines_break_at_spaces(void **state) {
    (void)state;
    check_lines("un deux trois", 8, "un deux|trois");
    check_lines("un deux trois", 7, "un deux|trois");
    check_lines("  un   deux  ", 20, "un   deux");
    check_lines("", 5, "");
}

static void french_spaces_hold(void **state) {
    (void)state;
    check_lines("Qui m’aide\u202f?", 10, "Qui|m’aide\u202f?");
    check_lines("« Réunion » à 10\u00a0h\u00a0–\u00a012\u00a0h", 12,
                "« Réunion »|à|10\u00a0h\u00a0–\u00a012\u00a0h");
    check_lines("Projet\u00a0: un", 9, "Projet\u00a0:|un");
}

static void words_break_after_hyphen_and_slash(void **state) {
    (void)state;
    check_lines("rez-de-chaussée", 8, "rez-de-|chaussée");
    check_lines("nom et/ou code", 8, "nom et/|ou code");
    check_lines("le 2026-11-24 ici", 12, "le|2026-11-24|ici");
    check_lines("de - ou", 6, "de -|ou");
}

static void a_word_too_wide_is_broken_and_nothing_is_lost(void **state) {
    (void)state;
    check_lines("anticonstitutionnellement", 10, "anticonsti|tutionnell|ement");
    check_lines("ééééé", 2, "éé|éé|é");
    check_lines("a", 0, "a");
}

static void a_line_feed_begins_a_line(void **state) {
    (void)state;
    check_lines("un\ndeux trois", 20, "un|deux trois");
}

/* Whatever the text and the width: joined again, the lines are the words of the text. */
static void random_texts_keep_every_word(void **state) {
    (void)state;
    static const char *const words[] = {
        "a",     "mot", "rez-de-chaussée", "«\u00a0oui\u00a0»", "anticonstitutionnellement", "10\u00a0h",
        "et/ou", "fin."};
    Rng rng = rng_seeded(3);
    for (int round = 0; round < 300; round++) {
        AUTO(buf_free) Buf text = buf_new(4096);
        for (uint64_t n = rng_below(&rng, 12); n > 0; n--)
            buf_print(&text, "%s ", words[rng_below(&rng, COUNT(words))]);
        int width = 30 + (int)rng_below(&rng, 600);
        size_t before = bench.ui->list->count;
        int height =
            ui_text(bench.ui, rect_make(0, 0, width, 100000), buf_str(&text), (TextLook){.font = FONT_S});
        check_int(height, ui_text_height(bench.ui, width, buf_str(&text), (TextLook){.font = FONT_S}));
        size_t letters = 0, wanted = 0;
        for (size_t i = before; i < bench.ui->list->count; i++)
            for (size_t k = 0; k < bench.ui->list->items[i].text.len; k++)
                letters += bench.ui->list->items[i].text.at[k] != ' ';
        for (size_t k = 0; k < text.len; k++) wanted += text.at[k] != ' ';
        /* what lies under the screen is left out of the list, so only short texts are counted */
        if (height < 1000) check_int(letters, wanted);
        for (size_t i = before; i < bench.ui->list->count; i++)
            check(bench.ui->list->items[i].rect.w <= width ||
                  utf8_length(bench.ui->list->items[i].text) == 1);
    }
}

static void spans_stand_on_one_line_and_hold_together(void **state) {
    (void)state;
    const Span spans[] = {{STR("L’essentiel."), FONT_S_BOLD, 0},
                          {STR(" Une question"), FONT_S, 0},
                          {STR("\u202f?"), FONT_S_BOLD, 0}};
    size_t before = bench.ui->list->count;
    int height = ui_rich(bench.ui, rect_make(0, 0, 1000, 500), spans, 3, (TextLook){.font = FONT_S});
    const Item *items = bench.ui->list->items + before;
    check_int(bench.ui->list->count - before, 3);
    check_int(height, 54);
    check_int(items[1].rect.x, rect_right(items[0].rect) + LETTER_W);
    check_int(items[2].rect.x, rect_right(items[1].rect));
    ui_rich(bench.ui, rect_make(0, 0, 22 * LETTER_W, 500), spans, 3, (TextLook){.font = FONT_S});
    items =
        bench.ui->list->items + before + 3; /* « question ? » does not come apart where the weight changes */
    check_text(items[2].text, "question");
    check_int(items[3].rect.y, items[2].rect.y);
}

static void alignment_and_middle(void **state) {
    (void)state;
    size_t before = bench.ui->list->count;
    ui_text(bench.ui, rect_make(0, 0, 400, 100), STR("abcd"), (TextLook){.align = ALIGN_RIGHT});
    ui_text_middle(bench.ui, rect_make(0, 0, 400, 154), STR("abcd"), (TextLook){.align = ALIGN_CENTER});
    const Item *items = bench.ui->list->items + before;
    check_int(rect_right(items[0].rect), 400);
    check_int(items[1].rect.x, 159);
    check_int(items[1].rect.y, 52);
}

static void the_widest_word_is_what_cannot_break(void **state) {
    (void)state;
    check_int(ui_widest_word(bench.ui, FONT_S, STR("un rez-de-chaussée 10\u00a0h")), 8 * 41 / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_break_at_spaces, start, stop),
        cmocka_unit_test_setup_teardown(french_spaces_hold, start, stop),
        cmocka_unit_test_setup_teardown(words_break_after_hyphen_and_slash, start, stop),
        cmocka_unit_test_setup_teardown(a_word_too_wide_is_broken_and_nothing_is_lost, start, stop),
        cmocka_unit_test_setup_teardown(a_line_feed_begins_a_line, start, stop),
        cmocka_unit_test_setup_teardown(random_texts_keep_every_word, start, stop),
        cmocka_unit_test_setup_teardown(spans_stand_on_one_line_and_hold_together, start, stop),
        cmocka_unit_test_setup_teardown(alignment_and_middle, start, stop),
        cmocka_unit_test_setup_teardown(the_widest_word_is_what_cannot_break, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
