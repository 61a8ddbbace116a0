/* The toolbox: what the five projects made, by project; the GPS kit in its phases. */
#include "kiosk/screens/parts.h"

enum { PROJECTS = 5, SIDE_W = 456, GUTTER = 64, SIDE_ITEM_H = 100 };

typedef struct Toolbox {
    Tool *tools;
    size_t count;
    size_t of_project[PROJECTS + 1];
} Toolbox;

typedef struct ToolboxVisit {
    int project; /* 0 = the first that has tools */
} ToolboxVisit;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Toolbox *data = out;
    void *rows = NULL;
    TRY(load_all(stage, VIEW_tools, &rows, &data->count, err));
    data->tools = rows;
    for (size_t i = 0; i < data->count; i++)
        if (data->tools[i].project >= 1 && data->tools[i].project <= PROJECTS)
            data->of_project[data->tools[i].project]++;
    return OK;
}

static Message theme_of(int project) {
    static const Message themes[] = {M_theme_1, M_theme_2, M_theme_3, M_theme_4, M_theme_5};
    return themes[project - 1];
}

static const char *theme_icon(int project) {
    static const char *const icons[] = {"personnes", "rise", "mangeurs", "carte", "arrive"};
    return icons[project - 1];
}

static const char *tool_icon(ToolType type) {
    switch (type) {
    case ToolType_charter:
        return "coche_cercle";
    case ToolType_checklist:
        return "liste";
    case ToolType_template:
        return "journal";
    case ToolType_kit:
        return "carte";
    case ToolType_method:
        return "outils";
    case ToolType_absent:
    case ToolType_unknown:
    case ToolType_count:
        break;
    }
    return "outils";
}

Str tool_type_name(const Stage *stage, ToolType type) {
    switch (type) {
    case ToolType_charter:
        return words(stage, M_tool_charter);
    case ToolType_checklist:
        return words(stage, M_tool_checklist);
    case ToolType_template:
        return words(stage, M_tool_template);
    case ToolType_kit:
        return words(stage, M_tool_kit);
    case ToolType_method:
        return words(stage, M_tool_method);
    case ToolType_absent:
    case ToolType_unknown:
    case ToolType_count:
        break;
    }
    return (Str){0};
}

Str tool_phase_name(const Stage *stage, Str phase) {
    static const struct {
        const char *word;
        Message name;
    } phases[] = {{"emergence", M_phase_emergence},
                  {"framing", M_phase_framing},
                  {"planning", M_phase_planning},
                  {"execution", M_phase_execution},
                  {"closing", M_phase_closing}};
    for (size_t i = 0; i < COUNT(phases); i++)
        if (str_is(phase, phases[i].word)) return words(stage, phases[i].name);
    return phase;
}

static int first_project(const Toolbox *data) {
    for (int p = 1; p <= PROJECTS; p++)
        if (data->of_project[p]) return p;
    return 1;
}

static void draw_side(const Stage *stage, Rect side, const Toolbox *data, ToolboxVisit *visit, int chosen) {
    Rect item = rect_make(side.x, side.y, side.w, SIDE_ITEM_H);
    for (int p = 1; p <= PROJECTS; p++) {
        if (!data->of_project[p]) continue;
        if (ui_side_item(stage->ui, item, words(stage, theme_of(p)), theme_icon(p), p == chosen))
            visit->project = p;
        item.y += SIDE_ITEM_H;
    }
}

static void draw_chips(const Stage *stage, Rect *area, const Toolbox *data, ToolboxVisit *visit, int chosen) {
    Chip chips[PROJECTS];
    int projects[PROJECTS], count = 0;
    for (int p = 1; p <= PROJECTS; p++) {
        if (!data->of_project[p]) continue;
        projects[count] = p;
        chips[count++] = (Chip){.label = words(stage, theme_of(p)), .icon = theme_icon(p), .on = p == chosen};
    }
    int touched = ui_chips(stage->ui, area, chips, count);
    if (touched >= 0) visit->project = projects[touched];
    rect_cut_top(area, 20);
}

static ListRow tool_row(const Stage *stage, const Tool *tool) {
    return (ListRow){.title = in_lang(stage, &tool->meta, "title", tool->title),
                     .subtitle = tool->phase.len ? (Str){0} : tool_type_name(stage, tool->type),
                     .key = tool->meta.id,
                     .icon = tool_icon(tool->type),
                     .icon_right = "chev_droite"};
}

static void draw_tools(const Stage *stage, Rect area, const Toolbox *data, int project, Action *action) {
    Ui *ui = stage->ui;
    Str key = words(stage, theme_of(project)), phase = {0};
    ScrollArea scroll = ui_scroll_begin(ui, area, key);
    Rect at = scroll.content;
    for (size_t i = 0; i < data->count; i++) {
        const Tool *tool = &data->tools[i];
        if (tool->project != project) continue;
        if (tool->phase.len && !str_equal(tool->phase, phase))
            rect_cut_top(&at, ui_text(ui, at, tool_phase_name(stage, tool->phase),
                                      (TextLook){.font = FONT_M_BOLD, .color = ui->theme.accent}) +
                                  12);
        phase = tool->phase;
        ListRow row = tool_row(stage, tool);
        Rect face = rect_make(at.x, at.y, at.w, ui_row_height(ui, at.w, &row));
        if (ui_sees(ui, rect_inset(face, -EDGE)) && ui_row(ui, face, &row) == ROW_OPEN)
            *action = open_screen(SCREEN_tool, tool->meta.id);
        rect_cut_top(&at, face.h + EDGE + 20);
    }
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, key));
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const Toolbox *data = in;
    ToolboxVisit *visit = state;
    Action action = action_none();
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    int project = visit->project ? visit->project : first_project(data);
    Str sentence = project_name(stage, project);
    area = draw_heading(stage, area, words(stage, M_tile_tools),
                        data->count ? words_with(stage, M_tools_from, TXT(sentence)) : (Str){0});
    if (!data->count) {
        draw_nothing(stage, area, "outils", M_nothing_here, M_nothing_here_yet);
        return action;
    }
    if (area.w >= 1500) {
        Rect side = rect_cut_left(&area, SIDE_W);
        rect_cut_left(&area, GUTTER);
        draw_side(stage, side, data, visit, project);
    } else {
        draw_chips(stage, &area, data, visit, project);
    }
    draw_tools(stage, area, data, project, &action);
    return action;
}

const ScreenKind screen_toolbox = {
    .name = "toolbox",
    .state_size = sizeof(ToolboxVisit),
    .data_size = sizeof(Toolbox),
    .reads = KIND_BIT(K_tool),
    .load = load,
    .draw = draw,
};
