#include "tests/harness/check.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/file.h"
#include "common/config/config.h"

#define LAMP_OPTIONS(X)                                                                                      \
    X(TEXT, room, "ROOM", "hall", USE_OPTION, "where it hangs")                                              \
    X(TEXT, store, "FILE|URL", NULL, USE_REQUIRED, "where lamps are kept")                                   \
    X(INT, max_watts, "1..100", "60", USE_OPTION, "how bright it may be")                                    \
    X(FLAG, dimmed, "", NULL, USE_OPTION, "a little less")                                                   \
    X(CHOICE, colour, "white|warm", "white", USE_OPTION, "which light")                                      \
    X(DURATION, glow_ms, "1s..2h", "90s", USE_OPTION, "how long it glows")                                   \
    X(LIST, hub, "URL", NULL, USE_OPTION, "hub addresses")                                                   \
    X(SECRET, token, "", NULL, USE_OPTION, "what opens the lamp")                                            \
    X(INT, seed, "0..9", NULL, USE_HIDDEN, "for tests")                                                      \
    X(TEXT, verb, "VERB", NULL, USE_POSITIONAL_REQUIRED, "what to do")                                       \
    X(PATHS, paths, "PATH", NULL, USE_POSITIONAL, "with what")

typedef struct LampSettings {
    LAMP_OPTIONS(CONFIG_MEMBER)
} LampSettings;

#define LAMP_ROW(...) CONFIG_ROW(LampSettings, __VA_ARGS__)
static const ConfigOption lamp_options[] = {LAMP_OPTIONS(LAMP_ROW)};
static const ConfigCommand lamp = {
    .program = "house",
    .name = "lamp",
    .summary = "light a lamp",
    .details = "First paragraph.\n.not a request\n\nSecond\\one.",
    .options = lamp_options,
    .count = COUNT(lamp_options),
};

typedef struct World {
    Arena *arena;
    TestDir dir;
    LampSettings settings;
    Err err;
} World;

static int set_up(void **state) {
    World *world = calloc(1, sizeof(*world));
    world->arena = arena_open();
    world->dir = test_dir_new();
    *state = world;
    return 0;
}

static int tear_down(void **state) {
    World *world = *state;
    test_dir_remove(&world->dir);
    arena_close(world->arena);
    free(world);
    return 0;
}

/* Arguments and variables are one text each, separated by |. */
static char **split(Arena *arena, const char *text, int *count) {
    char **parts = ARENA_ARRAY(arena, char *, 32);
    Str rest = str_of(text), part;
    *count = 0;
    while (rest.len && str_cut(&rest, '|', &part)) {
        parts[*count] = arena_alloc(arena, part.len + 1);
        memcpy(parts[(*count)++], part.at, part.len);
    }
    return parts;
}

static Status read_with(World *world, const char *arguments, const char *variables) {
    ConfigInput input;
    ConfigAsked asked;
    int ignored;
    input.argv = split(world->arena, arguments, &input.argc);
    input.environment = split(world->arena, variables, &ignored);
    memset(&world->settings, 0xAA, sizeof(world->settings));
    Status status = config_read(&lamp, &input, world->arena, &world->settings, &asked, &world->err);
    if (status == OK) check(asked == CONFIG_ASKED_RUN);
    return status;
}

static const char *put_file(World *world, const char *name, const char *content) {
    Err err;
    const char *path = test_path(world->arena, &world->dir, name);
    check_ok(file_write(path, str_of(content), 0600, &err));
    return path;
}

#define check_read(world, arguments, variables)                                                              \
    check_ok_at(read_with((world), (arguments), (variables)), &(world)->err, arguments, __FILE__, __LINE__)
#define check_refused(world, arguments, variables, part)                                                     \
    do {                                                                                                     \
        check_status_at(read_with((world), (arguments), (variables)), E_INVALID, &(world)->err, arguments,   \
                        __FILE__, __LINE__);                                                                 \
        check_contains((world)->err.text, (part));                                                           \
    } while (0)

static void defaults_stand_where_nothing_is_said(void **state) {
    World *world = *state;
    check_read(world, "lamp|--store|f|light", "");
    const LampSettings *settings = &world->settings;
    check_text(str_of(settings->room), "hall");
    check_int(settings->max_watts, 60);
    check(!settings->dimmed);
    check_text(str_of(settings->colour), "white");
    check_int(settings->glow_ms, 90000);
    check_int(settings->hub.count, 0);
    check(settings->token == NULL);
    check_int(settings->seed, 0);
    check_text(str_of(settings->verb), "light");
    check_int(settings->paths.count, 0);
}

