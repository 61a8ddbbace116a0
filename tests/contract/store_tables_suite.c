/* Operations, acknowledgements and the other tables, as every backend must keep them. */
#include "tests/contract/store_fixture.h"

#include <inttypes.h>

/* ---- operations ---- */

static StoreOp op_of(int64_t n, const char *id, const char *code, bool rejected) {
    return (StoreOp){.id = str_of(id),
                     .device = STR("d"),
                     .incarnation = STR("i"),
                     .n = n,
                     .code = str_of(code),
                     .rejected = rejected,
                     .at = NOW + n};
}

static void an_op_id_keeps_its_first_verdict(void **state) {
    OPENED(at);
    Str code, id;
    StoreTx *tx = begin(&at, STORE_WRITE);
    StoreOp first = op_of(1, "op1", "full", true), again = op_of(1, "op1", "confirmed", false);
    again.incarnation = STR("j");
    check_status(tx->verbs->op_find(tx, STR("op1"), at.arena, &code, &err), E_NOTFOUND);
    check_ok(tx->verbs->op_take(tx, &first, &err));
    check_ok(tx->verbs->op_take(tx, &again, &err));
    check_ok(tx->verbs->op_find(tx, STR("op1"), at.arena, &code, &err));
    check_text(code, "full");
    check_ok(tx->verbs->op_number(tx, STR("d"), STR("j"), 1, at.arena, &id, &err));
    check_text(id, "op1");
    check_ok(tx->verbs->op_number(tx, STR("d"), STR("j"), 2, at.arena, &id, &err));
    check(!id.at);
    (void)commit(&at, tx);
}

static void a_number_is_taken_once(void **state) {
    OPENED(at);
    StoreTx *tx = begin(&at, STORE_WRITE);
    StoreOp first = op_of(1, "op1", "done", false), other = op_of(1, "op2", "done", false);
    check_ok(tx->verbs->op_take(tx, &first, &err));
    StoreCommit done;
    Status status = tx->verbs->op_take(tx, &other, &err);
    if (status == OK) status = tx->verbs->commit(tx, at.arena, &done, &err);
    check_int(status, E_EXISTS);
    tx->verbs->end(tx);
    tx = begin(&at, STORE_READ);
    Str code;
    check_status(tx->verbs->op_find(tx, STR("op1"), at.arena, &code, &err), E_NOTFOUND);
    tx->verbs->end(tx);
}

static const char *numbers(Fixture *at, StoreTx *tx) {
    Err err = {0};
    StoreOp *ops = NULL;
    size_t count = 0;
    AUTO(buf_free) Buf text = buf_new(4096);
    check_ok(tx->verbs->op_list(tx, STR("d"), STR("i"), 1000, at->arena, &ops, &count, &err));
    for (size_t i = 0; i < count; i++) buf_print(&text, "%s%" PRId64, i ? " " : "", ops[i].n);
    return str_cstr(at->arena, buf_str(&text));
}

static void seen_verdicts_go_rejections_stay_for_their_time(void **state) {
    OPENED(at);
    StoreTx *tx = begin(&at, STORE_WRITE);
    for (int64_t n = 1; n <= 8; n++) {
        StoreOp op = op_of(n, str_print(at.arena, "op%d", (int)n).at, n % 2 ? "full" : "done", n % 2 != 0);
        check_ok(tx->verbs->op_take(tx, &op, &err));
    }
    StoreKept kept = {STR("d"), STR("i"), .seen = 0, .rejected_since = 0, .rejected_max = 9};
    check_ok(tx->verbs->op_forget(tx, &kept, &err));
    check_text(str_of(numbers(&at, tx)), "1 2 3 4 5 6 7 8");
    kept.seen = 6;
    check_ok(tx->verbs->op_forget(tx, &kept, &err));
    check_text(str_of(numbers(&at, tx)), "1 3 5 7 8");
    kept.rejected_max = 2; /* the newest two of those seen */
    check_ok(tx->verbs->op_forget(tx, &kept, &err));
    check_text(str_of(numbers(&at, tx)), "3 5 7 8");
    kept.rejected_since = NOW + 5;
    check_ok(tx->verbs->op_forget(tx, &kept, &err));
    check_text(str_of(numbers(&at, tx)), "5 7 8");
    (void)commit(&at, tx);
}

