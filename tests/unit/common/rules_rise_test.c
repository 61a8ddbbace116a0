/* rise_propose and rise_answer. */
#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

#define SLOT(days) (TOWN_START + (Millis)(days)*DAY_MS)

static void put_services(Town *town) {
    town_put_doc(town, K_service, "voirie", "public", "{\"name\":\"Voirie\",\"org\":\"olivet\"}");
    town_put_doc(town, K_service, "parcs", "public", "{\"name\":\"Parcs\",\"org\":\"olivet\"}");
    town_put_doc(town, K_service, "saran-eau", "public", "{\"name\":\"Eau\",\"org\":\"saran\"}");
    town_put_doc(town, K_pool, "agglo", "public", "{\"members\":[\"olivet\",\"saran\"],\"name\":\"Agglo\"}");
}

/* Somebody of a service. */
static Str agent(Town *town, const char *org, int number, const char *service, const char *role) {
    Err err = {0};
    Person person;
    Str id = town_person_with_role(town, org, number, role);
    check_ok(records_get(town->records, K_person, id, &person, town->arena, &err));
    person.service = str_of(service);
    town_put(town, K_person, &person);
    return id;
}

static Verdict propose(Town *town, Str by, const char *from, const char *to) {
    return town_do(town, "rise_propose", by,
                   "{\"from_service\":\"%s\",\"slots\":[%lld,%lld,%lld],\"theme\":\"Les "
                   "marchés\",\"to_service\":\"%s\"}",
                   from, (long long)SLOT(7), (long long)SLOT(8), (long long)SLOT(9), to);
}

static Verdict answer(Town *town, Str by, Str rise, Millis slot) {
    return town_do(town, "rise_answer", by, "{\"rise\":\"%.*s\",\"slot\":%lld}", STR_FORMAT(rise),
                   (long long)slot);
}

static Verdict decline(Town *town, Str by, Str rise) {
    return town_do(town, "rise_answer", by, "{\"decline\":true,\"rise\":\"%.*s\"}", STR_FORMAT(rise));
}

static Rise rise_of(Town *town, Str id) {
    Err err = {0};
    Rise rise;
    check_ok(records_get(town->records, K_rise, id, &rise, town->arena, &err));
    return rise;
}

static void check_valid(Town *town, Kind kind, Str id, Str scope) {
    Err err = {0};
    Json *doc = NULL;
    check_ok(json_parse(town->arena, town_doc(town, kind, id), &doc, &err));
    check_ok(schema_validate(kind, id, scope, doc, &err));
}

static void a_proposal_is_seen_by_both_services(void **state) {
    OPENED(town);
    put_services(&town);
    Str id = str_of(town_op_id(&town)), asks = agent(&town, "olivet", 1, "voirie", NULL);
    check_verdict(propose(&town, asks, "voirie", "parcs"), requested);
    Rise rise = rise_of(&town, id);
    check_text(rise.meta.scope, "org:olivet");
    check(rise.state == RiseState_proposed && rise.slots->count == 3);
    check_valid(&town, K_rise, id, rise.meta.scope);
    uint64_t digest = memory_records_digest(town.memory);
    check_verdict(propose(&town, asks, "voirie", "parcs"), requested);
    check(memory_records_digest(town.memory) == digest);
    town.op++;
    check_verdict(propose(&town, asks, "voirie", "saran-eau"), requested);
    check_text(rise_of(&town, str_of(town_op_id(&town))).meta.scope, "pool:agglo");
}

static void who_may_propose(void **state) {
    OPENED(town);
    put_services(&town);
    Str of_parks = agent(&town, "olivet", 1, "parcs", NULL), hr = agent(&town, "olivet", 2, "parcs", "hr");
    check_verdict(propose(&town, of_parks, "voirie", "parcs"), denied);
    check_verdict(propose(&town, hr, "voirie", "parcs"), denied); /* without a PIN */
    town.auth = STR("badge+pin");
    check_verdict(propose(&town, of_parks, "voirie", "parcs"), denied);
    check_verdict(propose(&town, hr, "saran-eau", "parcs"), denied);
    check_verdict(propose(&town, hr, "voirie", "parcs"), requested);
    town.op++;
    check_verdict(propose(&town, town_person(&town, "olivet", 3), "voirie", "parcs"), requested);
    check_verdict(propose(&town, of_parks, "parcs", "nowhere"), unknown);
    check_verdict(propose(&town, of_parks, "parcs", "parcs"), invalid);
    town_put_doc(&town, K_pool, "agglo", "public", "{\"members\":[\"olivet\"],\"name\":\"Agglo\"}");
    check_verdict(propose(&town, of_parks, "parcs", "saran-eau"), denied); /* they share no pool */
}

