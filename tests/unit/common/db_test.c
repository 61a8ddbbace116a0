#include "tests/harness/check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/db/db.h"

static const DbOptions writing = {.mode = DB_WRITE, .sync = DB_SYNC_NORMAL};
static const DbOptions reading = {.mode = DB_READ, .busy_timeout_ms = 1};
static const DbOptions in_memory = {.mode = DB_MEMORY};

static const char schema[] = "CREATE TABLE lamp (id TEXT PRIMARY KEY, room TEXT, watts INTEGER) STRICT;"
                             "CREATE INDEX lamp_room ON lamp (room);";

static Db *open_lamps(const char *path) {
    Err err;
    Db *db = NULL;
    check_ok(db_open(&db, path, &writing, &err));
    check_ok(db_run(db, schema, &err));
    return db;
}

static Db *open_memory(void) {
    Err err;
    Db *db = NULL;
    check_ok(db_open(&db, "lamps", &in_memory, &err));
    check_ok(db_run(db, schema, &err));
    return db;
}

static Status add_lamp(Db *db, const char *id, Err *err) {
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    TRY(stmt_open(&stmt, db, "INSERT INTO lamp (id, room, watts) VALUES (?1, 'hall', 5)", err));
    stmt_bind_text(stmt, 1, str_of(id));
    return stmt_run(stmt, err);
}

static int64_t count_lamps(Db *db) {
    Err err;
    int64_t count = -1;
    check_ok(db_ask_int(db, "SELECT count(*) FROM lamp", &count, &err));
    return count;
}

static int64_t file_size(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
}

static void values_come_back_as_they_went(void **state) {
    (void)state;
    Err err;
    bool row;
    AUTO(db_close_auto) Db *db = open_memory();
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    check_ok(stmt_open(&stmt, db, "SELECT ?1, ?2, ?3, ?4, ?5, 0.5", &err));
    check_int(stmt_parameters(stmt), 5);
    check_int(stmt_columns(stmt), 6);
    stmt_bind_int(stmt, 1, INT64_MIN);
    stmt_bind_text(stmt, 2, STR("caf\xc3\xa9"));
    stmt_bind_blob(stmt, 3, "\0\1", 2);
    stmt_bind_null(stmt, 4);
    stmt_bind_text(stmt, 5, STR(""));
    check_ok(stmt_step(stmt, &row, &err));
    check(row);
    check(stmt_int(stmt, 0) == INT64_MIN);
    check_text(stmt_text(stmt, 1), "café");
    check(str_equal(stmt_blob(stmt, 2), STR("\0\1")));
    check(stmt_is_null(stmt, 3));
    check_text(stmt_text(stmt, 3), NULL);
    check_text(stmt_text(stmt, 4), "");
    check(stmt_real(stmt, 5) == 0.5);
    check_ok(stmt_step(stmt, &row, &err));
    check(!row);
}

static void reset_forgets_what_was_bound(void **state) {
    (void)state;
    Err err;
    bool row;
    AUTO(db_close_auto) Db *db = open_memory();
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    check_ok(stmt_open(&stmt, db, "SELECT ?1", &err));
    stmt_bind_int(stmt, 1, 7);
    check_ok(stmt_step(stmt, &row, &err));
    stmt_reset(stmt);
    check_ok(stmt_step(stmt, &row, &err));
    check(stmt_is_null(stmt, 0));
}

#define LAMP_STATEMENTS(X)                                                                                   \
    X(add, "INSERT INTO lamp (id, room, watts) VALUES (?1, ?2, ?3)")                                         \
    X(of_room, "SELECT id FROM lamp WHERE room = ?1 ORDER BY id")
enum { LAMP_STATEMENTS(STMT_NAME) };
static const StmtRow lamp_rows[] = {LAMP_STATEMENTS(STMT_ROW)};

static void a_table_of_statements(void **state) {
    (void)state;
    Err err;
    bool row;
    AUTO(db_close_auto) Db *db = open_memory();
    AUTO(stmt_table_close_auto) StmtTable *table = NULL;
    check_ok(stmt_table_open(&table, db, lamp_rows, COUNT(lamp_rows), &err));
    for (int i = 0; i < 3; i++) {
        Stmt *add = stmt_at(table, STMT_add);
        stmt_bind_text(add, 1, (Str){&"abc"[i], 1});
        stmt_bind_text(add, 2, STR("hall"));
        stmt_bind_int(add, 3, i);
        check_ok(stmt_run(add, &err));
        check_int(db_changes(db), 1);
        check_int(db_last_rowid(db), i + 1);
    }
    AUTO(stmt_reset_auto) Stmt *of_room = stmt_at(table, STMT_of_room);
    stmt_bind_text(of_room, 1, STR("hall"));
    check_ok(stmt_step(of_room, &row, &err));
    check_text(stmt_text(of_room, 0), "a");
}

