/* syncd SUBCOMMAND …: the table of subcommands, and nothing else. */
#include "common/base/err.h"
#include "syncd/command.h"

#include <stdio.h>
#include <string.h>

static int run_help(int argc, char **argv);
static int run_version(int argc, char **argv);

static const Command commands[] = {
    {"init", cmd_init, "make a new hub store"},
    {"serve", cmd_serve, "serve the hub"},
    {"admin", cmd_admin, "administer a running hub"},
    {"pair", cmd_pair, "make a replica a device of a hub"},
    {"run", cmd_run, "keep a replica up to date and send what was done on it"},
    {"once", cmd_once, "bring a replica up to date, send what waits, and end"},
    {"status", cmd_status, "tell how a replica stands"},
    {"backup", cmd_backup, "copy the store of a running hub and verify the copy"},
    {"restore", cmd_restore, "make a store of a backup"},
    {"verify", cmd_verify, "recompute every hash and every sum"},
    {"help", run_help, "this list"},
    {"version", run_version, "the version of the program"},
};

static void print_commands(FILE *to) {
    fputs("usage: syncd SUBCOMMAND [OPTION…]   (syncd SUBCOMMAND --help says which)\n\n", to);
    for (size_t i = 0; i < COUNT(commands); i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
}

static int run_help(int argc, char **argv) {
    (void)argc, (void)argv;
    print_commands(stdout);
    return EXIT_DONE;
}

static int run_version(int argc, char **argv) {
    (void)argc, (void)argv;
    puts("syncd " RELAIS_VERSION);
    return EXIT_DONE;
}

/* --help and --version are the same as the words without dashes. */
static const Command *find_command(const char *name) {
    if (strncmp(name, "--", 2) == 0) name += 2;
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_USAGE;
    }
    const Command *command = find_command(argv[1]);
    if (!command) {
        fprintf(stderr, "syncd: there is no subcommand \"%s\"; syncd --help lists them\n", argv[1]);
        return EXIT_USAGE;
    }
    return command->run(argc - 1, argv + 1);
}
