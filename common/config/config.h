/* One option table → command line, environment, INI file, --help and man page (README.md has an example).
 *
 * Precedence: command line, then environment (RELAIS_MAX_CONNECTIONS), then the section of the INI file named
 * after the command, then what stands in the file before any section, then the default. Wrong usage is
 * E_INVALID with one clear line. Home of inih. */
#pragma once

#include "common/base/clock.h"
#include "common/base/str.h"

/* What a setting is, the type of its member, and what `form` says of it:
 *   TEXT      const char *   form: the placeholder, "URL"; NULL when nobody set it
 *   PATH      const char *   the same
 *   INT       int64_t        form: the limits, "1..65535"
 *   FLAG      bool           form: ""; --relay, --no-relay, --relay=yes
 *   CHOICE    const char *   form: "json|csv|md"
 *   DURATION  Millis         form: the limits, "1s..1h"; written 500ms, 45s, 15m, 2h, 3d; held_ms is --held
 *   LIST      ConfigList     form: the placeholder; repeated or separated by commas
 *   PATHS     ConfigList     the same without commas, which file names may contain
 *   SECRET    const char *   form: ""; never on the command line or in the environment: `token` is read from
 * the file that --token-file names (its first line), or is a key of the INI file */
typedef enum ConfigType {
    CONFIG_TEXT,
    CONFIG_PATH,
    CONFIG_INT,
    CONFIG_FLAG,
    CONFIG_CHOICE,
    CONFIG_DURATION,
    CONFIG_LIST,
    CONFIG_PATHS,
    CONFIG_SECRET
} ConfigType;

typedef struct ConfigList {
    const char **at;
    size_t count;
} ConfigList;

typedef enum ConfigUse {
    USE_OPTION,
    USE_REQUIRED,   /* an option without which nothing works */
    USE_POSITIONAL, /* an argument without a name, in the order of the table; a LIST or PATHS takes the rest
                     */
    USE_POSITIONAL_REQUIRED, /* … of which there must be at least one */
    USE_HIDDEN               /* works, and stands neither in --help nor in the man page */
} ConfigUse;

typedef struct ConfigOption {
    const char *name; /* as the member: max_connections is --max-connections and RELAIS_MAX_CONNECTIONS */
    ConfigType type;
    const char *form;
    const char *otherwise; /* the default as one would write it; NULL = NULL, 0, false, empty */
    ConfigUse use;
    const char *help; /* one sentence without a full stop */
    size_t at;        /* offset of the member */
} ConfigOption;

/* From one list X(TYPE, member, form, default, use, help) come the members and the rows. */
#define CONFIG_MEMBER(type, member, ...) CONFIG_MEMBER_##type member;
#define CONFIG_MEMBER_TEXT const char *
#define CONFIG_MEMBER_PATH const char *
#define CONFIG_MEMBER_INT int64_t
#define CONFIG_MEMBER_FLAG bool
#define CONFIG_MEMBER_CHOICE const char *
#define CONFIG_MEMBER_DURATION Millis
#define CONFIG_MEMBER_LIST ConfigList
#define CONFIG_MEMBER_PATHS ConfigList
#define CONFIG_MEMBER_SECRET const char *

/* The rows go through a macro of two lines, because a row must know the struct:
 *     #define SERVE_ROW(...) CONFIG_ROW(ServeSettings, __VA_ARGS__)
 *     static const ConfigOption serve_options[] = {SERVE_OPTIONS(SERVE_ROW)}; */
#define CONFIG_ROW(Struct, type, member, form, otherwise, use, help)                                         \
    {#member, CONFIG_##type, form, otherwise, use, help, offsetof(Struct, member)},

typedef struct ConfigCommand {
    const char *program; /* "syncd" */
    const char *name;    /* "serve"; NULL for a program without subcommands */
    const char *summary; /* one line, "serve the hub" */
    const char *details; /* paragraphs for the man page, separated by empty lines; NULL where there is nothing
                            to add */
    const ConfigOption *options;
    size_t count;
    const char *file; /* the INI file that is read without --config where it exists; NULL = none */
} ConfigCommand;

typedef struct ConfigInput {
    int argc;
    char **argv;        /* argv[0] is the name of the program or of the subcommand */
    char **environment; /* "NAME=value", ends with NULL; NULL = none */
} ConfigInput;

typedef enum ConfigAsked { CONFIG_ASKED_RUN, CONFIG_ASKED_HELP, CONFIG_ASKED_MAN } ConfigAsked;

/* Every command also has --help, --config FILE, --log-level LEVEL (which is set here) and, hidden, --man.
 * Everything in settings lives in the arena. When help or the man page is asked for, settings are not filled.
 */
CHECKED Status config_read(const ConfigCommand *command, const ConfigInput *input, Arena *arena,
                           void *settings, ConfigAsked *asked, Err *err);

void config_help(const ConfigCommand *command, Buf *out);
void config_man(const ConfigCommand *command, Buf *out);

/* The same as a main wants it: reads, with the environment of the process; prints help, man page or the
 * error. False when the program ends with *exit_status (0 after --help, 2 for wrong usage, 1 where a file
 * could not be read). */
bool config_start(const ConfigCommand *command, int argc, char **argv, Arena *arena, void *settings,
                  int *exit_status);

/* How a main says that it did not work: one line on standard error, "syncd serve: …". Returns 1. */
int config_fail(const ConfigCommand *command, const Err *err);
/* The same for wrong usage that only the command itself can see. Returns 2. */
int config_fail_usage(const ConfigCommand *command, const char *format, ...) PRINTF(2, 3);
