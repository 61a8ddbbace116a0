/* Texts: complete in every language, their plurals, dates and numbers, and the French set as a printer would.
 */
#include "common/base/file.h"
#include "common/base/utf8.h"
#include "kiosk/i18n/dates.h"
#include "tests/harness/check.h"

#include <stdio.h>

typedef struct World {
    Arena *arena;
    I18n *i18n;
    Say fr, en;
} World;

static Millis at(const char *iso) {
    Millis out = 0;
    check(date_parse(str_of(iso), &out));
    return out;
}

static int set_up(void **state) {
    static World world;
    Err err = {0};
    date_use_zone("Europe/Paris");
    world.arena = arena_open();
    check_ok(i18n_open(&world.i18n, RELAIS_ASSETS_DIR, &err));
    Millis now = at("2026-11-24T09:12");
    world.fr = (Say){world.i18n, LANG_FR, world.arena, now};
    world.en = (Say){world.i18n, LANG_EN, world.arena, now};
    *state = &world;
    return 0;
}

static int tear_down(void **state) {
    World *world = *state;
    i18n_close(world->i18n);
    arena_close(world->arena);
    return 0;
}

static void plurals_follow_the_language(void **state) {
    World *world = *state;
    check_text(say_with(&world->fr, M_places, NUM(0)), "0 place");
    check_text(say_with(&world->fr, M_places, NUM(1)), "1 place");
    check_text(say_with(&world->fr, M_places, NUM(2)), "2 places");
    check_text(say_with(&world->en, M_places, NUM(0)), "0 seats");
    check_text(say_with(&world->en, M_places, NUM(1)), "1 seat");
    check_text(say_with(&world->fr, M_event_count, NUM(0)), "aucun événement");
    check_text(say_with(&world->fr, M_seats_free, NUM(4), NUM(12)), "4 places libres sur 12");
}

static void numbers_and_ordinals(void **state) {
    World *world = *state;
    check_text(say_number(&world->fr, 1250), "1\u202f250");
    check_text(say_number(&world->fr, -1234567), "\u22121\u202f234\u202f567");
    check_text(say_number(&world->en, 1250), "1,250");
    check_text(say_number(&world->fr, 999), "999");
    check_text(say_ordinal(&world->fr, 1, false), "1ᵉʳ");
    check_text(say_ordinal(&world->fr, 1, true), "1ʳᵉ");
    check_text(say_ordinal(&world->fr, 3, true), "3ᵉ");
    check_text(say_ordinal(&world->en, 2, false), "2nd");
    check_text(say_ordinal(&world->en, 12, false), "12th");
    check_text(say_ordinal(&world->en, 23, false), "23rd");
}

static void days_and_times(void **state) {
    World *world = *state;
    const Say *fr = &world->fr;
    Millis from = at("2026-11-24T10:00"), until = at("2026-11-24T12:00");
    check_text(say_when(fr, from, until, false), "mardi 24 novembre, 10\u00a0h\u00a0–\u00a012\u00a0h");
    check_text(say_time(fr, at("2026-11-24T15:30")), "15\u00a0h\u00a030");
    check_text(say_clock(fr, at("2026-11-24T09:00")), "9\u00a0h\u00a000");
    check_text(say_day(fr, at("2026-12-01T10:00")), "mardi 1ᵉʳ décembre");
    check_text(say_day(fr, at("2028-12-01T10:00")), "vendredi 1ᵉʳ décembre 2028");
    check_text(say_day_short(fr, at("2026-11-23T10:00")), "lun.\u00a023");
    check_text(say_column_day(fr, from), "aujourd’hui");
    check_text(say_day_near(fr, at("2026-11-25T00:00")), "demain");
    check_text(say_week(fr, at("2026-11-23"), 5), "du 23 au 27 novembre");
    check_text(say_week(fr, at("2026-11-30"), 5), "du 30 novembre au 4 décembre");
    check_text(say_date(fr, STR("2026-11-24")), "24 novembre 2026");
    check_text(say_when(&world->en, from, until, false), "Tuesday 24 November, 10:00\u00a0–\u00a012:00");
    check_text(say_when(fr, from, at("2026-11-25T17:00"), false),
               "du mardi 24 novembre, 10\u00a0h, au mercredi 25 novembre, 17\u00a0h");
}

static void freshness(void **state) {
    World *world = *state;
    const Say *fr = &world->fr;
    check_text(say_fresh(fr, fr->now - 20 * SECOND_MS), "à jour");
    check_text(say_fresh(fr, fr->now - 3 * MINUTE_MS), "à jour il y a 3\u00a0min");
    check_text(say_fresh(fr, fr->now - 3 * HOUR_MS), "à jour il y a 3\u00a0h");
    check_text(say_fresh(fr, fr->now - 2 * DAY_MS), "à jour il y a 2\u00a0jours");
}