static void a_wrong_statement_is_named(void **state) {
    (void)state;
    Err err;
    static const StmtRow rows[] = {{"fine", "SELECT 1"}, {"broken", "SELECT wats FROM lamp"}};
    AUTO(db_close_auto) Db *db = open_memory();
    StmtTable *table = NULL;
    check_status(stmt_table_open(&table, db, rows, COUNT(rows), &err), E_INTERNAL);
    check(!table);
    check_contains(err.text, "statement broken");
    check_contains(err.text, "wats");
    Stmt *stmt = NULL;
    check_status(stmt_open(&stmt, db, "SELECT 1; SELECT 2", &err), E_INTERNAL);
    check_status(stmt_open(&stmt, db, "  ", &err), E_INTERNAL);
    check(!stmt);
    /* "room" in double quotes is a name, never a text that happens to match */
    check_status(db_run(db, "SELECT \"roon\" FROM lamp", &err), E_INTERNAL);
}

static void constraints_are_told_apart(void **state) {
    (void)state;
    Err err;
    AUTO(db_close_auto) Db *db = open_memory();
    check_ok(add_lamp(db, "a", &err));
    check_status(add_lamp(db, "a", &err), E_EXISTS);
    check_status(db_run(db, "INSERT INTO lamp VALUES ('b', 'hall', 'many')", &err), E_INVALID);
    check_ok(add_lamp(db, "b", &err));
    int64_t nothing;
    check_status(db_ask_int(db, "SELECT 1 FROM lamp WHERE id = 'z'", &nothing, &err), E_NOTFOUND);
}

static Status add_two(Db *db, const char *first, const char *second, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_begin(&tx, db, err));
    TRY(add_lamp(db, first, err));
    TRY(add_lamp(db, second, err));
    return tx_commit(tx, err);
}

static void leaving_the_scope_rolls_back(void **state) {
    (void)state;
    Err err;
    AUTO(db_close_auto) Db *db = open_memory();
    check_ok(add_two(db, "a", "b", &err));
    check_status(add_two(db, "c", "a", &err), E_EXISTS);
    check(!db_in_tx(db));
    check_int(count_lamps(db), 2);
    check_ok(add_two(db, "c", "d", &err));
    check_int(count_lamps(db), 4);
}

static void a_savepoint_takes_back_its_own(void **state) {
    (void)state;
    Err err;
    AUTO(db_close_auto) Db *db = open_memory();
    {
        AUTO(tx_end) Tx *tx = NULL;
        check_ok(tx_begin(&tx, db, &err));
        check_ok(add_lamp(db, "kept", &err));
        for (int i = 0; i < 2; i++) {
            AUTO(tx_end) Tx *inner = NULL;
            check_ok(tx_savepoint(&inner, db, &err));
            check_ok(add_lamp(db, i == 0 ? "gone" : "kept too", &err));
            if (i == 1) check_ok(tx_commit(inner, &err));
        }
        check(db_in_tx(db));
        check_ok(tx_commit(tx, &err));
    }
    check_int(count_lamps(db), 2);
}

static void one_writer_at_a_time(void **state) {
    (void)state;
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db");
    const DbOptions impatient = {.mode = DB_WRITE, .busy_timeout_ms = 1};
    AUTO(db_close_auto) Db *first = open_lamps(path);
    AUTO(db_close_auto) Db *second = NULL;
    check_ok(db_open(&second, path, &impatient, &err));
    AUTO(tx_end) Tx *tx = NULL, *refused = NULL;
    check_ok(tx_begin(&tx, first, &err));
    check_status(tx_begin(&refused, second, &err), E_BUSY);
    check(!refused && !db_in_tx(second));
}

