#include "common/base/str.h"

#include "common/base/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Str str_of(const char *cstr) {
    return (Str){cstr, cstr ? strlen(cstr) : 0};
}

bool str_equal(Str a, Str b) {
    if (!a.at || !b.at) return !a.at && !b.at;
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_is(Str a, const char *b) {
    return str_equal(a, str_of(b));
}

int str_compare(Str a, Str b) {
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str str, Str prefix) {
    return str.len >= prefix.len && (prefix.len == 0 || memcmp(str.at, prefix.at, prefix.len) == 0);
}

bool str_ends(Str str, Str suffix) {
    return str.len >= suffix.len && str_starts(str_skip(str, str.len - suffix.len), suffix);
}

bool str_has(Str str, char byte) {
    return str.len > 0 && memchr(str.at, byte, str.len) != NULL;
}

ptrdiff_t str_find(Str str, Str needle) {
    if (needle.len == 0) return 0;
    if (str.len < needle.len) return -1;
    const char *found = memmem(str.at, str.len, needle.at, needle.len);
    return found ? found - str.at : -1;
}

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

Str str_trim(Str str) {
    while (str.len > 0 && is_space(str.at[0])) str = str_skip(str, 1);
    while (str.len > 0 && is_space(str.at[str.len - 1])) str.len--;
    return str;
}

Str str_skip(Str str, size_t bytes) {
    size_t skipped = bytes < str.len ? bytes : str.len;
    return str.at ? (Str){str.at + skipped, str.len - skipped} : str;
}

Str str_first(Str str, size_t bytes) {
    return (Str){str.at, bytes < str.len ? bytes : str.len};
}

bool str_cut(Str *rest, char separator, Str *part) {
    if (!rest->at) return false;
    const char *found = rest->len ? memchr(rest->at, separator, rest->len) : NULL;
    if (!found) {
        *part = *rest;
        *rest = (Str){0};
        return true;
    }
    size_t len = (size_t)(found - rest->at);
    *part = (Str){rest->at, len};
    *rest = (Str){found + 1, rest->len - len - 1};
    return true;
}

bool str_to_int(Str str, int64_t *out) {
    bool negative = str_starts(str, STR("-"));
    Str digits = negative ? str_skip(str, 1) : str;
    int64_t value = 0;
    if (digits.len == 0) return false;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digits.at[i] - '0';
        if (digit < 0 || digit > 9) return false;
        /* negative throughout, because INT64_MIN has no positive twin */
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value)) return false;
    *out = value;
    return true;
}

Str str_copy(Arena *arena, Str str) {
    if (!str.at) return str;
    return (Str){str_cstr(arena, str), str.len};
}

const char *str_cstr(Arena *arena, Str str) {
    char *copy = arena_alloc(arena, str.len + 1);
    if (str.len) memcpy(copy, str.at, str.len);
    return copy;
}

Str str_print(Arena *arena, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Str){text, (size_t)len};
}

uint64_t str_hash(Str str) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < str.len; i++) hash = (hash ^ (unsigned char)str.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

Buf buf_new(size_t ceiling_bytes) {
    return (Buf){.ceiling = ceiling_bytes};
}

void buf_free(Buf *buf) {
    free(buf->at);
    *buf = buf_new(buf->ceiling);
}

void buf_clear(Buf *buf) {
    buf->len = 0;
    buf->over = false;
    if (buf->at) buf->at[0] = '\0';
}

char *buf_reserve(Buf *buf, size_t bytes) {
    enum { FIRST_BYTES = 64 };
    if (buf->over || bytes > buf->ceiling - buf->len) {
        buf->over = true;
        return NULL;
    }
    size_t needed = buf->len + bytes + 1;
    if (needed > buf->cap) {
        size_t doubled = buf->cap ? buf->cap * 2 : FIRST_BYTES;
        buf->cap = doubled > needed ? doubled : needed;
        buf->at = memory_grow(buf->at, buf->cap);
        buf->at[buf->len] = '\0';
    }
    return buf->at + buf->len;
}

void buf_add(Buf *buf, Str str) {
    char *room = buf_reserve(buf, str.len);
    if (!room) return;
    if (str.len) memcpy(room, str.at, str.len);
    buf->len += str.len;
    buf->at[buf->len] = '\0';
}

void buf_add_byte(Buf *buf, char byte) {
    buf_add(buf, (Str){&byte, 1});
}

void buf_add_cstr(Buf *buf, const char *cstr) {
    buf_add(buf, str_of(cstr));
}

void buf_print(Buf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    buf_print_list(buf, format, args);
    va_end(args);
}

void buf_print_list(Buf *buf, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    assert(len >= 0);
    char *room = buf_reserve(buf, (size_t)len);
    if (room) {
        vsnprintf(room, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void buf_add_hex(Buf *buf, const void *bytes, size_t count) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *room = count <= SIZE_MAX / 2 ? buf_reserve(buf, count * 2) : NULL;
    if (!room) return;
    for (size_t i = 0; i < count; i++) {
        room[2 * i] = digits[from[i] >> 4];
        room[2 * i + 1] = digits[from[i] & 15];
    }
    buf->len += count * 2;
    buf->at[buf->len] = '\0';
}

void buf_drop_front(Buf *buf, size_t bytes) {
    assert(bytes <= buf->len);
    if (bytes == 0) return;
    memmove(buf->at, buf->at + bytes, buf->len - bytes + 1);
    buf->len -= bytes;
}

Str buf_str(const Buf *buf) {
    return (Str){buf->at ? buf->at : "", buf->len};
}

static int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

bool hex_decode(Str hex, void *bytes, size_t count) {
    unsigned char *to = bytes;
    if (hex.len % 2 || hex.len / 2 != count) return false;
    for (size_t i = 0; i < count; i++) {
        int high = hex_value(hex.at[2 * i]), low = hex_value(hex.at[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        to[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}
