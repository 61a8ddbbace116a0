/* Badge, or name and code: who stands here, and what they came for. */
#include "kiosk/app/app.h"

#include <string.h>

#define CODE_FIELD STR("code")
#define NAME_FIELD STR("name")

static void keep_deed(App *app, const Deed *deed) {
    Arena *arena = app->session_arena;
    app->deed =
        (Deed){deed->purpose, str_copy(arena, deed->subject), str_copy(arena, deed->step), deed->done};
}

void app_ask_identity(App *app, const Deed *deed) {
    keep_deed(app, deed);
    app->told = (Told){0};
    ui_field_clear(app->ui, NAME_FIELD);
    ui_field_clear(app->ui, CODE_FIELD);
    nav_push(&app->nav, SCREEN_identify, (Str){0});
    ui_leave_screen(app->ui);
}

static bool is_identifying(App *app) {
    NavEntry *top = nav_top(&app->nav);
    return top && top->screen == SCREEN_identify;
}

static void open_space(App *app) {
    nav_replace(&app->nav, SCREEN_my_space, (Str){0});
}

/* Somebody is identified: what they came for is done. « Mon espace » wants the code besides the badge. */
static void go_on(App *app) {
    ui_field_clear(app->ui, NAME_FIELD);
    ui_field_clear(app->ui, CODE_FIELD);
    ui_leave_screen(app->ui);
    app_tell_rejections(app);
    if (app->deed.purpose == PURPOSE_SPACE || app->deed.purpose == PURPOSE_NONE) {
        if (app->session.with_code) {
            open_space(app);
            return;
        }
        app->told.no_code = !app->session.person.code.len;
        app->told.tried = app->told.no_code;
        return; /* the identify screen now asks for the code alone */
    }
    Deed deed = app->deed;
    if (deed.purpose == PURPOSE_TICK) nav_pop(&app->nav);
    app_perform(app, &deed);
}

static void note_outcome(App *app, const Identified *who, bool badge) {
    Arena *arena = app->session_arena;
    app->told =
        (Told){.tried = true, .badge = badge, .result = who->result, .locked_until = who->locked_until};
    if (who->result != IDENTIFY_WHICH_SERVICE) return;
    Str *services = ARENA_ARRAY(arena, Str, who->service_count + 1);
    for (size_t i = 0; i < who->service_count; i++) services[i] = str_copy(arena, who->services[i]);
    app->told.services = services;
    app->told.service_count = who->service_count;
}

static void take_outcome(App *app, Status status, const Identified *who, bool badge) {
    NavEntry *top = nav_top(&app->nav);
    if (top) top->stale = true;
    if (status != OK) {
        app->told = (Told){.tried = true, .badge = badge, .failed = true};
        return;
    }
    note_outcome(app, who, badge);
    if (who->result != IDENTIFY_OK) {
        if (who->result != IDENTIFY_WHICH_SERVICE) ui_field_clear(app->ui, CODE_FIELD);
        return;
    }
    app->told = (Told){0};
    session_begin(app, &who->person, who->auth);
    go_on(app);
}

/* A badge is welcome at any time: where nothing else was asked, it opens « Mon espace ». Another person's
 * badge ends the session. */
void app_show_badge(App *app, const char *digits) {
    if (!app_has_content(app)) return;
    if (app->session.open && is_identifying(app))
        return; /* the code of the one who showed the badge is awaited */
    if (app->session.open) app_reset(app);
    if (app->mode != MODE_AWAKE) {
        app->mode = MODE_AWAKE;
        gfx_drift(app->gfx, 0, 0);
        if (screen_kind(nav_top(&app->nav)->screen)->bare) nav_home(&app->nav, SCREEN_home);
    }
    if (!is_identifying(app)) app_ask_identity(app, &(Deed){.purpose = PURPOSE_SPACE});
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Identified who = {0};
    Status status = identify_by_badge(app->view, str_of(digits), arena, &who, NULL);
    take_outcome(app, status, &who, true);
    arena_wipe(arena);
}

/* The session keeps no hash: the person is read again for it. */
static Status check_code(App *app, Str code, Arena *arena, Identified *who) {
    Person person;
    TRY(records_get(view_records(app->view), K_person, app->session.person.meta.id, &person, arena, NULL));
    return identify_pin(app->view, &person, code, arena, who, NULL);
}

void app_give_code(App *app, Str name, Str service, Str code) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Identified who = {0};
    Status status = app->session.open ? check_code(app, code, arena, &who)
                                      : identify_by_name(app->view, name, service, code, arena, &who, NULL);
    take_outcome(app, status, &who, false);
    arena_wipe(arena);
}
