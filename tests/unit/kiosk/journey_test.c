/* What a kiosk does from the first touch to the reset, without a display, over a hub in memory. */
#include "kiosk/screens/screens.h"
#include "tests/harness/kiosk_kit.h"

#include <string.h>

#define RECORDS RELAIS_SOURCE_DIR "/tests/golden/screens/replica.ndjson"
#define NOW "2026-11-24T09:12"
#define EVENT "2137d8f1642973a65c0d6ebfdbd6cfd7"

enum { WALK_STEPS = 2500, SIDE = 3 };
static const int glasses[SIDE][2] = {{1920, 1080}, {1080, 1920}, {1366, 768}};

static KioskKit *started(const int *glass) {
    KioskKit *kiosk = kiosk_kit_new(RECORDS, NOW);
    kiosk_kit_start(kiosk, glass[0], glass[1], LANG_FR);
    return kiosk;
}

static void four_touches_and_a_badge_are_enough(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(kiosk, "expect \"Touchez pour commencer\"\n"
                         "tap 960 500\n" /* the waking touch */
                         "expect \"J’arrive\"\n"
                         "tap \"Me former\"\n"
                         "tap \"Réunion efficace\"\n"
                         "expect \"4 places libres sur 12\"\n"
                         "tap \"Je m’inscris\"\n"
                         "expect \"Présentez votre badge\"\n"
                         "badge 0013748911\n"
                         "expect \"Demande enregistrée\"\n"
                         "expect-not \"C’est confirmé\"");
    kiosk_kit_confirm(kiosk, EVENT);
    kiosk_kit_run(kiosk,
                  "expect \"C’est confirmé\"\nexpect \"Votre place est réservée, Nadia.\"\nwait 10500\n"
                  "expect \"Touchez pour commencer\"\nexpect-not \"Nadia\"");
}

static void the_waking_touch_presses_nothing(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(kiosk,
                  "tap 960 780\nexpect \"J’arrive\"\nexpect \"Idées\"\nexpect-not \"Les plus soutenues\"");
}

static void cancelling_wants_the_code_and_a_confirmation(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(
        kiosk, "tap 960 500\ntap \"iX’Presso « Réunion efficace »\"\ntap \"Je m’inscris\"\nbadge 0013748911");
    kiosk_kit_confirm(kiosk, EVENT);
    kiosk_kit_run(
        kiosk,
        "tap \"Rester\"\ntap \"Mon espace\"\nexpect \"Votre code\"\ntype \"111111\"\ntap \"Continuer\"\n"
        "expect \"inconnu\"\ntype \"270418\"\ntap \"Continuer\"\nexpect \"Bonjour Nadia\"\n"
        "expect \"inscription confirmée\"\ntap \"Annuler\"\nexpect \"Annuler cette inscription\"\n"
        "tap \"Garder ma place\"\nexpect \"inscription confirmée\"\ntap \"Annuler\"\n"
        "tap \"Me désinscrire\"\nexpect \"Annulation enregistrée\"");
}

#define REGISTER                                                                                             \
    "tap 960 500\ntap \"iX’Presso « Réunion efficace »\"\ntap \"Je m’inscris\"\nbadge 0013748911\n"

static void a_refusal_is_told_at_the_next_identification_and_once(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(kiosk,
                  REGISTER "expect \"Demande enregistrée\"\nwait 11000\nexpect \"Touchez pour commencer\"");
    kiosk_kit_answer(kiosk, "full");
    kiosk_kit_run(
        kiosk, "badge 0013748911\nexpect \"n’a pas pu être acceptée\"\nexpect \"Il n’y a plus de place.\"\n"
               "tap \"Continuer\"\nexpect \"Votre code\"\nwait 80000\nbadge 0013748911\n"
               "expect-not \"acceptée\"");
}

static void a_refusal_that_was_seen_is_not_told_again(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(kiosk, REGISTER);
    kiosk_kit_answer(kiosk, "full");
    kiosk_kit_run(kiosk, "expect \"Inscription impossible\"\nexpect \"Il n’y a plus de place.\"\nwait 11000\n"
                         "badge 0013748911\nexpect-not \"acceptée\"");
}

