/* POST /v1/ops through a real socket (PROTOCOL 4). */
#include "common/wire/gzip.h"
#include "tests/harness/test_hub.h"

#include <inttypes.h>

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(test_hub_close_auto) TestHub *name = test_hub_open();                                               \
    TestDevice device = test_pair(name, "olivet-mairie")

#define REGISTER "{\"event\":\"" TEST_EVENT "\"}"

static Answer push(TestHub *hub, const TestDevice *device, const char *incarnation, int64_t seen,
                   const char *lines) {
    return test_push(hub, device, test_ops(hub, device, incarnation, seen, lines));
}

static void check_accepted(TestHub *hub, const Answer *answer, int64_t n) {
    check_int(answer->status, 200);
    Json *body = answer_json(hub, answer);
    check_int(json_get_int(body, "accepted", -1), n);
    check(json_get_text(body, "epoch").at != NULL);
}

static const char *line(TestHub *hub, int64_t n, int number, int prev, const char *person) {
    return test_op(hub, n, number, prev, "register", person, REGISTER);
}

static Json *receipt(TestHub *hub, const TestDevice *device, const char *incarnation) {
    Err err = {0};
    Json *doc = NULL;
    check_ok(json_parse(hub->arena, test_receipt(hub, device, incarnation), &doc, &err));
    return doc;
}

/* "1:confirmed 2:full" */
static const char *verdicts(TestHub *hub, const TestDevice *device, const char *incarnation) {
    AUTO(buf_free) Buf text = buf_new(256 * 1024);
    const Json *list = json_get(receipt(hub, device, incarnation), "verdicts");
    for (const Json *verdict = list->first; verdict; verdict = verdict->next)
        buf_print(&text, "%s%" PRId64 ":%.*s", text.len ? " " : "", json_get_int(verdict, "n", 0),
                  STR_FORMAT(json_get_text(verdict, "code")));
    return str_cstr(hub->arena, buf_str(&text));
}

static void an_op_is_judged_and_its_receipt_comes_with_it(void **state) {
    OPENED(hub);
    Answer answer = push(hub, &device, "i", 0, line(hub, 1, 1, 0, TEST_PERSON));
    check_accepted(hub, &answer, 1);
    Json *doc = receipt(hub, &device, "i");
    check_int(json_get_int(doc, "decided", 0), 1);
    check_int(json_get_int(doc, "durable", 0), 1);
    check_text(json_get_text(doc, "last"), test_op_id(hub, 1));
    check_text(str_of(verdicts(hub, &device, "i")), "1:confirmed");
    answer = test_get(hub, hub->admin, "/v1/records/registration/" TEST_EVENT "~" TEST_PERSON);
    check_int(answer.status, 200);
    check_text(json_get_text(json_get(answer_json(hub, &answer), "doc"), "state"), "confirmed");
}

static void a_lost_answer_and_a_second_sending_change_nothing(void **state) {
    OPENED(hub);
    const char *lines = line(hub, 1, 1, 0, TEST_PERSON);
    Answer answer = push(hub, &device, "i", 0, lines);
    check_accepted(hub, &answer, 1);
    answer = test_get(hub, hub->admin, "/v1/hello");
    int64_t head = json_get_int(answer_json(hub, &answer), "head", 0);
    answer = push(hub, &device, "i", 0, lines);
    check_accepted(hub, &answer, 1);
    answer = test_get(hub, hub->admin, "/v1/hello");
    check_int(json_get_int(answer_json(hub, &answer), "head", 0), head);
}

static void an_id_is_judged_once_whatever_key_it_comes_under(void **state) {
    OPENED(hub);
    Answer answer = push(hub, &device, "i", 0, line(hub, 1, 1, 0, TEST_PERSON));
    check_accepted(hub, &answer, 1);
    answer = push(hub, &device, "i", 1, test_op(hub, 2, 2, 1, "cancel", TEST_PERSON, REGISTER));
    check_accepted(hub, &answer, 2);
    answer = push(hub, &device, "j", 0, line(hub, 1, 1, 0, TEST_PERSON)); /* the same op, re-keyed */
    check_accepted(hub, &answer, 1);
    check_text(str_of(verdicts(hub, &device, "j")), "1:confirmed");
    answer = test_get(hub, hub->admin, "/v1/records/registration/" TEST_EVENT "~" TEST_PERSON);
    check_text(json_get_text(json_get(answer_json(hub, &answer), "doc"), "state"), "cancelled");
}

