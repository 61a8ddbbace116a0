#include "kiosk/app/app.h"

#include "common/replica/files.h"

#include <stdlib.h>

enum {
    FRAMES_MAX = 6 /* draws for one event, before it is painted as it is */
};

Millis app_now(const App *app) {
    return clock_wall(app->clock);
}

Millis app_tick(const App *app) {
    return clock_steady(app->clock);
}

bool app_can_write(const App *app) {
    return app->health.outbox_status == OK;
}

/* A replica that broke later still has what was loaded before. */
bool app_has_content(const App *app) {
    return app->health.replica == REPLICA_READY ||
           (app->health.replica == REPLICA_BROKEN && app->here.org.len);
}

/* Nothing here has ever come from a hub. */
bool app_is_unpaired(const App *app) {
    bool empty = app->health.replica == REPLICA_MISSING || app->health.replica == REPLICA_EMPTY;
    return empty && !app->here.device.len;
}

bool app_quits(const App *app) {
    return app->quits;
}

bool app_restarts(const App *app) {
    return app->restarts;
}

Stage app_stage(App *app) {
    const NavEntry *top = nav_top(&app->nav);
    bool told = top && top->screen == SCREEN_result;
    return (Stage){.view = app->view,
                   .records = view_records(app->view),
                   .search = app->search,
                   .say = {app->i18n, app->settings.lang, NULL, app_now(app)},
                   .now = app_now(app),
                   .session = &app->session,
                   .settings = &app->settings,
                   .here = &app->here,
                   .health = &app->health,
                   .deed = told ? &app->done : &app->deed,
                   .told = &app->told,
                   .op = str_of(app->op),
                   .refused = app->refused,
                   .kept = app->kept,
                   .can_write = app_can_write(app),
                   .version = app->options.version,
                   .replica_dir = app->options.replica_dir,
                   .glass = &app->glass,
                   .trial_s = app_trial_seconds(app),
                   .badge_test = &app->badge_test,
                   .journal = &app->journal,
                   .can_speak = speech_can(app->speech),
                   .machine = app->options.machine,
                   .has_image = app_has_image,
                   .images = app};
}

/* ---- where this kiosk is ---- */

static void read_profile(App *app, Records *records, Str device_id, Arena *arena) {
    Device device;
    Profile profile;
    bool has = device_id.len && records_get(records, K_device, device_id, &device, arena, NULL) == OK &&
               device.profile.len &&
               records_get(records, K_profile, device.profile, &profile, arena, NULL) == OK;
    if (has) app_glass_take_profile(app, &profile);
}

static void read_here(App *app) {
    ViewIdentity identity = view_identity(app->view);
    Arena *arena = arena_open();
    Here here = {str_copy(arena, identity.device),
                 str_copy(arena, identity.site),
                 str_copy(arena, identity.org),
                 {0},
                 {0},
                 {0}};
    Records *records = view_records(app->view);
    Org org;
    Site site;
    app->accent = 0;
    if (here.org.len && records_get(records, K_org, here.org, &org, arena, NULL) == OK) {
        here.org_name = org.name;
        here.org_short = org.short_name.len ? org.short_name : org.name;
        app->accent = color_parse(org.colour);
    }
    if (here.site.len && records_get(records, K_site, here.site, &site, arena, NULL) == OK)
        here.site_name = site.name;
    read_profile(app, records, here.device, arena);
    arena_close(app->here_arena);
    app->here_arena = arena;
    app->here = here;
}

static void name_labels(App *app) {
    Say speak = {app->i18n, app->settings.lang, app->here_arena, app_now(app)};
    const Say *s = &speak;
    ui_set_labels(app->ui, (UiLabels){.page_up = say(s, M_page_up),
                                      .page_down = say(s, M_page_down),
                                      .key_shift = say(s, M_key_shift),
                                      .key_erase = say(s, M_key_erase),
                                      .key_space = say(s, M_key_space),
                                      .key_digits = say(s, M_key_digits),
                                      .key_letters = say(s, M_key_letters),
                                      .yes = say(s, M_yes),
                                      .no = say(s, M_no),
                                      .back = say(s, M_bar_back),
                                      .home = say(s, M_bar_home),
                                      .access = say(s, M_bar_access),
                                      .access_short = say(s, M_bar_access_short),
                                      .help = say(s, M_bar_help)});
}

