/* The calendar: a week on the line, or a list; filters by place, audience, project and free seats. */
#include "kiosk/screens/agenda.h"

enum { LIST_DAYS = 92, NEXT_MAX = 40, COLUMN_MIN_W = 300, COLUMN_GAP = 28, STEPS_W = 764 };

static bool passes(const Stage *stage, const AgendaState *state, const EventInfo *info) {
    const Event *event = &info->event;
    if (state->free_only && event_state(info) != EVENT_FREE && event_state(info) != EVENT_MINE) return false;
    for (int f = 0; f < FILTER_COUNT; f++)
        if (state->chosen[f].len &&
            !str_is(agenda_filter_value(stage, (AgendaFilter)f, event), state->chosen[f].text))
            return false;
    return true;
}

static Status load_span(const Stage *stage, Millis from, Millis until, EventInfo **out, size_t *count,
                        Err *err) {
    ViewArg args[] = {VIEW_INT(from), VIEW_INT(until)};
    void *rows = NULL;
    TRY(view_list(stage->view, VIEW_events_between, args, COUNT(args), &rows, count, stage->arena, err));
    return event_infos(stage, rows, *count, out, err);
}

/* What the next one is, for an empty week. */
static Status load_next(const Stage *stage, const AgendaState *state, Millis from, Agenda *data, Err *err) {
    ViewArg args[] = {VIEW_INT(from), VIEW_INT(NEXT_MAX)};
    void *rows = NULL;
    size_t count = 0;
    TRY(view_list(stage->view, VIEW_events_from, args, COUNT(args), &rows, &count, stage->arena, err));
    const Event *events = rows;
    for (size_t i = 0; i < count && !data->has_next; i++) {
        TRY(event_info(stage, &events[i], &data->next, err));
        data->has_next = data->next.time != EVENT_OVER && passes(stage, state, &data->next);
    }
    return OK;
}

/* Saturday and Sunday show when there is something on. */
static int days_of_week(const Agenda *data) {
    int days = 5;
    for (size_t i = 0; i < data->count; i++) {
        int weekday = civil_of(data->events[i].event.starts).weekday;
        if (weekday >= days) days = weekday + 1;
    }
    return days;
}

static Status load(const Stage *stage, const void *state_, void *out, Err *err) {
    const AgendaState *state = state_;
    Agenda *data = out;
    bool list = state->tab == AGENDA_LIST;
    data->monday = civil_add_days(civil_monday(stage->now), 7 * state->week);
    Millis from = list ? civil_midnight(stage->now) : data->monday;
    Millis until = civil_add_days(from, list ? LIST_DAYS : 7);
    TRY(load_span(stage, from, until, &data->all, &data->all_count, err));
    data->events = ARENA_ARRAY(stage->arena, EventInfo, data->all_count + 1);
    for (size_t i = 0; i < data->all_count; i++)
        if (passes(stage, state, &data->all[i])) data->events[data->count++] = data->all[i];
    data->days = days_of_week(data);
    TRY(agenda_load_options(stage, data, err));
    return data->count ? OK : load_next(stage, state, until > stage->now ? until : stage->now, data, err);
}

/* ---- the week ---- */

static Stop day_stop(const Stage *stage, const Agenda *data, int day) {
    Millis at = civil_add_days(data->monday, day), today = civil_midnight(stage->now);
    StopState state = at < today ? STOP_DONE : at == today ? STOP_NOW : STOP_TO_COME;
    return (Stop){.state = state, .label = say_column_day(&stage->say, at)};
}

static bool on_day(const Agenda *data, const EventInfo *info, int day) {
    Millis from = civil_add_days(data->monday, day), until = civil_add_days(data->monday, day + 1);
    return info->event.starts >= from && info->event.starts < until;
}

static int draw_cards_of_day(const Stage *stage, Rect column, const Agenda *data, int day, Action *action) {
    int top = column.y;
    for (size_t i = 0; i < data->count; i++) {
        const EventInfo *info = &data->events[i];
        if (!on_day(data, info, day)) continue;
        Rect face = rect_make(column.x, column.y, column.w, event_card_height(stage, column.w, info, false));
        if (draw_event_card(stage, face, info, false))
            *action = open_screen(SCREEN_event, info->event.meta.id);
        column.y += face.h + EDGE + 18;
    }
    if (column.y == top)
        column.y += ui_text(stage->ui, rect_move(column, 0, QUARTER), words(stage, M_nothing_that_day),
                            (TextLook){.font = FONT_S, .color = stage->ui->theme.ink2});
    else
        column.y -= 18;
    return column.y - top;
}