static void a_counter_is_kept_per_device_and_incarnation(void **state) {
    OPENED(at);
    StoreCounter counter = {.decided = 7, .durable = 5, .last = STR("op7")}, found;
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_ok(tx->verbs->counter_put(tx, STR("d"), STR("i"), &counter, &err));
    counter.decided = 8;
    check_ok(tx->verbs->counter_put(tx, STR("d"), STR("i"), &counter, &err));
    check_ok(tx->verbs->counter_get(tx, STR("d"), STR("i"), at.arena, &found, &err));
    check(found.decided == 8 && found.durable == 5 && str_is(found.last, "op7"));
    check_ok(tx->verbs->counter_get(tx, STR("d"), STR("j"), at.arena, &found, &err));
    check(found.decided == 0 && found.durable == 0 && !found.last.at);
    (void)commit(&at, tx);
}

/* "d~i:7 d~j:2" */
static const char *marked_in(Fixture *at, StoreTx *tx, const char *mark, size_t limit) {
    Err err = {0};
    StoreMarked *marked = NULL;
    size_t count = 0;
    AUTO(buf_free) Buf text = buf_new(4096);
    check_ok(tx->verbs->counter_marked(tx, str_of(mark), limit, at->arena, &marked, &count, &err));
    for (size_t i = 0; i < count; i++)
        buf_print(&text, "%s%.*s~%.*s:%" PRId64, i ? " " : "", STR_FORMAT(marked[i].device),
                  STR_FORMAT(marked[i].incarnation), marked[i].held);
    return text.at ? str_copy(at->arena, buf_str(&text)).at : "";
}

static void counter_set(StoreTx *tx, const char *incarnation, int64_t decided, int64_t durable) {
    Err err = {0};
    StoreCounter counter = {.decided = decided, .durable = durable, .last = STR("op")};
    check_ok(tx->verbs->counter_put(tx, STR("d"), str_of(incarnation), &counter, &err));
}

/* What is decided after the mark is not in the copy that was begun with it. */
static void a_mark_says_what_a_copy_holds(void **state) {
    OPENED(at);
    StoreTx *tx = begin(&at, STORE_WRITE);
    counter_set(tx, "i", 7, 5);
    counter_set(tx, "j", 2, 0);
    counter_set(tx, "k", 4, 4); /* no news */
    check_ok(tx->verbs->counter_mark(tx, STR("m1"), &err));
    counter_set(tx, "i", 9, 5);
    check_text(str_of(marked_in(&at, tx, "m1", 10)), "d~i:7 d~j:2");
    check_text(str_of(marked_in(&at, tx, "m1", 1)), "d~i:7");
    check_text(str_of(marked_in(&at, tx, "m2", 10)), "");
    counter_set(tx, "i", 9, 7);
    check_text(str_of(marked_in(&at, tx, "m1", 10)), "d~j:2");
    check_ok(tx->verbs->counter_mark(tx, STR("m2"), &err));
    check_text(str_of(marked_in(&at, tx, "m1", 10)), "");
    check_text(str_of(marked_in(&at, tx, "m2", 10)), "d~i:9 d~j:2");
    (void)commit(&at, tx);
}

/* ---- the other tables ---- */

static StoreAck *acks_in(Fixture *at, StoreTx *tx, size_t expected) {
    Err err = {0};
    StoreAck *acks = NULL;
    size_t count = 0;
    check_ok(tx->verbs->ack_list(tx, at->arena, &acks, &count, &err));
    check_int(count, expected);
    return acks;
}

