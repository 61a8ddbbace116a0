#include "common/rules/paris_date.h"
#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

static Verdict tick_for(Town *town, Str by, Str person, const char *step, bool done) {
    return town_do(town, "tick", by, "{\"run\":\"%.*s~terrain\",\"step\":\"%s\",\"done\":%s}",
                   STR_FORMAT(person), step, done ? "true" : "false");
}

static Verdict tick(Town *town, Str person, bool done) {
    return tick_for(town, person, person, "terrain~1", done);
}

static Tick the_tick(Town *town, Str person) {
    Err err = {0};
    Tick one;
    Str id = id_join(town->arena, person, STR("terrain~1"));
    check_ok(records_get(town->records, K_tick, id, &one, town->arena, &err));
    return one;
}

static Status the_run(Town *town, Str person, Run *out) {
    Err err = {0};
    return records_get(town->records, K_run, id_join(town->arena, person, STR("terrain")), out, town->arena,
                       &err);
}

static void the_first_tick_begins_the_path(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Run run;
    town.at =
        TOWN_START + 13 * (Millis)HOUR_MS + 30 * (Millis)MINUTE_MS; /* 23:30 UTC: the next day in France */
    check_verdict(tick(&town, person, true), done);
    check_int(the_run(&town, person, &run), OK);
    check_text(run.start, "2025-11-26");
    check_text(run.meta.scope, "org:olivet");
    check(str_equal(run.person, person));
    check_text(run.path, "terrain");
    Tick one = the_tick(&town, person);
    check_int(one.done, TRUTH_YES);
    check(one.at == town.at);
    check_text(one.step, "terrain~1");
    check_text(one.meta.scope, "org:olivet");
}

static void a_run_that_stands_is_left_alone(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Run run, after;
    schema_clear(K_run, &run);
    run.meta.id = id_join(town.arena, person, STR("terrain")), run.meta.scope = STR("org:olivet");
    run.person = person, run.path = STR("terrain"), run.start = STR("2025-11-01");
    town_put(&town, K_run, &run);
    check_verdict(tick(&town, person, true), done);
    check_int(the_run(&town, person, &after), OK);
    check_text(after.start, "2025-11-01");
}

static void the_last_to_act_decides_whatever_arrives_first(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    town.at = TOWN_START + 2;
    check_verdict(tick(&town, person, false), done);
    town.at = TOWN_START + 1;
    check_verdict(tick(&town, person, true), done);
    check_int(the_tick(&town, person).done, TRUTH_NO);
    town.at = TOWN_START + 3;
    check_verdict(tick(&town, person, true), done);
    check_int(the_tick(&town, person).done, TRUTH_YES);
}

static void the_same_tick_again_changes_nothing(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(tick(&town, person, true), done);
    int64_t seq = memory_records_seq(town.memory);
    check_verdict(tick(&town, person, true), done);
    check_int(memory_records_seq(town.memory), seq);
}

static void only_a_step_of_that_path_can_be_ticked(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Run none;
    check_verdict(tick_for(&town, person, person, "terrain~99", true), unknown);
    check_verdict(tick_for(&town, person, person, "bureau~1", true), unknown);
    Step step;
    schema_clear(K_step, &step);
    step.meta.id = STR("bureau~1"), step.meta.scope = STR("public"), step.path = STR("bureau");
    step.order = 1, step.title = STR("a");
    town_put(&town, K_step, &step);
    check_verdict(tick_for(&town, person, person, "bureau~1", true), unknown);
    check_int(the_run(&town, person, &none), E_NOTFOUND);
}

static void a_step_meant_for_others_is_unknown(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Err err = {0};
    Step step;
    check_ok(records_get(town.records, K_step, STR("terrain~1"), &step, town.arena, &err));
    step.meta.scope = STR("org:saran");
    town_put(&town, K_step, &step);
    check_verdict(tick(&town, person, true), unknown);
}

