/* One tool: what kind, which project made it, the text itself. */
#include "kiosk/screens/parts.h"

#include "kiosk/ui/markdown.h"

typedef struct ToolScreen {
    Tool tool;
    Markdown *body;
} ToolScreen;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    ToolScreen *data = out;
    TRY(records_get(stage->records, K_tool, stage->arg, &data->tool, stage->arena, err));
    Str body = in_lang(stage, &data->tool.meta, "body", data->tool.body);
    return body.len ? load_markdown(stage, body, &data->body, err) : OK;
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const ToolScreen *data = in;
    Ui *ui = stage->ui;
    const Tool *tool = &data->tool;
    Rect area = page_body(stage);
    rect_cut_top(&area, 22);
    Str parts[] = {tool_type_name(stage, tool->type),
                   tool->phase.len ? tool_phase_name(stage, tool->phase) : (Str){0},
                   project_name(stage, tool->project)};
    TextLook accent = {.font = FONT_S_BOLD, .color = ui->theme.accent};
    rect_cut_top(&area, ui_text(ui, area, joined(stage, parts, COUNT(parts)), accent));
    rect_cut_top(&area, draw_title(stage, area, in_lang(stage, &tool->meta, "title", tool->title)) + 20);
    draw_document(stage, area, tool->meta.id, (Str){0}, data->body);
    return action_none();
}

const ScreenKind screen_tool = {
    .name = "tool",
    .data_size = sizeof(ToolScreen),
    .reads = KIND_BIT(K_tool),
    .load = load,
    .draw = draw,
};