static void a_reader_keeps_its_snapshot(void **state) {
    (void)state;
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db");
    AUTO(db_close_auto) Db *writer = open_lamps(path);
    AUTO(db_close_auto) Db *reader = NULL;
    check_ok(db_open(&reader, path, &reading, &err));
    AUTO(tx_end) Tx *tx = NULL;
    check_ok(tx_begin_read(&tx, reader, &err));
    check_ok(add_lamp(writer, "a", &err));
    check_int(count_lamps(reader), 0);
    tx_end(&tx);
    check_int(count_lamps(reader), 1);
    check_status(add_lamp(reader, "b", &err), E_READONLY);
}

static void the_data_version_tells_of_others_commits(void **state) {
    (void)state;
    Err err;
    int64_t before, after;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db");
    AUTO(db_close_auto) Db *writer = open_lamps(path);
    AUTO(db_close_auto) Db *reader = NULL;
    check_ok(db_open(&reader, path, &reading, &err));
    check_ok(db_data_version(reader, &before, &err));
    check_ok(db_data_version(reader, &after, &err));
    check(before == after);
    check_ok(add_lamp(writer, "a", &err));
    check_ok(db_data_version(reader, &after, &err));
    check(before != after);
}

static void a_reader_never_checkpoints(void **state) {
    (void)state;
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db"), *wal = test_path(arena, &dir, "lamps.db-wal");
    const char *copy = test_path(arena, &dir, "copy.db"), *copy_wal = test_path(arena, &dir, "copy.db-wal");
    Str bytes;
    Db *writer = open_lamps(path);
    check_ok(add_lamp(writer, "a", &err));
    check(db_has_wal(path));
    /* what a writer that was killed leaves behind */
    check_ok(file_read(arena, path, 1 << 20, &bytes, &err));
    check_ok(file_write(copy, bytes, 0600, &err));
    check_ok(file_read(arena, wal, 1 << 20, &bytes, &err));
    check_ok(file_write(copy_wal, bytes, 0600, &err));
    db_close(writer);
    check(!db_has_wal(path)); /* the writer's last close did */
    Db *reader = NULL;
    check_ok(db_open(&reader, copy, &reading, &err));
    check_int(count_lamps(reader), 1);
    db_close(reader);
    check_int(file_size(copy_wal), (int64_t)bytes.len);
    check(db_has_wal(copy));
}

static void the_wal_can_be_emptied(void **state) {
    (void)state;
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db");
    const DbOptions impatient = {.mode = DB_WRITE, .busy_timeout_ms = 1};
    AUTO(db_close_auto) Db *writer = NULL;
    AUTO(db_close_auto) Db *reader = NULL;
    check_ok(db_open(&writer, path, &impatient, &err));
    check_ok(db_run(writer, schema, &err));
    check_ok(db_open(&reader, path, &reading, &err));
    {
        AUTO(tx_end) Tx *tx = NULL;
        check_ok(tx_begin_read(&tx, reader, &err));
        check_ok(add_lamp(writer, "a", &err));
        check_status(db_checkpoint_truncate(writer, &err), E_BUSY);
    }
    check_ok(db_checkpoint_truncate(writer, &err));
    check(!db_has_wal(path));
}

static void erased_bytes_leave_the_file(void **state) {
    (void)state;
    Err err;
    Str bytes;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db");
    AUTO(db_close_auto) Db *writer = open_lamps(path);
    check_ok(add_lamp(writer, "a name of somebody", &err));
    check_ok(db_checkpoint_truncate(writer, &err));
    check_ok(file_read(arena, path, 1 << 20, &bytes, &err));
    check(str_find(bytes, STR("a name of somebody")) >= 0);
    check_ok(db_run(writer, "DELETE FROM lamp", &err));
    check_ok(db_checkpoint_truncate(writer, &err));
    check_ok(file_read(arena, path, 1 << 20, &bytes, &err));
    check_int(str_find(bytes, STR("a name of somebody")), -1);
}

static void files_are_ours_alone(void **state) {
    (void)state;
    struct stat info;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "a name with ? # % and é.db");
    AUTO(db_close_auto) Db *db = open_lamps(path);
    check_int(stat(path, &info), 0);
    check_int(info.st_mode & 0777, 0600);
    check_text(str_of(db_path(db)), path);
}

