#include "tests/harness/check.h"

#include <string.h>

static void absent_differs_from_empty(void **state) {
    (void)state;
    check(!str_equal((Str){0}, STR("")));
    check(str_equal((Str){0}, str_of(NULL)));
    check(str_equal(STR(""), str_of("")));
    check(str_is((Str){0}, NULL));
    check(!str_is(STR(""), NULL));
}

static void compares_by_bytes_then_length(void **state) {
    (void)state;
    check(str_compare(STR("a"), STR("b")) < 0);
    check(str_compare(STR("ab"), STR("a")) > 0);
    check(str_compare(STR("\xc3\xa9"), STR("z")) > 0);
    check_int(str_compare(STR("same"), STR("same")), 0);
    check_int(str_compare((Str){0}, STR("")), 0);
}

static void starts_ends_has_and_finds(void **state) {
    (void)state;
    check(str_starts(STR("org:olivet"), STR("org:")));
    check(!str_starts(STR("or"), STR("org:")));
    check(str_ends(STR("page.md"), STR(".md")));
    check(!str_ends(STR("md"), STR(".md")));
    check(str_starts((Str){0}, STR("")));
    check(str_has(STR("a~b"), '~'));
    check(!str_has(STR(""), 'x'));
    check_int(str_find(STR("abcabc"), STR("ca")), 2);
    check_int(str_find(STR("abc"), STR("abcd")), -1);
    check_int(str_find((Str){0}, STR("a")), -1);
    check_int(str_find(STR("abc"), STR("")), 0);
}

static void trims_skips_and_keeps_the_first(void **state) {
    (void)state;
    check_text(str_trim(STR(" \t a b\r\n")), "a b");
    check_text(str_trim(STR("  ")), "");
    check_text(str_skip(STR("abc"), 2), "c");
    check_text(str_skip(STR("abc"), 9), "");
    check_text(str_skip((Str){0}, 9), NULL);
    check_text(str_first(STR("abc"), 2), "ab");
    check_text(str_first(STR("abc"), 9), "abc");
}

static void cutting_sees_every_part(void **state) {
    (void)state;
    const char *const expected[] = {"a", "", "b", ""};
    Str rest = STR("a,,b,"), part;
    size_t count = 0;
    while (str_cut(&rest, ',', &part)) {
        check(count < COUNT(expected));
        check_text(part, expected[count++]);
    }
    check_int(count, COUNT(expected));
    rest = (Str){0};
    check(!str_cut(&rest, ',', &part));
    rest = STR("");
    check(str_cut(&rest, ',', &part));
    check_text(part, "");
    check(!str_cut(&rest, ',', &part));
}

static void whole_numbers_only(void **state) {
    (void)state;
    int64_t value = 7;
    check(str_to_int(STR("-42"), &value));
    check_int(value, -42);
    check(str_to_int(STR("9223372036854775807"), &value));
    check(value == INT64_MAX);
    check(str_to_int(STR("-9223372036854775808"), &value));
    check(value == INT64_MIN);
    const char *const bad[] = {"",
                               "-",
                               "+1",
                               " 1",
                               "1 ",
                               "1.0",
                               "0x1",
                               "9223372036854775808",
                               "-9223372036854775809",
                               "99999999999999999999"};
    for (size_t i = 0; i < COUNT(bad); i++) check(!str_to_int(str_of(bad[i]), &value));
    check(value == INT64_MIN);
}

static void copies_live_in_the_arena(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    char text[] = "abc";
    Str copy = str_copy(arena, (Str){text, 2});
    text[0] = 'x';
    check_text(copy, "ab");
    check(copy.at[2] == '\0');
    check_text(str_copy(arena, (Str){0}), NULL);
    check_text(str_of(str_cstr(arena, (Str){0})), "");
    check_text(str_print(arena, "%d-%s", 5, "é"), "5-é");
}

static void hashes_as_fnv_1a(void **state) {
    (void)state;
    check(str_hash(STR("")) == UINT64_C(0xcbf29ce484222325));
    check(str_hash(STR("a")) == UINT64_C(0xaf63dc4c8601ec8c));
    check(str_hash(STR("foobar")) == UINT64_C(0x85944171f73967e8));
}

static void a_buffer_grows_to_its_ceiling(void **state) {
    (void)state;
    AUTO(buf_free) Buf buf = buf_new(200);
    check_text(buf_str(&buf), "");
    for (int i = 0; i < 20; i++) buf_print(&buf, "%010d", i);
    check_int(buf.len, 200);
    check(!buf.over);
    buf_add_byte(&buf, 'x');
    check(buf.over);
    check_int(buf.len, 200);
    buf_add(&buf, STR(""));
    check(buf.over);
    check_int(strlen(buf.at), 200);
}

static void what_does_not_fit_is_left_out_whole(void **state) {
    (void)state;
    AUTO(buf_free) Buf buf = buf_new(4);
    buf_add_cstr(&buf, "abc");
    buf_add_cstr(&buf, "de");
    check_text(buf_str(&buf), "abc");
    check(buf.over);
    buf_add_cstr(&buf, "d");
    check_text(buf_str(&buf), "abc");
    buf_clear(&buf);
    check(!buf.over);
    buf_add_cstr(&buf, "defg");
    check_text(buf_str(&buf), "defg");
}

static void reserved_room_is_the_callers(void **state) {
    (void)state;
    AUTO(buf_free) Buf buf = buf_new(8);
    char *room = buf_reserve(&buf, 8);
    memcpy(room, "12345678", 8);
    buf.len = 8;
    check_text(buf_str(&buf), "12345678");
    check_int(buf_reserve(&buf, 1) == NULL, 1);
}

static void the_front_can_be_dropped(void **state) {
    (void)state;
    AUTO(buf_free) Buf buf = buf_new(8);
    buf_drop_front(&buf, 0);
    buf_add_cstr(&buf, "abcdef");
    buf_drop_front(&buf, 2);
    check_text(buf_str(&buf), "cdef");
    buf_drop_front(&buf, 4);
    check_text(buf_str(&buf), "");
}

static void hex_both_ways(void **state) {
    (void)state;
    const unsigned char bytes[] = {0x00, 0x7f, 0xa5, 0xff};
    unsigned char back[4];
    AUTO(buf_free) Buf buf = buf_new(8);
    buf_add_hex(&buf, bytes, sizeof(bytes));
    check_text(buf_str(&buf), "007fa5ff");
    check(hex_decode(STR("007FA5ff"), back, 4));
    assert_memory_equal(back, bytes, 4);
    check(!hex_decode(STR("007fa5f"), back, 4));
    check(!hex_decode(STR("007fa5fg"), back, 4));
    check(!hex_decode(STR("007fa5ff00"), back, 4));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_differs_from_empty),
        cmocka_unit_test(compares_by_bytes_then_length),
        cmocka_unit_test(starts_ends_has_and_finds),
        cmocka_unit_test(trims_skips_and_keeps_the_first),
        cmocka_unit_test(cutting_sees_every_part),
        cmocka_unit_test(whole_numbers_only),
        cmocka_unit_test(copies_live_in_the_arena),
        cmocka_unit_test(hashes_as_fnv_1a),
        cmocka_unit_test(a_buffer_grows_to_its_ceiling),
        cmocka_unit_test(what_does_not_fit_is_left_out_whole),
        cmocka_unit_test(reserved_room_is_the_callers),
        cmocka_unit_test(the_front_can_be_dropped),
        cmocka_unit_test(hex_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
