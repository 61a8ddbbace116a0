#include "kiosk/app/robot.h"

#include "common/base/file.h"
#include "common/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
    SETTLE_MS = 300, /* what moves has come to rest then: a slide, a dialog that rises */
    SWIPE_STEPS = 12,
    SWIPE_STEP_MS = 12,
    KEY_MS = 5, /* between two keys of a badge reader */
    HOLD_MS = LONG_PRESS_MS + 50,
    SYNC_POLL_MS = 20,
    SEEN_MAX = 900,
    NOTE_MAX = 64 * 1024
};

typedef struct Robot {
    App *app;
    HandClock *clock;
    const char *name;
    BadgeReader reader;
} Robot;

/* ---- time ---- */

static void step_to(Robot *robot, Millis until) {
    GfxEvent timeout = {.type = GFX_TIMEOUT};
    hand_clock_advance(robot->clock, until - app_tick(robot->app));
    app_handle(robot->app, &timeout);
    app_frame(robot->app);
}

/* Everything that happens by itself happens when it is due, in its order. */
static void pass(Robot *robot, Millis by_ms) {
    Millis until = app_tick(robot->app) + by_ms;
    for (;;) {
        Millis due = app_next_deadline(robot->app);
        if (!due || due >= until) break;
        step_to(robot, due > app_tick(robot->app) ? due : app_tick(robot->app) + 1);
    }
    if (app_tick(robot->app) < until) step_to(robot, until);
}

/* ---- fingers ---- */

static void finger(Robot *robot, InputType type, int x, int y) {
    GfxEvent event = {.type = GFX_INPUT, .input = {.type = type, .x = x, .y = y}};
    app_handle(robot->app, &event);
    app_frame(robot->app);
}

static void tap(Robot *robot, int x, int y) {
    finger(robot, INPUT_DOWN, x, y);
    pass(robot, 60);
    finger(robot, INPUT_UP, x, y);
    pass(robot, SETTLE_MS);
}

static void swipe(Robot *robot, const int64_t *points) {
    Input from = gfx_map_pixel(robot->app->gfx, INPUT_DOWN, (int)points[0], (int)points[1]);
    Input to = gfx_map_pixel(robot->app->gfx, INPUT_UP, (int)points[2], (int)points[3]);
    finger(robot, INPUT_DOWN, from.x, from.y);
    for (int i = 1; i <= SWIPE_STEPS; i++) {
        pass(robot, SWIPE_STEP_MS);
        finger(robot, INPUT_MOVE, from.x + (to.x - from.x) * i / SWIPE_STEPS,
               from.y + (to.y - from.y) * i / SWIPE_STEPS);
    }
    finger(robot, INPUT_UP, to.x, to.y);
    pass(robot, 1500);
}

/* ---- what can be seen ---- */

static void add_seen(Buf *out, const DisplayList *list, ItemType type, size_t max) {
    for (size_t i = 0; i < list->count && !out->over; i++) {
        const Item *item = &list->items[i];
        if (item->type != type || !item->text.len) continue;
        if (out->len + item->text.len + 8 > max) return;
        buf_print(out, "%s%.*s", out->len ? " | " : "", STR_FORMAT(item->text));
    }
}

static Status fail(Robot *robot, const RobotCommand *command, const char *what, Err *err) {
    AUTO(buf_free) Buf seen = buf_new(SEEN_MAX);
    add_seen(&seen, robot->app->ui->list, ITEM_TEXT, SEEN_MAX);
    Str text = str_first(buf_str(&seen), ERR_TEXT_MAX - 160 > 0 ? ERR_TEXT_MAX - 160 : 0);
    return err_set(err, E_NOTFOUND, "%s:%d: %s \"%.*s\"; visible: %.*s", robot->name, command->line, what,
                   STR_FORMAT(command->text), STR_FORMAT(text));
}

static bool sees(Robot *robot, Str text) {
    return display_list_has_text(robot->app->ui->list, text);
}

