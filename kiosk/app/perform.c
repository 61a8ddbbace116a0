/* The only writer: a deed becomes an operation in the outbox, durable before the screen says so. */
#include "kiosk/app/app.h"
#include "kiosk/screens/parts.h"

#include <stdio.h>

static const char *op_name(Purpose purpose) {
    switch (purpose) {
    case PURPOSE_REGISTER:
        return "register";
    case PURPOSE_CANCEL:
        return "cancel";
    case PURPOSE_TICK:
        return "tick";
    case PURPOSE_NONE:
    case PURPOSE_SPACE:
        break;
    }
    return "";
}

static const Json *op_args(const App *app, const Deed *deed, Arena *arena) {
    Json *args = json_new_map(arena);
    if (deed->purpose != PURPOSE_TICK) {
        json_put_text(arena, args, "event", deed->subject);
        return args;
    }
    json_put_text(arena, args, "run", id_join(arena, app->session.person.meta.id, deed->subject));
    json_put_text(arena, args, "step", deed->step);
    json_put_bool(arena, args, "done", deed->done);
    return args;
}

static Str not_kept_words(const App *app, Arena *arena) {
    Say speak = {app->i18n, app->settings.lang, arena, app_now(app)};
    if (app->kept == E_FULL) return say(&speak, M_trouble_full);
    return say(&speak, app->kept == E_READONLY ? M_trouble_readonly : M_trouble_disk);
}

/* A tick has no screen of its own to say that it failed. */
static void tell_not_kept(App *app) {
    Say speak = {app->i18n, app->settings.lang, app->session_arena, app_now(app)};
    app->notice =
        (Telling){true, say(&speak, M_result_not_kept),
                  app->kept == OK ? say(&speak, M_refused_other) : not_kept_words(app, app->session_arena)};
}

void app_perform(App *app, const Deed *deed) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Performed performed = {0};
    app->kept = view_perform(app->view, op_name(deed->purpose), app->session.person.meta.id,
                             str_of(app->session.auth), op_args(app, deed, arena), false, &performed, NULL);
    bool refused = app->kept == OK && verdict_is_rejection(performed.predicted);
    app->refused = refused ? performed.predicted : VERDICT_none;
    snprintf(app->op, sizeof app->op, "%s", refused ? "" : performed.op.text);
    app_refresh(app);
    nav_mark_changed(&app->nav, KIND_SET_ALL);
    if (deed->purpose == PURPOSE_TICK) {
        if (app->kept != OK || refused) tell_not_kept(app);
        return;
    }
    Arena *kept = app->session_arena;
    app->done = (Deed){deed->purpose, str_copy(kept, deed->subject), {0}, false};
    app->deed = (Deed){0};
    NavEntry *top = nav_top(&app->nav);
    if (top && top->screen == SCREEN_identify)
        nav_replace(&app->nav, SCREEN_result, (Str){0});
    else
        nav_push(&app->nav, SCREEN_result, (Str){0});
    app->session.staying = false;
    app->logout_at = app_tick(app) + RESULT_LOGOUT_MS;
    ui_leave_screen(app->ui);
}

void app_do(App *app, const Deed *deed) {
    if (app->session.open)
        app_perform(app, deed);
    else
        app_ask_identity(app, deed);
}

/* ---- what was refused after the person had left ---- */

static Str refused_line(App *app, const Say *speak, const Refusal *refusal) {
    Event event;
    Records *records = view_records(app->view);
    Str title = STR("…");
    if (refusal->event.len && records_get(records, K_event, refusal->event, &event, speak->arena, NULL) == OK)
        title = event.title;
    return say_with(speak, M_told_line, TXT(title), TXT(verdict_words(speak, refusal->verdict)));
}

/* Told once, at the next identification. */
void app_tell_rejections(App *app) {
    Arena *arena = app->session_arena;
    Say speak = {app->i18n, app->settings.lang, arena, app_now(app)};
    Refusal *refusals = NULL;
    size_t count = 0;
    if (view_refusals(app->view, app->session.person.meta.id, arena, &refusals, &count, NULL) != OK || !count)
        return;
    AUTO(buf_free) Buf text = buf_new(SAY_MAX);
    for (size_t i = 0; i < count; i++) {
        if (text.len) buf_add_byte(&text, ' ');
        buf_add(&text, refused_line(app, &speak, &refusals[i]));
        if (view_mark_told(app->view, refusals[i].op, NULL) != OK) return;
    }
    app->notice = (Telling){true, say(&speak, M_told_refused), str_copy(arena, buf_str(&text))};
}

/* The result screen has shown it: it is not told again. */
void app_note_told(App *app) {
    OpStatus status;
    const NavEntry *top = nav_top(&app->nav);
    if (!top || top->screen != SCREEN_result || !app->op[0]) return;
    if (view_op_status(app->view, str_of(app->op), &status, NULL) != OK || !status.decided) return;
    if (verdict_is_rejection(status.verdict) && view_mark_told(app->view, str_of(app->op), NULL) != OK)
        return;
}
