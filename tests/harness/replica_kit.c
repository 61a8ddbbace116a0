#include "tests/harness/replica_kit.h"

#include "common/base/file.h"
#include "common/db/db.h"
#include "common/replica/files.h"
#include "common/replica/tables.h"
#include "common/wire/secret.h"

#include <stdlib.h>

enum { PAGE_MAX = 16 * 1024 * 1024, PAGES_MAX = 2000 };

static void open_replica(Kit *kit) {
    Err err = {0};
    check_ok(replica_open(&kit->replica, kit->dir.path, &kit->clock.base, &err));
}

Kit *kit_new(void) {
    Kit *kit = calloc(1, sizeof(*kit));
    Err err = {0};
    kit->dir = test_dir_new();
    kit->clock = hand_clock(1764064800000);
    kit->arena = arena_open();
    kit->hub = fake_hub_new("1-aa");
    fake_grant(kit->hub, "public");
    fake_grant(kit->hub, "org:olivet");
    fake_grant(kit->hub, "device:d1");
    open_replica(kit);
    check_ok(replica_paired(kit->replica, STR("d1"), &err));
    return kit;
}

void kit_free(Kit *kit) {
    replica_close(kit->replica);
    fake_hub_free(kit->hub);
    arena_close(kit->arena);
    test_dir_remove(&kit->dir);
    free(kit);
}

void kit_free_auto(Kit **kit) {
    kit_free(*kit);
}

void kit_reopen(Kit *kit) {
    replica_close(kit->replica);
    kit->replica = NULL;
    open_replica(kit);
}

static Status take_line(Kit *kit, Arena *arena, Str line, PageOutcome *outcome, Err *err) {
    FeedHeader header = {0};
    FeedTrailer trailer = {0};
    FeedLine feed_line = {0};
    bool new_epoch = false;
    switch (feed_part_of(line)) {
    case FEED_HEADER:
        TRY(feed_header_read(arena, line, &header, err));
        return replica_page_begin(kit->replica, &header, &new_epoch, err);
    case FEED_TRAILER:
        TRY(feed_trailer_read(arena, line, &trailer, err));
        if (!trailer.complete) return replica_page_more(kit->replica, trailer.seq, err);
        return replica_page_complete(kit->replica, &trailer, outcome, err);
    case FEED_LINE:
        break;
    }
    TRY(feed_line_scan(line, &feed_line, err));
    return replica_page_line(kit->replica, &feed_line, err);
}

static Status take_lines(Kit *kit, Arena *arena, Str text, size_t lines, PageOutcome *outcome, Err *err) {
    Str line = {0};
    Status status = OK;
    for (size_t i = 0; i < lines && status == OK && str_cut(&text, '\n', &line) && line.len > 0; i++)
        status = take_line(kit, arena, line, outcome, err);
    return status;
}

Status kit_take_page(Kit *kit, size_t lines, PageOutcome *outcome, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new(PAGE_MAX);
    Str epoch = {0}, cursor = {0};
    bool caught_up = false;
    Err flush_err = {0};
    *outcome = (PageOutcome){0};
    TRY(replica_cursor(kit->replica, arena, &epoch, &cursor, &caught_up, err));
    fake_page(kit->hub, epoch, cursor, &text);
    Status status = take_lines(kit, arena, buf_str(&text), lines, outcome, err);
    Status flushed = replica_page_flush(kit->replica, &flush_err);
    assert_int_equal(flushed, OK);
    replica_page_cut(kit->replica);
    return status;
}

PageOutcome kit_pull(Kit *kit) {
    PageOutcome outcome = {0};
    Err err = {0};
    for (int pages = 0; pages < PAGES_MAX; pages++) {
        check_ok(kit_take_page(kit, SIZE_MAX, &outcome, &err));
        if (outcome.applied) return outcome;
    }
    fail_msg("no end after %d pages", PAGES_MAX);
    return outcome;
}

void kit_push(Kit *kit) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    ReplicaFacts facts = {0};
    PushBody body = {0};
    const char *code = "";
    int64_t expected = 0;
    check_ok(replica_number_ops(kit->replica, &err));
    check_ok(replica_facts(kit->replica, arena, &facts, &err));
    const FakeKey *key = fake_key(kit->hub, facts.device, facts.incarnation);
    check_ok(replica_push_body(kit->replica, (Str){0}, key ? key->decided + 1 : 1, PUSH_OPS_MAX, arena, &body,
                               &err));
    if (body.count == 0) return;
    fake_push(kit->hub, body.text, &code, &expected);
    check_text(str_of(code), "");
}