static Status tap_label(Robot *robot, const RobotCommand *command, bool hold, Err *err) {
    int x = 0, y = 0;
    if (!robot_find(robot->app->ui->list, command->text, &x, &y))
        return fail(robot, command, "nothing to tap:", err);
    if (!hold) {
        tap(robot, x, y);
        return OK;
    }
    finger(robot, INPUT_DOWN, x, y);
    pass(robot, HOLD_MS);
    finger(robot, INPUT_UP, x, y);
    pass(robot, SETTLE_MS);
    return OK;
}

/* ---- typing: through the keys on the screen; what has no key there comes as a character ---- */

static const Item *key_named(const DisplayList *list, Str label) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].type == ITEM_TARGET && list->items[i].role == ROLE_KEY &&
            str_equal(list->items[i].text, label))
            return &list->items[i];
    return NULL;
}

static void type_one(Robot *robot, Str character) {
    const DisplayList *list = robot->app->ui->list;
    Str label = str_is(character, " ") ? robot->app->ui->labels.key_space : character;
    const Item *key = key_named(list, label);
    char lower[2] = {character.len == 1 ? (char)(character.at[0] | 0x20) : '\0', '\0'};
    bool letter = lower[0] >= 'a' && lower[0] <= 'z';
    if (!key && letter && key_named(list, str_of(lower))) { /* a capital: Maj first */
        const Item *shift = key_named(list, robot->app->ui->labels.key_shift);
        if (shift) tap(robot, shift->rect.x + shift->rect.w / 2, shift->rect.y + shift->rect.h / 2);
        key = key_named(robot->app->ui->list, label);
    }
    if (key) {
        tap(robot, key->rect.x + key->rect.w / 2, key->rect.y + key->rect.h / 2);
        return;
    }
    GfxEvent event = {.type = GFX_INPUT, .input = {.type = INPUT_TEXT}};
    memcpy(event.input.text, character.at, character.len < sizeof event.input.text ? character.len : 0);
    app_handle(robot->app, &event);
    app_frame(robot->app);
}

static void type_text(Robot *robot, Str text) {
    for (size_t at = 0, from = 0; utf8_next(text, &at) >= 0; from = at)
        type_one(robot, (Str){text.at + from, at - from});
}

/* ---- the badge reader: digits as keys, a few milliseconds apart ---- */

static int usage_of(char byte) {
    enum { USAGE_1 = 30, USAGE_0 = 39, USAGE_ENTER = 40 };
    if (byte == '\n') return USAGE_ENTER;
    return byte == '0' ? USAGE_0 : USAGE_1 + (byte - '1');
}

static Status show_badge(Robot *robot, const RobotCommand *command, Err *err) {
    GfxEvent event = {.type = GFX_BADGE};
    BadgeKey last = BADGE_KEY_OTHER;
    for (size_t i = 0; i <= command->text.len; i++) {
        char byte = i < command->text.len ? command->text.at[i] : '\n';
        if (byte != '\n' && (byte < '0' || byte > '9'))
            return fail(robot, command, "a badge has digits only:", err);
        hand_clock_advance(robot->clock, KEY_MS);
        last = badge_key(&robot->reader, usage_of(byte), app_tick(robot->app), event.badge);
    }
    event.timing = robot->reader.last;
    if (last != BADGE_KEY_DONE) return fail(robot, command, "the reader gave no badge for", err);
    app_handle(robot->app, &event);
    app_frame(robot->app);
    pass(robot, SETTLE_MS);
    return OK;
}

/* ---- real time: what other programs do ---- */

static void wait_for_poke(Robot *robot) {
    struct pollfd poked = {.fd = robot->app->wake ? wake_fd(robot->app->wake) : -1, .events = POLLIN};
    (void)poll(&poked, 1, SYNC_POLL_MS);
    if (robot->app->wake) (void)wake_drain(robot->app->wake);
    GfxEvent event = {.type = GFX_WAKE};
    app_handle(robot->app, &event);
    app_frame(robot->app);
}

