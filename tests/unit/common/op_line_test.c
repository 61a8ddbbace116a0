#include "common/wire/secret.h"
#include "common/wire/wire.h"
#include "tests/harness/check.h"

#include <string.h>

#define ID "0192f0c1-7a00-7000-8000-000000000011"

static Str without_lf(const Buf *line) {
    return str_first(buf_str(line), line->len - 1);
}

static void an_op_is_spelled_as_the_protocol_shows_it(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(OP_LINE_MAX);
    OpLine op;
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "event", STR("e1"));
    json_put_bool(arena, args, "again", true);
    Str body = op_body_write(arena, STR("register"), 1764064799000, STR("p1"), STR("badge+pin"), args);
    op_line_write(&line, 17, STR(ID), STR("before"), body);
    check_text(buf_str(&line), "{\"n\":17,\"id\":\"" ID
                               "\",\"prev\":\"before\",\"op\":\"register\",\"at\":1764064799000,\"by\":"
                               "\"p1\",\"auth\":\"badge+pin\",\"args\":{\"again\":true,\"event\":\"e1\"}}\n");
    check_ok(op_line_read(arena, without_lf(&line), &op, &err));
    check(op.n == 17 && op.at == 1764064799000);
    check_text(op.id, ID);
    check_text(op.prev, "before");
    check_text(op.op, "register");
    check_text(op.by, "p1");
    check_text(op.auth, "badge+pin");
    check_text(json_get_text(op.args, "event"), "e1");
    check(!op.was_epoch.at && !op.was_code.at);
}

static void a_first_anonymous_op_leaves_out_what_is_absent(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(OP_LINE_MAX);
    OpLine op;
    op_line_write(&line, 1, STR(ID), (Str){0},
                  op_body_write(arena, STR("declare"), 5, (Str){0}, (Str){0}, NULL));
    check_text(buf_str(&line), "{\"n\":1,\"id\":\"" ID "\",\"op\":\"declare\",\"at\":5,\"args\":{}}\n");
    check_ok(op_line_read(arena, without_lf(&line), &op, &err));
    check(!op.prev.at && !op.by.at && !op.auth.at && op.args->type == JSON_MAP_T && op.args->count == 0);
}

static void what_an_op_was_before_a_restore_is_read(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    OpLine op;
    check_ok(op_line_read(arena,
                          STR("{\"n\":2,\"id\":\"a\",\"prev\":\"b\",\"op\":\"x\",\"was\":{\"epoch\":\"7-3f\","
                              "\"code\":\"full\"}}"),
                          &op, &err));
    check_text(op.was_epoch, "7-3f");
    check_text(op.was_code, "full");
}

static void lines_of_which_nothing_may_be_taken(void **state) {
    (void)state;
    static const char *const lines[] = {
        "",
        "{",
        "[]",
        "7",
        "{\"id\":\"a\",\"op\":\"x\"}",
        "{\"n\":0,\"id\":\"a\",\"op\":\"x\"}",
        "{\"n\":\"1\",\"id\":\"a\",\"op\":\"x\"}",
        "{\"n\":1.0,\"id\":\"a\",\"op\":\"x\"}",
        "{\"n\":1,\"op\":\"x\"}",
        "{\"n\":1,\"id\":\"\",\"op\":\"x\"}",
        "{\"n\":1,\"id\":\"a~b\",\"op\":\"x\"}",
        "{\"n\":1,\"id\":\"a\"}",
        "{\"n\":1,\"id\":\"a\",\"op\":\"\"}",
        "{\"n\":1,\"id\":\"a\",\"op\":7}",
        "{\"n\":2,\"id\":\"a\",\"op\":\"x\",\"prev\":null}",
        "{\"n\":2,\"id\":\"a\",\"op\":\"x\",\"prev\":\"a b\"}",
        "{\"n\":1,\"n\":1,\"id\":\"a\",\"op\":\"x\"}",
        "{\"n\":1,\"id\":\"a\",\"op\":\"x\"} {}",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        OpLine op;
        if (op_line_read(arena, str_of(lines[i]), &op, &err) != E_INVALID) fail_msg("taken: %s", lines[i]);
    }
}

static void what_is_only_odd_is_left_to_the_rules(void **state) {
    (void)state;
    static const char *const lines[] = {
        "{\"n\":1,\"id\":\"a\",\"op\":\"juggle.9\"}",
        "{\"n\":1,\"id\":\"a\",\"op\":\"x\",\"args\":[1]}",
        "{\"n\":1,\"id\":\"a\",\"op\":\"x\",\"args\":null,\"at\":\"now\",\"by\":7}",
        "{\"n\":1,\"id\":\"a\",\"op\":\"x\",\"more\":{\"a\":1}}",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        OpLine op;
        check_ok(op_line_read(arena, str_of(lines[i]), &op, &err));
        check(op.args && op.args->type == JSON_MAP_T);
    }
}

