/* What a kiosk sees: drafts over records, whatever is wrong with its files. */
#include "common/base/file.h"
#include "common/db/db.h"
#include "common/replica/files.h"
#include "common/replica/identity.h"
#include "common/replica/view_inside.h"
#include "common/replica/wake.h"
#include "tests/harness/replica_kit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENT "0192f0c1-7a00-7000-8000-000000000001"
#define PERSON "0192f0c1-7a00-7000-8000-00000000000a"

static void put_town(Kit *kit) {
    fake_put(kit->hub, "org", "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    fake_put(kit->hub, "site", "mairie", "public", "{\"name\":\"Mairie\",\"org\":\"olivet\"}");
    fake_put(kit->hub, "device", "d1", "device:d1",
             "{\"name\":\"hall\",\"org\":\"olivet\",\"site\":\"mairie\",\"state\":\"active\",\"token_hash\":"
             "\"x\"}");
    fake_put(kit->hub, "person", PERSON, "org:olivet",
             "{\"name\":\"Ada L.\",\"name_key\":\"ada l.\",\"org\":\"olivet\"}");
    fake_put(
        kit->hub, "event", EVENT, "public",
        "{\"ends\":1764842400000,\"org\":\"olivet\",\"place\":\"Salle\",\"seats\":2,\"starts\":1764835200000,"
        "\"status\":\"planned\",\"title\":\"Réunion\",\"type\":\"ixpresso\"}");
}

static Kit *town_new(void) {
    Kit *kit = kit_new();
    put_town(kit);
    kit_pull(kit);
    return kit;
}

static View *look(Kit *kit) {
    View *view = NULL;
    Err err = {0};
    check_ok(view_open(&view, kit->dir.path, &kit->clock.base, &err));
    return view;
}

static ViewHealth health_of(View *view) {
    ViewHealth health;
    view_health(view, &health);
    return health;
}

static KindSet refresh(View *view) {
    KindSet changed = 0;
    Err err = {0};
    check_ok(view_refresh(view, &changed, &err));
    return changed;
}

static Performed act(View *view, const char *op, bool even_if_refused) {
    Performed done = {0};
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "event", STR(EVENT));
    check_ok(view_perform(view, op, STR(PERSON), STR("badge"), args, even_if_refused, &done, &err));
    return done;
}

static bool registration(View *view, Arena *arena, Registration *out) {
    Err err = {0};
    return records_get(view_records(view), K_registration, STR(EVENT "~" PERSON), out, arena, &err) == OK;
}

static size_t count_list(View *view, ViewQuery query, const ViewArg *args, size_t arg_count, Arena *arena,
                         void **list) {
    size_t count = 0;
    Err err = {0};
    check_ok(view_list(view, query, args, arg_count, list, &count, arena, &err));
    return count;
}

/* ---- drafts ---- */
static void what_was_done_shows_at_once_as_provisional(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Registration seen;
    check(!registration(view, arena, &seen));
    Performed done = act(view, "register", false);
    check_int(done.predicted, VERDICT_confirmed);
    check(registration(view, arena, &seen));
    check(seen.meta.draft && seen.state == RegistrationState_confirmed);
    check_int(health_of(view).pending_ops, 1);
    void *list = NULL;
    ViewArg person = VIEW_TEXT(STR(PERSON));
    check_int(count_list(view, VIEW_registrations_of_person, &person, 1, arena, &list), 1);
    check(((Registration *)list)->meta.draft);
}

static void drafts_come_back_after_a_restart(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Registration seen;
    View *first = look(kit);
    act(first, "register", false);
    view_close(first);
    AUTO(view_close_auto) View *view = look(kit);
    check(registration(view, arena, &seen) && seen.meta.draft);
    check_int(health_of(view).pending_ops, 1);
}