static void an_acknowledgement_keeps_what_is_not_told_anew(void **state) {
    OPENED(at);
    StoreAck pulled = {.device = STR("d"), .seen = 10, .cursor = STR("public@5")};
    StoreAck hello = {
        .device = STR("d"), .seen = 20, .epoch = STR("1-aa"), .incarnation = STR("i"), .last = 7};
    StoreAck other = {.device = STR("c"), .seen = 5};
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_ok(tx->verbs->ack_put(tx, &pulled, &err));
    check_ok(tx->verbs->ack_put(tx, &hello, &err));
    check_ok(tx->verbs->ack_put(tx, &other, &err));
    pulled.seen = 15; /* written late: nobody was seen earlier than he was */
    pulled.cursor = STR("public@9");
    check_ok(tx->verbs->ack_put(tx, &pulled, &err));
    const StoreAck *acks = acks_in(&at, tx, 2);
    check(str_is(acks[0].device, "c") && acks[0].seen == 5 && acks[0].cursor.len == 0);
    check(str_is(acks[1].device, "d") && acks[1].seen == 20 && acks[1].last == 7);
    check_text(acks[1].cursor, "public@9");
    check_text(acks[1].epoch, "1-aa");
    check_text(acks[1].incarnation, "i");
    (void)commit(&at, tx);
}

static void tokens_are_found_by_hash_and_revoked_by_subject(void **state) {
    OPENED(at);
    StoreToken token = {.hash = STR("h1"), .role = STR("device"), .subject = STR("d"), .created_at = NOW},
               found;
    StoreToken admin = {.hash = STR("h2"), .role = STR("admin"), .subject = STR("d"), .org = STR("one")};
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_ok(tx->verbs->token_put(tx, &token, &err));
    check_ok(tx->verbs->token_put(tx, &admin, &err));
    token.used = true;
    check_ok(tx->verbs->token_put(tx, &token, &err));
    check_ok(tx->verbs->token_find(tx, STR("h1"), at.arena, &found, &err));
    check(found.used && !found.revoked && !found.org.at && str_is(found.subject, "d"));
    check_ok(tx->verbs->token_revoke(tx, STR("device"), STR("d"), &err));
    check_ok(tx->verbs->token_find(tx, STR("h1"), at.arena, &found, &err));
    check(found.revoked);
    check_ok(tx->verbs->token_find(tx, STR("h2"), at.arena, &found, &err));
    check(!found.revoked && str_is(found.org, "one"));
    check_ok(tx->verbs->token_drop(tx, STR("device"), STR("d"), &err));
    check_status(tx->verbs->token_find(tx, STR("h1"), at.arena, &found, &err), E_NOTFOUND);
    (void)commit(&at, tx);
}

static void codes_are_found_both_ways_and_expire(void **state) {
    OPENED(at);
    StoreCode found, code = {.hash = STR("h"),
                             .user_code = STR("BCDFGHJK"),
                             .address = STR("::1"),
                             .state = STR("pending"),
                             .expires_at = NOW + 10};
    int64_t left = 0;
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_ok(tx->verbs->code_put(tx, &code, &err));
    code.state = STR("approved"), code.device = STR("d"), code.polled_at = NOW;
    check_ok(tx->verbs->code_put(tx, &code, &err));
    check_ok(tx->verbs->code_find(tx, STR("h"), at.arena, &found, &err));
    check(str_is(found.state, "approved") && str_is(found.device, "d") && found.polled_at == NOW);
    check_ok(tx->verbs->code_find_user(tx, STR("BCDFGHJK"), at.arena, &found, &err));
    check(str_is(found.hash, "h") && str_is(found.address, "::1") && !found.public_key.at);
    check_ok(tx->verbs->code_purge(tx, NOW + 10, &left, &err));
    check_int(left, 1);
    check_ok(tx->verbs->code_purge(tx, NOW + 11, &left, &err));
    check_int(left, 0);
    check_status(tx->verbs->code_find(tx, STR("h"), at.arena, &found, &err), E_NOTFOUND);
    (void)commit(&at, tx);
}

