#include "common/wire/wire.h"
#include "tests/harness/check.h"

#include <string.h>

static Str without_lf(const Buf *line) {
    return str_first(buf_str(line), line->len - 1);
}

static void a_header_reads_as_it_was_written(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(FEED_LINE_MAX);
    Str scopes[] = {STR("public"), STR("org:olivet"), STR("pool:agglo")}, reload[] = {STR("pool:agglo")};
    FeedHeader header = {.epoch = STR("7-3f9c"), .head = 812, .scopes = {scopes, 3}, .reload = {reload, 1}},
               back;
    feed_header_write(&line, &header);
    check_text(buf_str(&line),
               "{\"feed\":1,\"epoch\":\"7-3f9c\",\"head\":812,\"scopes\":[\"public\",\"org:olivet\","
               "\"pool:agglo\"],\"reload\":[\"pool:agglo\"],\"revoked\":[]}\n");
    check_int(feed_part_of(without_lf(&line)), FEED_HEADER);
    check_ok(feed_header_read(arena, without_lf(&line), &back, &err));
    check_text(back.epoch, "7-3f9c");
    check(back.head == 812 && back.scopes.count == 3 && back.reload.count == 1 && back.revoked.count == 0);
    check_text(back.scopes.at[2], "pool:agglo");
}

static void check_header(const char *line, Status expected) {
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    FeedHeader header = {.head = 77};
    check_status(feed_header_read(arena, str_of(line), &header, &err), expected);
    check(header.head == 77);
}

#define LISTS ",\"scopes\":[],\"reload\":[],\"revoked\":[]}"
static void a_header_that_is_none_is_refused(void **state) {
    (void)state;
    check_header("", E_INVALID);
    check_header("[1]", E_INVALID);
    check_header("{\"more\":true,\"seq\":1}", E_INVALID);
    check_header("{\"feed\":2,\"epoch\":\"7-a\",\"head\":1" LISTS, E_VERSION);
    check_header("{\"feed\":1,\"epoch\":\"7\",\"head\":1" LISTS, E_INVALID);
    check_header("{\"feed\":1,\"epoch\":\"7-a\"" LISTS, E_INVALID);
    check_header("{\"feed\":1,\"epoch\":\"7-a\",\"head\":-1" LISTS, E_INVALID);
    check_header(
        "{\"feed\":1,\"epoch\":\"7-a\",\"head\":1,\"scopes\":[\"world\"],\"reload\":[],\"revoked\":[]}",
        E_INVALID);
    check_header("{\"feed\":1,\"epoch\":\"7-a\",\"head\":1,\"scopes\":[1],\"reload\":[],\"revoked\":[]}",
                 E_INVALID);
    check_header("{\"feed\":1,\"epoch\":\"7-a\",\"head\":1,\"scopes\":[],\"reload\":[]}", E_INVALID);
}

static void more_scopes_than_allowed_are_refused(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(FEED_LINE_MAX);
    FeedHeader header;
    buf_add_cstr(&line, "{\"feed\":1,\"epoch\":\"7-a\",\"head\":1,\"scopes\":[\"public\"");
    for (int i = 0; i < SCOPES_MAX; i++) buf_print(&line, ",\"org:o%d\"", i);
    buf_add_cstr(&line, "],\"reload\":[],\"revoked\":[]}");
    check_status(feed_header_read(arena, buf_str(&line), &header, &err), E_INVALID);
}

static void a_page_that_goes_on_says_from_where(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(1024);
    FeedTrailer back;
    feed_trailer_write(&line, &(FeedTrailer){.seq = 17});
    check_text(buf_str(&line), "{\"more\":true,\"seq\":17}\n");
    check_int(feed_part_of(without_lf(&line)), FEED_TRAILER);
    check_ok(feed_trailer_read(arena, without_lf(&line), &back, &err));
    check(!back.complete && back.seq == 17);
}

static void a_complete_page_ends_with_sums(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(1024);
    ScopeSum sums[] = {{STR("public"), {0}}, {STR("org:olivet"), {0}}};
    FeedTrailer trailer = {.complete = true, .seq = 812, .sums = sums, .sum_count = 2}, back;
    sum_add(&sums[0].sum, hash_record(STR("tool"), STR("a"), STR("public"), STR("{}")));
    feed_trailer_write(&line, &trailer);
    check_int(feed_part_of(without_lf(&line)), FEED_TRAILER);
    check_ok(feed_trailer_read(arena, without_lf(&line), &back, &err));
    check(back.complete && back.seq == 812 && back.sum_count == 2);
    check_text(back.sums[0].scope, "public");
    check(sum_equal(back.sums[0].sum, sums[0].sum) && sum_equal(back.sums[1].sum, sums[1].sum));
}

