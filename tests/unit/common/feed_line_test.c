#include "common/base/rng.h"
#include "common/wire/wire.h"
#include "tests/harness/check.h"

#include <string.h>

/* The vectors of PROTOCOL 1. */
#define EVENT_ID STR("0192f0c1-7a00-7000-8000-000000000001")
#define EVENT_DOC                                                                                            \
    STR("{\"ends\":1764072000000,\"place\":\"Salle du Conseil\",\"seats\":12,\"starts\":1764064800000,"      \
        "\"title\":\"iX'Presso : réunion efficace\",\"type\":\"ixpresso\"}")
#define TOOL_DOC STR("{\"project\":1,\"title\":\"Charte de la réunion\",\"type\":\"charter\"}")

static Hash event_hash(void) {
    return hash_record(STR("event"), EVENT_ID, STR("pool:agglo"), EVENT_DOC);
}

static Hash tool_hash(void) {
    return hash_record(STR("tool"), STR("charte-reunion"), STR("public"), TOOL_DOC);
}

static void vectors_of_the_protocol_hold(void **state) {
    (void)state;
    Sum sum = {0};
    sum_add(&sum, event_hash());
    sum_add(&sum, tool_hash());
    check_text(str_of(hash_hex(event_hash()).text), "5d1fdc371968613d4ec1014325f76ad0");
    check_text(str_of(hash_hex(tool_hash()).text), "745bdc4dad780a2c53fdc0509b83ccaf");
    check_text(str_of(sum_hex(sum).text), "d17bb884c6e06b69a2bec193c17b377f");
    check_int(sum.count, 2);
}

/* Written by the canonical writer from a tree whose members stand in another order. */
static void vectors_are_what_the_canonical_writer_writes(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf doc = buf_new(1024);
    Json *tree = NULL;
    check_ok(json_parse(
        arena, STR("{ \"type\": \"charter\", \"title\": \"Charte de la r\\u00e9union\", \"project\": 1 }"),
        &tree, &err));
    json_write(&doc, tree);
    check_text(
        str_of(hash_hex(hash_record(STR("tool"), STR("charte-reunion"), STR("public"), buf_str(&doc))).text),
        "745bdc4dad780a2c53fdc0509b83ccaf");
}

static void sums_wrap_and_unwrap(void **state) {
    (void)state;
    Hash all_ones, one = {{0}};
    memset(all_ones.at, 0xff, sizeof all_ones.at);
    one.at[HASH_BYTES - 1] = 1;
    Sum sum = {0}, back = {0};
    sum_add(&sum, all_ones);
    sum_add(&sum, one);
    check_text(str_of(sum_hex(sum).text), "00000000000000000000000000000000");
    check(!sum_equal(sum, back));
    sum_remove(&sum, one);
    check_text(str_of(sum_hex(sum).text), "ffffffffffffffffffffffffffffffff");
    check(sum_from(1, STR("ffffffffffffffffffffffffffffffff"), &back));
    check(sum_equal(sum, back));
    sum_remove(&sum, all_ones);
    check(sum_equal(sum, (Sum){0}));
    check(!sum_from(-1, STR("ffffffffffffffffffffffffffffffff"), &back));
    check(!sum_from(1, STR("FFffffffffffffffffffffffffffffff"), &back));
    check(!sum_from(1, STR("ff"), &back));
}

static FeedLine event_line(void) {
    return (FeedLine){.seq = 812,
                      .kind = STR("event"),
                      .id = EVENT_ID,
                      .scope = STR("pool:agglo"),
                      .hash = event_hash(),
                      .doc = EVENT_DOC};
}

