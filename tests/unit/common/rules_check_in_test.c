#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

#define HALF "2025-12-02am" /* of TOWN_EVENT */
#define DOOR (TOWN_EVENT_STARTS - 10 * (Millis)MINUTE_MS)

static Verdict check_in_with(Town *town, Str by, const char *half, const char *method, Str person) {
    if (person.at)
        return town_do(town, "check_in", by,
                       "{\"event\":\"%.*s\",\"half\":\"%s\",\"method\":\"%s\",\"person\":\"%.*s\"}",
                       STR_FORMAT(TOWN_EVENT), half, method, STR_FORMAT(person));
    return town_do(town, "check_in", by, "{\"event\":\"%.*s\",\"half\":\"%s\",\"method\":\"%s\"}",
                   STR_FORMAT(TOWN_EVENT), half, method);
}

static Verdict check_in(Town *town, Str by) {
    return check_in_with(town, by, HALF, "badge", (Str){0});
}

/* By a host with his PIN. */
static Verdict host_checks_in(Town *town, Str host, Str person) {
    Str before = town->auth;
    town->auth = STR("badge+pin");
    Verdict verdict = check_in_with(town, host, HALF, "list", person);
    town->auth = before;
    return verdict;
}

static bool attendance(Town *town, Str person, Attendance *out) {
    Err err = {0};
    Str id = id_join3(town->arena, TOWN_EVENT, person, STR(HALF));
    return records_get(town->records, K_attendance, id, out, town->arena, &err) == OK;
}

static void whoever_has_a_seat_signs_in_with_the_time_of_the_scan(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Attendance there;
    check_verdict(town_register(&town, person), confirmed);
    town.at = DOOR;
    town.context.now = DOOR + DAY_MS; /* arrives a day later */
    check_verdict(check_in(&town, person), done);
    check(attendance(&town, person, &there));
    check(there.at == DOOR && there.method == AttendanceMethod_badge);
    check_text(there.via, "kiosk-1");
    check_text(there.meta.scope, "org:olivet");
    Json *doc = NULL;
    Err err = {0};
    check_ok(json_parse(town.arena, town_doc(&town, K_attendance, there.meta.id), &doc, &err));
    check_ok(schema_validate(K_attendance, there.meta.id, there.meta.scope, doc, &err));
}

static void the_earliest_scan_counts_whatever_arrives_first(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Attendance there;
    check_verdict(town_register(&town, person), confirmed);
    town.context.now = town.at = DOOR;
    check_verdict(check_in(&town, person), done);
    uint64_t digest = memory_records_digest(town.memory);
    town.at = DOOR + 5;
    check_verdict(check_in(&town, person), done);
    check(memory_records_digest(town.memory) == digest);
    town.at = DOOR - 5;
    check_verdict(check_in(&town, person), done);
    check(attendance(&town, person, &there) && there.at == DOOR - 5);
}

static void a_walk_in_takes_a_free_seat(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Registration registration;
    town.context.now = TOWN_EVENT_STARTS + MINUTE_MS; /* too late to register, not to come in */
    check_verdict(check_in(&town, person), done);
    check(town_registration(&town, person, &registration));
    check_int(registration.state, RegistrationState_confirmed);
    check_int(town_seats(&town).taken, 1);
    town_check_invariants(&town);
}

static void a_full_room_takes_who_the_host_lets_in(void **state) {
    OPENED(town);
    Attendance there;
    Str host = town_person_with_role(&town, "olivet", 9, "host");
    for (int i = 1; i <= 2; i++)
        check_verdict(town_register(&town, town_person(&town, "olivet", i)), confirmed);
    Str waiting = town_person(&town, "olivet", 3), stranger = town_person(&town, "olivet", 4);
    Str behind = town_person(&town, "olivet", 5);
    check_verdict(town_register(&town, waiting), waiting);
    check_verdict(town_register(&town, behind), waiting);
    town.context.now = DOOR;
    uint64_t digest = memory_records_digest(town.memory);
    check_verdict(check_in(&town, waiting), full);
    check_verdict(check_in(&town, stranger), full);
    check(memory_records_digest(town.memory) == digest);
    check_verdict(host_checks_in(&town, host, waiting), done);
    check_verdict(host_checks_in(&town, host, stranger), done);
    check(attendance(&town, waiting, &there) && there.method == AttendanceMethod_list);
    check_int(town_seats(&town).taken, 4);
    check_int(town_seats(&town).waiting, 1);
    check_int(town_place(&town, behind), 1);
    check_verdict(host_checks_in(&town, host, stranger), done);
    check_int(town_seats(&town).taken, 4);
}

static void only_a_host_lets_in_who_was_refused_or_waits_for_approval(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1), host = town_person_with_role(&town, "olivet", 9, "host");
    Registration registration;
    Event event = town_event(&town);
    event.approval = EventApproval_manager;
    town_put(&town, K_event, &event);
    check_verdict(town_register(&town, person), to_approve);
    town.context.now = DOOR;
    check_verdict(check_in(&town, person), needs_approval);
    check(town_registration(&town, person, &registration));
    registration.state = RegistrationState_refused;
    town_put(&town, K_registration, &registration);
    check_verdict(check_in(&town, person), denied);
    check_verdict(host_checks_in(&town, host, person), done);
    check_verdict(check_in(&town, person), done);
    town_check_invariants(&town);
}

