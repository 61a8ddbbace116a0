/* The body of a path: a heading for each moment and one table under it. Strict: what is neither would be lost
 * without a word. */
#include "syncd/content/table.h"

#include "common/base/utf8.h"

#include <string.h>

enum { STEPS_MAX = 1000 };

typedef enum Place { PLACE_BEFORE, PLACE_HEADING, PLACE_NAMES, PLACE_ROWS } Place;

typedef struct StepsReader {
    Issues *issues;
    Arena *arena;
    Table *table;
    Place place;
    Cell heading;
} StepsReader;

/* Cells of "| a | b |"; "\|" inside a cell is a bar. */
static size_t cells_read(StepsReader *reader, Str line, int number, Cell *cells) {
    size_t count = 0, from = 1;
    for (size_t i = 1; i < line.len; i++) {
        if (line.at[i] != '|' || line.at[i - 1] == '\\') continue;
        Str part = str_trim((Str){line.at + from, i - from});
        int column = (int)utf8_length(str_first(line, (size_t)(part.at - line.at))) + 1;
        if (count < CONTENT_COLUMNS_MAX) cells[count] = (Cell){part, number, column};
        count++;
        from = i + 1;
    }
    for (size_t i = 0; i < count && i < CONTENT_COLUMNS_MAX; i++) {
        Str text = str_copy(reader->arena, cells[i].text);
        char *to = arena_alloc(reader->arena, text.len + 1);
        size_t len = 0;
        for (size_t j = 0; j < text.len; j++)
            if (text.at[j] != '\\' || j + 1 == text.len || text.at[j + 1] != '|') to[len++] = text.at[j];
        cells[i].text = (Str){to, len};
    }
    return count;
}

static bool is_rule(Str line) {
    for (size_t i = 0; i < line.len; i++)
        if (!strchr("|-: ", line.at[i])) return false;
    return str_find(line, STR("--")) >= 0;
}

/* The names of the first table count; the others must be the same. */
static bool names_fit(StepsReader *reader, const Cell *cells, size_t count, int number) {
    Table *table = reader->table;
    if (!table->names) {
        table->names = ARENA_ARRAY(reader->arena, Cell, count + 1);
        memcpy(table->names, cells, count * sizeof *cells);
        table->names[count] = (Cell){STR("moment"), number, 1};
        table->name_count = count + 1;
        return true;
    }
    bool same = count + 1 == table->name_count;
    for (size_t i = 0; same && i < count; i++) same = str_equal(cells[i].text, table->names[i].text);
    if (!same)
        issue_add(reader->issues, number, 1, (Str){0}, (Str){0}, "columns_differ",
                  "all tables of a path have the same columns, those of line %d", table->names[0].line);
    return same;
}

static void row_take(StepsReader *reader, const Cell *cells, size_t count, int number) {
    Table *table = reader->table;
    if (count + 1 != table->name_count) {
        size_t at = count < table->name_count - 1 ? count : table->name_count - 1;
        issue_add(reader->issues, number, at > 0 ? cells[at - 1].column : 1, (Str){0}, (Str){0}, "cells",
                  "the line has %zu cells, the table has %zu columns", count, table->name_count - 1);
        return;
    }
    if (table->row_count == STEPS_MAX) {
        issue_add(reader->issues, number, 1, (Str){0}, (Str){0}, "too_many_lines",
                  "a path has at most %d steps", STEPS_MAX);
        return;
    }
    Cell *row = ARENA_ARRAY(reader->arena, Cell, count + 1);
    memcpy(row, cells, count * sizeof *cells);
    row[count] = reader->heading;
    table->rows[table->row_count++] = (Row){row, number};
}

static bool table_line(StepsReader *reader, Str line, int number) {
    Cell cells[CONTENT_COLUMNS_MAX];
    size_t count = cells_read(reader, line, number, cells);
    if (line.at[line.len - 1] != '|' || count >= CONTENT_COLUMNS_MAX) {
        issue_add(reader->issues, number, 1, (Str){0}, line, "table",
                  "a line of a table begins and ends with \"|\"");
        return true;
    }
    if (reader->place == PLACE_HEADING) {
        reader->place = PLACE_NAMES;
        return names_fit(reader, cells, count, number);
    }
    if (reader->place == PLACE_NAMES) {
        reader->place = PLACE_ROWS;
        if (!is_rule(line))
            issue_add(reader->issues, number, 1, (Str){0}, line, "table",
                      "the second line of a table is \"|---|\"");
        return true;
    }
    row_take(reader, cells, count, number);
    return true;
}

static bool steps_line(StepsReader *reader, Str raw, int number) {
    Str line = str_trim(raw);
    if (line.len == 0) return true;
    if (str_starts(line, STR("## "))) {
        Str heading = str_trim(str_skip(line, 3));
        reader->heading = (Cell){heading, number, 4};
        reader->place = PLACE_HEADING;
        return true;
    }
    if (line.at[0] == '|' && line.len > 1 && reader->place != PLACE_BEFORE)
        return table_line(reader, line, number);
    issue_add(reader->issues, number, 1, (Str){0}, line, "not_a_step",
              "the body of a path is headings \"## \" with one table each; this would be lost");
    return true;
}

bool steps_read(Issues *issues, Arena *arena, Cell body, Table *out) {
    *out = (Table){0};
    StepsReader reader = {.issues = issues, .arena = arena, .table = out};
    out->rows = ARENA_ARRAY(arena, Row, STEPS_MAX);
    Str rest = body.text, line;
    int number = body.line;
    while (str_cut(&rest, '\n', &line))
        if (!steps_line(&reader, line, number++)) return false;
    return true;
}
