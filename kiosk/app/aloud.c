/* Reading aloud: each screen once, when it comes; what the keypad points at; silent at a touch. */
#include "kiosk/app/app.h"
#include "kiosk/app/reading.h"

enum { LOOK_AGAIN_MS = 500 };

static Reading reading_now(App *app) {
    const NavEntry *top = nav_top(&app->nav);
    return (Reading){.content = ui_content(app->ui), .secret = top && screen_kind(top->screen)->secret};
}

/* Which picture this is: another one is read from its beginning. */
static uint64_t picture_key(App *app) {
    const NavEntry *top = nav_top(&app->nav);
    uint64_t key = top ? (uint64_t)top->screen + 1 : 1;
    key = key * 31 + (uint64_t)app->nav.count;
    key = key * 31 + (uint64_t)app->mode;
    key = key * 31 + (uint64_t)app->settings.lang;
    key = key * 31 + (app->notice.shown ? 1 : 0);
    return key * 31 + (top && top->arg.len ? str_hash(top->arg) : 0);
}

static void speak(App *app, Str text) {
    Err err = {0};
    if (speech_say(app->speech, text, app->settings.lang, &err) != OK) app_note(app, err.text);
}

static void read_picture(App *app) {
    AUTO(buf_free) Buf text = buf_new(SPEECH_MAX);
    reading_of(app->ui->list, reading_now(app), &text);
    speak(app, buf_str(&text));
}

void app_aloud_look(App *app) {
    if (!app->settings.read_aloud) return;
    uint32_t focus = 0;
    uint64_t key = picture_key(app);
    Str label = reading_focus(app->ui->list, reading_now(app), &focus);
    bool moved = focus && focus != app->spoken_focus;
    app->spoken_focus = focus;
    if (key != app->spoken_key) {
        app->spoken_key = key;
        read_picture(app);
    } else if (moved && label.len) {
        speak(app, label);
    }
}

void app_aloud_stop(App *app) {
    speech_stop(app->speech);
}

/* Off, or on: then what is on the screen now is read. Where nothing can speak, that is said in words. */
void app_aloud_set(App *app, bool on) {
    app_aloud_stop(app);
    app->spoken_key = 0;
    app->spoken_focus = 0;
    if (!on || speech_can(app->speech)) return;
    Say words = {app->i18n, app->settings.lang, app->session_arena, app_now(app)};
    app->settings.read_aloud = false;
    app->notice = (Telling){true, say(&words, M_aloud_missing), say(&words, M_aloud_missing_what)};
}

/* A child that has ended is buried, and the picture may say so. */
Millis app_aloud_deadline(const App *app) {
    return app->settings.read_aloud && speech_is_speaking(app->speech) ? app_tick(app) + LOOK_AGAIN_MS : 0;
}
