/* PROTOCOL 3 from the replica's side, against a hub in memory. */
#include "tests/harness/replica_kit.h"

static void first_load_is_applied_whole(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    fake_put(kit->hub, "org", "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    fake_put(kit->hub, "person", "p1", "org:olivet", "{\"name\":\"Ada L.\"}");
    fake_put(kit->hub, "person", "p2", "org:saran", "{\"name\":\"Bob M.\"}");
    PageOutcome outcome = kit_pull(kit);
    check_int(outcome.changed, 2);
    kit_check_equal(kit);
    check_text(kit_ask_text(kit, "SELECT value FROM meta WHERE key = 'epoch'"), "1-aa");
}

static void nothing_is_seen_before_complete(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome;
    Err err = {0};
    kit->hub->page_records = 1;
    for (int i = 0; i < 3; i++) {
        const char *ids[] = {"a", "b", "c"};
        fake_put(kit->hub, "page", ids[i], "public", "{\"order\":1}");
    }
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    check(!outcome.applied);
    check_int(kit_ask(kit, "SELECT count(*) FROM record"), 0);
    check_int(kit_ask(kit, "SELECT count(*) FROM staged"), 1);
    kit_pull(kit);
    kit_check_equal(kit);
}

static void changes_and_removals_follow(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "public", "{\"order\":2}");
    kit_pull(kit);
    fake_put(kit->hub, "page", "a", "public", "{\"order\":3}");
    fake_remove(kit->hub, "page", "b");
    check_int(kit_pull(kit).changed, 2);
    kit_check_equal(kit);
    check_text(kit_ask_text(kit, "SELECT doc FROM record WHERE id = 'a'"), "{\"order\":3}");
}

static void an_idle_answer_writes_nothing(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit_pull(kit);
    kit_reopen(kit);
    int64_t before = kit_ask(kit, "SELECT sum(count) FROM kind_count");
    check_int(kit_pull(kit).changed, 0);
    check_int(kit_ask(kit, "SELECT sum(count) FROM kind_count"), before);
}

/* Cut behind every line, with pages of one to three lines: always resumed behind the last staged line, always
 * the same end. */
static void a_cut_anywhere_loses_and_doubles_nothing(void **state) {
    (void)state;
    for (size_t page = 1; page <= 3; page++) {
        for (size_t cut = 1; cut <= 5; cut++) {
            AUTO(kit_free_auto) Kit *kit = kit_new();
            PageOutcome outcome = {0};
            Err err = {0};
            kit->hub->page_records = page;
            fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
            fake_put(kit->hub, "page", "b", "org:olivet", "{\"order\":2}");
            fake_put(kit->hub, "page", "c", "public", "{\"order\":3}");
            fake_put(kit->hub, "page", "d", "public", "{\"order\":4}");
            check_ok(kit_take_page(kit, cut, &outcome, &err));
            int64_t staged = kit_ask(kit, "SELECT count(*) FROM staged");
            size_t lines = cut - 1 < page ? cut - 1 : page;
            check_int(staged, (int64_t)lines);
            kit_reopen(kit);
            kit_pull(kit);
            kit_check_equal(kit);
        }
    }
}

static void a_record_that_moves_there_and_back_stays(void **state) {
    (void)state;
    for (size_t steps = 0; steps <= 4; steps++) {
        AUTO(kit_free_auto) Kit *kit = kit_new();
        PageOutcome outcome = {0};
        Err err = {0};
        kit->hub->page_records = 1;
        fake_put(kit->hub, "event", "first", "public", "{\"title\":\"a\"}");
        fake_put(kit->hub, "event", "mover", "public", "{\"title\":\"m\"}");
        for (size_t i = 0; i < steps; i++) check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
        fake_put(kit->hub, "event", "mover", "org:olivet", "{\"title\":\"m\"}");
        check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
        fake_put(kit->hub, "event", "mover", "public", "{\"title\":\"m\"}");
        kit_pull(kit);
        kit_check_equal(kit);
        check_text(kit_ask_text(kit, "SELECT scope FROM record WHERE id = 'mover'"), "public");
    }
}