static void what_cannot_be_opened_says_why(void **state) {
    (void)state;
    Err err;
    Db *db = NULL;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const DbOptions existing = {.mode = DB_WRITE, .must_exist = true};
    const char *path = test_path(arena, &dir, "lamps.db");
    check_status(db_open(&db, path, &reading, &err), E_NOTFOUND);
    check_status(db_open(&db, path, &existing, &err), E_NOTFOUND);
    check_status(db_open(&db, test_path(arena, &dir, "no/lamps.db"), &writing, &err), E_NOTFOUND);
    check_ok(file_write(path,
                        STR("This is no database, but it is long enough to be looked at: "
                            "one hundred bytes are what the header of a real one takes."),
                        0600, &err));
    check_status(db_open(&db, path, &reading, &err), E_CORRUPT);
    check_status(db_open(&db, path, &writing, &err), E_CORRUPT);
    check_contains(err.text, "lamps.db");
    check(!db);
}

static void flip_page(const char *path, off_t from) {
    char noise[1024];
    memset(noise, 0xA5, sizeof(noise));
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    check_int(pwrite(descriptor, noise, sizeof(noise), from), sizeof(noise));
    close(descriptor);
}

static void a_damaged_file_is_noticed(void **state) {
    (void)state;
    Err err;
    enum { PAGE_BYTES = 4096 };
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db");
    Db *db = open_lamps(path);
    check_ok(add_lamp(db, "a", &err));
    check_ok(db_check_quick(db, &err));
    check_ok(db_check_full(db, &err));
    db_close(db);
    flip_page(path, PAGE_BYTES);
    db = NULL;
    check_ok(db_open(&db, path, &reading, &err));
    check_status(db_check_quick(db, &err), E_CORRUPT);
    check_status(db_check_full(db, &err), E_CORRUPT);
    db_close(db);
}

static Status add_colour(Db *db, Err *err) {
    return db_run(db, "ALTER TABLE lamp ADD COLUMN colour TEXT", err);
}

static Status fail_halfway(Db *db, Err *err) {
    TRY(db_run(db, "DROP INDEX lamp_room", err));
    return err_set(err, E_FULL, "no space");
}

static void a_full_disk_is_told_and_takes_nothing_away(void **state) {
    (void)state;
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    AUTO(db_close_auto) Db *db = open_lamps(test_path(arena, &dir, "lamps.db"));
    check_ok(add_lamp(db, "a", &err));
    check_ok(db_run(db, "PRAGMA max_page_count=1", &err)); /* never less than the file has */
    static const char fill[] =
        "INSERT INTO lamp SELECT hex(randomblob(2000)), 'hall', 1 FROM lamp, (VALUES (1), (2), (3))";
    {
        AUTO(tx_end) Tx *tx = NULL;
        check_ok(tx_begin(&tx, db, &err));
        check_status(db_run(db, fill, &err), E_FULL);
    }
    check_contains(err.text, "lamps.db");
    check(!db_in_tx(db));
    check_int(count_lamps(db), 1);
    check_ok(db_check_full(db, &err));
}

static void migrations_go_forward_one_by_one(void **state) {
    (void)state;
    Err err;
    int64_t version;
    const Migration migrations[] = {{.sql = schema}, {.run = add_colour}, {.run = fail_halfway}};
    AUTO(db_close_auto) Db *db = NULL;
    check_ok(db_open(&db, "lamps", &in_memory, &err));
    check_ok(db_migrate(db, migrations, 1, &err));
    check_status(db_migrate(db, migrations, 3, &err), E_FULL);
    check_contains(err.text, "migration to version 3");
    check_ok(db_user_version(db, &version, &err));
    check_int(version, 2);
    check_ok(db_run(db, "SELECT colour FROM lamp INDEXED BY lamp_room WHERE room = ''", &err));
    check_ok(db_migrate(db, migrations, 2, &err));
    check_status(db_migrate(db, migrations, 1, &err), E_VERSION);
}

static void another_file_can_be_attached_to_read(void **state) {
    (void)state;
    Err err;
    int64_t count;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "it's #1.db");
    AUTO(db_close_auto) Db *writer = open_lamps(path);
    AUTO(db_close_auto) Db *db = open_memory();
    check_ok(add_lamp(writer, "a", &err));
    check_ok(db_attach(db, path, "other", DB_READ, &err));
    check_ok(db_ask_int(db, "SELECT count(*) FROM other.lamp", &count, &err));
    check_int(count, 1);
    check_status(db_run(db, "DELETE FROM other.lamp", &err), E_READONLY);
    check_ok(db_detach(db, "other", &err));
    check_status(db_attach(db, test_path(arena, &dir, "none.db"), "other", DB_READ, &err), E_NOTFOUND);
    check_ok(db_attach(db, "", "drafts", DB_MEMORY, &err));
    check_ok(db_run(db, "CREATE TABLE drafts.lamp (id TEXT)", &err));
}

