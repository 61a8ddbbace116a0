#include "syncd/content/table.h"

#include "common/base/utf8.h"

#include <string.h>

enum { HEAD_KEYS_MAX = CONTENT_COLUMNS_MAX };

/* Cuts the next line off *rest, without its line feed. */
static bool line_next(Str *rest, Str *line) {
    if (!rest->at || rest->len == 0) return false;
    const char *end = memchr(rest->at, '\n', rest->len);
    *line = end ? str_first(*rest, (size_t)(end - rest->at)) : *rest;
    *rest = str_skip(*rest, line->len + (end ? 1 : 0));
    return true;
}

static Cell cell_in_line(Str line, Str part, int number) {
    Str before = str_first(line, (size_t)(part.at - line.at));
    return (Cell){part, number, (int)utf8_length(before) + 1};
}

static bool key_read(Issues *issues, Str line, int number, Cell *key, Cell *value) {
    ptrdiff_t colon = str_find(line, STR(":"));
    if (colon <= 0) {
        issue_add(issues, number, 1, (Str){0}, line, "no_key", "a line of the head is \"key: value\"");
        return false;
    }
    *key = cell_in_line(line, str_trim(str_first(line, (size_t)colon)), number);
    *value = cell_in_line(line, str_trim(str_skip(line, (size_t)colon + 1)), number);
    return true;
}

static bool line_is_skipped(Str line) {
    Str trimmed = str_trim(line);
    return trimmed.len == 0 || trimmed.at[0] == '#';
}

static bool keys_read(Issues *issues, Str *rest, int *number, Table *out, Cell *values) {
    for (Str line; line_next(rest, &line);) {
        (*number)++;
        if (str_is(str_trim(line), "---")) return true;
        if (line_is_skipped(line)) continue;
        if (out->name_count == HEAD_KEYS_MAX) {
            issue_add(issues, *number, 1, (Str){0}, (Str){0}, "too_many_columns",
                      "the head has more than %d keys", HEAD_KEYS_MAX);
            return false;
        }
        Cell key, value;
        if (!key_read(issues, line, *number, &key, &value)) continue;
        out->names[out->name_count] = key;
        values[out->name_count++] = value;
    }
    issue_add(issues, *number, 1, (Str){0}, (Str){0}, "no_head_end", "the head has no closing line \"---\"");
    return false;
}

bool head_read(Issues *issues, Arena *arena, Str text, Table *out, Cell *body) {
    Str rest = text, line = {0};
    int number = 1;
    *out = (Table){0};
    if (!line_next(&rest, &line) || !str_is(str_trim(line), "---")) {
        issue_add(issues, 1, 1, (Str){0}, line, "no_head",
                  "the file must begin with a line \"---\" and a head of \"key: value\"");
        return false;
    }
    out->names = ARENA_ARRAY(arena, Cell, HEAD_KEYS_MAX + 1);
    Cell *values = ARENA_ARRAY(arena, Cell, HEAD_KEYS_MAX + 1);
    if (!keys_read(issues, &rest, &number, out, values)) return false;
    while (line_next(&rest, &line)) {
        number++;
        if (str_trim(line).len == 0) continue;
        rest = (Str){line.at, (size_t)(text.at + text.len - line.at)};
        break;
    }
    size_t len = rest.len;
    while (len > 0 && (rest.at[len - 1] == '\n' || rest.at[len - 1] == ' ')) len--;
    *body = (Cell){str_first(rest, len), number, 1};
    out->rows = ARENA_NEW(arena, Row);
    out->rows[0] = (Row){values, 1};
    out->row_count = 1;
    return true;
}