static bool real_wait(Robot *robot, Millis at_most_ms, bool (*done)(Robot *, Str), Str text) {
    Millis end = clock_steady(clock_system()) + at_most_ms;
    for (;;) {
        if (done(robot, text)) return true;
        if (clock_steady(clock_system()) >= end) return false;
        wait_for_poke(robot);
    }
}

static bool is_decided(Robot *robot, Str text) {
    (void)text;
    return robot->app->health.pending_ops == 0;
}

/* ---- files ---- */

static Status make_parent(Arena *arena, const char *path, Err *err) {
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path) return OK;
    return dir_make(str_cstr(arena, (Str){path, (size_t)(slash - path)}), 0755, err);
}

static Status save(Robot *robot, const RobotCommand *command, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char *path = str_cstr(arena, command->text);
    TRY(make_parent(arena, path, err));
    if (command->verb == ROBOT_SHOT) return gfx_shot(robot->app->gfx, path, err);
    AUTO(buf_free) Buf dump = buf_new(8u << 20);
    display_list_dump(robot->app->ui->list, &dump);
    return file_write(path, buf_str(&dump), 0644, err);
}

/* In one write, so that a line is whole or not there, whoever is killed. A pipe may be given, to wait for its
 * reader: it has no disk to sync. */
static Status append_line(const char *path, Str line, Err *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) return err_from_errno(err, errno, "cannot open %s", path);
    bool whole = write(fd, line.at, line.len) == (ssize_t)line.len && (fsync(fd) == 0 || errno == EINVAL);
    int cause = errno;
    close(fd);
    return whole ? OK : err_from_errno(err, cause, "cannot write %s", path);
}

static Status note(Robot *robot, const RobotCommand *command, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf line = buf_new(NOTE_MAX);
    buf_print(&line, "%.*s\t", STR_FORMAT(command->text));
    add_seen(&line, robot->app->ui->list, ITEM_TEXT, NOTE_MAX - 8);
    buf_add_byte(&line, '\n');
    return append_line(str_cstr(arena, command->path), buf_str(&line), err);
}

static Status run_one(Robot *robot, const RobotCommand *command, Err *err) {
    Input at;
    switch (command->verb) {
    case ROBOT_TAP:
        return tap_label(robot, command, false, err);
    case ROBOT_HOLD:
        return tap_label(robot, command, true, err);
    case ROBOT_TAP_AT:
        at = gfx_map_pixel(robot->app->gfx, INPUT_DOWN, (int)command->number[0], (int)command->number[1]);
        tap(robot, at.x, at.y);
        return OK;
    case ROBOT_SWIPE:
        swipe(robot, command->number);
        return OK;
    case ROBOT_TYPE:
        type_text(robot, command->text);
        return OK;
    case ROBOT_BADGE:
        return show_badge(robot, command, err);
    case ROBOT_WAIT:
        pass(robot, command->number[0]);
        return OK;
    case ROBOT_SYNC:
        if (real_wait(robot, command->number[0], is_decided, command->text)) return OK;
        return fail(robot, command, "something is still undecided", err);
    case ROBOT_AWAIT:
        if (real_wait(robot, command->number[0], sees, command->text)) return OK;
        return fail(robot, command, "did not come in time:", err);
    case ROBOT_EXPECT:
        return sees(robot, command->text) ? OK : fail(robot, command, "expected", err);
    case ROBOT_EXPECT_NOT:
        return sees(robot, command->text) ? fail(robot, command, "not expected", err) : OK;
    case ROBOT_SHOT:
    case ROBOT_DUMP:
        return save(robot, command, err);
    case ROBOT_NOTE:
        return note(robot, command, err);
    case ROBOT_QUIT:
        robot->app->quits = true;
        return OK;
    }
    return OK;
}

Status robot_run(App *app, HandClock *clock, const RobotCommand *commands, size_t count, const char *name,
                 Err *err) {
    Robot robot = {.app = app, .clock = clock, .name = name};
    app_frame(app);
    for (size_t i = 0; i < count && !app_quits(app); i++) TRY(run_one(&robot, &commands[i], err));
    return OK;
}
