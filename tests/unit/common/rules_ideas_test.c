/* vote and propose. */
#include "tests/harness/check.h"
#include "tests/harness/town.h"

#define check_verdict(actual, expected) check_text(str_of(verdict_name(actual)), #expected)

#define OPENED(town)                                                                                         \
    (void)state;                                                                                             \
    AUTO(town_close) Town town = town_open()

#define IDEA "0192f0c1-7a00-7000-8000-00000000001d"

static void put_idea(Town *town, const char *scope, const char *state) {
    const char *doc =
        str_print(town->arena, "{\"org\":\"olivet\",\"state\":\"%s\",\"text\":\"Un vélo\",\"votes\":3}",
                  state)
            .at;
    town_put_doc(town, K_idea, IDEA, scope, doc);
}

static Verdict vote(Town *town, Str person, int value) {
    return town_do(town, "vote", person, "{\"idea\":\"" IDEA "\",\"value\":%d}", value);
}

static int64_t votes(Town *town) {
    Err err = {0};
    Idea idea;
    check_ok(records_get(town->records, K_idea, STR(IDEA), &idea, town->arena, &err));
    return idea.votes;
}

static void a_vote_counts_once_for_each_person(void **state) {
    OPENED(town);
    Str one = town_person(&town, "olivet", 1), other = town_person(&town, "olivet", 2);
    put_idea(&town, "pool:agglo", "visible");
    check_verdict(vote(&town, one, 1), done);
    check_int(votes(&town), 4);
    uint64_t digest = memory_records_digest(town.memory);
    check_verdict(vote(&town, one, 1), done);
    check(memory_records_digest(town.memory) == digest);
    check_verdict(vote(&town, other, 1), done);
    check_int(votes(&town), 5);
}

static void a_vote_is_taken_back_by_who_gave_it(void **state) {
    OPENED(town);
    Str one = town_person(&town, "olivet", 1), other = town_person(&town, "olivet", 2);
    put_idea(&town, "public", "studied");
    check_verdict(vote(&town, one, 1), done);
    check_verdict(vote(&town, other, 0), done);
    check_int(votes(&town), 4);
    check_verdict(vote(&town, one, 0), done);
    check_verdict(vote(&town, one, 0), done);
    check_int(votes(&town), 3);
    check_verdict(vote(&town, one, 1), done);
    check_int(votes(&town), 4);
}

static void only_what_may_be_seen_and_is_open_takes_votes(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(vote(&town, person, 1), unknown);
    put_idea(&town, "hub", "new");
    check_verdict(vote(&town, person, 1), unknown);
    put_idea(&town, "public", "new");
    check_verdict(vote(&town, person, 1), unknown);
    put_idea(&town, "org:saran", "visible");
    check_verdict(vote(&town, person, 1), unknown);
    static const char *const over[] = {"adopted", "done", "declined", "of a newer version"};
    for (size_t i = 0; i < COUNT(over); i++) {
        put_idea(&town, "public", over[i]);
        check_verdict(vote(&town, person, 1), closed);
    }
    check_int(votes(&town), 3);
}

static void nobody_votes_without_a_badge_or_for_another(void **state) {
    OPENED(town);
    Str person = town_person_with_role(&town, "olivet", 1, "host");
    put_idea(&town, "public", "visible");
    check_verdict(vote(&town, (Str){0}, 1), denied);
    check_verdict(vote(&town, town_person(&town, "saran", 1), 1), denied);
    check_verdict(vote(&town, STR("olivet-0099"), 1), unknown);
    town.auth = STR("name+pin");
    check_verdict(
        town_do(&town, "vote", person, "{\"idea\":\"" IDEA "\",\"person\":\"olivet-0002\",\"value\":1}"),
        done); /* his own */
    check_verdict(vote(&town, person, 1), done);
    check_int(votes(&town), 4);
    town.context.administrator = true;
    check_verdict(vote(&town, person, 1), denied);
}

