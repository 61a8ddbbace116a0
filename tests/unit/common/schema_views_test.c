/* The views and indexes of the schema, in a real SQLite. */
#include "common/db/db.h"
#include "common/schema/schema.h"
#include "tests/harness/check.h"
#include "tests/harness/random_record.h"

#include <string.h>

enum { PER_KIND = 40, SQL_MAX = 256 * 1024 };

static Db *open_store(void) {
    Err err = {0};
    Db *db = NULL;
    AUTO(buf_free) Buf sql = buf_new(SQL_MAX);
    check_ok(db_open(&db, "views", &(DbOptions){.mode = DB_MEMORY}, &err));
    buf_add_cstr(
        &sql,
        "CREATE TABLE record(kind TEXT, id TEXT, scope TEXT, seq INTEGER, doc TEXT, PRIMARY KEY(kind, id)) "
        "WITHOUT ROWID;\n");
    schema_index_sql(&sql, "record");
    schema_all_views_sql(&sql, "record");
    check(!sql.over);
    check_ok(db_run(db, sql.at, &err));
    return db;
}

static void insert(Db *db, Kind kind, const void *record, Arena *arena) {
    Err err = {0};
    Str doc;
    const RecordMeta *meta = record;
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    check_ok(schema_encode(kind, arena, record, &doc, &err));
    check_ok(stmt_open(&stmt, db, "INSERT OR REPLACE INTO record VALUES(?,?,?,7,?)", &err));
    stmt_bind_text(stmt, 1, str_of(kind_info(kind)->name));
    stmt_bind_text(stmt, 2, meta->id);
    stmt_bind_text(stmt, 3, meta->scope);
    stmt_bind_text(stmt, 4, doc);
    check_ok(stmt_run(stmt, &err));
}

static void fill(Db *db, Arena *arena) {
    Rng rng = rng_seeded(7);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (int i = 0; i < PER_KIND; i++) {
            void *record = arena_alloc(arena, kind_info((Kind)kind)->struct_size);
            random_record((Kind)kind, arena, &rng, record);
            insert(db, (Kind)kind, record, arena);
        }
}

static void each_view_shows_the_fields_of_its_kind(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(db_close_auto) Db *db = open_store();
    fill(db, arena);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const KindInfo *info = kind_info((Kind)kind);
        bool row = false;
        AUTO(stmt_close_auto) Stmt *stmt = NULL;
        check_ok(stmt_open(&stmt, db, str_cstr(arena, str_print(arena, "SELECT * FROM \"%s\"", info->name)),
                           &err));
        check_int(stmt_columns(stmt), 4 + (int)info->field_count);
        int rows = 0;
        for (check_ok(stmt_step(stmt, &row, &err)); row; rows++) check_ok(stmt_step(stmt, &row, &err));
        check(rows > PER_KIND / 2);
    }
}

static void a_view_gives_values_by_their_type(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(db_close_auto) Db *db = open_store();
    Event event;
    bool row = false;
    schema_clear(K_event, &event);
    event.meta.id = STR("e"), event.meta.scope = STR("pool:agglo");
    event.title = STR("L’été"), event.starts = 1764064800000, event.all_day = TRUTH_NO;
    insert(db, K_event, &event, arena);
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    check_ok(stmt_open(
        &stmt, db,
        "SELECT id, scope, seq, title, starts, all_day, seats FROM event WHERE starts > 1764064799999",
        &err));
    check_ok(stmt_step(stmt, &row, &err));
    check(row);
    check_text(stmt_text(stmt, 0), "e");
    check_text(stmt_text(stmt, 1), "pool:agglo");
    check_int(stmt_int(stmt, 2), 7);
    check_text(stmt_text(stmt, 3), "L’été");
    check(stmt_int(stmt, 4) == 1764064800000);
    check(!stmt_is_null(stmt, 5) && stmt_int(stmt, 5) == 0);
    check(stmt_is_null(stmt, 6));
}

