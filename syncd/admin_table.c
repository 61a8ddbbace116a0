#include "syncd/admin.h"

#include "common/base/utf8.h"

#include <string.h>

TextTable text_table_new(Arena *arena, size_t columns) {
    return (TextTable){.arena = arena, .columns = columns};
}

void text_table_add(TextTable *table, const Str *row) {
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 32;
        Str *grown = ARENA_ARRAY(table->arena, Str, table->capacity * table->columns);
        if (table->count) memcpy(grown, table->cells, table->count * table->columns * sizeof *grown);
        table->cells = grown;
    }
    memcpy(&table->cells[table->count++ * table->columns], row, table->columns * sizeof *row);
}

static size_t width_of(const TextTable *table, size_t column) {
    size_t width = 0;
    for (size_t i = 0; i < table->count; i++) {
        size_t length = utf8_length(table->cells[i * table->columns + column]);
        if (length > width) width = length;
    }
    return width;
}

void text_table_print(const TextTable *table, FILE *to) {
    size_t *widths = ARENA_ARRAY(table->arena, size_t, table->columns);
    for (size_t j = 0; j < table->columns; j++) widths[j] = width_of(table, j);
    for (size_t i = 0; i < table->count; i++) {
        for (size_t j = 0; j < table->columns; j++) {
            Str cell = table->cells[i * table->columns + j];
            bool last = j + 1 == table->columns;
            int padding = last ? 0 : (int)(widths[j] - utf8_length(cell)) + 2;
            fprintf(to, "%.*s%*s", STR_FORMAT(cell), padding, "");
        }
        fputc('\n', to);
    }
}

Str text_ago(Arena *arena, Millis then, Millis now) {
    Millis age = now - then;
    if (then <= 0) return STR("never");
    if (age < MINUTE_MS) return STR("now");
    if (age < HOUR_MS) return str_print(arena, "%d min", (int)(age / MINUTE_MS));
    if (age < DAY_MS) return str_print(arena, "%d h", (int)(age / HOUR_MS));
    return str_print(arena, "%d d", (int)(age / DAY_MS));
}
