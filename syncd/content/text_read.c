#include "syncd/content/table.h"

#include "common/base/utf8.h"

#include <stdio.h>
#include <string.h>

void issue_add(Issues *issues, int line, int column, Str field, Str value, const char *code,
               const char *format, ...) {
    issues->total++;
    if (*issues->room == 0) return;
    (*issues->room)--;
    if (issues->count == issues->capacity) {
        issues->capacity = issues->capacity ? 2 * issues->capacity : 4;
        ContentError *grown = ARENA_ARRAY(issues->arena, ContentError, issues->capacity);
        if (issues->count) memcpy(grown, issues->errors, issues->count * sizeof *grown);
        issues->errors = grown;
    }
    char message[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    size_t shown = value.len < CONTENT_VALUE_SHOWN_MAX ? value.len : CONTENT_VALUE_SHOWN_MAX;
    while (shown < value.len && shown > 0 && ((unsigned char)value.at[shown] & 0xC0) == 0x80) shown--;
    issues->errors[issues->count++] = (ContentError){line,
                                                     column,
                                                     str_copy(issues->arena, field),
                                                     str_copy(issues->arena, str_first(value, shown)),
                                                     code,
                                                     str_copy(issues->arena, str_of(message))};
}

static bool is_spreadsheet(Str bytes) {
    return str_starts(bytes, STR("PK\x03\x04")) || str_starts(bytes, STR("\xD0\xCF\x11\xE0"));
}

static int line_of(Str text, size_t at) {
    int line = 1;
    for (size_t i = 0; i < at; i++)
        if (text.at[i] == '\n') line++;
    return line;
}

static bool text_is_plain(Issues *issues, Str bytes) {
    if (bytes.len > CONTENT_TEXT_MAX) {
        issue_add(issues, 0, 0, (Str){0}, (Str){0}, "too_large", "the file is larger than %d MiB",
                  CONTENT_TEXT_MAX / (1024 * 1024));
        return false;
    }
    if (is_spreadsheet(bytes)) {
        issue_add(issues, 0, 0, (Str){0}, (Str){0}, "spreadsheet", "this is a spreadsheet; save it as CSV");
        return false;
    }
    if (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"))) {
        issue_add(issues, 0, 0, (Str){0}, (Str){0}, "utf16", "the text is UTF-16; save it as UTF-8");
        return false;
    }
    const char *nul = bytes.len ? memchr(bytes.at, 0, bytes.len) : NULL;
    if (!nul) return true;
    issue_add(issues, line_of(bytes, (size_t)(nul - bytes.at)), 0, (Str){0}, (Str){0}, "nul",
              "there is a NUL byte: this is no text");
    return false;
}

/* CR LF and a lone CR become LF. */
static Str with_line_feeds(Arena *arena, Str text) {
    if (!str_has(text, '\r')) return text;
    char *out = arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n') continue;
        out[len++] = text.at[i] == '\r' ? '\n' : text.at[i];
    }
    return (Str){out, len};
}

bool text_read(Issues *issues, Arena *arena, Str bytes, Str *out) {
    if (!text_is_plain(issues, bytes)) return false;
    if (str_starts(bytes, STR("\xEF\xBB\xBF"))) bytes = str_skip(bytes, 3);
    if (bytes.len == 0) {
        *out = STR("");
        return true;
    }
    Str text = utf8_is_valid(bytes) ? bytes : utf8_from_windows1252(arena, bytes);
    *out = with_line_feeds(arena, utf8_nfc(arena, text));
    return true;
}
