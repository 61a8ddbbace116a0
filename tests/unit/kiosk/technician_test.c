/* What the technician sets and sees, worked out without a display: corners, pairing, the link, the glass, the
 * night, the voice. */
#include "common/base/file.h"
#include "kiosk/app/reading.h"
#include "kiosk/screens/tech_state.h"
#include "tests/harness/kiosk_kit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORDS RELAIS_SOURCE_DIR "/tests/golden/screens/replica.ndjson"
#define CORNERS "tap 20 20\ntap 1900 20\ntap 1900 1060\ntap 20 1060\n"

/* Of common/wire/secret.h, whose limits have names that kiosk/gfx/badge.h has too. */
CHECKED Status pin_hash(Arena *arena, Str pin, Str *out, Err *err);

/* ---- the way in ---- */

static void four_corners_open_in_order_and_in_time(void **state) {
    (void)state;
    Rect page = {0, 0, 1920, 1080};
    CornerWalk walk = {0};
    check(!corners_touch(&walk, page, 10, 10, 1000));
    check(!corners_touch(&walk, page, 1910, 10, 2000));
    check(!corners_touch(&walk, page, 1910, 1070, 3000));
    check(corners_touch(&walk, page, 10, 1070, 7000));
    check_int(walk.touched, 0);
}

static void corners_late_or_out_of_order_open_nothing(void **state) {
    (void)state;
    Rect page = {0, 0, 1920, 1080};
    CornerWalk walk = {0};
    check(!corners_touch(&walk, page, 10, 10, 1000));
    check(!corners_touch(&walk, page, 1910, 10, 2000));
    check(!corners_touch(&walk, page, 1910, 1070, 3000));
    check(!corners_touch(&walk, page, 10, 1070, 1000 + CORNERS_MS + 1));
    check(!corners_touch(&walk, page, 10, 10, 20000));
    check(!corners_touch(&walk, page, 900, 500, 20100)); /* a touch elsewhere begins anew */
    check(!corners_touch(&walk, page, 1910, 10, 20200));
    check_int(walk.touched, 0);
}

static void a_kiosk_without_a_pin_opens_at_once_and_with_one_asks(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, CORNERS "expect \"Synchroniser maintenant\"\n");
    kiosk_kit_stop(kiosk);
    Err err = {0};
    Str hash = {0};
    Arena *arena = kiosk->kit->arena;
    check_ok(pin_hash(arena, STR("908172"), &hash, &err));
    fake_put(
        kiosk->kit->hub, "keyring", "orleans~d1", "device:d1",
        str_cstr(arena,
                 str_print(arena,
                           "{\"badge_salt\":\"000102030405060708090a0b0c0d0e0f\",\"technician\":\"%.*s\"}",
                           STR_FORMAT(hash))));
    kit_pull(kiosk->kit);
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, CORNERS "expect \"Code de la technique\"\nexpect-not \"Synchro\"\n"
                                 "type \"111111\"\ntap \"Continuer\"\nexpect \"Ce n’est pas ce code\"\n"
                                 "type \"908172\"\ntap \"Continuer\"\nexpect \"Synchroniser maintenant\"\n");
}

/* ---- pairing ---- */

static PairingStep step_of(ViewHealth health, const char *verb, const char *answered, bool device,
                           Millis now) {
    ViewAnswer answer = {.verb = str_of(verb), .state = str_of(answered)};
    return pairing_step(&health, &answer, device, now);
}

static void pairing_goes_from_address_to_code_to_content(void **state) {
    (void)state;
    ViewHealth health = {.pairing_expires = INT_ABSENT};
    check_int(step_of(health, NULL, NULL, false, 0), PAIRING_NO_HUB);
    check_int(step_of(health, "pair", NULL, false, 0), PAIRING_ASKED);
    check_int(step_of(health, "pair", "failed", false, 0), PAIRING_WRONG_HUB);
    strcpy(health.hubs, "https://hub");
    check_int(step_of(health, "pair", "done", false, 0), PAIRING_ASKING);
    strcpy(health.last_error, "no route to host");
    check_int(step_of(health, "pair", "done", false, 0), PAIRING_NO_ANSWER);
    strcpy(health.pairing_code, "BCDF-GHJK");
    strcpy(health.pairing_state, "waiting");
    health.pairing_expires = 5000;
    check_int(step_of(health, "pair", "done", false, 1000), PAIRING_WAITING);
    check_int(pairing_left(&health, 1000), 4000);
    check_int(step_of(health, "pair", "done", false, 5000), PAIRING_EXPIRED);
    check_int(pairing_left(&health, 5000), 0);
    strcpy(health.pairing_state, "approved");
    health.standing = 1;
    check_int(step_of(health, "pair", "done", true, 6000), PAIRING_DONE);
}