static void the_receipt_ends_the_draft(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Registration seen;
    OpStatus status = {0};
    Err err = {0};
    Performed done = act(view, "register", false);
    check_ok(view_op_status(view, str_of(done.op.text), &status, &err));
    check(status.known && !status.decided);
    kit_push(kit); /* this hub decides "done" and writes no registration */
    kit_pull(kit);
    check(refresh(view) & KIND_BIT(K_registration));
    check(!registration(view, arena, &seen)); /* nothing old masks what the hub decided */
    check_int(health_of(view).pending_ops, 0);
    check_ok(view_op_status(view, str_of(done.op.text), &status, &err));
    check(status.decided && status.verdict == VERDICT_done);
}

static void a_record_of_the_hub_replaces_the_draft(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Registration seen;
    act(view, "register", false);
    kit_push(kit);
    fake_put(kit->hub, "registration", EVENT "~" PERSON, "org:olivet",
             "{\"at\":1,\"event\":\"" EVENT "\",\"org\":\"olivet\",\"person\":\"" PERSON
             "\",\"state\":\"waiting\",\"via\":\"d1\"}");
    kit_pull(kit);
    refresh(view);
    check(registration(view, arena, &seen));
    check(!seen.meta.draft && seen.state == RegistrationState_waiting);
}

static void ops_are_replayed_in_their_order(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Registration seen;
    act(view, "register", false);
    act(view, "cancel", false);
    act(view, "register", false);
    check(registration(view, arena, &seen) && seen.state == RegistrationState_confirmed);
    act(view, "cancel", false);
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit_pull(kit);
    refresh(view);
    check(registration(view, arena, &seen) && seen.state == RegistrationState_cancelled);
    check_int(health_of(view).pending_ops, 4);
}

static void a_rejection_is_returned_and_not_kept(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    hand_clock_advance(&kit->clock, 30 * DAY_MS); /* the event is over */
    Performed done = act(view, "register", false);
    check(verdict_is_rejection(done.predicted));
    check_int(health_of(view).pending_ops, 0);
    OpStatus status = {0};
    Err err = {0};
    check_ok(view_op_status(view, str_of(done.op.text), &status, &err));
    check(!status.known);
    act(view, "register", true);
    check_int(health_of(view).pending_ops, 1);
}

static void readers_cannot_write(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    Err err = {0};
    Records *records = view_records(view);
    check_status(records->verbs->put(records, K_org, STR("x"), STR("public"), STR("{}"), &err), E_DENIED);
    check_status(records->verbs->remove(records, K_org, STR("olivet"), &err), E_DENIED);
}

static void an_op_is_never_older_than_the_newest_hub_time(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    Err err = {0};
    Millis hub_time = clock_wall(&kit->clock.base) + HOUR_MS;
    check_ok(replica_note_contact(kit->replica, hub_time, &err));
    AUTO(view_close_auto) View *view = look(kit);
    act(view, "register", false);
    AUTO(db_close_auto) Db *db = NULL;
    DbOptions options = {.mode = DB_READ};
    int64_t at = 0;
    check_ok(db_open(&db, test_path(kit->arena, &kit->dir, OUTBOX_FILE), &options, &err));
    check_ok(db_ask_int(db, "SELECT body->>'at' FROM op", &at, &err));
    check_int(at, hub_time);
}

/* ---- what changed ---- */
static void only_what_changed_is_told(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    void *list = NULL;
    check_int(refresh(view), 0);
    check_int(count_list(view, VIEW_pages, NULL, 0, arena, &list), 0);
    fake_put(kit->hub, "page", "a", "public",
             "{\"body\":\"x\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"}");
    kit_pull(kit);
    check_int(refresh(view), KIND_BIT(K_page));
    check_int(count_list(view, VIEW_pages, NULL, 0, arena, &list), 1);
    check_int(refresh(view), 0);
}

