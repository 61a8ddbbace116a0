/* The technician's pages, pairing and the night on three glasses, as text: compared with
 * tests/golden/technician/NAME-WIDTHxHEIGHT.txt.
 *
 *     golden_technician_test                    compares; a missing reference fails
 *     golden_technician_test --write            writes the references anew (look at the difference)
 *     golden_technician_test --pictures FOLDER  the same as PNG, to be looked at */
#include "common/base/file.h"
#include "tests/harness/kiosk_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER RELAIS_SOURCE_DIR "/tests/golden/technician"
#define RECORDS RELAIS_SOURCE_DIR "/tests/golden/screens/replica.ndjson"
#define NOW "2026-11-24T09:12"

enum { GOLDEN_MAX = 4 * 1024 * 1024 };

static const int sizes[][2] = {{1920, 1080}, {1080, 1920}, {1366, 768}};
static bool writing;
static const char *pictures; /* NULL: none */

static void compare(KioskKit *kiosk, const char *name, const int *size) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str base = str_print(arena, "%s-%dx%d", name, size[0], size[1]), was = {0};
    Err err = {0};
    if (pictures) {
        const char *png = str_cstr(arena, str_print(arena, "%s/%.*s.png", pictures, STR_FORMAT(base)));
        check_ok(gfx_shot(kiosk->app->gfx, png, &err));
        return;
    }
    const char *path = str_cstr(arena, str_print(arena, "%s/%.*s.txt", FOLDER, STR_FORMAT(base)));
    Str is = kiosk_kit_dump(kiosk);
    if (writing) {
        check_ok(file_write(path, is, 0644, &err));
        return;
    }
    if (file_read(arena, path, GOLDEN_MAX, &was, &err) != OK)
        fail_msg("%s is missing: --write writes it", path);
    if (str_equal(is, was)) return;
    const char *here = str_cstr(arena, str_print(arena, "technician-%.*s.txt", STR_FORMAT(base)));
    check_ok(file_write(here, is, 0644, &err));
    fail_msg("%s differs from %s in the folder of the test: look, and write it anew", path, here);
}

static void put_history(KioskKit *kiosk) {
    Replica *replica = kiosk->kit->replica;
    Err err = {0};
    HandClock *clock = &kiosk->kit->clock;
    Millis now = clock->wall_ms;
    clock->wall_ms = now - 21 * HOUR_MS;
    check_ok(replica_note_error(replica, "hub.exemple.fr: connection timed out", &err));
    clock->wall_ms = now - 18 * HOUR_MS - 20 * MINUTE_MS;
    check_ok(replica_note_error(replica, "", &err));
    clock->wall_ms = now - 8 * HOUR_MS;
    check_ok(replica_note_error(replica, "hub.exemple.fr: connection refused", &err));
    clock->wall_ms = now - 8 * HOUR_MS + 10 * MINUTE_MS;
    check_ok(replica_note_error(replica, "", &err));
    clock->wall_ms = now;
    check_ok(replica_note_hubs(replica, STR("https://hub.exemple.fr, https://relais.exemple.fr"), &err));
}

static const struct PageCase {
    const char *name, *arg, *script;
    Lang lang;
    bool contrast;
} pages[] = {
    {"menu", NULL, NULL, LANG_FR, false},
    {"network", "network", NULL, LANG_FR, false},
    {"network-en", "network", NULL, LANG_EN, false},
    {"sync", "sync", NULL, LANG_FR, false},
    {"sync-contrast", "sync", NULL, LANG_FR, true},
    {"paired", "pairing", NULL, LANG_FR, false},
    {"unpair", "pairing", "tap \"Dissocier\"", LANG_FR, false},
    {"screen", "screen", NULL, LANG_FR, false},
    {"measure", "measure", "tap \"+ 10\"", LANG_FR, false},
    {"trial", "measure", "tap \"+ 10\"\ntap \"Essayer cette taille\"", LANG_FR, false},
    {"night-hours", "night", "tap \"écran noir\"", LANG_FR, false},
    {"badge", "badge", NULL, LANG_FR, false},
    {"badge-read", "badge", "badge 0013748911", LANG_FR, false},
    {"storage", "storage", NULL, LANG_FR, false},
    {"journal", "journal", NULL, LANG_FR, false},
    {"machine", "machine", NULL, LANG_FR, false},
};