static void a_hole_is_a_gap_and_nothing_is_taken(void **state) {
    OPENED(hub);
    const char *lines =
        str_print(hub->arena, "%s%s", line(hub, 1, 1, 0, TEST_PERSON), line(hub, 3, 3, 2, TEST_OTHER_PERSON))
            .at;
    Answer answer = push(hub, &device, "i", 0, lines);
    check_code(hub, &answer, 409, "gap");
    check_int(json_get_int(answer_json(hub, &answer), "expected", 0), 2);
    check(!test_receipt(hub, &device, "i").at);
    answer = test_get(hub, device.token, "/v1/hello?incarnation=i");
    check_int(json_get_int(answer_json(hub, &answer), "decided", -1), 0);
}

static void check_clone(TestHub *hub, const Answer *answer, int64_t n) {
    check_code(hub, answer, 409, "clone");
    check_int(json_get_int(answer_json(hub, answer), "n", 0), n);
}

static void another_history_is_a_clone(void **state) {
    OPENED(hub);
    const char *two =
        str_print(hub->arena, "%s%s", line(hub, 1, 1, 0, TEST_PERSON), line(hub, 2, 2, 1, TEST_OTHER_PERSON))
            .at;
    Answer answer = push(hub, &device, "i", 0, two);
    check_accepted(hub, &answer, 2);
    answer = push(hub, &device, "i", 2, "");
    check_accepted(hub, &answer, 2);
    answer = push(hub, &device, "i", 2, line(hub, 3, 4, 3, TEST_PERSON)); /* prev is not our op 2 */
    check_clone(hub, &answer, 3);
    answer = push(hub, &device, "i", 2, line(hub, 2, 5, 1, TEST_PERSON)); /* op 2 was another */
    check_clone(hub, &answer, 2);
    answer = push(hub, &device, "i", 2,
                  line(hub, 1, 6, 0, TEST_PERSON)); /* its number is forgotten, its id unknown */
    check_clone(hub, &answer, 1);
    answer = push(hub, &device, "i", 2, line(hub, 1, 1, 0, TEST_PERSON));
    check_accepted(hub, &answer, 2);
    answer = push(hub, &device, "j", 0, line(hub, 1, 7, 6, TEST_PERSON)); /* number 1 has no prev */
    check_clone(hub, &answer, 1);
}

static void what_makes_no_sense_is_recorded_and_blocks_nobody(void **state) {
    OPENED(hub);
    const char *lines = str_print(hub->arena, "%s%s%s", test_op(hub, 1, 1, 0, "fly", TEST_PERSON, "{}"),
                                  test_op(hub, 2, 2, 1, "register", TEST_PERSON, "{\"event\":7}"),
                                  line(hub, 3, 3, 2, TEST_PERSON))
                            .at;
    Answer answer = push(hub, &device, "i", 0, lines);
    check_accepted(hub, &answer, 3);
    Json *doc = receipt(hub, &device, "i");
    check_int(json_get_int(doc, "decided", 0), 3);
    check_contains(verdicts(hub, &device, "i"), "1:unknown 2:invalid");
    check_contains(verdicts(hub, &device, "i"), "3:confirmed");
}

static void an_op_id_that_is_none_is_invalid(void **state) {
    OPENED(hub);
    Answer answer = push(hub, &device, "i", 0,
                         "{\"n\":1,\"id\":\"abc\",\"op\":\"register\",\"at\":1,\"by\":\"" TEST_PERSON
                         "\",\"args\":" REGISTER "}\n");
    check_accepted(hub, &answer, 1);
    check_text(str_of(verdicts(hub, &device, "i")), "1:invalid");
}

static void a_person_of_another_commune_is_denied(void **state) {
    OPENED(hub);
    TestDevice saran = test_pair(hub, "saran-mairie");
    Answer answer = push(hub, &saran, "i", 0, line(hub, 1, 1, 0, TEST_PERSON));
    check_accepted(hub, &answer, 1);
    check_text(str_of(verdicts(hub, &saran, "i")), "1:denied");
    (void)device;
}

/* ---- receipts ---- */

