#include "common/config/table.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#define COMMON_OPTIONS(X)                                                                                    \
    X(PATH, config, "FILE", NULL, USE_OPTION, "read settings from this file")                                \
    X(CHOICE, log_level, "error|warning|info|debug", "info", USE_OPTION, "how much is said")                 \
    X(FLAG, help, "", NULL, USE_OPTION, "this text")                                                         \
    X(FLAG, man, "", NULL, USE_HIDDEN, "the man page")
#define COMMON_ROW(...) CONFIG_ROW(CommonSettings, __VA_ARGS__)

const ConfigOption common_options[] = {COMMON_OPTIONS(COMMON_ROW)};
const size_t common_option_count = COUNT(common_options);

static Str bare_name(const ConfigOption *option) {
    Str name = str_of(option->name), unit = STR("_ms");
    bool has_unit = option->type == CONFIG_DURATION && str_ends(name, unit);
    return has_unit ? str_first(name, name.len - unit.len) : name;
}

static OptionName spell(Str prefix, Str name, Str ending, int (*letter)(int)) {
    OptionName out;
    size_t at = 0;
    const Str parts[] = {prefix, name, ending};
    assert(prefix.len + name.len + ending.len < sizeof(out.text));
    for (size_t part = 0; part < COUNT(parts); part++)
        for (size_t i = 0; i < parts[part].len; i++)
            out.text[at++] = (char)letter((unsigned char)parts[part].at[i]);
    out.text[at] = '\0';
    return out;
}

static int dashed(int letter) {
    return letter == '_' ? '-' : letter;
}

static Str file_ending(const ConfigOption *option) {
    return option->type == CONFIG_SECRET ? STR("_file") : STR("");
}

OptionName option_dashed(const ConfigOption *option) {
    return spell(STR(""), bare_name(option), file_ending(option), dashed);
}

OptionName option_environment(const ConfigOption *option) {
    return spell(STR("RELAIS_"), bare_name(option), file_ending(option), toupper);
}

static int unchanged(int letter) {
    return letter;
}

OptionName option_placeholder(const ConfigOption *option) {
    Str text = str_of(option->form);
    if (option->type == CONFIG_INT) text = STR("N");
    if (option->type == CONFIG_DURATION) text = STR("TIME");
    if (option->type == CONFIG_SECRET) text = STR("FILE");
    return spell(text, STR(""), STR(""), unchanged);
}

bool option_is_positional(const ConfigOption *option) {
    return option->use == USE_POSITIONAL || option->use == USE_POSITIONAL_REQUIRED;
}

bool option_is_list(const ConfigOption *option) {
    return option->type == CONFIG_LIST || option->type == CONFIG_PATHS;
}

bool option_is_only_typed(const ConfigOption *option) {
    bool asks = option >= common_options && option < common_options + common_option_count &&
                option->type == CONFIG_FLAG;
    return asks || option_is_positional(option);
}

static bool is_spelled(Str name, const char *dashed_name) {
    if (name.len != strlen(dashed_name)) return false;
    for (size_t i = 0; i < name.len; i++)
        if (dashed((unsigned char)name.at[i]) != dashed_name[i]) return false;
    return true;
}

static bool is_bare_name(Str name, const ConfigOption *option) {
    OptionName bare = spell(STR(""), bare_name(option), STR(""), dashed);
    return is_spelled(name, bare.text);
}

Slot *reading_find(Reading *reading, Str name, bool *is_file_name) {
    for (size_t i = 0; i < reading->count; i++) {
        const ConfigOption *option = reading->slots[i].option;
        if (option_is_positional(option)) continue;
        bool by_file = option->type == CONFIG_SECRET && is_spelled(name, option_dashed(option).text);
        if (!by_file && !is_bare_name(name, option)) continue;
        *is_file_name = by_file;
        return &reading->slots[i];
    }
    return NULL;
}

static void make_room(Reading *reading, Slot *slot) {
    enum { FIRST_VALUES = 4 };
    if (slot->count < slot->cap) return;
    slot->cap = slot->cap ? slot->cap * 2 : FIRST_VALUES;
    Str *values = ARENA_ARRAY(reading->arena, Str, slot->cap);
    if (slot->count) memcpy(values, slot->values, slot->count * sizeof(*values));
    slot->values = values;
}

void slot_put(Reading *reading, Slot *slot, Rank rank, const char *where, Str value) {
    if (rank < slot->rank) return;
    if (rank > slot->rank || !option_is_list(slot->option)) slot->count = 0;
    make_room(reading, slot);
    slot->rank = rank;
    slot->where = where;
    slot->values[slot->count++] = value;
}
