#include "kiosk/gfx/parts.h"

#include <stdlib.h>
#include <string.h>

static int big_endian(const unsigned char *at, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) value = value << 8 | at[i];
    return value;
}

static const unsigned char *bytes_of(Str bytes) {
    return (const unsigned char *)bytes.at;
}

static bool png_size(Str bytes, int *w, int *h) {
    if (bytes.len < 24 || memcmp(bytes.at, "\x89PNG\r\n\x1a\n", 8) != 0) return false;
    if (bytes_of(bytes)[16] & 0x80 || bytes_of(bytes)[20] & 0x80) return false;
    *w = big_endian(bytes_of(bytes) + 16, 4);
    *h = big_endian(bytes_of(bytes) + 20, 4);
    return true;
}

static bool is_frame_marker(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static bool jpeg_size(Str bytes, int *w, int *h) {
    if (bytes.len < 4 || memcmp(bytes.at, "\xFF\xD8", 2) != 0) return false;
    for (size_t at = 2; at + 9 < bytes.len;) {
        const unsigned char *segment = bytes_of(bytes) + at;
        if (segment[0] != 0xFF) return false;
        if (is_frame_marker(segment[1])) {
            *h = big_endian(segment + 5, 2);
            *w = big_endian(segment + 7, 2);
            return true;
        }
        at += segment[1] == 0xFF ? 1 : 2 + (size_t)big_endian(segment + 2, 2);
    }
    return false;
}

/* The number behind name=" in the first tag; 0 when it is not there. */
static double attribute(Str tag, const char *name, int skip_numbers) {
    ptrdiff_t found = str_find(tag, str_of(name));
    char buffer[96] = {0};
    if (found < 0) return 0;
    Str value = str_first(str_skip(tag, (size_t)found + strlen(name)), sizeof buffer - 1);
    memcpy(buffer, value.at, value.len);
    const char *at = buffer;
    for (int i = 0; i < skip_numbers; i++) {
        at += strcspn(at, " ,\"");
        at += strspn(at, " ,");
    }
    return strtod(at, NULL);
}

static bool svg_size(Str bytes, int *w, int *h) {
    ptrdiff_t start = str_find(str_first(bytes, 4096), STR("<svg"));
    if (start < 0) return false;
    Str tag = str_first(str_skip(bytes, (size_t)start), 1024);
    double width = attribute(tag, "viewBox=\"", 2), height = attribute(tag, "viewBox=\"", 3);
    if (width <= 0 || height <= 0) {
        width = attribute(tag, " width=\"", 0);
        height = attribute(tag, " height=\"", 0);
    }
    if (width < 1 || height < 1 || width > 100000 || height > 100000) return false;
    *w = (int)width;
    *h = (int)height;
    return true;
}

bool image_size(Str bytes, int *w, int *h) {
    bool known = png_size(bytes, w, h) || jpeg_size(bytes, w, h) || svg_size(bytes, w, h);
    return known && *w > 0 && *h > 0;
}