static void a_step_is_ticked_with_the_badge(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_open(kiosk, SCREEN_path, "espaces-verts");
    kiosk_kit_run(
        kiosk,
        "tap \"1ᵉʳ jour\"\ntap \"Cocher : Café avec ma marraine, 10 h\"\nexpect \"Pour cocher une étape\"\n"
        "badge 0013748911\nexpect \"6 étapes sur 14\"\nexpect \"Samira D., parrainage\"");
}

static void a_name_two_people_have_asks_for_the_service(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_open(kiosk, SCREEN_event, EVENT);
    kiosk_kit_run(
        kiosk,
        "tap \"Je m’inscris\"\ntap \"Nom et code\"\ntype \"marie l.\"\ntap \"Continuer\"\ntype \"123456\"\n"
        "tap \"Continuer\"\nexpect \"Deux personnes portent ce nom.\"");
}

static void three_wrong_codes_lock(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_open(kiosk, SCREEN_event, EVENT);
    kiosk_kit_run(
        kiosk,
        "tap \"Je m’inscris\"\ntap \"Nom et code\"\ntype \"Nadia B.\"\ntap \"Continuer\"\n"
        "type \"000000\"\ntap \"Continuer\"\nexpect \"inconnu\"\ntype \"000001\"\ntap \"Continuer\"\n"
        "type \"000002\"\ntap \"Continuer\"\ntype \"270418\"\ntap \"Continuer\"\nexpect \"Trop d’essais\"");
}

static void an_unknown_badge_says_what_to_do(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(kiosk, "badge 1234567890\nexpect \"Badge inconnu\"\nexpect \"Nom et code\"");
}

/* ---- time ---- */

static void nobody_for_a_while_warns_then_resets(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(
        kiosk,
        "tap 960 500\ntap \"Idées\"\nwait 44000\nexpect-not \"Toujours là\"\nwait 2000\nexpect \"Toujours "
        "là\"\n"
        "tap \"Continuer\"\nexpect \"Les plus soutenues\"\nwait 46000\nexpect \"Toujours là\"\nwait 21000\n"
        "expect \"Touchez pour commencer\"");
}

static void a_finger_that_is_down_is_never_reset(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(kiosk, "tap 960 500\ntap \"Idées\"");
    GfxEvent down = {.type = GFX_INPUT, .input = {.type = INPUT_DOWN, .x = 900, .y = 600}};
    app_handle(kiosk->app, &down);
    kiosk_kit_run(kiosk, "wait 120000\nexpect \"Les plus soutenues\"");
    down.input.type = INPUT_CANCEL;
    app_handle(kiosk->app, &down);
    kiosk_kit_run(kiosk, "wait 70000\nexpect \"Touchez pour commencer\"");
}

static void nothing_of_a_person_is_left_after_the_reset(void **state) {
    (void)state;
    for (int glass = 0; glass < SIDE; glass++) {
        AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[glass]);
        kiosk_kit_run(kiosk, "tap 500 400\nexpect \"J’arrive\"");
        Str fresh = kiosk_kit_dump(kiosk);
        Millis wall = kiosk->clock.wall_ms;
        kiosk_kit_run(
            kiosk,
            "tap \"Rechercher\"\ntype \"secret\"\ntap \"Accueil\"\ntap \"Idées\"\nswipe 400 500 400 200\n"
            "badge 0013748911\nexpect \"Votre code\"\ntype \"270418\"\ntap \"Continuer\"\n"
            "expect \"Bonjour Nadia\"\nwait 80000");
        kiosk->clock.wall_ms = wall;
        kiosk_kit_run(kiosk, "wait 1\ntap 500 400\nexpect \"J’arrive\"");
        kiosk->clock.wall_ms = wall;
        check_text(kiosk_kit_dump(kiosk), str_cstr(kiosk->kit->arena, fresh));
        kiosk_kit_run(kiosk, "tap \"Rechercher\"\nexpect-not \"secret\"");
        check(!kiosk->app->session.open && !kiosk->app->session.person.name.at);
    }
}