/* Between two refreshes every read is of one state, whatever is committed meanwhile. */
static void a_screen_reads_one_state(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    void *list = NULL;
    check_int(count_list(view, VIEW_orgs, NULL, 0, arena, &list), 1);
    fake_put(kit->hub, "org", "saran", "public", "{\"name\":\"Saran\",\"type\":\"commune\"}");
    fake_put(kit->hub, "page", "a", "public",
             "{\"body\":\"x\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"}");
    kit_pull(kit);
    check_int(count_list(view, VIEW_orgs, NULL, 0, arena, &list), 1);
    check_int(count_list(view, VIEW_pages, NULL, 0, arena, &list), 0);
    refresh(view);
    check_int(count_list(view, VIEW_orgs, NULL, 0, arena, &list), 2);
}

static void who_and_where_it_is(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    ViewIdentity identity = view_identity(view);
    check_text(identity.device, "d1");
    check_text(identity.site, "mairie");
    check_text(identity.org, "olivet");
}

static void a_poke_wakes_after_the_commit(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    Wake *kiosk = NULL, *syncd = NULL;
    Err err = {0};
    check_ok(wake_open(&kiosk, kit->dir.path, KIOSK_SOCKET, &err));
    check_ok(wake_open(&syncd, kit->dir.path, SYNCD_SOCKET, &err));
    check(!wake_drain(kiosk));
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit_pull(kit);
    check(wake_drain(kiosk));
    check(!wake_drain(kiosk));
    act(view, "register", false);
    check(wake_drain(syncd));
    wake_close(syncd);
    wake_close(kiosk);
}

/* ---- health ---- */
static void no_replica_is_told_and_mends_itself(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    void *list = NULL;
    replica_close(kit->replica);
    kit->replica = NULL;
    unlink(test_path(kit->arena, &kit->dir, REPLICA_LINK));
    AUTO(view_close_auto) View *view = look(kit);
    check_int(health_of(view).replica, REPLICA_MISSING);
    check_int(health_of(view).outbox_status, OK);
    check_int(count_list(view, VIEW_orgs, NULL, 0, arena, &list), 0);
    kit_reopen(kit);
    refresh(view);
    check_int(health_of(view).replica, REPLICA_MISSING); /* a file is there, and it is not paired yet */
    Err err = {0};
    check_ok(replica_paired(kit->replica, STR("d1"), &err));
    refresh(view);
    check_int(health_of(view).replica, REPLICA_EMPTY);
    put_town(kit);
    kit_pull(kit);
    check(refresh(view) & KIND_BIT(K_org));
    check_int(health_of(view).replica, REPLICA_READY);
    check_int(count_list(view, VIEW_orgs, NULL, 0, arena, &list), 1);
}

static void spoil(Kit *kit, const char *name, long at, const char *bytes) {
    FILE *file = fopen(test_path(kit->arena, &kit->dir, name), "r+");
    check(file != NULL);
    fseek(file, at, SEEK_SET);
    fputs(bytes, file);
    fclose(file);
}

static void a_corrupt_replica_is_told_set_aside_and_loaded_again(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    replica_close(kit->replica);
    kit->replica = NULL;
    spoil(kit, "replica-1.db", 0, "this was a database once, before somebody wrote over its beginning");
    AUTO(view_close_auto) View *view = look(kit);
    ViewHealth health = health_of(view);
    check_int(health.replica, REPLICA_BROKEN);
    check_int(health.replica_status, E_CORRUPT);
    check_int(health.outbox_status, OK);
    kit_reopen(kit);
    check(replica_mended(kit->replica) != NULL);
    check(path_is_dir(kit->dir.path));
    Err err = {0};
    check_ok(replica_paired(kit->replica, STR("d1"), &err));
    kit_pull(kit);
    check_int(refresh(view), KIND_SET_ALL);
    check_int(health_of(view).replica, REPLICA_READY);
    kit_check_equal(kit);
    char target[64] = {0};
    check(readlink(test_path(kit->arena, &kit->dir, REPLICA_LINK), target, sizeof(target) - 1) > 0);
    check_text(str_of(target), "replica-2.db");
}

static size_t count_names(Kit *kit, const char *prefix) {
    const char **names = NULL;
    size_t count = 0, found = 0;
    Err err = {0};
    check_ok(dir_list(kit->arena, kit->dir.path, 100, &names, &count, &err));
    for (size_t i = 0; i < count; i++) found += strstr(names[i], prefix) != NULL;
    return found;
}

