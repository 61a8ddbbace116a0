/* One step: what it is, the page to read or the event to go to, and « C’est fait ». */
#include "kiosk/screens/parts.h"

#include "kiosk/ui/markdown.h"

typedef struct StepScreen {
    Step step;
    Str path_title;
    bool done, provisional, can_tick;
    Str page_title, essential;
    Markdown *body;
    bool has_event;
    EventInfo event;
} StepScreen;

static Status load_page(const Stage *stage, StepScreen *data, Err *err) {
    Page page;
    if (!data->step.page.len) return OK;
    Status status = records_get(stage->records, K_page, data->step.page, &page, stage->arena, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    data->page_title = in_lang(stage, &page.meta, "title", page.title);
    data->essential = in_lang(stage, &page.meta, "essential", page.essential);
    return load_markdown(stage, in_lang(stage, &page.meta, "body", page.body), &data->body, err);
}

static Status load_tick(const Stage *stage, StepScreen *data, Err *err) {
    Tick tick;
    if (!stage->session->open) return OK;
    Str id = id_join(stage->arena, stage->session->person.meta.id, data->step.meta.id);
    Status status = records_get(stage->records, K_tick, id, &tick, stage->arena, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    data->done = tick.done == TRUTH_YES;
    data->provisional = tick.meta.draft;
    return OK;
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    StepScreen *data = out;
    Path path;
    TRY(records_get(stage->records, K_step, stage->arg, &data->step, stage->arena, err));
    TRY(records_get(stage->records, K_path, data->step.path, &path, stage->arena, err));
    data->path_title = in_lang(stage, &path.meta, "title", path.title);
    data->can_tick = data->step.actor == StepActor_newcomer;
    TRY(load_page(stage, data, err));
    TRY(load_tick(stage, data, err));
    if (!data->step.event.len) return OK;
    Status status = event_get(stage, data->step.event, &data->event, err);
    data->has_event = status == OK;
    return status == E_NOTFOUND ? OK : status;
}

static Str kind_words(const Stage *stage, const StepScreen *data) {
    static const Message kinds[] = {[StepType_page] = M_step_page,
                                    [StepType_procedure] = M_step_procedure,
                                    [StepType_check] = M_step_check,
                                    [StepType_event] = M_step_event,
                                    [StepType_meeting] = M_step_meeting};
    StepType type = data->step.type;
    Str kind = type > StepType_absent && type < StepType_count ? words(stage, kinds[type]) : (Str){0};
    Str parts[] = {kind, data->step.mandatory == TRUTH_NO ? words(stage, M_step_optional) : (Str){0},
                   data->path_title};
    return joined(stage, parts, COUNT(parts));
}

static void draw_content(const Stage *stage, Rect area, const StepScreen *data, Action *action) {
    Ui *ui = stage->ui;
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("step"));
    Rect at = scroll.content;
    if (data->has_event) {
        Rect card = at;
        card.w = card.w > 900 ? 900 : card.w;
        card.h = event_card_height(stage, card.w, &data->event, true);
        if (draw_event_card(stage, card, &data->event, true))
            *action = open_screen(SCREEN_event, data->step.event);
        rect_cut_top(&at, card.h + EDGE + 28);
    }
    if (data->essential.len)
        rect_cut_top(&at, ui_banner(ui, at, BANNER_INFO, words(stage, M_essential), data->essential) + 28);
    if (data->body) rect_cut_top(&at, ui_markdown(ui, at, data->body));
    if (!data->has_event && !data->body) {
        Str head = words(stage, M_step_to_do),
            sentence = words(stage, data->can_tick ? M_step_tick_when_done : M_step_not_mine);
        Rect empty = rect_cut_top(&at, ui_empty_height(ui, at.w, head, sentence));
        ui_empty(ui, empty, "liste", head, sentence);
    }
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, STR("step")));
}

static Action draw_foot(const Stage *stage, Rect row, const StepScreen *data) {
    Button buttons[2];
    int count = 0, page = -1, tick = -1;
    if (data->step.page.len && data->body) {
        page = count;
        buttons[count++] = (Button){.label = words(stage, M_open_booklet), .icon = "livre"};
    }
    if (data->can_tick) {
        tick = count;
        buttons[count++] = (Button){.kind = data->done ? BUTTON_SECONDARY : BUTTON_PRIMARY,
                                    .label = words(stage, data->done ? M_step_undo : M_step_done),
                                    .icon = data->done ? NULL : "coche",
                                    .disabled = !stage->can_write};
    }
    int touched = count ? draw_buttons(stage, row, buttons, count) : -1;
    if (touched < 0) return action_none();
    if (touched == page) return open_screen(SCREEN_page, data->step.page);
    (void)tick;
    return (Action){.type = ACTION_PERFORM,
                    .deed = {.purpose = PURPOSE_TICK,
                             .subject = data->step.path,
                             .step = data->step.meta.id,
                             .done = !data->done}};
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const StepScreen *data = in;
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, 22);
    rect_cut_top(&area, ui_text(ui, area, kind_words(stage, data),
                                (TextLook){.font = FONT_S_BOLD, .color = ui->theme.accent}));
    rect_cut_top(&area,
                 draw_title(stage, area, in_lang(stage, &data->step.meta, "title", data->step.title)) + HALF);
    if (data->done) {
        BannerKind kind = data->provisional ? BANNER_PROVISIONAL : BANNER_OK;
        rect_cut_top(&area, ui_banner(ui, area, kind, (Str){0},
                                      words(stage, data->provisional ? M_step_done_kept : M_step_is_done)) +
                                24);
    }
    bool foot = data->can_tick || data->body;
    Rect row = foot ? rect_cut_bottom(&area, ui_button_height(ui)) : (Rect){0};
    if (foot) rect_cut_bottom(&area, 24);
    Action action = action_none();
    draw_content(stage, area, data, &action);
    if (!foot) return action;
    Action pressed = draw_foot(stage, row, data);
    return pressed.type != ACTION_NONE ? pressed : action;
}

const ScreenKind screen_step = {
    .name = "step",
    .data_size = sizeof(StepScreen),
    .reads = KIND_BIT(K_step) | KIND_BIT(K_path) | KIND_BIT(K_page) | KIND_BIT(K_event) | KIND_BIT(K_seats) |
             KIND_BIT(K_tick),
    .load = load,
    .draw = draw,
};
