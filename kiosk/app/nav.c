#include "kiosk/app/nav.h"

#include <string.h>

static void entry_open(NavEntry *entry, ScreenId screen, Str arg) {
    const ScreenKind *kind = screen_kind(screen);
    Arena *arena = arena_open();
    *entry = (NavEntry){.screen = screen, .visit_arena = arena, .stale = true};
    entry->arg = arg.at ? str_copy(arena, arg) : (Str){0};
    entry->state = kind->state_size ? arena_alloc(arena, kind->state_size) : NULL;
}

/* What a visit remembered is overwritten before its memory is given back. */
static void entry_close(NavEntry *entry) {
    const ScreenKind *kind = screen_kind(entry->screen);
    if (entry->state) memset(entry->state, 0, kind->state_size);
    arena_wipe(entry->visit_arena);
    arena_close(entry->visit_arena);
    if (entry->data_arena) arena_wipe(entry->data_arena);
    arena_close(entry->data_arena);
    *entry = (NavEntry){0};
}

NavEntry *nav_top(Nav *nav) {
    return nav->count ? &nav->at[nav->count - 1] : NULL;
}

/* The first screen stays; the oldest of the others makes room. */
static void make_room(Nav *nav) {
    if (nav->count < NAV_DEPTH_MAX) return;
    entry_close(&nav->at[1]);
    memmove(&nav->at[1], &nav->at[2], sizeof(NavEntry) * (NAV_DEPTH_MAX - 2));
    nav->count--;
}

void nav_push(Nav *nav, ScreenId screen, Str arg) {
    NavEntry entry;
    entry_open(&entry, screen, arg); /* before anything is closed: arg may live in there */
    make_room(nav);
    nav->at[nav->count++] = entry;
}

void nav_replace(Nav *nav, ScreenId screen, Str arg) {
    NavEntry entry;
    entry_open(&entry, screen, arg);
    if (nav->count) entry_close(&nav->at[--nav->count]);
    nav->at[nav->count++] = entry;
}

bool nav_pop(Nav *nav) {
    if (nav->count < 2) return false;
    entry_close(&nav->at[--nav->count]);
    nav_top(nav)->stale = true;
    return true;
}

void nav_clear(Nav *nav) {
    while (nav->count) entry_close(&nav->at[--nav->count]);
}

void nav_home(Nav *nav, ScreenId first) {
    while (nav->count > 1) entry_close(&nav->at[--nav->count]);
    if (!nav->count)
        nav_push(nav, first, (Str){0});
    else if (nav->at[0].screen != first)
        nav_replace(nav, first, (Str){0});
    nav->at[0].stale = true;
}

void nav_mark_changed(Nav *nav, KindSet changed) {
    for (int i = 0; i < nav->count; i++)
        if (screen_kind(nav->at[i].screen)->reads & changed) nav->at[i].stale = true;
}

void nav_mark_minute(Nav *nav) {
    for (int i = 0; i < nav->count; i++)
        if (screen_kind(nav->at[i].screen)->by_minute) nav->at[i].stale = true;
}

void nav_load(NavEntry *entry, Stage stage) {
    const ScreenKind *kind = screen_kind(entry->screen);
    if (!entry->stale) return;
    entry->stale = false;
    entry->loaded = OK;
    if (!kind->load) return;
    Arena *arena = arena_open();
    void *data = arena_alloc(arena, kind->data_size);
    stage.arena = stage.say.arena = arena;
    stage.arg = entry->arg;
    Err err = {0};
    entry->loaded = kind->load(&stage, entry->state, data, &err);
    if (entry->loaded != OK && !(entry->loaded == E_NOTFOUND)) {
        arena_close(arena); /* what was loaded before stays in sight */
        return;
    }
    if (entry->data_arena) arena_wipe(entry->data_arena);
    arena_close(entry->data_arena);
    entry->data_arena = arena;
    entry->data = entry->loaded == OK ? data : NULL;
}
