/* What is around every screen: the bars, the warning before the time is out, what is said once. */
#include "kiosk/app/app.h"
#include "kiosk/screens/parts.h"

#define STALE_MS ((Millis)HOUR_MS)

static void freshness(const App *app, const Stage *stage, TopBar *bar) {
    const ViewHealth *health = &app->health;
    if (health->last_contact == INT_ABSENT) {
        bar->freshness = OFFLINE;
        bar->freshness_words = words(stage, M_fresh_never);
        return;
    }
    Millis age = stage->now - health->last_contact;
    bar->freshness = !health->online ? OFFLINE : age > STALE_MS ? STALE : FRESH;
    if (health->online)
        bar->freshness_words = say_fresh(&stage->say, health->last_contact);
    else if (civil_same_day(health->last_contact, stage->now))
        bar->freshness_words =
            words_with(stage, M_fresh_at, TXT(say_clock(&stage->say, health->last_contact)));
    else
        bar->freshness_words = say_fresh(&stage->say, health->last_contact);
}

static void draw_top(App *app, const Stage *stage, bool attract) {
    TopBar bar = {.org = app->here.org_short.len ? app->here.org_short : words(stage, M_app_title),
                  .place = app->here.site_name,
                  .date = say_day(&stage->say, stage->now),
                  .clock = say_clock(&stage->say, stage->now)};
    if (!attract) freshness(app, stage, &bar);
    ui_top_bar(app->ui, &bar);
}

static Action draw_bottom(App *app, const Stage *stage) {
    BottomBar bar = {.back_off = app->nav.count < 2, .home_off = app->nav.count < 2};
    if (app->session.open) {
        bar.session_name = app->session.person.name;
        bar.session_word = words(stage, M_bar_finish);
    }
    NavEntry *top = nav_top(&app->nav);
    switch (ui_bottom_bar(app->ui, &bar)) {
    case BAR_NONE:
        break;
    case BAR_BACK:
        return (Action){.type = ACTION_BACK};
    case BAR_HOME:
        return (Action){.type = ACTION_HOME};
    case BAR_SESSION:
        return (Action){.type = ACTION_LOGOUT};
    case BAR_ACCESS:
        return top->screen == SCREEN_access ? action_none() : open_screen(SCREEN_access, (Str){0});
    case BAR_HELP:
        return top->screen == SCREEN_help ? action_none() : open_screen(SCREEN_help, (Str){0});
    }
    return action_none();
}

/* ---- dialogs ---- */

static Action draw_warning(App *app, const Stage *stage) {
    Ui *ui = app->ui;
    int left = idle_seconds_left(app);
    Rect inside = ui_dialog(ui, STR("warning"), 608);
    Rect row = rect_cut_bottom(&inside, ui_button_height(ui));
    rect_cut_bottom(&inside, HALF);
    bool wide = inside.w > 800;
    int size = wide ? 228 : 160;
    Rect ring = wide ? rect_cut_left(&inside, size + 68) : rect_cut_top(&inside, size + HALF);
    ui_countdown(ui, rect_make(ring.x, ring.y, size, size), left, IDLE_WARNING_MS / SECOND_MS,
                 say_number(&stage->say, left));
    rect_cut_top(&inside, draw_title(stage, inside, words(stage, M_idle_title)) + 12);
    ui_text(ui, inside, words_with(stage, M_idle_sentence, NUM(left)), (TextLook){.font = FONT_S});
    Button buttons[] = {{.label = words(stage, M_finish)},
                        {.kind = BUTTON_PRIMARY, .label = words(stage, M_continue)}};
    int touched = draw_buttons(stage, row, buttons, COUNT(buttons));
    if (touched == 0) return (Action){.type = ACTION_LOGOUT};
    if (touched == 1) app->mode = MODE_AWAKE;
    return action_none();
}

static Action draw_notice(App *app, const Stage *stage) {
    Ui *ui = app->ui;
    Rect inside = ui_dialog(ui, STR("notice"), 608);
    Rect row = rect_cut_bottom(&inside, ui_button_height(ui));
    rect_cut_bottom(&inside, HALF);
    rect_cut_top(&inside, ui_text(ui, inside, app->notice.title, (TextLook){.font = FONT_M_BOLD}) + HALF);
    ui_text(ui, inside, app->notice.sentence, (TextLook){.font = FONT_S});
    Button buttons[] = {{.kind = BUTTON_PRIMARY, .label = words(stage, M_continue)}};
    if (draw_buttons(stage, row, buttons, 1) == 0) app->notice = (Telling){0};
    return action_none();
}

/* What was set is shown; the old comes back by itself, should the finger no longer find anything. */
static Action draw_trial(App *app, const Stage *stage) {
    Ui *ui = app->ui;
    Rect inside = ui_dialog(ui, STR("trial"), 608);
    Rect row = rect_cut_bottom(&inside, ui_button_height(ui));
    rect_cut_bottom(&inside, HALF);
    rect_cut_top(&inside, draw_title(stage, inside, words(stage, M_trial_title)) + 12);
    ui_text(ui, inside, words_with(stage, M_trial_sentence, NUM(stage->trial_s)), (TextLook){.font = FONT_S});
    Button buttons[] = {{.label = words(stage, M_cancel)},
                        {.kind = BUTTON_PRIMARY, .label = words(stage, M_trial_keep)}};
    int touched = draw_buttons(stage, row, buttons, COUNT(buttons));
    if (touched < 0) return action_none();
    return (Action){.type = touched == 1 ? ACTION_GLASS_KEEP : ACTION_GLASS_UNDO};
}

/* ---- the screen itself ---- */

static void draw_gone(const Stage *stage, Status loaded) {
    Rect area = page_body(stage);
    rect_cut_top(&area, 24);
    bool gone = loaded == E_NOTFOUND;
    draw_nothing(stage, area, "info", gone ? M_gone : M_gone_trouble,
                 gone ? M_gone_what : M_gone_trouble_what);
}

static Action draw_screen(App *app, Stage *stage) {
    NavEntry *top = nav_top(&app->nav);
    const ScreenKind *kind = screen_kind(top->screen);
    stage->arg = top->arg;
    if (kind->load && !top->data) {
        draw_gone(stage, top->loaded);
        return action_none();
    }
    return kind->draw(stage, top->state, top->data);
}

static int logout_seconds(App *app) {
    if (!app->logout_at) return 0;
    Millis left = app->logout_at - app_tick(app);
    return left <= 0 ? 0 : (int)((left + SECOND_MS - 1) / SECOND_MS);
}

Action shell_draw(App *app) {
    Stage stage = app_stage(app);
    NavEntry *top = nav_top(&app->nav);
    nav_load(top, stage);
    stage.ui = app->ui;
    stage.arena = stage.say.arena = app->ui->arena;
    stage.logout_s = logout_seconds(app);
    bool bare = screen_kind(top->screen)->bare, whole = screen_kind(top->screen)->whole;
    Action action = action_none();
    if (app->mode == MODE_WARNING)
        action = draw_warning(app, &stage);
    else if (app->trial_until)
        action = draw_trial(app, &stage);
    else if (app->notice.shown)
        action = draw_notice(app, &stage);
    else
        action = draw_screen(app, &stage);
    if (whole && app->mode != MODE_WARNING) return action;
    draw_top(app, &stage, bare && top->screen == SCREEN_attract);
    if (bare && app->mode != MODE_WARNING) return action;
    Action bar = draw_bottom(app, &stage);
    return bar.type != ACTION_NONE ? bar : action;
}
