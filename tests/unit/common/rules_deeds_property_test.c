/* Whatever people vote and declare in whatever order, the totals are those of a plain count; and what a kiosk
 * predicts is what the hub decides. */
#include "common/base/rng.h"
#include "tests/harness/check.h"
#include "tests/harness/town.h"

enum { PEOPLE = 8, IDEAS = 3, STEPS = 120, ROUNDS = 20, DAYS = 3 };

typedef struct Model {
    bool voted[PEOPLE][IDEAS], declared[PEOPLE][DAYS];
    int votes[IDEAS], declarations;
} Model;

static const char *idea_id(Town *town, int idea) {
    return str_print(town->arena, "0192f0c1-7a00-7000-8000-00000000100%d", idea).at;
}

static void put_things(Town *town, Str *people) {
    for (int i = 0; i < PEOPLE; i++) people[i] = town_person(town, "olivet", i);
    for (int i = 0; i < IDEAS; i++)
        town_put_doc(town, K_idea, idea_id(town, i), "public",
                     "{\"org\":\"olivet\",\"state\":\"visible\",\"text\":\"a\",\"votes\":0}");
    town_put_doc(town, K_time_eater, "mails", "public", "{\"count\":0,\"title\":\"Les mails\"}");
}

static Verdict vote(Town *town, Model *model, Str *people, int who, int idea, bool value) {
    if (model && model->voted[who][idea] != value) model->votes[idea] += value ? 1 : -1;
    if (model) model->voted[who][idea] = value;
    return town_do(town, "vote", people[who], "{\"idea\":\"%s\",\"value\":%d}", idea_id(town, idea), value);
}

static Verdict declare(Town *town, Model *model, Str *people, int who, int day) {
    if (model && !model->declared[who][day]) model->declarations++;
    if (model) model->declared[who][day] = true;
    town->at = TOWN_START + day * DAY_MS;
    Verdict verdict = town_do(town, "declare", people[who], "{\"time_eater\":\"mails\"}");
    town->at = 0;
    return verdict;
}

static Verdict some_deed(Town *town, Model *model, Rng *rng, Str *people) {
    int who = (int)rng_below(rng, PEOPLE), which = (int)rng_below(rng, 3);
    if (rng_below(rng, 3) == 0) return declare(town, model, people, who, which);
    return vote(town, model, people, who, which, rng_below(rng, 3) > 0);
}

static void check_totals(Town *town, const Model *model) {
    Err err = {0};
    Idea idea;
    TimeEater eater;
    for (int i = 0; i < IDEAS; i++) {
        check_ok(records_get(town->records, K_idea, str_of(idea_id(town, i)), &idea, town->arena, &err));
        check_int(idea.votes, model->votes[i]);
    }
    check_ok(records_get(town->records, K_time_eater, STR("mails"), &eater, town->arena, &err));
    check_int(eater.count, model->declarations);
    check_int(json_get_int(eater.by_org, "olivet", 0), model->declarations);
}

static void totals_are_those_of_a_plain_count(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        Rng rng = rng_seeded(seed);
        Model model = {0};
        Str people[PEOPLE];
        AUTO(town_close) Town town = town_open();
        put_things(&town, people);
        for (int step = 0; step < STEPS; step++, town.op++) {
            check_int(some_deed(&town, &model, &rng, people), VERDICT_done);
            check_totals(&town, &model);
        }
    }
}

/* The kiosk's secret is another than the hub's, so its facts have other keys. */
static void a_kiosk_comes_to_the_same_records_as_the_hub(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        Rng at_hub = rng_seeded(seed), at_kiosk = rng_seeded(seed);
        Model model = {0};
        Str people[PEOPLE];
        AUTO(town_close) Town hub = town_open();
        AUTO(town_close) Town kiosk = town_open();
        put_things(&hub, people);
        kiosk.context.secret = STR("the secret of a kiosk of Olivet.");
        memory_records_copy(kiosk.memory, hub.memory, kiosk.context.granted, kiosk.context.granted_count);
        for (int step = 0; step < STEPS; step++, hub.op = ++kiosk.op) {
            Verdict predicted = some_deed(&kiosk, NULL, &at_kiosk, people);
            check_int(predicted, some_deed(&hub, &model, &at_hub, people));
        }
        check_totals(&hub, &model);
        check_totals(&kiosk, &model);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_those_of_a_plain_count),
        cmocka_unit_test(a_kiosk_comes_to_the_same_records_as_the_hub),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
