/* A hub restored from a backup, and the fleet that heals it (PROTOCOL 5). */
#include "tests/harness/test_hub.h"

#include <inttypes.h>

#define REGISTER "{\"event\":\"" TEST_EVENT "\"}"
#define THIRD "0192f0c1-7a00-7000-8000-0000000000a3"

typedef struct Healed {
    TestHub *hub;
    TestDevice one, two;
} Healed;

static void later(TestHub *hub, Millis by) {
    Err err = {0};
    hand_clock_advance(&hub->clock, by);
    check_ok(hub_tend(hub->hub, &err));
}

static Answer hello(TestHub *hub, const TestDevice *device, int64_t last) {
    Answer answer = test_get(hub, device->token, "/v1/hello?incarnation=i&last=%" PRId64, last);
    check_int(answer.status, 200);
    return answer;
}

static Str epoch_of(TestHub *hub, const TestDevice *device) {
    Answer answer = hello(hub, device, 0);
    return json_get_text(answer_json(hub, &answer), "epoch");
}

/* Two devices are known, a third person lives in Olivet, and the store has begun a new life; its epoch before
 * is 1764064800-… */
static Healed healed_open(void) {
    Err err = {0};
    Str epoch = {0};
    Healed at = {.hub = test_hub_open()};
    test_put(at.hub, K_person, THIRD, "org:olivet",
             "{\"name\":\"Fanny G.\",\"name_key\":\"fanny g.\",\"org\":\"olivet\"}");
    at.one = test_pair(at.hub, "olivet-mairie");
    at.two = test_pair(at.hub, "olivet-mairie");
    hello(at.hub, &at.one, 0);
    hello(at.hub, &at.two, 0);
    later(at.hub, MINUTE_MS);
    test_hub_stop(at.hub);
    check_ok(store_open(&at.hub->store, at.hub->path, &err));
    check_ok(store_begin_anew(at.hub->store, at.hub->clock.wall_ms, at.hub->arena, &epoch, &err));
    store_close(at.hub->store);
    test_hub_start(at.hub);
    return at;
}

static void healed_close(Healed *at) {
    test_hub_close(at->hub);
}

#define OPENED(name)                                                                                         \
    (void)state;                                                                                             \
    AUTO(healed_close) Healed name = healed_open();                                                          \
    TestHub *hub = name.hub

/* The op, with what the life before had decided; "" = nothing. */
static void push(TestHub *hub, const TestDevice *device, int64_t n, int number, int prev, const char *op,
                 const char *person, const char *was) {
    Str line = str_of(test_op(hub, n, number, prev, op, person, REGISTER));
    const char *text = line.at;
    if (was[0])
        text = str_print(hub->arena, "%.*s,\"was\":{\"epoch\":\"1700000000-aa\",\"code\":\"%s\"}}\n",
                         STR_FORMAT(str_first(line, line.len - 2)), was)
                   .at;
    Answer answer = test_push(hub, device, test_ops(hub, device, "i", 0, text));
    check_int(answer.status, 200);
}

static const char *state_of(TestHub *hub, const char *person) {
    Answer answer = test_get(hub, hub->admin, "/v1/records/registration/" TEST_EVENT "~%s", person);
    if (answer.status == 404) return "none";
    return str_cstr(hub->arena, json_get_text(json_get(answer_json(hub, &answer), "doc"), "state"));
}

static int64_t taken(TestHub *hub) {
    Answer answer = test_get(hub, hub->admin, "/v1/records/seats/" TEST_EVENT);
    return json_get_int(json_get(answer_json(hub, &answer), "doc"), "taken", -1);
}

static bool is_over(TestHub *hub) {
    Answer answer = test_get(hub, hub->admin, "/v1/devices");
    return json_get(json_get(answer_json(hub, &answer), "restored"), "over") != NULL;
}

static void a_new_life_is_newer_than_any_before(void **state) {
    OPENED(at);
    (void)at;
    Err err = {0};
    Str first = epoch_of(hub, &at.one), second = {0};
    check_int(epoch_generation(first), TEST_HUB_NOW / SECOND_MS + 60);
    test_hub_stop(hub);
    check_ok(store_open(&hub->store, hub->path, &err));
    check_ok(
        store_begin_anew(hub->store, TEST_HUB_NOW - DAY_MS, hub->arena, &second, &err)); /* a slow clock */
    store_close(hub->store);
    check_int(epoch_generation(second), epoch_generation(first) + 1);
    test_hub_start(hub);
}

static void what_was_confirmed_is_so_again_even_over_capacity(void **state) {
    OPENED(at);
    push(hub, &at.one, 1, 1, 0, "register", TEST_PERSON, "confirmed");
    push(hub, &at.one, 2, 2, 1, "register", TEST_OTHER_PERSON, "confirmed");
    push(hub, &at.two, 1, 3, 0, "register", THIRD, "confirmed"); /* the third of two seats */
    check_text(str_of(state_of(hub, THIRD)), "confirmed");
    check_int(taken(hub), 3);
}

