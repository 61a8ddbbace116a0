/* The search screen on a whole kiosk without a display: its display list is compared with
 * tests/golden/search/NAME.txt; a missing reference fails.
 *
 *     golden_search_test              compares
 *     golden_search_test --write      writes the references anew (look at the difference before committing)
 */
#include "common/base/file.h"
#include "tests/harness/kiosk_kit.h"

#include <stdio.h>
#include <string.h>

#define GOLDEN RELAIS_SOURCE_DIR "/tests/golden/search/"

enum { DUMP_MAX = 4 * 1024 * 1024 };

static const struct SearchPicture {
    const char *name, *script;
    int w, h;
} pictures[] = {
    {"suggestions", "", 1920, 1080},
    {"typing", "type \"reuni\"\n", 1920, 1080},
    {"list", "type \"reunion\"\ntap \"Voir les\"\n", 1920, 1080},
    {"nothing", "type \"xyz\"\n", 1920, 1080},
    {"some", "type \"efficace xyz\"\ntap \"Voir les\"\n", 1920, 1080},
    {"suggestions-portrait", "", 1080, 1920},
    {"typing-portrait", "type \"reuni\"\n", 1080, 1920},
    {"nothing-portrait", "type \"xyz\"\n", 1080, 1920},
    {"typing-small", "type \"reuni\"\n", 1366, 768},
    {"nothing-small", "type \"xyz\"\n", 1366, 768},
};

static KioskKit *kiosk_at_search(int w, int h) {
    KioskKit *kiosk = kiosk_kit_new(GOLDEN "records.ndjson", "2026-11-24T09:12");
    kiosk_kit_start(kiosk, w, h, LANG_FR);
    kiosk_kit_run(kiosk, "tap 500 500\ntap \"Rechercher\"\n");
    return kiosk;
}

static void compare(KioskKit *kiosk, const struct SearchPicture *picture, bool write) {
    Err err = {0};
    Str agreed;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf dump = buf_new(DUMP_MAX);
    kiosk_kit_run(kiosk, picture->script);
    display_list_dump(kiosk->app->ui->list, &dump);
    const char *path = str_print(arena, GOLDEN "%s.txt", picture->name).at;
    if (write) {
        check_ok(file_write(path, buf_str(&dump), 0644, &err));
        return;
    }
    check_ok(file_read(arena, path, DUMP_MAX, &agreed, &err));
    if (str_equal(agreed, buf_str(&dump))) return;
    check_ok(file_write(str_print(arena, "search-%s.txt", picture->name).at, buf_str(&dump), 0644, &err));
    fail_msg("%s differs from search-%s.txt in the folder of the test: look, and copy it there", path,
             picture->name);
}

/* One kiosk for all pictures of a size; between two of them everything is forgotten. */
static void compare_all(bool write) {
    KioskKit *kiosk = NULL;
    for (size_t i = 0; i < COUNT(pictures); i++) {
        bool same = i > 0 && pictures[i].w == pictures[i - 1].w;
        if (same) {
            app_reset(kiosk->app);
            kiosk_kit_run(kiosk, "tap 500 500\ntap \"Rechercher\"\n");
        } else {
            if (kiosk) kiosk_kit_free(kiosk);
            kiosk = kiosk_at_search(pictures[i].w, pictures[i].h);
        }
        compare(kiosk, &pictures[i], write);
    }
    kiosk_kit_free(kiosk);
}

static void screens_are_drawn_as_agreed(void **state) {
    (void)state;
    compare_all(false);
}

/* ---- what it does ---- */

static void a_hit_opens_its_screen_and_back_finds_the_words_again(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_at_search(1920, 1080);
    kiosk_kit_run(kiosk, "type \"CHARTE reu\"\ntap \"charte\"\nexpect \"Charte\"\nexpect-not \"Effacer\"\n"
                         "tap \"Retour\"\nexpect \"CHARTE reu\"\nexpect \"Effacer\"\n");
}

static void a_suggestion_is_a_question_or_an_event(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_at_search(1920, 1080);
    kiosk_kit_run(kiosk, "tap \"Temps de travail\"\nexpect \"congés\"\n");
    app_reset(kiosk->app);
    kiosk_kit_run(kiosk, "tap 500 500\ntap \"Rechercher\"\ntap \"Réunion efficace\"\nexpect \"Salle du "
                         "Conseil\"\nexpect-not \"Effacer\"\n");
}

static void new_records_come_into_sight(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_at_search(1920, 1080);
    kiosk_kit_run(kiosk, "type \"trombone\"\nexpect \"Rien pour\"\n");
    fake_put(kiosk->kit->hub, "page", "trombone", "public",
             "{\"body\":\"Il tient les feuilles.\",\"chapter\":\"Le bureau\",\"order\":1,\"title\":\"Le "
             "trombone\"}");
    kit_pull(kiosk->kit);
    app_refresh(kiosk->app); /* the poke */
    kiosk_kit_run(kiosk, "wait 1000\nexpect \"Le trombone\"\n");
}

/* After the reset the next person finds an empty field, and the memory of the visit holds nothing. */
static void nothing_typed_is_left_for_the_next_person(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_at_search(1920, 1080);
    kiosk_kit_run(
        kiosk, "type \"licenciement\"\nexpect \"licenciement\"\nwait 70000\nexpect-not \"licenciement\"\n"
               "tap 500 500\ntap \"Rechercher\"\nexpect-not \"licenciement\"\nexpect \"Temps de travail\"\n");
}

static void nobody_waits_for_the_index(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(GOLDEN "records.ndjson", "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    check(kiosk->app->search == NULL); /* the first picture stands */
    kiosk_kit_run(kiosk, "wait 2000\n");
    check(kiosk->app->search != NULL);
    check(!kiosk->app->search_behind); /* and asks for no more wake-ups */
    check(app_search_deadline(kiosk->app) == 0);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--write") == 0) {
        compare_all(true);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_are_drawn_as_agreed),
        cmocka_unit_test(a_hit_opens_its_screen_and_back_finds_the_words_again),
        cmocka_unit_test(a_suggestion_is_a_question_or_an_event),
        cmocka_unit_test(new_records_come_into_sight),
        cmocka_unit_test(nothing_typed_is_left_for_the_next_person),
        cmocka_unit_test(nobody_waits_for_the_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