static void a_refusal_stays_until_it_is_asked_again(void **state) {
    (void)state;
    ViewHealth health = {.pairing_expires = INT_ABSENT};
    strcpy(health.hubs, "https://hub");
    strcpy(health.pairing_state, "denied");
    check_int(step_of(health, "pair", "done", false, 0), PAIRING_DENIED);
    check_int(step_of(health, "pair", NULL, false, 0), PAIRING_ASKED);
    strcpy(health.pairing_state, "approved");
    health.standing = 3;
    check_int(step_of(health, NULL, NULL, true, 0), PAIRING_REVOKED);
}

static void a_kiosk_that_never_saw_a_hub_asks_for_one(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new_empty("2026-11-24T09:12");
    Err err = {0};
    check_ok(replica_unpair(kiosk->kit->replica, true, &err));
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk,
                  "expect \"Adresse du serveur\"\ntap 960 200\ntype \"hub.exemple.fr\"\ntap \"Jumeler\"\n"
                  "expect \"Demande transmise\"\n");
    AUTO(arena_close_auto) Arena *arena = arena_open();
    ReplicaRequest request = {0};
    bool found = false;
    check_ok(replica_next_request(kiosk->kit->replica, arena, &request, &found, &err));
    check(found);
    check_text(request.verb, "pair");
    check_text(json_get_text(request.args, "hub"), "https://hub.exemple.fr");
    check_ok(replica_answer(kiosk->kit->replica, request.id, "failed", "no such place", &err));
    app_handle(kiosk->app, &(GfxEvent){.type = GFX_WAKE});
    app_frame(kiosk->app);
    kiosk_kit_run(
        kiosk, "expect \"Cette adresse n’a pas été retenue\"\nexpect \"no such place\"\n" CORNERS
               "tap \"Réseau\"\nexpect \"192.168.10.42\"\ntap \"Jumelage\"\nexpect \"Adresse du serveur\"\n");
}

/* ---- the link ---- */

static void an_hour_is_good_when_the_link_never_went(void **state) {
    (void)state;
    Millis now = 100 * HOUR_MS;
    ViewLink links[] = {{now - 5 * HOUR_MS, {0}}, {now - 6 * HOUR_MS - 1, STR("refused")}};
    bool good[LINK_HOURS];
    link_hours(links, 2, true, now, good);
    for (int i = 0; i < LINK_HOURS; i++) check(good[i] == !(i == 17 || i == 18));
    link_hours(links + 1, 1, true, now, good); /* it never came back */
    check(good[16] && !good[17] && !good[23]);
    link_hours(NULL, 0, false, now, good);
    check(!good[0] && !good[23]);
}

/* ---- the glass ---- */

static void what_is_not_kept_comes_back_after_fifteen_seconds(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    App *app = kiosk->app;
    kiosk_kit_run(kiosk, CORNERS "tap \"Écran\"\ntap \"90°\"\nexpect \"Garder ce réglage\"\n");
    check_int(app->ui->screen.layout, LAYOUT_PORTRAIT);
    check_int(app->glass_parts, 0);
    kiosk_kit_run(kiosk,
                  "wait 14500\nexpect \"Garder ce réglage\"\nwait 600\nexpect-not \"Garder ce réglage\"\n");
    check_int(app->ui->screen.layout, LAYOUT_WIDE);
    check_int(app->glass.rotation_deg, 0);
    kiosk_kit_run(kiosk, "tap \"90°\"\ntap \"Annuler\"\nexpect-not \"Garder ce réglage\"\n");
    check_int(app->ui->screen.layout, LAYOUT_WIDE);
}

static void what_is_kept_is_there_after_a_new_start(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, CORNERS "tap \"Écran\"\ntap \"180°\"\ntap \"Garder\"\n"
                                 "tap \"Dérive\"\ntap \"Nuit\"\ntap \"écran noir\"\n");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    check_int(kiosk->app->glass.rotation_deg, 180);
    check(kiosk->app->glass.still);
    check(kiosk->app->glass.night);
    check_int(kiosk->app->glass.night_from_min, 20 * 60);
    check_int(kiosk->app->glass_parts, GLASS_ROTATION | GLASS_STILL | GLASS_NIGHT);
}

