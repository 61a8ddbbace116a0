/* Every screen as a visitor may find it, for the tests that look at all of them. */
#pragma once

#include "tests/harness/kiosk_kit.h"

#define GOLDEN_FOLDER RELAIS_SOURCE_DIR "/tests/golden/screens"
#define EVENT "2137d8f1642973a65c0d6ebfdbd6cfd7"

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

static inline void open_case(KioskKit *kiosk, const Case *one) {
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
static inline void start_over(KioskKit *kiosk, Millis wall) {
    app_reset(kiosk->app);
    kiosk->clock.wall_ms = wall;
    app_handle(kiosk->app, &(GfxEvent){.type = GFX_TIMEOUT});
}
