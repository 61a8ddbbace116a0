/* Strings are borrowed views; what grows is a Buf with a ceiling from birth. */
#pragma once

#include "common/base/arena.h"
#include "common/base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A view of bytes that somebody else owns. `at` NULL means absent, which differs from empty. */
typedef struct Str {
    const char *at;
    size_t len;
} Str;

#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
#define STR_FORMAT(str) (int)(str).len, (str).at ? (str).at : "" /* for "%.*s" */

Str str_of(const char *cstr); /* NULL → absent */
bool str_is(Str a, const char *b);
bool str_equal(Str a, Str b);
int str_compare(Str a, Str b); /* by bytes, shorter first */
bool str_starts(Str str, Str prefix);
bool str_ends(Str str, Str suffix);
bool str_has(Str str, char byte);
ptrdiff_t str_find(Str str, Str needle); /* -1 when it is not there */
Str str_trim(Str str);                   /* ASCII white space at both ends */
Str str_skip(Str str, size_t bytes);     /* without its first bytes */
Str str_first(Str str, size_t bytes);    /* at most its first bytes */

/* Cuts `rest` at the first separator: *part is what stands before it, *rest what follows. False when rest is
 * absent; after the last part *rest is absent, so `while (str_cut(&rest, ',', &part))` sees every part. */
bool str_cut(Str *rest, char separator, Str *part);

bool str_to_int(Str str, int64_t *out); /* decimal, whole string, no spaces, no overflow */

Str str_copy(Arena *arena, Str str);
const char *str_cstr(Arena *arena, Str str); /* NUL-terminated copy; "" for absent */
Str str_print(Arena *arena, const char *format, ...) PRINTF(2, 3);
uint64_t str_hash(Str str); /* FNV-1a, for tables in memory only */

/* Growing bytes. Going over the ceiling adds nothing more and sets `over`: test it once, at the end. */
typedef struct Buf {
    char *at; /* owned; always NUL-terminated once something was added */
    size_t len, cap, ceiling;
    bool over;
} Buf;

Buf buf_new(size_t ceiling_bytes);
void buf_free(Buf *buf); /* also the AUTO cleanup: AUTO(buf_free) Buf out = buf_new(…) */
void buf_clear(Buf *buf);
void buf_add(Buf *buf, Str str);
void buf_add_byte(Buf *buf, char byte);
void buf_add_cstr(Buf *buf, const char *cstr);
void buf_print(Buf *buf, const char *format, ...) PRINTF(2, 3);
void buf_print_list(Buf *buf, const char *format, va_list args);
void buf_add_hex(Buf *buf, const void *bytes, size_t count); /* lower case */
char *buf_reserve(Buf *buf, size_t bytes); /* room behind len, NULL when over; the caller raises len */
void buf_drop_front(Buf *buf, size_t bytes);
Str buf_str(const Buf *buf);

/* 2 × count hex digits (either case) → bytes; false when it is anything else. */
bool hex_decode(Str hex, void *bytes, size_t count);
