/* Every screen on three glasses, as text: compared with tests/golden/screens/NAME-WIDTHxHEIGHT.txt.
 *
 *     golden_screens_test            compares; a missing reference fails
 *     golden_screens_test --write    writes the references anew (tests/golden/update; look at the difference
 * before committing) */
#include "common/base/file.h"
#include "tests/golden/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOLDEN_MAX = 4 * 1024 * 1024 };

static bool writing;

static const char *path_of(Arena *arena, const char *name, const int *size) {
    return str_cstr(arena, str_print(arena, "%s/%s-%dx%d.txt", GOLDEN_FOLDER, name, size[0], size[1]));
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

static void every_screen_is_as_it_was(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto)
    KioskKit *kiosk = kiosk_kit_new(GOLDEN_FOLDER "/replica.ndjson", "2026-11-24T09:12");
    kit_load_pictures(kiosk->kit);
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
    AUTO(kiosk_kit_free_auto)
    KioskKit *kiosk = kiosk_kit_new(GOLDEN_FOLDER "/replica.ndjson", "2026-11-24T09:12");
    kit_load_pictures(kiosk->kit);
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

/* What it would show has not come down yet: the words take its place. */
static void a_missing_picture_leaves_no_gap(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto)
    KioskKit *kiosk = kiosk_kit_new(GOLDEN_FOLDER "/replica.ndjson", "2026-11-24T09:12");
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    kiosk_kit_open(kiosk, SCREEN_event, EVENT);
    compare(kiosk, "event-no-picture", size);
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
    struct CMUnitTest tests[COUNT(sizes) * 4];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        void *size = (void *)(uintptr_t)sizes[i];
        tests[count++] =
            (struct CMUnitTest){"every_screen_is_as_it_was", every_screen_is_as_it_was, NULL, NULL, size};
        tests[count++] = (struct CMUnitTest){"a_visit_is_as_it_was", a_visit_is_as_it_was, NULL, NULL, size};
        tests[count++] = (struct CMUnitTest){"a_missing_picture_leaves_no_gap",
                                             a_missing_picture_leaves_no_gap, NULL, NULL, size};
        tests[count++] = (struct CMUnitTest){"nothing_to_show_yet_is_as_it_was",
                                             nothing_to_show_yet_is_as_it_was, NULL, NULL, size};
    }
    return _cmocka_run_group_tests("golden screens", tests, count, NULL, NULL);
}