static void an_end_that_is_none_is_refused(void **state) {
    (void)state;
    static const char *const lines[] = {
        "",
        "{}",
        "{\"more\":false,\"seq\":1}",
        "{\"more\":true}",
        "{\"more\":true,\"seq\":-1}",
        "{\"more\":true,\"complete\":true,\"seq\":1,\"sums\":{}}",
        "{\"complete\":true,\"seq\":1}",
        "{\"complete\":true,\"seq\":1,\"sums\":[]}",
        "{\"complete\":true,\"seq\":1,\"sums\":{\"public\":[1]}}",
        "{\"complete\":true,\"seq\":1,\"sums\":{\"public\":[1,2]}}",
        "{\"complete\":true,\"seq\":1,\"sums\":{\"public\":[-1,\"00000000000000000000000000000000\"]}}",
        "{\"complete\":true,\"seq\":1,\"sums\":{\"public\":[1,\"0000000000000000000000000000000G\"]}}",
        "{\"complete\":true,\"seq\":1,\"sums\":{\"world\":[1,\"00000000000000000000000000000000\"]}}",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        FeedTrailer trailer;
        if (feed_trailer_read(arena, str_of(lines[i]), &trailer, &err) != E_INVALID)
            fail_msg("taken: %s", lines[i]);
    }
}

static void what_is_neither_head_nor_end_counts_as_a_line(void **state) {
    (void)state;
    check_int(feed_part_of(STR("{\"seq\":1,\"kind\":\"a\"")), FEED_LINE);
    check_int(feed_part_of(STR("")), FEED_LINE);
    check_int(feed_part_of((Str){0}), FEED_LINE);
    check_int(feed_part_of(STR(" {\"feed\":1")), FEED_LINE);
}

/* ---- cursor and epoch ---- */
static void a_cursor_reads_as_it_was_written(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new(1024);
    CursorItem items[] = {{STR("public"), 812, -1}, {STR("org:olivet"), 0, 812}, {STR("pool:agglo"), 5, 0}},
               *back;
    size_t count = 0;
    cursor_write(&text, items, COUNT(items));
    check_text(buf_str(&text), "public@812,org:olivet@0*812,pool:agglo@5*0");
    check_ok(cursor_read(arena, buf_str(&text), &back, &count, &err));
    check_int(count, 3);
    for (size_t i = 0; i < 3; i++)
        check(str_equal(back[i].scope, items[i].scope) && back[i].seq == items[i].seq &&
              back[i].head0 == items[i].head0);
}

static void an_empty_cursor_has_no_items(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    CursorItem *items;
    size_t count = 7;
    check_ok(cursor_read(arena, (Str){0}, &items, &count, &err));
    check_int(count, 0);
    check_ok(cursor_read(arena, STR(""), &items, &count, &err));
    check_int(count, 0);
}

static void a_malformed_cursor_is_refused(void **state) {
    (void)state;
    static const char *const cursors[] = {"public",
                                          "public@",
                                          "public@x",
                                          "public@-1",
                                          "public@01",
                                          "@1",
                                          "world@1",
                                          "public@1,",
                                          ",public@1",
                                          "public@1*",
                                          "public@1*2*3",
                                          "public@1@2",
                                          "public@1*x",
                                          " public@1",
                                          "public@1 ",
                                          "public@+1",
                                          "public@1,public@2",
                                          "public@1.5",
                                          "hub@9223372036854775808"};
    for (size_t i = 0; i < COUNT(cursors); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        CursorItem *items;
        size_t count;
        if (cursor_read(arena, str_of(cursors[i]), &items, &count, &err) != E_INVALID)
            fail_msg("taken: %s", cursors[i]);
    }
}

static void a_cursor_of_too_many_items_is_refused(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new(1024 * 1024);
    CursorItem *items;
    size_t count;
    buf_add_cstr(&text, "public@1");
    for (int i = 0; i < SCOPES_MAX; i++) buf_print(&text, ",org:o%d@1", i);
    check_status(cursor_read(arena, buf_str(&text), &items, &count, &err), E_TOOBIG);
}

static void epochs_have_a_generation(void **state) {
    (void)state;
    check(epoch_generation(STR("7-3f9c")) == 7);
    check(epoch_generation(STR("1764064800-0a")) == 1764064800);
    static const char *const bad[] = {"",    "7",   "7-",    "-a",   "07-a",
                                      "x-a", "7-A", "7-a b", "-7-a", "9223372036854775808-a"};
    for (size_t i = 0; i < COUNT(bad); i++) check(!epoch_is_valid(str_of(bad[i])));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_reads_as_it_was_written),
        cmocka_unit_test(a_header_that_is_none_is_refused),
        cmocka_unit_test(more_scopes_than_allowed_are_refused),
        cmocka_unit_test(a_page_that_goes_on_says_from_where),
        cmocka_unit_test(a_complete_page_ends_with_sums),
        cmocka_unit_test(an_end_that_is_none_is_refused),
        cmocka_unit_test(what_is_neither_head_nor_end_counts_as_a_line),
        cmocka_unit_test(a_cursor_reads_as_it_was_written),
        cmocka_unit_test(an_empty_cursor_has_no_items),
        cmocka_unit_test(a_malformed_cursor_is_refused),
        cmocka_unit_test(a_cursor_of_too_many_items_is_refused),
        cmocka_unit_test(epochs_have_a_generation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
