/* The index of search follows the replica in steps, between two looks at the screen. It is opened after the
 * first picture, which does not wait for it. */
#include "kiosk/app/app.h"

enum {
    STEP_MS = 4,
    PAUSE_MS = 8,  /* between two steps: whatever happens meanwhile comes first */
    TOUCH_MS = 400 /* nobody who touches the screen waits for a step */
};

static void show_new_results(App *app, uint64_t before) {
    if (search_generation(app->search) == before) return;
    for (int i = 0; i < app->nav.count; i++)
        if (app->nav.at[i].screen == SCREEN_search) app->nav.at[i].stale = true;
}

void app_search_changed(App *app) {
    app->search_behind = true;
}

static bool may_step(const App *app) {
    return app->search_behind && !app->finger_down && app_tick(app) >= app->touched_at + TOUCH_MS;
}

void app_search_step(App *app) {
    if (!may_step(app) && app->search) return;
    if (!app->search) app->search = search_open(app->options.replica_dir, app->clock);
    uint64_t before = search_generation(app->search);
    app->search_behind = search_step(app->search, STEP_MS);
    show_new_results(app, before);
}

Millis app_search_deadline(const App *app) {
    if (!app->search_behind) return 0;
    Millis next = app_tick(app) + PAUSE_MS, rested = app->touched_at + TOUCH_MS;
    return next > rested ? next : rested;
}
