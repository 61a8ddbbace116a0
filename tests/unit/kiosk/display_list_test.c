#include "kiosk/ui/display_list.h"

#include "tests/harness/check.h"

static Arena *arena;
static DisplayList list;
static const Rect screen = {0, 0, 1000, 600};

static int start(void **state) {
    (void)state;
    arena = arena_open();
    display_list_begin(&list, arena, COLOR(0xF2EFE8));
    return 0;
}

static int stop(void **state) {
    (void)state;
    arena_close(arena);
    return 0;
}

static void add_text(int x, int y, int w, const char *words) {
    display_list_add(&list, (Item){.type = ITEM_TEXT,
                                   .rect = {x, y, w, 50},
                                   .clip = screen,
                                   .text = str_of(words),
                                   .size = 41,
                                   .color = COLOR(1)});
}

static void add_target(int x, int y, const char *label, bool disabled) {
    display_list_add(&list, (Item){.type = ITEM_TARGET,
                                   .rect = {x, y, 100, 100},
                                   .clip = screen,
                                   .text = str_of(label),
                                   .disabled = disabled});
}

static void a_dump_says_it_all_line_by_line(void **state) {
    (void)state;
    add_text(12, 8, 300, "Dit « \"oui\" »");
    display_list_add(&list, (Item){.type = ITEM_BOX,
                                   .rect = {12, 30, 76, 14},
                                   .clip = screen,
                                   .color = COLOR(0x0B5266),
                                   .radius = 16,
                                   .corners = CORNERS_LEFT,
                                   .border = COLOR(0xFFFFFF),
                                   .stroke = 3,
                                   .edge = COLOR(0x07313D)});
    display_list_add(&list, (Item){.type = ITEM_ICON,
                                   .rect = {0, 0, 48, 48},
                                   .clip = {0, 0, 40, 40},
                                   .text = STR("lieu"),
                                   .stroke = 20,
                                   .color = COLOR(2)});
    display_list_add(&list, (Item){.type = ITEM_ARC,
                                   .rect = {0, 0, 48, 48},
                                   .clip = screen,
                                   .stroke = 20,
                                   .from_deg = 10,
                                   .sweep_deg = 90,
                                   .color = COLOR(3)});
    display_list_add(
        &list,
        (Item){.type = ITEM_LINE, .rect = {5, 5, -10, 20}, .clip = screen, .stroke = 8, .color = COLOR(4)});
    display_list_add(&list, (Item){.type = ITEM_IMAGE,
                                   .rect = {0, 0, 48, 48},
                                   .clip = screen,
                                   .text = STR("a.svg"),
                                   .fit = FIT_CONTAIN,
                                   .radius = 16});
    display_list_add(
        &list,
        (Item){
            .type = ITEM_QR, .rect = {0, 0, 48, 48}, .clip = screen, .modules_count = 21, .modules = NULL});
    display_list_add(&list, (Item){.type = ITEM_TARGET,
                                   .rect = {12, 30, 76, 20},
                                   .clip = screen,
                                   .text = STR("Je m’inscris"),
                                   .role = ROLE_CHECKBOX,
                                   .on = true,
                                   .focused = true});
    AUTO(buf_free) Buf out = buf_new(4096);
    display_list_dump(&list, &out);
    check_text(buf_str(&out), "page #F2EFE8\n"
                              "clip 0,0 1000x600\n"
                              "text 12,8 300x50 \"Dit « \\\"oui\\\" »\" S #000001\n"
                              "box 12,30 76x14 #0B5266 r16 left border3 #FFFFFF edge#07313D\n"
                              "clip 0,0 40x40\n"
                              "icon 0,0 48x48 lieu #000002\n"
                              "clip 0,0 1000x600\n"
                              "arc 0,0 48x48 10+90 width20 #000003\n"
                              "line 5,5 -10x20 width8 #000004\n"
                              "image 0,0 48x48 \"a.svg\" contain r16\n"
                              "qr 0,0 48x48 21 modules\n"
                              "target 12,30 76x20 \"Je m’inscris\" checkbox on focused\n");
}

