#include "common/config/config.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/config/table.h"

static size_t member_size(ConfigType type) {
    switch (type) {
    case CONFIG_INT:
        return sizeof(int64_t);
    case CONFIG_DURATION:
        return sizeof(Millis);
    case CONFIG_FLAG:
        return sizeof(bool);
    case CONFIG_LIST:
    case CONFIG_PATHS:
        return sizeof(ConfigList);
    case CONFIG_TEXT:
    case CONFIG_PATH:
    case CONFIG_CHOICE:
    case CONFIG_SECRET:
    default:
        return sizeof(const char *);
    }
}

static void add_slots(Reading *reading, const ConfigOption *options, size_t count, void *settings) {
    for (size_t i = 0; i < count; i++) {
        void *member = (char *)settings + options[i].at;
        memset(member, 0, member_size(options[i].type));
        reading->slots[reading->count++] = (Slot){.option = &options[i], .member = member, .where = ""};
    }
}

static Reading start_reading(const ConfigCommand *command, Arena *arena, void *settings,
                             CommonSettings *common) {
    Reading reading = {.command = command, .arena = arena};
    reading.slots = ARENA_ARRAY(arena, Slot, command->count + common_option_count);
    add_slots(&reading, command->options, command->count, settings);
    add_slots(&reading, common_options, common_option_count, common);
    return reading;
}

static void put_defaults(Reading *reading) {
    for (size_t i = 0; i < reading->count; i++) {
        Slot *slot = &reading->slots[i];
        if (slot->option->otherwise)
            slot_put(reading, slot, RANK_DEFAULT, slot->option->name, str_of(slot->option->otherwise));
    }
}

/* The last text given for an option of every command, before anything is stored. */
static const char *peek(Reading *reading, const char *name) {
    bool is_file_name;
    const Slot *slot = reading_find(reading, str_of(name), &is_file_name);
    assert(slot);
    return slot->count ? str_cstr(reading->arena, slot->values[slot->count - 1]) : NULL;
}

static Status read_ini(Reading *reading, Err *err) {
    const char *named = peek(reading, "config"), *usual = reading->command->file;
    if (named) return read_file(reading, named, err);
    return usual && file_exists(usual) ? read_file(reading, usual, err) : OK;
}

static Status missing(const Slot *slot, Err *err) {
    const ConfigOption *option = slot->option;
    OptionName placeholder = option_placeholder(option);
    if (option_is_positional(option)) return err_set(err, E_INVALID, "%s is missing", placeholder.text);
    return err_set(err, E_INVALID, "--%s %s is missing", option_dashed(option).text, placeholder.text);
}

static Status store_all(Reading *reading, Err *err) {
    for (size_t i = 0; i < reading->count; i++) {
        Slot *slot = &reading->slots[i];
        ConfigUse use = slot->option->use;
        if (slot->count > 0)
            TRY(slot_store(reading, slot, err));
        else if (use == USE_REQUIRED || use == USE_POSITIONAL_REQUIRED)
            return missing(slot, err);
    }
    return OK;
}

/* A question for help is answered whatever else is wrong. */
static bool is_asked(const ConfigInput *input, const char *question) {
    for (int i = 1; i < input->argc && strcmp(input->argv[i], "--") != 0; i++)
        if (strcmp(input->argv[i], question) == 0) return true;
    return false;
}

static void set_log_level(const CommonSettings *common) {
    LogLevel level = LOG_INFO;
    if (common->log_level && log_level_from_name(common->log_level, &level)) log_set_level(level);
}

Status config_read(const ConfigCommand *command, const ConfigInput *input, Arena *arena, void *settings,
                   ConfigAsked *asked, Err *err) {
    CommonSettings common = {0};
    bool help = is_asked(input, "--help") || is_asked(input, "-h"), man = is_asked(input, "--man");
    *asked = help ? CONFIG_ASKED_HELP : man ? CONFIG_ASKED_MAN : CONFIG_ASKED_RUN;
    if (help || man) return OK;
    Reading reading = start_reading(command, arena, settings, &common);
    TRY(read_typed(&reading, input->argc, input->argv, err));
    TRY(read_environment(&reading, input->environment, err));
    TRY(read_ini(&reading, err));
    put_defaults(&reading);
    TRY(store_all(&reading, err));
    set_log_level(&common);
    return OK;
}

static void print_error(const ConfigCommand *command, const char *text) {
    const char *name = command->name;
    fprintf(stderr, "%s%s%s: %s\n", command->program, name ? " " : "", name ? name : "", text);
}

int config_fail(const ConfigCommand *command, const Err *err) {
    print_error(command, err->text);
    return 1;
}

int config_fail_usage(const ConfigCommand *command, const char *format, ...) {
    char text[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    print_error(command, text);
    return 2;
}

static int print_document(const ConfigCommand *command, ConfigAsked asked) {
    enum { DOCUMENT_MAX_BYTES = 1 << 20 };
    AUTO(buf_free) Buf out = buf_new(DOCUMENT_MAX_BYTES);
    if (asked == CONFIG_ASKED_MAN)
        config_man(command, &out);
    else
        config_help(command, &out);
    bool written = fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    return written ? 0 : 1;
}

bool config_start(const ConfigCommand *command, int argc, char **argv, Arena *arena, void *settings,
                  int *exit_status) {
    const ConfigInput input = {argc, argv, environ};
    ConfigAsked asked;
    Err err;
    Status status = config_read(command, &input, arena, settings, &asked, &err);
    if (status != OK) {
        *exit_status =
            status == E_INVALID ? config_fail_usage(command, "%s", err.text) : config_fail(command, &err);
        return false;
    }
    if (asked == CONFIG_ASKED_RUN) return true;
    *exit_status = print_document(command, asked);
    return false;
}
