#include "common/schema/id_form.h"

#include "common/base/id.h"

enum { HASH_ID_LEN = 32 };

static bool is_hash(Str part) {
    unsigned char bytes[HASH_ID_LEN / 2];
    return part.len == HASH_ID_LEN && hex_decode(part, bytes, sizeof bytes);
}

static bool is_number(Str part) {
    int64_t value = 0;
    return str_to_int(part, &value) && value >= 0;
}

static bool placeholder_fits(Str placeholder, Str part) {
    if (!id_part_is_valid(part)) return false;
    if (str_is(placeholder, "<uuid>")) return uuid_is_valid(part);
    if (str_is(placeholder, "<uuid or hash>")) return uuid_is_valid(part) || is_hash(part);
    if (str_is(placeholder, "<number>")) return is_number(part);
    return str_is(placeholder, "<slug>");
}

static Str field_text(const Json *doc, Str name) {
    for (const Json *member = doc->first; member; member = member->next)
        if (str_equal(member->name, name)) return member->text;
    return (Str){0};
}

/* *rest becomes what stands behind the value and its ~; absent when nothing does. */
static bool take_value(Str value, Str *rest) {
    if (value.len == 0 || !str_starts(*rest, value)) return false;
    *rest = str_skip(*rest, value.len);
    if (rest->len == 0) {
        *rest = (Str){0};
        return true;
    }
    if (rest->at[0] != '~') return false;
    *rest = str_skip(*rest, 1);
    return true;
}

static bool take_part(Str form_part, Str *rest, const Json *doc) {
    if (!rest->at) return false;
    if (form_part.at[0] != '<') return take_value(field_text(doc, form_part), rest);
    Str taken = {0};
    return str_cut(rest, '~', &taken) && placeholder_fits(form_part, taken);
}

static bool one_form_fits(Str form, Str id, const Json *doc) {
    Str part = {0};
    while (str_cut(&form, '~', &part))
        if (!take_part(part, &id, doc)) return false;
    return id.at == NULL;
}

bool id_form_fits(const char *form, Str id, const Json *doc) {
    Str rest = str_of(form), one = {0};
    while (str_cut(&rest, ',', &one))
        if (!one_form_fits(one, id, doc)) return false;
    return true;
}