/* ---- looking ---- */
static void ask(Kit *kit, const char *sql, int64_t *number, Str *text) {
    AUTO(db_close_auto) Db *db = NULL;
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    DbOptions options = {.mode = DB_READ};
    Err err = {0};
    bool row = false;
    check_ok(db_open(&db, test_path(kit->arena, &kit->dir, REPLICA_LINK), &options, &err));
    check_ok(stmt_open(&stmt, db, sql, &err));
    check_ok(stmt_step(stmt, &row, &err));
    if (number) *number = row ? stmt_int(stmt, 0) : INT64_MIN;
    if (text) *text = row ? str_copy(kit->arena, stmt_text(stmt, 0)) : (Str){0};
    stmt_reset(stmt);
}

int64_t kit_ask(Kit *kit, const char *sql) {
    int64_t number = 0;
    ask(kit, sql, &number, NULL);
    return number;
}

Str kit_ask_text(Kit *kit, const char *sql) {
    Str text = {0};
    ask(kit, sql, NULL, &text);
    return text;
}

void kit_damage(Kit *kit, const char *sql) {
    replica_close(kit->replica);
    kit->replica = NULL;
    Db *db = NULL;
    DbOptions options = {.mode = DB_WRITE};
    Err err = {0};
    check_ok(db_open(&db, test_path(kit->arena, &kit->dir, REPLICA_LINK), &options, &err));
    check_ok(db_run(db, sql, &err));
    db_close(db);
    open_replica(kit);
}

static void report(void *to, const char *text) {
    (void)to;
    print_message("%s\n", text);
}

static void check_scope(Kit *kit, const char *scope) {
    Sum told = fake_sum(kit->hub, str_of(scope));
    HashHex hex = sum_hex(told);
    Str sql = str_print(kit->arena, "SELECT sum FROM cursor WHERE scope = '%s' AND count = %lld", scope,
                        (long long)told.count);
    check_text(kit_ask_text(kit, str_cstr(kit->arena, sql)), hex.text);
}

void kit_check_equal(Kit *kit) {
    Err err = {0};
    int64_t differences = 0, granted = 0;
    for (size_t i = 0; i < kit->hub->granted_count; i++) {
        check_scope(kit, kit->hub->granted[i]);
        granted += fake_sum(kit->hub, str_of(kit->hub->granted[i])).count;
    }
    check_ok(replica_verify(kit->dir.path, report, NULL, &differences, &err));
    check_int(differences, 0);
    check_int(kit_ask(kit, "SELECT count(*) FROM record"), granted);
    check_int(kit_ask(kit, "SELECT count(*) FROM staged"), 0);
}

/* ---- the outbox ---- */
static void with_outbox(Kit *kit, Db **out) {
    DbOptions options = {.mode = DB_WRITE, .sync = DB_SYNC_NORMAL};
    Err err = {0};
    check_ok(db_open(out, test_path(kit->arena, &kit->dir, OUTBOX_FILE), &options, &err));
    check_ok(outbox_tables_make(*out, &err));
}

Str kit_outbox_add(Kit *kit, const char *op, const char *args) {
    AUTO(db_close_auto) Db *db = NULL;
    AUTO(stmt_close_auto) Stmt *insert = NULL;
    Err err = {0};
    Json *map = NULL;
    with_outbox(kit, &db);
    check_ok(json_parse(kit->arena, str_of(args), &map, &err));
    hand_clock_advance(&kit->clock, 1);
    Uuid uuid = uuid_secret(clock_wall(&kit->clock.base));
    Str id = str_copy(kit->arena, str_of(uuid.text));
    Str body =
        op_body_write(kit->arena, str_of(op), clock_wall(&kit->clock.base), STR("p1"), STR("badge"), map);
    check_ok(stmt_open(&insert, db, "INSERT INTO op(id, body) VALUES(?1, ?2)", &err));
    stmt_bind_text(insert, 1, id);
    stmt_bind_text(insert, 2, body);
    check_ok(stmt_run(insert, &err));
    return id;
}

void kit_outbox_run(Kit *kit, const char *sql) {
    AUTO(db_close_auto) Db *db = NULL;
    Err err = {0};
    with_outbox(kit, &db);
    check_ok(db_run(db, sql, &err));
}

enum { PICTURE_MAX = 1024 * 1024 };

void kit_load_pictures(Kit *kit) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char *folder = assets_path(arena, "content/orleans/images"), **names = NULL;
    size_t count = 0;
    Err err = {0};
    check_ok(dir_list(arena, folder, 100, &names, &count, &err));
    check(count > 0);
    for (size_t i = 0; i < count; i++) {
        Str bytes = {0};
        check_ok(file_read(arena, path_join(arena, folder, names[i]), PICTURE_MAX, &bytes, &err));
        Str name = sha256_hex(arena, bytes);
        check_ok(replica_blob_append(kit->replica, name, 0, bytes, &err));
        check_ok(replica_blob_finish(kit->replica, name, &err));
    }
}