void app_apply_settings(App *app) {
    const Settings *settings = &app->settings;
    ui_set_theme(app->ui, (ThemeChoice){.accent = app->accent,
                                        .high_contrast = settings->high_contrast,
                                        .larger_text = settings->larger_text,
                                        .calm = settings->calm,
                                        .reach = settings->reach});
    name_labels(app);
    nav_mark_changed(&app->nav, KIND_SET_ALL);
}

/* The screen nobody has touched yet: what is on, the night, what is wrong, or how to begin. */
ScreenId app_first_screen(const App *app) {
    if (!app_has_content(app)) return app_is_unpaired(app) ? SCREEN_pairing : SCREEN_trouble;
    if (app->mode != MODE_ATTRACT) return SCREEN_home;
    return night_holds(&app->glass, app_now(app)) ? SCREEN_night : SCREEN_attract;
}

static void settle_first_screen(App *app) {
    ScreenId first = app_first_screen(app);
    bool unsettled = !app->nav.count || (app->nav.at[0].screen != first);
    if (!unsettled || (app->nav.count > 1 && first == SCREEN_home)) return;
    nav_home(&app->nav, first);
}

static bool shows_link(ScreenId screen) {
    return screen == SCREEN_result || screen == SCREEN_trouble || screen == SCREEN_pairing ||
           screen == SCREEN_technician;
}

void app_refresh(App *app) {
    KindSet changed = 0;
    Err err = {0};
    if (view_refresh(app->view, &changed, &err) != OK) changed = 0;
    Str org_before = app->here.org;
    view_health(app->view, &app->health);
    app_note_health(app);
    KindSet here = KIND_BIT(K_org) | KIND_BIT(K_site) | KIND_BIT(K_device) | KIND_BIT(K_profile);
    if (changed & here || !org_before.len) {
        read_here(app);
        app_apply_settings(app);
    }
    nav_mark_changed(&app->nav, changed);
    app_search_changed(app);
    app_note_told(app);
    NavEntry *top = nav_top(&app->nav);
    if (top && shows_link(top->screen)) top->stale = true;
    settle_first_screen(app);
}

static void look_at_minute(App *app) {
    Millis minute = app_now(app) / MINUTE_MS;
    if (minute == app->minute) return;
    app->minute = minute;
    app_refresh(app);
    nav_mark_minute(&app->nav);
    if (app->mode != MODE_ATTRACT || app->settings.calm || app->glass.still) return;
    static const int drift[][2] = {{0, 0}, {4, 0}, {8, 4}, {4, 8}, {0, 4}, {-4, 0}, {-8, -4}, {0, -8}};
    app->drift = (app->drift + 1) % (int)COUNT(drift);
    gfx_drift(app->gfx, drift[app->drift][0], drift[app->drift][1]);
}

/* ---- opening ---- */

static Status open_glass(App *app, Err *err) {
    const AppOptions *options = &app->options;
    GfxOptions glass = {.width_px = options->fullscreen ? 0 : options->width_px,
                        .height_px = options->fullscreen ? 0 : options->height_px,
                        .width_mm = options->width_mm,
                        .left_px = options->left_px,
                        .top_px = options->top_px,
                        .height_mm = options->height_mm,
                        .rotation_deg = options->rotation_deg,
                        .headless = options->headless,
                        .assets_dir = options->assets_dir,
                        .title = "Relais iX"};
    TRY(gfx_open(&glass, &app->gfx, err));
    gfx_set_image_source(app->gfx, app_image, app);
    app->ui = ui_open(gfx_screen(app->gfx), gfx_measure(app->gfx));
    return OK;
}

static Status open_all(App *app, Err *err) {
    TRY(i18n_open(&app->i18n, app->options.assets_dir, err));
    TRY(view_open(&app->view, app->options.replica_dir, app->clock, err));
    if (wake_open(&app->wake, app->options.replica_dir, KIOSK_SOCKET, NULL) != OK) app->wake = NULL;
    app_glass_open(app);
    speech_open(&app->speech);
    TRY(open_glass(app, err));
    app_glass_refresh(app);
    app->session_arena = arena_open();
    app->settings.lang = app->options.lang;
    app->minute = app_now(app) / MINUTE_MS;
    app->touched_at = app_tick(app);
    app->search_behind = true;
    view_health(app->view, &app->health);
    read_here(app);
    app_apply_settings(app);
    app_ask_first_hub(app);
    settle_first_screen(app);
    return OK;
}

