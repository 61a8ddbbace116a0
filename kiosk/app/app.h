/* The kiosk itself: what holds the screens, the view of the replica, the session and the time together
 * (README.md of this folder).
 *
 *     app_open → { app_handle(event); app_frame } … until app_quits → app_close
 *
 * app_next_deadline says when app_handle wants a GFX_TIMEOUT although nothing happened. Nothing here waits:
 * kiosk/app/loop.c does, on real time, and kiosk/app/robot.c on virtual time. */
#pragma once

#include "common/replica/wake.h"
#include "kiosk/app/corners.h"
#include "kiosk/app/glass_file.h"
#include "kiosk/app/nav.h"
#include "kiosk/app/speech.h"
#include "kiosk/gfx/gfx.h"

typedef struct AppOptions {
    const char *replica_dir, *assets_dir;
    int width_px, height_px, width_mm, height_mm, rotation_deg;
    int left_px, top_px; /* of a window; negative: wherever the display puts it */
    bool fullscreen, headless;
    Lang lang;
    const Clock *clock; /* borrowed */
    const char *version;
    const Machine *machine; /* NULL: the real one */
    const char *hub;        /* asked to pair with it when none was ever known; NULL: none */
} AppOptions;

typedef enum AppMode {
    MODE_ATTRACT, /* nobody; a touch wakes it and does nothing else */
    MODE_AWAKE,
    MODE_WARNING /* « Toujours là ? » over the screen */
} AppMode;

typedef struct Telling { /* said in a dialog, once */
    bool shown;
    Str title, sentence;
} Telling;

typedef struct App {
    AppOptions options;
    const Clock *clock;
    View *view;
    Search *search; /* NULL until the first picture stands */
    bool search_behind;
    Wake *wake; /* NULL where it could not be bound: the minute stands in */
    I18n *i18n;
    Gfx *gfx;
    Ui *ui;

    Arena *here_arena;
    Here here;
    Color accent;
    ViewHealth health;
    Millis minute; /* the last whole minute that was looked at, wall */

    AppMode mode;
    Millis touched_at, warned_at; /* steady */
    bool swallowing;              /* the waking touch, until it is lifted */
    bool finger_down, typing, quits, restarts;
    CornerWalk corners;
    Glass glass, glass_base, glass_own; /* as it is; without and by the technician */
    unsigned glass_parts;               /* of glass_own */
    Glass trial_before;
    Millis trial_until; /* steady; 0: nothing is tried */
    BadgeTest badge_test;
    Journal journal;
    Speech *speech;
    uint64_t spoken_key;
    uint32_t spoken_focus;
    Settings settings;
    Nav nav;
    Millis ui_wake_at; /* steady; 0 = never */
    int drift;

    Arena *session_arena; /* everything of a person: overwritten at the end of the session */
    Session session;
    Deed deed; /* pending while identifying */
    Deed done; /* what the result is about */
    Told told;
    Telling notice;
    char op[UUID_LEN + 1];
    Verdict refused;
    Status kept;
    Millis logout_at; /* steady; 0 = none */
} App;

CHECKED Status app_open(App **out, const AppOptions *options, Err *err);
void app_close(App *app);
void app_close_auto(App **app);

void app_handle(App *app, const GfxEvent *event);
void app_frame(App *app);                 /* draws until nothing changes any more, and paints */
Millis app_next_deadline(const App *app); /* steady; 0 = none */
void app_refresh(App *app);               /* after a poke: looks at the files */
bool app_quits(const App *app);
bool app_restarts(const App *app); /* once it quits: the technician asked for a new start */

/* ---- between the files of this folder ---- */

Millis app_now(const App *app);  /* wall */
Millis app_tick(const App *app); /* steady */
bool app_can_write(const App *app);
bool app_has_content(const App *app);
bool app_is_unpaired(const App *app);
ScreenId app_first_screen(const App *app); /* what stands there while nobody has touched anything */
Stage app_stage(App *app);
void app_act(App *app, const Action *action); /* actions.c */
void app_apply_settings(App *app);

/* session.c */
void session_begin(App *app, const Person *person, const char *auth);
void session_end(App *app);
void app_reset(App *app); /* nobody is here any more: attract, every trace gone */

/* identify.c */
void app_ask_identity(App *app, const Deed *deed);
void app_show_badge(App *app, const char *digits);
void app_give_code(App *app, Str name, Str service, Str code);

/* perform.c: the only writer */
void app_do(App *app, const Deed *deed);      /* asks who it is first, where nobody is identified */
void app_perform(App *app, const Deed *deed); /* by the identified person */
void app_tell_rejections(App *app);
void app_note_told(App *app); /* after each refresh */

/* idle.c */
void idle_touched(App *app);
void idle_look(App *app); /* moves between awake, warning and attract as time goes by */
Millis idle_deadline(const App *app);
int idle_seconds_left(const App *app);

/* search.c: the index follows the replica while nobody touches the screen */
void app_search_changed(App *app);
void app_search_step(App *app);
Millis app_search_deadline(const App *app);

/* shell.c: bars, dialogs, and the screen between them */
Action shell_draw(App *app);

/* images.c */
Status app_image(void *app, Str name, Arena *arena, Str *bytes, Err *err);
bool app_has_image(const void *app, Str name);

/* technician.c */
enum { GLASS_TRIAL_MS = 15000 };
void app_open_technician(App *app);
void app_give_technician_code(App *app, Str code);
void app_note(App *app, const char *text); /* into the journal */
void app_note_health(App *app);
bool app_test_badge(App *app, const GfxEvent *event);
void app_glass_open(App *app);
void app_glass_refresh(App *app);
void app_glass_take_profile(App *app, const Profile *profile);
void app_try_glass(App *app, const Glass *glass);
void app_keep_glass(App *app);
void app_undo_glass(App *app);
void app_look_at_trial(App *app);
int app_trial_seconds(const App *app);
Millis app_trial_deadline(const App *app);
void app_set_calibration(App *app);
void app_calibrate(App *app, const Action *action);
void app_request(App *app, const Action *action);
void app_ask_first_hub(App *app);

/* aloud.c */
void app_aloud_look(App *app); /* after a frame */
void app_aloud_stop(App *app);
void app_aloud_set(App *app, bool on);
Millis app_aloud_deadline(const App *app);