static void the_settings_file_holds_what_was_set_and_no_more(void **state) {
    (void)state;
    TestDir dir = test_dir_new();
    Glass own = {.width_mm = 476, .height_mm = 268, .calibrated = true}, back = {0};
    unsigned parts = 0;
    Err err = {0};
    for (int i = 0; i < 9; i++) own.calibration[i] = 0.125 * i - 0.5;
    check_ok(glass_read(dir.path, &back, &parts, &err)); /* no file yet */
    check_int(parts, 0);
    check_ok(glass_write(dir.path, &own, GLASS_MM | GLASS_CALIBRATION, &err));
    check_ok(glass_read(dir.path, &back, &parts, &err));
    check_int(parts, GLASS_MM | GLASS_CALIBRATION);
    check_int(glass_differs(&own, &back), 0);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    check_ok(file_write(path_join(arena, dir.path, "kiosk.json"),
                        STR("{\"rotation_deg\":45,\"width_mm\":-3}"), 0644, &err));
    check_ok(glass_read(dir.path, &back, &parts, &err)); /* nonsense sets nothing */
    check_int(parts, 0);
    check_ok(file_write(path_join(arena, dir.path, "kiosk.json"), STR("{"), 0644, &err));
    check(glass_read(dir.path, &back, &parts, &err) != OK);
    test_dir_remove(&dir);
}

static void turning_swaps_the_millimetres_and_forgets_the_calibration(void **state) {
    (void)state;
    Glass glass = {.width_mm = 476, .height_mm = 268, .calibrated = true};
    Glass turned = glass_turned(glass, 270), upside_down = glass_turned(glass, 180);
    check_int(turned.width_mm, 268);
    check_int(turned.height_mm, 476);
    check(!turned.calibrated);
    check_int(upside_down.width_mm, 476);
}

static void four_touches_calibrate_and_must_be_kept(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, CORNERS "tap \"Écran\"\ntap \"Calibrage\"\nexpect \"1 sur 4\"\n"
                                 "tap 250 140\ntap 1700 140\ntap 1700 960\nexpect \"4 sur 4\"\ntap 250 960\n"
                                 "expect \"Garder ce réglage\"\n");
    check(kiosk->app->glass.calibrated);
    kiosk_kit_run(kiosk, "wait 16000\nexpect-not \"Garder ce réglage\"\n");
    check(!kiosk->app->glass.calibrated);
    kiosk_kit_run(kiosk, "tap \"Calibrage\"\ntap 800 500\ntap 801 500\ntap 801 501\ntap 800 501\n"
                         "expect \"Calibrage impossible\"\n");
    check(!kiosk->app->glass.calibrated);
}

/* ---- the night ---- */

static bool dark_at(const Glass *glass, const char *when) {
    Millis at = 0;
    check(date_parse(str_of(when), &at));
    return night_holds(glass, at);
}

static void the_night_goes_over_midnight_and_through_summer_time(void **state) {
    (void)state;
    date_use_zone("Europe/Paris");
    Glass glass = {.night = true, .night_from_min = 20 * 60, .night_until_min = 6 * 60 + 30};
    check(!dark_at(&glass, "2026-11-24T19:59"));
    check(dark_at(&glass, "2026-11-24T20:00"));
    check(dark_at(&glass, "2026-11-25T00:00"));
    check(dark_at(&glass, "2026-11-25T06:29"));
    check(!dark_at(&glass, "2026-11-25T06:30"));
    check(dark_at(&glass, "2026-03-29T06:29")); /* that night is an hour shorter … */
    check(!dark_at(&glass, "2026-03-29T06:30"));
    check(dark_at(&glass, "2026-10-25T06:29")); /* … and this one longer */
    check(!dark_at(&glass, "2026-10-25T06:30"));
    Glass noon = {.night = true, .night_from_min = 12 * 60, .night_until_min = 14 * 60};
    check(dark_at(&noon, "2026-11-24T13:00") && !dark_at(&noon, "2026-11-24T14:00"));
    Glass none = {.night = true, .night_from_min = 60, .night_until_min = 60};
    check(!dark_at(&none, "2026-11-24T01:00"));
    glass.night = false;
    check(!dark_at(&glass, "2026-11-24T23:00"));
    int minutes = -1;
    check(night_parse(STR("06:30"), &minutes) && minutes == 390);
    check(!night_parse(STR("24:00"), &minutes) && !night_parse(STR("6h30"), &minutes) &&
          !night_parse((Str){0}, &minutes));
}

