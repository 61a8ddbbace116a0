/* The canonical spelling, RFC 8785. */
#include "common/base/json.h"
#include "common/base/memory.h"
#include "common/base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char short_escape(char byte) {
    switch (byte) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '\b':
        return 'b';
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\f':
        return 'f';
    case '\r':
        return 'r';
    default:
        return 0;
    }
}

static void write_escape(Buf *out, char byte) {
    char letter = short_escape(byte);
    if (letter)
        buf_add(out, (Str){(const char[]){'\\', letter}, 2});
    else
        buf_print(out, "\\u%04x", (unsigned char)byte);
}

void json_write_text(Buf *out, Str text) {
    size_t plain = 0;
    buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] >= ' ' && text.at[i] != '"' && text.at[i] != '\\') continue;
        buf_add(out, (Str){text.at + plain, i - plain});
        write_escape(out, text.at[i]);
        plain = i + 1;
    }
    buf_add(out, str_skip(text, plain));
    buf_add_byte(out, '"');
}

/* Where a code point stands in the order of UTF-16: those beyond the first plane begin with a surrogate, D800
 * to DBFF, and so come before E000 to FFFF. */
static int64_t utf16_rank(int32_t code_point) {
    const int64_t behind_surrogates = 0x200000;
    return code_point >= 0xE000 && code_point <= 0xFFFF ? code_point + behind_surrogates : code_point;
}

static int compare_names(const void *a, const void *b) {
    Str left = (*(const Json *const *)a)->name, right = (*(const Json *const *)b)->name;
    size_t left_at = 0, right_at = 0;
    for (;;) {
        int64_t left_rank = utf16_rank(utf8_next(left, &left_at));
        int64_t right_rank = utf16_rank(utf8_next(right, &right_at));
        if (left_rank != right_rank) return left_rank < right_rank ? -1 : 1;
        if (left_rank < 0) return 0;
    }
}

static void write_list(Buf *out, const Json *list) {
    buf_add_byte(out, '[');
    for (const Json *child = list->first; child; child = child->next) {
        json_write(out, child);
        if (child->next) buf_add_byte(out, ',');
    }
    buf_add_byte(out, ']');
}

static void write_map(Buf *out, const Json *map) {
    const Json **sorted = memory_get(map->count * sizeof(const Json *));
    size_t count = 0;
    for (const Json *child = map->first; child; child = child->next) sorted[count++] = child;
    if (count > 1) qsort(sorted, count, sizeof(*sorted), compare_names);
    buf_add_byte(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buf_add_byte(out, ',');
        json_write_text(out, sorted[i]->name);
        buf_add_byte(out, ':');
        json_write(out, sorted[i]);
    }
    buf_add_byte(out, '}');
    free((void *)sorted);
}

/* The digits and the place of the point that ECMAScript's Number::toString begins with: the fewest digits
 * that read back as the same number. value = 0.d1d2d3… × 10^point. */
typedef struct Decimal {
    char digits[24];
    int count, point;
} Decimal;

static Decimal shortest_decimal(double value) {
    char spelled[40];
    Decimal decimal = {.count = 0};
    for (int precision = 0; precision <= 16; precision++) {
        snprintf(spelled, sizeof(spelled), "%.*e", precision, value);
        if (strtod(spelled, NULL) == value) break;
    }
    const char *exponent = strchr(spelled, 'e');
    for (const char *at = spelled; at < exponent; at++)
        if (*at != '.') decimal.digits[decimal.count++] = *at;
    decimal.point = atoi(exponent + 1) + 1;
    return decimal;
}

static void write_with_exponent(Buf *out, const Decimal *decimal) {
    buf_add_byte(out, decimal->digits[0]);
    if (decimal->count > 1) buf_print(out, ".%.*s", decimal->count - 1, decimal->digits + 1);
    buf_print(out, "e%+d", decimal->point - 1);
}

static void write_real(Buf *out, double value) {
    if (value == 0 || !isfinite(value)) {
        buf_add_cstr(out, value == 0 ? "0" : "null");
        return;
    }
    if (value < 0) buf_add_byte(out, '-');
    Decimal decimal = shortest_decimal(fabs(value));
    if (decimal.point > 21 || decimal.point < -5) {
        write_with_exponent(out, &decimal);
    } else if (decimal.point <= 0) {
        buf_print(out, "0.%.*s%.*s", -decimal.point, "00000", decimal.count, decimal.digits);
    } else if (decimal.point >= decimal.count) {
        buf_print(out, "%.*s%.*s", decimal.count, decimal.digits, decimal.point - decimal.count,
                  "000000000000000000000");
    } else {
        buf_print(out, "%.*s.%s", decimal.point, decimal.digits, decimal.digits + decimal.point);
    }
}

void json_write(Buf *out, const Json *value) {
    switch (value->type) {
    case JSON_NULL_T:
        buf_add_cstr(out, "null");
        break;
    case JSON_BOOL_T:
        buf_add_cstr(out, value->integer ? "true" : "false");
        break;
    case JSON_INT_T:
        buf_print(out, "%lld", (long long)value->integer);
        break;
    case JSON_REAL_T:
        write_real(out, value->real);
        break;
    case JSON_TEXT_T:
        json_write_text(out, value->text);
        break;
    case JSON_LIST_T:
        write_list(out, value);
        break;
    case JSON_MAP_T:
        write_map(out, value);
        break;
    }
}
