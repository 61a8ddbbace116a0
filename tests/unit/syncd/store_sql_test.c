/* Every statement of the SQLite store can be prepared, and none goes through a whole table unplanned. */
#include "common/db/db.h"
#include "syncd/hub/store_sqlite.def"
#include "tests/harness/check.h"

static const StmtRow rows[] = {STORE_SQL(STMT_ROW)};

static void statements_use_their_indexes(void **state) {
    (void)state;
    Err err = {0};
    static const char *const may_scan[] = STORE_SCANS;
    DbOptions options = {.mode = DB_MEMORY};
    AUTO(db_close_auto) Db *db = NULL;
    check_ok(db_open(&db, "store", &options, &err));
    check_ok(db_run(db, STORE_SCHEMA STORE_ACKS STORE_FACTS, &err));
    for (size_t i = 0; i < COUNT(rows); i++) {
        AUTO(stmt_close_auto) Stmt *stmt = NULL;
        check_ok(stmt_open(&stmt, db, rows[i].sql, &err));
        check_ok(stmt_check_scans(stmt, may_scan, COUNT(may_scan), &err));
    }
}

static void the_audit_cannot_be_changed(void **state) {
    (void)state;
    Err err = {0};
    DbOptions options = {.mode = DB_MEMORY};
    AUTO(db_close_auto) Db *db = NULL;
    check_ok(db_open(&db, "store", &options, &err));
    check_ok(db_run(db, STORE_SCHEMA STORE_ACKS, &err));
    check_ok(db_run(db, "INSERT INTO audit(at, who, what, detail) VALUES(1, 'a', 'b', 'c')", &err));
    check_status(db_run(db, "DELETE FROM audit", &err), E_INVALID);
    check_status(db_run(db, "UPDATE audit SET who='x'", &err), E_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_use_their_indexes),
        cmocka_unit_test(the_audit_cannot_be_changed),
    };
    return cmocka_run_group_tests_name("SQL of the hub's store", tests, NULL, NULL);
}