static void draw_week_line(const Stage *stage, Rect line, const Agenda *data) {
    Stop stops[7];
    for (int day = 0; day < data->days; day++) stops[day] = day_stop(stage, data, day);
    ui_week_line(stage->ui, line, stops, data->days);
}

static void draw_week_columns(const Stage *stage, Rect area, const Agenda *data, Action *action) {
    Ui *ui = stage->ui;
    Rect line = rect_cut_top(&area, 112);
    rect_cut_top(&area, QUARTER);
    area.h += 2 * EDGE; /* down to the bar's own gap: a full column ends there */
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("week"));
    int tallest = 0;
    for (int day = 0; day < data->days; day++) {
        Rect column = rect_column(scroll.content, data->days, day, COLUMN_GAP);
        int height = draw_cards_of_day(stage, column, data, day, action);
        if (height > tallest) tallest = height;
    }
    ui_scroll_end(ui, scroll, tallest, page_words(stage, STR("week")));
    line.w = scroll.content.w; /* the columns under their stops, page buttons or not */
    draw_week_line(stage, line, data);
}

/* ---- days under each other: the list, and the week where columns would be too narrow ---- */

static int draw_day_head(const Stage *stage, Rect area, Millis at, int line_x, int *last_y) {
    Ui *ui = stage->ui;
    StopState state = civil_same_day(at, stage->now) ? STOP_NOW : at < stage->now ? STOP_DONE : STOP_TO_COME;
    int cy = area.y + 30;
    if (*last_y) ui_fill(ui, rect_make(line_x - 4, *last_y, THE_LINE, cy - *last_y), ui->theme.accent);
    ui_stop(ui, line_x, cy, state);
    *last_y = cy + 20;
    return ui_text(ui, area, say_day_near(&stage->say, at), (TextLook){.font = FONT_M_BOLD});
}

static Millis day_of(const EventInfo *info) {
    return civil_midnight(info->event.starts);
}

static void draw_days(const Stage *stage, Rect area, const Agenda *data, Action *action) {
    Ui *ui = stage->ui;
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("days"));
    Rect column = scroll.content;
    int line_x = column.x + 28, last_y = 0, columns = column.w >= 1300 ? 3 : column.w >= 1000 ? 2 : 1;
    rect_cut_left(&column, 80);
    int y = column.y;
    for (size_t i = 0; i < data->count;) {
        Millis day = day_of(&data->events[i]);
        y += draw_day_head(stage, rect_make(column.x, y, column.w, column.h), day, line_x, &last_y) + 12;
        int row_h = 0;
        for (int c = 0; i < data->count && day_of(&data->events[i]) == day; i++, c = (c + 1) % columns) {
            const EventInfo *info = &data->events[i];
            if (c == 0 && row_h) y += row_h + EDGE + 18, row_h = 0;
            Rect face = rect_column(rect_make(column.x, y, column.w, 0), columns, c, COLUMN_GAP);
            face.h = event_card_height(stage, face.w, info, false);
            if (face.h > row_h) row_h = face.h;
            if (ui_sees(ui, rect_inset(face, -EDGE)) && draw_event_card(stage, face, info, false))
                *action = open_screen(SCREEN_event, info->event.meta.id);
        }
        y += row_h + EDGE + 28;
    }
    ui_scroll_end(ui, scroll, y - scroll.content.y, page_words(stage, STR("days")));
}

/* ---- nothing on ---- */

static void draw_empty(const Stage *stage, Rect area, const Agenda *data, const AgendaState *state,
                       Action *action, AgendaState *next) {
    Ui *ui = stage->ui;
    Str sentence = words(stage, M_agenda_nothing_planned);
    if (data->has_next) {
        const Event *event = &data->next.event;
        Str when = say_when(&stage->say, event->starts, event->ends, event->all_day == TRUTH_YES);
        sentence = words_with(stage, M_agenda_next, TXT(when), TXT(event_full_title(stage, &data->next)));
    }
    Rect buttons = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, GRID);
    bool filtered = agenda_is_filtered(state);
    Str title = words(stage, filtered ? M_agenda_empty_filtered : M_agenda_empty);
    int height = ui_empty_height(ui, area.w, title, sentence);
    if (height - 2 * 56 > area.h) sentence = (Str){0};
    area.h = height < area.h ? height : area.h;
    ui_empty(ui, area, "calendrier", title, sentence);
    Button row[2] = {{.kind = BUTTON_PRIMARY, .label = words(stage, M_agenda_see_next)},
                     {.label = words(stage, filtered ? M_agenda_no_filters : M_agenda_back_to_today)}};
    int from = data->has_next ? 0 : 1, count = filtered || state->week || !data->has_next ? 2 - from : 1;
    if (count <= 0) return;
    int touched = draw_buttons(stage, buttons, row + from, count);
    if (touched < 0) return;
    if (touched + from == 0) {
        *action = open_screen(SCREEN_event, data->next.event.meta.id);
        return;
    }
    *next = (AgendaState){.tab = state->tab, .week = filtered ? state->week : 0};
    action->type = ACTION_RELOAD;
}

