#include "syncd/content/export_cell.h"

#include "syncd/content/inside.h"

enum { CELL_MAX = 4 * DOC_MAX };

Str moment_write(Arena *arena, Str zone, Millis at) {
    int64_t day;
    int minutes;
    moment_split(arena, zone, at, &day, &minutes);
    return str_print(arena, "%.*s %02d:%02d", STR_FORMAT(day_write(arena, day)), minutes / 60, minutes % 60);
}

Str on_one_line(Arena *arena, Str text, bool in_table) {
    char *out = arena_alloc(arena, 2 * text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (in_table && text.at[i] == '|') out[len++] = '\\';
        out[len++] = text.at[i] == '\n' ? ' ' : text.at[i];
    }
    return (Str){out, len};
}

static Str half_write(Arena *arena, Str half) {
    Str date = str_first(half, half.len > 2 ? half.len - 2 : 0);
    return str_print(arena, "%.*s %s", STR_FORMAT(date), str_ends(half, STR("pm")) ? "après-midi" : "matin");
}

/* "09:00 title @ place", with its date where that is not the day of the start. */
static Str programme_write(Arena *arena, const Exported *record, const Json *part) {
    int64_t day, first;
    int minutes;
    moment_split(arena, record->zone, json_get_int(record->doc, "starts", 0), &first, &minutes);
    moment_split(arena, record->zone, json_get_int(part, "starts", 0), &day, &minutes);
    Str title = json_get_text(part, "title"), place = json_get_text(part, "place");
    Str date = day == first ? STR("") : str_print(arena, "%.*s ", STR_FORMAT(day_write(arena, day)));
    return str_print(arena, "%.*s%02d:%02d %.*s%s%.*s", STR_FORMAT(date), minutes / 60, minutes % 60,
                     STR_FORMAT(title), place.len ? " @ " : "", STR_FORMAT(place));
}

static Str one_write(Arena *arena, const Exported *record, const Column *column, const Json *value) {
    switch (column->type) {
    case V_YES_NO:
        return value->integer ? STR("oui") : STR("non");
    case V_TIME:
    case V_TIMES:
        return moment_write(arena, record->zone, value->integer);
    case V_WORD:
    case V_WORDS:
        return word_french(column->words, value->text);
    case V_NUMBER_WORD:
        return word_french(column->words, str_print(arena, "%lld", (long long)value->integer));
    case V_HALVES:
        return half_write(arena, value->text);
    case V_PROGRAMME:
        return programme_write(arena, record, value);
    case V_COUNTS:
        return str_print(arena, "%.*s:%lld", STR_FORMAT(value->name), (long long)value->integer);
    case V_TEXT:
    case V_BODY:
    case V_ID:
    case V_REF:
    case V_REFS:
    case V_CODES:
    case V_TEXTS:
    case V_NUMBER:
    case V_DATE:
    case V_PICTURE:
    case V_SCOPE:
    case V_AGENT:
    case V_EVENT:
    case V_COLOUR:
    case V_ZONE:
    case V_NUMBERS:
    case V_CLOCK:
    case V_SECRET:
        break;
    }
    return value->type == JSON_TEXT_T ? value->text : str_print(arena, "%lld", (long long)value->integer);
}

static Str list_write(Arena *arena, const Exported *record, const Column *column, const Json *list) {
    AUTO(buf_free) Buf out = buf_new(CELL_MAX);
    bool bars = column->type == V_TEXTS || column->type == V_PROGRAMME;
    for (const Json *item = list->first; item; item = item->next) {
        if (item != list->first) buf_add_cstr(&out, bars ? " | " : ",");
        buf_add(&out, one_write(arena, record, column, item));
    }
    return str_copy(arena, out.len ? buf_str(&out) : STR(""));
}

static Str id_part(Str id, size_t index) {
    Str rest = id, part = {0};
    for (size_t i = 0; str_cut(&rest, '~', &part); i++)
        if (i == index) return part;
    return (Str){0};
}

/* Columns that are no field: where else their value stands. */
static Str aside_write(const FileType *type, const Exported *record, const Column *column) {
    if (column->type == V_SCOPE) return record->scope;
    if (column->type == V_ID) return record->id;
    if (column->flags & COL_OWNER)
        return str_starts(record->scope, STR("org:")) ? str_skip(record->scope, 4)
                                                      : json_get_text(record->doc, "org");
    if (!(column->flags & COL_KEY)) return (Str){0};
    if (type->id == ID_AGENT) return record->id;
    bool second = type->id == ID_STEP || (type->id == ID_RUN && column->type == V_REF);
    return id_part(record->id, second ? 1 : 0);
}

Str cell_write(Arena *arena, const FileType *type, const Exported *record, const Column *column) {
    if (!column->field) return aside_write(type, record, column);
    const Json *value = json_get(record->doc, column->field);
    if (!value || column->type == V_SECRET) return (Str){0};
    bool many = value->type == JSON_LIST_T || value->type == JSON_MAP_T;
    return many ? list_write(arena, record, column, value) : one_write(arena, record, column, value);
}

Str field_write(Arena *arena, const Exported *record, const FieldInfo *field) {
    AUTO(buf_free) Buf out = buf_new(CELL_MAX);
    const Json *value = json_get(record->doc, field->name);
    if (!value) return (Str){0};
    if (value->type == JSON_TEXT_T) return value->text;
    if (field->type == FIELD_TIME) return moment_write(arena, record->zone, value->integer);
    if (field->type != FIELD_LIST && field->type != FIELD_REFS) {
        json_write(&out, value);
        return str_copy(arena, buf_str(&out));
    }
    for (const Json *item = value->first; item; item = item->next) {
        if (item != value->first) buf_add_cstr(&out, ", ");
        buf_add(&out, item->text);
    }
    return str_copy(arena, out.len ? buf_str(&out) : STR(""));
}
