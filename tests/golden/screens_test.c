/* Every screen on three glasses, as text: compared with tests/golden/screens/NAME-WIDTHxHEIGHT.txt.
 *
 *     golden_screens_test            compares; a missing reference fails
 *     golden_screens_test --write    writes the references anew (tests/golden/update; look at the difference
 * before committing) */
#include "common/base/file.h"
#include "tests/harness/kiosk_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER RELAIS_SOURCE_DIR "/tests/golden/screens"
#define EVENT "2137d8f1642973a65c0d6ebfdbd6cfd7"

enum { GOLDEN_MAX = 4 * 1024 * 1024 };

typedef struct Case {
    const char *name;
    ScreenId screen;
    const char *arg;
    const char *script; /* after it was opened; NULL: nothing */
    Lang lang;
    bool contrast, larger, reach;
} Case;

static const Case cases[] = {
    {"attract", SCREEN_attract, NULL, NULL, LANG_FR, false, false, false},
    {"home", SCREEN_home, NULL, NULL, LANG_FR, false, false, false},
    {"home-en", SCREEN_home, NULL, NULL, LANG_EN, false, false, false},
    {"home-contrast", SCREEN_home, NULL, NULL, LANG_FR, true, false, false},
    {"home-larger", SCREEN_home, NULL, NULL, LANG_FR, false, true, false},
    {"home-reach", SCREEN_home, NULL, NULL, LANG_FR, false, false, true},
    {"paths", SCREEN_paths, NULL, NULL, LANG_FR, false, false, false},
    {"path", SCREEN_path, "espaces-verts", NULL, LANG_FR, false, false, false},
    {"step", SCREEN_step, "espaces-verts~4", NULL, LANG_FR, false, false, false},
    {"booklet", SCREEN_booklet, NULL, NULL, LANG_FR, false, false, false},
    {"page", SCREEN_page, "mes-interlocuteurs", NULL, LANG_FR, false, false, false},
    {"page-larger", SCREEN_page, "mes-interlocuteurs", NULL, LANG_FR, false, true, false},
    {"agenda", SCREEN_agenda, NULL, NULL, LANG_FR, false, false, false},
    {"agenda-list", SCREEN_agenda, NULL, "tap \"Liste\"", LANG_FR, false, false, false},
    {"agenda-free", SCREEN_agenda, NULL, "tap \"Places libres\"", LANG_FR, false, false, false},
    {"agenda-places", SCREEN_agenda, NULL, "tap \"Lieu\"", LANG_FR, false, false, false},
    {"agenda-empty", SCREEN_agenda, NULL,
     "tap \"Semaine suivante\"\ntap \"Semaine suivante\"\ntap \"Semaine suivante\"\ntap \"Semaine suivante\"",
     LANG_FR, false, false, false},
    {"event", SCREEN_event, EVENT, NULL, LANG_FR, false, false, false},
    {"event-en", SCREEN_event, EVENT, NULL, LANG_EN, false, false, false},
    {"event-contrast", SCREEN_event, EVENT, NULL, LANG_FR, true, false, false},
    {"event-larger", SCREEN_event, EVENT, NULL, LANG_FR, false, true, false},
    {"identify", SCREEN_event, EVENT, "tap \"Je m’inscris\"", LANG_FR, false, false, false},
    {"identify-name", SCREEN_event, EVENT, "tap \"Je m’inscris\"\ntap \"Nom et code\"\ntype \"Nadi\"",
     LANG_FR, false, false, false},
    {"identify-code", SCREEN_event, EVENT,
     "tap \"Je m’inscris\"\ntap \"Nom et code\"\ntype \"Nadia B.\"\ntap \"Continuer\"\ntype \"270\"", LANG_FR,
     false, false, false},
    {"identify-unknown", SCREEN_event, EVENT, "tap \"Je m’inscris\"\nbadge 9999999999", LANG_FR, false, false,
     false},
    {"toolbox", SCREEN_toolbox, NULL, NULL, LANG_FR, false, false, false},
    {"tool", SCREEN_tool, "charte-reunions", NULL, LANG_FR, false, false, false},
    {"time-eaters", SCREEN_time_eaters, NULL, NULL, LANG_FR, false, false, false},
    {"time-eater", SCREEN_time_eater, "reunion-sans-ordre-du-jour", NULL, LANG_FR, false, false, false},
    {"ideas", SCREEN_ideas, NULL, NULL, LANG_FR, false, false, false},
    {"helpers", SCREEN_helpers, NULL, NULL, LANG_FR, false, false, false},
    {"rises", SCREEN_rises, NULL, NULL, LANG_FR, false, false, false},
    {"search", SCREEN_search, NULL, "type \"reu\"", LANG_FR, false, false, false},
    {"search-hits", SCREEN_search, NULL, "type \"reu\"\ntap \"Voir\"", LANG_FR, false, false, false},
    {"access", SCREEN_access, NULL, NULL, LANG_FR, false, false, false},
    {"help", SCREEN_help, NULL, NULL, LANG_FR, false, false, false},
    {"warning", SCREEN_agenda, NULL, "wait 50000", LANG_FR, false, false, false},
    {"technician", SCREEN_technician, NULL, NULL, LANG_FR, false, false, false},
    {"gone", SCREEN_event, "no-such-event", NULL, LANG_FR, false, false, false},
};

