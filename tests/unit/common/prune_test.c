/* When the outbox lets go of an op: eight days of the hub's time after it was durable, whatever the kiosk's
 * clock said. */
#include "common/db/db.h"
#include "common/replica/files.h"
#include "common/replica/view.h"
#include "tests/harness/replica_kit.h"

static int64_t kept_after(Kit *kit, Millis days) {
    Err err = {0};
    AUTO(db_close_auto) Db *db = NULL;
    DbOptions options = {.mode = DB_READ};
    int64_t count = -1;
    hand_clock_advance(&kit->clock, days * DAY_MS);
    check_ok(replica_note_contact(kit->replica, clock_wall(&kit->clock.base), &err));
    View *view = NULL;
    check_ok(view_open(&view, kit->dir.path, &kit->clock.base, &err));
    view_close(view);
    check_ok(db_open(&db, test_path(kit->arena, &kit->dir, OUTBOX_FILE), &options, &err));
    check_ok(db_ask_int(db, "SELECT count(*) FROM op", &count, &err));
    return count;
}

/* Its id says 1970 for ever. */
static void an_op_of_a_clock_at_1970_is_kept_as_long_as_any(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Err err = {0};
    ReplicaFacts facts = {0};
    Millis now = kit->clock.wall_ms;
    kit->clock.wall_ms = MINUTE_MS;
    kit_outbox_add(kit, "register", "{}");
    kit->clock.wall_ms = now;
    kit_push(kit);
    check_ok(replica_facts(kit->replica, kit->arena, &facts, &err));
    fake_set_durable(kit->hub, facts.device, facts.incarnation, 1);
    kit_pull(kit);
    check_int(kept_after(kit, 0), 1);
    check_int(kept_after(kit, 7), 1);
    check_int(kept_after(kit, 2), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_op_of_a_clock_at_1970_is_kept_as_long_as_any)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
