#include "kiosk/screens/parts.h"

#include "kiosk/ui/markdown.h"

enum { IMAGE_MAX_H = 380, ROW_GAP = 20, TAG_ROW_MIN_W = 1000 };

Str joined(const Stage *stage, const Str *parts, size_t count) {
    AUTO(buf_free) Buf out = buf_new(SAY_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!parts[i].len) continue;
        if (out.len) buf_add_cstr(&out, " · ");
        buf_add(&out, parts[i]);
    }
    return str_copy(stage->arena, buf_str(&out));
}

Status load_all(const Stage *stage, ViewQuery query, void **out, size_t *count, Err *err) {
    return view_list(stage->view, query, NULL, 0, out, count, stage->arena, err);
}

Status load_by(const Stage *stage, ViewQuery query, Str argument, void **out, size_t *count, Err *err) {
    ViewArg args[] = {VIEW_TEXT(argument)};
    return view_list(stage->view, query, args, 1, out, count, stage->arena, err);
}

Str in_lang(const Stage *stage, const RecordMeta *meta, const char *field, Str french) {
    if (stage->say.lang == LANG_FR) return french;
    const Json *translations = json_get(json_get(meta->source, "tr"), lang_code(stage->say.lang));
    Str text = json_get_text(translations, field);
    return text.len ? text : french;
}

Str service_name(const Stage *stage, Str id) {
    Service service;
    if (!id.len || records_get(stage->records, K_service, id, &service, stage->arena, NULL) != OK)
        return (Str){0};
    return in_lang(stage, &service.meta, "name", service.name);
}

Str org_short_name(const Stage *stage, Str id) {
    Org org;
    if (!id.len || records_get(stage->records, K_org, id, &org, stage->arena, NULL) != OK) return (Str){0};
    return org.short_name.len ? org.short_name : org.name;
}

Str project_name(const Stage *stage, int64_t project) {
    static const Message names[] = {M_project_1, M_project_2, M_project_3, M_project_4, M_project_5};
    return project >= 1 && project <= 5 ? words(stage, names[project - 1]) : (Str){0};
}

Str project_short(const Stage *stage, int64_t project) {
    return project >= 1 && project <= 5 ? words_with(stage, M_project_short, NUM(project)) : (Str){0};
}

Action open_screen(ScreenId screen, Str arg) {
    return (Action){.type = ACTION_OPEN, .screen = screen, .arg = arg};
}

Rect page_body(const Stage *stage) {
    Rect body = ui_body(stage->ui);
    int top = ui_content(stage->ui).y;
    return rect_make(body.x, top, body.w, rect_bottom(body) - EDGE - top);
}

int draw_buttons(const Stage *stage, Rect row, const Button *buttons, int count) {
    row.h += EDGE;
    return ui_button_row(stage->ui, row, buttons, count);
}

int draw_title(const Stage *stage, Rect area, Str title) {
    return ui_text(stage->ui, area, title, (TextLook){.font = FONT_L});
}

Rect draw_heading(const Stage *stage, Rect area, Str title, Str sentence) {
    int used = draw_title(stage, area, title);
    rect_cut_top(&area, used + QUARTER);
    if (sentence.len && stage->ui->screen.layout != LAYOUT_SMALL) {
        Color color = stage->ui->theme.ink2;
        used = ui_text(stage->ui, area, sentence, (TextLook){.font = FONT_S, .color = color});
        rect_cut_top(&area, used + HALF);
    }
    rect_cut_top(&area, QUARTER);
    return area;
}

Str page_words(const Stage *stage, Str key) {
    int pages = 1;
    int page = ui_scroll_page(stage->ui, key, &pages);
    return pages > 1 ? words_with(stage, M_page_of, NUM(page), NUM(pages)) : (Str){0};
}

void fit_tag(const Stage *stage, int width, ListRow *row) {
    if (!row->tag.len || width >= TAG_ROW_MIN_W) return;
    Str parts[] = {row->subtitle, row->tag};
    row->subtitle = joined(stage, parts, COUNT(parts));
    row->tag = (Str){0};
}

/* What the list needs of its rows, for ui_list: it asks only for those in sight. */
typedef struct RowsShown {
    const Stage *stage;
    const RowList *list;
    int touched;
} RowsShown;

static int row_height(void *context, Ui *ui, int index, int width) {
    const RowsShown *shown = context;
    ListRow row = {0};
    shown->list->row(shown->stage, shown->list->data, (size_t)index, &row);
    fit_tag(shown->stage, width, &row);
    return ui_row_height(ui, width, &row) + EDGE;
}

static void row_draw(void *context, Ui *ui, int index, Rect rect) {
    RowsShown *shown = context;
    ListRow row = {0};
    shown->list->row(shown->stage, shown->list->data, (size_t)index, &row);
    fit_tag(shown->stage, rect.w, &row);
    rect.h -= EDGE;
    if (ui_row(ui, rect, &row) != ROW_NONE) shown->touched = index;
}

int draw_rows(const Stage *stage, Rect area, const RowList *list) {
    RowsShown shown = {stage, list, -1};
    ui_list(stage->ui, area,
            (List){.key = list->key,
                   .count = (int)list->count,
                   .gap = ROW_GAP,
                   .context = &shown,
                   .height = row_height,
                   .draw = row_draw,
                   .page_words = page_words(stage, list->key)});
    return shown.touched;
}

static int image_height(void *context, Str name, int width) {
    (void)context;
    (void)name;
    int natural = width * 9 / 16;
    return natural < IMAGE_MAX_H ? natural : IMAGE_MAX_H;
}

Status load_markdown(const Stage *stage, Str text, Markdown **out, Err *err) {
    TRY(markdown_parse(stage->arena, text, out, err));
    markdown_set_image_height(*out, image_height, NULL);
    return OK;
}

void draw_document(const Stage *stage, Rect area, Str key, Str essential, const Markdown *body) {
    Ui *ui = stage->ui;
    ScrollArea scroll = ui_scroll_begin(ui, area, key);
    Rect at = scroll.content;
    if (essential.len)
        rect_cut_top(&at, ui_banner(ui, at, BANNER_INFO, words(stage, M_essential), essential) + 28);
    if (body) rect_cut_top(&at, ui_markdown(ui, at, body));
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, key));
}

void draw_nothing(const Stage *stage, Rect area, const char *icon, Message title, Message sentence) {
    Str head = words(stage, title), text = words(stage, sentence);
    area.h = ui_empty_height(stage->ui, area.w, head, text);
    ui_empty(stage->ui, area, icon, head, text);
}
