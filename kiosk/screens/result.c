/* What became of what was asked: kept, confirmed, waiting, refused. It turns by itself when the hub's
 * decision arrives. */
#include "kiosk/screens/parts.h"

typedef enum Outcome {
    OUTCOME_KEPT, /* durable here, not decided yet */
    OUTCOME_CONFIRMED,
    OUTCOME_WAITING,
    OUTCOME_TO_APPROVE,
    OUTCOME_CANCELLED,
    OUTCOME_REFUSED,
    OUTCOME_NOT_KEPT /* the disk refused it: nothing was kept */
} Outcome;

typedef struct Result {
    EventInfo info, again; /* the event; the next one of its series */
    bool has_again;
    Outcome outcome;
    Verdict verdict; /* OUTCOME_REFUSED */
} Result;

static Outcome outcome_of_verdict(const Stage *stage, Verdict verdict) {
    if (verdict_is_rejection(verdict)) return OUTCOME_REFUSED;
    if (stage->deed->purpose == PURPOSE_CANCEL) return OUTCOME_CANCELLED;
    if (verdict == VERDICT_waiting) return OUTCOME_WAITING;
    return verdict == VERDICT_to_approve ? OUTCOME_TO_APPROVE : OUTCOME_CONFIRMED;
}

/* A registration may have moved on since the verdict (a seat was freed): its state says the latest. */
static Outcome outcome_of_state(RegistrationState state, Outcome otherwise) {
    if (state == RegistrationState_confirmed) return OUTCOME_CONFIRMED;
    if (state == RegistrationState_waiting) return OUTCOME_WAITING;
    return state == RegistrationState_to_approve ? OUTCOME_TO_APPROVE : otherwise;
}

static Status load_outcome(const Stage *stage, Result *data, Err *err) {
    data->outcome = OUTCOME_NOT_KEPT;
    if (stage->kept != OK) return OK;
    data->outcome = OUTCOME_REFUSED;
    data->verdict = stage->refused;
    if (stage->refused != VERDICT_none) return OK;
    OpStatus op;
    TRY(view_op_status(stage->view, stage->op, &op, err));
    data->outcome = OUTCOME_KEPT;
    if (!op.known || !op.decided) return OK;
    data->verdict = op.verdict;
    data->outcome = outcome_of_verdict(stage, op.verdict);
    if (data->outcome != OUTCOME_REFUSED && data->outcome != OUTCOME_CANCELLED && !data->info.provisional)
        data->outcome = outcome_of_state(data->info.my_state, data->outcome);
    return OK;
}

/* « Le même revient le mardi 8 décembre » */
static Status load_again(const Stage *stage, Result *data, Err *err) {
    if (!data->info.event.series.len ||
        (data->outcome != OUTCOME_WAITING && data->outcome != OUTCOME_REFUSED))
        return OK;
    ViewArg args[] = {VIEW_INT(data->info.event.ends), VIEW_INT(200)};
    void *rows = NULL;
    size_t count = 0;
    TRY(view_list(stage->view, VIEW_events_from, args, COUNT(args), &rows, &count, stage->arena, err));
    const Event *events = rows;
    for (size_t i = 0; i < count && !data->has_again; i++) {
        if (!str_equal(events[i].series, data->info.event.series)) continue;
        TRY(event_info(stage, &events[i], &data->again, err));
        data->has_again = true;
    }
    return OK;
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Result *data = out;
    TRY(event_get(stage, stage->deed->subject, &data->info, err));
    TRY(load_outcome(stage, data, err));
    return load_again(stage, data, err);
}

/* ---- words ---- */

static Str not_kept_words(const Stage *stage) {
    if (stage->kept == E_FULL) return words(stage, M_trouble_full);
    if (stage->kept == E_READONLY) return words(stage, M_trouble_readonly);
    return words(stage, M_trouble_disk);
}

typedef struct Panel {
    ResultKind kind;
    Str title, sentence;
} Panel;