static void only_one_damaged_file_is_kept(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    Err err = {0};
    for (int i = 0; i < 3; i++) {
        hand_clock_advance(&kit->clock, MINUTE_MS);
        check_ok(replica_set_aside(kit->replica, "test", &err));
    }
    check_int(count_names(kit, ".db.corrupt-"), count_names(kit, "replica-3.db.corrupt-"));
    check(count_names(kit, "replica-3.db.corrupt-") >= 1);
    check_int(count_names(kit, "replica-4.db") > 0, 1);
    check_int(count_names(kit, "replica-2.db"), 0);
}

static void what_was_open_is_read_on_when_the_link_moves(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    void *list = NULL;
    Err err = {0};
    Identity identity = {
        .hubs = {"http://127.0.0.1"}, .hub_count = 1, .device = STR("d1"), .token = STR("t")};
    check_ok(identity_write(kit->dir.path, &identity, &err));
    check_ok(replica_set_aside(kit->replica, "test", &err));
    check_int(count_list(view, VIEW_orgs, NULL, 0, arena, &list),
              1); /* until the next refresh, what was last shown */
    refresh(view);
    check_int(health_of(view).replica, REPLICA_EMPTY);
}

/* Every page of 4 KiB that holds the text becomes noise. Returns how many. */
static size_t damage_pages_with(Kit *kit, const char *name, Str text) {
    const char *path = test_path(kit->arena, &kit->dir, name);
    Str bytes = {0};
    Err err = {0};
    size_t damaged = 0;
    check_ok(file_read(kit->arena, path, 16 * 1024 * 1024, &bytes, &err));
    FILE *file = fopen(path, "r+");
    for (size_t at = 0; at < bytes.len; at += 4096) {
        if (str_find(str_first(str_skip(bytes, at), 4096), text) < 0) continue;
        fseek(file, (long)at, SEEK_SET);
        for (int i = 0; i < 4096; i++) fputc(0x5a, file);
        damaged++;
    }
    fclose(file);
    return damaged;
}

/* A page in the middle is damaged: seen when it is read, told, and syncd is asked to look. */
static void a_damaged_page_is_noticed_when_it_is_read(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    for (int i = 0; i < 200; i++) {
        Str id = str_print(kit->arena, "page%03d", i);
        fake_put(kit->hub, "page", id.at, "public",
                 "{\"body\":\"long enough to fill pages of the file with it, again and again\","
                 "\"chapter\":\"c\",\"order\":1,\"title\":\"t\"}");
    }
    kit_pull(kit);
    replica_close(kit->replica);
    kit->replica = NULL;
    check(damage_pages_with(kit, "replica-1.db", STR("long enough to fill")) > 0);
    AUTO(view_close_auto) View *view = look(kit);
    void *list = NULL;
    size_t count = 0;
    Err err = {0};
    check_status(view_list(view, VIEW_pages, NULL, 0, &list, &count, arena, &err), E_CORRUPT);
    check_int(health_of(view).replica, REPLICA_BROKEN);
    kit_reopen(kit);
    ReplicaRequest request = {0};
    bool found = false, damaged = false;
    check_ok(replica_next_request(kit->replica, arena, &request, &found, &err));
    check(found);
    check_text(request.verb, "check");
    check_ok(replica_check(kit->replica, &damaged, &err));
    check(damaged);
}

static void ruin(Kit *kit, const char *text) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    FILE *file = fopen(test_path(arena, &kit->dir, OUTBOX_FILE), "w");
    check(file != NULL);
    fputs(text, file);
    fclose(file);
    unlink(test_path(arena, &kit->dir, OUTBOX_FILE "-wal"));
}

static const char no_database[] =
    "this is no database, but it is long enough to be looked at as one by anybody";

