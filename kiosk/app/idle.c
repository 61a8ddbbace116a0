/* Time without a touch: 45 s, then a countdown of 20, then everything of the person is gone. Never while a
 * finger is down. */
#include "kiosk/app/app.h"

/* A typed key is a touch; while one is held or just typed the clock starts anew. */
void idle_touched(App *app) {
    app->touched_at = app_tick(app);
}

static Millis next_second(Millis from, Millis until) {
    Millis left = until - from;
    return until - (left - 1) / SECOND_MS * SECOND_MS;
}

int idle_seconds_left(const App *app) {
    Millis left = app->warned_at + IDLE_WARNING_MS - app_tick(app);
    return left <= 0 ? 0 : (int)((left + SECOND_MS - 1) / SECOND_MS);
}

static bool is_quiet(const App *app) {
    return !app->finger_down && !app->swallowing;
}

void idle_look(App *app) {
    Millis now = app_tick(app);
    if (app->mode == MODE_ATTRACT) return;
    if (!is_quiet(app)) idle_touched(app);
    if (app->mode == MODE_WARNING && app->touched_at > app->warned_at) app->mode = MODE_AWAKE;
    if (app->mode == MODE_AWAKE && app->logout_at && now >= app->logout_at) {
        app_reset(app);
        return;
    }
    if (app->mode == MODE_AWAKE && now - app->touched_at >= IDLE_MS) {
        app->mode = MODE_WARNING;
        app->warned_at = app->touched_at + IDLE_MS;
        ui_leave_screen(app->ui);
    }
    if (app->mode == MODE_WARNING && now - app->warned_at >= IDLE_WARNING_MS) app_reset(app);
}

Millis idle_deadline(const App *app) {
    Millis now = app_tick(app);
    if (app->mode == MODE_ATTRACT) return 0;
    if (app->mode == MODE_WARNING) return next_second(now, app->warned_at + IDLE_WARNING_MS);
    Millis idle = app->touched_at + IDLE_MS;
    if (!app->logout_at) return idle;
    Millis second = next_second(now, app->logout_at);
    return second < idle ? second : idle;
}
