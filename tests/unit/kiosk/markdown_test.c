#include "kiosk/ui/markdown.h"
#include "tests/harness/kiosk_ui.h"

#include "common/base/rng.h"

static Arena *arena;
static Markdown *markdown;
static int used;

static void page(Ui *ui) {
    used = ui_markdown(ui, rect_make(0, 0, 1000, 1000), markdown);
}

static Bench open_page(const char *text) {
    Err err;
    check_ok(markdown_parse(arena, str_of(text), &markdown, &err));
    Bench bench = bench_open(1920, 1080, page);
    bench_frame(&bench, (Input){0});
    return bench;
}

static int start(void **state) {
    (void)state;
    arena = arena_open();
    return 0;
}

static int stop(void **state) {
    (void)state;
    arena_close(arena);
    return 0;
}

static const Item *text_item(const Bench *bench, const char *words) {
    for (size_t i = 0; i < bench->ui->list->count; i++) {
        const Item *item = &bench->ui->list->items[i];
        if (item->type == ITEM_TEXT && str_is(item->text, words)) return item;
    }
    fail_msg("“%s” is not on the page", words);
    return NULL;
}

static size_t count_items(const Bench *bench, ItemType type) {
    size_t count = 0;
    for (size_t i = 0; i < bench->ui->list->count; i++) count += bench->ui->list->items[i].type == type;
    return count;
}

static void headings_and_paragraphs(void **state) {
    (void)state;
    Bench bench = open_page("# Titre\n\nUn **mot** fort, *un autre*,\nla suite  \net une ligne.\n");
    check_int(text_item(&bench, "Titre")->font, FONT_M_BOLD);
    check_int(text_item(&bench, "mot")->font, FONT_S_BOLD);
    check_int(text_item(&bench, "un autre")->font, FONT_S_BOLD);
    check(display_list_has_text(bench.ui->list, STR("un autre, la suite")));
    check(text_item(&bench, "et une ligne.")->rect.y > text_item(&bench, "mot")->rect.y);
    bench_close(&bench);
}

static void lists_are_indented_by_depth(void **state) {
    (void)state;
    Bench bench = open_page("- un\n- deux\n  - dedans\n\n3. trois\n4. quatre\n");
    check_int(text_item(&bench, "un")->rect.x, 64);
    check_int(text_item(&bench, "dedans")->rect.x, 128);
    check(display_list_has_text(bench.ui->list, STR("3.")));
    check(display_list_has_text(bench.ui->list, STR("4.")));
    bench_close(&bench);
}

static void tasks_have_boxes(void **state) {
    (void)state;
    Bench bench = open_page("- [x] fait\n- [ ] à faire\n");
    check_int(count_items(&bench, ITEM_BOX), 2);
    check_int(count_items(&bench, ITEM_ICON), 1);
    bench_close(&bench);
}

static void tables_fit_the_width(void **state) {
    (void)state;
    Bench bench = open_page("| Pour | Voir | N° |\n|---|---|--:|\n| La vie de l’équipe, tous les jours de la "
                            "semaine | Samira D., ma marraine au dépôt | 12 |\n");
    for (size_t i = 0; i < bench.ui->list->count; i++)
        check(rect_right(bench.ui->list->items[i].rect) <= 1000);
    check_int(rect_right(text_item(&bench, "12")->rect), 1000 - 24);
    check_int(text_item(&bench, "Pour")->font, FONT_S_BOLD);
    check(display_list_has_text(bench.ui->list, STR("marraine")));
    bench_close(&bench);
}

static void narrow(Ui *ui) {
    used = ui_markdown(ui, rect_make(0, 0, 340, 1000), markdown);
}

static void a_table_too_narrow_for_its_words_is_stacked(void **state) {
    (void)state;
    Bench bench =
        open_page("| Pour | Interlocuteur | Poste |\n|---|---|--:|\n| La vie de l’équipe | Samira | 12 |\n");
    int wide = used;
    bench.draw = narrow;
    bench_wait(&bench, 1);
    check(used > wide);
    check(display_list_has_text(bench.ui->list, STR("Interlocuteur Samira")));
    check(display_list_has_text(bench.ui->list, STR("Poste 12")));
    for (size_t i = 0; i < bench.ui->list->count; i++)
        check(rect_right(bench.ui->list->items[i].rect) <= 340);
    bench_close(&bench);
}

