/* My registrations (to cancel behind a confirmation), my path, who accompanies me. */
#include "kiosk/screens/parts.h"

#define LOSS_TOLD_MS (8 * (Millis)DAY_MS)

typedef struct MySpace {
    EventInfo *events; /* ahead, then past */
    size_t count, ahead;
    Path *paths;
    int *done, *steps;
    Str *sponsors;
    size_t path_count;
} MySpace;

typedef struct MyVisit {
    int asking; /* 1 + the registration that is about to be cancelled */
} MyVisit;

static Status load_registrations(const Stage *stage, MySpace *data, Err *err) {
    void *rows = NULL;
    size_t count = 0;
    TRY(load_by(stage, VIEW_registrations_of_person, stage->session->person.meta.id, &rows, &count, err));
    const Registration *mine = rows;
    EventInfo *all = ARENA_ARRAY(stage->arena, EventInfo, count + 1);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (mine[i].state == RegistrationState_cancelled && !mine[i].meta.draft) continue;
        Status status = event_get(stage, mine[i].event, &all[found], err);
        if (status == OK) found++;
        if (status != OK && status != E_NOTFOUND) return status;
    }
    data->events = ARENA_ARRAY(stage->arena, EventInfo, found + 1);
    for (int past = 0; past < 2; past++) {
        for (size_t i = 0; i < found; i++)
            if ((all[i].time == EVENT_OVER) == (past == 1)) data->events[data->count++] = all[i];
        if (!past) data->ahead = data->count;
    }
    return OK;
}

