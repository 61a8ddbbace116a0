/* The subcommands of syncd: each lives in syncd/cmd_NAME.c and has one row in main.c. `run` gets argv from
 * the name of the subcommand on (argv[0] is "serve") and returns what the process exits with. */
#pragma once

typedef struct Command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary; /* one line for --help */
} Command;

int cmd_init(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_admin(int argc, char **argv);
int cmd_pair(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_once(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_verify(int argc, char **argv);

/* COMMANDS: 0 done, 1 it did not work (one line on standard error), 2 wrong usage. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
