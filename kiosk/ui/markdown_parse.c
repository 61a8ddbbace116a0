#include "common/base/utf8.h"
#include "kiosk/ui/markdown_inside.h"

#include <md4c.h>
#include <string.h>

enum { COLUMNS_MAX = 12, LISTS_MAX = MARKDOWN_DEPTH_MAX };

typedef struct ListLevel {
    bool ordered, tight;
    unsigned next_number;
} ListLevel;

typedef struct Parser {
    Arena *arena;
    Markdown *out;
    Block *block; /* being filled; NULL between blocks */
    int bold, list_depth, quote_depth;
    ListLevel lists[LISTS_MAX];
    Marker marker; /* waits for the first block of its item */
    unsigned number;
    bool in_head, in_cell, in_html, after_item;
    int image_depth;
    Str image;
    Buf words; /* alternative text of an image, or a cell */
    int column;
    TableCell *cells;
    int cell_cap;
} Parser;

static int capped(int depth) {
    return depth < MARKDOWN_DEPTH_MAX ? depth : MARKDOWN_DEPTH_MAX;
}

static Block *new_block(Parser *parser, BlockType type) {
    Block *block = ARENA_NEW(parser->arena, Block);
    block->type = type;
    block->list_depth = capped(parser->list_depth);
    block->quote_depth = capped(parser->quote_depth);
    block->marker = parser->marker;
    block->number = parser->number;
    bool in_list = parser->list_depth > 0;
    block->tight = in_list && parser->marker != MARKER_NONE && parser->after_item;
    parser->marker = MARKER_NONE;
    parser->after_item = in_list;
    if (parser->out->last)
        parser->out->last->next = block;
    else
        parser->out->first = block;
    parser->out->last = block;
    parser->block = block;
    return block;
}

static void add_words(Parser *parser, Str text) {
    if (parser->image_depth > 0 || parser->in_cell) {
        buf_add(&parser->words, text);
        return;
    }
    if (!parser->block) new_block(parser, BLOCK_PARAGRAPH);
    Piece *piece = ARENA_NEW(parser->arena, Piece);
    piece->text = str_copy(parser->arena, text);
    piece->bold = parser->bold > 0;
    if (parser->block->last_piece)
        parser->block->last_piece->next = piece;
    else
        parser->block->pieces = piece;
    parser->block->last_piece = piece;
}

/* ---- tables ---- */

static void begin_table(Parser *parser, const MD_BLOCK_TABLE_DETAIL *detail) {
    Block *block = new_block(parser, BLOCK_TABLE);
    block->column_count = detail->col_count < COLUMNS_MAX ? (int)detail->col_count : COLUMNS_MAX;
    block->columns = ARENA_ARRAY(parser->arena, TableColumn, (size_t)block->column_count);
    parser->cells = NULL;
    parser->cell_cap = 0;
}

static void add_row(Parser *parser) {
    Block *block = parser->block;
    int used = block->row_count * block->column_count, needed = used + block->column_count;
    if (needed > parser->cell_cap) {
        parser->cell_cap = needed * 2;
        TableCell *grown = ARENA_ARRAY(parser->arena, TableCell, (size_t)parser->cell_cap);
        if (used) memcpy(grown, parser->cells, (size_t)used * sizeof *grown);
        parser->cells = grown;
    }
    block->cells = parser->cells;
    block->row_count++;
}

static Align align_of(const MD_BLOCK_TD_DETAIL *detail) {
    if (detail->align == MD_ALIGN_RIGHT) return ALIGN_RIGHT;
    return detail->align == MD_ALIGN_CENTER ? ALIGN_CENTER : ALIGN_LEFT;
}

static void begin_cell(Parser *parser, bool head) {
    parser->in_head = head;
    parser->in_cell = true;
    buf_clear(&parser->words);
}

static void end_cell(Parser *parser, const MD_BLOCK_TD_DETAIL *detail) {
    Block *block = parser->block;
    int column = parser->column++;
    parser->in_cell = false;
    if (!block || column >= block->column_count) return;
    Str text = str_copy(parser->arena, buf_str(&parser->words));
    if (parser->in_head)
        block->columns[column] = (TableColumn){.head = text, .align = align_of(detail)};
    else
        block->cells[(block->row_count - 1) * block->column_count + column].text = text;
}

