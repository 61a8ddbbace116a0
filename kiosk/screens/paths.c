/* « J’arrive »: a path for each profile, the booklet, my space. */
#include "kiosk/screens/parts.h"

typedef struct Paths {
    Path *paths;
    size_t count, page_count;
} Paths;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Paths *data = out;
    void *rows = NULL, *pages = NULL;
    TRY(load_all(stage, VIEW_paths, &rows, &data->count, err));
    TRY(load_all(stage, VIEW_pages, &pages, &data->page_count, err));
    data->paths = rows;
    return OK;
}

static ListRow path_row(const Stage *stage, const Path *path) {
    return (ListRow){.title = in_lang(stage, &path->meta, "title", path->title),
                     .subtitle = in_lang(stage, &path->meta, "summary", path->summary),
                     .key = path->meta.id,
                     .icon = "arrive",
                     .icon_right = "chev_droite",
                     .bold = true};
}

static bool draw_row(const Stage *stage, Rect *area, const ListRow *row) {
    Rect face = rect_cut_top(area, ui_row_height(stage->ui, area->w, row));
    rect_cut_top(area, EDGE + 20);
    return ui_row(stage->ui, face, row) == ROW_OPEN;
}

static void draw_paths(const Stage *stage, Rect *area, const Paths *data, Action *action) {
    for (size_t i = 0; i < data->count; i++) {
        ListRow row = path_row(stage, &data->paths[i]);
        if (draw_row(stage, area, &row)) *action = open_screen(SCREEN_path, data->paths[i].meta.id);
    }
}

static Action link_action(int touched) {
    if (touched < 0) return action_none();
    return touched ? (Action){.type = ACTION_SPACE} : open_screen(SCREEN_booklet, (Str){0});
}

/* The booklet and my space: beside the title where there is room, else under it. */
static Action draw_top(const Stage *stage, Rect *area, const Paths *data) {
    Ui *ui = stage->ui;
    Button links[] = {{.label = words(stage, M_booklet), .icon = "livre", .disabled = !data->page_count},
                      {.label = words(stage, M_my_space), .icon = "personne"}};
    int width = ui_button_width(ui, links[0]), second = ui_button_width(ui, links[1]);
    width = 2 * (width > second ? width : second) + GRID;
    Str title = words(stage, M_paths_title);
    rect_cut_top(area, 12);
    if (ui_text_width(ui, FONT_L, title) + GRID + width <= area->w) {
        draw_title(stage, *area, title);
        Rect row = rect_cut_top(area, ui_button_height(ui));
        rect_cut_top(area, EDGE + 20);
        return link_action(draw_buttons(stage, rect_cut_right(&row, width), links, COUNT(links)));
    }
    *area = draw_heading(stage, *area, title, words(stage, data->count ? M_paths_sentence : M_paths_none));
    Action action =
        link_action(draw_buttons(stage, rect_cut_top(area, ui_button_height(ui)), links, COUNT(links)));
    rect_cut_top(area, EDGE + GRID);
    return action;
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const Paths *data = in;
    Rect area = page_body(stage);
    Action action = draw_top(stage, &area, data);
    ScrollArea scroll = ui_scroll_begin(stage->ui, area, STR("paths"));
    Rect at = scroll.content;
    draw_paths(stage, &at, data, &action);
    ui_scroll_end(stage->ui, scroll, at.y - scroll.content.y - 20, page_words(stage, STR("paths")));
    return action;
}

const ScreenKind screen_paths = {
    .name = "paths",
    .data_size = sizeof(Paths),
    .reads = KIND_BIT(K_path) | KIND_BIT(K_page),
    .load = load,
    .draw = draw,
};