static void both_ways_of_writing_a_value(void **state) {
    World *world = *state;
    check_read(world, "lamp|light|--store=a=b|--max-watts|5|--max_watts=7|--dimmed|--glow|2h|--room|-", "");
    const LampSettings *settings = &world->settings;
    check_text(str_of(settings->store), "a=b");
    check_int(settings->max_watts, 7);
    check(settings->dimmed);
    check_int(settings->glow_ms, 2 * HOUR_MS);
    check_text(str_of(settings->room), "-");
    check_read(world, "lamp|light|--store=f|--dimmed|--no-dimmed", "");
    check(!world->settings.dimmed);
    check_read(world, "lamp|light|--store=f|--dimmed=no", "");
    check(!world->settings.dimmed);
}

static void lists_and_the_rest_of_the_arguments(void **state) {
    World *world = *state;
    check_read(world, "lamp|--store=f|--hub|a,b|light|--hub=c|x,y|--|--z|--help", "");
    const LampSettings *settings = &world->settings;
    check_int(settings->hub.count, 3);
    check_text(str_of(settings->hub.at[1]), "b");
    check_text(str_of(settings->hub.at[2]), "c");
    check_int(settings->paths.count, 3);
    check_text(str_of(settings->paths.at[0]), "x,y");
    check_text(str_of(settings->paths.at[1]), "--z");
    check_text(str_of(settings->paths.at[2]), "--help");
}

static void the_nearer_source_wins(void **state) {
    World *world = *state;
    const char *path =
        put_file(world, "house.ini",
                 "\xef\xbb\xbf; a comment\nroom = general\nmax_watts = 11\nstore = file\nhub = a, b\n"
                 "unknown-here = 1\n[lamp]\nmax-watts = 22\ncolour = warm\n[door]\ncolour = green\n");
    const char *file = str_print(world->arena, "lamp|light|--config|%s", path).at;
    check_read(world, file, "");
    check_text(str_of(world->settings.room), "general");
    check_text(str_of(world->settings.store), "file");
    check_int(world->settings.max_watts, 22);
    check_text(str_of(world->settings.colour), "warm");
    check_int(world->settings.hub.count, 2);
    check_read(world, file, "RELAIS_MAX_WATTS=33|RELAIS_HUB=c|RELAIS_GLOW=5s");
    check_int(world->settings.max_watts, 33);
    check_int(world->settings.hub.count, 1);
    check_int(world->settings.glow_ms, 5000);
    const char *typed = str_print(world->arena, "%s|--max-watts=44", file).at;
    check_read(world, typed, "RELAIS_MAX_WATTS=33");
    check_int(world->settings.max_watts, 44);
    const char *variable = str_print(world->arena, "RELAIS_CONFIG=%s", path).at;
    check_read(world, "lamp|light", variable);
    check_int(world->settings.max_watts, 22);
}

static void a_file_with_a_mistake_is_refused(void **state) {
    World *world = *state;
    static const struct {
        const char *content, *part;
    } files[] = {
        {"[lamp]\nwats = 5\n", "[lamp] knows no key \"wats\""},
        {"[lamp]\nmax-watts = many\n", "max-watts: \"many\" is not within 1..100"},
        {"room\n", "line 1"},
        {"[lamp]\nhelp = yes\n", "\"help\""},
        {"[lamp]\nverb = x\n", "\"verb\""},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        const char *path = put_file(world, "house.ini", files[i].content);
        const char *arguments = str_print(world->arena, "lamp|light|--store=f|--config=%s", path).at;
        check_refused(world, arguments, "", files[i].part);
        check_contains(world->err.text, "house.ini");
    }
    check_int(read_with(world, "lamp|light|--store=f|--config=/nowhere/house.ini", ""), E_NOTFOUND);
}

static void a_line_too_long_for_the_reader_is_refused(void **state) {
    World *world = *state;
    AUTO(buf_free) Buf content = buf_new(1000);
    buf_print(&content, "room = %0300d\n", 1);
    const char *path = put_file(world, "house.ini", content.at);
    check_refused(world, str_print(world->arena, "lamp|light|--store=f|--config=%s", path).at, "", "line 1");
}

static void wrong_usage_is_said_in_one_line(void **state) {
    World *world = *state;
    check_refused(world, "lamp|light", "", "--store FILE|URL is missing");
    check_refused(world, "lamp|--store=f", "", "VERB is missing");
    check_refused(world, "lamp|light|--store=f|--wats=5", "", "there is no option --wats");
    check_refused(world, "lamp|light|--store=f|-w", "", "there is no option -w");
    check_refused(world, "lamp|light|--store", "", "--store needs a value");
    check_refused(world, "lamp|light|--store|--dimmed", "", "--store needs a value");
    check_refused(world, "lamp|light|--store=", "", "--store");
    check_refused(world, "lamp|light|--store=f|--max-watts=0", "", "--max-watts: \"0\" is not within 1..100");
    check_refused(world, "lamp|light|--store=f|--max-watts=101", "", "within 1..100");
    check_refused(world, "lamp|light|--store=f|--colour=green", "", "one of white|warm");
    check_refused(world, "lamp|light|--store=f|--dimmed=perhaps", "", "yes or no");
    check_refused(world, "lamp|light|--store=f|--glow=5", "", "within 1s..2h");
    check_refused(world, "lamp|light|--store=f|--glow=999ms", "", "within 1s..2h");
    check_refused(world, "lamp|light|--store=f|--glow=99999999999999999d", "", "within 1s..2h");
    check_refused(world, "lamp|light|--store=f", "RELAIS_MAX_WATTS=x", "RELAIS_MAX_WATTS");
    check_refused(world, "lamp|light|--store=f|--no-room", "", "--no-room");
}

