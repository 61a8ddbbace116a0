/* JSON as a read-only tree in an arena, and the canonical spelling (RFC 8785) of PROTOCOL 1. Home of jansson,
 * which does the parsing; for what is off the hot path (feed lines have their own scanner in common/wire). */
#pragma once

#include "common/base/str.h"

typedef enum JsonType {
    JSON_NULL_T,
    JSON_BOOL_T,
    JSON_INT_T,
    JSON_REAL_T,
    JSON_TEXT_T,
    JSON_LIST_T,
    JSON_MAP_T
} JsonType;

typedef struct Json Json;
struct Json {
    JsonType type;
    Str name;        /* of this member when it stands in a map, else absent */
    Str text;        /* JSON_TEXT_T: decoded UTF-8 */
    int64_t integer; /* JSON_INT_T, and JSON_BOOL_T as 0 or 1 */
    double real;     /* JSON_REAL_T */
    Json *first;     /* JSON_LIST_T, JSON_MAP_T: children, in order */
    Json *last;
    Json *next;
    size_t count; /* of children */
};

enum { JSON_DEPTH_MAX = 32 };

/* One JSON value and nothing behind it; at most JSON_DEPTH_MAX deep; a name twice in a map, a NUL in a text
 * or invalid UTF-8 is E_INVALID, with line and column in the text. Everything is copied into the arena. */
CHECKED Status json_parse(Arena *arena, Str text, Json **out, Err *err);

const Json *json_get(const Json *map, const char *name); /* NULL when absent, or map is NULL or no map */
Str json_get_text(const Json *map, const char *name);    /* absent unless a text */
int64_t json_get_int(const Json *map, const char *name, int64_t otherwise);
bool json_get_bool(const Json *map, const char *name, bool otherwise);

/* Building: each returns the new child, so that maps nest. Texts are borrowed, not copied. */
Json *json_new_map(Arena *arena);
Json *json_new_list(Arena *arena);
Json *json_put(Arena *arena, Json *map, Str name, Json *value); /* replaces one of that name */
Json *json_put_text(Arena *arena, Json *map, const char *name, Str text);
Json *json_put_int(Arena *arena, Json *map, const char *name, int64_t value);
Json *json_put_bool(Arena *arena, Json *map, const char *name, bool value);
Json *json_put_map(Arena *arena, Json *map, const char *name);
Json *json_put_list(Arena *arena, Json *map, const char *name);
Json *json_add(Json *list, Json *value);
Json *json_add_text(Arena *arena, Json *list, Str text);
Json *json_add_int(Arena *arena, Json *list, int64_t value);
Json *json_add_map(Arena *arena, Json *list);
void json_drop(Json *map, const char *name);

/* RFC 8785: names sorted by UTF-16 code units, no spaces, shortest escapes. Reals are spelled as such only
 * off the wire: PROTOCOL 1 allows integers within ±(2^53−1), json_check_canonical says whether a tree keeps
 * to that. */
void json_write(Buf *out, const Json *value);
CHECKED Status json_check_canonical(const Json *value, Err *err); /* integers only, in range, texts NFC */

void json_write_text(Buf *out, Str text); /* one quoted string */
