/* Ideas, by how many support them, by what became of them. */
#include "kiosk/screens/parts.h"

enum { TABS = 3 };

typedef struct Ideas {
    Idea *ideas;
    size_t count;
    size_t *shown;
    size_t shown_count;
} Ideas;

typedef struct IdeasVisit {
    int tab;
} IdeasVisit;

static bool in_tab(const Idea *idea, int tab) {
    if (tab == 1) return idea->state == IdeaState_studied || idea->state == IdeaState_adopted;
    return tab == 0 ? idea->state != IdeaState_new : idea->state == IdeaState_done;
}

static Status load(const Stage *stage, const void *state_, void *out, Err *err) {
    const IdeasVisit *visit = state_;
    Ideas *data = out;
    void *rows = NULL;
    TRY(load_all(stage, VIEW_ideas, &rows, &data->count, err));
    data->ideas = rows;
    data->shown = ARENA_ARRAY(stage->arena, size_t, data->count + 1);
    for (size_t i = 0; i < data->count; i++)
        if (in_tab(&data->ideas[i], visit->tab)) data->shown[data->shown_count++] = i;
    return OK;
}

Str idea_state_name(const Stage *stage, const Idea *idea) {
    switch (idea->state) {
    case IdeaState_studied:
        return words(stage, M_idea_studied);
    case IdeaState_adopted:
        return idea->project == INT_ABSENT ? words(stage, M_idea_adopted)
                                           : words_with(stage, M_idea_adopted_in, NUM(idea->project));
    case IdeaState_done:
        return words(stage, M_idea_done);
    case IdeaState_declined:
        return words(stage, M_idea_declined);
    case IdeaState_visible:
    case IdeaState_new:
    case IdeaState_absent:
    case IdeaState_unknown:
    case IdeaState_count:
        break;
    }
    return words(stage, M_idea_visible);
}

Tone idea_state_tone(IdeaState state) {
    if (state == IdeaState_studied) return TONE_ACCENT;
    if (state == IdeaState_adopted) return TONE_SIGNAL;
    return state == IdeaState_done ? TONE_OK : TONE_NEUTRAL;
}

static void idea_row(const Stage *stage, const void *data_, size_t index, ListRow *out) {
    const Ideas *data = data_;
    const Idea *idea = &data->ideas[data->shown[index]];
    *out = (ListRow){.title = in_lang(stage, &idea->meta, "text", idea->text),
                     .subtitle = in_lang(stage, &idea->meta, "category", idea->category),
                     .key = idea->meta.id,
                     .bold = true,
                     .tag = idea_state_name(stage, idea),
                     .tag_tone = idea_state_tone(idea->state),
                     .vote_count = say_number(&stage->say, idea->votes),
                     .vote_word = words_with(stage, M_votes_word, NUM(idea->votes)),
                     .vote_disabled = true};
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const Ideas *data = in;
    IdeasVisit *visit = state;
    Ui *ui = stage->ui;
    Action action = action_none();
    Rect area = page_body(stage);
    rect_cut_top(&area, QUARTER);
    Str title = words(stage, M_tile_ideas);
    Str labels[TABS] = {words(stage, M_ideas_top), words(stage, M_ideas_studied), words(stage, M_ideas_done)};
    int tabs_w = ui_tabs_width(ui, labels, TABS), title_w = ui_text_width(ui, FONT_L, title) + 84;
    Rect row = rect_cut_top(&area, TROUGH_H);
    draw_title(stage, rect_move(row, 0, 4), title);
    if (title_w + tabs_w <= row.w) {
        rect_cut_left(&row, title_w);
    } else {
        rect_cut_top(&area, HALF);
        row = rect_cut_top(&area, TROUGH_H);
    }
    row.w = tabs_w < row.w ? tabs_w : row.w;
    int tab = ui_tabs(ui, row, labels, TABS, visit->tab);
    if (tab >= 0 && tab != visit->tab) {
        visit->tab = tab;
        ui_scroll_to(ui, STR("ideas"), 0);
        action.type = ACTION_RELOAD;
    }
    rect_cut_top(&area, GRID);
    if (!data->shown_count) {
        draw_nothing(stage, area, "idees", M_nothing_here, M_nothing_here_yet);
        return action;
    }
    RowList list = {STR("ideas"), data->shown_count, idea_row, data};
    int touched = draw_rows(stage, area, &list);
    return touched >= 0 ? open_screen(SCREEN_idea, data->ideas[data->shown[touched]].meta.id) : action;
}

const ScreenKind screen_ideas = {
    .name = "ideas",
    .state_size = sizeof(IdeasVisit),
    .data_size = sizeof(Ideas),
    .reads = KIND_BIT(K_idea),
    .load = load,
    .draw = draw,
};