static void a_line_reads_as_it_was_written(void **state) {
    (void)state;
    Err err = {0};
    AUTO(buf_free) Buf out = buf_new(FEED_LINE_MAX);
    FeedLine line = event_line(), back;
    feed_line_write(&out, &line);
    check_contains(
        out.at, "{\"seq\":812,\"kind\":\"event\",\"id\":\"0192f0c1-7a00-7000-8000-000000000001\",\"scope\":"
                "\"pool:agglo\",\"hash\":\"5d1fdc371968613d4ec1014325f76ad0\",\"doc\":{\"ends\":");
    check_ok(feed_line_scan(str_first(buf_str(&out), out.len - 1), &back, &err));
    check_int(back.seq, 812);
    check(str_equal(back.kind, line.kind) && str_equal(back.id, line.id) &&
          str_equal(back.scope, line.scope));
    check(str_equal(back.doc, line.doc) && hash_equal(back.hash, line.hash) && !back.left);
    check(feed_line_is_true(&back));
}

static void a_left_line_has_no_document(void **state) {
    (void)state;
    Err err = {0};
    AUTO(buf_free) Buf out = buf_new(FEED_LINE_MAX);
    FeedLine line = {.seq = 813,
                     .kind = STR("event"),
                     .id = EVENT_ID,
                     .scope = STR("org:olivet"),
                     .left = true},
             back;
    feed_line_write(&out, &line);
    check_text(buf_str(&out),
               "{\"seq\":813,\"kind\":\"event\",\"id\":\"0192f0c1-7a00-7000-8000-000000000001\",\"scope\":"
               "\"org:olivet\",\"left\":true}\n");
    check_ok(feed_line_scan(str_first(buf_str(&out), out.len - 1), &back, &err));
    check(back.left && !back.doc.at && feed_line_is_true(&back));
}

static void a_changed_document_is_not_true(void **state) {
    (void)state;
    FeedLine line = event_line();
    line.scope = STR("pool:boucle");
    check(!feed_line_is_true(&line));
    line = event_line();
    line.doc = str_first(line.doc, line.doc.len - 1);
    check(!feed_line_is_true(&line));
}

#define HEX "5d1fdc371968613d4ec1014325f76ad0"
static void other_spellings_are_refused(void **state) {
    (void)state;
    static const char *const lines[] = {
        "",
        "{}",
        "not json",
        " {\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}\n",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true} ",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":false}",
        "{\"seq\":0,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":01,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":-1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":9007199254740992,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":99999999999999999999,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":1, \"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"kind\":\"a\",\"seq\":1,\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":1,\"kind\":\"A\",\"id\":\"b\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"..\",\"scope\":\"public\",\"left\":true}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"world\",\"left\":true}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\"}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX "\",\"doc\":{}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX "\",\"doc\":[]}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX "\",\"doc\":{ }}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX "\",\"doc\":{}},{}}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX
        "\",\"doc\":{},\"x\":{}}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX
        "\",\"doc\":{\"a\":01}}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX
        "\",\"doc\":{\"a\":\"\\x\"}}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX
        "\",\"doc\":{\"a\":\"\\ud800\"}}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX
        "\",\"doc\":{\"a\":\"\xff\"}}",
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":"
        "\"5D1FDC371968613D4EC1014325F76AD0\","
        "\"doc\":{}}",
    };
    Err err = {0};
    FeedLine line;
    for (size_t i = 0; i < COUNT(lines); i++)
        if (feed_line_scan(str_of(lines[i]), &line, &err) != E_INVALID) fail_msg("taken: %s", lines[i]);
}

static void what_json_allows_inside_a_document_is_taken(void **state) {
    (void)state;
    static const char *const lines[] = {
        "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX "\",\"doc\":{}}",
        "{\"seq\":9007199254740991,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"hub\",\"hash\":\"" HEX
        "\",\"doc\":{\"a\":[1,-2,0,true,false,null,{\"b\":[]},\"\\\"\\\\\\n\\u00e9\\ud83d\\ude00 é 😀\"]}}",
    };
    Err err = {0};
    FeedLine line;
    for (size_t i = 0; i < COUNT(lines); i++) check_ok(feed_line_scan(str_of(lines[i]), &line, &err));
}