/* The last Sunday of October has 25 hours, that of March 23: the zone data says so, days stay days. */
static void summer_time_is_the_systems(void **state) {
    (void)state;
    Millis before = at("2026-10-25");
    check_int(civil_add_days(before, 1) - before, 25 * (Millis)HOUR_MS);
    check_int(civil_days_between(before, at("2026-10-26")), 1);
    check_int(at("2026-03-30") - at("2026-03-29"), 23 * (Millis)HOUR_MS);
    check_int(civil_days_between(at("2026-03-28"), at("2026-03-31")), 3);
    check_int(civil_monday(at("2026-03-29T15:00")), at("2026-03-23"));
    check_int(at("2026-07-01T12:00") - at("2026-07-01T10:00Z"), 0);
}

static void what_is_no_date_is_refused(void **state) {
    (void)state;
    const char *wrong[] = {"",
                           "2026",
                           "2026-13-01",
                           "2026-11-24T",
                           "2026-11-24T25:00",
                           "2026-11-24 9:00",
                           "hier",
                           "2026-11-24T09:00:0"};
    Millis out = 0;
    for (size_t i = 0; i < COUNT(wrong); i++) check(!date_parse(str_of(wrong[i]), &out));
}

/* ---- typography of every French text ---- */

typedef struct Glance {
    int32_t before, now, after;
} Glance;

static const char *fault_of(Glance at_) {
    int32_t c = at_.now, before = at_.before;
    if (c == '\'') return "a straight apostrophe";
    if (c == '"') return "straight quotes";
    if ((c == ';' || c == '!' || c == '?') && before != 0x202F) return "no U+202F before ; ! ?";
    if (c == ':' && before != 0x00A0) return "no U+00A0 before :";
    if (c == 0x00AB && at_.after != 0x00A0) return "no U+00A0 after «";
    if (c == 0x00BB && before != 0x00A0) return "no U+00A0 before »";
    if (c == '.' && before == '.') return "three dots, … is meant";
    if (c == ' ' && before == ' ') return "two spaces";
    if (c == 0x2013 && before != 0x00A0) return "no U+00A0 before –";
    return NULL;
}

static const char *typography_fault(Str text) {
    size_t next = 0;
    Glance glance = {-1, -1, utf8_next(text, &next)};
    while (glance.after >= 0) {
        glance = (Glance){glance.now, glance.after, utf8_next(text, &next)};
        const char *fault = fault_of(glance);
        if (fault) return fault;
    }
    return NULL;
}

static void french_is_set_properly(void **state) {
    World *world = *state;
    for (int message = 0; message < MESSAGE_COUNT; message++) {
        for (int form = 0; form < 3; form++) {
            Str text = i18n_raw(world->i18n, LANG_FR, (Message)message, form);
            const char *fault = typography_fault(text);
            if (fault)
                fail_msg("fr.ini: %s: %s in « %.*s »", message_name((Message)message), fault,
                         STR_FORMAT(text));
        }
    }
}

static void the_typography_check_can_fail(void **state) {
    (void)state;
    const char *wrong[] = {"l'agent", "Qui ?", "Voir : ceci", "« x\u00a0»", "Attendez...", "a  b", "10 – 12"};
    for (size_t i = 0; i < COUNT(wrong); i++) check(typography_fault(str_of(wrong[i])) != NULL);
    check(typography_fault(STR("Qui m’aide\u202f? Voir\u00a0: «\u00a0x\u00a0»")) == NULL);
}

/* ---- a file that is not complete, or does not fit, is refused ---- */

static void refuse(const char *from, const char *to, const char *said) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    Err err = {0};
    const char *names[] = {"fr.ini", "en.ini"};
    check_ok(dir_make(test_path(arena, &dir, "i18n"), 0755, &err));
    for (size_t i = 0; i < COUNT(names); i++) {
        Str text = {0};
        const char *path = str_cstr(arena, str_print(arena, "%s/i18n/%s", RELAIS_ASSETS_DIR, names[i]));
        check_ok(file_read(arena, path, I18N_FILE_MAX, &text, &err));
        ptrdiff_t found = str_find(text, str_of(from));
        if (found >= 0 && i == 0)
            text = str_print(arena, "%.*s%s%.*s", (int)found, text.at, to,
                             STR_FORMAT(str_skip(text, (size_t)found + str_of(from).len)));
        const char *copy = str_cstr(arena, str_print(arena, "%s/i18n/%s", dir.path, names[i]));
        check_ok(file_write(copy, text, 0600, &err));
    }
    I18n *i18n = NULL;
    check_status(i18n_open(&i18n, dir.path, &err), E_INVALID);
    check_contains(err.text, said);
}

static void wrong_files_are_told_with_their_line(void **state) {
    (void)state;
    refuse("register = Je m’inscris\n", "", "the text of register is missing");
    refuse("register = Je m’inscris", "regster = Je m’inscris", "no such message: regster");
    refuse("hello = Bonjour {0}", "hello = Bonjour {1}", "does not fit");
    refuse("register = Je m’inscris", "register Je m’inscris", "not `key = text`");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plurals_follow_the_language, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_and_ordinals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_and_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(freshness, set_up, tear_down),
        cmocka_unit_test_setup_teardown(summer_time_is_the_systems, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_date_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(french_is_set_properly, set_up, tear_down),
        cmocka_unit_test(the_typography_check_can_fail),
        cmocka_unit_test(wrong_files_are_told_with_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
