/* A script replayed through the same input path as fingers, on a virtual clock (KIOSK, Robot).
 *
 *     tap "Me former"        by label; or: tap 960 540 (pixels of the upright picture)
 *     tap "Oui|Non"          the first of these labels that is there
 *     swipe 960 800 960 200
 *     type "réunion"         on the keyboard of the screen
 *     badge 0013748911       as the reader would
 *     wait 1500              virtual milliseconds
 *     sync 5000              real milliseconds at most, until nothing is undecided
 *     await 5000 "texte"     real milliseconds at most, until it can be seen
 *     expect "confirmé"      visible text; also: expect-not
 *     shot shots/event.png   the picture; dump shots/event.txt: the display list
 *     note FILE "texte"      appends a line, durably: the text, a tab, and all text that can be seen;
 *                            a named pipe waits here for its reader
 *     quit
 *
 * One command a line; # starts a comment. The first that fails ends the run and says what was visible
 * instead. */
#pragma once

#include "kiosk/app/app.h"

typedef enum RobotVerb {
    ROBOT_TAP,
    ROBOT_TAP_AT,
    ROBOT_HOLD,
    ROBOT_SWIPE,
    ROBOT_TYPE,
    ROBOT_BADGE,
    ROBOT_WAIT,
    ROBOT_SYNC,
    ROBOT_AWAIT,
    ROBOT_EXPECT,
    ROBOT_EXPECT_NOT,
    ROBOT_SHOT,
    ROBOT_DUMP,
    ROBOT_NOTE,
    ROBOT_QUIT
} RobotVerb;

typedef struct RobotCommand {
    RobotVerb verb;
    int line;
    Str text, path;
    int64_t number[4];
} RobotCommand;

/* The whole script at once, so that a mistake in its last line is told before the first is done. `name`
 * stands in errors. */
CHECKED Status robot_parse(Arena *arena, Str script, const char *name, RobotCommand **out, size_t *count,
                           Err *err);

/* Clock must be the app's. */
CHECKED Status robot_run(App *app, HandClock *clock, const RobotCommand *commands, size_t count,
                         const char *name, Err *err);

/* What a tap on that label, or on the first of those between bars that is there, would touch: a target of
 * that label, one that holds it as whole words, or visible text that does. */
bool robot_find(const DisplayList *list, Str label, int *x, int *y);