static void a_file_on_a_dead_disk_opens_as_it_lies(void **state) {
    (void)state;
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *path = test_path(arena, &dir, "lamps.db");
    const DbOptions immutable = {.mode = DB_IMMUTABLE};
    Db *db = open_lamps(path);
    check_ok(add_lamp(db, "a", &err));
    db_close(db);
    db = NULL;
    check_ok(db_open(&db, path, &immutable, &err));
    check_int(count_lamps(db), 1);
    check(!file_exists(test_path(arena, &dir, "lamps.db-shm")));
    check_status(add_lamp(db, "b", &err), E_READONLY);
    db_close(db);
}

static void a_backup_is_whole_and_alone(void **state) {
    (void)state;
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    const char *copy = test_path(arena, &dir, "copy.db");
    AUTO(db_close_auto) Db *db = open_lamps(test_path(arena, &dir, "lamps.db"));
    AUTO(db_close_auto) Db *back = NULL;
    check_ok(add_lamp(db, "a", &err));
    check_ok(db_backup(db, copy, &err));
    check_ok(add_lamp(db, "b", &err));
    check(!file_exists(test_path(arena, &dir, "copy.db-wal")));
    check_status(db_backup(db, copy, &err), E_EXISTS);
    check_ok(db_open(&back, copy, &reading, &err));
    check_int(count_lamps(back), 1);
    check_ok(db_check_full(back, &err));
}

static Status check_plan(Db *db, const char *sql, Err *err) {
    static const char *const small[] = {"small"};
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    TRY(stmt_open(&stmt, db, sql, err));
    return stmt_check_scans(stmt, small, COUNT(small), err);
}

static void full_scans_are_found(void **state) {
    (void)state;
    Err err;
    AUTO(db_close_auto) Db *db = open_memory();
    check_ok(db_run(db, "CREATE TABLE small (id INTEGER PRIMARY KEY, word TEXT)", &err));
    check_ok(check_plan(db, "SELECT * FROM lamp WHERE room = ?1 ORDER BY id", &err));
    check_ok(check_plan(db, "SELECT * FROM small WHERE word = ?1", &err));
    check_ok(check_plan(db, "INSERT INTO small (word) VALUES (?1)", &err));
    check_ok(check_plan(db, "SELECT value FROM json_each(?1)", &err));
    check_ok(
        check_plan(db, "SELECT r FROM (SELECT DISTINCT watts AS r FROM lamp WHERE room = ?1) AS some", &err));
    check_status(check_plan(db, "SELECT * FROM lamp WHERE watts = ?1", &err), E_INVALID);
    check_contains(err.text, "SCAN lamp");
    check_status(check_plan(db, "SELECT room FROM lamp ORDER BY room", &err), E_INVALID);
    check_status(check_plan(db, "SELECT s.id FROM small AS s JOIN lamp ON lamp.watts = s.id", &err),
                 E_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_went),
        cmocka_unit_test(reset_forgets_what_was_bound),
        cmocka_unit_test(a_table_of_statements),
        cmocka_unit_test(a_wrong_statement_is_named),
        cmocka_unit_test(constraints_are_told_apart),
        cmocka_unit_test(leaving_the_scope_rolls_back),
        cmocka_unit_test(a_savepoint_takes_back_its_own),
        cmocka_unit_test(one_writer_at_a_time),
        cmocka_unit_test(a_reader_keeps_its_snapshot),
        cmocka_unit_test(the_data_version_tells_of_others_commits),
        cmocka_unit_test(a_reader_never_checkpoints),
        cmocka_unit_test(the_wal_can_be_emptied),
        cmocka_unit_test(erased_bytes_leave_the_file),
        cmocka_unit_test(files_are_ours_alone),
        cmocka_unit_test(what_cannot_be_opened_says_why),
        cmocka_unit_test(a_damaged_file_is_noticed),
        cmocka_unit_test(a_full_disk_is_told_and_takes_nothing_away),
        cmocka_unit_test(migrations_go_forward_one_by_one),
        cmocka_unit_test(another_file_can_be_attached_to_read),
        cmocka_unit_test(a_file_on_a_dead_disk_opens_as_it_lies),
        cmocka_unit_test(a_backup_is_whole_and_alone),
        cmocka_unit_test(full_scans_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
