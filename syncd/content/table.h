/* What people wrote, as tables of cells that know where they stood: a CSV, the head of a Markdown file (one
 * row), the steps of a path. Reading says what is wrong through an Issues list and goes on where it can. */
#pragma once

#include "syncd/content/columns.h"
#include "syncd/content/content.h"

typedef struct Cell {
    Str text;         /* trimmed; len 0 = nothing was written */
    int line, column; /* CSV: number of the cell; Markdown: characters */
} Cell;

typedef struct Row {
    Cell *cells; /* as many as the table has names */
    int line;
} Row;

typedef struct Table {
    Cell *names;
    size_t name_count;
    Row *rows;
    size_t row_count;
} Table;

/* Errors of one file: the first ones are kept, all are counted. `room` is shared by all files of an import.
 */
typedef struct Issues {
    Arena *arena;
    ContentError *errors;
    size_t count, capacity;
    int total;
    size_t *room;
} Issues;

void issue_add(Issues *issues, int line, int column, Str field, Str value, const char *code,
               const char *format, ...) PRINTF(7, 8);

/* Bytes as they stood on disk → UTF-8 NFC without BOM, lines ended by LF; false after an issue (NUL, UTF-16,
 * a spreadsheet, too large). */
bool text_read(Issues *issues, Arena *arena, Str bytes, Str *out);

/* A CSV. False where the file as such cannot be read; a line with a wrong number of cells is an issue and is
 * left out. */
bool csv_read(Issues *issues, Arena *arena, Str text, Table *out);

/* The head of a Markdown file as a table of one row; what follows stands in *body, whose first line is
 * *body_line. */
bool head_read(Issues *issues, Arena *arena, Str text, Table *out, Cell *body);

/* The body of a path: its tables, one below each heading, as one table with the heading as last column
 * "moment". All tables must have the columns of the first. */
bool steps_read(Issues *issues, Arena *arena, Cell body, Table *out);
