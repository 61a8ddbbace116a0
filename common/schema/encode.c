#include "common/schema/schema.h"

#include <string.h>

/* A node of its own that shares the children: a node stands in one list only. */
static Json *node_copy(Arena *arena, const Json *from) {
    Json *copy = arena_copy(arena, from, sizeof *from);
    copy->next = NULL;
    return copy;
}

static Json *node_of(Arena *arena, JsonType type) {
    Json *node = ARENA_NEW(arena, Json);
    node->type = type;
    return node;
}

static Json *encode_text(Arena *arena, const void *at) {
    Str text;
    memcpy(&text, at, sizeof text);
    if (!text.at) return NULL;
    Json *node = node_of(arena, JSON_TEXT_T);
    node->text = text;
    return node;
}

static Json *encode_list(Arena *arena, const void *at) {
    const TextList *list = at;
    if (!list->at) return NULL;
    Json *node = json_new_list(arena);
    for (size_t i = 0; i < list->count; i++) json_add_text(arena, node, list->at[i]);
    return node;
}

static Json *encode_int(Arena *arena, const void *at) {
    int64_t value;
    memcpy(&value, at, sizeof value);
    if (value == INT_ABSENT) return NULL;
    Json *node = node_of(arena, JSON_INT_T);
    node->integer = value;
    return node;
}

static Json *encode_bool(Arena *arena, const void *at) {
    Truth truth;
    memcpy(&truth, at, sizeof truth);
    if (truth == TRUTH_ABSENT) return NULL;
    Json *node = node_of(arena, JSON_BOOL_T);
    node->integer = truth == TRUTH_YES;
    return node;
}

/* A word this version does not know stays what the document says. */
static Json *encode_word(Arena *arena, const FieldInfo *field, const void *at, const Json *source) {
    int word;
    memcpy(&word, at, sizeof word);
    const Json *kept = word < 0 ? json_get(source, field->name) : NULL;
    if (kept) return node_copy(arena, kept);
    const char *name = word_name(field->words, word);
    if (!name) return NULL;
    Json *node = node_of(arena, JSON_TEXT_T);
    node->text = str_of(name);
    return node;
}

static Json *encode_json(Arena *arena, const void *at) {
    const Json *value;
    memcpy(&value, at, sizeof value);
    return value ? node_copy(arena, value) : NULL;
}

/* NULL where the field is absent. */
static Json *encode_field(Arena *arena, const FieldInfo *field, const void *at, const Json *source) {
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_BODY:
    case FIELD_DATE:
    case FIELD_REF:
        return encode_text(arena, at);
    case FIELD_LIST:
    case FIELD_REFS:
        return encode_list(arena, at);
    case FIELD_INT:
    case FIELD_TIME:
        return encode_int(arena, at);
    case FIELD_BOOL:
        return encode_bool(arena, at);
    case FIELD_WORD:
        return encode_word(arena, field, at, source);
    case FIELD_JSON:
        return encode_json(arena, at);
    }
    return NULL;
}

static void keep_unknown(Arena *arena, Kind kind, const Json *source, Json *map) {
    if (!source) return;
    for (const Json *member = source->first; member; member = member->next)
        if (!kind_field(kind, member->name)) json_put(arena, map, member->name, node_copy(arena, member));
}

Status schema_encode(Kind kind, Arena *arena, const void *in, Str *doc, Err *err) {
    const KindInfo *info = kind_info(kind);
    const RecordMeta *meta = in;
    Json *map = json_new_map(arena);
    keep_unknown(arena, kind, meta->source, map);
    for (size_t i = 0; i < info->field_count; i++) {
        const FieldInfo *field = &info->fields[i];
        Json *value = encode_field(arena, field, (const char *)in + field->offset, meta->source);
        if (value) json_put(arena, map, str_of(field->name), value);
    }
    AUTO(buf_free) Buf text = buf_new(DOC_MAX);
    json_write(&text, map);
    if (text.over) return err_set(err, E_TOOBIG, "a document has at most %d bytes", DOC_MAX);
    *doc = str_copy(arena, buf_str(&text));
    return OK;
}
