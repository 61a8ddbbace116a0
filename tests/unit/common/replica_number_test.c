/* PROTOCOL 4 from the replica's side: numbers, incarnations, what is told apart from what. */
#include "tests/harness/replica_kit.h"

#include <stdio.h>

static int64_t number_of(Kit *kit, Str id) {
    Str sql = str_print(kit->arena, "SELECT coalesce(n, 0) FROM op_state WHERE id = '%.*s'", STR_FORMAT(id));
    return kit_ask(kit, str_cstr(kit->arena, sql));
}

static void number(Kit *kit) {
    Err err = {0};
    check_ok(replica_number_ops(kit->replica, &err));
}

static bool take(Kit *kit, int64_t decided, const char *last, int64_t *from) {
    OpsPosition position = {.decided = decided, .last = str_of(last)};
    bool rekeyed = false;
    Err err = {0};
    check_ok(replica_take_position(kit->replica, &position, &rekeyed, from, &err));
    return rekeyed;
}

static PushBody body_from(Kit *kit, int64_t from) {
    PushBody body = {0};
    Err err = {0};
    check_ok(replica_push_body(kit->replica, (Str){0}, from, PUSH_OPS_MAX, kit->arena, &body, &err));
    return body;
}

static void numbers_follow_the_outbox_without_gaps(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Str a = kit_outbox_add(kit, "register", "{}"), b = kit_outbox_add(kit, "register", "{}");
    number(kit);
    Str c = kit_outbox_add(kit, "cancel", "{}");
    number(kit);
    number(kit);
    check_int(number_of(kit, a), 1);
    check_int(number_of(kit, b), 2);
    check_int(number_of(kit, c), 3);
    PushBody body = body_from(kit, 1);
    check_int(body.count, 3);
    check_int(body.last_n, 3);
    check(str_find(body.text, STR("\"prev\"")) > str_find(body.text, a)); /* the first has none */
}

static void a_number_once_given_survives_a_crash(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Str a = kit_outbox_add(kit, "register", "{}");
    number(kit);
    Str incarnation = kit_ask_text(kit, "SELECT value FROM meta WHERE key = 'incarnation'");
    Str before = body_from(kit, 1).text;
    kit_reopen(kit);
    number(kit);
    check_int(number_of(kit, a), 1);
    check(str_equal(incarnation, kit_ask_text(kit, "SELECT value FROM meta WHERE key = 'incarnation'")));
    Str first = {0}, after = body_from(kit, 1).text;
    str_cut(&before, '\n', &first); /* the header has the time */
    str_cut(&after, '\n', &first);
    check(str_equal(before, after));
}

static void the_last_number_outlives_pruning(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Str a = kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    kit_outbox_run(kit, "DELETE FROM op");
    Str b = kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    check_int(number_of(kit, b), 2);
    check_int(kit_ask(kit, "SELECT count(*) FROM op_state"), 1); /* what was pruned is forgotten */
    check_int(fake_times_judged(kit->hub, a), 1);
    check_int(fake_times_judged(kit->hub, b), 1);
}

static void another_outbox_is_seen_although_its_positions_start_again(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    kit_outbox_add(kit, "register", "{}");
    kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    kit_outbox_run(kit, "DELETE FROM op; DELETE FROM sqlite_sequence");
    Str c = kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    check_int(fake_times_judged(kit->hub, c), 1);
}

static void a_hole_in_the_outbox_numbers_the_rest_anew(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    kit_outbox_add(kit, "register", "{}");
    Str b = kit_outbox_add(kit, "register", "{}");
    number(kit);
    kit_outbox_run(kit, "DELETE FROM op WHERE pos = 1");
    Str c = kit_outbox_add(kit, "register", "{}");
    kit_outbox_run(kit, "UPDATE op SET pos = pos + 100"); /* so that the whole is gone through */
    number(kit);
    check_int(number_of(kit, b), 1);
    check_int(number_of(kit, c), 2);
    kit_push(kit);
    check_int(fake_times_judged(kit->hub, b), 1);
}

