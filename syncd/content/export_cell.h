/* One value of a record → what stands in a cell: the way back of value.c. */
#pragma once

#include "syncd/content/columns.h"

typedef struct Exported {
    Str id, scope, zone;
    const Json *doc;
} Exported;

Str cell_write(Arena *arena, const FileType *type, const Exported *record, const Column *column);
Str field_write(Arena *arena, const Exported *record, const FieldInfo *field); /* for who only looks */
Str moment_write(Arena *arena, Str zone, Millis at);                           /* "2026-11-24 10:00" */

/* Line feeds become spaces; in a cell of a Markdown table "|" becomes "\|". */
Str on_one_line(Arena *arena, Str text, bool in_table);