static void fields_named_like_columns_have_a_name_of_their_own(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(db_close_auto) Db *db = open_store();
    Borrow borrow;
    bool row = false;
    schema_clear(K_borrow, &borrow);
    borrow.meta.id = STR("page~a~olivet"), borrow.meta.scope = STR("org:olivet");
    borrow.kind = STR("page"), borrow.id = STR("a");
    insert(db, K_borrow, &borrow, arena);
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    check_ok(stmt_open(&stmt, db, "SELECT id, borrow_kind, borrow_id FROM borrow", &err));
    check_ok(stmt_step(stmt, &row, &err));
    check_text(stmt_text(stmt, 0), "page~a~olivet");
    check_text(stmt_text(stmt, 1), "page");
    check_text(stmt_text(stmt, 2), "a");
}

static const char *plan_of(Db *db, Arena *arena, const char *sql) {
    Err err = {0};
    Str plan;
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    check_ok(stmt_open(&stmt, db, sql, &err));
    check_ok(stmt_plan(stmt, arena, &plan, &err));
    return str_cstr(arena, plan);
}

/* One value is searched in the index; a range comes out of it in order, without sorting. */
static void check_uses_index(Db *db, Arena *arena, const char *kind, const char *field) {
    const char *index = str_cstr(arena, str_print(arena, "USING INDEX record_%s_%s", kind, field));
    Str one = str_print(arena, "SELECT id FROM \"%s\" WHERE \"%s\"=?", kind, field);
    Str range = str_print(arena, "SELECT id FROM \"%s\" WHERE \"%s\">? ORDER BY \"%s\", id LIMIT 10", kind,
                          field, field);
    const char *plan = plan_of(db, arena, str_cstr(arena, range));
    check_contains(plan_of(db, arena, str_cstr(arena, one)), index);
    check_contains(plan, index);
    check(!strstr(plan, "TEMP B-TREE"));
}

static void hot_fields_are_found_by_their_index(void **state) {
    (void)state;
    Err err = {0};
    int hot = 0;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(db_close_auto) Db *db = open_store();
    fill(db, arena);
    check_ok(db_run(db, "ANALYZE", &err));
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const KindInfo *info = kind_info((Kind)kind);
        for (size_t i = 0; i < info->field_count; i++) {
            if (!(info->fields[i].flags & HOT)) continue;
            check_uses_index(db, arena, info->name, info->fields[i].name);
            hot++;
        }
    }
    check(hot > 10);
}

static void indexes_stand_in_the_schema_of_their_table(void **state) {
    (void)state;
    AUTO(buf_free) Buf sql = buf_new(SQL_MAX);
    schema_index_sql(&sql, "replica.record");
    check_contains(
        sql.at, "CREATE INDEX IF NOT EXISTS replica.record_event_starts ON record(doc->>'starts', id) WHERE "
                "kind='event';\n");
}

static void the_select_of_a_kind_takes_any_source(void **state) {
    (void)state;
    AUTO(buf_free) Buf sql = buf_new(SQL_MAX);
    schema_view_select(&sql, K_seats, "(SELECT * FROM x)");
    check_text(
        buf_str(&sql),
        "SELECT id, scope, seq, doc, doc->>'event' AS \"event\", doc->>'taken' AS \"taken\", doc->>'waiting' "
        "AS \"waiting\", doc->>'by_org' AS \"by_org\", doc->>'queue' AS \"queue\", doc->>'asked' AS "
        "\"asked\" FROM (SELECT * FROM x) "
        "WHERE kind='seats'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_view_shows_the_fields_of_its_kind),
        cmocka_unit_test(a_view_gives_values_by_their_type),
        cmocka_unit_test(fields_named_like_columns_have_a_name_of_their_own),
        cmocka_unit_test(hot_fields_are_found_by_their_index),
        cmocka_unit_test(indexes_stand_in_the_schema_of_their_table),
        cmocka_unit_test(the_select_of_a_kind_takes_any_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
