#include "tests/harness/random_record.h"

#include <string.h>

/* With what makes encoding hard: quotes, controls, accents (NFC), beyond the BMP. */
static Str random_text(Arena *arena, Rng *rng) {
    static const char *const pieces[] = {"a",    "Z", "0", " ", "\"",     "\\", "\n", "\t",
                                         "\x01", "é", "œ", "’", "\u202f", "😀",  "/"};
    AUTO(buf_free) Buf text = buf_new(256);
    buf_add_byte(&text, 't');
    for (uint64_t left = rng_below(rng, 12); left > 0; left--)
        buf_add_cstr(&text, pieces[rng_below(rng, COUNT(pieces))]);
    return str_copy(arena, buf_str(&text));
}

static Str random_id(Arena *arena, Rng *rng) {
    return str_copy(arena, str_of(uuid_new(1764064800000 + (Millis)rng_below(rng, 1000000), rng).text));
}

static Str random_date(Arena *arena, Rng *rng) {
    return str_print(arena, "20%02d-%02d-%02d", (int)rng_below(rng, 100), (int)rng_below(rng, 12) + 1,
                     (int)rng_below(rng, 28) + 1);
}

static TextList random_list(FieldType type, Arena *arena, Rng *rng) {
    TextList list = {.count = rng_below(rng, 4)};
    list.at = ARENA_ARRAY(arena, Str, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        list.at[i] = type == FIELD_REFS ? random_id(arena, rng) : random_text(arena, rng);
    return list;
}

static const Json *random_json(Arena *arena, Rng *rng) {
    Json *map = json_new_map(arena), *list = json_put_list(arena, map, "list");
    json_put_text(arena, map, "text", random_text(arena, rng));
    json_put_int(arena, map, "number", (int64_t)rng_below(rng, 1000));
    for (uint64_t left = rng_below(rng, 3); left > 0; left--)
        json_add_text(arena, list, random_text(arena, rng));
    return map;
}

static int64_t random_int(const FieldInfo *field, Rng *rng) {
    int64_t width = field->most - field->least;
    if (rng_below(rng, 8) == 0) return rng_below(rng, 2) ? field->least : field->most;
    return width < 100 ? field->least + (int64_t)rng_below(rng, (uint64_t)width + 1)
                       : (int64_t)rng_below(rng, 1000);
}

#define SET(Type, value)                                                                                     \
    do {                                                                                                     \
        Type given = (value);                                                                                \
        memcpy(at, &given, sizeof given);                                                                    \
    } while (0)

static void fill(const FieldInfo *field, Arena *arena, Rng *rng, void *at) {
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_BODY:
        SET(Str, random_text(arena, rng));
        break;
    case FIELD_DATE:
        SET(Str, random_date(arena, rng));
        break;
    case FIELD_REF:
        SET(Str, random_id(arena, rng));
        break;
    case FIELD_LIST:
    case FIELD_REFS:
        SET(TextList, random_list(field->type, arena, rng));
        break;
    case FIELD_INT:
    case FIELD_TIME:
        SET(int64_t, random_int(field, rng));
        break;
    case FIELD_BOOL:
        SET(Truth, rng_below(rng, 2) ? TRUTH_YES : TRUTH_NO);
        break;
    case FIELD_WORD:
        SET(int, (int)rng_below(rng, (uint64_t)field->words->count) + 1);
        break;
    case FIELD_JSON:
        SET(const Json *, random_json(arena, rng));
        break;
    }
}

/* ---- an id and a scope that fit ---- */
static Str text_field(Kind kind, const void *record, Str name) {
    Str value = {0};
    const FieldInfo *field = kind_field(kind, name);
    if (field) memcpy(&value, (const char *)record + field->offset, sizeof value);
    return value;
}

static Str fitting_part(Kind kind, Str part, Arena *arena, Rng *rng, const void *record) {
    if (part.at[0] != '<') return text_field(kind, record, part);
    return str_is(part, "<number>") ? str_print(arena, "%d", (int)rng_below(rng, 50)) : random_id(arena, rng);
}

static Str fitting_id(Kind kind, Arena *arena, Rng *rng, const void *record) {
    Str form = {0}, forms = str_of(kind_info(kind)->id_form), part = {0}, id = {0};
    str_cut(&forms, ',', &form);
    while (str_cut(&form, '~', &part)) {
        Str piece = fitting_part(kind, part, arena, rng, record);
        id = id.at ? id_join(arena, id, piece) : piece;
    }
    return id;
}

/* Parts that a second form or the alphabet of ids asks for. */
static void make_composite(Kind kind, Arena *arena, Rng *rng, void *record) {
    if (kind == K_tick) {
        Tick *tick = record;
        tick->run = id_join(arena, random_id(arena, rng), STR("path"));
    } else if (kind == K_attendance) {
        ((Attendance *)record)->half = STR("2026-11-24am");
    } else if (kind == K_borrow) {
        ((Borrow *)record)->kind = STR("page");
        ((Borrow *)record)->id = STR("charte");
    }
}

static void finish_tick(Arena *arena, Tick *tick) {
    Str rest = tick->meta.id, person = {0};
    str_cut(&rest, '~', &person);
    tick->step = str_copy(arena, rest);
}

static Str last_part(Str id) {
    Str part = {0};
    while (str_cut(&id, '~', &part)) continue;
    return part;
}

static Str fitting_scope(Kind kind, Arena *arena, Rng *rng, const void *record) {
    const RecordMeta *meta = record;
    Str rest = meta->id, first = {0}, org = text_field(kind, record, STR("org"));
    str_cut(&rest, '~', &first);
    switch (kind_info(kind)->scope) {
    case SCOPE_PUBLIC:
        return STR("public");
    case SCOPE_AUDIENCE:
    case SCOPE_EVENT:
        return rng_below(rng, 2) ? STR("public") : STR("pool:agglo");
    case SCOPE_PERSON:
    case SCOPE_ORG:
        return scope_join(arena, "org", org.at ? org : STR("olivet"));
    case SCOPE_SITE:
        return STR("site:centre");
    case SCOPE_DEVICE:
        return scope_join(arena, "device", kind == K_receipt ? first : last_part(meta->id));
    case SCOPE_MODERATED:
        return ((const Idea *)record)->state == IdeaState_new ? STR("hub") : STR("org:olivet");
    }
    return STR("public");
}

void random_record(Kind kind, Arena *arena, Rng *rng, void *out) {
    const KindInfo *info = kind_info(kind);
    schema_clear(kind, out);
    for (size_t i = 0; i < info->field_count; i++) {
        const FieldInfo *field = &info->fields[i];
        if (field->flags & REQUIRED || rng_below(rng, 2))
            fill(field, arena, rng, (char *)out + field->offset);
    }
    make_composite(kind, arena, rng, out);
    RecordMeta *meta = out;
    meta->id = fitting_id(kind, arena, rng, out);
    meta->scope = fitting_scope(kind, arena, rng, out);
    if (kind == K_tick) finish_tick(arena, out);
}
