#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)
#define check_state(town, person, expected) check_state_at((town), (person), RegistrationState_##expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

static void check_state_at(Town *town, Str person, RegistrationState expected) {
    Registration registration;
    check(town_registration(town, person, &registration));
    check_int(registration.state, expected);
}

static void fill_event(Town *town, Str *people, size_t count) {
    for (size_t i = 0; i < count; i++) {
        people[i] = town_person(town, "olivet", (int)i);
        (void)town_register(town, people[i]);
    }
}

static void a_cancelled_seat_goes_to_the_first_who_waits(void **state) {
    OPENED(town);
    Str people[4];
    fill_event(&town, people, 4);
    town.context.now += HOUR_MS;
    check_verdict(town_cancel(&town, people[0]), done);
    check_state(&town, people[0], cancelled);
    check_state(&town, people[2], confirmed);
    check_state(&town, people[3], waiting);
    check_int(town_place(&town, people[3]), 1);
    Registration moved;
    check(town_registration(&town, people[2], &moved));
    check(moved.rank == INT_ABSENT && moved.decided_at == town.context.now && moved.at == TOWN_START);
    town_check_invariants(&town);
}

static void leaving_the_waiting_list_moves_nobody_in(void **state) {
    OPENED(town);
    Str people[5];
    fill_event(&town, people, 5);
    check_verdict(town_cancel(&town, people[3]), done);
    check_int(town_seats(&town).taken, 2);
    check_int(town_place(&town, people[2]), 1);
    check_int(town_place(&town, people[4]), 2);
    town_check_invariants(&town);
}

static void ranks_stay_when_others_leave(void **state) {
    OPENED(town);
    Str people[5];
    Registration before, after;
    fill_event(&town, people, 5);
    check(town_registration(&town, people[4], &before));
    check_verdict(town_cancel(&town, people[2]), done);
    check(town_registration(&town, people[4], &after));
    check(before.rank == 3 && after.rank == 3);
    check_int(town_place(&town, people[4]), 2);
}

static void cancelling_twice_changes_nothing(void **state) {
    OPENED(town);
    Str people[3];
    fill_event(&town, people, 3);
    check_verdict(town_cancel(&town, people[0]), done);
    int64_t seq = memory_records_seq(town.memory);
    town.context.now += HOUR_MS;
    check_verdict(town_cancel(&town, people[0]), done);
    check_int(memory_records_seq(town.memory), seq);
}

static void what_was_never_registered_is_unknown(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(town_cancel(&town, person), unknown);
    check_verdict(town_do(&town, "cancel", person, "{\"event\":\"nothing\"}"), unknown);
}

static void after_the_last_hour_to_cancel_it_is_late(void **state) {
    OPENED(town);
    Str people[3];
    fill_event(&town, people, 3);
    Event event = town_event(&town);
    event.cancel_until = TOWN_START + DAY_MS;
    town_put(&town, K_event, &event);
    town.context.now = TOWN_START + 2 * DAY_MS;
    town.at = event.cancel_until + 1;
    check_verdict(town_cancel(&town, people[0]), late);
    check_state(&town, people[0], confirmed);
    check_verdict(town_cancel(&town, people[2]), done); /* who only waits takes nobody's seat */
    town.at = event.cancel_until;
    check_verdict(town_cancel(&town, people[0]), done);
    town_check_invariants(&town);
}

static void once_started_nothing_is_cancelled(void **state) {
    OPENED(town);
    Str people[3];
    fill_event(&town, people, 3);
    town.at = TOWN_START;
    town.context.now = TOWN_EVENT_STARTS;
    check_verdict(town_cancel(&town, people[0]), already_started);
    check_state(&town, people[2], waiting);
}

static void in_a_cancelled_event_nobody_moves_up(void **state) {
    OPENED(town);
    Str people[3];
    fill_event(&town, people, 3);
    Event event = town_event(&town);
    event.status = EventStatus_cancelled;
    town_put(&town, K_event, &event);
    check_verdict(town_cancel(&town, people[0]), done);
    check_state(&town, people[2], waiting);
    check_int(town_seats(&town).taken, 1);
}

static Verdict cancel_for(Town *town, Str by, Str person) {
    return town_do(town, "cancel", by, "{\"event\":\"%.*s\",\"person\":\"%.*s\"}", STR_FORMAT(TOWN_EVENT),
                   STR_FORMAT(person));
}

static void only_a_host_or_hr_cancels_for_somebody_else(void **state) {
    OPENED(town);
    Str people[2], host = town_person_with_role(&town, "olivet", 20, "host");
    fill_event(&town, people, 2);
    town.auth = STR("badge+pin");
    check_verdict(cancel_for(&town, people[1], people[0]), denied);
    check_verdict(cancel_for(&town, town_person_with_role(&town, "olivet", 21, "manager"), people[0]),
                  denied);
    check_state(&town, people[0], confirmed);
    town.auth = STR("badge");
    check_verdict(cancel_for(&town, host, people[0]), denied);
    town.auth = STR("name+pin");
    check_verdict(cancel_for(&town, host, people[0]), done);
    check_state(&town, people[0], cancelled);
}

/* A kiosk of Olivet sees the registrations of Olivet alone, and the seats of everybody. */
static void on_a_kiosk_a_seat_goes_to_somebody_it_cannot_see(void **state) {
    OPENED(hub);
    AUTO(town_close) Town kiosk = town_open();
    Str a = town_person(&hub, "olivet", 1), b = town_person(&hub, "saran", 2),
        c = town_person(&hub, "olivet", 3);
    town_grant_all(&hub);
    town_set_seats(&hub, 1);
    check_verdict(town_register(&hub, a), confirmed);
    check_verdict(town_register(&hub, b), waiting);
    check_verdict(town_register(&hub, c), waiting);
    memory_records_copy(kiosk.memory, hub.memory, kiosk.context.granted, kiosk.context.granted_count);
    check_int(town_place(&kiosk, c), 2);
    check_verdict(town_cancel(&kiosk, a), done);
    check_state(&kiosk, c, waiting);
    check_int(town_place(&kiosk, c), 1);
    check_int(town_seats(&kiosk).taken, 1);
    check_verdict(town_cancel(&hub, a), done);
    check_state(&hub, b, confirmed);
    Str seen, true_one;
    Err err = {0};
    Seats at_kiosk = town_seats(&kiosk), at_hub = town_seats(&hub);
    check_ok(schema_encode(K_seats, kiosk.arena, &at_kiosk, &seen, &err));
    check_ok(schema_encode(K_seats, hub.arena, &at_hub, &true_one, &err));
    check(str_equal(seen, true_one));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancelled_seat_goes_to_the_first_who_waits),
        cmocka_unit_test(leaving_the_waiting_list_moves_nobody_in),
        cmocka_unit_test(ranks_stay_when_others_leave),
        cmocka_unit_test(cancelling_twice_changes_nothing),
        cmocka_unit_test(what_was_never_registered_is_unknown),
        cmocka_unit_test(after_the_last_hour_to_cancel_it_is_late),
        cmocka_unit_test(once_started_nothing_is_cancelled),
        cmocka_unit_test(in_a_cancelled_event_nobody_moves_up),
        cmocka_unit_test(only_a_host_or_hr_cancels_for_somebody_else),
        cmocka_unit_test(on_a_kiosk_a_seat_goes_to_somebody_it_cannot_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
