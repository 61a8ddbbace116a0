/* Whatever people do in whatever order, seats add up; and what a kiosk predicts from its part of the records
 * is what the hub decides. */
#include "tests/harness/check.h"
#include "tests/harness/town.h"

#include "common/base/rng.h"

enum { PEOPLE = 12, STEPS = 60, ROUNDS = 20 };

typedef struct Deed {
    const char *op;
    Str person;
} Deed;

static Deed some_deed(Rng *rng, const Str *people) {
    return (Deed){rng_below(rng, 5) < 3 ? "register" : "cancel", people[rng_below(rng, PEOPLE)]};
}

static Verdict act(Town *town, Deed deed) {
    return town_do(town, deed.op, deed.person, "{\"event\":\"%.*s\"}", STR_FORMAT(TOWN_EVENT));
}

static void make_people(Town *town, Str *people) {
    for (int i = 0; i < PEOPLE; i++) people[i] = town_person(town, i % 3 ? "olivet" : "saran", i);
}

/* Arrivals that still wait, in the order in which they came. */
typedef struct Line {
    Str at[PEOPLE];
    size_t count;
} Line;

static void line_drop(Line *line, Str person) {
    size_t kept = 0;
    for (size_t i = 0; i < line->count; i++)
        if (!str_equal(line->at[i], person)) line->at[kept++] = line->at[i];
    line->count = kept;
}

static bool is_waiting(Town *town, Str person) {
    Registration registration;
    return town_registration(town, person, &registration) && registration.state == RegistrationState_waiting;
}

static void follow(Line *line, Town *town, Deed deed, bool waited) {
    if (!waited && is_waiting(town, deed.person)) line->at[line->count++] = deed.person;
    for (size_t i = line->count; i-- > 0;)
        if (!is_waiting(town, line->at[i])) line_drop(line, line->at[i]);
    for (size_t i = 0; i < line->count; i++) check_int(town_place(town, line->at[i]), (int64_t)i + 1);
}

static void maybe_change_seats(Town *town, Rng *rng, int64_t *seats) {
    Err err = {0};
    if (rng_below(rng, 10)) return;
    *seats += (int64_t)rng_below(rng, 3);
    town_set_seats(town, *seats);
    check_ok(rules_event_changed(town->records, TOWN_EVENT, town->context.now, town->arena, &err));
}

static void one_round(uint64_t seed) {
    Rng rng = rng_seeded(seed);
    Str people[PEOPLE];
    Line line = {0};
    AUTO(town_close) Town town = town_open();
    int64_t seats = (int64_t)rng_below(&rng, 4);
    make_people(&town, people);
    town_grant_all(&town);
    town_set_seats(&town, seats);
    for (int step = 0; step < STEPS; step++) {
        Deed deed = some_deed(&rng, people);
        bool waited = is_waiting(&town, deed.person);
        maybe_change_seats(&town, &rng, &seats);
        Verdict first = act(&town, deed);
        uint64_t digest = memory_records_digest(town.memory);
        check_int(act(&town, deed), first);
        check(memory_records_digest(town.memory) == digest);
        town_check_invariants(&town);
        follow(&line, &town, deed, waited && is_waiting(&town, deed.person));
        town.context.now += 1000;
    }
}

static void seats_add_up_whatever_people_do(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) one_round(seed);
}

/* ---- the kiosk's part of the records ---- */
static Str seats_doc(Town *town) {
    Err err = {0};
    StoredRecord record = {0};
    Status status = town->records->verbs->get(town->records, K_seats, TOWN_EVENT, town->arena, &record, &err);
    return status == OK ? record.doc : STR("none");
}

static void check_same_registration(Town *hub, Town *kiosk, Str person) {
    Registration at_hub, at_kiosk;
    bool there = town_registration(hub, person, &at_hub);
    check_int(town_registration(kiosk, person, &at_kiosk), there);
    if (!there) return;
    check_int(at_kiosk.state, at_hub.state);
    check_int(at_kiosk.rank, at_hub.rank);
}

/* Some ops of Olivet's people in a row, predicted on a kiosk of Olivet, then judged at the hub. */
static void predict_and_judge(Town *hub, Rng *rng, const Str *people) {
    AUTO(town_close) Town kiosk = town_open();
    Deed deeds[5];
    Verdict predicted[COUNT(deeds)];
    kiosk.context.now = hub->context.now;
    memory_records_copy(kiosk.memory, hub->memory, kiosk.context.granted, kiosk.context.granted_count);
    for (size_t i = 0; i < COUNT(deeds); i++) {
        do deeds[i] = some_deed(rng, people);
        while (!str_starts(deeds[i].person, STR("olivet")));
        predicted[i] = act(&kiosk, deeds[i]);
    }
    for (size_t i = 0; i < COUNT(deeds); i++) check_int(act(hub, deeds[i]), predicted[i]);
    check(str_equal(seats_doc(hub), seats_doc(&kiosk)));
    for (size_t i = 0; i < PEOPLE; i++)
        if (str_starts(people[i], STR("olivet"))) check_same_registration(hub, &kiosk, people[i]);
}

static void a_kiosk_predicts_from_its_part_what_the_hub_decides(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        Rng rng = rng_seeded(1000 + seed);
        Str people[PEOPLE];
        AUTO(town_close) Town hub = town_open();
        make_people(&hub, people);
        town_grant_all(&hub);
        town_set_seats(&hub, (int64_t)rng_below(&rng, 6));
        for (int i = 0; i < 10; i++) (void)act(&hub, some_deed(&rng, people));
        predict_and_judge(&hub, &rng, people);
        town_check_invariants(&hub);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seats_add_up_whatever_people_do),
        cmocka_unit_test(a_kiosk_predicts_from_its_part_what_the_hub_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