/* ---- the frame ---- */

static void draw_week_steps(const Stage *stage, Rect row, const Agenda *data, AgendaState *state,
                            Action *action) {
    Ui *ui = stage->ui;
    Rect next = rect_cut_right(&row, 100), previous = rect_cut_left(&row, 100);
    next.h = previous.h = 94;
    if (ui_arrow_button(ui, previous, "chev_gauche", words(stage, M_week_before),
                        state->week <= -AGENDA_WEEKS_BACK))
        state->week--, action->type = ACTION_RELOAD;
    if (ui_arrow_button(ui, next, "chev_droite", words(stage, M_week_after),
                        state->week >= AGENDA_WEEKS_AHEAD))
        state->week++, action->type = ACTION_RELOAD;
    ui_text_middle(ui, rect_make(row.x, row.y, row.w, 94), say_week(&stage->say, data->monday, data->days),
                   (TextLook){.font = FONT_S_BOLD, .align = ALIGN_CENTER, .tight = true});
}

/* Where there is room for it beside the rest. */
static void draw_my_space(const Stage *stage, Rect *row, int rest_w, Action *action) {
    Button mine = {.label = words(stage, M_my_space), .icon = "personne"};
    int width = ui_button_width(stage->ui, mine);
    if (row->w < width + GRID + rest_w) return;
    Rect face = rest_w ? rect_cut_left(row, width) : rect_cut_right(row, width);
    face.h = 94;
    if (ui_button(stage->ui, face, mine)) action->type = ACTION_SPACE;
    rect_cut_left(row, rest_w ? GRID : 0);
}

static void draw_head(const Stage *stage, Rect *area, const Agenda *data, AgendaState *state,
                      Action *action) {
    Ui *ui = stage->ui;
    Str labels[] = {words(stage, M_week), words(stage, M_list)};
    int tabs_w = ui_tabs_width(ui, labels, 2);
    rect_cut_top(area, QUARTER);
    Rect row = rect_cut_top(area, TROUGH_H);
    int touched = ui_tabs(ui, rect_cut_left(&row, tabs_w), labels, 2, (int)state->tab);
    if (touched >= 0) {
        state->tab = (AgendaTab)touched;
        action->type = ACTION_RELOAD;
    }
    rect_cut_left(&row, GRID);
    bool steps = state->tab == AGENDA_WEEK;
    draw_my_space(stage, &row, steps ? STEPS_W : 0, action);
    if (!steps) return;
    if (row.w > STEPS_W) rect_cut_left(&row, row.w - STEPS_W);
    if (row.w < 560) {
        rect_cut_top(area, HALF);
        row = rect_cut_top(area, TROUGH_H);
    }
    draw_week_steps(stage, row, data, state, action);
}

static Action draw(const Stage *stage, void *state_, const void *in) {
    const Agenda *data = in;
    AgendaState *state = state_;
    AgendaState next = *state;
    Action action = action_none();
    Rect area = page_body(stage);
    draw_head(stage, &area, data, &next, &action);
    rect_cut_top(&area, HALF);
    if (state->choosing) {
        agenda_draw_options(stage, area, data, &next, &action);
    } else {
        agenda_draw_chips(stage, &area, data, &next, &action);
        rect_cut_top(&area, HALF);
        bool narrow = area.w / data->days < COLUMN_MIN_W || stage->ui->theme.choice.larger_text;
        if (!data->count && state->tab == AGENDA_WEEK && !narrow) {
            draw_week_line(stage, rect_cut_top(&area, 112), data);
            rect_cut_top(&area, GRID);
        }
        if (!data->count)
            draw_empty(stage, area, data, state, &action, &next);
        else if (state->tab == AGENDA_LIST || narrow)
            draw_days(stage, area, data, &action);
        else
            draw_week_columns(stage, area, data, &action);
    }
    *state = next;
    return action;
}

const ScreenKind screen_agenda = {
    .name = "agenda",
    .state_size = sizeof(AgendaState),
    .data_size = sizeof(Agenda),
    .reads = KIND_BIT(K_event) | KIND_BIT(K_seats) | KIND_BIT(K_quota) | KIND_BIT(K_org) | KIND_BIT(K_site) |
             KIND_BIT(K_registration),
    .by_minute = true,
    .load = load,
    .draw = draw,
};
