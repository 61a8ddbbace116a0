/* The painter against itself: painting what differs must give the same bytes as painting everything. */
#include "kiosk/gfx/gfx.h"
#include "kiosk/gfx/parts.h"

#include "common/base/file.h"
#include "common/base/rng.h"
#include "tests/harness/check.h"

#include <stdlib.h>
#include <string.h>

enum { W = 640, H = 400, ITEMS_MAX = 40 };

static Status pictures(void *context, Str name, Arena *arena, Str *bytes, Err *err) {
    (void)context;
    if (str_is(name, "nothing")) return err_set(err, E_NOTFOUND, "no such image");
    *bytes = str_copy(arena, STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\"><rect "
                                 "width=\"40\" height=\"20\" "
                                 "fill=\"#c33\"/><circle cx=\"10\" cy=\"10\" r=\"8\" fill=\"#3c3\"/></svg>"));
    return OK;
}

static Gfx *glass(int w, int h, int mm) {
    Gfx *gfx = NULL;
    Err err;
    GfxOptions options = {.width_px = w,
                          .height_px = h,
                          .width_mm = mm,
                          .height_mm = mm * h / w,
                          .headless = true,
                          .assets_dir = RELAIS_ASSETS_DIR};
    check_ok(gfx_open(&options, &gfx, &err));
    gfx_set_image_source(gfx, pictures, NULL);
    return gfx;
}

static int below(Rng *rng, int bound) {
    return (int)rng_below(rng, (uint64_t)bound);
}

static Item random_item(Rng *rng, Screen screen) {
    static const uint8_t modules[9] = {1, 0, 1, 0, 1, 1, 1, 1, 0};
    static const char *const words[] = {"Réunion efficace", "Élagage, « été »", "12",
                                        "Œuvre à finir",    "日本 et Ωmega",    "fj"};
    static const char *const icons[] = {"lieu", "coche", "sync", "mangeurs", "unknown"};
    ItemType type = (ItemType)below(rng, ITEM_TARGET + 1);
    Item item = {.type = type,
                 .rect = {below(rng, screen.w + 60) - 60, below(rng, screen.h + 60) - 60, 1 + below(rng, 200),
                          1 + below(rng, 120)},
                 .clip = {0, 0, screen.w, screen.h},
                 .color = below(rng, 8) ? COLOR((uint32_t)rng_below(rng, 0x1000000)) : COLOR_NONE,
                 .radius = below(rng, 30),
                 .corners = (Corners)below(rng, CORNERS_BOTTOM + 1),
                 .stroke = 1 + below(rng, 12),
                 .from_deg = below(rng, 360),
                 .sweep_deg = below(rng, 361),
                 .font = (Font)below(rng, FONT_COUNT),
                 .fit = below(rng, 2) ? FIT_COVER : FIT_CONTAIN,
                 .text = str_of(words[below(rng, COUNT(words))])};
    if (type == ITEM_BOX && below(rng, 2)) item.border = COLOR(0x123456);
    if (type == ITEM_BOX && below(rng, 2)) item.edge = COLOR(0x654321);
    if (type == ITEM_LINE && below(rng, 2)) item.rect.w = -item.rect.w;
    if (type == ITEM_ARC || type == ITEM_ICON || type == ITEM_QR) item.rect.h = item.rect.w;
    if (type == ITEM_ICON) item.text = str_of(icons[below(rng, COUNT(icons))]), item.stroke = 20;
    if (type == ITEM_QR) item.modules = modules, item.modules_count = 3;
    if (type == ITEM_IMAGE) item.text = below(rng, 4) ? STR("picture") : STR("nothing");
    if (type == ITEM_TEXT) item.size = 20 + below(rng, 30), item.rect.h = item.size * 121 / 100;
    if (below(rng, 3) == 0)
        item.clip = (Rect){below(rng, screen.w), below(rng, screen.h), below(rng, 300), below(rng, 300)};
    return item;
}

