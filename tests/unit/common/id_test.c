#include "tests/harness/check.h"

#include <string.h>

#include "common/base/id.h"

static void a_clock_stands_until_it_is_moved(void **state) {
    (void)state;
    HandClock clock = hand_clock(1764064800000);
    check(clock_wall(&clock.base) == 1764064800000);
    check(clock_steady(&clock.base) == 0);
    hand_clock_advance(&clock, 5 * MINUTE_MS);
    check(clock_wall(&clock.base) == 1764064800000 + 300000);
    check(clock_steady(&clock.base) == 300000);
    clock.wall_ms = 0; /* the wall may jump alone */
    check(clock_steady(&clock.base) == 300000);
}

static void the_system_clock_goes_on(void **state) {
    (void)state;
    const Clock *clock = clock_system();
    Millis before = clock_steady(clock);
    check(clock_steady(clock) >= before);
    check(clock_wall(clock) > 1600000000000);
}

static void a_seed_repeats(void **state) {
    (void)state;
    Rng a = rng_seeded(7), b = rng_seeded(7), c = rng_seeded(8);
    bool differs = false;
    for (int i = 0; i < 100; i++) {
        uint64_t value = rng_next(&a);
        check(value == rng_next(&b));
        differs |= value != rng_next(&c);
    }
    check(differs);
}

/* From the reference implementation of xoshiro256** with the state 1, 2, 3, 4. */
static void numbers_are_those_of_xoshiro(void **state) {
    (void)state;
    static const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240};
    Rng rng = {{1, 2, 3, 4}};
    for (size_t i = 0; i < COUNT(expected); i++) check(rng_next(&rng) == expected[i]);
}

static void below_stays_below_and_meets_all(void **state) {
    (void)state;
    Rng rng = rng_seeded(1);
    int seen[6] = {0};
    for (int i = 0; i < 6000; i++) seen[rng_below(&rng, 6)]++;
    for (int i = 0; i < 6; i++) check(seen[i] > 800 && seen[i] < 1200);
    check_int(rng_below(&rng, 1), 0);
    for (int i = 0; i < 100; i++) check(rng_below(&rng, UINT64_C(3) << 62) < UINT64_C(3) << 62);
}

static void filling_touches_what_it_should(void **state) {
    (void)state;
    Rng rng = rng_seeded(1);
    unsigned char bytes[13] = {0};
    rng_fill(&rng, bytes, 11);
    int changed = 0;
    for (int i = 0; i < 11; i++) changed += bytes[i] != 0;
    check(changed > 5);
    check_int(bytes[11] | bytes[12], 0);
    unsigned char one[32], two[32];
    random_secret(one, sizeof(one));
    random_secret(two, sizeof(two));
    check(memcmp(one, two, sizeof(one)) != 0);
    Rng first = rng_from_system(), second = rng_from_system();
    check(rng_next(&first) != rng_next(&second));
}

static void an_id_begins_with_its_time(void **state) {
    (void)state;
    Rng rng = rng_seeded(1), again = rng_seeded(1);
    Uuid uuid = uuid_new(0x0192f0c17a00, &rng);
    check(str_starts(str_of(uuid.text), STR("0192f0c1-7a00-7")));
    check(strchr("89ab", uuid.text[19]) != NULL);
    check(uuid_is_valid(str_of(uuid.text)));
    check_text(str_of(uuid_new(0x0192f0c17a00, &again).text), uuid.text);
    assert_string_not_equal(uuid_new(0x0192f0c17a00, &rng).text, uuid.text);
    Uuid secret = uuid_secret(1);
    check(str_starts(str_of(secret.text), STR("00000000-0001-7")));
    assert_string_not_equal(secret.text, uuid_secret(1).text);
}

static void only_lower_case_uuids(void **state) {
    (void)state;
    check(uuid_is_valid(STR("0192f0c1-7a00-7000-8000-000000000001")));
    check(!uuid_is_valid(STR("0192F0C1-7a00-7000-8000-000000000001")));
    check(!uuid_is_valid(STR("0192f0c1-7a00-7000-8000-00000000000")));
    check(!uuid_is_valid(STR("0192f0c1a7a00-7000-8000-000000000001")));
    check(!uuid_is_valid(STR("0192f0c1-7a00-7000-8000-00000000000-")));
    check(!uuid_is_valid((Str){0}));
}

static Str repeated(Arena *arena, char byte, size_t count) {
    char *text = arena_alloc(arena, count + 1);
    memset(text, byte, count);
    return (Str){text, count};
}

static void kinds_and_ids_have_a_form(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    check(kind_is_valid(STR("time_eater2")));
    const char *const bad_kinds[] = {"", "Event", "2nd", "_x", "a-b", "é"};
    for (size_t i = 0; i < COUNT(bad_kinds); i++) check(!kind_is_valid(str_of(bad_kinds[i])));
    check(kind_is_valid(repeated(arena, 'k', 32)) && !kind_is_valid(repeated(arena, 'k', 33)));
    check(id_is_valid(STR("a~B_9.-")) && id_is_valid(STR("...")));
    const char *const bad_ids[] = {"", ".", "..", "a b", "a/b", "é", "a@b", "a*"};
    for (size_t i = 0; i < COUNT(bad_ids); i++) check(!id_is_valid(str_of(bad_ids[i])));
    check(!id_is_valid((Str){"a\0b", 3}));
    check(id_is_valid(repeated(arena, 'i', 96)) && !id_is_valid(repeated(arena, 'i', 97)));
    check(id_part_is_valid(STR("olivet")) && !id_part_is_valid(STR("a~b")));
    check(id_part_is_valid(repeated(arena, 'i', 40)) && !id_part_is_valid(repeated(arena, 'i', 41)));
}

static void scopes_have_a_form(void **state) {
    (void)state;
    const char *const good[] = {"public", "hub", "pool:agglo", "org:olivet", "site:a~b", "device:1"};
    const char *const bad[] = {"", "Public", "public:x", "org:", "org", "team:x", "org:..", "org:a b"};
    for (size_t i = 0; i < COUNT(good); i++) check(scope_is_valid(str_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++) check(!scope_is_valid(str_of(bad[i])));
    check(!scope_is_valid((Str){0}));
}

static void natural_ids_are_joined(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    check_text(id_join(arena, STR("event"), STR("person")), "event~person");
    check_text(id_join3(arena, STR("a"), STR("b"), STR("c")), "a~b~c");
    check_text(scope_join(arena, "org", STR("olivet")), "org:olivet");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_stands_until_it_is_moved),
        cmocka_unit_test(the_system_clock_goes_on),
        cmocka_unit_test(a_seed_repeats),
        cmocka_unit_test(numbers_are_those_of_xoshiro),
        cmocka_unit_test(below_stays_below_and_meets_all),
        cmocka_unit_test(filling_touches_what_it_should),
        cmocka_unit_test(an_id_begins_with_its_time),
        cmocka_unit_test(only_lower_case_uuids),
        cmocka_unit_test(kinds_and_ids_have_a_form),
        cmocka_unit_test(scopes_have_a_form),
        cmocka_unit_test(natural_ids_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