static void malformed_ticks_are_invalid(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    static const char *const args[] = {
        "{}",
        "{\"run\":\"a~terrain\",\"step\":\"terrain~1\"}",
        "{\"run\":\"a~terrain\",\"step\":\"terrain~1\",\"done\":1}",
        "{\"run\":\"a\",\"step\":\"terrain~1\",\"done\":true}",
        "{\"run\":\"a~\",\"step\":\"terrain~1\",\"done\":true}",
        "{\"run\":\"~terrain\",\"step\":\"terrain~1\",\"done\":true}",
        "{\"run\":\"a~terrain\",\"step\":\"\",\"done\":true}",
        "{\"run\":[],\"step\":\"terrain~1\",\"done\":true}",
    };
    for (size_t i = 0; i < COUNT(args); i++)
        check_verdict(town_do(&town, "tick", person, "%s", args[i]), invalid);
}

static void sponsor_manager_and_hr_tick_for_the_newcomer(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1), sponsor = town_person(&town, "olivet", 2);
    Str stranger = town_person(&town, "olivet", 3), hr = town_person_with_role(&town, "olivet", 4, "hr");
    Run run;
    town.auth = STR("badge+pin");
    check_verdict(tick_for(&town, sponsor, person, "terrain~1", true), denied);
    check_verdict(tick(&town, person, true), done);
    check_int(the_run(&town, person, &run), OK);
    run.sponsor = sponsor;
    town_put(&town, K_run, &run);
    check_verdict(tick_for(&town, sponsor, person, "terrain~1", true), done);
    check_verdict(tick_for(&town, hr, person, "terrain~1", true), done);
    check_verdict(tick_for(&town, stranger, person, "terrain~1", true), denied);
    town.auth = STR("badge");
    check_verdict(tick_for(&town, sponsor, person, "terrain~1", true), denied);
    check_verdict(tick_for(&town, person, person, "terrain~1", true), done);
}

static void unknown_people_cannot_tick(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(tick(&town, STR("nobody"), true), unknown);
    check_verdict(tick(&town, town_person(&town, "saran", 1), true), denied);
    town.auth = STR("badge+pin");
    check_verdict(tick_for(&town, person, STR("nobody"), "terrain~1", true), unknown);
}

static void days_are_those_of_france(void **state) {
    (void)state;
    static const struct {
        Millis at;
        const char *day;
    } days[] = {
        {0, "1970-01-01"},
        {-1, "1970-01-01"},
        {-HOUR_MS - 1, "1969-12-31"},
        {1774745999999, "2026-03-29"}, /* 00:59:59.999 UTC, summer time begins */
        {1774821599999, "2026-03-29"}, /* 21:59:59.999 UTC in summer */
        {1774821600000, "2026-03-30"},
        {1792969199999, "2026-10-25"}, /* 22:59:59.999 UTC after the change back */
        {1792969200000, "2026-10-26"},
        {1709161199999, "2024-02-28"},
        {1709161200000, "2024-02-29"}, /* leap day, from 23:00 UTC */
        {1709247600000, "2024-03-01"},
        {951778800000, "2000-02-29"},
        {1798757999999, "2026-12-31"},
        {1798758000000, "2027-01-01"},
        {2145913200000, "2038-01-01"},
    };
    AUTO(arena_close_auto) Arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(days); i++) check_text(paris_date(arena, days[i].at), days[i].day);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_tick_begins_the_path),
        cmocka_unit_test(a_run_that_stands_is_left_alone),
        cmocka_unit_test(the_last_to_act_decides_whatever_arrives_first),
        cmocka_unit_test(the_same_tick_again_changes_nothing),
        cmocka_unit_test(only_a_step_of_that_path_can_be_ticked),
        cmocka_unit_test(a_step_meant_for_others_is_unknown),
        cmocka_unit_test(malformed_ticks_are_invalid),
        cmocka_unit_test(sponsor_manager_and_hr_tick_for_the_newcomer),
        cmocka_unit_test(unknown_people_cannot_tick),
        cmocka_unit_test(days_are_those_of_france),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
