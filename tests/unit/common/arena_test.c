#include "tests/harness/check.h"

#include <string.h>

static bool is_zero(const unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i]) return false;
    return true;
}

static void items_are_zeroed_and_aligned(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    for (size_t size = 0; size < 300; size++) {
        unsigned char *item = arena_alloc(arena, size);
        check((uintptr_t)item % _Alignof(max_align_t) == 0);
        check(is_zero(item, size));
        memset(item, 0xFF, size);
    }
}

static void items_do_not_overlap(void **state) {
    (void)state;
    enum { ITEMS = 2000 };
    AUTO(arena_close_auto) Arena *arena = arena_open();
    uint64_t *items[ITEMS];
    for (uint64_t i = 0; i < ITEMS; i++) {
        items[i] = ARENA_ARRAY(arena, uint64_t, 1 + i % 7);
        for (uint64_t at = 0; at < 1 + i % 7; at++) items[i][at] = i;
    }
    for (uint64_t i = 0; i < ITEMS; i++)
        for (uint64_t at = 0; at < 1 + i % 7; at++) check(items[i][at] == i);
}

static void larger_than_any_block(void **state) {
    (void)state;
    enum { LARGE = 5 << 20 };
    AUTO(arena_close_auto) Arena *arena = arena_open();
    unsigned char *large = arena_alloc(arena, LARGE);
    check(is_zero(large, LARGE));
    large[LARGE - 1] = 1;
    *ARENA_NEW(arena, int) = 5;
    check_int(arena_used_bytes(arena), LARGE + sizeof(int));
}

static void a_reset_arena_gives_zeroed_items_again(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 100; i++) {
            unsigned char *item = arena_alloc(arena, 97);
            check(is_zero(item, 97));
            memset(item, 0xFF, 97);
        }
        check_int(arena_used_bytes(arena), 9700);
        arena_reset(arena);
        check_int(arena_used_bytes(arena), 0);
    }
}

static void copies_and_closing(void **state) {
    (void)state;
    Arena *arena = arena_open();
    const char text[] = "copied";
    char *copy = arena_copy(arena, text, sizeof(text));
    check(copy != text);
    assert_string_equal(copy, text);
    check(arena_copy(arena, NULL, 0) != NULL);
    arena_close_auto(&arena);
    check(arena == NULL);
    arena_close(NULL);
}

static void wiping_overwrites_what_is_still_held(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    unsigned char *first = arena_copy(arena, "Nadia B.", 8), *last = arena_alloc(arena, 100000);
    memset(last, 0xFF, 100000);
    arena_wipe(arena);
    check(is_zero(first, 8));
    check(is_zero(last, 100000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_zeroed_and_aligned),
        cmocka_unit_test(items_do_not_overlap),
        cmocka_unit_test(larger_than_any_block),
        cmocka_unit_test(a_reset_arena_gives_zeroed_items_again),
        cmocka_unit_test(copies_and_closing),
        cmocka_unit_test(wiping_overwrites_what_is_still_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