static void the_pages_are_as_they_were(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, NOW);
    put_history(kiosk);
    for (size_t i = 0; i < COUNT(pages); i++) {
        kiosk_kit_start(kiosk, size[0], size[1], pages[i].lang);
        kiosk->app->settings.high_contrast = pages[i].contrast;
        app_apply_settings(kiosk->app);
        kiosk_kit_open(kiosk, SCREEN_technician, pages[i].arg);
        if (pages[i].script) kiosk_kit_run(kiosk, pages[i].script);
        compare(kiosk, pages[i].name, size);
        kiosk_kit_stop(kiosk);
    }
}

static void the_way_in_and_the_night_are_as_they_were(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, NOW);
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    kiosk_kit_open(kiosk, SCREEN_tech_code, NULL);
    kiosk_kit_run(kiosk, "type \"12\"");
    compare(kiosk, "code", size);
    kiosk_kit_open(kiosk, SCREEN_calibrate, NULL);
    compare(kiosk, "calibrate", size);
    kiosk_kit_open(kiosk, SCREEN_night, NULL);
    compare(kiosk, "night", size);
}

/* ---- a kiosk that has never seen a hub ---- */

static void show(KioskKit *kiosk, const char *code, const char *state_name, Millis expires_in_ms) {
    Err err = {0};
    PairingShown shown = {.code = str_of(code),
                          .uri = code ? STR("https://hub.exemple.fr/pair?code=BCDF-GHJK") : (Str){0},
                          .expires_in_ms = expires_in_ms,
                          .state = state_name};
    check_ok(replica_show_pairing(kiosk->kit->replica, &shown, &err));
    kiosk->kit->clock.wall_ms = kiosk->clock.wall_ms;
    app_handle(kiosk->app, &(GfxEvent){.type = GFX_WAKE});
    app_frame(kiosk->app);
}

static void pairing_is_as_it_was(void **state) {
    const int *size = *state;
    Err err = {0};
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new_empty(NOW);
    check_ok(replica_unpair(kiosk->kit->replica, true, &err));
    kiosk->kit->clock.wall_ms = kiosk->clock.wall_ms;
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    compare(kiosk, "pair-address", size);
    check_ok(replica_note_hubs(kiosk->kit->replica, STR("https://hub.exemple.fr"), &err));
    show(kiosk, NULL, "", 0);
    compare(kiosk, "pair-asking", size);
    check_ok(replica_note_error(kiosk->kit->replica, "hub.exemple.fr: no route to host", &err));
    show(kiosk, NULL, "", 0);
    compare(kiosk, "pair-no-answer", size);
    check_ok(replica_note_error(kiosk->kit->replica, "", &err));
    show(kiosk, "BCDF-GHJK", "waiting", 9 * MINUTE_MS + 12 * SECOND_MS);
    compare(kiosk, "pair-waiting", size);
    show(kiosk, NULL, "denied", 0);
    compare(kiosk, "pair-denied", size);
}

int main(int argc, char **argv) {
    setenv("PATH", "", 1); /* no voice: whether one is installed shows */
    writing = argc > 1 && strcmp(argv[1], "--write") == 0;
    if (argc > 2 && strcmp(argv[1], "--pictures") == 0) pictures = argv[2];
    static const struct {
        const char *name;
        CMUnitTestFunction run;
    } all[] = {{"the_pages_are_as_they_were", the_pages_are_as_they_were},
               {"the_way_in_and_the_night_are_as_they_were", the_way_in_and_the_night_are_as_they_were},
               {"pairing_is_as_it_was", pairing_is_as_it_was}};
    struct CMUnitTest tests[COUNT(sizes) * COUNT(all)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t k = 0; k < COUNT(all); k++)
            tests[count++] =
                (struct CMUnitTest){all[k].name, all[k].run, NULL, NULL, (void *)(uintptr_t)sizes[i]};
    return _cmocka_run_group_tests("golden technician", tests, count, NULL, NULL);
}
