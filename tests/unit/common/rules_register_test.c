#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

static void change_event(Town *town, void (*change)(Event *event)) {
    Event event = town_event(town);
    change(&event);
    town_put(town, K_event, &event);
}

static void a_free_seat_confirms(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Registration registration;
    town.at = TOWN_START - MINUTE_MS;
    check_verdict(town_register(&town, person), confirmed);
    check(town_registration(&town, person, &registration));
    check_text(registration.meta.scope, "org:olivet");
    check_text(registration.via, "kiosk-1");
    check_text(registration.org, "olivet");
    check(registration.at == TOWN_START - MINUTE_MS && registration.decided_at == TOWN_START);
    check(registration.rank == INT_ABSENT);
    check_text(town_seats(&town).meta.scope, "pool:agglo");
    town_check_invariants(&town);
}

static void what_is_written_is_valid(void **state) {
    OPENED(town);
    Err err = {0};
    static const char *const id = "0192f0c1-7a00-7000-8000-0000000000aa";
    Person person;
    Str doc;
    Json *tree = NULL;
    schema_clear(K_person, &person);
    person.meta.id = str_of(id), person.meta.scope = STR("org:olivet"), person.org = STR("olivet");
    person.name = person.name_key = STR("camille d.");
    town_put(&town, K_person, &person);
    town_set_seats(&town, 0);
    check_verdict(town_register(&town, str_of(id)), waiting);
    Registration registration;
    check(town_registration(&town, str_of(id), &registration));
    check_ok(schema_encode(K_registration, town.arena, &registration, &doc, &err));
    check_ok(json_parse(town.arena, doc, &tree, &err));
    check_ok(schema_validate(K_registration, registration.meta.id, registration.meta.scope, tree, &err));
    Seats seats = town_seats(&town);
    check_ok(schema_encode(K_seats, town.arena, &seats, &doc, &err));
    check_text(doc, "{\"by_org\":{\"olivet\":{\"taken\":0,\"waiting\":1}},\"event\":\"0192f0c1-7a00-7000-"
                    "8000-000000000001\","
                    "\"queue\":[{\"org\":\"olivet\",\"rank\":1}],\"taken\":0,\"waiting\":1}");
    check_ok(json_parse(town.arena, doc, &tree, &err));
    check_ok(schema_validate(K_seats, seats.meta.id, seats.meta.scope, tree, &err));
}

static void without_limit_everybody_is_confirmed(void **state) {
    OPENED(town);
    town_set_seats(&town, INT_ABSENT);
    for (int i = 0; i < 20; i++)
        check_verdict(town_register(&town, town_person(&town, "olivet", i)), confirmed);
    Event event = town_event(&town);
    Seats seats = town_seats(&town);
    check_int(seats.taken, 20);
    check(rules_seats_left(&event, &seats) == INT_ABSENT);
}

static void who_comes_after_the_last_seat_waits_in_order(void **state) {
    OPENED(town);
    town_grant_all(&town);
    Str people[5];
    for (int i = 0; i < 5; i++) people[i] = town_person(&town, i % 2 ? "saran" : "olivet", i);
    check_verdict(town_register(&town, people[0]), confirmed);
    check_verdict(town_register(&town, people[1]), confirmed);
    for (int i = 2; i < 5; i++) check_verdict(town_register(&town, people[i]), waiting);
    check_int(town_place(&town, people[0]), 0);
    check_int(town_place(&town, people[2]), 1);
    check_int(town_place(&town, people[3]), 2);
    check_int(town_place(&town, people[4]), 3);
    town_check_invariants(&town);
}

static void without_a_waiting_list_it_is_full(void **state) {
    OPENED(town);
    Registration none;
    Event event = town_event(&town);
    event.waitlist = TRUTH_NO, event.seats = 1;
    town_put(&town, K_event, &event);
    check_verdict(town_register(&town, town_person(&town, "olivet", 1)), confirmed);
    Str late = town_person(&town, "olivet", 2);
    check_verdict(town_register(&town, late), full);
    check(!town_registration(&town, late, &none));
    town_check_invariants(&town);
}

static void asking_twice_changes_nothing(void **state) {
    OPENED(town);
    Str first = town_person(&town, "olivet", 1), second = town_person(&town, "olivet", 2);
    town_set_seats(&town, 1);
    check_verdict(town_register(&town, first), confirmed);
    check_verdict(town_register(&town, second), waiting);
    int64_t seq = memory_records_seq(town.memory);
    town.context.now += HOUR_MS;
    check_verdict(town_register(&town, first), confirmed);
    check_verdict(town_register(&town, second), waiting);
    check_int(memory_records_seq(town.memory), seq);
}