static void left_erases_only_in_its_own_scope(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    fake_put(kit->hub, "event", "e", "public", "{\"title\":\"m\"}");
    kit_pull(kit);
    fake_put(kit->hub, "event", "e", "org:olivet", "{\"title\":\"m\"}");
    kit_pull(kit);
    kit_check_equal(kit);
    check_text(kit_ask_text(kit, "SELECT scope FROM record WHERE id = 'e'"), "org:olivet");
    fake_put(kit->hub, "event", "e", "org:saran", "{\"title\":\"m\"}");
    kit_pull(kit);
    check_int(kit_ask(kit, "SELECT count(*) FROM record"), 0);
    kit_check_equal(kit);
}

static void a_load_sweeps_what_it_does_not_mention(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "public", "{\"order\":2}");
    fake_put(kit->hub, "page", "c", "org:olivet", "{\"order\":2}");
    kit_pull(kit);
    fake_remove(kit->hub, "page", "b");
    kit->hub->floor = kit->hub->head + 1; /* the left entry was purged */
    fake_put(kit->hub, "page", "d", "public", "{\"order\":4}");
    PageOutcome outcome = kit_pull(kit);
    check_int(outcome.changed, 2); /* b swept, d new; the others only got a new seq */
    kit_check_equal(kit);
}

/* The floor rises while a load is being paged: it begins anew, and what was staged of it is gone at once. */
static void a_reload_in_the_middle_starts_over(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    kit->hub->page_records = 1;
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "public", "{\"order\":2}");
    fake_put(kit->hub, "page", "c", "public", "{\"order\":3}");
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    fake_remove(kit->hub, "page", "a");
    kit->hub->floor = kit->hub->head + 1;
    kit->hub->head++;
    check_ok(kit_take_page(kit, 1, &outcome, &err));
    check_int(kit_ask(kit, "SELECT count(*) FROM staged"), 0);
    kit_pull(kit);
    kit_check_equal(kit);
}

static void a_revoked_scope_is_gone_at_the_header(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "person", "p", "org:olivet", "{\"name\":\"Ada\"}");
    kit_pull(kit);
    fake_revoke(kit->hub, "org:olivet");
    check_ok(kit_take_page(kit, 1, &outcome, &err)); /* the header alone arrived */
    check_int(kit_ask(kit, "SELECT count(*) FROM record WHERE scope = 'org:olivet'"), 0);
    check_int(kit_ask(kit, "SELECT count(*) FROM cursor WHERE scope = 'org:olivet'"), 0);
    check(replica_erased_from_wal(kit->replica));
    kit_pull(kit);
    kit_check_equal(kit);
}

static void granted_again_in_the_middle_is_a_new_load(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    kit->hub->page_records = 1;
    fake_put(kit->hub, "person", "p", "org:olivet", "{\"name\":\"Ada\"}");
    fake_put(kit->hub, "person", "q", "org:olivet", "{\"name\":\"Bob\"}");
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    fake_revoke(kit->hub, "org:olivet");
    fake_remove(kit->hub, "person", "p");
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    fake_grant(kit->hub, "org:olivet");
    kit_pull(kit);
    kit_check_equal(kit);
}

static void a_wrong_hash_ends_the_page_like_a_cut(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "public", "{\"order\":2}");
    kit->hub->wrong_hash_at = 2;
    check_status(kit_take_page(kit, SIZE_MAX, &outcome, &err), E_INVALID);
    check_int(kit_ask(kit, "SELECT seq FROM staged"), 1);
    check_int(kit_ask(kit, "SELECT seq FROM cursor WHERE scope = 'public'"), 1);
    kit->hub->wrong_hash_at = 0;
    kit_pull(kit);
    kit_check_equal(kit);
}

static void a_wrong_sum_is_rolled_back_and_loaded_again(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "org:olivet", "{\"order\":2}");
    kit_pull(kit);
    fake_put(kit->hub, "page", "a", "public", "{\"order\":5}");
    kit->hub->wrong_sum_of = "public";
    kit->hub->wrong_sum_times = 1;
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    check(!outcome.applied && outcome.loads_wanted);
    check_text(kit_ask_text(kit, "SELECT doc FROM record WHERE id = 'a'"), "{\"order\":1}");
    kit_pull(kit);
    kit_check_equal(kit);
    check_int(kit_ask(kit, "SELECT count(*) FROM cursor WHERE failures > 0 OR fault IS NOT NULL"), 0);
}