static Panel kept_panel(const Stage *stage) {
    bool cancel = stage->deed->purpose == PURPOSE_CANCEL;
    return (Panel){RESULT_KEPT, words(stage, cancel ? M_result_cancel_kept : M_result_kept),
                   words(stage, stage->health->online ? M_result_soon : M_result_next_link)};
}

static Panel panel_of(const Stage *stage, const Result *data) {
    Str who = stage->session->greeting;
    switch (data->outcome) {
    case OUTCOME_KEPT:
        return kept_panel(stage);
    case OUTCOME_CONFIRMED:
        return (Panel){RESULT_CONFIRMED, words(stage, M_result_confirmed),
                       words_with(stage, M_result_seat_kept, TXT(who))};
    case OUTCOME_WAITING:
        return (Panel){
            RESULT_WAITING, words(stage, M_result_waiting),
            words_with(stage, M_result_position, TXT(say_ordinal(&stage->say, data->info.my_rank, true)))};
    case OUTCOME_TO_APPROVE:
        return (Panel){RESULT_KEPT, words(stage, M_result_to_approve),
                       words(stage, data->info.event.approval == EventApproval_hr ? M_result_by_hr
                                                                                  : M_result_by_manager)};
    case OUTCOME_CANCELLED:
        return (Panel){RESULT_CONFIRMED, words(stage, M_result_cancelled), words(stage, M_result_seat_freed)};
    case OUTCOME_REFUSED:
        return (Panel){RESULT_REFUSED, words(stage, M_result_refused),
                       verdict_words(&stage->say, data->verdict)};
    case OUTCOME_NOT_KEPT:
        break;
    }
    return (Panel){RESULT_REFUSED, words(stage, M_result_not_kept), words(stage, M_result_not_kept_sentence)};
}

/* ---- drawing ---- */

/* Left out where there is no room for it. */
static void fact(const Stage *stage, Rect *area, const char *icon, Str text) {
    if (ui_fact_height(stage->ui, area->w, text, false) > area->h) return;
    rect_cut_top(area, ui_fact(stage->ui, *area, icon, text, false, COLOR_NONE) + 12);
}

static void draw_kept(const Stage *stage, Rect area, const Result *data) {
    const ViewHealth *health = stage->health;
    if (stage->deed->purpose == PURPOSE_REGISTER) {
        Str then = (Str){0};
        if (data->info.limited && health->last_contact != INT_ABSENT)
            then = words_with(stage, M_result_were_free, NUM(data->info.free + data->info.provisional),
                              TXT(say_moment(&stage->say, health->last_contact)));
        Str bold = words(stage, M_result_not_yet);
        if (ui_banner_height(stage->ui, area.w, bold, then) > area.h) then = (Str){0};
        rect_cut_top(&area, ui_banner(stage->ui, area, BANNER_PROVISIONAL, bold, then) + 28);
    }
    fact(stage, &area, "disque", words(stage, M_result_durable));
    fact(stage, &area, "personne", words(stage, M_result_answer_there));
}

static void draw_waiting(const Stage *stage, Rect area, const Result *data) {
    if (data->info.limited) {
        SeatMeter meter = {.seats = (int)data->info.seats,
                           .free = (int)data->info.free,
                           .words = words_with(stage, data->info.free ? M_seats_free : M_seats_none,
                                               NUM(data->info.free), NUM(data->info.seats))};
        rect_cut_top(&area, ui_seat_meter(stage->ui, area, meter) + 24);
    }
    fact(stage, &area, "sync", words(stage, M_result_if_freed));
    if (data->has_again)
        fact(stage, &area, event_icon(data->again.event.type),
             words_with(stage, M_result_again, TXT(say_day(&stage->say, data->again.event.starts))));
}

static void draw_refused(const Stage *stage, Rect area, const Result *data) {
    if (data->outcome == OUTCOME_NOT_KEPT)
        rect_cut_top(&area, ui_banner(stage->ui, area, BANNER_ERROR, (Str){0}, not_kept_words(stage)) + 24);
    else
        fact(stage, &area, "info", words(stage, M_refused_what_now));
    if (data->has_again)
        fact(stage, &area, event_icon(data->again.event.type),
             words_with(stage, M_result_again, TXT(say_day(&stage->say, data->again.event.starts))));
}