static void verdicts_that_were_seen_go_rejections_stay(void **state) {
    OPENED(hub);
    const char *lines = str_print(hub->arena, "%s%s", line(hub, 1, 1, 0, TEST_PERSON),
                                  test_op(hub, 2, 2, 1, "fly", TEST_PERSON, "{}"))
                            .at;
    Answer answer = push(hub, &device, "i", 0, lines);
    check_accepted(hub, &answer, 2);
    answer = push(hub, &device, "i", 2, "");
    check_accepted(hub, &answer, 2);
    check_text(str_of(verdicts(hub, &device, "i")), "2:unknown");
    hand_clock_advance(&hub->clock, 31 * DAY_MS);
    answer = push(hub, &device, "i", 2, "");
    check_text(str_of(verdicts(hub, &device, "i")), "");
    check_int(json_get_int(receipt(hub, &device, "i"), "decided", 0), 2);
}

static void seen_beyond_what_was_decided_counts_for_what_was(void **state) {
    OPENED(hub);
    Answer answer = push(hub, &device, "i", 0, line(hub, 1, 1, 0, TEST_PERSON));
    answer = push(hub, &device, "i", 99, line(hub, 2, 2, 1, TEST_OTHER_PERSON));
    check_accepted(hub, &answer, 2);
    check_text(str_of(verdicts(hub, &device, "i")), "2:confirmed");
}

static const char *many(TestHub *hub, int64_t from, int count) {
    Buf lines = buf_new(PUSH_BYTES_MAX);
    for (int i = 0; i < count; i++)
        buf_add_cstr(&lines,
                     test_op(hub, from + i, (int)from + i, (int)from + i - 1, "fly", TEST_PERSON, "{}"));
    const char *text = str_cstr(hub->arena, buf_str(&lines));
    buf_free(&lines);
    return text;
}

static void a_thousand_unseen_verdicts_are_enough(void **state) {
    OPENED(hub);
    Answer answer = push(hub, &device, "i", 0, many(hub, 1, 1000));
    check_accepted(hub, &answer, 1000);
    check(test_receipt(hub, &device, "i").len < DOC_MAX);
    answer = push(hub, &device, "i", 0, many(hub, 1001, 1));
    check_code(hub, &answer, 429, "unseen");
    check(answer_header(&answer, "Retry-After").at != NULL);
    answer = push(hub, &device, "i", 1000, many(hub, 1001, 1));
    check_accepted(hub, &answer, 1001);
    check_int(json_get(receipt(hub, &device, "i"), "verdicts")->count,
              201); /* 200 rejections besides the new one */
}

/* ---- bodies ---- */

static void only_a_whole_body_is_judged(void **state) {
    OPENED(hub);
    const char *body = test_ops(hub, &device, "i", 0, line(hub, 1, 1, 0, TEST_PERSON));
    Str cut = {body, str_of(body).len - 1};
    Answer answer = test_push(hub, &device, str_cstr(hub->arena, cut));
    check_code(hub, &answer, 400, "invalid");
    check_int(json_get_int(answer_json(hub, &answer), "line", 0), 2);
    check(!test_receipt(hub, &device, "i").at);
    answer = test_push(hub, &device, "");
    check_int(answer.status, 400);
}

static void a_line_that_is_no_json_is_named_and_nothing_is_taken(void **state) {
    OPENED(hub);
    const char *lines = str_print(hub->arena, "%s{\"n\":2,\n%s", line(hub, 1, 1, 0, TEST_PERSON),
                                  line(hub, 3, 3, 2, TEST_PERSON))
                            .at;
    Answer answer = push(hub, &device, "i", 0, lines);
    check_code(hub, &answer, 400, "invalid");
    check_int(json_get_int(answer_json(hub, &answer), "line", 0), 3);
    check(!test_receipt(hub, &device, "i").at);
}

static void a_packed_body_is_taken_a_bomb_is_not(void **state) {
    OPENED(hub);
    Err err = {0};
    AUTO(buf_free) Buf packed = buf_new(PUSH_BYTES_MAX);
    AUTO(buf_free) Buf bomb = buf_new((size_t)PUSH_BYTES_MAX * 5);
    Str body = str_of(test_ops(hub, &device, "i", 0, line(hub, 1, 1, 0, TEST_PERSON)));
    Ask ask = {.method = "POST", .token = device.token, .headers = {"Content-Encoding: gzip"}};
    check_ok(gzip_pack(&packed, body, GZIP_WIRE_LEVEL, &err));
    ask.body = buf_str(&packed);
    Answer answer = test_ask(hub, ask, "/v1/ops");
    check_accepted(hub, &answer, 1);
    Str zeros = {arena_alloc(hub->arena, (size_t)PUSH_BYTES_MAX * 4), (size_t)PUSH_BYTES_MAX * 4};
    check_ok(gzip_pack(&bomb, zeros, GZIP_WIRE_LEVEL, &err));
    ask.body = buf_str(&bomb);
    answer = test_ask(hub, ask, "/v1/ops");
    check_int(answer.status, 413);
    ask.body = STR("no gzip at all\n");
    answer = test_ask(hub, ask, "/v1/ops");
    check_code(hub, &answer, 400, "invalid");
}