static void asking_twice_repeats_the_verdict_even_when_all_is_over(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(town_register(&town, person), confirmed);
    town.context.now = TOWN_EVENT_STARTS + DAY_MS;
    check_verdict(town_register(&town, person), confirmed);
}

static void after_an_own_cancel_one_stands_at_the_end(void **state) {
    OPENED(town);
    Str a = town_person(&town, "olivet", 1), b = town_person(&town, "olivet", 2),
        c = town_person(&town, "olivet", 3);
    town_set_seats(&town, 1);
    check_verdict(town_register(&town, a), confirmed);
    check_verdict(town_register(&town, b), waiting);
    check_verdict(town_register(&town, c), waiting);
    check_verdict(town_cancel(&town, b), done);
    check_verdict(town_register(&town, b), waiting);
    check_int(town_place(&town, c), 1);
    check_int(town_place(&town, b), 2);
    town_check_invariants(&town);
}

static void nobody_who_waits_is_overtaken_when_seats_are_added(void **state) {
    OPENED(town);
    Str a = town_person(&town, "olivet", 1), b = town_person(&town, "olivet", 2),
        c = town_person(&town, "olivet", 3);
    Registration registration;
    town_set_seats(&town, 1);
    check_verdict(town_register(&town, a), confirmed);
    check_verdict(town_register(&town, b), waiting);
    town_set_seats(&town, 2);
    check_verdict(town_register(&town, c), waiting);
    check(town_registration(&town, b, &registration));
    check_int(registration.state, RegistrationState_confirmed);
    check_int(town_place(&town, c), 1);
    town_check_invariants(&town);
}

static void a_changed_event_moves_up_and_takes_its_seats_along(void **state) {
    OPENED(town);
    Err err = {0};
    Str people[4];
    Registration registration;
    town_set_seats(&town, 1);
    for (int i = 0; i < 4; i++) town_register(&town, people[i] = town_person(&town, "olivet", i));
    Event event = town_event(&town);
    event.seats = 3, event.meta.scope = STR("org:olivet");
    town_put(&town, K_event, &event);
    check_ok(rules_event_changed(town.records, TOWN_EVENT, TOWN_START, town.arena, &err));
    check_text(town_seats(&town).meta.scope, "org:olivet");
    check_int(town_place(&town, people[3]), 1);
    check(town_registration(&town, people[2], &registration));
    check_int(registration.state, RegistrationState_confirmed);
    town_check_invariants(&town);
    check_ok(rules_event_changed(town.records, STR("gone"), TOWN_START, town.arena, &err));
}

static void a_changed_event_nobody_asked_for_makes_no_seats(void **state) {
    OPENED(town);
    Err err = {0};
    int64_t seq = memory_records_seq(town.memory);
    check_ok(rules_event_changed(town.records, TOWN_EVENT, TOWN_START, town.arena, &err));
    check_int(memory_records_seq(town.memory), seq);
}

/* ---- dates ---- */
static void set_dates(Event *event) {
    event->opens = TOWN_START;
    event->closes = TOWN_START + DAY_MS;
}

static void dates_are_judged_by_when_the_person_acted(void **state) {
    OPENED(town);
    change_event(&town, set_dates);
    town.context.now = TOWN_START + 3 * DAY_MS; /* a kiosk that was offline for two days */
    town.at = TOWN_START - 1;
    check_verdict(town_register(&town, town_person(&town, "olivet", 1)), not_open);
    town.at = TOWN_START;
    check_verdict(town_register(&town, town_person(&town, "olivet", 2)), confirmed);
    town.at = TOWN_START + DAY_MS - 1;
    check_verdict(town_register(&town, town_person(&town, "olivet", 3)), confirmed);
    town.at = TOWN_START + DAY_MS;
    check_verdict(town_register(&town, town_person(&town, "olivet", 4)), closed);
}

static void the_start_is_judged_by_arrival(void **state) {
    OPENED(town);
    town.at = TOWN_START;
    town.context.now = TOWN_EVENT_STARTS - 1;
    check_verdict(town_register(&town, town_person(&town, "olivet", 1)), confirmed);
    town.context.now = TOWN_EVENT_STARTS;
    check_verdict(town_register(&town, town_person(&town, "olivet", 2)), already_started);
}

static void set_cancelled(Event *event) {
    event->status = EventStatus_cancelled;
}

