#include "kiosk/app/kiosk.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/config/config.h"
#include "kiosk/app/bench.h"
#include "kiosk/app/loop.h"
#include "kiosk/app/robot.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { ROBOT_FILE_MAX = 256 * 1024, SIZE_MAX_PX = 16384 };

#define KIOSK_OPTIONS(X)                                                                                     \
    X(PATH, replica, "DIR", NULL, USE_REQUIRED, "the folder of the replica, shared with syncd")              \
    X(FLAG, fullscreen, "", NULL, USE_OPTION, "take the whole display")                                      \
    X(TEXT, size, "WxH", "1920x1080", USE_OPTION,                                                            \
      "size of the window, or of the picture without a display, in pixels")                                  \
    X(TEXT, mm, "WxH", NULL, USE_OPTION, "size of the glass in millimetres, as seen upright")                \
    X(TEXT, at, "LEFTxTOP", NULL, USE_OPTION, "where the window stands on the display, in pixels")           \
    X(CHOICE, rotate, "0|90|180|270", "0", USE_OPTION, "how the glass hangs, clockwise, in degrees")         \
    X(CHOICE, lang, "fr|en", "fr", USE_OPTION, "language at the start, and after each visit")                \
    X(TEXT, hub, "URL", NULL, USE_OPTION, "ask this hub for a pairing code when none was ever known")        \
    X(PATH, robot, "FILE", NULL, USE_OPTION, "replay this script on a virtual clock, then end")              \
    X(FLAG, headless, "", NULL, USE_OPTION, "need no display: paint into memory")                            \
    X(TEXT, now, "ISO", NULL, USE_OPTION, "fix the clock at this moment, 2026-11-24T09:00")                  \
    X(INT, bench_frames, "0..100000", "0", USE_OPTION,                                                       \
      "scroll for so many frames, print their times as JSON, and end")

typedef struct KioskSettings {
    KIOSK_OPTIONS(CONFIG_MEMBER)
} KioskSettings;

#define KIOSK_ROW(...) CONFIG_ROW(KioskSettings, __VA_ARGS__)
static const ConfigOption kiosk_options[] = {KIOSK_OPTIONS(KIOSK_ROW)};

static const ConfigCommand command = {
    .program = "kiosk",
    .summary = "the screen of Relais iX",
    .details = "Shows what the replica holds, at once and without waiting for the network, and keeps what "
               "people do in its outbox until syncd "
               "has brought it to the hub. Ends with status 0; 1 when it could not start or a robot script "
               "failed; 2 on wrong usage.",
    .options = kiosk_options,
    .count = COUNT(kiosk_options),
};

static bool parse_pair(const char *text, int least, int *width, int *height) {
    Str rest = str_of(text), part = {0};
    int64_t w = 0, h = 0;
    bool ok =
        rest.at && str_cut(&rest, 'x', &part) && str_to_int(part, &w) && rest.at && str_to_int(rest, &h);
    if (!ok || w < least || h < least || w > SIZE_MAX_PX || h > SIZE_MAX_PX) return false;
    *width = (int)w;
    *height = (int)h;
    return true;
}

static Status fill_options(const KioskSettings *settings, Arena *arena, AppOptions *out, Err *err) {
    int64_t rotation = 0;
    *out = (AppOptions){.replica_dir = settings->replica,
                        .assets_dir = assets_path(arena, ""),
                        .fullscreen = settings->fullscreen && !settings->headless,
                        .headless = settings->headless,
                        .left_px = -1,
                        .top_px = -1,
                        .version = RELAIS_VERSION,
                        .hub = settings->hub};
    if (!parse_pair(settings->size, 1, &out->width_px, &out->height_px))
        return err_set(err, E_INVALID, "--size %s: write it as 1920x1080", settings->size);
    if (settings->mm && !parse_pair(settings->mm, 1, &out->width_mm, &out->height_mm))
        return err_set(err, E_INVALID, "--mm %s: write it as 476x268", settings->mm);
    if (settings->at && !parse_pair(settings->at, 0, &out->left_px, &out->top_px))
        return err_set(err, E_INVALID, "--at %s: write it as 0x0", settings->at);
    if (str_to_int(str_of(settings->rotate), &rotation)) out->rotation_deg = (int)rotation;
    if (!lang_of(str_of(settings->lang), &out->lang))
        return err_set(err, E_INVALID, "--lang %s: fr or en", settings->lang);
    return OK;
}

/* --now without a robot: the wall is moved, time goes on. */
typedef struct MovedClock {
    Clock base;
    Millis by_ms;
} MovedClock;

static Millis moved_wall(const Clock *clock) {
    return clock_wall(clock_system()) + ((const MovedClock *)(const void *)clock)->by_ms;
}

static Millis moved_steady(const Clock *clock) {
    (void)clock;
    return clock_steady(clock_system());
}

static Status start_time(const KioskSettings *settings, Millis *out, Err *err) {
    *out = clock_wall(clock_system());
    if (settings->now && !date_parse(str_of(settings->now), out))
        return err_set(err, E_INVALID, "--now %s: write it as 2026-11-24T09:00", settings->now);
    return OK;
}

static Status run_robot(const KioskSettings *settings, AppOptions *options, Millis start, Arena *arena,
                        Err *err) {
    Str script = {0};
    RobotCommand *commands = NULL;
    size_t count = 0;
    TRY(file_read(arena, settings->robot, ROBOT_FILE_MAX, &script, err));
    TRY(robot_parse(arena, script, settings->robot, &commands, &count, err));
    HandClock clock = hand_clock(start);
    hand_clock_advance(&clock, 0);
    options->clock = &clock.base;
    AUTO(app_close_auto) App *app = NULL;
    TRY(app_open(&app, options, err));
    return robot_run(app, &clock, commands, count, settings->robot, err);
}

static Status run_screen(const KioskSettings *settings, AppOptions *options, Millis start, bool *restarts,
                         Err *err) {
    MovedClock clock = {{moved_wall, moved_steady}, settings->now ? start - clock_wall(clock_system()) : 0};
    options->clock = &clock.base;
    AUTO(app_close_auto) App *app = NULL;
    TRY(app_open(&app, options, err));
    if (settings->bench_frames) return bench_run(app, (int)settings->bench_frames, err);
    TRY(loop_run(app, err));
    *restarts = app_restarts(app);
    return OK;
}

/* The same program with the same words, whether or not somebody watches over it. */
static Status start_again(char **argv, Err *err) {
    execv("/proc/self/exe", argv);
    return err_from_errno(err, errno, "the new start");
}

int kiosk_main(int argc, char **argv) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    KioskSettings settings;
    AppOptions options;
    Err err = {0};
    Millis start = 0;
    int exit_status = 0;
    bool restarts = false;
    date_use_zone("Europe/Paris");
    if (!config_start(&command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    if (fill_options(&settings, arena, &options, &err) != OK || start_time(&settings, &start, &err) != OK)
        return config_fail_usage(&command, "%s", err.text);
    Status status = settings.robot ? run_robot(&settings, &options, start, arena, &err)
                                   : run_screen(&settings, &options, start, &restarts, &err);
    if (status == OK && restarts) status = start_again(argv, &err);
    return status == OK ? 0 : config_fail(&command, &err);
}
