#include "tests/harness/kiosk_kit.h"

#include "common/base/file.h"

#include <stdlib.h>

enum { RECORDS_MAX = 16 * 1024 * 1024, DUMP_MAX = 8 * 1024 * 1024 };

static void put_line(FakeHub *hub, Arena *arena, Str line) {
    Json *record = NULL;
    Err err = {0};
    check_ok(json_parse(arena, line, &record, &err));
    AUTO(buf_free) Buf doc = buf_new(DUMP_MAX);
    json_write(&doc, json_get(record, "doc"));
    fake_put(hub, str_cstr(hub->arena, json_get_text(record, "kind")),
             str_cstr(hub->arena, json_get_text(record, "id")),
             str_cstr(hub->arena, json_get_text(record, "scope")), str_cstr(hub->arena, buf_str(&doc)));
}

void kiosk_kit_put_all(FakeHub *hub, const char *records_path) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str rest = {0}, line = {0};
    Err err = {0};
    check_ok(file_read(arena, records_path, RECORDS_MAX, &rest, &err));
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).len) put_line(hub, arena, line);
}

KioskKit *kiosk_kit_new_empty(const char *now) {
    KioskKit *kiosk = calloc(1, sizeof *kiosk);
    Millis at = 0;
    date_use_zone("Europe/Paris");
    check(kiosk && date_parse(str_of(now), &at));
    kiosk->kit = kit_new();
    kiosk->clock = hand_clock(at);
    kiosk->kit->clock = hand_clock(at - 3 * MINUTE_MS); /* « à jour il y a 3 min » */
    return kiosk;
}

static void grant_and_put_device(FakeHub *hub) {
    fake_grant(hub, "org:orleans");
    fake_grant(hub, "pool:agglo");
    fake_grant(hub, "pool:boucle-loire");
    fake_put(
        hub, "device", "d1", "device:d1",
        "{\"name\":\"Hall\",\"org\":\"orleans\",\"site\":\"orleans-hotel-de-ville\",\"state\":\"active\","
        "\"token_hash\":\"x\"}");
}

KioskKit *kiosk_kit_new(const char *records_path, const char *now) {
    KioskKit *kiosk = kiosk_kit_new_empty(now);
    grant_and_put_device(kiosk->kit->hub);
    kiosk_kit_put_all(kiosk->kit->hub, records_path);
    kit_pull(kiosk->kit);
    Err err = {0};
    check_ok(replica_note_contact(kiosk->kit->replica, INT_ABSENT, &err));
    return kiosk;
}

void kiosk_kit_free(KioskKit *kiosk) {
    kiosk_kit_stop(kiosk);
    kit_free(kiosk->kit);
    free(kiosk);
}

void kiosk_kit_free_auto(KioskKit **kiosk) {
    if (*kiosk) kiosk_kit_free(*kiosk);
}

/* What would differ from machine to machine. */
static Machine some_machine(void) {
    return (Machine){.addresses = {{"eth0", "192.168.10.42"}, {"wlan0", "10.4.0.17"}},
                     .address_count = 2,
                     .disk_bytes = 31000000000,
                     .disk_free_bytes = 24000000000,
                     .replica_bytes = 18400000,
                     .wal_bytes = 412000,
                     .outbox_bytes = 61000,
                     .search_bytes = 9200000,
                     .blobs_bytes = 84000000,
                     .blob_count = 37};
}

void kiosk_kit_start(KioskKit *kiosk, int width_px, int height_px, Lang lang) {
    kiosk_kit_stop(kiosk);
    kiosk->machine = some_machine();
    AppOptions options = {.replica_dir = kiosk->kit->dir.path,
                          .assets_dir = assets_path(kiosk->kit->arena, ""),
                          .width_px = width_px,
                          .height_px = height_px,
                          .headless = true,
                          .lang = lang,
                          .clock = &kiosk->clock.base,
                          .machine = &kiosk->machine,
                          .version = "test"};
    if (width_px == 1366) options.width_mm = 346, options.height_mm = 195;
    Err err = {0};
    check_ok(app_open(&kiosk->app, &options, &err));
    app_frame(kiosk->app);
}

void kiosk_kit_stop(KioskKit *kiosk) {
    app_close(kiosk->app);
    kiosk->app = NULL;
}

Status kiosk_kit_try(KioskKit *kiosk, const char *script, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    RobotCommand *commands = NULL;
    size_t count = 0;
    TRY(robot_parse(arena, str_of(script), "script", &commands, &count, err));
    return robot_run(kiosk->app, &kiosk->clock, commands, count, "script", err);
}

void kiosk_kit_run(KioskKit *kiosk, const char *script) {
    Err err = {0};
    if (kiosk_kit_try(kiosk, script, &err) != OK) fail_msg("%s", err.text);
}

void kiosk_kit_open(KioskKit *kiosk, ScreenId screen, const char *arg) {
    App *app = kiosk->app;
    app->mode = MODE_AWAKE;
    app->touched_at = app_tick(app);
    nav_home(&app->nav, SCREEN_home);
    if (screen != SCREEN_home) nav_push(&app->nav, screen, str_of(arg));
    ui_leave_screen(app->ui);
    app_frame(app);
}

static void poke(KioskKit *kiosk) {
    GfxEvent poked = {.type = GFX_WAKE};
    app_handle(kiosk->app, &poked);
    app_frame(kiosk->app);
}

void kiosk_kit_load(KioskKit *kiosk, const char *records_path) {
    grant_and_put_device(kiosk->kit->hub);
    kiosk_kit_put_all(kiosk->kit->hub, records_path);
    kit_pull(kiosk->kit);
    poke(kiosk);
}

void kiosk_kit_answer(KioskKit *kiosk, const char *verdict) {
    kiosk->kit->hub->verdict = verdict;
    kit_push(kiosk->kit);
    kit_pull(kiosk->kit);
    poke(kiosk);
}

void kiosk_kit_confirm(KioskKit *kiosk, const char *event) {
    Arena *arena = kiosk->kit->arena;
    const char *id = str_cstr(arena, str_print(arena, "%s~%s", event, KIOSK_KIT_NADIA));
    Str doc =
        str_print(arena,
                  "{\"at\":%lld,\"decided_at\":%lld,\"event\":\"%s\",\"org\":\"orleans\",\"person\":\"%s\","
                  "\"state\":\"confirmed\",\"via\":\"d1\"}",
                  (long long)clock_wall(&kiosk->clock.base), (long long)clock_wall(&kiosk->clock.base), event,
                  KIOSK_KIT_NADIA);
    kit_push(kiosk->kit);
    fake_put(kiosk->kit->hub, "registration", id, "org:orleans", str_cstr(arena, doc));
    kit_pull(kiosk->kit);
    poke(kiosk);
}

Str kiosk_kit_dump(KioskKit *kiosk) {
    AUTO(buf_free) Buf dump = buf_new(DUMP_MAX);
    display_list_dump(kiosk->app->ui->list, &dump);
    return str_copy(kiosk->kit->arena, buf_str(&dump));
}