static void salts_notes_and_meta_are_replaced(void **state) {
    OPENED(at);
    Str value;
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_status(tx->verbs->salt_get(tx, STR("one"), at.arena, &value, &err), E_NOTFOUND);
    check_ok(tx->verbs->salt_put(tx, STR("one"), STR("s1"), &err));
    check_ok(tx->verbs->salt_put(tx, STR("one"), STR("s2"), &err));
    check_ok(tx->verbs->salt_get(tx, STR("one"), at.arena, &value, &err));
    check_text(value, "s2");
    check_status(tx->verbs->note_get(tx, STR("k"), at.arena, &value, &err), E_NOTFOUND);
    check_ok(tx->verbs->note_put(tx, STR("k"), STR("v1"), &err));
    check_ok(tx->verbs->note_put(tx, STR("k"), STR("v2"), &err));
    check_ok(tx->verbs->note_get(tx, STR("k"), at.arena, &value, &err));
    check_text(value, "v2");
    check_ok(tx->verbs->note_put(tx, STR("k"), (Str){0}, &err));
    check_status(tx->verbs->note_get(tx, STR("k"), at.arena, &value, &err), E_NOTFOUND);
    check_ok(tx->verbs->note_put(tx, STR("never"), (Str){0}, &err));
    check_ok(tx->verbs->meta_get(tx, "other", at.arena, &value, &err));
    check(!value.at);
    check_ok(tx->verbs->meta_put(tx, "other", STR("x"), &err));
    check_ok(tx->verbs->meta_get(tx, "other", at.arena, &value, &err));
    check_text(value, "x");
    (void)commit(&at, tx);
}

static void the_last_status_of_each_device_is_kept(void **state) {
    OPENED(at);
    StoreStatus *found = NULL, status = {.device = STR("d2"), .doc = STR("{}"), .at = NOW};
    size_t count = 0;
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_ok(tx->verbs->status_put(tx, &status, &err));
    status.doc = STR("{\"x\":1}");
    check_ok(tx->verbs->status_put(tx, &status, &err));
    status.device = STR("d1");
    check_ok(tx->verbs->status_put(tx, &status, &err));
    check_ok(tx->verbs->status_list(tx, at.arena, &found, &count, &err));
    check_int(count, 2);
    check_text(found[0].device, "d1");
    check_text(found[1].doc, "{\"x\":1}");
    (void)commit(&at, tx);
}

static void the_audit_is_read_in_its_order(void **state) {
    OPENED(at);
    StoreAudit *found = NULL, audit = {.at = NOW, .who = STR("admin"), .what = STR("one")};
    size_t count = 0;
    StoreTx *tx = begin(&at, STORE_WRITE);
    check_ok(tx->verbs->audit_add(tx, &audit, &err));
    audit.what = STR("two"), audit.at = NOW + 1;
    check_ok(tx->verbs->audit_add(tx, &audit, &err));
    check_ok(tx->verbs->audit_list(tx, NOW + 1, 10, at.arena, &found, &count, &err));
    check_int(count, 1);
    check_text(found[0].what, "two");
    (void)commit(&at, tx);
}

int store_tables_suite_run(const StoreOpener *opener) {
#define TEST(name) cmocka_unit_test_prestate(name, state)
    void *state = (void *)(uintptr_t)opener;
    const struct CMUnitTest tests[] = {
        TEST(an_op_id_keeps_its_first_verdict),
        TEST(a_number_is_taken_once),
        TEST(seen_verdicts_go_rejections_stay_for_their_time),
        TEST(a_counter_is_kept_per_device_and_incarnation),
        TEST(a_mark_says_what_a_copy_holds),
        TEST(an_acknowledgement_keeps_what_is_not_told_anew),
        TEST(tokens_are_found_by_hash_and_revoked_by_subject),
        TEST(codes_are_found_both_ways_and_expire),
        TEST(salts_notes_and_meta_are_replaced),
        TEST(the_last_status_of_each_device_is_kept),
        TEST(the_audit_is_read_in_its_order),
    };
    return cmocka_run_group_tests_name(opener->name, tests, NULL, NULL);
}