static void the_device_is_the_one_of_the_token_or_names_it_as_its_relay(void **state) {
    OPENED(hub);
    TestDevice relay = test_pair(hub, "olivet-mairie");
    const char *body = test_ops(hub, &device, "i", 0, line(hub, 1, 1, 0, TEST_PERSON));
    Answer answer = test_push(hub, &relay, body);
    check_code(hub, &answer, 403, "denied");
    test_put(
        hub, K_device, str_cstr(hub->arena, device.id),
        str_cstr(hub->arena, scope_join(hub->arena, "device", device.id)),
        str_print(
            hub->arena,
            "{\"name\":\"B\",\"org\":\"olivet\",\"relays\":[\"%.*s\"],\"site\":\"olivet-mairie\",\"state\":"
            "\"active\",\"token_hash\":\"\"}",
            STR_FORMAT(relay.id))
            .at);
    answer = test_push(hub, &relay, body);
    check_accepted(hub, &answer, 1);
}

/* ---- time ---- */

static int64_t registered_at(TestHub *hub, const char *person) {
    Answer answer = test_get(hub, hub->admin, "/v1/records/registration/" TEST_EVENT "~%s", person);
    return json_get_int(json_get(answer_json(hub, &answer), "doc"), "at", 0);
}

static const char *timed(TestHub *hub, const TestDevice *device, int64_t time, int64_t at) {
    return str_print(hub->arena,
                     "{\"ops\":1,\"device\":\"%.*s\",\"incarnation\":\"i\",\"time\":%" PRId64 ",\"seen\":0}\n"
                     "{\"n\":1,\"id\":\"%s\",\"op\":\"register\",\"at\":%" PRId64 ",\"by\":\"" TEST_PERSON
                     "\",\"auth\":\"badge\",\"args\":" REGISTER "}\n",
                     STR_FORMAT(device->id), time, test_op_id(hub, 1), at)
        .at;
}

static void a_wrong_clock_is_corrected(void **state) {
    OPENED(hub);
    Answer answer = test_push(hub, &device, timed(hub, &device, 5 * DAY_MS, 5 * DAY_MS - HOUR_MS)); /* 1970 */
    check_accepted(hub, &answer, 1);
    check_int(registered_at(hub, TEST_PERSON), TEST_HUB_NOW - HOUR_MS);
}

static void what_was_done_after_it_was_sent_was_done_when_it_was_sent(void **state) {
    OPENED(hub);
    Answer answer =
        test_push(hub, &device, timed(hub, &device, TEST_HUB_NOW, INT64_C(2145916800000))); /* 2038 */
    check_accepted(hub, &answer, 1);
    check_int(registered_at(hub, TEST_PERSON), TEST_HUB_NOW);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_op_is_judged_and_its_receipt_comes_with_it),
        cmocka_unit_test(a_lost_answer_and_a_second_sending_change_nothing),
        cmocka_unit_test(an_id_is_judged_once_whatever_key_it_comes_under),
        cmocka_unit_test(a_hole_is_a_gap_and_nothing_is_taken),
        cmocka_unit_test(another_history_is_a_clone),
        cmocka_unit_test(what_makes_no_sense_is_recorded_and_blocks_nobody),
        cmocka_unit_test(an_op_id_that_is_none_is_invalid),
        cmocka_unit_test(a_person_of_another_commune_is_denied),
        cmocka_unit_test(verdicts_that_were_seen_go_rejections_stay),
        cmocka_unit_test(seen_beyond_what_was_decided_counts_for_what_was),
        cmocka_unit_test(a_thousand_unseen_verdicts_are_enough),
        cmocka_unit_test(only_a_whole_body_is_judged),
        cmocka_unit_test(a_line_that_is_no_json_is_named_and_nothing_is_taken),
        cmocka_unit_test(a_packed_body_is_taken_a_bomb_is_not),
        cmocka_unit_test(the_device_is_the_one_of_the_token_or_names_it_as_its_relay),
        cmocka_unit_test(a_wrong_clock_is_corrected),
        cmocka_unit_test(what_was_done_after_it_was_sent_was_done_when_it_was_sent),
    };
    return cmocka_run_group_tests_name("operations", tests, NULL, NULL);
}
