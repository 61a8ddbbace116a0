/* Home of libcsv. It is fed one physical line at a time, so that the line of every cell is known although the
 * library does not count. */
#include "syncd/content/table.h"

#include <csv.h>
#include <string.h>

typedef struct Reader {
    Issues *issues;
    Arena *arena;
    Table *table;
    Cell *cells; /* of the record being read */
    size_t cell_count, row_capacity;
    int line;      /* being fed */
    int cell_line; /* where the next cell begins */
    int row_line;
    bool has_header, full, filled;
} Reader;

static void take_cell(void *bytes, size_t len, void *context) {
    Reader *reader = context;
    Str text = str_trim(str_copy(reader->arena, (Str){bytes ? bytes : "", len}));
    if (reader->cell_count == 0) reader->row_line = reader->cell_line;
    if (reader->cell_count < CONTENT_COLUMNS_MAX)
        reader->cells[reader->cell_count] = (Cell){text, reader->cell_line, (int)reader->cell_count + 1};
    reader->cell_count++;
    if (text.len > 0) reader->filled = true;
    reader->cell_line = reader->line;
}

static void keep_row(Reader *reader) {
    Table *table = reader->table;
    if (table->row_count == reader->row_capacity) {
        reader->row_capacity = reader->row_capacity ? 2 * reader->row_capacity : 64;
        Row *grown = ARENA_ARRAY(reader->arena, Row, reader->row_capacity);
        if (table->row_count) memcpy(grown, table->rows, table->row_count * sizeof *grown);
        table->rows = grown;
    }
    Cell *cells = arena_copy(reader->arena, reader->cells, table->name_count * sizeof *cells);
    table->rows[table->row_count++] = (Row){cells, reader->row_line};
}

static void take_header(Reader *reader) {
    reader->has_header = true;
    reader->table->name_count = reader->cell_count;
    reader->table->names = arena_copy(reader->arena, reader->cells, reader->cell_count * sizeof(Cell));
}

static void take_row(Reader *reader) {
    size_t expected = reader->table->name_count;
    if (reader->cell_count != expected) {
        issue_add(reader->issues, reader->row_line,
                  (int)(reader->cell_count < expected ? reader->cell_count : expected) + 1, (Str){0},
                  (Str){0}, "cells", "the line has %zu cells, the header has %zu", reader->cell_count,
                  expected);
    } else if (reader->table->row_count == CONTENT_LINES_MAX) {
        if (!reader->full)
            issue_add(reader->issues, reader->row_line, 0, (Str){0}, (Str){0}, "too_many_lines",
                      "the file has more than %d lines; split it", CONTENT_LINES_MAX);
        reader->full = true;
    } else {
        keep_row(reader);
    }
}

static void end_row(int terminator, void *context) {
    Reader *reader = context;
    (void)terminator;
    if (reader->cell_count > CONTENT_COLUMNS_MAX) {
        issue_add(reader->issues, reader->row_line, CONTENT_COLUMNS_MAX + 1, (Str){0}, (Str){0},
                  "too_many_columns", "the line has %zu cells, %d is the most", reader->cell_count,
                  CONTENT_COLUMNS_MAX);
        reader->has_header = true;
    } else if (reader->filled) {
        if (reader->has_header)
            take_row(reader);
        else
            take_header(reader);
    }
    reader->cell_count = 0;
    reader->filled = false;
    reader->cell_line = reader->line + 1;
}

/* The one that stands most often in the first line, outside quotes. */
static unsigned char separator_of(Str text) {
    static const char candidates[] = ";,\t";
    size_t counts[3] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (text.at[i] == '\n') break;
        for (size_t j = 0; j < 3; j++)
            if (text.at[i] == candidates[j]) counts[j]++;
    }
    for (size_t j = 1; j < 3; j++)
        if (counts[j] > counts[best]) best = j;
    return (unsigned char)candidates[best];
}

static Str next_line(Str text, size_t at) {
    Str rest = str_skip(text, at);
    const char *end = memchr(rest.at, '\n', rest.len);
    return end ? str_first(rest, (size_t)(end - rest.at) + 1) : rest;
}

static bool line_is_fed(Reader *reader, struct csv_parser *parser, Str line) {
    if (line.len > CONTENT_LINE_BYTES_MAX) {
        issue_add(reader->issues, reader->line, 0, (Str){0}, (Str){0}, "line_too_long",
                  "the line is longer than %d KiB", CONTENT_LINE_BYTES_MAX / 1024);
        return false;
    }
    size_t taken = csv_parse(parser, line.at, line.len, take_cell, end_row, reader);
    if (taken == line.len) return true;
    issue_add(reader->issues, reader->line, (int)reader->cell_count + 1, (Str){0},
              str_first(str_skip(line, taken), 40), "quotes",
              "a quote inside a cell must be doubled, and the whole cell must stand in quotes");
    return false;
}

static bool lines_are_fed(Reader *reader, struct csv_parser *parser, Str text) {
    for (size_t at = 0; at < text.len;) {
        Str line = next_line(text, at);
        if (!line_is_fed(reader, parser, line)) return false;
        at += line.len;
        reader->line++;
        if (reader->full) return false;
        if (reader->cell_count == 0 && !parser->quoted) reader->cell_line = reader->line;
    }
    if (csv_fini(parser, take_cell, end_row, reader) == 0) return true;
    issue_add(reader->issues, reader->cell_line, (int)reader->cell_count + 1, (Str){0}, (Str){0}, "quotes",
              "a cell that begins with a quote has no closing quote");
    return false;
}

bool csv_read(Issues *issues, Arena *arena, Str text, Table *out) {
    *out = (Table){0};
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) return false;
    csv_set_delim(&parser, separator_of(text));
    Reader reader = {.issues = issues, .arena = arena, .table = out, .line = 1, .cell_line = 1};
    reader.cells = ARENA_ARRAY(arena, Cell, CONTENT_COLUMNS_MAX);
    bool whole = lines_are_fed(&reader, &parser, text);
    csv_free(&parser);
    if (whole && !out->names)
        issue_add(issues, 1, 0, (Str){0}, (Str){0}, "empty",
                  "the file is empty; its first line names the columns");
    return whole && out->names;
}
