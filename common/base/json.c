#include "common/base/json.h"

#include "common/base/utf8.h"

#include <assert.h>
#include <jansson.h>

static void release(json_t **value) {
    json_decref(*value);
}

static Status convert(Arena *arena, const json_t *from, int depth, Json **out, Err *err);

static void append(Json *parent, Json *child) {
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

static Status convert_list(Arena *arena, const json_t *from, int depth, Json *to, Err *err) {
    for (size_t i = 0; i < json_array_size(from); i++) {
        Json *child;
        TRY(convert(arena, json_array_get(from, i), depth + 1, &child, err));
        append(to, child);
    }
    return OK;
}

static Status convert_map(Arena *arena, json_t *from, int depth, Json *to, Err *err) {
    for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
        Json *child;
        TRY(convert(arena, json_object_iter_value(at), depth + 1, &child, err));
        child->name = str_copy(arena, (Str){json_object_iter_key(at), json_object_iter_key_len(at)});
        append(to, child);
    }
    return OK;
}

static JsonType type_of(const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return JSON_MAP_T;
    case JSON_ARRAY:
        return JSON_LIST_T;
    case JSON_STRING:
        return JSON_TEXT_T;
    case JSON_INTEGER:
        return JSON_INT_T;
    case JSON_REAL:
        return JSON_REAL_T;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_BOOL_T;
    case JSON_NULL:
        return JSON_NULL_T;
    default:
        assert(!"a type jansson does not have");
        return JSON_NULL_T;
    }
}

static Status convert(Arena *arena, const json_t *from, int depth, Json **out, Err *err) {
    if (depth > JSON_DEPTH_MAX)
        return err_set(err, E_INVALID, "JSON nested deeper than %d levels", JSON_DEPTH_MAX);
    Json *to = ARENA_NEW(arena, Json);
    to->type = type_of(from);
    to->integer = json_is_true(from) ? 1 : json_integer_value(from);
    to->real = json_real_value(from);
    if (to->type == JSON_TEXT_T)
        to->text = str_copy(arena, (Str){json_string_value(from), json_string_length(from)});
    if (to->type == JSON_LIST_T) TRY(convert_list(arena, from, depth, to, err));
    if (to->type == JSON_MAP_T) {
        union {
            const json_t *borrowed;
            json_t *iterable; /* jansson's iterators take a value that is not const, and leave it as it is */
        } map = {from};
        TRY(convert_map(arena, map.iterable, depth, to, err));
    }
    *out = to;
    return OK;
}

Status json_parse(Arena *arena, Str text, Json **out, Err *err) {
    json_error_t error;
    /* jansson takes a NUL byte for the end, and would not look at what is behind it */
    if (str_has(text, '\0')) return err_set(err, E_INVALID, "JSON: a NUL byte");
    const char *bytes = text.len ? text.at : "";
    AUTO(release)
    json_t *value = json_loadb(bytes, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value)
        return err_set(err, E_INVALID, "JSON, line %d, column %d: %s", error.line, error.column, error.text);
    return convert(arena, value, 1, out, err);
}

static Json *find(const Json *map, Str name) {
    if (!map || map->type != JSON_MAP_T) return NULL;
    for (Json *child = map->first; child; child = child->next)
        if (str_equal(child->name, name)) return child;
    return NULL;
}

const Json *json_get(const Json *map, const char *name) {
    return find(map, str_of(name));
}

Str json_get_text(const Json *map, const char *name) {
    const Json *child = json_get(map, name);
    return child && child->type == JSON_TEXT_T ? child->text : (Str){0};
}

int64_t json_get_int(const Json *map, const char *name, int64_t otherwise) {
    const Json *child = json_get(map, name);
    return child && child->type == JSON_INT_T ? child->integer : otherwise;
}

bool json_get_bool(const Json *map, const char *name, bool otherwise) {
    const Json *child = json_get(map, name);
    return child && child->type == JSON_BOOL_T ? child->integer != 0 : otherwise;
}