static void begin_row(Parser *parser, bool head) {
    parser->column = 0;
    if (!head) add_row(parser);
}

/* ---- blocks ---- */

static void begin_list(Parser *parser, bool ordered, unsigned start, bool tight) {
    if (parser->list_depth < LISTS_MAX)
        parser->lists[parser->list_depth] = (ListLevel){ordered, tight, start};
    parser->list_depth++;
    parser->block = NULL;
}

static void begin_item(Parser *parser, const MD_BLOCK_LI_DETAIL *detail) {
    ListLevel *list = &parser->lists[capped(parser->list_depth) - 1];
    parser->block = NULL;
    parser->number = list->next_number++;
    parser->marker = list->ordered ? MARKER_NUMBER : MARKER_BULLET;
    if (detail->is_task) parser->marker = detail->task_mark == ' ' ? MARKER_TASK : MARKER_TASK_DONE;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context) {
    Parser *parser = context;
    switch (type) {
    case MD_BLOCK_QUOTE:
        parser->quote_depth++;
        break;
    case MD_BLOCK_UL:
        begin_list(parser, false, 1, ((const MD_BLOCK_UL_DETAIL *)detail)->is_tight);
        break;
    case MD_BLOCK_OL:
        begin_list(parser, true, ((const MD_BLOCK_OL_DETAIL *)detail)->start,
                   ((const MD_BLOCK_OL_DETAIL *)detail)->is_tight);
        break;
    case MD_BLOCK_LI:
        begin_item(parser, detail);
        break;
    case MD_BLOCK_HR:
        new_block(parser, BLOCK_RULE);
        parser->block = NULL;
        break;
    case MD_BLOCK_H:
        new_block(parser, BLOCK_HEADING)->level = (int)((const MD_BLOCK_H_DETAIL *)detail)->level;
        break;
    case MD_BLOCK_CODE:
        new_block(parser, BLOCK_CODE);
        break;
    case MD_BLOCK_P:
        new_block(parser, BLOCK_PARAGRAPH);
        break;
    case MD_BLOCK_TABLE:
        begin_table(parser, detail);
        break;
    case MD_BLOCK_HTML:
        parser->in_html = true;
        break;
    case MD_BLOCK_TR:
        begin_row(parser, parser->in_head);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        begin_cell(parser, type == MD_BLOCK_TH);
        break;
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
        parser->in_head = type == MD_BLOCK_THEAD;
        break;
    case MD_BLOCK_DOC:
    default:
        break;
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context) {
    Parser *parser = context;
    bool cell = type == MD_BLOCK_TH || type == MD_BLOCK_TD;
    if (type == MD_BLOCK_QUOTE) parser->quote_depth--;
    if (type == MD_BLOCK_HTML) parser->in_html = false;
    if (type == MD_BLOCK_LI) parser->marker = MARKER_NONE; /* of an empty item */
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) {
        parser->list_depth--;
        parser->after_item = parser->list_depth > 0;
    }
    if (cell)
        end_cell(parser, detail);
    else if (type != MD_BLOCK_TR && type != MD_BLOCK_THEAD && type != MD_BLOCK_TBODY)
        parser->block = NULL;
    return 0;
}

/* ---- inline ---- */

static int enter_span(MD_SPANTYPE type, void *detail, void *context) {
    Parser *parser = context;
    if (type == MD_SPAN_STRONG || type == MD_SPAN_EM) parser->bold++;
    if (type != MD_SPAN_IMG || parser->image_depth++ > 0) return 0;
    const MD_SPAN_IMG_DETAIL *image = detail;
    parser->image = str_copy(parser->arena, (Str){image->src.text, image->src.size});
    if (!parser->in_cell) buf_clear(&parser->words);
    return 0;
}

