/* approve and refuse. */
#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

static Str agent(Town *town, int number, const char *service, const char *role) {
    Err err = {0};
    Person person;
    Str id = town_person_with_role(town, "olivet", number, role);
    check_ok(records_get(town->records, K_person, id, &person, town->arena, &err));
    person.service = str_of(service);
    town_put(town, K_person, &person);
    return id;
}

static void ask_for_approval(Town *town, EventApproval approval) {
    Event event = town_event(town);
    event.approval = approval;
    town_put(town, K_event, &event);
    town->auth = STR("badge+pin");
}

static Verdict decide(Town *town, const char *op, Str by, Str person) {
    return town_do(town, op, by, "{\"reason\":\"Service réduit\",\"registration\":\"%.*s~%.*s\"}",
                   STR_FORMAT(TOWN_EVENT), STR_FORMAT(person));
}

static RegistrationState state_of(Town *town, Str person) {
    Registration registration;
    check(town_registration(town, person, &registration));
    return registration.state;
}

static void an_approved_one_takes_a_seat_or_waits(void **state) {
    OPENED(town);
    ask_for_approval(&town, EventApproval_manager);
    Str manager = agent(&town, 9, "voirie", "manager");
    for (int i = 1; i <= 3; i++) {
        Str person = agent(&town, i, "voirie", NULL);
        check_verdict(town_register(&town, person), to_approve);
        check_verdict(decide(&town, "approve", manager, person), done);
        check_int(state_of(&town, person), i < 3 ? RegistrationState_confirmed : RegistrationState_waiting);
        uint64_t digest = memory_records_digest(town.memory);
        check_verdict(decide(&town, "approve", manager, person), done);
        check_verdict(decide(&town, "refuse", manager, person), closed);
        check(memory_records_digest(town.memory) == digest);
        town_check_invariants(&town);
    }
}

static void a_full_event_without_a_list_stays_to_be_decided(void **state) {
    OPENED(town);
    ask_for_approval(&town, EventApproval_manager);
    town_set_seats(&town, 0);
    Event event = town_event(&town);
    event.waitlist = TRUTH_NO;
    town_put(&town, K_event, &event);
    Str manager = agent(&town, 9, "voirie", "manager"), person = agent(&town, 1, "voirie", NULL);
    check_verdict(town_register(&town, person), to_approve);
    check_verdict(decide(&town, "approve", manager, person), full);
    check_int(state_of(&town, person), RegistrationState_to_approve);
}

static void a_refused_one_is_told_why(void **state) {
    OPENED(town);
    ask_for_approval(&town, EventApproval_manager);
    Registration registration;
    Str manager = agent(&town, 9, "voirie", "manager"), person = agent(&town, 1, "voirie", NULL);
    check_verdict(town_register(&town, person), to_approve);
    check_verdict(decide(&town, "refuse", manager, person), done);
    check_verdict(decide(&town, "refuse", manager, person), done);
    check_verdict(decide(&town, "approve", manager, person), closed);
    check(town_registration(&town, person, &registration));
    check_int(registration.state, RegistrationState_refused);
    check_text(registration.reason, "Service réduit");
    check_verdict(town_register(&town, person), denied);
}

static void who_decides(void **state) {
    OPENED(town);
    ask_for_approval(&town, EventApproval_manager);
    Str person = agent(&town, 1, "voirie", "hr");
    check_verdict(town_register(&town, person), to_approve);
    check_verdict(decide(&town, "approve", person, person), denied); /* nobody on himself */
    check_verdict(decide(&town, "approve", agent(&town, 2, "voirie", NULL), person), denied);
    check_verdict(decide(&town, "approve", agent(&town, 3, "parcs", "manager"), person), denied);
    check_verdict(decide(&town, "approve", town_person_with_role(&town, "saran", 1, "hr"), person), denied);
    Str hr = agent(&town, 4, "parcs", "hr");
    town.auth = STR("badge");
    check_verdict(decide(&town, "approve", hr, person), denied);
    town.auth = STR("name+pin");
    check_verdict(decide(&town, "approve", hr, person), denied);
    town.auth = STR("badge+pin");
    town.context.administrator = false;
    check_verdict(decide(&town, "approve", hr, STR("olivet-0077")), unknown);
    check_verdict(town_do(&town, "approve", hr, "{}"), invalid);
    check_verdict(decide(&town, "approve", hr, person), done);
}

static void a_manager_of_the_path_decides_but_not_where_hr_is_asked(void **state) {
    OPENED(town);
    ask_for_approval(&town, EventApproval_hr);
    Str person = agent(&town, 1, "voirie", NULL), manager = agent(&town, 2, "parcs", NULL);
    town_put_doc(
        &town, K_run, str_print(town.arena, "%s~terrain", person.at).at, "org:olivet",
        str_print(town.arena,
                  "{\"manager\":\"%s\",\"path\":\"terrain\",\"person\":\"%s\",\"start\":\"2025-11-01\"}",
                  manager.at, person.at)
            .at);
    check_verdict(town_register(&town, person), to_approve);
    check_verdict(decide(&town, "approve", manager, person), denied);
    ask_for_approval(&town, EventApproval_manager);
    check_verdict(decide(&town, "approve", manager, person), done);
}

static void after_the_start_there_is_nothing_to_approve(void **state) {
    OPENED(town);
    ask_for_approval(&town, EventApproval_manager);
    Str hr = agent(&town, 4, "parcs", "hr"), person = agent(&town, 1, "voirie", NULL);
    check_verdict(town_register(&town, person), to_approve);
    town.context.now = TOWN_EVENT_STARTS;
    check_verdict(decide(&town, "approve", hr, person), already_started);
    town.context.now = TOWN_START;
    Event event = town_event(&town);
    event.status = EventStatus_cancelled;
    town_put(&town, K_event, &event);
    check_verdict(decide(&town, "approve", hr, person), closed);
    check_verdict(decide(&town, "refuse", hr, person), done);
}

static void an_administrator_decides_too(void **state) {
    OPENED(town);
    ask_for_approval(&town, EventApproval_hr);
    Str person = agent(&town, 1, "voirie", NULL);
    check_verdict(town_register(&town, person), to_approve);
    town.context.administrator = true;
    check_verdict(decide(&town, "approve", (Str){0}, person), done);
    check_int(state_of(&town, person), RegistrationState_confirmed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_approved_one_takes_a_seat_or_waits),
        cmocka_unit_test(a_full_event_without_a_list_stays_to_be_decided),
        cmocka_unit_test(a_refused_one_is_told_why),
        cmocka_unit_test(who_decides),
        cmocka_unit_test(a_manager_of_the_path_decides_but_not_where_hr_is_asked),
        cmocka_unit_test(after_the_start_there_is_nothing_to_approve),
        cmocka_unit_test(an_administrator_decides_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
