/* One RISE: the two services, the theme, when, and what was understood. */
#include "kiosk/screens/parts.h"

#include "kiosk/ui/markdown.h"

typedef struct RiseScreen {
    Rise rise;
    Str from, to;
    Markdown *minutes;
    bool has_event;
    EventInfo event;
} RiseScreen;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    RiseScreen *data = out;
    TRY(records_get(stage->records, K_rise, stage->arg, &data->rise, stage->arena, err));
    data->from = service_name(stage, data->rise.from_service);
    data->to = service_name(stage, data->rise.to_service);
    Str minutes = in_lang(stage, &data->rise.meta, "minutes", data->rise.minutes);
    if (minutes.len) TRY(load_markdown(stage, minutes, &data->minutes, err));
    if (!data->rise.event.len) return OK;
    Status status = event_get(stage, data->rise.event, &data->event, err);
    data->has_event = status == OK;
    return status == E_NOTFOUND ? OK : status;
}

static int draw_slots(const Stage *stage, Rect area, const Json *slots) {
    Ui *ui = stage->ui;
    if (!slots || slots->type != JSON_LIST_T || !slots->count) return 0;
    int top = area.y;
    rect_cut_top(&area, ui_text(ui, area, words(stage, M_rise_slots), (TextLook){.font = FONT_M_BOLD}) + 12);
    for (const Json *slot = slots->first; slot; slot = slot->next) {
        Str when = words_with(stage, M_date_time, TXT(say_day(&stage->say, slot->integer)),
                              TXT(say_time(&stage->say, slot->integer)));
        rect_cut_top(&area, ui_fact(ui, area, "calendrier", when, false, COLOR_NONE) + 12);
    }
    return area.y - top + HALF;
}

static void draw_all(const Stage *stage, Rect area, const RiseScreen *data, Action *action) {
    Ui *ui = stage->ui;
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("rise"));
    Rect at = scroll.content;
    if (data->has_event) {
        Rect card = at;
        card.w = card.w > 900 ? 900 : card.w;
        card.h = event_card_height(stage, card.w, &data->event, true);
        if (draw_event_card(stage, card, &data->event, true))
            *action = open_screen(SCREEN_event, data->rise.event);
        rect_cut_top(&at, card.h + EDGE + 28);
    } else if (data->rise.state == RiseState_proposed) {
        rect_cut_top(&at, draw_slots(stage, at, data->rise.slots));
    }
    if (data->minutes) {
        rect_cut_top(&at, ui_text(ui, at, words(stage, M_rise_minutes),
                                  (TextLook){.font = FONT_S_BOLD, .color = ui->theme.accent}) +
                              12);
        rect_cut_top(&at, ui_markdown(ui, at, data->minutes));
    } else if (data->rise.state != RiseState_declined) {
        rect_cut_top(&at, ui_banner(ui, at, BANNER_INFO, (Str){0}, words(stage, M_rise_what)) + HALF);
    }
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, STR("rise")));
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const RiseScreen *data = in;
    Action action = action_none();
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, 22);
    Str between = words_with(stage, M_rise_between, TXT(data->from), TXT(data->to));
    Str tag = rise_state_name(stage, data->rise.state);
    if (tag.len) ui_tag_right(ui, rect_right(area), area.y, tag, rise_state_tone(data->rise.state));
    Rect head = area;
    rect_cut_right(&head, tag.len ? ui_tag_width(ui, tag) + GRID : 0);
    int used = ui_text(ui, head, between, (TextLook){.font = FONT_S_BOLD, .color = ui->theme.accent}) + 12;
    rect_cut_top(&area, used);
    rect_cut_top(&area,
                 draw_title(stage, area, in_lang(stage, &data->rise.meta, "theme", data->rise.theme)) + 24);
    draw_all(stage, area, data, &action);
    return action;
}

const ScreenKind screen_rise = {
    .name = "rise",
    .data_size = sizeof(RiseScreen),
    .reads = KIND_BIT(K_rise) | KIND_BIT(K_event) | KIND_BIT(K_seats) | KIND_BIT(K_service),
    .load = load,
    .draw = draw,
};
