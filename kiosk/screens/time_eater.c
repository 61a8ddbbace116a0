/* One time-eater: how many it bites, where, and the tool against it. */
#include "kiosk/screens/parts.h"

#include "kiosk/ui/markdown.h"

enum { ORGS_MAX = 6 };

typedef struct TimeEaterScreen {
    TimeEater eater;
    bool has_tool;
    Tool tool;
    Str orgs[ORGS_MAX];
    int64_t counts[ORGS_MAX];
    size_t org_count;
} TimeEaterScreen;

static void insert_org(TimeEaterScreen *data, Str name, int64_t count) {
    size_t at = 0;
    while (at < data->org_count && data->counts[at] >= count) at++;
    if (at == ORGS_MAX) return;
    if (data->org_count < ORGS_MAX) data->org_count++;
    for (size_t i = data->org_count - 1; i > at; i--) {
        data->orgs[i] = data->orgs[i - 1];
        data->counts[i] = data->counts[i - 1];
    }
    data->orgs[at] = name;
    data->counts[at] = count;
}

/* The orgs it was declared most in. */
static void load_orgs(const Stage *stage, TimeEaterScreen *data) {
    const Json *by_org = data->eater.by_org;
    if (!by_org || by_org->type != JSON_MAP_T) return;
    for (const Json *one = by_org->first; one; one = one->next) {
        Str name = org_short_name(stage, one->name);
        insert_org(data, name.len ? name : one->name, one->integer);
    }
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    TimeEaterScreen *data = out;
    TRY(records_get(stage->records, K_time_eater, stage->arg, &data->eater, stage->arena, err));
    load_orgs(stage, data);
    if (!data->eater.tool.len) return OK;
    Status status = records_get(stage->records, K_tool, data->eater.tool, &data->tool, stage->arena, err);
    data->has_tool = status == OK;
    return status == E_NOTFOUND ? OK : status;
}

static int draw_where(const Stage *stage, Rect area, const TimeEaterScreen *data) {
    TableColumn columns[] = {{words(stage, M_org), 3, ALIGN_LEFT},
                             {words(stage, M_declarations), 1, ALIGN_RIGHT}};
    TableCell cells[ORGS_MAX * 2];
    for (size_t i = 0; i < data->org_count; i++) {
        cells[i * 2] = (TableCell){.text = data->orgs[i]};
        cells[i * 2 + 1] = (TableCell){.text = say_number(&stage->say, data->counts[i])};
    }
    return data->org_count ? ui_table(stage->ui, area, columns, 2, cells, (int)data->org_count) : 0;
}

static int draw_tool(const Stage *stage, Rect area, const TimeEaterScreen *data, Action *action) {
    Ui *ui = stage->ui;
    int top = area.y;
    rect_cut_top(&area,
                 ui_text(ui, area, words(stage, M_tool_against), (TextLook){.font = FONT_M_BOLD}) + 12);
    ListRow row = {.title = in_lang(stage, &data->tool.meta, "title", data->tool.title),
                   .subtitle = tool_type_name(stage, data->tool.type),
                   .key = data->tool.meta.id,
                   .icon = "outils",
                   .icon_right = "chev_droite",
                   .bold = true};
    Rect face = rect_cut_top(&area, ui_row_height(ui, area.w, &row));
    if (ui_row(ui, face, &row) == ROW_OPEN) *action = open_screen(SCREEN_tool, data->tool.meta.id);
    rect_cut_top(&area, EDGE);
    return area.y - top;
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const TimeEaterScreen *data = in;
    Action action = action_none();
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    area = draw_heading(stage, area, in_lang(stage, &data->eater.meta, "title", data->eater.title),
                        in_lang(stage, &data->eater.meta, "body", data->eater.body));
    ScrollArea scroll = ui_scroll_begin(stage->ui, area, STR("eater"));
    Rect left = scroll.content, right = scroll.content;
    bool columns = area.w >= 1500;
    if (columns) {
        left = rect_cut_left(&right, scroll.content.w * 52 / 100);
        rect_cut_left(&right, 48);
    }
    ui_figure(stage->ui, rect_cut_top(&left, 164), say_number(&stage->say, data->eater.count),
              words_with(stage, M_declared_times, NUM(data->eater.count)));
    rect_cut_top(&left, GRID);
    if (data->has_tool) rect_cut_top(&left, draw_tool(stage, left, data, &action) + GRID);
    Rect *where = columns ? &right : &left;
    rect_cut_top(where, draw_where(stage, *where, data));
    int bottom = left.y > right.y ? left.y : right.y;
    ui_scroll_end(stage->ui, scroll, bottom - scroll.content.y, page_words(stage, STR("eater")));
    return action;
}

const ScreenKind screen_time_eater = {
    .name = "time_eater",
    .data_size = sizeof(TimeEaterScreen),
    .reads = KIND_BIT(K_time_eater) | KIND_BIT(K_tool) | KIND_BIT(K_org),
    .load = load,
    .draw = draw,
};