static Json *new_of(Arena *arena, JsonType type) {
    Json *value = ARENA_NEW(arena, Json);
    value->type = type;
    return value;
}

Json *json_new_map(Arena *arena) {
    return new_of(arena, JSON_MAP_T);
}

Json *json_new_list(Arena *arena) {
    return new_of(arena, JSON_LIST_T);
}

static void unlink_child(Json *map, const Json *child) {
    Json *before = NULL;
    for (Json *at = map->first; at != child; at = at->next) before = at;
    if (before)
        before->next = child->next;
    else
        map->first = child->next;
    if (map->last == child) map->last = before;
    map->count--;
}

Json *json_put(Arena *arena, Json *map, Str name, Json *value) {
    (void)arena;
    assert(map->type == JSON_MAP_T && !value->next);
    Json *old = find(map, name);
    if (old) unlink_child(map, old);
    value->name = name;
    append(map, value);
    return value;
}

void json_drop(Json *map, const char *name) {
    const Json *child = json_get(map, name);
    if (child) unlink_child(map, child);
}

Json *json_put_text(Arena *arena, Json *map, const char *name, Str text) {
    Json *value = new_of(arena, JSON_TEXT_T);
    value->text = text;
    return json_put(arena, map, str_of(name), value);
}

Json *json_put_int(Arena *arena, Json *map, const char *name, int64_t number) {
    Json *value = new_of(arena, JSON_INT_T);
    value->integer = number;
    return json_put(arena, map, str_of(name), value);
}

Json *json_put_bool(Arena *arena, Json *map, const char *name, bool yes) {
    Json *value = new_of(arena, JSON_BOOL_T);
    value->integer = yes;
    return json_put(arena, map, str_of(name), value);
}

Json *json_put_map(Arena *arena, Json *map, const char *name) {
    return json_put(arena, map, str_of(name), json_new_map(arena));
}

Json *json_put_list(Arena *arena, Json *map, const char *name) {
    return json_put(arena, map, str_of(name), json_new_list(arena));
}

Json *json_add(Json *list, Json *value) {
    assert(list->type == JSON_LIST_T && !value->next);
    append(list, value);
    return value;
}

Json *json_add_text(Arena *arena, Json *list, Str text) {
    Json *value = new_of(arena, JSON_TEXT_T);
    value->text = text;
    return json_add(list, value);
}

Json *json_add_int(Arena *arena, Json *list, int64_t number) {
    Json *value = new_of(arena, JSON_INT_T);
    value->integer = number;
    return json_add(list, value);
}

Json *json_add_map(Arena *arena, Json *list) {
    return json_add(list, json_new_map(arena));
}

static Status check_int(const Json *value, Err *err) {
    const int64_t largest = (INT64_C(1) << 53) - 1;
    if (value->integer >= -largest && value->integer <= largest) return OK;
    return err_set(err, E_INVALID, "the number %lld is beyond ±(2^53−1)", (long long)value->integer);
}

static Status check_text(Str text, Err *err) {
    if (utf8_is_nfc(text)) return OK;
    return err_set(err, E_INVALID, "a text is not in Unicode normal form C");
}

static Status check_children(const Json *value, Err *err) {
    for (const Json *child = value->first; child; child = child->next) {
        if (value->type == JSON_MAP_T) TRY(check_text(child->name, err));
        TRY(json_check_canonical(child, err));
    }
    return OK;
}

Status json_check_canonical(const Json *value, Err *err) {
    switch (value->type) {
    case JSON_INT_T:
        return check_int(value, err);
    case JSON_REAL_T:
        return err_set(err, E_INVALID, "numbers must be whole, %g is not", value->real);
    case JSON_TEXT_T:
        return check_text(value->text, err);
    case JSON_LIST_T:
    case JSON_MAP_T:
        return check_children(value, err);
    case JSON_BOOL_T:
    case JSON_NULL_T:
    default:
        return OK;
    }
}
