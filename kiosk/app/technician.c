/* What the technician does: the way in, the glass and its trial, the badge test, the journal, requests. */
#include "kiosk/app/app.h"

#include "common/base/log.h"

#include <stdio.h>
#include <string.h>

/* ---- the way in ---- */

void app_open_technician(App *app) {
    bool has_pin = false;
    Err err = {0};
    bool asked = identify_technician_has_pin(app->view, &has_pin, &err) == OK && has_pin;
    app->mode = MODE_AWAKE;
    app->told = (Told){0};
    ui_field_clear(app->ui, STR("code"));
    nav_home(&app->nav, app_first_screen(app));
    nav_push(&app->nav, asked ? SCREEN_tech_code : SCREEN_technician, (Str){0});
    app->swallowing = true;
    ui_leave_screen(app->ui);
}

void app_give_technician_code(App *app, Str code) {
    Identified who = {0};
    Err err = {0};
    Status status = identify_technician(app->view, code, &who, &err);
    ui_field_clear(app->ui, STR("code"));
    app->told =
        (Told){.tried = true, .failed = status != OK, .result = who.result, .locked_until = who.locked_until};
    if (status != OK || who.result != IDENTIFY_OK) return;
    app->told = (Told){0};
    nav_replace(&app->nav, SCREEN_technician, (Str){0});
    ui_leave_screen(app->ui);
}

/* ---- the journal ---- */

void app_note(App *app, const char *text) {
    Journal *journal = &app->journal;
    int last = (journal->next + JOURNAL_MAX - 1) % JOURNAL_MAX;
    if (!text[0] || (journal->count && strcmp(journal->at[last].text, text) == 0)) return;
    JournalLine *line = &journal->at[journal->next];
    line->at = app_now(app);
    snprintf(line->text, sizeof line->text, "%s", text);
    journal->next = (journal->next + 1) % JOURNAL_MAX;
    if (journal->count < JOURNAL_MAX) journal->count++;
}

void app_note_health(App *app) {
    if (app->health.replica == REPLICA_BROKEN) app_note(app, app->health.replica_text);
    if (app->health.outbox_status != OK) app_note(app, app->health.outbox_text);
}

/* ---- the badge test ---- */

static bool is_testing_badges(App *app) {
    const NavEntry *top = nav_top(&app->nav);
    return top && top->screen == SCREEN_technician && str_is(top->arg, "badge");
}

/* True when nothing else is to be done with it: the technician is looking at how readers read. */
bool app_test_badge(App *app, const GfxEvent *event) {
    const BadgeTiming *timing = &event->timing;
    if (!is_testing_badges(app)) return event->type == GFX_BADGE_REFUSED;
    app->badge_test = (BadgeTest){.at = app_now(app),
                                  .taken = event->type == GFX_BADGE,
                                  .too_slow = timing->too_slow,
                                  .too_long = timing->too_long,
                                  .digits = timing->digits,
                                  .ms = timing->ms,
                                  .widest_gap_ms = timing->widest_gap_ms};
    return true;
}

/* ---- the glass ---- */

static void show_glass(App *app, const Glass *glass) {
    Err err = {0};
    bool hangs = glass_differs(&app->glass, glass) & (GLASS_ROTATION | GLASS_MM);
    app->glass = *glass;
    if (hangs && gfx_set_glass(app->gfx, glass->rotation_deg, glass->width_mm, glass->height_mm, &err) != OK)
        app_note(app, err.text);
    if (hangs) ui_set_screen(app->ui, gfx_screen(app->gfx));
    if (glass->still) gfx_drift(app->gfx, 0, 0);
}

/* Four touches are to be taken as the glass gives them. */
void app_set_calibration(App *app) {
    const NavEntry *top = nav_top(&app->nav);
    bool raw = !app->glass.calibrated || (top && top->screen == SCREEN_calibrate);
    Calibration calibration = calibration_identity();
    if (!raw) memcpy(calibration.m, app->glass.calibration, sizeof calibration.m);
    gfx_set_calibration(app->gfx, calibration);
}

void app_glass_refresh(App *app) {
    Glass glass = app->glass_base;
    if (app->trial_until) return;
    glass_take(&glass, &app->glass_own, app->glass_parts);
    if (glass_differs(&app->glass, &glass)) show_glass(app, &glass);
}

void app_glass_open(App *app) {
    const AppOptions *options = &app->options;
    Err err = {0};
    app->glass_base = (Glass){.rotation_deg = options->rotation_deg,
                              .width_mm = options->width_mm,
                              .height_mm = options->height_mm};
    app->glass = app->glass_base;
    if (glass_read(options->replica_dir, &app->glass_own, &app->glass_parts, &err) != OK) {
        app_note(app, err.text);
        log_warning("%s", err.text);
    }
}