static void choices_are_forgotten_with_the_visit(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    kiosk_kit_run(kiosk,
                  "tap 960 500\ntap \"Accessibilité et langue\"\ntap \"English\"\nexpect \"Text size\"\n"
                  "tap \"High contrast\"\nwait 80000\ntap 960 500\nexpect \"J’arrive\"");
    check(!kiosk->app->ui->theme.choice.high_contrast);
}

/* ---- trouble ---- */

static void an_unpaired_kiosk_says_how_to_pair(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new_empty(NOW);
    AUTO(test_dir_remove) TestDir empty = test_dir_new();
    AppOptions options = {.replica_dir = empty.path,
                          .assets_dir = RELAIS_ASSETS_DIR,
                          .width_px = 1920,
                          .height_px = 1080,
                          .headless = true,
                          .clock = &kiosk->clock.base,
                          .version = "test"};
    Err err = {0};
    check_ok(app_open(&kiosk->app, &options, &err));
    kiosk_kit_run(kiosk, "expect \"Jumeler cette borne\"\nexpect \"Adresse du serveur\"\ntap 960 500\n"
                         "badge 0013748911\nexpect \"Jumeler cette borne\"");
}

static void content_that_arrives_is_shown_at_once(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new_empty(NOW);
    kiosk_kit_start(kiosk, 1920, 1080, LANG_FR);
    kiosk_kit_run(kiosk, "expect-not \"Touchez pour commencer\"");
    kiosk_kit_load(kiosk, RECORDS);
    kiosk_kit_run(kiosk, "expect \"Touchez pour commencer\"\nexpect \"Orléans\"");
}

/* ---- nothing lies outside the screen, nothing that can be touched lies over another, all of it is large
 * enough ---- */

static Rect seen(const Item *item) {
    return rect_intersect(item->rect, item->clip);
}

static void check_layout(KioskKit *kiosk, const char *name) {
    const DisplayList *list = kiosk->app->ui->list;
    Rect page = ui_page(kiosk->app->ui);
    for (size_t i = 0; i < list->count; i++) {
        const Item *item = &list->items[i];
        if (item->type != ITEM_TEXT && item->type != ITEM_TARGET) continue;
        Rect rect = item->rect;
        if (rect.x < page.x - 1 || rect_right(rect) > rect_right(page) + 1)
            fail_msg("%s: « %.*s » leaves the screen sideways (%d to %d)", name, STR_FORMAT(item->text),
                     rect.x, rect_right(rect));
        if (item->type != ITEM_TARGET) continue;
        if (rect.w < TARGET_MIN || rect.h < TARGET_MIN)
            fail_msg("%s: the target « %.*s » is %d × %d", name, STR_FORMAT(item->text), rect.w, rect.h);
        for (size_t j = 0; j < i; j++) {
            const Item *other = &list->items[j];
            if (other->type != ITEM_TARGET) continue;
            Rect both = rect_intersect(seen(item), seen(other));
            if (both.w > 2 && both.h > 2)
                fail_msg("%s: « %.*s » and « %.*s » can be touched at the same place", name,
                         STR_FORMAT(item->text), STR_FORMAT(other->text));
        }
    }
}

static void every_screen_keeps_to_its_glass(void **state) {
    (void)state;
    static const struct {
        ScreenId screen;
        const char *arg;
    } screens[] = {{SCREEN_home, NULL},        {SCREEN_paths, NULL},       {SCREEN_path, "espaces-verts"},
                   {SCREEN_booklet, NULL},     {SCREEN_page, "mon-badge"}, {SCREEN_agenda, NULL},
                   {SCREEN_event, EVENT},      {SCREEN_toolbox, NULL},     {SCREEN_tool, "charte-reunions"},
                   {SCREEN_time_eaters, NULL}, {SCREEN_ideas, NULL},       {SCREEN_helpers, NULL},
                   {SCREEN_rises, NULL},       {SCREEN_search, NULL},      {SCREEN_access, NULL},
                   {SCREEN_help, NULL},        {SCREEN_technician, NULL},  {SCREEN_step, "espaces-verts~4"}};
    for (int glass = 0; glass < SIDE; glass++) {
        AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[glass]);
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            kiosk->app->settings.lang = (Lang)lang;
            app_apply_settings(kiosk->app);
            for (size_t i = 0; i < COUNT(screens); i++) {
                kiosk_kit_open(kiosk, screens[i].screen, screens[i].arg);
                check_layout(kiosk, screen_kind(screens[i].screen)->name);
            }
        }
    }
}

