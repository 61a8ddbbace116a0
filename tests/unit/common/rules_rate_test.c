#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

static Verdict rate(Town *town, Str person, const char *scores, const char *text) {
    return town_do(town, "rate", person, "{\"event\":\"%.*s\",\"scores\":%s%s%s%s}", STR_FORMAT(TOWN_EVENT),
                   scores, text ? ",\"text\":\"" : "", text ? text : "", text ? "\"" : "");
}

/* Somebody who has a seat, and the event has begun. */
static Str participant(Town *town, int number) {
    Str person = town_person(town, "olivet", number);
    town->context.now = TOWN_START;
    check_verdict(town_register(town, person), confirmed);
    town->context.now = TOWN_EVENT_STARTS + HOUR_MS;
    return person;
}

static Str rating(Town *town) {
    return town_doc(town, K_rating, TOWN_EVENT);
}

static void four_are_kept_back_and_the_fifth_shows_all(void **state) {
    OPENED(town);
    town_set_seats(&town, 20);
    for (int i = 1; i <= 5; i++) {
        check(!rating(&town).at);
        check_verdict(
            rate(&town, participant(&town, i), i == 3 ? "{\"clair\":5}" : "{\"clair\":4,\"utile\":2}", NULL),
            done);
    }
    check_text(rating(&town),
               "{\"count\":5,\"event\":\"0192f0c1-7a00-7000-8000-000000000001\",\"sums\":{\"clair\":"
               "{\"count\":5,\"sum\":21},\"utile\":{\"count\":4,\"sum\":8}}}");
    for (int i = 6; i <= 9; i++)
        check_verdict(rate(&town, participant(&town, i), "{\"clair\":1}", NULL), done);
    check_contains(rating(&town).at, "\"count\":5,\"event\"");
    check_verdict(rate(&town, participant(&town, 10), "{\"clair\":1}", NULL), done);
    check_contains(rating(&town).at, "\"count\":10,\"event\"");
    check_contains(rating(&town).at, "\"clair\":{\"count\":10,\"sum\":26}");
}

static void a_second_one_is_refused_and_changes_nothing(void **state) {
    OPENED(town);
    Str person = participant(&town, 1);
    check_verdict(rate(&town, person, "{\"clair\":4}", NULL), done);
    uint64_t digest = memory_records_digest(town.memory);
    check_verdict(rate(&town, person, "{\"clair\":1}", "encore"), closed);
    check(memory_records_digest(town.memory) == digest);
}

static void what_was_written_stays_at_the_hub_and_leads_to_nobody(void **state) {
    OPENED(town);
    town_set_seats(&town, 20);
    static const char *const texts[] = {"Zut", "  ", "Bravo", NULL, "Merci", "Assez"};
    AUTO(buf_free) Buf records = buf_new(1 << 20), all = buf_new(1 << 20);
    for (int i = 0; i < (int)COUNT(texts); i++) {
        town.op = 100 + i;
        check_verdict(rate(&town, participant(&town, i + 1), "{\"clair\":3}", texts[i]), done);
    }
    memory_records_dump(town.memory, false, &records);
    memory_records_dump(town.memory, true, &all);
    check(str_find(buf_str(&records), STR("Bravo")) < 0);
    const char *facts = str_cstr(town.arena, str_skip(buf_str(&all), records.len));
    static const char *const kept[] = {" Zut\n", " Bravo\n", " Merci\n", " Assez\n"};
    for (size_t i = 0; i < COUNT(kept); i++) check_contains(facts, kept[i]);
    check(str_find(str_of(facts), STR("olivet-")) < 0);
    check(str_find(str_of(facts), str_of(town_op_id(&town))) < 0);
}

static void who_was_not_there_has_no_opinion(void **state) {
    OPENED(town);
    Str registered = participant(&town, 1), walked_in = town_person(&town, "olivet", 2);
    Str elsewhere = town_person(&town, "olivet", 3);
    check_verdict(town_do(&town, "check_in", walked_in,
                          "{\"event\":\"%.*s\",\"half\":\"2025-12-02am\",\"method\":\"badge\"}",
                          STR_FORMAT(TOWN_EVENT)),
                  done);
    Registration registration;
    check(town_registration(&town, walked_in, &registration));
    registration.state = RegistrationState_cancelled;
    town_put(&town, K_registration, &registration);
    check_verdict(rate(&town, walked_in, "{\"clair\":3}", NULL), done);
    check_verdict(rate(&town, registered, "{\"clair\":3}", NULL), done);
    check_verdict(rate(&town, elsewhere, "{\"clair\":3}", NULL), denied);
    check_verdict(rate(&town, (Str){0}, "{\"clair\":3}", NULL), denied);
}

static void from_the_start_until_thirty_days_after(void **state) {
    OPENED(town);
    Str person = participant(&town, 1);
    town.context.now = TOWN_EVENT_STARTS - 1;
    check_verdict(rate(&town, person, "{\"clair\":3}", NULL), not_open);
    town.context.now = town_event(&town).ends + 30 * DAY_MS + 1;
    check_verdict(rate(&town, person, "{\"clair\":3}", NULL), closed);
    town.context.now--;
    check_verdict(rate(&town, person, "{\"clair\":3}", NULL), done);
}

static void malformed_opinions_are_invalid(void **state) {
    OPENED(town);
    Str person = participant(&town, 1);
    static const char *const bad[] = {
        "{}", "[]", "{\"clair\":0}", "{\"clair\":6}", "{\"clair\":\"3\"}", "{\"a~b\":3}"};
    for (size_t i = 0; i < COUNT(bad); i++) check_verdict(rate(&town, person, bad[i], NULL), invalid);
    check_verdict(town_do(&town, "rate", person, "{\"event\":\"%.*s\",\"scores\":{\"a\":1},\"text\":3}",
                          STR_FORMAT(TOWN_EVENT)),
                  invalid);
    check_verdict(town_do(&town, "rate", person,
                          "{\"event\":\"0192f0c1-7a00-7000-8000-000000000009\",\"scores\":{\"a\":1}}"),
                  unknown);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_are_kept_back_and_the_fifth_shows_all),
        cmocka_unit_test(a_second_one_is_refused_and_changes_nothing),
        cmocka_unit_test(what_was_written_stays_at_the_hub_and_leads_to_nobody),
        cmocka_unit_test(who_was_not_there_has_no_opinion),
        cmocka_unit_test(from_the_start_until_thirty_days_after),
        cmocka_unit_test(malformed_opinions_are_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