/* What the command line does not say, the profile of this kiosk may. */
void app_glass_take_profile(App *app, const Profile *profile) {
    const AppOptions *options = &app->options;
    Glass *base = &app->glass_base;
    bool sized = profile->width_mm > 0 && profile->height_mm > 0;
    if (!options->width_mm && sized && !options->headless) {
        base->width_mm = (int)profile->width_mm;
        base->height_mm = (int)profile->height_mm;
    }
    bool turned = profile->rotation > 0 && profile->rotation < 360 && profile->rotation % 90 == 0;
    if (!options->rotation_deg && turned && options->fullscreen) base->rotation_deg = (int)profile->rotation;
    base->night = night_parse(profile->night_from, &base->night_from_min) &&
                  night_parse(profile->night_until, &base->night_until_min);
    app_glass_refresh(app);
}

static void save_glass(App *app) {
    Err err = {0};
    if (glass_write(app->options.replica_dir, &app->glass_own, app->glass_parts, &err) == OK) return;
    Say speak = {app->i18n, app->settings.lang, app->session_arena, app_now(app)};
    app_note(app, err.text);
    app->notice = (Telling){true, say(&speak, M_result_not_kept), say(&speak, M_trouble_disk)};
}

static void take_glass(App *app, const Glass *glass, unsigned parts) {
    glass_take(&app->glass_own, glass, parts);
    app->glass_parts |= parts;
    save_glass(app);
}

/* What could make the screen unusable comes back by itself; the rest is kept at once. */
void app_try_glass(App *app, const Glass *glass) {
    unsigned parts = glass_differs(&app->glass, glass);
    if (!parts) return;
    if (parts & (GLASS_ROTATION | GLASS_MM | GLASS_CALIBRATION)) {
        if (!app->trial_until) app->trial_before = app->glass;
        app->trial_until = app_tick(app) + GLASS_TRIAL_MS;
    } else {
        take_glass(app, glass, parts);
    }
    show_glass(app, glass);
    ui_leave_screen(app->ui);
    nav_mark_changed(&app->nav, KIND_SET_ALL);
}

void app_keep_glass(App *app) {
    unsigned parts = glass_differs(&app->trial_before, &app->glass);
    if (!app->trial_until) return;
    app->trial_until = 0;
    take_glass(app, &app->glass, parts);
    ui_leave_screen(app->ui);
}

void app_undo_glass(App *app) {
    Glass before = app->trial_before;
    if (!app->trial_until) return;
    app->trial_until = 0;
    show_glass(app, &before);
    ui_leave_screen(app->ui);
    nav_mark_changed(&app->nav, KIND_SET_ALL);
}

void app_look_at_trial(App *app) {
    if (app->trial_until && app_tick(app) >= app->trial_until) app_undo_glass(app);
}

int app_trial_seconds(const App *app) {
    Millis left = app->trial_until - app_tick(app);
    if (!app->trial_until || left <= 0) return 0;
    return (int)((left + SECOND_MS - 1) / SECOND_MS);
}

Millis app_trial_deadline(const App *app) {
    if (!app->trial_until) return 0;
    return app->trial_until - (Millis)(app_trial_seconds(app) - 1) * SECOND_MS;
}

void app_calibrate(App *app, const Action *action) {
    Calibration calibration;
    Err err = {0};
    Glass glass = app->glass;
    (void)nav_pop(&app->nav);
    if (calibration_solve(action->points[0], action->points[1], &calibration, &err) != OK) {
        Say speak = {app->i18n, app->settings.lang, app->session_arena, app_now(app)};
        app->notice = (Telling){true, say(&speak, M_calibrate_failed), say(&speak, M_calibrate_failed_what)};
        return;
    }
    glass.calibrated = true;
    memcpy(glass.calibration, calibration.m, sizeof calibration.m);
    app_try_glass(app, &glass);
}

/* ---- what syncd is asked ---- */

void app_request(App *app, const Action *action) {
    Arena *arena = app->ui->arena;
    Json *args = json_new_map(arena);
    Err err = {0};
    if (action->hub.len) json_put_text(arena, args, "hub", action->hub);
    if (action->force) json_put_bool(arena, args, "force", true);
    if (view_request(app->view, str_cstr(arena, action->arg), args, &err) != OK) {
        app_note(app, err.text);
        view_health(app->view, &app->health);
    }
    NavEntry *top = nav_top(&app->nav);
    if (top) top->stale = true;
}

/* The command line names a hub, and this kiosk has never heard of one. */
void app_ask_first_hub(App *app) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    ViewAnswer answer = {0};
    Err err = {0};
    if (!app->options.hub || app->health.hubs[0] || !app_is_unpaired(app)) return;
    if (view_last_answer(app->view, arena, &answer, &err) != OK || answer.verb.len) return;
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "hub", str_of(app->options.hub));
    if (view_request(app->view, "pair", args, &err) != OK) app_note(app, err.text);
}