static void what_is_new_waits_until_everybody_was_heard(void **state) {
    OPENED(at);
    hello(hub, &at.one, 1);
    push(hub, &at.one, 1, 1, 0, "register", TEST_PERSON, "");
    check_text(str_of(state_of(hub, TEST_PERSON)), "requested");
    later(hub, MINUTE_MS);
    check(!is_over(hub)); /* the second was not heard */
    hello(hub, &at.two, 2);
    later(hub, MINUTE_MS);
    check(!is_over(hub)); /* it has said what it has; that has not arrived */
    push(hub, &at.two, 1, 2, 0, "register", TEST_OTHER_PERSON, "confirmed");
    push(hub, &at.two, 2, 3, 2, "register", THIRD, "confirmed");
    check(!is_over(hub));
    later(hub, MINUTE_MS);
    check(is_over(hub));
    check_text(str_of(state_of(hub, TEST_OTHER_PERSON)), "confirmed");
    check_text(str_of(state_of(hub, TEST_PERSON)), "waiting"); /* both seats had been given before */
}

static void requested_ones_are_placed_as_they_arrived(void **state) {
    OPENED(at);
    hello(hub, &at.one, 0);
    push(hub, &at.one, 1, 1, 0, "register", THIRD, "");
    push(hub, &at.one, 2, 2, 1, "register", TEST_PERSON, "");
    push(hub, &at.one, 3, 3, 2, "register", TEST_OTHER_PERSON, "");
    check_text(str_of(state_of(hub, TEST_OTHER_PERSON)), "requested");
    later(hub, 71 * (Millis)HOUR_MS);
    check(!is_over(hub));
    later(hub, HOUR_MS); /* the second never came back */
    check(is_over(hub));
    check_text(str_of(state_of(hub, THIRD)), "confirmed");
    check_text(str_of(state_of(hub, TEST_PERSON)), "confirmed");
    check_text(str_of(state_of(hub, TEST_OTHER_PERSON)), "waiting");
}

static void a_cancellation_stands_in_whatever_order_it_comes(void **state) {
    OPENED(at);
    push(hub, &at.two, 1, 9, 0, "cancel", TEST_PERSON, "done"); /* made after number 1, on another kiosk */
    check_text(str_of(state_of(hub, TEST_PERSON)), "cancelled");
    push(hub, &at.one, 1, 1, 0, "register", TEST_PERSON, "confirmed");
    check_text(str_of(state_of(hub, TEST_PERSON)), "cancelled");
    check_contains(str_cstr(hub->arena, test_receipt(hub, &at.one, "i")), "\"code\":\"confirmed\"");
}

static void a_seat_that_was_freed_is_given_at_the_end(void **state) {
    OPENED(at);
    push(hub, &at.one, 1, 1, 0, "register", TEST_PERSON, "confirmed");
    push(hub, &at.one, 2, 2, 1, "register", TEST_OTHER_PERSON, "confirmed");
    push(hub, &at.one, 3, 3, 2, "register", THIRD, "waiting");
    push(hub, &at.one, 4, 4, 3, "cancel", TEST_PERSON, "");
    check_text(str_of(state_of(hub, THIRD)), "waiting"); /* a seat of before may still be told */
    later(hub, 73 * (Millis)HOUR_MS);
    check_text(str_of(state_of(hub, THIRD)), "confirmed");
}

static void a_refusal_stays_one(void **state) {
    OPENED(at);
    push(hub, &at.one, 1, 1, 0, "register", TEST_PERSON, "full");
    check_text(str_of(state_of(hub, TEST_PERSON)), "none");
    check_contains(str_cstr(hub->arena, test_receipt(hub, &at.one, "i")), "\"code\":\"full\"");
}

static void afterwards_nobody_may_say_what_was(void **state) {
    OPENED(at);
    later(hub, 73 * (Millis)HOUR_MS);
    check(is_over(hub));
    push(hub, &at.one, 1, 1, 0, "register", TEST_PERSON, "waiting");
    check_text(str_of(state_of(hub, TEST_PERSON)), "confirmed");
}

static void the_administrator_is_told_who_is_awaited(void **state) {
    OPENED(at);
    hello(hub, &at.one, 0);
    later(hub, MINUTE_MS);
    Answer answer = test_get(hub, hub->admin, "/v1/devices");
    const Json *restored = json_get(answer_json(hub, &answer), "restored");
    const Json *awaited = json_get(restored, "awaited");
    check_int(json_get_int(restored, "until", 0), TEST_HUB_NOW + MINUTE_MS + 72 * (Millis)HOUR_MS);
    check(awaited && awaited->first && !awaited->first->next);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_life_is_newer_than_any_before),
        cmocka_unit_test(what_was_confirmed_is_so_again_even_over_capacity),
        cmocka_unit_test(what_is_new_waits_until_everybody_was_heard),
        cmocka_unit_test(requested_ones_are_placed_as_they_arrived),
        cmocka_unit_test(a_cancellation_stands_in_whatever_order_it_comes),
        cmocka_unit_test(a_seat_that_was_freed_is_given_at_the_end),
        cmocka_unit_test(a_refusal_stays_one),
        cmocka_unit_test(afterwards_nobody_may_say_what_was),
        cmocka_unit_test(the_administrator_is_told_who_is_awaited),
    };
    return cmocka_run_group_tests_name("healing", tests, NULL, NULL);
}
