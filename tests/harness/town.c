#include "tests/harness/town.h"

#include "common/wire/secret.h"
#include "tests/harness/check.h"

#include <stdio.h>

static void put_place(Town *town, const char *org) {
    Org one;
    schema_clear(K_org, &one);
    one.meta.id = str_of(org), one.meta.scope = STR("public");
    one.name = str_of(org), one.type = OrgType_commune;
    town_put(town, K_org, &one);
}

static void put_event(Town *town) {
    Event event;
    schema_clear(K_event, &event);
    event.meta.id = TOWN_EVENT, event.meta.scope = STR("pool:agglo");
    event.type = EventType_ixpresso, event.status = EventStatus_planned;
    event.title = STR("iX'Presso"), event.place = STR("Salle du Conseil"), event.org = STR("olivet");
    event.starts = TOWN_EVENT_STARTS, event.ends = TOWN_EVENT_STARTS + 2 * (Millis)HOUR_MS;
    event.seats = 2;
    town_put(town, K_event, &event);
}

static void put_path(Town *town) {
    Path path;
    Step step;
    schema_clear(K_path, &path);
    path.meta.id = STR("terrain"), path.meta.scope = STR("public");
    path.title = path.profile = path.summary = STR("Terrain");
    town_put(town, K_path, &path);
    schema_clear(K_step, &step);
    step.meta.id = STR("terrain~1"), step.meta.scope = STR("public");
    step.path = STR("terrain"), step.order = 1, step.title = STR("Retirer mon badge");
    step.anchor = StepAnchor_day1, step.actor = StepActor_newcomer, step.type = StepType_procedure;
    town_put(town, K_step, &step);
}

Town town_open(void) {
    static const Str granted[] = {{"public", 6}, {"org:olivet", 10}, {"pool:agglo", 10}, {"site:centre", 11}};
    Town town = {.memory = memory_records_open(), .arena = arena_open(), .auth = STR("badge")};
    town.records = memory_records_of(town.memory);
    town.context = (RuleContext){.now = TOWN_START,
                                 .device = STR("kiosk-1"),
                                 .granted = granted,
                                 .granted_count = 4,
                                 .keyed_hash = keyed_hash_hex,
                                 .secret = STR("the secret of the town of Olivet")};
    put_place(&town, "olivet");
    put_place(&town, "saran");
    put_event(&town);
    put_path(&town);
    return town;
}

void town_close(Town *town) {
    arena_close(town->arena);
    memory_records_close(town->memory);
}

void town_grant_all(Town *town) {
    static const Str granted[] = {{"public", 6}, {"org:olivet", 10}, {"org:saran", 9}, {"pool:agglo", 10}};
    town->context.granted = granted;
    town->context.granted_count = COUNT(granted);
}

void town_put(Town *town, Kind kind, const void *record) {
    Err err = {0};
    check_ok(records_put(town->records, kind, record, town->arena, &err));
}

void town_put_doc(Town *town, Kind kind, const char *id, const char *scope, const char *doc) {
    Err err = {0};
    check_ok(town->records->verbs->put(town->records, kind, str_of(id), str_of(scope), str_of(doc), &err));
}

Str town_doc(Town *town, Kind kind, Str id) {
    Err err = {0};
    StoredRecord record = {0};
    return town->records->verbs->get(town->records, kind, id, town->arena, &record, &err) == OK ? record.doc
                                                                                                : (Str){0};
}

Str town_person_with_role(Town *town, const char *org, int number, const char *role) {
    Person person;
    Str roles[] = {str_of(role)};
    schema_clear(K_person, &person);
    person.meta.id = str_print(town->arena, "%s-%04d", org, number);
    person.meta.scope = scope_join(town->arena, "org", str_of(org));
    person.org = str_of(org);
    person.name = person.name_key = person.meta.id;
    if (role) person.roles = (TextList){roles, 1};
    town_put(town, K_person, &person);
    return person.meta.id;
}

Str town_person(Town *town, const char *org, int number) {
    return town_person_with_role(town, org, number, NULL);
}

Event town_event(Town *town) {
    Err err = {0};
    Event event;
    check_ok(records_get(town->records, K_event, TOWN_EVENT, &event, town->arena, &err));
    return event;
}

void town_set_seats(Town *town, int64_t seats) {
    Event event = town_event(town);
    event.seats = seats;
    town_put(town, K_event, &event);
}

