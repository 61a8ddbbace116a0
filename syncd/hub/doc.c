/* Secret fields (badges, PIN, token hash) never leave by the administrators' routes; so who writes back what
 * was read must not lose them either. */
#include "syncd/hub/inside.h"

static bool kind_has_secrets(Kind kind) {
    const KindInfo *info = kind_info(kind);
    for (size_t i = 0; i < info->field_count; i++)
        if (info->fields[i].flags & SECRET) return true;
    return false;
}

Json *json_alone(Arena *arena, const Json *value) {
    Json *alone = arena_copy(arena, value, sizeof(*value));
    alone->next = NULL;
    return alone;
}

Status doc_without_secrets(Kind kind, Arena *arena, Str doc, Str *out, Err *err) {
    Json *map = NULL;
    AUTO(buf_free) Buf text = buf_new(DOC_MAX);
    *out = doc;
    if (kind == K_unknown || !kind_has_secrets(kind)) return OK;
    TRY(json_parse(arena, doc, &map, err));
    const KindInfo *info = kind_info(kind);
    for (size_t i = 0; i < info->field_count; i++)
        if (info->fields[i].flags & SECRET) json_drop(map, info->fields[i].name);
    json_write(&text, map);
    *out = str_copy(arena, buf_str(&text));
    return OK;
}

Status doc_keep_secrets(Kind kind, Arena *arena, Str before, Json *after, Err *err) {
    Json *old = NULL;
    if (!before.at || !kind_has_secrets(kind)) return OK;
    TRY(json_parse(arena, before, &old, err));
    const KindInfo *info = kind_info(kind);
    for (size_t i = 0; i < info->field_count; i++) {
        const FieldInfo *field = &info->fields[i];
        const Json *kept = json_get(old, field->name);
        if (!(field->flags & SECRET) || !kept || json_get(after, field->name)) continue;
        json_put(arena, after, str_of(field->name), json_alone(arena, kept));
    }
    return OK;
}