static void a_deep_document_is_refused_not_followed(void **state) {
    (void)state;
    Err err = {0};
    FeedLine line;
    AUTO(buf_free) Buf out = buf_new(FEED_LINE_MAX);
    buf_add_cstr(&out, "{\"seq\":1,\"kind\":\"a\",\"id\":\"b\",\"scope\":\"public\",\"hash\":\"" HEX
                       "\",\"doc\":{\"a\":");
    for (int i = 0; i < 100000; i++) buf_add_byte(&out, '[');
    for (int i = 0; i < 100000; i++) buf_add_byte(&out, ']');
    buf_add_cstr(&out, "}}");
    check_status(feed_line_scan(buf_str(&out), &line, &err), E_INVALID);
}

static void a_line_over_the_limit_is_refused(void **state) {
    (void)state;
    Err err = {0};
    FeedLine line;
    AUTO(buf_free) Buf out = buf_new((size_t)2 * FEED_LINE_MAX);
    for (int i = 0; i <= FEED_LINE_MAX; i++) buf_add_byte(&out, 'a');
    check_status(feed_line_scan(buf_str(&out), &line, &err), E_TOOBIG);
}

/* Either refused, or it means exactly what it says: writing it again gives the same bytes, and any JSON
 * reader takes it. */
static void check_taken_is_rewritten(Str text) {
    Err err = {0};
    FeedLine line;
    if (feed_line_scan(text, &line, &err) != OK) return;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf again = buf_new((size_t)2 * FEED_LINE_MAX);
    Json *tree = NULL;
    feed_line_write(&again, &line);
    check(str_equal(str_first(buf_str(&again), again.len - 1), text));
    Status parsed = json_parse(arena, text, &tree, &err);
    if (parsed != OK && !strstr(err.text, "duplicate") && !strstr(err.text, "real number overflow") &&
        !strstr(err.text, "big"))
        fail_msg("no JSON: %.*s: %s", STR_FORMAT(text), err.text);
}

static void mutate(char *text, size_t *len, Rng *rng) {
    static const char bytes[] = "\"\\{}[]:,0123456789eE+-. \n\t\xc3\xa9\xff\x01truefalsn_~";
    size_t at = rng_below(rng, *len);
    char byte = bytes[rng_below(rng, sizeof bytes - 1)];
    switch (rng_below(rng, 3)) {
    case 0:
        text[at] = byte;
        break;
    case 1:
        memmove(text + at, text + at + 1, --*len - at);
        break;
    default:
        memmove(text + at + 1, text + at, (*len)++ - at);
        text[at] = byte;
    }
}

static void a_mutated_line_is_refused_or_means_what_it_says(void **state) {
    (void)state;
    Rng rng = rng_seeded(20261123);
    AUTO(buf_free) Buf out = buf_new(FEED_LINE_MAX);
    FeedLine line = event_line();
    feed_line_write(&out, &line);
    for (int round = 0; round < 20000; round++) {
        char text[1024];
        size_t len = out.len - 1;
        memcpy(text, out.at, len);
        for (uint64_t i = 1 + rng_below(&rng, 3); i > 0; i--) mutate(text, &len, &rng);
        check_taken_is_rewritten((Str){text, len});
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_the_protocol_hold),
        cmocka_unit_test(vectors_are_what_the_canonical_writer_writes),
        cmocka_unit_test(sums_wrap_and_unwrap),
        cmocka_unit_test(a_line_reads_as_it_was_written),
        cmocka_unit_test(a_left_line_has_no_document),
        cmocka_unit_test(a_changed_document_is_not_true),
        cmocka_unit_test(other_spellings_are_refused),
        cmocka_unit_test(what_json_allows_inside_a_document_is_taken),
        cmocka_unit_test(a_deep_document_is_refused_not_followed),
        cmocka_unit_test(a_line_over_the_limit_is_refused),
        cmocka_unit_test(a_mutated_line_is_refused_or_means_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