static Verdict judge(Town *town, const RuleOp *op) {
    Err err = {0};
    Verdict verdict = VERDICT_none;
    check_ok(rules_judge(town->records, &town->context, op, town->arena, &verdict, &err));
    check(verdict != VERDICT_none);
    return verdict;
}

const char *town_op_id(Town *town) {
    return str_print(town->arena, "0192f0c1-7a00-7000-8000-0000000%05d", town->op).at;
}

Verdict town_do(Town *town, const char *op, Str by, const char *args_format, ...) {
    Err err = {0};
    Json *args = NULL;
    va_list list;
    AUTO(buf_free) Buf text = buf_new(4096);
    va_start(list, args_format);
    buf_print_list(&text, args_format, list);
    va_end(list);
    check_ok(json_parse(town->arena, buf_str(&text), &args, &err));
    return judge(town, &(RuleOp){.id = str_of(town_op_id(town)),
                                 .name = str_of(op),
                                 .at = town->at ? town->at : town->context.now,
                                 .by = by,
                                 .auth = town->auth,
                                 .args = args});
}

Verdict town_register(Town *town, Str person) {
    return town_do(town, "register", person, "{\"event\":\"%.*s\"}", STR_FORMAT(TOWN_EVENT));
}

Verdict town_cancel(Town *town, Str person) {
    return town_do(town, "cancel", person, "{\"event\":\"%.*s\"}", STR_FORMAT(TOWN_EVENT));
}

bool town_registration(Town *town, Str person, Registration *out) {
    Err err = {0};
    Str id = id_join(town->arena, TOWN_EVENT, person);
    return records_get(town->records, K_registration, id, out, town->arena, &err) == OK;
}

Seats town_seats(Town *town) {
    Err err = {0};
    Seats seats;
    if (records_get(town->records, K_seats, TOWN_EVENT, &seats, town->arena, &err) == OK) return seats;
    schema_clear(K_seats, &seats);
    seats.taken = seats.waiting = 0;
    return seats;
}

int64_t town_place(Town *town, Str person) {
    Err err = {0};
    Registration registration;
    int64_t place = -1;
    check(town_registration(town, person, &registration));
    check_ok(rules_waiting_place(town->records, &registration, town->arena, &place, &err));
    return place;
}

/* ---- invariants ---- */
static void check_queue(const Seats *seats, const Registration *registrations, size_t count) {
    int64_t before = 0, listed = 0;
    for (const Json *one = seats->queue ? seats->queue->first : NULL; one; one = one->next, listed++) {
        int64_t rank = json_get_int(one, "rank", 0), holders = 0;
        check(rank > before);
        before = rank;
        for (size_t i = 0; i < count; i++)
            if (registrations[i].state == RegistrationState_waiting && registrations[i].rank == rank &&
                str_equal(registrations[i].org, json_get_text(one, "org")))
                holders++;
        check_int(holders, 1);
    }
    check_int(listed, seats->waiting);
}

static void check_by_org(const Seats *seats) {
    int64_t taken = 0, waiting = 0;
    for (const Json *one = seats->by_org ? seats->by_org->first : NULL; one; one = one->next) {
        taken += json_get_int(one, "taken", 0);
        waiting += json_get_int(one, "waiting", 0);
    }
    check_int(taken, seats->taken);
    check_int(waiting, seats->waiting);
}

static int64_t in_state(const Registration *registrations, size_t count, RegistrationState state) {
    int64_t found = 0;
    for (size_t i = 0; i < count; i++) found += registrations[i].state == state;
    return found;
}

void town_check_invariants(Town *town) {
    Err err = {0};
    const RecordsQuery query = {
        .kind = K_registration, .field = "event", .equals = TOWN_EVENT, .limit = RECORDS_LIST_MAX};
    void *list = NULL;
    size_t count = 0;
    check_ok(records_list(town->records, &query, &list, &count, town->arena, &err));
    Seats seats = town_seats(town);
    Event event = town_event(town);
    check(event.seats == INT_ABSENT || seats.taken <= event.seats);
    check(!seats.waiting || seats.taken == event.seats);
    check_int(seats.taken, in_state(list, count, RegistrationState_confirmed));
    check_int(seats.waiting, in_state(list, count, RegistrationState_waiting));
    check_by_org(&seats);
    check_queue(&seats, list, count);
}