static void the_receipt_ends_what_waits(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    ReplicaFacts facts = {0};
    kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    check_ok(replica_facts(kit->replica, arena, &facts, &err));
    check_int(facts.undecided, 1); /* pushed is not decided */
    PageOutcome outcome = kit_pull(kit);
    check(outcome.decided && !outcome.rekeyed);
    check_ok(replica_facts(kit->replica, arena, &facts, &err));
    check_int(facts.undecided, 0);
    check_int(facts.decided, 1);
    check_int(kit_ask(kit, "SELECT durable FROM op_state"), 0);
    fake_set_durable(kit->hub, facts.device, facts.incarnation, 1);
    kit_pull(kit);
    check_int(kit_ask(kit, "SELECT durable FROM op_state"), 1);
}

static void a_receipt_of_somebody_else_says_nothing(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Str a = kit_outbox_add(kit, "register", "{}");
    number(kit);
    Str doc =
        str_print(kit->arena,
                  "{\"decided\":9,\"durable\":9,\"verdicts\":[{\"code\":\"done\",\"id\":\"%.*s\",\"n\":1}]}",
                  STR_FORMAT(a));
    fake_put(kit->hub, "receipt", "d1~other", "device:d1", str_cstr(kit->arena, doc));
    PageOutcome outcome = kit_pull(kit);
    check(!outcome.decided && !outcome.rekeyed);
}

static void another_last_id_means_a_copied_disk(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    int64_t from = 0;
    Str a = kit_outbox_add(kit, "register", "{}"), b = kit_outbox_add(kit, "register", "{}");
    number(kit);
    Str before = kit_ask_text(kit, "SELECT value FROM meta WHERE key = 'incarnation'");
    check(!take(kit, 1, str_cstr(kit->arena, a), &from));
    check_int(from, 2);
    check(!take(kit, 2, str_cstr(kit->arena, b), &from));
    check_int(from, 3);
    check(take(kit, 1, "0192f0c1-7a00-7000-8000-00000000000f", &from));
    check_int(from, 1);
    check(!str_equal(before, kit_ask_text(kit, "SELECT value FROM meta WHERE key = 'incarnation'")));
    check_int(number_of(kit, a), 1); /* all of them, under the new one */
    check_int(number_of(kit, b), 2);
}

static void more_than_was_ever_made_means_a_copied_disk(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    int64_t from = 0;
    kit_outbox_add(kit, "register", "{}");
    check(take(kit, 5, "0192f0c1-7a00-7000-8000-00000000000f", &from));
}

/* Both copies hold the same two ops; the other one saw the first verdict, so the hub tells the second alone.
 */
static void a_verdict_told_to_a_copy_is_asked_for_again(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Str a = kit_outbox_add(kit, "register", "{}"), b = kit_outbox_add(kit, "register", "{}");
    number(kit);
    Str incarnation = kit_ask_text(kit, "SELECT value FROM meta WHERE key = 'incarnation'");
    Str doc =
        str_print(kit->arena,
                  "{\"decided\":2,\"durable\":0,\"last\":\"%.*s\",\"verdicts\":[{\"code\":\"done\",\"id\":"
                  "\"%.*s\",\"n\":2}]}",
                  STR_FORMAT(b), STR_FORMAT(b));
    Str id = str_print(kit->arena, "d1~%.*s", STR_FORMAT(incarnation));
    fake_put(kit->hub, "receipt", str_cstr(kit->arena, id), "device:d1", str_cstr(kit->arena, doc));
    check(kit_pull(kit).rekeyed);
    number(kit);
    check_int(number_of(kit, a), 1);
    check_int(number_of(kit, b), 2);
    kit_push(kit);
    check(!kit_pull(kit).rekeyed);
    check_int(kit_ask(kit, "SELECT count(*) FROM op_state WHERE verdict IS NULL"), 0);
}