/* ---- a hand that touches anywhere ---- */

static void touch_somewhere(KioskKit *kiosk, Rng *rng) {
    App *app = kiosk->app;
    const DisplayList *list = app->ui->list;
    Rect page = ui_page(app->ui);
    int x = (int)rng_below(rng, (uint64_t)page.w), y = (int)rng_below(rng, (uint64_t)page.h);
    const Item *item = list->count ? &list->items[rng_below(rng, list->count)] : NULL;
    if (item && item->type == ITEM_TARGET && item->rect.w > 0) {
        x = item->rect.x + item->rect.w / 2;
        y = item->rect.y + item->rect.h / 2;
    }
    GfxEvent event = {.type = GFX_INPUT, .input = {.type = INPUT_DOWN, .x = x, .y = y}};
    app_handle(app, &event);
    event.input.type = rng_below(rng, 5) ? INPUT_UP : INPUT_MOVE;
    event.input.y = event.input.type == INPUT_MOVE ? y / 2 : y;
    app_handle(app, &event);
    event.input.type = INPUT_UP;
    app_handle(app, &event);
}

static void wander(KioskKit *kiosk, Rng *rng) {
    switch (rng_below(rng, 40)) {
    case 0:
        kiosk_kit_run(kiosk, "badge 0013748911");
        return;
    case 1:
        kiosk_kit_run(kiosk, "wait 30000");
        return;
    case 2:
        kiosk_kit_run(kiosk, "wait 200");
        return;
    default:
        touch_somewhere(kiosk, rng);
        return;
    }
}

static void a_random_hand_breaks_nothing(void **state) {
    (void)state;
    for (int glass = 0; glass < SIDE; glass++) {
        AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[glass]);
        Rng rng = rng_seeded(20261124 + (uint64_t)glass);
        for (int step = 0; step < WALK_STEPS / SIDE; step++) {
            wander(kiosk, &rng);
            check(kiosk->app->nav.count >= 1 && kiosk->app->nav.count <= NAV_DEPTH_MAX);
        }
        kiosk_kit_run(kiosk, "wait 130000\nexpect \"Touchez pour commencer\"");
    }
}

static void a_script_that_fails_says_what_was_visible(void **state) {
    (void)state;
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = started(glasses[0]);
    Err err = {0};
    check_status(kiosk_kit_try(kiosk, "wait 1\n# nothing of that kind\ntap \"Décollage\"", &err), E_NOTFOUND);
    check_contains(err.text, "script:3: ");
    check_contains(err.text, "Touchez pour commencer");
    check_status(kiosk_kit_try(kiosk, "expect-not \"Touchez pour commencer\"", &err), E_NOTFOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_touches_and_a_badge_are_enough),
        cmocka_unit_test(the_waking_touch_presses_nothing),
        cmocka_unit_test(cancelling_wants_the_code_and_a_confirmation),
        cmocka_unit_test(a_refusal_is_told_at_the_next_identification_and_once),
        cmocka_unit_test(a_refusal_that_was_seen_is_not_told_again),
        cmocka_unit_test(a_step_is_ticked_with_the_badge),
        cmocka_unit_test(a_name_two_people_have_asks_for_the_service),
        cmocka_unit_test(three_wrong_codes_lock),
        cmocka_unit_test(an_unknown_badge_says_what_to_do),
        cmocka_unit_test(nobody_for_a_while_warns_then_resets),
        cmocka_unit_test(a_finger_that_is_down_is_never_reset),
        cmocka_unit_test(nothing_of_a_person_is_left_after_the_reset),
        cmocka_unit_test(choices_are_forgotten_with_the_visit),
        cmocka_unit_test(an_unpaired_kiosk_says_how_to_pair),
        cmocka_unit_test(content_that_arrives_is_shown_at_once),
        cmocka_unit_test(every_screen_keeps_to_its_glass),
        cmocka_unit_test(a_random_hand_breaks_nothing),
        cmocka_unit_test(a_script_that_fails_says_what_was_visible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
