/* declare and call_back. */
#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

static void put_eater(Town *town, const char *scope) {
    town_put_doc(town, K_time_eater, "mails", scope,
                 "{\"by_org\":{\"saran\":2},\"count\":2,\"title\":\"Les mails\"}");
}

static Verdict declare(Town *town, Str person) {
    return town_do(town, "declare", person, "{\"time_eater\":\"mails\"}");
}

static void a_declaration_counts_by_org_once_a_person_and_day(void **state) {
    OPENED(town);
    Str one = town_person(&town, "olivet", 1), other = town_person(&town, "olivet", 2);
    put_eater(&town, "public");
    check_verdict(declare(&town, one), done);
    uint64_t digest = memory_records_digest(town.memory);
    check_verdict(declare(&town, one), done);
    check(memory_records_digest(town.memory) == digest);
    check_verdict(declare(&town, other), done);
    check_text(town_doc(&town, K_time_eater, STR("mails")),
               "{\"by_org\":{\"olivet\":2,\"saran\":2},\"count\":4,\"title\":\"Les mails\"}");
}

static void the_day_is_the_one_in_france(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    put_eater(&town, "public");
    town.at = TOWN_START + 12 * (Millis)HOUR_MS + 59 * (Millis)MINUTE_MS; /* 22:59 UTC, 23:59 there */
    check_verdict(declare(&town, person), done);
    town.at += 2 * (Millis)MINUTE_MS;
    check_verdict(declare(&town, person), done);
    town.at += 2 * (Millis)HOUR_MS; /* midnight of UTC has passed, the day is the same */
    check_verdict(declare(&town, person), done);
    check_contains(town_doc(&town, K_time_eater, STR("mails")).at, "\"count\":4");
}

static void another_time_eater_counts_the_same_day(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    put_eater(&town, "public");
    town_put_doc(&town, K_time_eater, "calls", "public", "{\"count\":0,\"title\":\"Le téléphone\"}");
    check_verdict(declare(&town, person), done);
    check_verdict(town_do(&town, "declare", person, "{\"time_eater\":\"calls\"}"), done);
    check_text(town_doc(&town, K_time_eater, STR("calls")),
               "{\"by_org\":{\"olivet\":1},\"count\":1,\"title\":\"Le téléphone\"}");
}

static Verdict name_it(Town *town, Str person, const char *text) {
    return town_do(town, "declare", person, "{\"text\":\"%s\"}", text);
}

static size_t at_the_hub(Town *town, const TimeEater **out) {
    Err err = {0};
    void *list = NULL;
    size_t count = 0;
    check_ok(records_list(town->records, &(RecordsQuery){.kind = K_time_eater, .limit = 100}, &list, &count,
                          town->arena, &err));
    *out = list;
    return count;
}

static void a_new_one_goes_to_the_moderators_under_an_id_of_its_own(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    const TimeEater *eaters = NULL;
    check_verdict(name_it(&town, person, " Les parapheurs "), requested);
    check_int(at_the_hub(&town, &eaters), 1);
    check_text(eaters[0].meta.scope, "hub");
    check_text(eaters[0].title, "Les parapheurs");
    check_int(eaters[0].count, 1);
    check_int(eaters[0].meta.id.len, 32);
    check(str_find(str_of(town_op_id(&town)), eaters[0].meta.id) < 0);
    town.op++;
    check_verdict(name_it(&town, person, "Les signatures"), closed);
    town.at = town.context.now + DAY_MS;
    check_verdict(name_it(&town, person, "Les signatures"), requested);
    check_int(at_the_hub(&town, &eaters), 2);
}

static void what_cannot_be_declared(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(declare(&town, person), unknown);
    put_eater(&town, "org:saran");
    check_verdict(declare(&town, person), unknown);
    check_verdict(declare(&town, (Str){0}), denied);
    check_verdict(name_it(&town, person, " "), invalid);
    check_verdict(town_do(&town, "declare", person, "{}"), invalid);
    check_verdict(town_do(&town, "declare", person, "{\"text\":\"a\",\"time_eater\":\"mails\"}"), invalid);
    check_verdict(town_do(&town, "declare", person, "{\"time_eater\":7}"), invalid);
}

/* ---- call_back ---- */
#define TUTOR "0192f0c1-7a00-7000-8000-0000000000c1"

static void put_tutor(Town *town, const char *scope) {
    town_put_doc(town, K_tutor, TUTOR, scope,
                 "{\"fields\":[\"tableur\"],\"kinds\":[\"trainer\"],\"name\":\"Un tuteur\",\"opt_in_at\":1,"
                 "\"org\":\"olivet\"}");
}

static Verdict call_back(Town *town, Str person, const char *about) {
    return town_do(town, "call_back", person, "{\"about\":\"%s\",\"tutor\":\"" TUTOR "\"}", about);
}

static void a_call_is_asked_for_once_while_it_is_open(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Err err = {0};
    CallBack request;
    put_tutor(&town, "pool:agglo");
    town.op = 1;
    check_verdict(call_back(&town, person, "les formules"), requested);
    Str id = str_of(town_op_id(&town));
    check_ok(records_get(town.records, K_call_back, id, &request, town.arena, &err));
    check_text(request.meta.scope, "org:olivet");
    check(str_equal(request.person, person) && request.state == CallBackState_open);
    town.op = 2;
    check_verdict(call_back(&town, person, "encore"), requested);
    check(!town_doc(&town, K_call_back, str_of(town_op_id(&town))).at);
    request.state = CallBackState_done;
    town_put(&town, K_call_back, &request);
    check_verdict(call_back(&town, person, "encore"), requested);
    check(town_doc(&town, K_call_back, str_of(town_op_id(&town))).at);
    town.op = 1; /* arrives again after it was answered */
    check_verdict(call_back(&town, person, "les formules"), requested);
    check_contains(town_doc(&town, K_call_back, id).at, "done");
}

static void whom_nobody_can_call(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(call_back(&town, person, "a"), unknown);
    put_tutor(&town, "org:saran");
    check_verdict(call_back(&town, person, "a"), unknown);
    put_tutor(&town, "public");
    check_verdict(call_back(&town, person, " "), invalid);
    check_verdict(call_back(&town, (Str){0}, "a"), denied);
    check_verdict(town_do(&town, "call_back", person, "{\"about\":\"a\"}"), invalid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_declaration_counts_by_org_once_a_person_and_day),
        cmocka_unit_test(the_day_is_the_one_in_france),
        cmocka_unit_test(another_time_eater_counts_the_same_day),
        cmocka_unit_test(a_new_one_goes_to_the_moderators_under_an_id_of_its_own),
        cmocka_unit_test(what_cannot_be_declared),
        cmocka_unit_test(a_call_is_asked_for_once_while_it_is_open),
        cmocka_unit_test(whom_nobody_can_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
