/* One idea: its words, its support, and how far it has come. */
#include "kiosk/screens/parts.h"

typedef struct IdeaScreen {
    Idea idea;
    Str org;
} IdeaScreen;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    IdeaScreen *data = out;
    TRY(records_get(stage->records, K_idea, stage->arg, &data->idea, stage->arena, err));
    data->org = org_short_name(stage, data->idea.org);
    return OK;
}

/* Four stops: put forward, studied, taken up, done. */
static int draw_progress(const Stage *stage, Rect rect, IdeaState state) {
    static const Message labels[] = {M_idea_step_put, M_idea_step_studied, M_idea_step_adopted,
                                     M_idea_step_done};
    int now = state == IdeaState_done      ? 3
              : state == IdeaState_adopted ? 2
              : state == IdeaState_studied ? 1
                                           : 0;
    ProgrammeRow rows[COUNT(labels)];
    for (int i = 0; i < (int)COUNT(labels); i++) {
        StopState stop = i < now ? STOP_DONE : i == now ? STOP_NOW : STOP_TO_COME;
        rows[i] = (ProgrammeRow){.title = words(stage, labels[i]), .state = stop};
    }
    return ui_programme(stage->ui, rect, rows, COUNT(rows));
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const IdeaScreen *data = in;
    const Idea *idea = &data->idea;
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, 22);
    Str parts[] = {in_lang(stage, &idea->meta, "category", idea->category), data->org,
                   project_name(stage, idea->project)};
    TextLook accent = {.font = FONT_S_BOLD, .color = ui->theme.accent};
    rect_cut_top(&area, ui_text(ui, area, joined(stage, parts, COUNT(parts)), accent));
    rect_cut_top(&area, draw_title(stage, area, in_lang(stage, &idea->meta, "text", idea->text)) + 24);
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("idea"));
    Rect at = scroll.content;
    Rect figure = rect_cut_top(&at, 164);
    figure.w = figure.w > 900 ? 900 : figure.w;
    ui_figure(ui, figure, say_number(&stage->say, idea->votes),
              words_with(stage, M_supporters, NUM(idea->votes)));
    rect_cut_top(&at, GRID);
    if (idea->state == IdeaState_declined)
        rect_cut_top(&at, ui_banner(ui, at, BANNER_INFO, (Str){0}, words(stage, M_idea_declined_sentence)));
    else
        rect_cut_top(&at, draw_progress(stage, at, idea->state));
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, STR("idea")));
    return action_none();
}

const ScreenKind screen_idea = {
    .name = "idea",
    .data_size = sizeof(IdeaScreen),
    .reads = KIND_BIT(K_idea) | KIND_BIT(K_org),
    .load = load,
    .draw = draw,
};
