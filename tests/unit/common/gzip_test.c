#include "common/wire/gzip.h"

#include "common/base/rng.h"
#include "tests/harness/check.h"

#include <string.h>

enum { PLAIN_MAX = 1024 * 1024 };

static void gunzip_free(Gunzip **stream) {
    gunzip_close(*stream);
}

static Buf packed_of(Str plain, int level) {
    Err err = {0};
    Buf packed = buf_new((size_t)2 * PLAIN_MAX);
    check_ok(gzip_pack(&packed, plain, level, &err));
    return packed;
}

static Buf some_lines(size_t bytes) {
    Buf text = buf_new(PLAIN_MAX);
    Rng rng = rng_seeded(3);
    while (text.len < bytes)
        buf_print(&text, "{\"seq\":%d,\"kind\":\"event\"}\n", (int)rng_below(&rng, 100000));
    return text;
}

static void what_was_packed_unfolds_to_the_same(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 100, 32 * 1024, 200 * 1024};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        Err err = {0};
        AUTO(buf_free) Buf text = some_lines(sizes[i]);
        AUTO(buf_free) Buf packed = packed_of(buf_str(&text), i % 2 ? GZIP_WIRE_LEVEL : GZIP_STORED_LEVEL);
        AUTO(buf_free) Buf back = buf_new(PLAIN_MAX);
        check_ok(gunzip_all(&back, buf_str(&packed), text.len, &err));
        check(back.len == text.len && (!text.len || memcmp(back.at, text.at, text.len) == 0));
        if (text.len > 1000) check(packed.len < text.len / 2);
    }
}

static void packing_is_the_same_every_time(void **state) {
    (void)state;
    AUTO(buf_free) Buf text = some_lines(5000);
    AUTO(buf_free) Buf once = packed_of(buf_str(&text), GZIP_WIRE_LEVEL);
    AUTO(buf_free) Buf twice = packed_of(buf_str(&text), GZIP_WIRE_LEVEL);
    check(str_equal(buf_str(&once), buf_str(&twice)));
}

static void a_stream_may_come_in_any_pieces(void **state) {
    (void)state;
    AUTO(buf_free) Buf text = some_lines(20000);
    AUTO(buf_free) Buf packed = packed_of(buf_str(&text), GZIP_WIRE_LEVEL);
    Rng rng = rng_seeded(11);
    for (int round = 0; round < 50; round++) {
        Err err = {0};
        AUTO(gunzip_free) Gunzip *stream = NULL;
        AUTO(buf_free) Buf back = buf_new(PLAIN_MAX);
        bool ended = false;
        check_ok(gunzip_open(&stream, PLAIN_MAX, &err));
        for (Str rest = buf_str(&packed); rest.len;) {
            Str piece = str_first(rest, rng_below(&rng, 400));
            check(!ended);
            check_ok(gunzip_feed(stream, piece, &back, &ended, &err));
            rest = str_skip(rest, piece.len);
        }
        check(ended && str_equal(buf_str(&back), buf_str(&text)));
    }
}

static void no_more_comes_out_than_allowed(void **state) {
    (void)state;
    Err err = {0};
    AUTO(buf_free) Buf text = some_lines(100000);
    AUTO(buf_free) Buf packed = packed_of(buf_str(&text), GZIP_WIRE_LEVEL);
    for (size_t less = 1; less < 70000; less += 33333) {
        AUTO(buf_free) Buf back = buf_new(PLAIN_MAX);
        check_status(gunzip_all(&back, buf_str(&packed), text.len - less, &err), E_TOOBIG);
        check(back.len <= text.len - less);
    }
    AUTO(buf_free) Buf none = buf_new(PLAIN_MAX);
    check_status(gunzip_all(&none, buf_str(&packed), 0, &err), E_TOOBIG);
}

static void no_more_goes_in_than_there_is_room_for(void **state) {
    (void)state;
    Err err = {0};
    AUTO(buf_free) Buf text = some_lines(100000);
    AUTO(buf_free) Buf packed = packed_of(buf_str(&text), GZIP_WIRE_LEVEL);
    AUTO(buf_free) Buf small = buf_new(1000);
    check_status(gunzip_all(&small, buf_str(&packed), PLAIN_MAX, &err), E_TOOBIG);
    AUTO(buf_free) Buf tiny = buf_new(10);
    check_status(gzip_pack(&tiny, buf_str(&text), GZIP_WIRE_LEVEL, &err), E_TOOBIG);
}

static void every_cut_is_seen(void **state) {
    (void)state;
    AUTO(buf_free) Buf packed = packed_of(STR("hello hello hello"), GZIP_WIRE_LEVEL);
    for (size_t cut = 0; cut < packed.len; cut++) {
        Err err = {0};
        AUTO(buf_free) Buf back = buf_new(PLAIN_MAX);
        check_status(gunzip_all(&back, str_first(buf_str(&packed), cut), PLAIN_MAX, &err), E_CORRUPT);
    }
}

static void every_flipped_bit_of_data_is_seen(void **state) {
    (void)state;
    enum { HEADER_BYTES = 10 };
    AUTO(buf_free) Buf packed = packed_of(STR("hello hello hello"), GZIP_WIRE_LEVEL);
    for (size_t at = HEADER_BYTES; at < packed.len; at++)
        for (int bit = 0; bit < 8; bit++) {
            AUTO(buf_free) Buf back = buf_new(PLAIN_MAX);
            packed.at[at] = (char)(packed.at[at] ^ (1 << bit));
            Status status = gunzip_all(&back, buf_str(&packed), PLAIN_MAX, NULL);
            packed.at[at] = (char)(packed.at[at] ^ (1 << bit));
            if (status == OK) check(str_is(buf_str(&back), "hello hello hello"));
        }
}

static void what_follows_the_end_is_refused(void **state) {
    (void)state;
    Err err = {0};
    AUTO(buf_free) Buf packed = packed_of(STR("one"), GZIP_WIRE_LEVEL);
    AUTO(buf_free) Buf back = buf_new(PLAIN_MAX);
    buf_add_byte(&packed, 'x');
    check_status(gunzip_all(&back, buf_str(&packed), PLAIN_MAX, &err), E_CORRUPT);
    AUTO(buf_free) Buf plain = buf_new(PLAIN_MAX);
    check_status(gunzip_all(&plain, STR("{\"feed\":1}"), PLAIN_MAX, &err), E_CORRUPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_unfolds_to_the_same),
        cmocka_unit_test(packing_is_the_same_every_time),
        cmocka_unit_test(a_stream_may_come_in_any_pieces),
        cmocka_unit_test(no_more_comes_out_than_allowed),
        cmocka_unit_test(no_more_goes_in_than_there_is_room_for),
        cmocka_unit_test(every_cut_is_seen),
        cmocka_unit_test(every_flipped_bit_of_data_is_seen),
        cmocka_unit_test(what_follows_the_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