/* The op at the last position is another one: whatever stands at smaller positions is new too. */
static void another_outbox_of_the_same_length_is_gone_through(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    kit_outbox_add(kit, "register", "{}");
    kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    kit_outbox_run(kit, "DELETE FROM op; DELETE FROM sqlite_sequence");
    Str a = kit_outbox_add(kit, "register", "{}"), b = kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    check_int(fake_times_judged(kit->hub, a), 1);
    check_int(fake_times_judged(kit->hub, b), 1);
}

/* The hub was restored from before what was pruned here: the hole could never be filled. */
static void an_older_hub_than_what_is_kept_means_new_numbers(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    int64_t from = 0;
    kit_outbox_add(kit, "register", "{}");
    kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    kit_outbox_run(kit, "DELETE FROM op WHERE pos = 1");
    Str c = kit_outbox_add(kit, "register", "{}");
    kit_outbox_run(kit, "UPDATE op SET pos = pos + 100");
    number(kit);
    check_int(number_of(kit, c), 3);
    check(take(kit, 0, NULL, &from)); /* the first that is kept is 2 */
    check_int(number_of(kit, c), 2);
    check_contains(
        str_cstr(kit->arena, kit_ask_text(kit, "SELECT value FROM meta WHERE key = 'rekeyed_why'")),
        "restored");
}

static void an_op_with_a_verdict_of_another_epoch_says_so(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    check(str_find(body_from(kit, 1).text, STR("\"was\"")) < 0);
    kit->hub->epoch = "5-bb";
    kit_pull(kit);
    kit_damage(kit, "UPDATE op_state SET epoch = '1-aa'");
    Str text = body_from(kit, 1).text, line = {0};
    OpLine op = {0};
    Err err = {0};
    str_cut(&text, '\n', &line);
    str_cut(&text, '\n', &line);
    check_ok(op_line_read(kit->arena, line, &op, &err));
    check_text(op.was_epoch, "1-aa");
    check_text(op.was_code, "done");
}

static void what_cannot_be_sent_gets_no_number(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    ReplicaFacts facts = {0};
    kit_outbox_run(
        kit,
        "INSERT INTO op(id, body) VALUES('x1', 'nothing'), ('x2', '{\"op\":'), ('x3', '{}'), ('x4', '[1]'),"
        "('x5', '{\"op\":\"register\",' || char(10) || '\"args\":{}}'), ('..', '{\"op\":\"register\"}'),"
        "('x6', '{\"op\":\"' || printf('%.70000c', 'x') || '\"}')");
    Str good = kit_outbox_add(kit, "register", "{}");
    number(kit);
    check_int(number_of(kit, good), 1);
    check_ok(replica_facts(kit->replica, arena, &facts, &err));
    check_int(facts.unreadable, 7);
    check_int(facts.undecided, 1);
    check_int(body_from(kit, 1).count, 1);
}

static void a_push_is_cut_at_its_limits(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    kit_outbox_run(kit,
                   "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1200)"
                   "INSERT INTO op(id, body) SELECT 'id' || i, '{\"op\":\"register\",\"args\":{}}' FROM c");
    number(kit);
    check_int(body_from(kit, 1).count, PUSH_OPS_MAX);
    check_int(body_from(kit, PUSH_OPS_MAX + 1).count, 200);
    kit_outbox_run(kit, "UPDATE op SET body = '{\"op\":\"register\",\"args\":{\"text\":\"' || "
                        "printf('%.60000c', 'x') || '\"}}'");
    PushBody body = body_from(kit, 1);
    check(body.count > 60 && body.count < 75);
    check(body.text.len <= PUSH_BYTES_MAX);
}

static void a_missing_or_foreign_outbox_has_no_ops(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    number(kit);
    check_int(body_from(kit, 1).count, 0);
    Err err = {0};
    FILE *file = fopen(test_path(kit->arena, &kit->dir, "outbox.db"), "w");
    fputs("this is no database, but it is long enough to be looked at as one", file);
    fclose(file);
    check(replica_number_ops(kit->replica, &err) != OK);
    check_contains(err.text, "outbox.db");
    check(err.status != E_CORRUPT); /* which would set replica.db aside */
}

