#include "common/schema/id_form.h"
#include "common/schema/schema.h"

#include <string.h>

/* ---- fields ---- */
static bool two_digits(Str text, size_t at, int least, int most) {
    int64_t value = 0;
    Str part = str_first(str_skip(text, at), 2);
    return str_to_int(part, &value) && value >= least && value <= most;
}

static bool date_is_valid(Str date) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year = 0, month = 0;
    if (date.len != 10 || date.at[4] != '-' || date.at[7] != '-') return false;
    if (!str_to_int(str_first(date, 4), &year) || year < 1900 || !two_digits(date, 5, 1, 12)) return false;
    if (!str_to_int(str_first(str_skip(date, 5), 2), &month)) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return two_digits(date, 8, 1, days[month - 1] + (month == 2 && leap ? 1 : 0));
}

static Status check_length(const FieldInfo *field, Str text, size_t most_bytes, Err *err) {
    if (text.len <= most_bytes) return OK;
    return err_set_field(err, field->name, "%s is longer than %zu bytes", field->name, most_bytes);
}

static Status check_id(const FieldInfo *field, Str id, Err *err) {
    if (id_is_valid(id)) return OK;
    return err_set_field(err, field->name, "%s is not an id: “%.*s”", field->name,
                         STR_FORMAT(str_first(id, ID_MAX)));
}

static Status check_range(const FieldInfo *field, int64_t value, Err *err) {
    if (value >= field->least && value <= field->most) return OK;
    return err_set_field(err, field->name, "%s must be between %lld and %lld", field->name,
                         (long long)field->least, (long long)field->most);
}

static Status check_word(const FieldInfo *field, Str word, Err *err) {
    if (word_value(field->words, word) > 0) return OK;
    return err_set_field(err, field->name, "%s cannot be “%.*s”", field->name,
                         STR_FORMAT(str_first(word, 40)));
}

static Status check_items(const FieldInfo *field, const Json *list, Err *err) {
    for (const Json *item = list->first; item; item = item->next) {
        if (field->type == FIELD_REFS) TRY(check_id(field, item->text, err));
        TRY(check_length(field, item->text, TEXT_FIELD_MAX, err));
    }
    return OK;
}

static Status check_date(const FieldInfo *field, Str date, Err *err) {
    if (date_is_valid(date)) return OK;
    return err_set_field(err, field->name, "%s must be a date as 2026-11-24", field->name);
}

/* The type is right already: the document was decoded. */
static Status check_value(const FieldInfo *field, const Json *value, Err *err) {
    switch (field->type) {
    case FIELD_TEXT:
        return check_length(field, value->text, TEXT_FIELD_MAX, err);
    case FIELD_BODY:
        return check_length(field, value->text, BODY_FIELD_MAX, err);
    case FIELD_DATE:
        return check_date(field, value->text, err);
    case FIELD_REF:
        return check_id(field, value->text, err);
    case FIELD_LIST:
    case FIELD_REFS:
        return check_items(field, value, err);
    case FIELD_INT:
    case FIELD_TIME:
        return check_range(field, value->integer, err);
    case FIELD_WORD:
        return check_word(field, value->text, err);
    case FIELD_BOOL:
    case FIELD_JSON:
        break;
    }
    return OK;
}

static bool is_empty(const FieldInfo *field, const Json *value) {
    return (field->type == FIELD_TEXT || field->type == FIELD_BODY) && value->text.len == 0;
}

static Status check_fields(const KindInfo *info, const Json *doc, Err *err) {
    for (size_t i = 0; i < info->field_count; i++) {
        const FieldInfo *field = &info->fields[i];
        const Json *value = json_get(doc, field->name);
        if (field->flags & REQUIRED && (!value || is_empty(field, value)))
            return err_set_field(err, field->name, "%s is missing", field->name);
        if (value) TRY(check_value(field, value, err));
    }
    return OK;
}

static Status check_canonical(const Json *doc, Err *err) {
    Err why = {0};
    for (const Json *member = doc->first; member; member = member->next) {
        if (json_check_canonical(member, &why) == OK) continue;
        char name[ERR_FIELD_MAX];
        Str shown = str_first(member->name, sizeof name - 1);
        memcpy(name, shown.at, shown.len);
        name[shown.len] = 0;
        return err_set_field(err, name, "%s: %s", name, why.text);
    }
    return json_check_canonical(doc, err);
}

static Status check_size(const Json *doc, Err *err) {
    AUTO(buf_free) Buf text = buf_new(DOC_MAX);
    json_write(&text, doc);
    return text.over ? err_set(err, E_INVALID, "the document is longer than %d bytes", DOC_MAX) : OK;
}

/* ---- scope ---- */
static bool is_audience(Str scope) {
    return str_is(scope, "public") || str_starts(scope, STR("pool:")) || str_starts(scope, STR("org:")) ||
           str_starts(scope, STR("site:"));
}

/* "org:olivet" where the document says "org":"olivet"; any org where it does not say. */
static bool is_of(Str scope, Str type, const Json *doc, const char *field) {
    if (!str_starts(scope, type)) return false;
    Str named = json_get_text(doc, field);
    return !named.at || str_equal(str_skip(scope, type.len), named);
}

/* The device that a record of scope device: is about. */
static bool is_of_device(Kind kind, Str id, Str scope) {
    Str device = id, part = {0};
    if (kind == K_receipt) str_cut(&id, '~', &device);
    if (kind == K_keyring || kind == K_lease)
        for (Str rest = id; str_cut(&rest, '~', &part);) device = part;
    return str_starts(scope, STR("device:")) && str_equal(str_skip(scope, 7), device);
}

static bool is_moderated(Str scope, const Json *doc) {
    return str_is(json_get_text(doc, "state"), "new") ? str_is(scope, "hub") : is_audience(scope);
}

static bool scope_fits(Kind kind, Str id, Str scope, const Json *doc) {
    switch (kind_info(kind)->scope) {
    case SCOPE_PUBLIC:
        return str_is(scope, "public");
    case SCOPE_AUDIENCE:
    case SCOPE_EVENT:
        return is_audience(scope);
    case SCOPE_PERSON:
    case SCOPE_ORG:
        return is_of(scope, STR("org:"), doc, "org");
    case SCOPE_SITE:
        return is_of(scope, STR("site:"), doc, "site");
    case SCOPE_DEVICE:
        return is_of_device(kind, id, scope);
    case SCOPE_MODERATED:
        return is_moderated(scope, doc);
    }
    return false;
}

static Status check_identity(Kind kind, Str id, Str scope, const Json *doc, Err *err) {
    const KindInfo *info = kind_info(kind);
    if (!id_is_valid(id) || !id_form_fits(info->id_form, id, doc))
        return err_set_field(err, "id", "the id of a record of kind %s has the form %s", info->name,
                             info->id_form);
    if (!scope_is_valid(scope) || !scope_fits(kind, id, scope, doc))
        return err_set_field(err, "scope", "a record of kind %s cannot be in scope “%.*s”", info->name,
                             STR_FORMAT(str_first(scope, SCOPE_MAX)));
    return OK;
}

Status schema_validate(Kind kind, Str id, Str scope, const Json *doc, Err *err) {
    AUTO(arena_close_auto) Arena *scratch = arena_open();
    void *record = arena_alloc(scratch, kind_info(kind)->struct_size);
    TRY(schema_decode_json(kind, scratch, doc, record, err));
    TRY(check_canonical(doc, err));
    TRY(check_fields(kind_info(kind), doc, err));
    TRY(check_size(doc, err));
    return check_identity(kind, id, scope, doc, err);
}