static void a_cancelled_event_is_closed(void **state) {
    OPENED(town);
    change_event(&town, set_cancelled);
    check_verdict(town_register(&town, town_person(&town, "olivet", 1)), closed);
}

static void set_approval(Event *event) {
    event->approval = EventApproval_manager;
}

static void what_needs_approval_holds_no_seat(void **state) {
    OPENED(town);
    change_event(&town, set_approval);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(town_register(&town, person), to_approve);
    check_verdict(town_register(&town, person), to_approve);
    check_int(town_seats(&town).taken, 0);
    check_verdict(town_cancel(&town, person), done);
    check_verdict(town_register(&town, person), to_approve);
}

static void who_was_refused_is_not_registered_by_asking_again(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Registration registration;
    check_verdict(town_register(&town, person), confirmed);
    check(town_registration(&town, person, &registration));
    registration.state = RegistrationState_refused;
    town_put(&town, K_registration, &registration);
    check_verdict(town_register(&town, person), denied);
}

/* ---- who may ---- */
static void unknown_events_and_persons_are_unknown(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(town_do(&town, "register", person, "{\"event\":\"nothing\"}"), unknown);
    check_verdict(town_register(&town, STR("nobody")), unknown);
    check_verdict(town_do(&town, "juggle", person, "{}"), unknown);
    Event event = town_event(&town);
    event.meta.scope = STR("org:saran");
    town_put(&town, K_event, &event);
    check_verdict(town_register(&town, person), unknown);
}

static void malformed_arguments_are_invalid(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    static const char *const args[] = {"{}", "{\"event\":7}", "{\"event\":\"\"}", "{\"event\":\"a b\"}",
                                       "{\"event\":\"a~b\"}"};
    for (size_t i = 0; i < COUNT(args); i++) {
        check_verdict(town_do(&town, "register", person, "%s", args[i]), invalid);
        check_verdict(town_do(&town, "cancel", person, "%s", args[i]), invalid);
    }
}

static void people_of_orgs_not_granted_are_denied(void **state) {
    OPENED(town);
    check_verdict(town_register(&town, town_person(&town, "saran", 1)), denied);
}

static void nobody_acts_without_showing_who_they_are(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    town.auth = STR("name");
    check_verdict(town_register(&town, person), denied);
    town.auth = (Str){0};
    check_verdict(town_register(&town, person), denied);
    town.auth = STR("badge");
    check_verdict(town_register(&town, (Str){0}), denied);
    town.auth = STR("name+pin");
    check_verdict(town_register(&town, person), confirmed);
}

static void a_guest_of_the_event_may_act_at_its_site(void **state) {
    OPENED(town);
    Str visitor = town_person(&town, "saran", 1);
    Guest guest;
    Registration registration;
    schema_clear(K_guest, &guest);
    guest.meta.id = id_join(town.arena, TOWN_EVENT, visitor), guest.meta.scope = STR("site:loin");
    guest.event = TOWN_EVENT, guest.person = visitor, guest.name = visitor, guest.org = STR("saran");
    town_put(&town, K_guest, &guest);
    check_verdict(town_register(&town, visitor), denied);
    guest.meta.scope = STR("site:centre");
    town_put(&town, K_guest, &guest);
    check_verdict(town_register(&town, visitor), confirmed);
    check(town_registration(&town, visitor, &registration));
    check_text(registration.meta.scope, "org:saran");
}

static Verdict register_for(Town *town, Str by, Str person) {
    return town_do(town, "register", by, "{\"event\":\"%.*s\",\"person\":\"%.*s\"}", STR_FORMAT(TOWN_EVENT),
                   STR_FORMAT(person));
}

static void a_host_or_hr_with_a_pin_registers_somebody_else(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1), agent = town_person(&town, "olivet", 2);
    Str host = town_person_with_role(&town, "olivet", 3, "host"),
        hr = town_person_with_role(&town, "olivet", 4, "hr");
    Registration registration;
    town.auth = STR("badge+pin");
    check_verdict(register_for(&town, agent, person), denied);
    check_verdict(register_for(&town, host, STR("nobody")), unknown);
    check_verdict(register_for(&town, host, person), confirmed);
    check(town_registration(&town, person, &registration));
    check(!town_registration(&town, host, &registration));
    check_verdict(register_for(&town, hr, agent), confirmed);
    check_verdict(register_for(&town, agent, agent), confirmed);
    town.auth = STR("badge");
    check_verdict(register_for(&town, host, town_person(&town, "olivet", 5)), denied);
}

