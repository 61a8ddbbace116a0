/* The contents of the booklet, chapter by chapter. */
#include "kiosk/screens/parts.h"

typedef struct Booklet {
    Page *pages;
    size_t count;
} Booklet;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Booklet *data = out;
    void *rows = NULL;
    TRY(load_all(stage, VIEW_pages, &rows, &data->count, err));
    data->pages = rows;
    return OK;
}

static int draw_chapter(const Stage *stage, Rect area, const Booklet *data, size_t from, size_t until,
                        Action *action) {
    Ui *ui = stage->ui;
    int top = area.y;
    Str chapter = in_lang(stage, &data->pages[from].meta, "chapter", data->pages[from].chapter);
    rect_cut_top(&area,
                 ui_text(ui, area, chapter, (TextLook){.font = FONT_M_BOLD, .color = ui->theme.accent}) + 12);
    for (size_t i = from; i < until; i++) {
        const Page *page = &data->pages[i];
        ListRow row = {.title = in_lang(stage, &page->meta, "title", page->title),
                       .key = page->meta.id,
                       .icon_right = "chev_droite"};
        Rect face = rect_make(area.x, area.y, area.w, ui_row_height(ui, area.w, &row));
        if (ui_sees(ui, rect_inset(face, -EDGE)) && ui_row(ui, face, &row) == ROW_OPEN)
            *action = open_screen(SCREEN_page, page->meta.id);
        rect_cut_top(&area, face.h + EDGE + 16);
    }
    return area.y - top + 20;
}

/* Chapters one after the other into the shorter of the columns. */
static int draw_chapters(const Stage *stage, Rect area, const Booklet *data, int columns, Action *action) {
    int used[2] = {0, 0};
    for (size_t from = 0; from < data->count;) {
        size_t until = from + 1;
        while (until < data->count && str_equal(data->pages[until].chapter, data->pages[from].chapter))
            until++;
        int column = columns == 2 && used[1] < used[0] ? 1 : 0;
        Rect at = rect_column(area, columns, column, 64);
        at.y += used[column];
        used[column] += draw_chapter(stage, at, data, from, until, action);
        from = until;
    }
    return used[0] > used[1] ? used[0] : used[1];
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const Booklet *data = in;
    Action action = action_none();
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    area = draw_heading(stage, area, words(stage, M_booklet), (Str){0});
    if (!data->count) {
        draw_nothing(stage, area, "livre", M_nothing_here, M_nothing_here_yet);
        return action;
    }
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("booklet"));
    int height = draw_chapters(stage, scroll.content, data, scroll.content.w > 1200 ? 2 : 1, &action);
    ui_scroll_end(ui, scroll, height, page_words(stage, STR("booklet")));
    return action;
}

const ScreenKind screen_booklet = {
    .name = "booklet",
    .data_size = sizeof(Booklet),
    .reads = KIND_BIT(K_page),
    .load = load,
    .draw = draw,
};
