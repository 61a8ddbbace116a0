#include "common/base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

static utf8proc_ssize_t step(Str text, size_t at, int32_t *code_point) {
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.at + at;
    return utf8proc_iterate(bytes, (utf8proc_ssize_t)(text.len - at), code_point);
}

bool utf8_is_valid(Str text) {
    int32_t code_point;
    for (size_t at = 0; at < text.len;) {
        utf8proc_ssize_t len = step(text, at, &code_point);
        if (len <= 0) return false;
        at += (size_t)len;
    }
    return true;
}

int32_t utf8_next(Str text, size_t *at) {
    int32_t code_point;
    if (*at >= text.len) return -1;
    utf8proc_ssize_t len = step(text, *at, &code_point);
    if (len <= 0) {
        *at += 1;
        return REPLACEMENT;
    }
    *at += (size_t)len;
    return code_point;
}

void utf8_add(Buf *out, int32_t code_point) {
    utf8proc_uint8_t bytes[4];
    if (!utf8proc_codepoint_valid(code_point)) code_point = REPLACEMENT;
    utf8proc_ssize_t len = utf8proc_encode_char(code_point, bytes);
    buf_add(out, (Str){(const char *)bytes, (size_t)len});
}

size_t utf8_length(Str text) {
    size_t count = 0;
    for (size_t at = 0; utf8_next(text, &at) >= 0;) count++;
    return count;
}

static bool is_ascii(Str text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80) return false;
    return true;
}

/* Runs utf8proc over text; absent where it is no UTF-8. */
static Str map(Arena *arena, Str text, utf8proc_option_t options) {
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.at, (utf8proc_ssize_t)text.len, &mapped, options);
    if (len < 0) {
        assert(len == UTF8PROC_ERROR_INVALIDUTF8 || len == UTF8PROC_ERROR_NOTASSIGNED);
        return (Str){0};
    }
    Str out = str_copy(arena, (Str){(const char *)mapped, (size_t)len});
    free(mapped);
    return out;
}

Str utf8_nfc(Arena *arena, Str text) {
    if (is_ascii(text)) return text;
    Str composed = map(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return str_equal(composed, text) ? text : composed;
}

bool utf8_is_word(int32_t code_point) {
    utf8proc_category_t category = utf8proc_category(code_point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

bool utf8_is_nfc(Str text) {
    if (is_ascii(text)) return true;
    Arena *arena = arena_open();
    Str composed = utf8_nfc(arena, text);
    bool same = composed.at == text.at && composed.at;
    arena_close(arena);
    return same;
}

/* What decomposition leaves alone and people do not tell apart; NULL for everything else. */
static const char *folded_letter(int32_t code_point) {
    switch (code_point) {
    case 0x0153:
        return "oe";
    case 0x00E6:
        return "ae";
    case 0x00F8:
        return "o";
    case 0x0142:
        return "l";
    case 0x2018:
    case 0x2019:
    case 0x02BC:
        return "'";
    default:
        return NULL;
    }
}

static bool is_blank(int32_t code_point) {
    if (code_point == '\t' || code_point == '\n' || code_point == '\r') return true;
    utf8proc_category_t category = utf8proc_category(code_point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

static void add_folded(Buf *out, Str plain) {
    bool blank_before = false;
    int32_t code_point;
    for (size_t at = 0; (code_point = utf8_next(plain, &at)) >= 0;) {
        bool blank = is_blank(code_point);
        const char *letter = folded_letter(code_point);
        if (blank && !blank_before)
            buf_add_byte(out, ' ');
        else if (letter)
            buf_add_cstr(out, letter);
        else if (!blank)
            utf8_add(out, code_point);
        blank_before = blank;
    }
}

Str utf8_fold(Arena *arena, Str text) {
    const utf8proc_option_t plainly = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                      UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
    Str plain = map(arena, text, plainly);
    if (!plain.at) return plain;
    AUTO(buf_free) Buf out = buf_new(plain.len * 3);
    add_folded(&out, plain);
    assert(!out.over);
    return str_copy(arena, buf_str(&out));
}

Str utf8_from_windows1252(Arena *arena, Str bytes) {
    static const int32_t high[32] = {
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    };
    AUTO(buf_free) Buf out = buf_new(bytes.len * 3);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        utf8_add(&out, byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80] : byte);
    }
    return str_copy(arena, buf_str(&out));
}
