/* Which screens are open, one over the other, each with its memory: the data it loaded, and what its visit
 * remembers.
 *
 * A load that fails leaves what was loaded before: last good content is never replaced by an error page. */
#pragma once

#include "kiosk/screens/screens.h"

enum { NAV_DEPTH_MAX = 12 };

typedef struct NavEntry {
    ScreenId screen;
    Str arg;
    Arena *visit_arena, *data_arena; /* arg and state; data */
    void *state, *data;              /* data NULL: nothing could be loaded yet */
    bool stale;
    Status loaded; /* how the last load went */
} NavEntry;

typedef struct Nav {
    NavEntry at[NAV_DEPTH_MAX];
    int count;
} Nav;

NavEntry *nav_top(Nav *nav);
void nav_push(Nav *nav, ScreenId screen, Str arg);
void nav_replace(Nav *nav, ScreenId screen, Str arg);
bool nav_pop(Nav *nav); /* false: the last one stays */
void nav_clear(Nav *nav);
/* Back to the first screen, which is opened when there is none. */
void nav_home(Nav *nav, ScreenId first);
void nav_mark_changed(Nav *nav, KindSet changed);
void nav_mark_minute(Nav *nav);

/* Loads the top anew where it is stale; the stage gets its arena set. */
void nav_load(NavEntry *entry, Stage stage);