static void words_are_found_across_lines_and_kinds_of_spaces(void **state) {
    (void)state;
    add_text(0, 0, 400, "Votre place est réservée,");
    add_text(0, 54, 100, "Nadia.");
    add_text(0, 200, 100, "Qui m’aide\u202f?");
    check(display_list_has_text(&list, STR("réservée, Nadia.")));
    check(display_list_has_text(&list, STR("Qui m'aide ?")));
    check(display_list_has_text(&list, STR("  place\u00a0est ")));
    check(!display_list_has_text(&list, STR("nadia")));
    check(!display_list_has_text(&list, STR("confirmé")));
}

static void words_that_touch_belong_together(void **state) {
    (void)state;
    add_text(0, 0, 100, "Nadia");
    add_text(100, 0, 10, ", oui");
    check(display_list_has_text(&list, STR("Nadia, oui")));
}

static void what_is_out_of_sight_is_not_found(void **state) {
    (void)state;
    display_list_add(&list, (Item){.type = ITEM_TEXT,
                                   .rect = {0, 100, 100, 50},
                                   .clip = {0, 0, 100, 95},
                                   .text = STR("caché"),
                                   .size = 41});
    check(!display_list_has_text(&list, STR("caché")));
    add_text(0, 900, 100, "dessous");
    check_int(list.count, 1);
}

static void a_target_is_found_whole_first_then_in_part(void **state) {
    (void)state;
    add_target(0, 0, "Me former demain", false);
    add_target(0, 200, "Me former", false);
    add_target(0, 300, "Aide", true);
    check_int(display_list_find_target(&list, STR("Me former"))->rect.y, 200);
    check_int(display_list_find_target(&list, STR("demain"))->rect.y, 0);
    check(!display_list_find_target(&list, STR("M")));
    check(!display_list_find_target(&list, STR("Aide")));
}

static uint64_t hash_with(void (*change)(Item *)) {
    Item item = {
        .type = ITEM_BOX, .rect = {1, 2, 30, 40}, .clip = screen, .color = COLOR(5), .text = STR("a")};
    change(&item);
    display_list_add(&list, item);
    return list.items[list.count - 1].hash;
}

static void as_it_is(Item *item) {
    (void)item;
}
static void moved(Item *item) {
    item->rect.x++;
}
static void recoloured(Item *item) {
    item->color++;
}
static void reclipped(Item *item) {
    item->clip.h--;
}
static void renamed(Item *item) {
    item->text = STR("b");
}
static void bordered(Item *item) {
    item->border = COLOR(1);
}

static void every_difference_is_in_the_hash(void **state) {
    (void)state;
    void (*const changes[])(Item *) = {as_it_is, moved, recoloured, reclipped, renamed, bordered};
    uint64_t hashes[COUNT(changes)];
    for (size_t i = 0; i < COUNT(changes); i++) {
        hashes[i] = hash_with(changes[i]);
        for (size_t k = 0; k < i; k++) check(hashes[i] != hashes[k]);
    }
    check(hash_with(as_it_is) == hashes[0]);
}

static void a_list_has_a_ceiling(void **state) {
    (void)state;
    for (int i = 0; i < DISPLAY_LIST_MAX + 100; i++) add_target(0, 0, "x", false);
    check_int(list.count, DISPLAY_LIST_MAX);
}

int main(void) {
#define LIST_TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
    const struct CMUnitTest tests[] = {
        LIST_TEST(a_dump_says_it_all_line_by_line),
        LIST_TEST(words_are_found_across_lines_and_kinds_of_spaces),
        LIST_TEST(words_that_touch_belong_together),
        LIST_TEST(what_is_out_of_sight_is_not_found),
        LIST_TEST(a_target_is_found_whole_first_then_in_part),
        LIST_TEST(every_difference_is_in_the_hash),
        LIST_TEST(a_list_has_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