static void an_op_over_the_limit_is_refused_on_both_sides(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new((size_t)2 * OP_LINE_MAX);
    OpLine op;
    Json *args = json_new_map(arena);
    while (text.len <= OP_LINE_MAX) buf_add_byte(&text, 'a');
    check_status(op_line_read(arena, buf_str(&text), &op, &err), E_TOOBIG);
    json_put_text(arena, args, "text", str_first(buf_str(&text), OP_BODY_MAX));
    check(!op_body_write(arena, STR("propose"), 1, STR("p"), STR("badge"), args).at);
}

static void the_longest_body_still_fits_in_a_line(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new(OP_LINE_MAX);
    AUTO(buf_free) Buf line = buf_new((size_t)2 * OP_LINE_MAX);
    OpLine op;
    Json *args = json_new_map(arena);
    while (text.len < OP_BODY_MAX - 46) buf_add_byte(&text, 'a');
    json_put_text(arena, args, "text", buf_str(&text));
    Str body = op_body_write(arena, STR("propose"), 1, (Str){0}, (Str){0}, args);
    check(body.at && body.len > OP_BODY_MAX - 10);
    op_line_write(&line, 9007199254740991, STR(ID), STR(ID), body);
    check_ok(op_line_read(arena, without_lf(&line), &op, &err));
}

static void the_header_of_a_push_reads_as_it_was_written(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(1024);
    OpsHeader header = {STR("d1"), STR("i1"), 1764064800123, 12}, back;
    ops_header_write(&line, &header);
    check_text(buf_str(&line),
               "{\"ops\":1,\"device\":\"d1\",\"incarnation\":\"i1\",\"time\":1764064800123,\"seen\":12}\n");
    check_ok(ops_header_read(arena, without_lf(&line), &back, &err));
    check_text(back.device, "d1");
    check_text(back.incarnation, "i1");
    check(back.time == 1764064800123 && back.seen == 12);
}

static void check_push_header(const char *line, Status expected) {
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    OpsHeader header;
    check_status(ops_header_read(arena, str_of(line), &header, &err), expected);
}

static void a_push_without_its_header_is_refused(void **state) {
    (void)state;
    check_push_header("", E_INVALID);
    check_push_header("{\"n\":1,\"id\":\"a\",\"op\":\"x\"}", E_INVALID);
    check_push_header("{\"ops\":2,\"device\":\"d\",\"incarnation\":\"i\",\"time\":1,\"seen\":0}", E_VERSION);
    check_push_header("{\"ops\":1,\"incarnation\":\"i\",\"time\":1,\"seen\":0}", E_INVALID);
    check_push_header("{\"ops\":1,\"device\":\"d~e\",\"incarnation\":\"i\",\"time\":1,\"seen\":0}",
                      E_INVALID);
    check_push_header("{\"ops\":1,\"device\":\"d\",\"incarnation\":\"i\",\"seen\":0}", E_INVALID);
    check_push_header("{\"ops\":1,\"device\":\"d\",\"incarnation\":\"i\",\"time\":1,\"seen\":-1}", E_INVALID);
}

static void sealed_args_are_those_of_one_op(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str public_key, secret_key;
    const Json *opened = NULL;
    Json *args = json_new_map(arena), *sealed = NULL;
    json_put_text(arena, args, "idea", STR("i"));
    sealing_key_new(arena, &public_key, &secret_key);
    check_ok(op_args_seal(arena, public_key, STR("one"), args, &sealed, &err));
    check_int(sealed->count, 1);
    check_ok(op_args_open(arena, public_key, secret_key, STR("one"), sealed, &opened, &err));
    check_text(json_get_text(opened, "idea"), "i");
    check_status(op_args_open(arena, public_key, secret_key, STR("other"), sealed, &opened, &err), E_INVALID);
    check_status(op_args_open(arena, public_key, secret_key, STR("one"), args, &opened, &err), E_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_op_is_spelled_as_the_protocol_shows_it),
        cmocka_unit_test(a_first_anonymous_op_leaves_out_what_is_absent),
        cmocka_unit_test(what_an_op_was_before_a_restore_is_read),
        cmocka_unit_test(lines_of_which_nothing_may_be_taken),
        cmocka_unit_test(what_is_only_odd_is_left_to_the_rules),
        cmocka_unit_test(an_op_over_the_limit_is_refused_on_both_sides),
        cmocka_unit_test(the_longest_body_still_fits_in_a_line),
        cmocka_unit_test(the_header_of_a_push_reads_as_it_was_written),
        cmocka_unit_test(a_push_without_its_header_is_refused),
        cmocka_unit_test(sealed_args_are_those_of_one_op),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