static void hr_acts_for_its_own_org_only(void **state) {
    OPENED(town);
    town_grant_all(&town);
    town.auth = STR("badge+pin");
    Str person = town_person(&town, "saran", 1), hr = town_person_with_role(&town, "olivet", 4, "hr");
    check_verdict(register_for(&town, hr, person), denied);
    check_verdict(register_for(&town, town_person_with_role(&town, "olivet", 5, "host"), person), confirmed);
}

static void an_administrator_registers_people_of_the_orgs_granted(void **state) {
    OPENED(town);
    Registration registration;
    Str person = town_person(&town, "olivet", 1);
    town.context.administrator = true;
    town.context.device = (Str){0};
    town.auth = (Str){0};
    check_verdict(register_for(&town, (Str){0}, person), confirmed);
    check(town_registration(&town, person, &registration));
    check_text(registration.via, "admin");
    check_verdict(register_for(&town, (Str){0}, town_person(&town, "saran", 1)), denied);
    check_verdict(town_register(&town, (Str){0}), unknown);
}

static void a_store_that_fails_is_a_failure_not_a_verdict(void **state) {
    (void)state;
    for (int nth = 1;; nth++) {
        Err err = {0};
        AUTO(town_close) Town town = town_open();
        Verdict verdict = VERDICT_none;
        RuleOp op = {.name = STR("register"),
                     .at = TOWN_START,
                     .by = town_person(&town, "olivet", 1),
                     .auth = STR("badge")};
        Json *args = json_new_map(town.arena);
        json_put_text(town.arena, args, "event", TOWN_EVENT);
        op.args = args;
        memory_records_fail_at(town.memory, nth);
        Status status = rules_judge(town.records, &town.context, &op, town.arena, &verdict, &err);
        if (!memory_records_failed(town.memory)) break;
        check_int(status, E_IO);
        check_int(verdict, VERDICT_none);
        check(nth < 100);
    }
}

static void verdicts_have_names(void **state) {
    (void)state;
    for (int i = 1; i < VERDICT_COUNT; i++) check_int(verdict_from_name(str_of(verdict_name((Verdict)i))), i);
    check_int(verdict_from_name(STR("perhaps")), VERDICT_none);
    check_text(str_of(verdict_name(VERDICT_none)), "");
    check(verdict_is_rejection(VERDICT_full) && !verdict_is_rejection(VERDICT_waiting));
    check(rules_know(STR("register")) && rules_know(STR("tick")) && !rules_know(STR("register.2")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_free_seat_confirms),
        cmocka_unit_test(what_is_written_is_valid),
        cmocka_unit_test(without_limit_everybody_is_confirmed),
        cmocka_unit_test(who_comes_after_the_last_seat_waits_in_order),
        cmocka_unit_test(without_a_waiting_list_it_is_full),
        cmocka_unit_test(asking_twice_changes_nothing),
        cmocka_unit_test(asking_twice_repeats_the_verdict_even_when_all_is_over),
        cmocka_unit_test(after_an_own_cancel_one_stands_at_the_end),
        cmocka_unit_test(nobody_who_waits_is_overtaken_when_seats_are_added),
        cmocka_unit_test(a_changed_event_moves_up_and_takes_its_seats_along),
        cmocka_unit_test(a_changed_event_nobody_asked_for_makes_no_seats),
        cmocka_unit_test(dates_are_judged_by_when_the_person_acted),
        cmocka_unit_test(the_start_is_judged_by_arrival),
        cmocka_unit_test(a_cancelled_event_is_closed),
        cmocka_unit_test(what_needs_approval_holds_no_seat),
        cmocka_unit_test(who_was_refused_is_not_registered_by_asking_again),
        cmocka_unit_test(unknown_events_and_persons_are_unknown),
        cmocka_unit_test(malformed_arguments_are_invalid),
        cmocka_unit_test(people_of_orgs_not_granted_are_denied),
        cmocka_unit_test(nobody_acts_without_showing_who_they_are),
        cmocka_unit_test(a_guest_of_the_event_may_act_at_its_site),
        cmocka_unit_test(a_host_or_hr_with_a_pin_registers_somebody_else),
        cmocka_unit_test(hr_acts_for_its_own_org_only),
        cmocka_unit_test(an_administrator_registers_people_of_the_orgs_granted),
        cmocka_unit_test(a_store_that_fails_is_a_failure_not_a_verdict),
        cmocka_unit_test(verdicts_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