/* An image stands between paragraphs; what surrounds it in its own paragraph goes on after it. */
static void end_image(Parser *parser) {
    if (parser->in_cell) return;
    Block *paragraph = parser->block;
    bool reuse = paragraph && paragraph->type == BLOCK_PARAGRAPH && !paragraph->pieces;
    Block *block = reuse ? paragraph : new_block(parser, BLOCK_IMAGE);
    block->type = BLOCK_IMAGE;
    block->image = parser->image;
    block->caption = str_copy(parser->arena, buf_str(&parser->words));
    parser->block = NULL;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context) {
    (void)detail;
    Parser *parser = context;
    if (type == MD_SPAN_STRONG || type == MD_SPAN_EM) parser->bold--;
    if (type == MD_SPAN_IMG && --parser->image_depth == 0) end_image(parser);
    return 0;
}

static int32_t entity_code_point(Str entity) {
    static const struct {
        const char *name;
        int32_t code_point;
    } known[] = {{"&nbsp;", 0xA0},    {"&amp;", '&'},      {"&lt;", '<'},        {"&gt;", '>'},
                 {"&quot;", '"'},     {"&apos;", '\''},    {"&laquo;", 0xAB},    {"&raquo;", 0xBB},
                 {"&ndash;", 0x2013}, {"&mdash;", 0x2014}, {"&hellip;", 0x2026}, {"&euro;", 0x20AC},
                 {"&deg;", 0xB0},     {"&rsquo;", 0x2019}, {"&times;", 0xD7}};
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(entity, known[i].name)) return known[i].code_point;
    return -1;
}

static void add_entity(Parser *parser, Str entity) {
    int32_t code_point = entity_code_point(entity);
    if (code_point < 0) {
        add_words(parser, entity);
        return;
    }
    AUTO(buf_free) Buf out = buf_new(8);
    utf8_add(&out, code_point);
    add_words(parser, buf_str(&out));
}

static int text_found(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context) {
    Parser *parser = context;
    if (type == MD_TEXT_HTML || parser->in_html) return 0;
    bool soft = type == MD_TEXT_SOFTBR, hard = type == MD_TEXT_BR;
    if (type == MD_TEXT_ENTITY)
        add_entity(parser, (Str){text, size});
    else if (type == MD_TEXT_NULLCHAR)
        add_words(parser, STR("\xEF\xBF\xBD"));
    else
        add_words(parser, soft ? STR(" ") : hard ? STR("\n") : (Str){text, size});
    return 0;
}

Status markdown_parse(Arena *arena, Str text, Markdown **out, Err *err) {
    if (text.len > MARKDOWN_MAX)
        return err_set(err, E_TOOBIG, "a text of %zu bytes is too long to be shown", text.len);
    Parser parser = {.arena = arena, .out = ARENA_NEW(arena, Markdown), .words = buf_new(64 * 1024)};
    const MD_PARSER callbacks = {
        .flags = MD_FLAG_TABLES | MD_FLAG_TASKLISTS | MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEWWWAUTOLINKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = text_found,
    };
    int failed = md_parse(text.at ? text.at : "", (MD_SIZE)text.len, &callbacks, &parser);
    buf_free(&parser.words);
    if (failed) return err_set(err, E_INVALID, "this text cannot be read as Markdown");
    *out = parser.out;
    return OK;
}

void markdown_set_image_height(Markdown *markdown, MarkdownImageHeight height, void *context) {
    markdown->image_height = height;
    markdown->image_context = context;
}

/* ---- as plain words ---- */

static void plain_block(Buf *out, const Block *block) {
    for (const Piece *piece = block->pieces; piece; piece = piece->next) buf_add(out, piece->text);
    buf_add(out, block->caption);
    for (int i = 0; i < block->column_count * block->row_count; i++) {
        if (i % block->column_count == 0 && i > 0) buf_add_cstr(out, ".\n");
        buf_add(out, block->cells[i].text);
        buf_add_cstr(out, i % block->column_count == block->column_count - 1 ? "" : ", ");
    }
}

Str markdown_plain(Arena *arena, const Markdown *markdown) {
    AUTO(buf_free) Buf out = buf_new(2 * MARKDOWN_MAX);
    for (const Block *block = markdown->first; block; block = block->next) {
        size_t before = out.len;
        plain_block(&out, block);
        if (out.len > before) buf_add_byte(&out, '\n');
    }
    return str_copy(arena, buf_str(&out));
}