static void a_corrupt_outbox_is_put_beside_and_told(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    ruin(kit, no_database);
    AUTO(view_close_auto) View *view = look(kit);
    ViewHealth health = health_of(view);
    check_int(health.outbox_status, OK);
    check_int(health.aside.number, 1);
    check(!health.aside.whole);
    check_int(health.aside.ops, 0);
    check_int(health.aside.at, clock_wall(&kit->clock.base));
    struct stat info;
    check_int(stat(test_path(kit->arena, &kit->dir, OUTBOX_FILE ".corrupt-1"), &info), 0);
    check_int(info.st_size, sizeof(no_database) - 1);
    act(view, "register", true);
}

/* A disk that fails again and again: nothing is deleted to make room for the next one. */
static void the_fifth_corrupt_outbox_stays_and_nothing_is_promised(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(arena_close_auto) Arena *arena = arena_open();
    View *view = NULL;
    for (int i = 1; i <= 4; i++) {
        ruin(kit, no_database);
        view = look(kit);
        check_int(health_of(view).aside.number, i);
        view_close(view);
    }
    ruin(kit, no_database);
    view = look(kit);
    Performed done = {0};
    Registration seen;
    Err err = {0};
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "event", STR(EVENT));
    check_int(health_of(view).outbox_status, E_CORRUPT);
    check_status(view_perform(view, "register", STR(PERSON), STR("badge"), args, false, &done, &err),
                 E_CORRUPT);
    check(!registration(view, arena, &seen)); /* no draft of what was not kept */
    check_int(count_names(kit, OUTBOX_FILE ".corrupt-"), 4);
    unlink(test_path(kit->arena, &kit->dir, OUTBOX_FILE)); /* the technician puts it away */
    refresh(view);
    check_int(health_of(view).outbox_status, OK);
    act(view, "register", true);
    view_close(view);
}

static void add_ops(Kit *kit, int count) {
    for (int i = 0; i < count; i++) kit_outbox_add(kit, "register", "{\"event\":\"" EVENT "\"}");
}

/* Pages in the middle are lost: what stands before and behind them is taken over in its order, and the PINs
 * that were tried are still counted. */
static void what_can_be_read_of_a_corrupt_outbox_is_taken_over(void **state) {
    (void)state;
    enum { OPS = 200, PAGE = 4096 };
    AUTO(kit_free_auto) Kit *kit = town_new();
    view_close(look(kit));
    add_ops(kit, OPS);
    kit_outbox_run(kit, "INSERT INTO lock(person, failures, until) VALUES('p', 3, 99)");
    kit_outbox_run(kit, "PRAGMA wal_checkpoint(TRUNCATE)");
    struct stat info;
    check_int(stat(test_path(kit->arena, &kit->dir, OUTBOX_FILE), &info), 0);
    char garbage[PAGE + 1];
    memset(garbage, 'x', PAGE);
    garbage[PAGE] = '\0';
    spoil(kit, OUTBOX_FILE, info.st_size / PAGE / 2 * PAGE, garbage);
    AUTO(view_close_auto) View *view = look(kit);
    OutboxAside aside = health_of(view).aside;
    int64_t kept = 0, sorted = 0, failures = 0;
    Err err = {0};
    check_ok(db_ask_int(view->outbox, "SELECT count(*) FROM op", &kept, &err));
    check_ok(db_ask_int(view->outbox,
                        "SELECT count(*) FROM op a JOIN op b ON b.pos > a.pos WHERE b.id < a.id", &sorted,
                        &err));
    check_ok(db_ask_int(view->outbox, "SELECT failures FROM lock WHERE person = 'p'", &failures, &err));
    check_int(aside.number, 1);
    check_int(aside.ops, kept);
    check(!aside.whole);
    check(kept > OPS / 2 && kept < OPS);
    check_int(sorted, 0);
    check_int(failures, 3);
    check_int(health_of(view).pending_ops, kept);
}