static void a_sum_wrong_twice_is_shown_as_a_fault_and_tried_later(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit->hub->wrong_sum_of = "public";
    kit->hub->wrong_sum_times = 3;
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    check(outcome.loads_wanted);
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    check(outcome.applied);
    check_int(kit_ask(kit, "SELECT count(*) FROM record"), 1); /* it never goes blank over it */
    check_int(kit_ask(kit, "SELECT count(*) FROM cursor WHERE fault IS NOT NULL"), 1);
    int64_t retry_at = kit_ask(kit, "SELECT retry_at FROM cursor WHERE scope = 'public'");
    check_ok(
        kit_take_page(kit, SIZE_MAX, &outcome, &err)); /* not loaded in between: the fault stands as it is */
    check_int(kit_ask(kit, "SELECT retry_at FROM cursor WHERE scope = 'public'"), retry_at);
    hand_clock_advance(&kit->clock, retry_at - clock_wall(&kit->clock.base));
    check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
    check(outcome.applied);
    check_int(kit_ask(kit, "SELECT count(*) FROM cursor WHERE fault IS NOT NULL"), 0);
    kit_check_equal(kit);
}

/* A sum that is wrong here (a flipped bit in what is stored) is healed by the load. */
static void a_load_heals_what_was_damaged_here(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "public", "{\"order\":2}");
    kit_pull(kit);
    kit_damage(kit, "UPDATE cursor SET sum = '00000000000000000000000000000001' WHERE scope = 'public';"
                    "UPDATE record SET doc = '{\"order\":9}' WHERE id = 'b'");
    fake_put(kit->hub, "page", "c", "public", "{\"order\":3}");
    kit_pull(kit);
    kit_check_equal(kit);
}

static void a_server_that_is_behind_changes_nothing(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "public", "{\"order\":2}");
    kit_pull(kit);
    kit->hub->head = 1;
    check_status(kit_take_page(kit, SIZE_MAX, &outcome, &err), E_BUSY);
    check_text(str_of(err.code), "behind");
    kit->hub->head = 2;
    kit_pull(kit);
    kit_check_equal(kit);
}

static void an_older_epoch_is_refused(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    PageOutcome outcome = {0};
    Err err = {0};
    kit->hub->epoch = "7-aa";
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit_pull(kit);
    kit->hub->epoch = "6-bb";
    check_status(kit_take_page(kit, SIZE_MAX, &outcome, &err), E_VERSION);
    kit->hub->epoch = "7-bb";
    check_status(kit_take_page(kit, SIZE_MAX, &outcome, &err), E_VERSION);
    kit->hub->epoch = "7-aa";
    kit_check_equal(kit);
}

static void a_newer_epoch_loads_everything_anew(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "page", "b", "public", "{\"order\":2}");
    fake_put(kit->hub, "page", "c", "org:olivet", "{\"order\":2}");
    kit_pull(kit);
    FakeHub *restored = fake_hub_new("8-cc"); /* seqs of two epochs have nothing to do with each other */
    fake_grant(restored, "public");
    fake_put(restored, "page", "a", "public", "{\"order\":1}");
    fake_hub_free(kit->hub);
    kit->hub = restored;
    kit_pull(kit);
    kit_check_equal(kit);
    check_int(kit_ask(kit, "SELECT count(*) FROM cursor"), 1);
}

static void a_paired_again_replica_takes_any_epoch(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Err err = {0};
    kit->hub->epoch = "7-aa";
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit_pull(kit);
    check_ok(replica_paired(kit->replica, STR("d2"), &err));
    kit->hub->epoch = "1-bb";
    kit_pull(kit);
    kit_check_equal(kit);
}