static Status load_path(const Stage *stage, const Run *run, MySpace *data, Err *err) {
    size_t at = data->path_count;
    Status status = records_get(stage->records, K_path, run->path, &data->paths[at], stage->arena, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    void *steps = NULL, *ticks = NULL;
    size_t step_count = 0, tick_count = 0;
    TRY(load_by(stage, VIEW_steps_of_path, run->path, &steps, &step_count, err));
    TRY(load_by(stage, VIEW_ticks_of_run, run->meta.id, &ticks, &tick_count, err));
    for (size_t i = 0; i < tick_count; i++) data->done[at] += ((const Tick *)ticks)[i].done == TRUTH_YES;
    data->steps[at] = (int)step_count;
    Person sponsor;
    if (run->sponsor.len &&
        records_get(stage->records, K_person, run->sponsor, &sponsor, stage->arena, NULL) == OK)
        data->sponsors[at] = sponsor.name;
    data->path_count++;
    return OK;
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    MySpace *data = out;
    if (!stage->session->open) return OK;
    TRY(load_registrations(stage, data, err));
    void *rows = NULL;
    size_t count = 0;
    TRY(load_by(stage, VIEW_runs_of_person, stage->session->person.meta.id, &rows, &count, err));
    data->paths = ARENA_ARRAY(stage->arena, Path, count + 1);
    data->done = ARENA_ARRAY(stage->arena, int, count + 1);
    data->steps = ARENA_ARRAY(stage->arena, int, count + 1);
    data->sponsors = ARENA_ARRAY(stage->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++) TRY(load_path(stage, &((const Run *)rows)[i], data, err));
    return OK;
}

/* ---- the confirmation ---- */

static Action draw_asking(const Stage *stage, const MySpace *data, MyVisit *visit) {
    Ui *ui = stage->ui;
    const EventInfo *info = &data->events[visit->asking - 1];
    Rect inside = ui_dialog(ui, STR("cancel"), 608);
    Rect row = rect_cut_bottom(&inside, ui_button_height(ui));
    rect_cut_top(&inside, draw_title(stage, inside, words(stage, M_cancel_ask)) + HALF);
    rect_cut_top(&inside,
                 ui_text(ui, inside, event_full_title(stage, info), (TextLook){.font = FONT_S_BOLD}));
    Str when = say_when(&stage->say, info->event.starts, info->event.ends, info->event.all_day == TRUTH_YES);
    rect_cut_top(&inside, ui_text(ui, inside, when, (TextLook){.font = FONT_S}) + HALF);
    ui_text(ui, inside, words(stage, M_cancel_seat_goes),
            (TextLook){.font = FONT_S, .color = ui->theme.ink2});
    Button buttons[] = {{.label = words(stage, M_keep_my_seat)},
                        {.kind = BUTTON_DANGER_CONFIRM, .label = words(stage, M_cancel_mine)}};
    int touched = draw_buttons(stage, row, buttons, COUNT(buttons));
    if (touched >= 0) visit->asking = 0;
    if (touched != 1) return action_none();
    return (Action){.type = ACTION_PERFORM,
                    .deed = {.purpose = PURPOSE_CANCEL, .subject = info->event.meta.id}};
}

/* ---- the page ---- */

static bool can_cancel(const Stage *stage, const EventInfo *info) {
    Millis until = info->event.cancel_until;
    return stage->can_write && info->mine && info->time == EVENT_AHEAD &&
           (until == INT_ABSENT || stage->now < until);
}

static Tone tone_of(const EventInfo *info) {
    if (info->time == EVENT_OVER) return TONE_NEUTRAL;
    if (info->provisional || info->my_state == RegistrationState_waiting ||
        info->my_state == RegistrationState_to_approve)
        return TONE_SIGNAL;
    return info->my_state == RegistrationState_confirmed ? TONE_OK : TONE_BAD;
}

static int draw_registration(const Stage *stage, Rect area, const EventInfo *info, int index, MyVisit *visit,
                             Action *action) {
    Ui *ui = stage->ui;
    Button cancel = {
        .kind = BUTTON_DANGER, .label = words(stage, M_cancel_mine_short), .key = info->event.meta.id};
    bool cancellable = can_cancel(stage, info), beside = area.w >= 1400;
    int width = cancellable ? ui_button_width(ui, cancel) : 0;
    Rect row_rect = area;
    if (width && beside) rect_cut_right(&row_rect, width + 20);
    Str state = info->my_state == RegistrationState_refused ? words(stage, M_state_refused)
                                                            : event_places(stage, info);
    ListRow row = {.title = event_full_title(stage, info),
                   .subtitle = say_when(&stage->say, info->event.starts, info->event.ends,
                                        info->event.all_day == TRUTH_YES),
                   .key = info->event.meta.id,
                   .icon = event_icon(info->event.type),
                   .tag = state,
                   .tag_tone = tone_of(info),
                   .bold = true,
                   .done = info->time == EVENT_OVER};
    fit_tag(stage, row_rect.w, &row);
    row_rect.h = ui_row_height(ui, row_rect.w, &row);
    if (ui_row(ui, row_rect, &row) == ROW_OPEN) *action = open_screen(SCREEN_event, info->event.meta.id);
    Rect button = rect_make(rect_right(area) - width, row_rect.y, width, row_rect.h);
    if (!beside) button = rect_make(button.x, rect_bottom(row_rect) + EDGE + 12, width, ui_button_height(ui));
    if (width && ui_button(ui, button, cancel)) visit->asking = index + 1;
    return row_rect.h + EDGE + 20 + (width && !beside ? button.h + EDGE + 12 : 0);
}

static int draw_path_row(const Stage *stage, Rect area, const MySpace *data, size_t index, Action *action) {
    Ui *ui = stage->ui;
    const Path *path = &data->paths[index];
    Str sponsor =
        data->sponsors[index].len ? words_with(stage, M_my_sponsor, TXT(data->sponsors[index])) : (Str){0};
    ListRow row = {.title = in_lang(stage, &path->meta, "title", path->title),
                   .subtitle = sponsor,
                   .key = path->meta.id,
                   .icon = "arrive",
                   .icon_right = "chev_droite",
                   .tag = words_with(stage, M_steps_of, NUM(data->done[index]), NUM(data->steps[index])),
                   .tag_tone = TONE_ACCENT,
                   .bold = true};
    fit_tag(stage, area.w, &row);
    area.h = ui_row_height(ui, area.w, &row);
    if (ui_row(ui, area, &row) == ROW_OPEN) *action = open_screen(SCREEN_path, path->meta.id);
    return area.h + EDGE + 20;
}

static int draw_section(const Stage *stage, Rect area, Message head) {
    return ui_text(stage->ui, area, words(stage, head), (TextLook){.font = FONT_M_BOLD}) + 12;
}

/* After a disk failed: whoever asked for something looks here. */
static int draw_loss(const Stage *stage, Rect area) {
    const OutboxAside *aside = &stage->health->aside;
    if (!aside->number || aside->whole || stage->now - aside->at > LOSS_TOLD_MS) return 0;
    Str sentence = words_with(stage, M_trouble_aside, TXT(say_day(&stage->say, aside->at)));
    return ui_banner(stage->ui, area, BANNER_ERROR, (Str){0}, sentence) + 24;
}

static void draw_everything(const Stage *stage, Rect area, const MySpace *data, MyVisit *visit,
                            Action *action) {
    Ui *ui = stage->ui;
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("mine"));
    Rect at = scroll.content;
    rect_cut_top(&at, draw_loss(stage, at));
    rect_cut_top(&at, draw_section(stage, at, M_my_registrations));
    if (!data->ahead) {
        Rect empty = rect_cut_top(
            &at, ui_empty_height(ui, at.w, words(stage, M_my_none), words(stage, M_my_none_sentence)));
        ui_empty(ui, empty, "calendrier", words(stage, M_my_none), words(stage, M_my_none_sentence));
        rect_cut_top(&at, 24);
    }
    for (size_t i = 0; i < data->count; i++) {
        if (i == data->ahead) rect_cut_top(&at, draw_section(stage, at, M_my_past));
        rect_cut_top(&at, draw_registration(stage, at, &data->events[i], (int)i, visit, action));
    }
    if (data->path_count) rect_cut_top(&at, draw_section(stage, at, M_my_path));
    for (size_t i = 0; i < data->path_count; i++)
        rect_cut_top(&at, draw_path_row(stage, at, data, i, action));
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, STR("mine")));
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const MySpace *data = in;
    MyVisit *visit = state;
    Action action = action_none();
    if (visit->asking > 0 && (size_t)visit->asking <= data->count) return draw_asking(stage, data, visit);
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    area = draw_heading(stage, area, words_with(stage, M_hello, TXT(stage->session->greeting)), (Str){0});
    draw_everything(stage, area, data, visit, &action);
    return action;
}

const ScreenKind screen_my_space = {
    .name = "my_space",
    .state_size = sizeof(MyVisit),
    .data_size = sizeof(MySpace),
    .reads = KIND_SET_ALL,
    .by_minute = true,
    .load = load,
    .draw = draw,
};