/* Damaged while it is open: noticed at the next refresh, and no draft of what is lost goes on being shown. */
static void an_outbox_damaged_while_it_is_open_is_mended(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Registration seen;
    act(view, "register", true);
    check(registration(view, arena, &seen));
    unlink(test_path(arena, &kit->dir, OUTBOX_FILE));
    ruin(kit, no_database);
    refresh(view);
    check_int(health_of(view).outbox_status, OK);
    check_int(health_of(view).aside.number, 1);
    check_int(health_of(view).pending_ops, 0);
    check(!registration(view, arena, &seen));
    act(view, "register", true);
}

/* A kill between the renaming and the taking over: the next start does it. */
static void an_outbox_put_beside_is_taken_over_after_a_kill(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    view_close(look(kit));
    add_ops(kit, 3);
    kit_outbox_run(kit, "PRAGMA wal_checkpoint(TRUNCATE)");
    check_int(rename(test_path(kit->arena, &kit->dir, OUTBOX_FILE),
                     test_path(kit->arena, &kit->dir, OUTBOX_FILE ".corrupt-1")),
              0);
    for (int start = 0; start < 2; start++) {
        AUTO(view_close_auto) View *view = look(kit);
        check_int(health_of(view).aside.ops, 3);
        check(health_of(view).aside.whole);
        check_int(health_of(view).pending_ops, 3);
    }
}

/* The disk is full: nothing is kept and it is said; when there is room again, it goes on. */
static void a_full_disk_keeps_nothing_and_says_so(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Performed done = {0};
    Err err = {0};
    Registration seen;
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "event", STR(EVENT));
    check_ok(
        db_run(view->outbox, "PRAGMA max_page_count = 1", &err)); /* SQLite takes the present size at least */
    check_ok(
        db_run(view->outbox, "INSERT INTO request(verb, args) VALUES('x', printf('%.3000c', 'x'))", &err));
    Status status = OK;
    for (int i = 0; i < 200 && status == OK; i++)
        status = view_perform(view, "register", STR(PERSON), STR("badge"), args, true, &done, &err);
    check_int(status, E_FULL);
    int64_t pending = health_of(view).pending_ops;
    check_int(health_of(view).outbox_status, E_FULL);
    check_ok(db_run(view->outbox, "PRAGMA max_page_count = 100000", &err));
    refresh(view);
    check_int(health_of(view).outbox_status, OK);
    act(view, "register", true);
    check_int(health_of(view).pending_ops, pending + 1);
    check(registration(view, arena, &seen));
}

static void pruning_keeps_what_a_backup_may_need(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    Err err = {0};
    ReplicaFacts facts = {0};
    Str a = kit_outbox_add(kit, "register", "{}"), b = kit_outbox_add(kit, "register", "{}");
    kit_push(kit);
    check_ok(replica_facts(kit->replica, kit->arena, &facts, &err));
    fake_set_durable(kit->hub, facts.device, facts.incarnation, 1);
    kit_pull(kit);
    check_ok(replica_note_contact(kit->replica, clock_wall(&kit->clock.base), &err));
    OpStatus status = {0};
    View *view = look(kit);
    check_ok(view_op_status(view, a, &status, &err));
    check(status.durable);
    view_close(view);
    kit_outbox_run(kit, "SELECT 1");
    hand_clock_advance(&kit->clock, 300 * DAY_MS); /* the kiosk's own clock decides nothing */
    view_close(look(kit));
    check_ok(replica_number_ops(kit->replica, &err));
    AUTO(db_close_auto) Db *db = NULL;
    DbOptions options = {.mode = DB_READ};
    int64_t count = 0;
    check_ok(db_open(&db, test_path(kit->arena, &kit->dir, OUTBOX_FILE), &options, &err));
    check_ok(db_ask_int(db, "SELECT count(*) FROM op", &count, &err));
    check_int(count, 2);
    check_ok(replica_note_contact(kit->replica, clock_wall(&kit->clock.base), &err));
    view_close(look(kit));
    check_ok(db_ask_int(db, "SELECT count(*) FROM op", &count, &err));
    check_int(count, 1); /* b is not durable */
    (void)b;
}

