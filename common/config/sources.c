/* Command line, environment and INI file, from each to the slots. */
#include <ini.h>
#include <string.h>

#include "common/base/file.h"
#include "common/config/table.h"

enum { INI_FILE_MAX_BYTES = 1 << 20, LINE_MAX_BYTES = INI_MAX_LINE - 2 };

static Status refuse_secret(const Slot *slot, const char *where, Err *err) {
    return err_set(err, E_INVALID, "%s: a secret is read from a file, where others cannot see it: use --%s",
                   where, option_dashed(slot->option).text);
}

static Slot *next_positional(Reading *reading) {
    for (size_t i = 0; i < reading->count; i++) {
        Slot *slot = &reading->slots[i];
        if (!option_is_positional(slot->option)) continue;
        if (slot->count == 0 || option_is_list(slot->option)) return slot;
    }
    return NULL;
}

static Status take_positional(Reading *reading, const char *argument, Err *err) {
    Slot *slot = next_positional(reading);
    if (!slot) return err_set(err, E_INVALID, "\"%s\" is one argument too many", argument);
    slot_put(reading, slot, RANK_TYPED, slot->option->form, str_of(argument));
    return OK;
}

/* "--no-relay" for a flag called relay. */
static Slot *find_negated(Reading *reading, Str name) {
    bool is_file_name;
    if (!str_starts(name, STR("no-"))) return NULL;
    Slot *slot = reading_find(reading, str_skip(name, 3), &is_file_name);
    return slot && slot->option->type == CONFIG_FLAG ? slot : NULL;
}

typedef struct Arguments {
    int count, next;
    char **at;
} Arguments;

/* What stands behind "=", or the next argument; a flag alone means yes. */
static Status take_value(const Slot *slot, const char *where, Str *value, Arguments *arguments, Err *err) {
    if (value->at) return OK;
    if (slot->option->type == CONFIG_FLAG) {
        *value = STR("yes");
        return OK;
    }
    if (arguments->next >= arguments->count || strncmp(arguments->at[arguments->next], "--", 2) == 0)
        return err_set(err, E_INVALID, "%s needs a value: %s %s", where, where,
                       option_placeholder(slot->option).text);
    *value = str_of(arguments->at[arguments->next++]);
    return OK;
}

static Status take_option(Reading *reading, const char *argument, Arguments *arguments, Err *err) {
    Str value = str_of(argument + 2), name;
    bool is_file_name = false;
    str_cut(&value, '=', &name);
    const char *where = str_print(reading->arena, "--%.*s", STR_FORMAT(name)).at;
    Slot *slot = reading_find(reading, name, &is_file_name);
    if (!slot && (slot = find_negated(reading, name)) && !value.at) value = STR("no");
    if (!slot) return err_set(err, E_INVALID, "there is no option %s; --help lists them", where);
    if (slot->option->type == CONFIG_SECRET && !is_file_name) return refuse_secret(slot, where, err);
    TRY(take_value(slot, where, &value, arguments, err));
    slot->is_file_name = is_file_name;
    slot_put(reading, slot, RANK_TYPED, where, value);
    return OK;
}

Status read_typed(Reading *reading, int argc, char **argv, Err *err) {
    Arguments arguments = {argc, 1, argv};
    bool options_end = false;
    while (arguments.next < argc) {
        const char *argument = argv[arguments.next++];
        if (strcmp(argument, "-h") == 0) argument = "--help";
        if (!options_end && strcmp(argument, "--") == 0) {
            options_end = true;
        } else if (!options_end && strncmp(argument, "--", 2) == 0) {
            TRY(take_option(reading, argument, &arguments, err));
        } else if (!options_end && argument[0] == '-' && argument[1]) {
            return err_set(err, E_INVALID, "there is no option %s; --help lists them", argument);
        } else {
            TRY(take_positional(reading, argument, err));
        }
    }
    return OK;
}

static Str find_variable(char **environment, const char *name) {
    for (char **at = environment; at && *at; at++) {
        Str value = str_of(*at), found;
        if (str_cut(&value, '=', &found) && value.at && str_is(found, name)) return value;
    }
    return (Str){0};
}

/* RELAIS_TOKEN, where only RELAIS_TOKEN_FILE may stand. */
static Status check_no_secret(const Slot *slot, char **environment, Err *err) {
    OptionName name = option_environment(slot->option);
    name.text[strlen(name.text) - strlen("_FILE")] = '\0';
    return find_variable(environment, name.text).at ? refuse_secret(slot, name.text, err) : OK;
}

Status read_environment(Reading *reading, char **environment, Err *err) {
    for (size_t i = 0; i < reading->count; i++) {
        Slot *slot = &reading->slots[i];
        if (option_is_only_typed(slot->option)) continue;
        bool secret = slot->option->type == CONFIG_SECRET;
        if (secret) TRY(check_no_secret(slot, environment, err));
        OptionName name = option_environment(slot->option);
        Str value = find_variable(environment, name.text);
        if (!value.at || slot->rank > RANK_ENVIRONMENT) continue;
        slot->is_file_name = secret;
        slot_put(reading, slot, RANK_ENVIRONMENT, str_cstr(reading->arena, str_of(name.text)), value);
    }
    return OK;
}

typedef struct IniReading {
    Reading *reading;
    const char *path;
    Status status;
    Err *err;
} IniReading;

static Rank rank_of_section(const ConfigCommand *command, const char *section) {
    if (section[0] == '\0') return RANK_FILE;
    return strcmp(section, command->name ? command->name : command->program) == 0 ? RANK_SECTION : RANK_NONE;
}

/* A key before any section may be meant for another command; in the command's own section it must be known.
 */
static int take_key(void *user, const char *section, const char *name, const char *value) {
    IniReading *ini = user;
    Reading *reading = ini->reading;
    bool is_file_name = false;
    Rank rank = rank_of_section(reading->command, section);
    Slot *slot = rank ? reading_find(reading, str_of(name), &is_file_name) : NULL;
    if (slot && option_is_only_typed(slot->option)) slot = NULL;
    if (slot && rank >= slot->rank) {
        const char *where = str_print(reading->arena, "%s: %s", ini->path, name).at;
        slot->is_file_name = is_file_name;
        slot_put(reading, slot, rank, where, str_copy(reading->arena, str_of(value)));
    }
    if (slot || rank != RANK_SECTION) return 1;
    if (ini->status == OK)
        ini->status = err_set(ini->err, E_INVALID, "%s: [%s] knows no key \"%s\"", ini->path, section, name);
    return 0;
}

/* inih would take what is beyond its limit for another line. */
static Status check_lines(const char *path, Str content, Err *err) {
    Str line;
    for (int number = 1; str_cut(&content, '\n', &line); number++) {
        if (line.len > LINE_MAX_BYTES)
            return err_set(err, E_INVALID, "%s, line %d: longer than %d bytes", path, number, LINE_MAX_BYTES);
        if (str_has(line, '\0')) return err_set(err, E_INVALID, "%s, line %d: a NUL byte", path, number);
    }
    return OK;
}

Status read_file(Reading *reading, const char *path, Err *err) {
    IniReading ini = {reading, path, OK, err};
    Str content;
    TRY(file_read(reading->arena, path, INI_FILE_MAX_BYTES, &content, err));
    TRY(check_lines(path, content, err));
    int bad_line = ini_parse_string(content.at, take_key, &ini);
    if (ini.status != OK) return ini.status;
    if (bad_line == 0) return OK;
    return err_set(err, E_INVALID, "%s, line %d: neither [section] nor key = value", path, bad_line);
}