static void links_are_words_and_html_is_left_out(void **state) {
    (void)state;
    Bench bench = open_page("Voir [la page](https://exemple.fr).\n\n<script>alert(1)</script>\n\nUn "
                            "<b>mot</b> &amp; &laquo; autre &raquo; &hearts;\n");
    check(display_list_has_text(bench.ui->list, STR("la page.")));
    check(!display_list_has_text(bench.ui->list, STR("exemple.fr")));
    check(!display_list_has_text(bench.ui->list, STR("alert")));
    check(display_list_has_text(bench.ui->list, STR("Un mot & « autre »")));
    bench_close(&bench);
}

static void images_stand_between_paragraphs(void **state) {
    (void)state;
    Bench bench = open_page("Avant ![La salle](blob:abc) après.\n\n![](seul.png)\n");
    check_int(count_items(&bench, ITEM_IMAGE), 2);
    check(display_list_has_text(bench.ui->list, STR("La salle")));
    check(text_item(&bench, "après.")->rect.y > text_item(&bench, "Avant")->rect.y + 500);
    bench_close(&bench);
}

static void quotes_and_rules_are_drawn(void **state) {
    (void)state;
    Bench bench = open_page("> cité\n>\n> encore\n\n---\n");
    check_int(text_item(&bench, "cité")->rect.x, 40);
    check_int(count_items(&bench, ITEM_BOX), 3);
    bench_close(&bench);
}

static void what_is_out_of_sight_takes_its_room_but_is_not_set(void **state) {
    (void)state;
    AUTO(buf_free) Buf text = buf_new(100000);
    for (int i = 0; i < 300; i++) buf_print(&text, "Paragraphe %d.\n\n", i);
    buf_add(&text, STR(""));
    Bench bench = open_page(str_cstr(arena, buf_str(&text)));
    check_int(used, 300 * 54 + 299 * 24);
    check(bench.ui->list->count < 30);
    bench_close(&bench);
}

static void plain_words_are_for_reading_aloud(void **state) {
    (void)state;
    Err err;
    check_ok(markdown_parse(arena, STR("# Titre\n\nUn **mot**.\n\n| A | B |\n|---|---|\n| un | deux |\n"),
                            &markdown, &err));
    check_text(markdown_plain(arena, markdown), "Titre\nUn mot.\nun, deux\n");
}

static void too_long_is_refused_and_nothing_is_fine(void **state) {
    (void)state;
    Err err;
    AUTO(buf_free) Buf text = buf_new(MARKDOWN_MAX + 10);
    while (text.len <= MARKDOWN_MAX) buf_add_cstr(&text, "mot ");
    check_status(markdown_parse(arena, buf_str(&text), &markdown, &err), E_TOOBIG);
    Bench bench = open_page("");
    check_int(used, 0);
    bench_close(&bench);
}

/* Whatever bytes come: no crash, nothing beside the page. */
static void random_markdown_is_survived(void **state) {
    (void)state;
    static const char *const bits[] = {
        "# ",    "- ", "> ",   "1. ",  "\n",     "\n\n",    "| a | b |\n|---|---|\n",
        "| c |", "**", "*",    "`",    "```\n",  "![x](y)", "[a](b)",
        "<b>",   "é ", "mot ", "    ", "- [ ] ", "&amp;",   "---\n",
        "\\",    "_"};
    Rng rng = rng_seeded(77);
    for (int round = 0; round < 300; round++) {
        AUTO(buf_free) Buf text = buf_new(8192);
        for (int i = 0; i < 40; i++) buf_add_cstr(&text, bits[rng_below(&rng, COUNT(bits))]);
        Bench bench = open_page(str_cstr(arena, buf_str(&text)));
        for (size_t i = 0; i < bench.ui->list->count; i++) check(bench.ui->list->items[i].rect.x >= 0);
        bench_close(&bench);
    }
}

int main(void) {
#define MARKDOWN_TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
    const struct CMUnitTest tests[] = {
        MARKDOWN_TEST(headings_and_paragraphs),
        MARKDOWN_TEST(lists_are_indented_by_depth),
        MARKDOWN_TEST(tasks_have_boxes),
        MARKDOWN_TEST(tables_fit_the_width),
        MARKDOWN_TEST(a_table_too_narrow_for_its_words_is_stacked),
        MARKDOWN_TEST(links_are_words_and_html_is_left_out),
        MARKDOWN_TEST(images_stand_between_paragraphs),
        MARKDOWN_TEST(quotes_and_rules_are_drawn),
        MARKDOWN_TEST(what_is_out_of_sight_takes_its_room_but_is_not_set),
        MARKDOWN_TEST(plain_words_are_for_reading_aloud),
        MARKDOWN_TEST(too_long_is_refused_and_nothing_is_fine),
        MARKDOWN_TEST(random_markdown_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