/* Changes, drops, adds and swaps some items, as one frame to the next does. */
static int change(Rng *rng, Screen screen, Item *items, int count) {
    for (int n = below(rng, 5); n > 0; n--) {
        int at = count ? below(rng, count) : 0, kind = below(rng, 5);
        if (kind == 0 && count < ITEMS_MAX) {
            memmove(items + at + 1, items + at, (size_t)(count++ - at) * sizeof *items);
            items[at] = random_item(rng, screen);
        } else if (kind == 1 && count > 0) {
            memmove(items + at, items + at + 1, (size_t)(--count - at) * sizeof *items);
        } else if (kind == 2 && count > 1) {
            Item keep = items[0];
            items[0] = items[at];
            items[at] = keep;
        } else if (kind == 3 && count > 0) {
            items[at].rect = rect_move(items[at].rect, below(rng, 9) - 4, below(rng, 9) - 4);
        } else if (count > 0) {
            items[at].color = COLOR((uint32_t)rng_below(rng, 0x1000000));
        }
    }
    return count;
}

static void fill_list(DisplayList *list, Arena *arena, Color background, const Item *items, int count) {
    display_list_begin(list, arena, background);
    for (int i = 0; i < count; i++) display_list_add(list, items[i]);
}

static void check_same(const Gfx *a, const Gfx *b, int round) {
    Canvas one = gfx_canvas(a), other = gfx_canvas(b);
    for (int y = 0; y < one.h; y++) {
        const uint32_t *left = one.px + y * one.stride, *right = other.px + y * other.stride;
        for (int x = 0; x < one.w; x++)
            if (left[x] != right[x])
                fail_msg("round %d: pixel %d,%d is %06X in parts, %06X as a whole", round, x, y, left[x],
                         right[x]);
    }
}

static void compare_rounds(int w, int h, int mm, uint64_t seed, int rounds) {
    Gfx *parts = glass(w, h, mm), *whole = glass(w, h, mm);
    Rng rng = rng_seeded(seed);
    Item items[ITEMS_MAX];
    int count = 0;
    Arena *arena = arena_open();
    for (int round = 0; round < rounds; round++) {
        DisplayList list;
        count = change(&rng, gfx_screen(parts), items, count);
        if (round % 40 == 0)
            for (count = 0; count < ITEMS_MAX / 2; count++)
                items[count] = random_item(&rng, gfx_screen(parts));
        fill_list(&list, arena, round % 100 < 95 ? COLOR(0xF2EFE8) : COLOR(0), items, count);
        gfx_paint(parts, &list);
        gfx_paint_all(whole, &list);
        check_same(parts, whole, round);
        arena_reset(arena);
    }
    arena_close(arena);
    gfx_close(parts);
    gfx_close(whole);
}

static void painting_in_parts_equals_painting_the_whole(void **state) {
    (void)state;
    compare_rounds(W, H, 0, 1, 400);
}

static void also_where_a_unit_is_not_a_pixel(void **state) {
    (void)state;
    compare_rounds(W, H, 250, 2, 150);
    compare_rounds(H, W, 60, 3, 150);
}

static void what_does_not_change_is_not_painted(void **state) {
    (void)state;
    Gfx *gfx = glass(W, H, 0);
    Arena *arena = arena_open();
    Rng rng = rng_seeded(4);
    Item items[20];
    DisplayList list;
    for (int i = 0; i < 20; i++) items[i] = random_item(&rng, gfx_screen(gfx));
    items[5] =
        (Item){.type = ITEM_BOX, .rect = {10, 10, 30, 20}, .clip = {0, 0, W, H}, .color = COLOR(0xFF0000)};
    fill_list(&list, arena, COLOR(0xFFFFFF), items, 20);
    gfx_paint(gfx, &list);
    check(gfx_stats(gfx).painted_px == (uint64_t)W * H);
    gfx_paint(gfx, &list);
    check(gfx_stats(gfx).painted_px == 0);
    items[5].color = COLOR(0x00FF00);
    fill_list(&list, arena, COLOR(0xFFFFFF), items, 20);
    gfx_paint(gfx, &list);
    check(gfx_stats(gfx).painted_px > 0 && gfx_stats(gfx).painted_px < 2000);
    arena_close(arena);
    gfx_close(gfx);
}