static void secrets_come_from_files_only(void **state) {
    World *world = *state;
    const char *path = put_file(world, "token", "  geheim \nsecond line\n");
    check_read(world, str_print(world->arena, "lamp|light|--store=f|--token-file=%s", path).at, "");
    check_text(str_of(world->settings.token), "geheim");
    check_read(world, "lamp|light|--store=f", str_print(world->arena, "RELAIS_TOKEN_FILE=%s", path).at);
    check_text(str_of(world->settings.token), "geheim");
    const char *ini = put_file(world, "house.ini", "[lamp]\ntoken = inside\n");
    check_read(world, str_print(world->arena, "lamp|light|--store=f|--config=%s", ini).at, "");
    check_text(str_of(world->settings.token), "inside");
    check_refused(world, "lamp|light|--store=f|--token=geheim", "", "use --token-file");
    check(!strstr(world->err.text, "geheim"));
    check_refused(world, "lamp|light|--store=f", "RELAIS_TOKEN=geheim", "use --token-file");
    const char *empty = put_file(world, "token", "\nsecond\n");
    check_refused(world, str_print(world->arena, "lamp|light|--store=f|--token-file=%s", empty).at, "",
                  "empty");
    check_int(read_with(world, "lamp|light|--store=f|--token-file=/nowhere/token", ""), E_NOTFOUND);
}

static ConfigAsked asked_by(World *world, const char *arguments) {
    ConfigInput input = {0};
    ConfigAsked asked;
    input.argv = split(world->arena, arguments, &input.argc);
    check_int(config_read(&lamp, &input, world->arena, &world->settings, &asked, &world->err), OK);
    return asked;
}

static void help_is_given_whatever_else_is_wrong(void **state) {
    World *world = *state;
    check_int(asked_by(world, "lamp|--wats|--help"), CONFIG_ASKED_HELP);
    check_int(asked_by(world, "lamp|-h"), CONFIG_ASKED_HELP);
    check_int(asked_by(world, "lamp|--man"), CONFIG_ASKED_MAN);
}

static void help_lists_every_option(void **state) {
    (void)state;
    AUTO(buf_free) Buf out = buf_new(1 << 16);
    config_help(&lamp, &out);
    check_contains(out.at, "usage: house lamp --store FILE|URL [OPTION…] VERB [PATH…]\nlight a lamp\n");
    check_contains(out.at, "  --max-watts N                 how bright it may be, 1..100 (default 60)\n");
    check_contains(out.at, "  --store FILE|URL              where lamps are kept (required)\n");
    check_contains(out.at, "  --glow TIME ");
    check_contains(out.at, "  --token-file FILE ");
    check_contains(out.at, "  --hub URL… ");
    check_contains(out.at, "  --log-level error|warning|info|debug\n");
    check(!strstr(out.at, "seed"));
    check(!strstr(out.at, "--man"));
}

static void the_man_page_is_made_of_the_same_table(void **state) {
    (void)state;
    AUTO(buf_free) Buf out = buf_new(1 << 16);
    config_man(&lamp, &out);
    check_contains(out.at, ".TH \"house-lamp\" 1 ");
    check_contains(out.at,
                   ".SH NAME\nhouse\\-lamp \\- light a lamp\n.SH SYNOPSIS\nhouse lamp \\-\\-store FILE|URL");
    check_contains(out.at, "First paragraph.\n\\&.not a request\n.PP\nSecond\\eone.\n.SH OPTIONS\n");
    check_contains(out.at, ".TP\n\\fB\\-\\-max\\-watts N\\fR\nhow bright it may be, 1..100 (default 60). "
                           "Environment: RELAIS_MAX_WATTS.\n");
    check_contains(out.at, "RELAIS_TOKEN_FILE");
    check(!strstr(out.at, "seed"));
}

#define with_world(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_world(defaults_stand_where_nothing_is_said),
        with_world(both_ways_of_writing_a_value),
        with_world(lists_and_the_rest_of_the_arguments),
        with_world(the_nearer_source_wins),
        with_world(a_file_with_a_mistake_is_refused),
        with_world(a_line_too_long_for_the_reader_is_refused),
        with_world(wrong_usage_is_said_in_one_line),
        with_world(secrets_come_from_files_only),
        with_world(help_is_given_whatever_else_is_wrong),
        cmocka_unit_test(help_lists_every_option),
        cmocka_unit_test(the_man_page_is_made_of_the_same_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