Status app_open(App **out, const AppOptions *options, Err *err) {
    App *app = calloc(1, sizeof *app);
    if (!app) abort();
    app->options = *options;
    app->clock = options->clock;
    Status status = open_all(app, err);
    if (status != OK) {
        app_close(app);
        return status;
    }
    *out = app;
    return OK;
}

void app_close(App *app) {
    if (!app) return;
    nav_clear(&app->nav);
    speech_close(app->speech);
    ui_close(app->ui);
    gfx_close(app->gfx);
    wake_close(app->wake);
    search_close(app->search);
    view_close(app->view);
    i18n_close(app->i18n);
    if (app->session_arena) arena_wipe(app->session_arena);
    arena_close(app->session_arena);
    arena_close(app->here_arena);
    free(app);
}

void app_close_auto(App **app) {
    app_close(*app);
}

/* ---- events ---- */

static void note_corner(App *app, const Input *input) {
    if (input->type != INPUT_DOWN) return;
    if (corners_touch(&app->corners, ui_page(app->ui), input->x, input->y, app_tick(app)))
        app_open_technician(app);
}

/* True when the touch only woke the screen. */
static bool wakes(App *app, const Input *input) {
    bool lifted = input->type == INPUT_UP || input->type == INPUT_CANCEL;
    if (app->mode == MODE_ATTRACT && input->type == INPUT_DOWN) app->swallowing = true;
    if (!app->swallowing) return app->mode == MODE_ATTRACT;
    if (!lifted) return true;
    app->swallowing = false;
    if (app->mode != MODE_ATTRACT) return true;
    gfx_drift(app->gfx, 0, 0);
    app->mode = MODE_AWAKE;
    settle_first_screen(app);
    return true;
}

/* Draws with one input; what follows from it is drawn with none. */
static void draw_input(App *app, const Input *input) {
    Input none = {.type = INPUT_NONE};
    for (int frame = 0; frame < FRAMES_MAX; frame++) {
        ui_begin(app->ui, frame ? &none : input, app_tick(app));
        Action action = shell_draw(app);
        UiResult result = ui_end(app->ui);
        app->ui_wake_at = result.wake_ms;
        app->finger_down = result.finger_down;
        app->typing = result.typing;
        if (action.type != ACTION_NONE) app_act(app, &action);
        if (action.type == ACTION_NONE && !result.again) return;
    }
}

void app_handle(App *app, const GfxEvent *event) {
    look_at_minute(app);
    switch (event->type) {
    case GFX_INPUT:
        idle_touched(app);
        if (event->input.type == INPUT_DOWN) app_aloud_stop(app);
        note_corner(app, &event->input);
        if (!wakes(app, &event->input)) draw_input(app, &event->input);
        break;
    case GFX_BADGE:
        app_aloud_stop(app);
        idle_touched(app);
        if (!app_test_badge(app, event)) app_show_badge(app, event->badge);
        break;
    case GFX_BADGE_REFUSED:
        (void)app_test_badge(app, event);
        break;
    case GFX_WAKE:
        app_refresh(app);
        break;
    case GFX_QUIT:
        app->quits = true;
        break;
    case GFX_TIMEOUT:
        app_search_step(app);
        break;
    case GFX_EXPOSE:
        ui_set_screen(app->ui, gfx_screen(app->gfx));
        break;
    }
    app_look_at_trial(app);
    idle_look(app);
    app_set_calibration(app);
}

void app_frame(App *app) {
    draw_input(app, &(Input){.type = INPUT_NONE});
    app_aloud_look(app);
    gfx_paint(app->gfx, app->ui->list);
}

static Millis earlier(Millis a, Millis b) {
    if (!a || !b) return a ? a : b;
    return a < b ? a : b;
}

Millis app_next_deadline(const App *app) {
    Millis minute = app_tick(app) + MINUTE_MS - app_now(app) % MINUTE_MS;
    Millis other = earlier(app_trial_deadline(app), app_aloud_deadline(app));
    Millis soon = earlier(earlier(minute, app->ui_wake_at), other);
    return earlier(soon, earlier(idle_deadline(app), app_search_deadline(app)));
}