static void caches_stay_within_their_bounds(void **state) {
    (void)state;
    Gfx *gfx = glass(W, H, 0);
    Arena *arena = arena_open();
    DisplayList list;
    for (int i = 0; i < 1500; i++) {
        display_list_begin(&list, arena, COLOR(0xFFFFFF));
        Item text = {.type = ITEM_TEXT,
                     .rect = {0, i % 300, 600, 60},
                     .clip = {0, 0, W, H},
                     .size = 50,
                     .font = FONT_M,
                     .color = COLOR(1)};
        text.text = str_print(arena, "Ligne %d, d’un texte qui change toujours", i);
        display_list_add(&list, text);
        Item image = {.type = ITEM_IMAGE,
                      .rect = {0, 0, 100 + i % 500, 300},
                      .clip = {0, 0, W, H},
                      .text = STR("picture")};
        if (i % 50 == 0) display_list_add(&list, image);
        gfx_paint(gfx, &list);
        check(gfx_stats(gfx).text_cache_bytes <= 6 << 20);
        check(gfx_stats(gfx).image_cache_bytes <= 8 << 20);
    }
    check(gfx_stats(gfx).text_cache_bytes > 4 << 20);
    gfx_forget(gfx);
    check_int(gfx_stats(gfx).text_cache_bytes, 0);
    check_int(gfx_stats(gfx).image_cache_bytes, 0);
    arena_close(arena);
    gfx_close(gfx);
}

static void damage_joins_what_is_near_and_stays_few(void **state) {
    (void)state;
    Rng rng = rng_seeded(9);
    for (int round = 0; round < 200; round++) {
        Damage damage = {0};
        Rect rects[60];
        for (int i = 0; i < 60; i++) {
            rects[i] = (Rect){below(&rng, 1000), below(&rng, 1000), 1 + below(&rng, 80), 1 + below(&rng, 80)};
            damage_add(&damage, rects[i]);
            check(damage.count <= DAMAGE_MAX);
        }
        for (int i = 0; i < 60; i++) {
            bool covered = false;
            for (int k = 0; k < damage.count; k++)
                covered |= rect_equal(rect_intersect(damage.rects[k], rects[i]), rects[i]);
            check(covered);
        }
    }
}

static void darkness_is_black_until_it_ends(void **state) {
    (void)state;
    Gfx *gfx = glass(W, H, 0);
    Arena *arena = arena_open();
    DisplayList list;
    fill_list(&list, arena, COLOR(0xFFFFFF), NULL, 0);
    gfx_paint(gfx, &list);
    gfx_dark(gfx, true);
    gfx_paint(gfx, &list);
    check_int(gfx_canvas(gfx).px[W * 20 + 20], 0);
    gfx_dark(gfx, false);
    gfx_paint(gfx, &list);
    check_int(gfx_canvas(gfx).px[W * 20 + 20], 0xFFFFFF);
    arena_close(arena);
    gfx_close(gfx);
}

static void a_shot_is_a_png_of_the_whole(void **state) {
    (void)state;
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    Err err;
    Gfx *gfx = glass(W, H, 0);
    Arena *arena = arena_open();
    DisplayList list;
    fill_list(&list, arena, COLOR(0x336699), NULL, 0);
    gfx_paint(gfx, &list);
    const char *path = test_path(arena, &dir, "shot.png");
    check_ok(gfx_shot(gfx, path, &err));
    Str bytes;
    int w, h;
    check_ok(file_read(arena, path, 1 << 20, &bytes, &err));
    check(image_size(bytes, &w, &h) && w == W && h == H);
    check_status(gfx_shot(gfx, "/nowhere/at/all.png", &err), E_IO);
    arena_close(arena);
    gfx_close(gfx);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(painting_in_parts_equals_painting_the_whole),
        cmocka_unit_test(also_where_a_unit_is_not_a_pixel),
        cmocka_unit_test(what_does_not_change_is_not_painted),
        cmocka_unit_test(caches_stay_within_their_bounds),
        cmocka_unit_test(damage_joins_what_is_near_and_stays_few),
        cmocka_unit_test(darkness_is_black_until_it_ends),
        cmocka_unit_test(a_shot_is_a_png_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