static void at_night_it_sleeps_from_minute_to_minute_and_a_touch_only_wakes(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T19:58");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    App *app = kiosk->app;
    Glass night = app->glass;
    night.night = true;
    night.night_from_min = 20 * 60;
    night.night_until_min = 6 * 60;
    app_try_glass(app, &night);
    kiosk_kit_run(
        kiosk,
        "expect \"Touchez pour commencer\"\nwait 125000\nexpect-not \"Touchez\"\nexpect \"20 h 00\"\n");
    for (int i = 0; i < 3; i++) {
        Millis whole = app_tick(app) + MINUTE_MS - app_now(app) % MINUTE_MS;
        check_int(app_next_deadline(app), whole);
        kiosk_kit_run(kiosk, "wait 60000\n");
    }
    kiosk_kit_run(
        kiosk, "tap 960 780\nexpect \"J’arrive\"\nwait 70000\nexpect \"20 h 0\"\nexpect-not \"J’arrive\"\n");
}

/* ---- the badge test ---- */

static void the_badge_test_tells_how_and_never_which(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, CORNERS
                  "tap \"Badge\"\nexpect \"Aucun badge\"\nbadge 0013748911\n"
                  "expect \"Le badge est bien lu\"\nexpect-not \"0013748911\"\nexpect-not \"Nadia\"\n");
    check_int(kiosk->app->badge_test.digits, 10);
    check(!kiosk->app->session.open);
    GfxEvent slow = {.type = GFX_BADGE_REFUSED,
                     .timing = {.digits = 10, .ms = 900, .widest_gap_ms = 210, .too_slow = true}};
    app_handle(kiosk->app, &slow);
    app_frame(kiosk->app);
    kiosk_kit_run(kiosk, "expect \"trop lentement\"\nexpect \"210\"\n");
}

/* ---- the voice: a program of that name that writes down what it hears ---- */

typedef struct Voice {
    TestDir dir;
    char *path_before;
} Voice;

static Voice voice_new(const char *then) {
    Voice voice = {test_dir_new(), strdup(getenv("PATH"))};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Str script = str_print(
        arena,
        "#!/bin/sh\necho \"$@\" >> %s/heard\n/bin/cat >> %s/heard\nprintf '\\nend\\n' >> %s/heard\n%s\n",
        voice.dir.path, voice.dir.path, voice.dir.path, then);
    const char *program = path_join(arena, voice.dir.path, "espeak-ng");
    check_ok(file_write(program, script, 0755, &err));
    check(chmod(program, 0755) == 0);
    setenv("PATH", str_cstr(arena, str_print(arena, "%s:%s", voice.dir.path, voice.path_before)), 1);
    return voice;
}

static void voice_free(Voice *voice) {
    setenv("PATH", voice->path_before, 1);
    free(voice->path_before);
    test_dir_remove(&voice->dir);
}

/* All that was said until now: the child that speaks is waited for. */
static Str heard(Voice *voice, App *app, Arena *arena) {
    Str text = {0};
    Err err = {0};
    while (speech_is_speaking(app->speech)) usleep(2000);
    const char *path = path_join(arena, voice->dir.path, "heard");
    if (file_exists(path)) check_ok(file_read(arena, path, 1 << 20, &text, &err));
    return text;
}

static void each_screen_is_read_in_its_language_until_a_touch(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Voice voice = voice_new("");
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, "tap 960 780\ntap \"Aide\"\ntap \"Lire à voix haute\"\n");
    Str first = heard(&voice, kiosk->app, arena);
    check_contains(str_cstr(arena, first), "-v fr --stdin");
    check_contains(str_cstr(arena, first), "end");
    check(str_find(first, STR("Retour")) < 0); /* the bars are known */
    kiosk_kit_run(kiosk, "tap \"Accueil\"\n");
    Str second = heard(&voice, kiosk->app, arena);
    check(second.len > first.len);
    check_contains(str_cstr(arena, second), "Me former");
    check(str_find(second, STR("\xE2\x80\xAF")) < 0 && str_find(second, STR("\xC2\xA0")) < 0);
    voice_free(&voice);
}