static void draw_confirmed(const Stage *stage, Rect area, const Result *data) {
    fact(stage, &area, "info", words(stage, M_result_cancel_there));
    rect_cut_top(&area, HALF);
    int height = area.h > 360 ? 328 : area.h;
    if (height > 200) draw_ical(stage, rect_make(area.x, area.y, area.w, height), &data->info);
}

/* Larger text on a small screen leaves room for the name and the hour. */
static void draw_event_head(const Stage *stage, Rect *area, const Result *data) {
    Ui *ui = stage->ui;
    const EventInfo *info = &data->info;
    bool tight = ui->screen.layout == LAYOUT_SMALL && ui->theme.choice.larger_text;
    TextLook look = {.font = FONT_M_BOLD};
    rect_cut_top(area, ui_text(ui, *area, tight ? info->title : event_full_title(stage, info), look) + HALF);
    if (!tight) {
        rect_cut_top(area, draw_event_facts(stage, *area, info, true) + QUARTER);
        return;
    }
    const Event *event = &info->event;
    fact(stage, area, "calendrier",
         say_when(&stage->say, event->starts, event->ends, event->all_day == TRUTH_YES));
}

static void draw_what(const Stage *stage, Rect area, const Result *data) {
    draw_event_head(stage, &area, data);
    switch (data->outcome) {
    case OUTCOME_KEPT:
        draw_kept(stage, area, data);
        break;
    case OUTCOME_CONFIRMED:
        draw_confirmed(stage, area, data);
        break;
    case OUTCOME_WAITING:
        draw_waiting(stage, area, data);
        break;
    case OUTCOME_TO_APPROVE:
        fact(stage, &area, "personne", words(stage, M_result_answer_there));
        break;
    case OUTCOME_CANCELLED:
        fact(stage, &area, "info", words(stage, M_result_come_again));
        break;
    case OUTCOME_REFUSED:
    case OUTCOME_NOT_KEPT:
        draw_refused(stage, area, data);
        break;
    }
}

static Action draw_end(const Stage *stage, Rect row) {
    bool leaving = stage->logout_s > 0;
    Str end = leaving ? words_with(stage, M_finish_in, NUM(stage->logout_s)) : words(stage, M_finish);
    if (ui_button_width(stage->ui, (Button){.label = end}) > (row.w - GRID) / 2) end = words(stage, M_finish);
    Button buttons[] = {{.label = words(stage, leaving ? M_stay : M_my_space)},
                        {.kind = BUTTON_PRIMARY, .label = end, .key = STR("finish")}};
    int touched = draw_buttons(stage, row, buttons, COUNT(buttons));
    if (touched < 0) return action_none();
    if (touched == 1) return (Action){.type = ACTION_LOGOUT};
    return (Action){.type = leaving ? ACTION_STAY : ACTION_SPACE};
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const Result *data = in;
    Ui *ui = stage->ui;
    Panel panel = panel_of(stage, data);
    Rect rest = ui_result_panel(ui, panel.kind, panel.title, panel.sentence);
    Rect body = page_body(stage), area = rest;
    bool portrait = ui->screen.layout == LAYOUT_PORTRAIT, small = ui->screen.layout == LAYOUT_SMALL;
    area.h = rect_bottom(body) - rest.y;
    area = rect_inset_xy(area, portrait ? ui_margin(ui) : small ? GRID : 64, 0);
    if (!portrait) area.w = rect_right(body) - area.x;
    Rect row = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, 24);
    rect_cut_top(&area, small ? HALF : 32);
    draw_what(stage, area, data);
    return draw_end(stage, row);
}

const ScreenKind screen_result = {
    .name = "result",
    .data_size = sizeof(Result),
    .reads = KIND_SET_ALL,
    .by_minute = true,
    .load = load,
    .draw = draw,
};
