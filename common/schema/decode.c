#include "common/schema/schema.h"

#include <string.h>

static const char *const wanted[] = {
    [FIELD_TEXT] = "a text",        [FIELD_BODY] = "a text",        [FIELD_LIST] = "a list of texts",
    [FIELD_INT] = "an integer",     [FIELD_BOOL] = "true or false", [FIELD_TIME] = "a time in milliseconds",
    [FIELD_DATE] = "a date",        [FIELD_WORD] = "a word",        [FIELD_REF] = "an id",
    [FIELD_REFS] = "a list of ids", [FIELD_JSON] = "a value",
};

static Status wrong_type(const FieldInfo *field, Err *err) {
    return err_set_field(err, field->name, "%s must be %s", field->name, wanted[field->type]);
}

static Status decode_list(const FieldInfo *field, Arena *arena, const Json *value, TextList *out, Err *err) {
    if (value->type != JSON_LIST_T || value->count > LIST_FIELD_MAX) return wrong_type(field, err);
    TextList list = {.at = ARENA_ARRAY(arena, Str, value->count + 1)};
    for (const Json *item = value->first; item; item = item->next) {
        if (item->type != JSON_TEXT_T) return wrong_type(field, err);
        list.at[list.count++] = item->text;
    }
    *out = list;
    return OK;
}

static Status decode_bool(const FieldInfo *field, const Json *value, void *at, Err *err) {
    if (value->type != JSON_BOOL_T) return wrong_type(field, err);
    Truth truth = value->integer ? TRUTH_YES : TRUTH_NO;
    memcpy(at, &truth, sizeof truth);
    return OK;
}

static Status decode_int(const FieldInfo *field, const Json *value, void *at, Err *err) {
    if (value->type != JSON_INT_T) return wrong_type(field, err);
    memcpy(at, &value->integer, sizeof value->integer);
    return OK;
}

static Status decode_text(const FieldInfo *field, const Json *value, void *at, Err *err) {
    if (value->type != JSON_TEXT_T) return wrong_type(field, err);
    memcpy(at, &value->text, sizeof value->text);
    return OK;
}

static Status decode_word(const FieldInfo *field, const Json *value, void *at, Err *err) {
    if (value->type != JSON_TEXT_T) return wrong_type(field, err);
    int word = word_value(field->words, value->text);
    memcpy(at, &word, sizeof word);
    return OK;
}

static Status decode_field(const FieldInfo *field, Arena *arena, const Json *value, void *at, Err *err) {
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_BODY:
    case FIELD_DATE:
    case FIELD_REF:
        return decode_text(field, value, at, err);
    case FIELD_LIST:
    case FIELD_REFS:
        return decode_list(field, arena, value, at, err);
    case FIELD_INT:
    case FIELD_TIME:
        return decode_int(field, value, at, err);
    case FIELD_BOOL:
        return decode_bool(field, value, at, err);
    case FIELD_WORD:
        return decode_word(field, value, at, err);
    case FIELD_JSON:
        memcpy(at, &value, sizeof value);
    }
    return OK;
}

Status schema_decode_json(Kind kind, Arena *arena, const Json *doc, void *out, Err *err) {
    const KindInfo *info = kind_info(kind);
    if (!doc || doc->type != JSON_MAP_T) return err_set(err, E_INVALID, "a document is a JSON object");
    void *record = arena_alloc(arena, info->struct_size);
    schema_clear(kind, record);
    for (size_t i = 0; i < info->field_count; i++) {
        const FieldInfo *field = &info->fields[i];
        const Json *value = json_get(doc, field->name);
        if (value) TRY(decode_field(field, arena, value, (char *)record + field->offset, err));
    }
    memcpy(out, record, info->struct_size);
    ((RecordMeta *)out)->source = doc;
    return OK;
}

Status schema_decode(Kind kind, Arena *arena, Str doc, void *out, Err *err) {
    if (doc.len > DOC_MAX) return err_set(err, E_TOOBIG, "a document has at most %d bytes", DOC_MAX);
    Json *tree = NULL;
    TRY(json_parse(arena, doc, &tree, err));
    return schema_decode_json(kind, arena, tree, out, err);
}

Str schema_translated(const RecordMeta *meta, Str lang, const char *field, Str otherwise) {
    const Json *languages = json_get(meta->source, "tr");
    if (!languages || languages->type != JSON_MAP_T) return otherwise;
    for (const Json *language = languages->first; language; language = language->next) {
        if (!str_equal(language->name, lang)) continue;
        Str text = json_get_text(language, field);
        return text.at ? text : otherwise;
    }
    return otherwise;
}