static const int sizes[][2] = {{1920, 1080}, {1080, 1920}, {1366, 768}};
static bool writing;

static const char *path_of(Arena *arena, const char *name, const int *size) {
    return str_cstr(arena, str_print(arena, "%s/%s-%dx%d.txt", FOLDER, name, size[0], size[1]));
}

static void first_difference(Str is, Str was, const char *path) {
    Str line_is = {0}, line_was = {0};
    for (int line = 1;; line++) {
        bool more_is = str_cut(&is, '\n', &line_is), more_was = str_cut(&was, '\n', &line_was);
        if (more_is && more_was && str_equal(line_is, line_was)) continue;
        fail_msg("%s:%d\n  is  %.*s\n  was %.*s", path, line, STR_FORMAT(more_is ? line_is : (Str){0}),
                 STR_FORMAT(more_was ? line_was : (Str){0}));
    }
}

static void compare(KioskKit *kiosk, const char *name, const int *size) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char *path = path_of(arena, name, size);
    Str is = kiosk_kit_dump(kiosk), was = {0};
    Err err = {0};
    if (writing) {
        check_ok(file_write(path, is, 0644, &err));
        return;
    }
    if (file_read(arena, path, GOLDEN_MAX, &was, &err) != OK)
        fail_msg("%s is missing: tests/golden/update writes it", path);
    if (!str_equal(is, was)) first_difference(is, was, path);
}

static void open_case(KioskKit *kiosk, const Case *one) {
    App *app = kiosk->app;
    app->settings = (Settings){
        .lang = one->lang, .larger_text = one->larger, .high_contrast = one->contrast, .reach = one->reach};
    app_apply_settings(app);
    if (one->screen == SCREEN_attract) {
        app_frame(app);
        return;
    }
    kiosk_kit_open(kiosk, one->screen, one->arg);
    if (one->script) kiosk_kit_run(kiosk, one->script);
}

/* One kiosk for all: after a reset it must draw what a fresh one draws. */
static void start_over(KioskKit *kiosk, Millis wall) {
    app_reset(kiosk->app);
    kiosk->clock.wall_ms = wall;
    app_handle(kiosk->app, &(GfxEvent){.type = GFX_TIMEOUT});
}

static void every_screen_is_as_it_was(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(FOLDER "/replica.ndjson", "2026-11-24T09:12");
    Millis wall = kiosk->clock.wall_ms;
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    for (size_t i = 0; i < COUNT(cases); i++) {
        open_case(kiosk, &cases[i]);
        compare(kiosk, cases[i].name, size);
        start_over(kiosk, wall);
    }
}

/* ---- what follows after somebody has identified ---- */

static void register_nadia(KioskKit *kiosk) {
    kiosk_kit_open(kiosk, SCREEN_event, EVENT);
    kiosk_kit_run(kiosk, "tap \"Je m’inscris\"\nbadge 0013748911");
}

static void a_visit_is_as_it_was(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(FOLDER "/replica.ndjson", "2026-11-24T09:12");
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    register_nadia(kiosk);
    compare(kiosk, "result-kept", size);
    kiosk_kit_confirm(kiosk, EVENT);
    compare(kiosk, "result-confirmed", size);
    kiosk_kit_run(kiosk, "tap \"Rester\"\ntap \"Mon espace\"");
    compare(kiosk, "space-code", size);
    kiosk_kit_run(kiosk, "type \"270418\"\ntap \"Continuer\"");
    compare(kiosk, "space", size);
    kiosk_kit_run(kiosk, "tap \"Annuler\"");
    compare(kiosk, "space-cancel", size);
    kiosk_kit_run(kiosk, "tap \"Garder ma place\"");
    kiosk_kit_open(kiosk, SCREEN_path, "espaces-verts");
    compare(kiosk, "path-mine", size);
    kiosk_kit_open(kiosk, SCREEN_event, EVENT);
    compare(kiosk, "event-mine", size);
}

static void nothing_to_show_yet_is_as_it_was(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new_empty("2026-11-24T09:12");
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    compare(kiosk, "trouble-loading", size);
}

int main(int argc, char **argv) {
    setenv("PATH", "", 1); /* no voice: whether one is installed shows */
    writing = argc > 1 && strcmp(argv[1], "--write") == 0;
    struct CMUnitTest tests[COUNT(sizes) * 3];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        void *size = (void *)(uintptr_t)sizes[i];
        tests[count++] =
            (struct CMUnitTest){"every_screen_is_as_it_was", every_screen_is_as_it_was, NULL, NULL, size};
        tests[count++] = (struct CMUnitTest){"a_visit_is_as_it_was", a_visit_is_as_it_was, NULL, NULL, size};
        tests[count++] = (struct CMUnitTest){"nothing_to_show_yet_is_as_it_was",
                                             nothing_to_show_yet_is_as_it_was, NULL, NULL, size};
    }
    return _cmocka_run_group_tests("golden screens", tests, count, NULL, NULL);
}