static void unpairing_waits_for_what_is_not_durable(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Err err = {0};
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    kit_pull(kit);
    check_status(replica_unpair(kit->replica, false, &err), E_BUSY);
    check_ok(replica_unpair(kit->replica, true, &err));
    check_int(kit_ask(kit, "SELECT count(*) FROM record"), 0);
}

/* Hello has told of the new life before any page of its feed came: what is sent then says `was` all the same.
 */
static void was_compares_with_the_epoch_that_is_sent_to(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PushBody body = {0};
    Err err = {0};
    kit_outbox_add(kit, "register", "{}");
    number(kit);
    kit_push(kit);
    kit_pull(kit);
    check_ok(replica_push_body(kit->replica, STR("2-bb"), 1, PUSH_OPS_MAX, kit->arena, &body, &err));
    check(str_find(body.text, STR("\"was\":{\"epoch\":\"1-aa\",\"code\":\"done\"}")) > 0);
    check(str_find(body_from(kit, 1).text, STR("\"was\"")) < 0);
}

/* In its first state the hub of a new life has decided nothing: all waits again, and nothing is durable. */
static void a_new_epoch_makes_what_was_decided_wait_again(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    ReplicaFacts facts = {0};
    Err err = {0};
    kit_outbox_add(kit, "register", "{}");
    number(kit);
    kit_push(kit);
    fake_set_durable(kit->hub, STR("d1"), str_skip(kit->hub->keys[0].key, sizeof("d1")), 1);
    kit_pull(kit);
    check_int(kit_ask(kit, "SELECT durable FROM op_state"), 1);
    FakeHub *older = kit->hub;
    kit->hub = fake_hub_new("2-bb");
    for (size_t i = 0; i < older->granted_count; i++) fake_grant(kit->hub, older->granted[i]);
    fake_hub_free(older);
    kit_pull(kit);
    check_ok(replica_facts(kit->replica, kit->arena, &facts, &err));
    check_int(facts.undecided, 1);
    check_int(facts.decided, 0);
    check_int(kit_ask(kit, "SELECT durable FROM op_state"), 0);
    kit_push(kit);
    kit_pull(kit);
    check_ok(replica_facts(kit->replica, kit->arena, &facts, &err));
    check_int(facts.undecided, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_follow_the_outbox_without_gaps),
        cmocka_unit_test(a_number_once_given_survives_a_crash),
        cmocka_unit_test(the_last_number_outlives_pruning),
        cmocka_unit_test(another_outbox_is_seen_although_its_positions_start_again),
        cmocka_unit_test(a_hole_in_the_outbox_numbers_the_rest_anew),
        cmocka_unit_test(the_receipt_ends_what_waits),
        cmocka_unit_test(a_receipt_of_somebody_else_says_nothing),
        cmocka_unit_test(another_last_id_means_a_copied_disk),
        cmocka_unit_test(was_compares_with_the_epoch_that_is_sent_to),
        cmocka_unit_test(a_new_epoch_makes_what_was_decided_wait_again),
        cmocka_unit_test(more_than_was_ever_made_means_a_copied_disk),
        cmocka_unit_test(a_verdict_told_to_a_copy_is_asked_for_again),
        cmocka_unit_test(another_outbox_of_the_same_length_is_gone_through),
        cmocka_unit_test(an_older_hub_than_what_is_kept_means_new_numbers),
        cmocka_unit_test(an_op_with_a_verdict_of_another_epoch_says_so),
        cmocka_unit_test(what_cannot_be_sent_gets_no_number),
        cmocka_unit_test(a_push_is_cut_at_its_limits),
        cmocka_unit_test(a_missing_or_foreign_outbox_has_no_ops),
        cmocka_unit_test(unpairing_waits_for_what_is_not_durable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
