/* What the files of this folder share: the options of a command, its own and those that every command has. */
#pragma once

#include "common/config/config.h"

enum { OPTION_NAME_MAX = 64 };

typedef struct OptionName {
    char text[OPTION_NAME_MAX];
} OptionName;

OptionName option_dashed(const ConfigOption *option);      /* "max-connections"; of a secret "token-file" */
OptionName option_environment(const ConfigOption *option); /* "RELAIS_MAX_CONNECTIONS" */
OptionName option_placeholder(const ConfigOption *option); /* "URL", "N", "a|b", "" for a flag */
bool option_is_positional(const ConfigOption *option);
bool option_is_list(const ConfigOption *option);
bool option_is_only_typed(const ConfigOption *option); /* not in a file or the environment */

typedef struct CommonSettings {
    const char *config, *log_level;
    bool help, man;
} CommonSettings;

extern const ConfigOption common_options[];
extern const size_t common_option_count;

/* Where a value came from; the higher wins. */
typedef enum Rank { RANK_NONE, RANK_DEFAULT, RANK_FILE, RANK_SECTION, RANK_ENVIRONMENT, RANK_TYPED } Rank;

/* An option on its way from texts to its member. */
typedef struct Slot {
    const ConfigOption *option;
    void *member;
    Str *values;
    size_t count, cap;
    Rank rank;
    const char *where; /* "--hub", "RELAIS_HUB", "syncd.ini: [serve] hub" */
    bool is_file_name; /* of a secret: the value stands in that file */
} Slot;

typedef struct Reading {
    const ConfigCommand *command;
    Arena *arena;
    Slot *slots;
    size_t count;
} Reading;

/* By its dashed name, underscores allowed; NULL when there is none. *is_file_name as in Slot. */
Slot *reading_find(Reading *reading, Str name, bool *is_file_name);
void slot_put(Reading *reading, Slot *slot, Rank rank, const char *where, Str value);

CHECKED Status read_typed(Reading *reading, int argc, char **argv, Err *err);
CHECKED Status read_environment(Reading *reading, char **environment, Err *err);
CHECKED Status read_file(Reading *reading, const char *path, Err *err);

/* From texts to the member, with its limits. */
CHECKED Status slot_store(Reading *reading, Slot *slot, Err *err);
