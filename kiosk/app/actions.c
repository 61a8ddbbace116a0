/* What a screen answered, done. */
#include "kiosk/app/app.h"

static bool top_is(App *app, ScreenId screen) {
    NavEntry *top = nav_top(&app->nav);
    return top && top->screen == screen;
}

/* Leaving the result is touching it: who goes on is not logged out in the middle. */
static void leave(App *app) {
    app->logout_at = 0;
    ui_leave_screen(app->ui);
}

/* Giving up at the code leaves nobody half identified. */
static void give_up_identifying(App *app) {
    if (!top_is(app, SCREEN_identify)) return;
    bool half = app->session.open && !app->session.with_code && app->deed.purpose == PURPOSE_SPACE;
    ui_field_clear(app->ui, STR("name"));
    ui_field_clear(app->ui, STR("code"));
    if (half) session_end(app);
}

static void go_back(App *app) {
    give_up_identifying(app);
    leave(app);
    if (nav_pop(&app->nav)) ui_slide(app->ui, -1);
}

static void go_home(App *app) {
    give_up_identifying(app);
    leave(app);
    nav_home(&app->nav, app_first_screen(app));
    ui_slide(app->ui, -1);
}

static void open_over(App *app, const Action *action) {
    leave(app);
    nav_push(&app->nav, action->screen, action->arg);
    ui_slide(app->ui, 1);
}

static void open_space(App *app) {
    leave(app);
    if (app->session.open && app->session.with_code)
        nav_push(&app->nav, SCREEN_my_space, (Str){0});
    else
        app_ask_identity(app, &(Deed){.purpose = PURPOSE_SPACE});
    ui_slide(app->ui, 1);
}

static void take_settings(App *app, const Settings *settings) {
    bool aloud = settings->read_aloud != app->settings.read_aloud;
    app->settings = *settings;
    if (aloud) app_aloud_set(app, settings->read_aloud);
    app_apply_settings(app);
}

void app_act(App *app, const Action *action) {
    switch (action->type) {
    case ACTION_NONE:
        break;
    case ACTION_BACK:
        go_back(app);
        break;
    case ACTION_HOME:
        go_home(app);
        break;
    case ACTION_OPEN:
        open_over(app, action);
        break;
    case ACTION_REPLACE:
        leave(app);
        nav_replace(&app->nav, action->screen, action->arg);
        break;
    case ACTION_RELOAD:
        nav_top(&app->nav)->stale = true;
        break;
    case ACTION_PERFORM:
        app_do(app, &action->deed);
        break;
    case ACTION_IDENTIFY:
        app_give_code(app, action->name, action->service, action->code);
        break;
    case ACTION_SPACE:
        open_space(app);
        break;
    case ACTION_SETTINGS:
        take_settings(app, &action->settings);
        break;
    case ACTION_STAY:
        app->session.staying = true;
        app->logout_at = 0;
        break;
    case ACTION_LOGOUT:
        app_reset(app);
        break;
    case ACTION_REQUEST:
        app_request(app, action);
        break;
    case ACTION_TECHNICIAN:
        app_give_technician_code(app, action->code);
        break;
    case ACTION_GLASS:
        app_try_glass(app, &action->glass);
        break;
    case ACTION_GLASS_KEEP:
        app_keep_glass(app);
        break;
    case ACTION_GLASS_UNDO:
        app_undo_glass(app);
        break;
    case ACTION_CALIBRATE:
        app_calibrate(app, action);
        break;
    case ACTION_RESTART:
        app->quits = app->restarts = true;
        break;
    }
}
