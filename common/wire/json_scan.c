#include "common/wire/json_scan.h"

#include "common/base/json.h"
#include "common/base/utf8.h"

#include <string.h>

typedef struct Scan {
    const char *at, *end;
} Scan;

static bool take(Scan *scan, char byte) {
    if (scan->at == scan->end || *scan->at != byte) return false;
    scan->at++;
    return true;
}

static bool take_word(Scan *scan, const char *word, size_t len) {
    if ((size_t)(scan->end - scan->at) < len || memcmp(scan->at, word, len) != 0) return false;
    scan->at += len;
    return true;
}

static bool take_digits(Scan *scan) {
    const char *start = scan->at;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') scan->at++;
    return scan->at > start;
}

static bool take_number(Scan *scan) {
    take(scan, '-');
    if (!take(scan, '0') && !take_digits(scan)) return false;
    if (take(scan, '.') && !take_digits(scan)) return false;
    if (!take(scan, 'e') && !take(scan, 'E')) return true;
    if (!take(scan, '+')) take(scan, '-');
    return take_digits(scan);
}

static bool take_hex4(Scan *scan, unsigned *unit) {
    unsigned char bytes[2];
    if (scan->end - scan->at < 4 || !hex_decode((Str){scan->at, 4}, bytes, 2)) return false;
    *unit = (unsigned)bytes[0] << 8 | bytes[1];
    scan->at += 4;
    return true;
}

/* No NUL and no half of a pair: jansson refuses both. */
static bool take_unit(Scan *scan) {
    unsigned high = 0, low = 0;
    if (!take_hex4(scan, &high) || high == 0 || (high >= 0xDC00 && high <= 0xDFFF)) return false;
    if (high < 0xD800 || high > 0xDBFF) return true;
    return take_word(scan, "\\u", 2) && take_hex4(scan, &low) && low >= 0xDC00 && low <= 0xDFFF;
}

static bool take_escape(Scan *scan) {
    if (scan->at == scan->end) return false;
    char byte = *scan->at++;
    return byte == 'u' ? take_unit(scan) : byte && strchr("\"\\/bfnrt", byte);
}

/* Behind the bytes that stand for themselves. */
static const char *skip_plain(const char *at, const char *end) {
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' && *at != '\\')
        at++;
    return at;
}

static bool take_beyond_ascii(Scan *scan) {
    const char *start = scan->at;
    while (scan->at < scan->end && (unsigned char)*scan->at >= 0x80) scan->at++;
    return scan->at > start && utf8_is_valid((Str){start, (size_t)(scan->at - start)});
}

static bool take_text(Scan *scan) {
    if (!take(scan, '"')) return false;
    while ((scan->at = skip_plain(scan->at, scan->end)) < scan->end) {
        if (take(scan, '"')) return true;
        if (!(take(scan, '\\') ? take_escape(scan) : take_beyond_ascii(scan))) return false;
    }
    return false;
}

static bool take_value(Scan *scan, int depth);

static bool take_members(Scan *scan, int depth) {
    if (take(scan, '}')) return true;
    do {
        if (!take_text(scan) || !take(scan, ':') || !take_value(scan, depth + 1)) return false;
    } while (take(scan, ','));
    return take(scan, '}');
}

static bool take_items(Scan *scan, int depth) {
    if (take(scan, ']')) return true;
    do {
        if (!take_value(scan, depth + 1)) return false;
    } while (take(scan, ','));
    return take(scan, ']');
}

static bool take_value(Scan *scan, int depth) {
    if (scan->at == scan->end || depth > JSON_DEPTH_MAX) return false;
    switch (*scan->at) {
    case '{':
        scan->at++;
        return take_members(scan, depth);
    case '[':
        scan->at++;
        return take_items(scan, depth);
    case '"':
        return take_text(scan);
    case 't':
        return take_word(scan, "true", 4);
    case 'f':
        return take_word(scan, "false", 5);
    case 'n':
        return take_word(scan, "null", 4);
    default:
        return take_number(scan);
    }
}

bool json_scan_object(Str text) {
    if (!text.at || text.len < 2 || text.at[0] != '{') return false;
    Scan scan = {text.at, text.at + text.len};
    return take_value(&scan, 1) && scan.at == scan.end;
}
