/* Who is here, and how every trace of them goes. */
#include "kiosk/app/app.h"

#include <string.h>

/* « Nadia B. » → « Nadia »; « Jean Marc D. » → « Jean Marc » */
static Str greeting_of(Str name) {
    for (size_t i = name.len; i > 1; i--)
        if (name.at[i - 1] == ' ' && name.len - i <= 3) return str_first(name, i - 1);
    return name;
}

void session_begin(App *app, const Person *person, const char *auth) {
    Arena *arena = app->session_arena;
    app->session = (Session){.open = true, .person = *person, .auth = auth};
    Person *kept = &app->session.person;
    kept->meta.id = str_copy(arena, person->meta.id);
    kept->org = str_copy(arena, person->org);
    kept->service = str_copy(arena, person->service);
    kept->name = str_copy(arena, person->name);
    kept->code = person->code.len ? STR("set") : (Str){0}; /* whether there is one, not the hash */
    kept->name_key = (Str){0};
    kept->badges = kept->langs = kept->roles = (TextList){0};
    kept->meta.source = NULL;
    kept->meta.scope = str_copy(arena, person->meta.scope);
    app->session.greeting = greeting_of(kept->name);
    app->session.with_code = strstr(auth, "pin") != NULL;
    ui_set_session(app->ui, true);
    nav_mark_changed(&app->nav, KIND_SET_ALL);
}

void session_end(App *app) {
    arena_wipe(app->session_arena);
    arena_close(app->session_arena);
    app->session_arena = arena_open();
    app->session = (Session){0};
    app->deed = app->done = (Deed){0};
    app->told = (Told){0};
    app->notice = (Telling){0};
    app->refused = VERDICT_none;
    app->kept = OK;
    if (view_forget(app->view, NULL) == OK) nav_mark_changed(&app->nav, KIND_SET_ALL);
    app->logout_at = 0;
    memset(app->op, 0, sizeof app->op);
    ui_set_session(app->ui, false);
}

/* Nobody is here any more: person, typed texts, scroll positions, search, choices, cached pictures of lines
 * of text. */
void app_reset(App *app) {
    nav_clear(&app->nav);
    session_end(app);
    ui_forget(app->ui);
    gfx_forget(app->gfx);
    app->settings = (Settings){.lang = app->options.lang};
    app->mode = MODE_ATTRACT;
    app->swallowing = app->finger_down = app->typing = false;
    app->corners = (CornerWalk){0};
    app->badge_test = (BadgeTest){0};
    app_undo_glass(app);
    app_aloud_set(app, false);
    app_apply_settings(app);
    nav_home(&app->nav, app_first_screen(app));
}