static void three_moments_to_come(void **state) {
    OPENED(town);
    put_services(&town);
    Str asks = agent(&town, "olivet", 1, "voirie", NULL);
    static const long long slots[][3] = {{7, 8, 0}, {-1, 7, 8}, {7, 7, 8}, {8, 7, 9}};
    for (size_t i = 0; i < COUNT(slots); i++)
        check_verdict(
            town_do(&town, "rise_propose", asks,
                    "{\"from_service\":\"voirie\",\"slots\":[%lld,%lld,%lld],\"theme\":\"a\",\"to_service\":"
                    "\"parcs\"}",
                    (long long)SLOT(slots[i][0]), (long long)SLOT(slots[i][1]), (long long)SLOT(slots[i][2])),
            invalid);
    static const char *const bad[] = {
        "{\"from_service\":\"voirie\",\"slots\":[1,2,3],\"theme\":\"a\",\"to_service\":\"parcs\"}",
        "{\"from_service\":\"voirie\",\"slots\":[9007199254740990,9007199254740991],\"theme\":\"a\",\"to_"
        "service\":\"parcs\"}",
        "{\"from_service\":\"voirie\",\"slots\":\"soon\",\"theme\":\"a\",\"to_service\":\"parcs\"}",
        "{\"from_service\":\"voirie\",\"slots\":[4000000000001,4000000000002,4000000000003,4000000000004],"
        "\"theme\":\"a\",\"to_service\":\"parcs\"}",
        "{\"from_service\":\"voirie\",\"slots\":[4000000000001,4000000000002,4000000000003],\"theme\":\" "
        "\",\"to_service\":\"parcs\"}",
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        check_verdict(town_do(&town, "rise_propose", asks, "%s", bad[i]), invalid);
}

static Str proposed(Town *town) {
    put_services(town);
    check_verdict(propose(town, agent(town, "olivet", 1, "voirie", NULL), "voirie", "parcs"), requested);
    Str id = str_of(town_op_id(town));
    town->op++;
    return id;
}

static void an_accepted_moment_is_an_event_of_both(void **state) {
    OPENED(town);
    Err err = {0};
    Event event;
    Str id = proposed(&town), asked = agent(&town, "olivet", 2, "parcs", NULL);
    check_verdict(answer(&town, asked, id, SLOT(8)), done);
    Rise rise = rise_of(&town, id);
    check(rise.state == RiseState_accepted && str_equal(rise.event, id));
    check_ok(records_get(town.records, K_event, id, &event, town.arena, &err));
    check(event.type == EventType_rise && event.starts == SLOT(8) && event.approval == EventApproval_manager);
    check_int(event.services.count, 2);
    check_text(event.services.at[0], "voirie");
    check_text(event.services.at[1], "parcs");
    check_text(event.meta.scope, "org:olivet");
    check_valid(&town, K_event, id, event.meta.scope);
    uint64_t digest = memory_records_digest(town.memory);
    check_verdict(answer(&town, asked, id, SLOT(8)), done);
    check_verdict(answer(&town, asked, id, SLOT(7)), closed);
    check_verdict(decline(&town, asked, id), closed);
    check(memory_records_digest(town.memory) == digest);
}

static void a_declined_one_makes_no_event(void **state) {
    OPENED(town);
    Str id = proposed(&town), asked = agent(&town, "olivet", 2, "parcs", NULL);
    check_verdict(decline(&town, asked, id), done);
    check_verdict(decline(&town, asked, id), done);
    check_verdict(answer(&town, asked, id, SLOT(8)), closed);
    check_int(rise_of(&town, id).state, RiseState_declined);
    check(!town_doc(&town, K_event, id).at);
}

static void who_may_answer_and_what(void **state) {
    OPENED(town);
    Str id = proposed(&town), asked = agent(&town, "olivet", 2, "parcs", NULL);
    check_verdict(answer(&town, agent(&town, "olivet", 3, "voirie", NULL), id, SLOT(8)), denied);
    check_verdict(answer(&town, (Str){0}, id, SLOT(8)), denied);
    check_verdict(answer(&town, asked, id, SLOT(8) + 1), invalid);
    check_verdict(answer(&town, asked, STR("0192f0c1-7a00-7000-8000-000000099999"), SLOT(8)), unknown);
    check_verdict(town_do(&town, "rise_answer", asked, "{\"rise\":\"%.*s\"}", STR_FORMAT(id)), invalid);
    check_verdict(town_do(&town, "rise_answer", asked, "{\"decline\":true,\"rise\":\"%.*s\",\"slot\":%lld}",
                          STR_FORMAT(id), (long long)SLOT(8)),
                  invalid);
    town.context.now = SLOT(8);
    check_verdict(answer(&town, asked, id, SLOT(8)), late);
    check_verdict(answer(&town, asked, id, SLOT(9)), done);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proposal_is_seen_by_both_services),
        cmocka_unit_test(who_may_propose),
        cmocka_unit_test(three_moments_to_come),
        cmocka_unit_test(an_accepted_moment_is_an_event_of_both),
        cmocka_unit_test(a_declined_one_makes_no_event),
        cmocka_unit_test(who_may_answer_and_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
