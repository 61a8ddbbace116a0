/* Votes, ratings and declarations leave the outbox as soon as they are durable (PROTOCOL 4). */
#include "common/db/db.h"
#include "common/replica/files.h"
#include "tests/harness/replica_kit.h"

static void look(Kit *kit) {
    Err err = {0};
    View *view = NULL;
    check_ok(view_open(&view, kit->dir.path, &kit->clock.base, &err));
    view_close(view);
}

static int64_t kept(Kit *kit) {
    Err err = {0};
    AUTO(db_close_auto) Db *db = NULL;
    DbOptions options = {.mode = DB_READ};
    int64_t count = 0;
    check_ok(db_open(&db, test_path(kit->arena, &kit->dir, OUTBOX_FILE), &options, &err));
    check_ok(db_ask_int(db, "SELECT count(*) FROM op", &count, &err));
    return count;
}

static void what_is_secret_goes_when_it_is_durable(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Err err = {0};
    ReplicaFacts facts = {0};
    kit_outbox_add(kit, "vote", "{}");
    kit_outbox_add(kit, "rate.2", "{}");
    kit_outbox_add(kit, "register", "{}");
    kit_outbox_add(kit, "declare", "{}");
    check_ok(replica_number_ops(kit->replica, &err));
    kit_push(kit);
    check_ok(replica_facts(kit->replica, kit->arena, &facts, &err));
    fake_set_durable(kit->hub, facts.device, facts.incarnation, 3);
    kit_pull(kit);
    look(kit);
    check_int(kept(kit), 2); /* register for eight days; declare is not durable */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_secret_goes_when_it_is_durable)};
    return cmocka_run_group_tests_name("pruning of votes", tests, NULL, NULL);
}