static void a_line_nobody_granted_is_refused(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    bool new_epoch = false;
    Str granted[] = {STR("public")};
    FeedHeader header = {.epoch = STR("1-aa"), .head = 9, .scopes = {granted, 1}};
    check_ok(replica_page_begin(kit->replica, &header, &new_epoch, &err));
    FeedLine line = {
        .seq = 3, .kind = STR("person"), .id = STR("p"), .scope = STR("org:saran"), .doc = STR("{}")};
    line.hash = hash_record(line.kind, line.id, line.scope, line.doc);
    check_status(replica_page_line(kit->replica, &line, &err), E_INVALID);
    line.scope = STR("public");
    check_status(replica_page_line(kit->replica, &line, &err), E_INVALID); /* the hash is of another scope */
    line.hash = hash_record(line.kind, line.id, line.scope, line.doc);
    check_ok(replica_page_line(kit->replica, &line, &err));
    check_status(replica_page_line(kit->replica, &line, &err), E_INVALID); /* not ascending */
    line.seq = 10;
    check_status(replica_page_line(kit->replica, &line, &err), E_INVALID); /* beyond the head */
}

static void a_revoked_device_keeps_no_person(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Err err = {0};
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    fake_put(kit->hub, "person", "p", "org:olivet", "{\"name\":\"Ada\"}");
    fake_put(kit->hub, "registration", "e~p", "org:olivet", "{\"event\":\"e\"}");
    kit_outbox_add(kit, "register", "{}");
    kit_pull(kit);
    check_ok(replica_revoked(kit->replica, &err));
    check_int(kit_ask(kit, "SELECT count(*) FROM record WHERE kind IN ('person', 'registration')"), 0);
    check_int(kit_ask(kit, "SELECT count(*) FROM record WHERE kind = 'page'"), 1);
    int64_t differences = -1;
    check_ok(replica_verify(kit->dir.path, NULL, NULL, &differences, &err));
    check_int(differences, 0);
    check(replica_erased_from_wal(kit->replica));
}

static void blobs_named_in_documents_are_wanted(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Str wanted = {0};
    fake_put(kit->hub, "page", "a", "public",
             "{\"body\":\"![x](blob:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff) "
             "blob:short\"}");
    kit_pull(kit);
    check_ok(replica_next_blob(kit->replica, arena, &wanted, &err));
    check_text(wanted, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    check_ok(replica_blob_state(kit->replica, wanted, true, &err));
    check_ok(replica_next_blob(kit->replica, arena, &wanted, &err));
    check(!wanted.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_load_is_applied_whole),
        cmocka_unit_test(nothing_is_seen_before_complete),
        cmocka_unit_test(changes_and_removals_follow),
        cmocka_unit_test(an_idle_answer_writes_nothing),
        cmocka_unit_test(a_cut_anywhere_loses_and_doubles_nothing),
        cmocka_unit_test(a_record_that_moves_there_and_back_stays),
        cmocka_unit_test(left_erases_only_in_its_own_scope),
        cmocka_unit_test(a_load_sweeps_what_it_does_not_mention),
        cmocka_unit_test(a_reload_in_the_middle_starts_over),
        cmocka_unit_test(a_revoked_scope_is_gone_at_the_header),
        cmocka_unit_test(granted_again_in_the_middle_is_a_new_load),
        cmocka_unit_test(a_wrong_hash_ends_the_page_like_a_cut),
        cmocka_unit_test(a_wrong_sum_is_rolled_back_and_loaded_again),
        cmocka_unit_test(a_sum_wrong_twice_is_shown_as_a_fault_and_tried_later),
        cmocka_unit_test(a_load_heals_what_was_damaged_here),
        cmocka_unit_test(a_server_that_is_behind_changes_nothing),
        cmocka_unit_test(an_older_epoch_is_refused),
        cmocka_unit_test(a_newer_epoch_loads_everything_anew),
        cmocka_unit_test(a_paired_again_replica_takes_any_epoch),
        cmocka_unit_test(a_line_nobody_granted_is_refused),
        cmocka_unit_test(a_revoked_device_keeps_no_person),
        cmocka_unit_test(blobs_named_in_documents_are_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
