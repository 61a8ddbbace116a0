/* From the text of a setting to its member. */
#include <assert.h>
#include <stdio.h>

#include "common/base/file.h"
#include "common/base/utf8.h"
#include "common/config/table.h"

enum { SECRET_FILE_MAX_BYTES = 1 << 16 };

static Status refuse(const Slot *slot, Str value, const char *wanted, Err *err) {
    return err_set(err, E_INVALID, "%s: \"%.*s\" is not %s", slot->where, STR_FORMAT(value), wanted);
}

static const char *as_text(const Reading *reading, Str value) {
    return str_cstr(reading->arena, value);
}

static bool read_duration(Str text, int64_t *out) {
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", SECOND_MS}, {"m", MINUTE_MS}, {"h", HOUR_MS}, {"d", INT64_C(24) * HOUR_MS}};
    size_t digits = 0;
    int64_t number;
    while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9') digits++;
    if (!str_to_int(str_first(text, digits), &number)) return false;
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_is(str_skip(text, digits), units[i].unit))
            return !__builtin_mul_overflow(number, units[i].ms, out);
    return false;
}

typedef bool ReadNumber(Str text, int64_t *out);

/* form is "least..most", written like the values themselves. */
static Status read_limited(const Slot *slot, Str value, ReadNumber *read, int64_t *out, Err *err) {
    int64_t least = 0, most = 0, number;
    Str form = str_of(slot->option->form);
    ptrdiff_t dots = str_find(form, STR(".."));
    assert(dots > 0);
    bool limited =
        read(str_first(form, (size_t)dots), &least) && read(str_skip(form, (size_t)dots + 2), &most);
    assert(limited);
    if (!limited || !read(value, &number) || number < least || number > most) {
        char wanted[OPTION_NAME_MAX + 32];
        snprintf(wanted, sizeof(wanted), "within %s", slot->option->form);
        return refuse(slot, value, wanted, err);
    }
    *out = number;
    return OK;
}

static Status read_flag(const Slot *slot, Str value, bool *out, Err *err) {
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!str_is(value, words[i])) continue;
        *out = i % 2 == 1;
        return OK;
    }
    return refuse(slot, value, "yes or no", err);
}

static Status read_choice(const Reading *reading, const Slot *slot, Str value, const char **out, Err *err) {
    Str rest = str_of(slot->option->form), choice;
    while (str_cut(&rest, '|', &choice)) {
        if (!str_equal(choice, value)) continue;
        *out = as_text(reading, value);
        return OK;
    }
    char wanted[OPTION_NAME_MAX + 32];
    snprintf(wanted, sizeof(wanted), "one of %s", slot->option->form);
    return refuse(slot, value, wanted, err);
}

static Status read_text(const Reading *reading, const Slot *slot, Str value, const char **out, Err *err) {
    if (value.len == 0) return refuse(slot, value, "a value: it is empty", err);
    if (!utf8_is_valid(value) && slot->option->type != CONFIG_PATH)
        return refuse(slot, value, "written in UTF-8", err);
    *out = as_text(reading, value);
    return OK;
}

static Status read_secret(const Reading *reading, const Slot *slot, Str value, const char **out, Err *err) {
    Str content = value, line;
    if (slot->is_file_name)
        TRY(file_read(reading->arena, as_text(reading, value), SECRET_FILE_MAX_BYTES, &content, err));
    if (!str_cut(&content, '\n', &line) || (line = str_trim(line)).len == 0)
        return err_set(err, E_INVALID, "%s: the first line is empty", slot->where);
    *out = as_text(reading, line);
    return OK;
}

static size_t count_parts(const Slot *slot, Str value) {
    size_t count = 1;
    if (slot->option->type == CONFIG_PATHS) return count;
    for (size_t i = 0; i < value.len; i++) count += value.at[i] == ',';
    return count;
}

static void add_parts(const Reading *reading, const Slot *slot, Str value, ConfigList *list) {
    Str part;
    if (slot->option->type == CONFIG_PATHS) {
        list->at[list->count++] = as_text(reading, value);
        return;
    }
    while (str_cut(&value, ',', &part)) {
        part = str_trim(part);
        if (part.len) list->at[list->count++] = as_text(reading, part);
    }
}

static void read_list(const Reading *reading, const Slot *slot, ConfigList *out) {
    size_t room = 0;
    for (size_t i = 0; i < slot->count; i++) room += count_parts(slot, slot->values[i]);
    ConfigList list = {ARENA_ARRAY(reading->arena, const char *, room), 0};
    for (size_t i = 0; i < slot->count; i++) add_parts(reading, slot, slot->values[i], &list);
    *out = list;
}

Status slot_store(Reading *reading, Slot *slot, Err *err) {
    Str value = slot->values[slot->count - 1];
    switch (slot->option->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
        return read_text(reading, slot, value, slot->member, err);
    case CONFIG_INT:
        return read_limited(slot, value, str_to_int, slot->member, err);
    case CONFIG_DURATION:
        return read_limited(slot, value, read_duration, slot->member, err);
    case CONFIG_FLAG:
        return read_flag(slot, value, slot->member, err);
    case CONFIG_CHOICE:
        return read_choice(reading, slot, value, slot->member, err);
    case CONFIG_SECRET:
        return read_secret(reading, slot, value, slot->member, err);
    case CONFIG_LIST:
    case CONFIG_PATHS:
        read_list(reading, slot, slot->member);
        return OK;
    default:
        assert(!"a type of the table");
        return E_INTERNAL;
    }
}
