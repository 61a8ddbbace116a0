#include "kiosk/ui/inside.h"
#include "kiosk/ui/markdown_inside.h"

enum {
    INDENT = 64,
    QUOTE_INDENT = 40,
    QUOTE_BAR = 8,
    BLOCK_GAP = 24,
    TIGHT_GAP = 8,
    HEADING_GAP = 40,
    RULE_H = 34,
    CODE_PAD = 24,
    BULLET_R = 7,
    TASK_BOX = 40
};

static int gap_before(const Block *block, bool first) {
    if (first) return 0;
    if (block->type == BLOCK_HEADING) return HEADING_GAP;
    return block->tight ? TIGHT_GAP : BLOCK_GAP;
}

static Rect block_area(Rect area, const Block *block) {
    rect_cut_left(&area, block->quote_depth * QUOTE_INDENT);
    rect_cut_left(&area, block->list_depth * INDENT);
    return area;
}

/* The pieces of a block as spans; heading and quote set their look. */
static size_t block_spans(Ui *ui, const Block *block, Span **out) {
    size_t count = 0;
    for (const Piece *piece = block->pieces; piece; piece = piece->next) count++;
    Span *spans = ARENA_ARRAY(ui->arena, Span, count + 1);
    size_t i = 0;
    for (const Piece *piece = block->pieces; piece; piece = piece->next) {
        Font font = block->type == BLOCK_HEADING ? FONT_M_BOLD : piece->bold ? FONT_S_BOLD : FONT_S;
        spans[i++] = (Span){piece->text, font, block->quote_depth ? ui->theme.ink2 : 0};
    }
    *out = spans;
    return count;
}

static TextLook block_look(const Block *block) {
    return (TextLook){.font = block->type == BLOCK_HEADING ? FONT_M_BOLD : FONT_S};
}

static int picture_h(const Markdown *markdown, Str name, int width) {
    int height = markdown->image_height ? markdown->image_height(markdown->image_context, name, width) : 0;
    return height > 0 ? height : width * 9 / 16;
}

static int image_h(Ui *ui, const Markdown *markdown, const Block *block, int width) {
    int height = picture_h(markdown, block->image, width);
    if (!block->caption.len) return height;
    return height + HALF + ui_text_height(ui, width, block->caption, (TextLook){.font = FONT_S});
}

static int words_h(Ui *ui, const Block *block, int width) {
    Span *spans;
    size_t count = block_spans(ui, block, &spans);
    return ui_rich_height(ui, width, spans, count, block_look(block));
}

static int measure_block(Ui *ui, const Markdown *markdown, const Block *block, int width) {
    switch (block->type) {
    case BLOCK_RULE:
        return RULE_H;
    case BLOCK_IMAGE:
        return image_h(ui, markdown, block, width);
    case BLOCK_TABLE:
        return ui_table_height(ui, width, block->columns, block->column_count, block->cells,
                               block->row_count);
    case BLOCK_CODE:
        return words_h(ui, block, width - 2 * CODE_PAD) + 2 * CODE_PAD;
    case BLOCK_PARAGRAPH:
    case BLOCK_HEADING:
    default:
        return words_h(ui, block, width);
    }
}

/* Remembered, so that scrolling does not set again what is out of sight. Images may come later: always asked.
 */
static int block_h(Ui *ui, const Markdown *markdown, Block *block, int width) {
    int size = ui->theme.font[FONT_S].size;
    bool known = block->known_width == width && block->known_size == size && block->type != BLOCK_IMAGE;
    if (known) return block->known_height;
    block->known_height = measure_block(ui, markdown, block, width);
    block->known_width = width;
    block->known_size = size;
    return block->known_height;
}

/* ---- drawing ---- */

static void task_box(Ui *ui, int x, int middle, bool done) {
    const Theme *theme = &ui->theme;
    Rect box = {x, middle - TASK_BOX / 2, TASK_BOX, TASK_BOX};
    ui_box(ui, box, done ? theme->ok : theme->card, 8, done ? COLOR_NONE : theme->line, 4);
    if (done) ui_icon(ui, rect_inset(box, 6), "coche", theme->on_ok);
}

static void draw_marker(Ui *ui, Rect area, const Block *block) {
    int line = ui->theme.font[block_look(block).font].line, middle = area.y + line / 2, x = area.x - INDENT;
    if (block->marker == MARKER_BULLET)
        ui_circle(ui, x + 24, middle + 2, BULLET_R, ui->theme.accent, COLOR_NONE, 0);
    if (block->marker == MARKER_TASK || block->marker == MARKER_TASK_DONE)
        task_box(ui, x + 4, middle, block->marker == MARKER_TASK_DONE);
    if (block->marker != MARKER_NUMBER) return;
    Str number = str_print(ui->arena, "%u.", block->number);
    Rect place = {x, area.y, INDENT - 14, line};
    ui_text(ui, place, number,
            (TextLook){.font = FONT_S_BOLD, .color = ui->theme.accent, .align = ALIGN_RIGHT});
}

static void draw_words(Ui *ui, Rect area, const Block *block) {
    Span *spans;
    size_t count = block_spans(ui, block, &spans);
    ui_rich(ui, area, spans, count, block_look(block));
}

static void draw_image(Ui *ui, const Markdown *markdown, Rect area, const Block *block) {
    Rect rect = {area.x, area.y, area.w, picture_h(markdown, block->image, area.w)};
    ui_picture(
        ui, rect,
        (Picture){.name = block->image, .caption = block->caption, .fit = FIT_CONTAIN, .radius = RADIUS});
}

static void draw_block(Ui *ui, const Markdown *markdown, Rect area, const Block *block) {
    const Theme *theme = &ui->theme;
    switch (block->type) {
    case BLOCK_RULE:
        ui_separator(ui, area.x, area.y + RULE_H / 2, area.w);
        break;
    case BLOCK_IMAGE:
        draw_image(ui, markdown, area, block);
        break;
    case BLOCK_TABLE:
        ui_table(ui, area, block->columns, block->column_count, block->cells, block->row_count);
        break;
    case BLOCK_CODE:
        ui_box(ui, area, theme->sunk, RADIUS, theme->card_border, BORDER);
        draw_words(ui, rect_inset(area, CODE_PAD), block);
        break;
    case BLOCK_PARAGRAPH:
    case BLOCK_HEADING:
    default:
        draw_words(ui, area, block);
    }
    if (block->marker != MARKER_NONE) draw_marker(ui, area, block);
}

/* The bar of a quote runs through the gap to the block above when that is quoted too. */
static void draw_quote(Ui *ui, Rect area, const Block *block, int gap, int depth_before) {
    for (int i = 0; i < block->quote_depth; i++) {
        int up = i < depth_before ? gap : 0;
        ui_fill(ui, rect_make(area.x + i * QUOTE_INDENT, area.y - up, QUOTE_BAR, area.h + up),
                ui->theme.accent_tint);
    }
}

int ui_markdown(Ui *ui, Rect area, const Markdown *markdown) {
    int y = area.y, depth_before = 0;
    for (Block *block = markdown->first; block; block = block->next) {
        int gap = gap_before(block, block == markdown->first);
        Rect at = block_area(area, block);
        at.y = y + gap;
        at.h = block_h(ui, markdown, block, at.w);
        Rect whole = {area.x, at.y, area.w, at.h};
        if (ui_sees(ui, rect_inset(whole, -BLOCK_GAP))) {
            draw_quote(ui, whole, block, gap, depth_before);
            draw_block(ui, markdown, at, block);
        }
        depth_before = block->quote_depth;
        y = at.y + at.h;
    }
    return y - area.y;
}