/* ---- queries ---- */
static void every_query_is_prepared_and_scans_no_records_unplanned(void **state) {
    (void)state;
    static const ViewQuery whole_kind[] = {VIEW_orgs,  VIEW_services,    VIEW_paths, VIEW_pages,  VIEW_sites,
                                           VIEW_tools, VIEW_time_eaters, VIEW_ideas, VIEW_tutors, VIEW_rises};
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    for (int i = 0; i < SOURCE_COUNT * VIEW_QUERY_COUNT; i++) {
        int query = i % VIEW_QUERY_COUNT;
        Stmt *stmt = NULL;
        Str plan = {0};
        Err err = {0};
        bool whole = false;
        check_ok(view_query_statement(view, (Source)(i / VIEW_QUERY_COUNT), (ViewQuery)query, &stmt, &err));
        check_ok(stmt_plan(stmt, kit->arena, &plan, &err));
        for (size_t j = 0; j < COUNT(whole_kind); j++) whole |= (int)whole_kind[j] == query;
        bool scans = str_find(plan, STR("SCAN r")) >= 0;
        if (scans || (!whole && str_find(plan, STR("INDEX record_")) < 0))
            fail_msg("query %d: %.*s", query, STR_FORMAT(plan));
    }
}

/* The list of events grows for years; its first page must not cost all of them. */
static void the_first_page_of_events_is_read_in_order(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = town_new();
    AUTO(view_close_auto) View *view = look(kit);
    Stmt *stmt = NULL;
    Str plan = {0};
    Err err = {0};
    check_ok(view_query_statement(view, SOURCE_RECORDS, VIEW_events_from, &stmt, &err));
    check_ok(stmt_plan(stmt, kit->arena, &plan, &err));
    check(str_find(plan, STR("TEMP B-TREE")) < 0);
}

static void nowhere_is_no_folder(void **state) {
    (void)state;
    View *view = NULL;
    HandClock clock = hand_clock(0);
    Err err = {0};
    check_status(view_open(&view, "/nowhere/at/all", &clock.base, &err), E_NOTFOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_done_shows_at_once_as_provisional),
        cmocka_unit_test(drafts_come_back_after_a_restart),
        cmocka_unit_test(the_receipt_ends_the_draft),
        cmocka_unit_test(a_record_of_the_hub_replaces_the_draft),
        cmocka_unit_test(ops_are_replayed_in_their_order),
        cmocka_unit_test(a_rejection_is_returned_and_not_kept),
        cmocka_unit_test(readers_cannot_write),
        cmocka_unit_test(an_op_is_never_older_than_the_newest_hub_time),
        cmocka_unit_test(only_what_changed_is_told),
        cmocka_unit_test(a_screen_reads_one_state),
        cmocka_unit_test(who_and_where_it_is),
        cmocka_unit_test(a_poke_wakes_after_the_commit),
        cmocka_unit_test(no_replica_is_told_and_mends_itself),
        cmocka_unit_test(a_corrupt_replica_is_told_set_aside_and_loaded_again),
        cmocka_unit_test(only_one_damaged_file_is_kept),
        cmocka_unit_test(what_was_open_is_read_on_when_the_link_moves),
        cmocka_unit_test(a_damaged_page_is_noticed_when_it_is_read),
        cmocka_unit_test(a_corrupt_outbox_is_put_beside_and_told),
        cmocka_unit_test(the_fifth_corrupt_outbox_stays_and_nothing_is_promised),
        cmocka_unit_test(what_can_be_read_of_a_corrupt_outbox_is_taken_over),
        cmocka_unit_test(an_outbox_damaged_while_it_is_open_is_mended),
        cmocka_unit_test(an_outbox_put_beside_is_taken_over_after_a_kill),
        cmocka_unit_test(a_full_disk_keeps_nothing_and_says_so),
        cmocka_unit_test(pruning_keeps_what_a_backup_may_need),
        cmocka_unit_test(every_query_is_prepared_and_scans_no_records_unplanned),
        cmocka_unit_test(the_first_page_of_events_is_read_in_order),
        cmocka_unit_test(nowhere_is_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