static void a_touch_silences_it_and_the_reset_turns_it_off(void **state) {
    (void)state;
    Voice voice = voice_new("exec /bin/sleep 600");
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, "tap 960 780\ntap \"Aide\"\ntap \"Lire à voix haute\"\n");
    check(speech_is_speaking(kiosk->app->speech));
    app_handle(kiosk->app, &(GfxEvent){.type = GFX_INPUT, .input = {.type = INPUT_DOWN, .x = 900, .y = 500}});
    check(!speech_is_speaking(kiosk->app->speech));
    app_handle(kiosk->app, &(GfxEvent){.type = GFX_INPUT, .input = {.type = INPUT_UP, .x = 900, .y = 500}});
    kiosk_kit_run(kiosk, "wait 70000\n");
    check(!speech_is_speaking(kiosk->app->speech));
    check(!kiosk->app->settings.read_aloud);
    voice_free(&voice);
}

static void a_pin_and_a_name_are_never_said(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Voice voice = voice_new("");
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, "tap 960 780\ntap \"Aide\"\ntap \"Lire à voix haute\"\ntap \"Accueil\"\n"
                         "tap \"iX’Presso « Réunion efficace »\"\ntap \"Je m’inscris\"\ntap \"Nom et "
                         "code\"\ntype \"Nadia B.\"\ntap \"Continuer\"\ntype \"2704\"\n");
    for (int i = 0; i < 30; i++) { /* by keypad, over every digit */
        app_handle(kiosk->app, &(GfxEvent){.type = GFX_INPUT, .input = {.type = INPUT_NEXT}});
        app_frame(kiosk->app);
        (void)heard(&voice, kiosk->app, arena); /* each to its end: the next would cut it short */
    }
    Str said = heard(&voice, kiosk->app, arena), line = {0};
    check(said.len > 0);
    check(str_find(said, STR("Nadia")) < 0);
    while (str_cut(&said, '\n', &line)) {
        int64_t number = 0;
        check(!str_to_int(str_trim(line), &number) || number > 9);
    }
    voice_free(&voice);
}

static void without_a_voice_it_says_so(void **state) {
    (void)state;
    TestDir empty = test_dir_new();
    char *before = strdup(getenv("PATH"));
    setenv("PATH", empty.path, 1);
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(RECORDS, "2026-11-24T09:12");
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, "tap 960 780\ntap \"Accessibilité\"\nexpect \"pas sur cette borne\"\n"
                         "tap \"Lecture à voix haute\"\nexpect \"ne peut pas lire à voix haute\"\n"
                         "tap \"Continuer\"\nexpect \"Contraste\"\n");
    setenv("PATH", before, 1);
    free(before);
    test_dir_remove(&empty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_corners_open_in_order_and_in_time),
        cmocka_unit_test(corners_late_or_out_of_order_open_nothing),
        cmocka_unit_test(a_kiosk_without_a_pin_opens_at_once_and_with_one_asks),
        cmocka_unit_test(pairing_goes_from_address_to_code_to_content),
        cmocka_unit_test(a_refusal_stays_until_it_is_asked_again),
        cmocka_unit_test(a_kiosk_that_never_saw_a_hub_asks_for_one),
        cmocka_unit_test(an_hour_is_good_when_the_link_never_went),
        cmocka_unit_test(what_is_not_kept_comes_back_after_fifteen_seconds),
        cmocka_unit_test(what_is_kept_is_there_after_a_new_start),
        cmocka_unit_test(the_settings_file_holds_what_was_set_and_no_more),
        cmocka_unit_test(turning_swaps_the_millimetres_and_forgets_the_calibration),
        cmocka_unit_test(four_touches_calibrate_and_must_be_kept),
        cmocka_unit_test(the_night_goes_over_midnight_and_through_summer_time),
        cmocka_unit_test(at_night_it_sleeps_from_minute_to_minute_and_a_touch_only_wakes),
        cmocka_unit_test(the_badge_test_tells_how_and_never_which),
        cmocka_unit_test(each_screen_is_read_in_its_language_until_a_touch),
        cmocka_unit_test(a_touch_silences_it_and_the_reset_turns_it_off),
        cmocka_unit_test(a_pin_and_a_name_are_never_said),
        cmocka_unit_test(without_a_voice_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