static void malformed_votes_are_invalid(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    put_idea(&town, "public", "visible");
    check_verdict(vote(&town, person, 2), invalid);
    check_verdict(vote(&town, person, -1), invalid);
    check_verdict(town_do(&town, "vote", person, "{}"), invalid);
    check_verdict(town_do(&town, "vote", person, "{\"idea\":\"" IDEA "\",\"value\":true}"), invalid);
    check_verdict(town_do(&town, "vote", person, "{\"idea\":\"a~b\",\"value\":1}"), invalid);
}

/* ---- propose ---- */
static Verdict propose(Town *town, Str person, const char *args) {
    return town_do(town, "propose", person, "%s", args);
}

static void a_proposal_waits_for_a_moderator_and_names_nobody(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    Idea idea;
    check_verdict(propose(&town, person, "{\"category\":\"Temps\",\"project\":3,\"text\":\" Un vélo \"}"),
                  requested);
    Str id = str_of(town_op_id(&town)), doc = town_doc(&town, K_idea, id);
    check_text(
        doc,
        "{\"category\":\"Temps\",\"org\":\"olivet\",\"project\":3,\"state\":\"new\",\"text\":\"Un vélo\","
        "\"votes\":0}");
    Json *json = NULL;
    Err err = {0};
    check_ok(records_get(town.records, K_idea, id, &idea, town.arena, &err));
    check_text(idea.meta.scope, "hub");
    check_ok(json_parse(town.arena, doc, &json, &err));
    check_ok(schema_validate(K_idea, id, idea.meta.scope, json, &err));
    check(str_find(doc, person) < 0);
}

static void the_same_proposal_again_leaves_what_became_of_it(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    check_verdict(propose(&town, person, "{\"text\":\"Un vélo\"}"), requested);
    town_put_doc(&town, K_idea, town_op_id(&town), "public",
                 "{\"org\":\"olivet\",\"state\":\"visible\",\"text\":\"Un vélo\",\"votes\":7}");
    check_verdict(propose(&town, person, "{\"text\":\"Un vélo\"}"), requested);
    check_contains(town_doc(&town, K_idea, str_of(town_op_id(&town))).at, "\"votes\":7");
}

static void malformed_proposals_are_invalid(void **state) {
    OPENED(town);
    Str person = town_person(&town, "olivet", 1);
    static const char *const bad[] = {
        "{}",
        "{\"text\":\"  \"}",
        "{\"text\":7}",
        "{\"text\":\"a\",\"project\":6}",
        "{\"text\":\"a\",\"project\":\"1\"}",
        "{\"text\":\"a\",\"category\":\"\"}",
        "{\"text\":\"e\\u0301\"}" /* not in normal form C */,
    };
    for (size_t i = 0; i < COUNT(bad); i++) check_verdict(propose(&town, person, bad[i]), invalid);
    AUTO(buf_free) Buf text = buf_new(4096);
    buf_add_cstr(&text, "{\"text\":\"");
    for (int i = 0; i <= TEXT_FIELD_MAX; i++) buf_add_byte(&text, 'a');
    buf_add_cstr(&text, "\"}");
    check_verdict(propose(&town, person, str_cstr(town.arena, buf_str(&text))), invalid);
    check_verdict(propose(&town, (Str){0}, "{\"text\":\"a\"}"), denied);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vote_counts_once_for_each_person),
        cmocka_unit_test(a_vote_is_taken_back_by_who_gave_it),
        cmocka_unit_test(only_what_may_be_seen_and_is_open_takes_votes),
        cmocka_unit_test(nobody_votes_without_a_badge_or_for_another),
        cmocka_unit_test(malformed_votes_are_invalid),
        cmocka_unit_test(a_proposal_waits_for_a_moderator_and_names_nobody),
        cmocka_unit_test(the_same_proposal_again_leaves_what_became_of_it),
        cmocka_unit_test(malformed_proposals_are_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
