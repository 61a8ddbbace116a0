/* One page of the booklet: « l’essentiel » first, then the text; its neighbours at the foot, its chapter at
 * the left. */
#include "kiosk/screens/parts.h"

#include "kiosk/ui/markdown.h"

enum { SIDE_W = 456, GUTTER = 64, SIDE_ITEM_H = 100, QR_H = 392, TAKE_MAX = 190 };

typedef struct PageScreen {
    Page page;
    Page *pages;
    size_t count, at;   /* all pages; this one */
    size_t first, last; /* of its chapter */
    Markdown *body;
    Str essential, take; /* take: what the code for the phone holds */
} PageScreen;

/* Plain text for the phone: title and the essential, or the beginning. */
static Str take_along(const Stage *stage, const PageScreen *data) {
    Str text = data->essential.len ? data->essential
               : data->body        ? markdown_plain(stage->arena, data->body)
                                   : (Str){0};
    size_t length = text.len < TAKE_MAX ? text.len : TAKE_MAX;
    while (length && length < text.len && text.at[length] != ' ') length--;
    const char *more = length < text.len ? " …" : "";
    return str_print(stage->arena, "%.*s\n%.*s%s", STR_FORMAT(data->page.title), (int)length,
                     text.at ? text.at : "", more);
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    PageScreen *data = out;
    void *rows = NULL;
    TRY(records_get(stage->records, K_page, stage->arg, &data->page, stage->arena, err));
    TRY(load_all(stage, VIEW_pages, &rows, &data->count, err));
    data->pages = rows;
    for (size_t i = 0; i < data->count; i++)
        if (str_equal(data->pages[i].meta.id, stage->arg)) data->at = i;
    data->first = data->last = data->at;
    while (data->first > 0 && str_equal(data->pages[data->first - 1].chapter, data->page.chapter))
        data->first--;
    while (data->last + 1 < data->count && str_equal(data->pages[data->last + 1].chapter, data->page.chapter))
        data->last++;
    data->essential = in_lang(stage, &data->page.meta, "essential", data->page.essential);
    TRY(load_markdown(stage, in_lang(stage, &data->page.meta, "body", data->page.body), &data->body, err));
    data->take = take_along(stage, data);
    return OK;
}

static Str title_of(const Stage *stage, const Page *page) {
    return in_lang(stage, &page->meta, "title", page->title);
}

static Action go_to(const Page *page) {
    return (Action){.type = ACTION_REPLACE, .screen = SCREEN_page, .arg = page->meta.id};
}

static void draw_side(const Stage *stage, Rect side, const PageScreen *data, Action *action) {
    Ui *ui = stage->ui;
    rect_cut_top(&side, 20);
    QrCard card = {data->take, words(stage, M_read_on_phone), (Str){0}};
    Rect qr = rect_cut_bottom(&side, QR_H);
    if (ui_qr_card(ui, qr, card))
        rect_cut_bottom(&side, 24);
    else
        side.h += qr.h;
    Str chapter = in_lang(stage, &data->page.meta, "chapter", data->page.chapter);
    rect_cut_top(&side, ui_text(ui, side, chapter, (TextLook){.font = FONT_M_BOLD}) + 20);
    ScrollArea scroll = ui_scroll_begin(ui, side, STR("chapter"));
    Rect item = rect_make(scroll.content.x, scroll.content.y, scroll.content.w, SIDE_ITEM_H);
    for (size_t i = data->first; i <= data->last && i < data->count; i++) {
        if (ui_sees(ui, item) &&
            ui_side_item(ui, item, title_of(stage, &data->pages[i]), NULL, i == data->at) && i != data->at)
            *action = go_to(&data->pages[i]);
        item.y += SIDE_ITEM_H;
    }
    ui_scroll_end(ui, scroll, (int)(data->last - data->first + 1) * SIDE_ITEM_H, (Str){0});
}

static void draw_foot(const Stage *stage, Rect row, const PageScreen *data, Action *action) {
    Ui *ui = stage->ui;
    const Page *before = data->at > 0 ? &data->pages[data->at - 1] : NULL;
    const Page *after = data->at + 1 < data->count ? &data->pages[data->at + 1] : NULL;
    bool wide = row.w >= 1100;
    Str words_before = wide && before ? title_of(stage, before) : words(stage, M_page_before);
    Str words_after = wide && after ? title_of(stage, after) : words(stage, M_page_after);
    Button back = {.label = words_before, .key = STR("before"), .icon = "chev_gauche", .disabled = !before};
    Button next = {.kind = BUTTON_PRIMARY,
                   .label = words_after,
                   .key = STR("after"),
                   .icon_after = "chev_droite",
                   .disabled = !after};
    Str middle = words_with(stage, M_page_of, NUM((int64_t)data->at + 1), NUM((int64_t)data->count));
    int middle_w = ui_text_width(ui, FONT_S, middle) + 64, back_w = ui_button_width(ui, back),
        next_w = ui_button_width(ui, next);
    if (back_w + next_w + middle_w > row.w) { /* titles too long for the row: plain words */
        back.label = words(stage, M_page_before);
        next.label = words(stage, M_page_after);
        back_w = ui_button_width(ui, back);
        next_w = ui_button_width(ui, next);
    }
    bool room = back_w + next_w + middle_w <= row.w;
    if (!room) back_w = next_w = (row.w - HALF) / 2;
    if (ui_button(ui, rect_cut_left(&row, back_w), back)) *action = go_to(before);
    if (ui_button(ui, rect_cut_right(&row, next_w), next)) *action = go_to(after);
    if (room)
        ui_text_middle(ui, row, middle,
                       (TextLook){.font = FONT_S, .color = ui->theme.ink2, .align = ALIGN_CENTER});
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const PageScreen *data = in;
    Action action = action_none();
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    if (area.w >= 1500) {
        Rect side = rect_cut_left(&area, SIDE_W);
        rect_cut_left(&area, GUTTER);
        draw_side(stage, side, data, &action);
    }
    rect_cut_top(&area, 12);
    rect_cut_top(&area, draw_title(stage, area, title_of(stage, &data->page)) + 12);
    Rect row = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, 24);
    draw_document(stage, area, data->page.meta.id, data->essential, data->body);
    draw_foot(stage, row, data, &action);
    return action;
}

const ScreenKind screen_page = {
    .name = "page",
    .data_size = sizeof(PageScreen),
    .reads = KIND_BIT(K_page),
    .load = load,
    .draw = draw,
};