static void a_half_is_one_of_the_event_and_of_today(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1), host = town_person_with_role(&town, "olivet", 9, "host");
    check_verdict(check_in(&town, person), not_open);
    town.context.now = DOOR;
    static const char *const bad[] = {"2025-12-01am", "2025-12-03pm", "2025-12-02",
                                      "2025-12-02xx", "2025/12/02am", ""};
    for (size_t i = 0; i < COUNT(bad); i++)
        check_verdict(check_in_with(&town, person, bad[i], "badge", (Str){0}), invalid);
    check_verdict(check_in_with(&town, person, "2025-12-02pm", "badge", (Str){0}), done);
    Event event = town_event(&town);
    Str halves[] = {STR(HALF)};
    event.halves = (TextList){halves, 1};
    town_put(&town, K_event, &event);
    check_verdict(check_in_with(&town, person, "2025-12-02pm", "badge", (Str){0}), invalid);
    town.context.now = TOWN_EVENT_STARTS + DAY_MS;
    check_verdict(check_in(&town, person), late);
    check_verdict(host_checks_in(&town, host, person), done);
    event.status = EventStatus_cancelled;
    town_put(&town, K_event, &event);
    check_verdict(host_checks_in(&town, host, person), closed);
}

static void methods_say_how_it_was_seen(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1), host = town_person_with_role(&town, "olivet", 9, "host");
    town.context.now = DOOR;
    check_verdict(check_in_with(&town, person, HALF, "smell", (Str){0}), invalid);
    check_verdict(check_in_with(&town, person, HALF, "list", (Str){0}), denied);
    check_verdict(check_in_with(&town, person, HALF, "host", (Str){0}), denied);
    check_verdict(check_in_with(&town, host, HALF, "host", person), denied); /* without his PIN */
    check_verdict(check_in(&town, (Str){0}), denied);
    check_verdict(town_do(&town, "check_in", person, "{\"half\":\"" HALF "\",\"method\":\"badge\"}"),
                  invalid);
}

/* ---- guests ---- */
static void put_guest(Town *town, const char *person) {
    const char *id = str_print(town->arena, "%.*s~%s", STR_FORMAT(TOWN_EVENT), person).at;
    const char *doc =
        str_print(town->arena,
                  "{\"event\":\"%.*s\",\"name\":\"Nina S.\",\"org\":\"saran\",\"person\":\"%s\"}",
                  STR_FORMAT(TOWN_EVENT), person)
            .at;
    town_put_doc(town, K_guest, id, "site:centre", doc);
}

static void a_guest_signs_in_where_he_is_expected(void **state) {
    OPENED(town);
    Attendance there;
    put_guest(&town, "saran-0001");
    town.context.now = DOOR;
    check_verdict(check_in(&town, STR("saran-0001")), done);
    check(attendance(&town, STR("saran-0001"), &there));
    check_text(there.meta.scope, "org:saran");
    Str guest = town_doc(&town, K_guest, id_join(town.arena, TOWN_EVENT, STR("saran-0001")));
    check_contains(guest.at, str_print(town.arena, "\"halves\":{\"" HALF "\":%lld}", (long long)DOOR).at);
    check_int(town_seats(&town).taken, 0); /* his org has counted him */
    check_verdict(check_in(&town, STR("saran-0002")), unknown);
}

static void the_hub_says_the_same_of_a_guest_as_the_place_does(void **state) {
    OPENED(hub);
    AUTO(town_close) Town kiosk = town_open();
    Str guest = town_person(&hub, "saran", 1);
    static const Str of_hub[] = {{"public", 6}, {"org:olivet", 10}, {"pool:agglo", 10}, {"site:centre", 11}};
    town_grant_all(&hub);
    check_verdict(town_register(&hub, guest), confirmed);
    put_guest(&hub, "saran-0001");
    hub.context.granted = of_hub, hub.context.granted_count = COUNT(of_hub);
    memory_records_copy(kiosk.memory, hub.memory, of_hub, COUNT(of_hub));
    kiosk.context.now = hub.context.now = DOOR;
    check_int(check_in(&kiosk, guest), check_in(&hub, guest));
    Str id = id_join(hub.arena, TOWN_EVENT, guest);
    check_text(town_doc(&kiosk, K_guest, id), str_cstr(hub.arena, town_doc(&hub, K_guest, id)));
    town_check_invariants(&hub);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_has_a_seat_signs_in_with_the_time_of_the_scan),
        cmocka_unit_test(the_earliest_scan_counts_whatever_arrives_first),
        cmocka_unit_test(a_walk_in_takes_a_free_seat),
        cmocka_unit_test(a_full_room_takes_who_the_host_lets_in),
        cmocka_unit_test(only_a_host_lets_in_who_was_refused_or_waits_for_approval),
        cmocka_unit_test(a_half_is_one_of_the_event_and_of_today),
        cmocka_unit_test(methods_say_how_it_was_seen),
        cmocka_unit_test(a_guest_signs_in_where_he_is_expected),
        cmocka_unit_test(the_hub_says_the_same_of_a_guest_as_the_place_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
