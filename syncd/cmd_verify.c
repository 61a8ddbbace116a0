/* syncd verify: every hash and every sum, from the raw rows of a hub's store or of a replica. */
#include "common/config/config.h"
#include "common/replica/replica.h"
#include "syncd/command.h"
#include "syncd/hub/store.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define VERIFY_OPTIONS(X)                                                                                    \
    X(PATH, store, "FILE", NULL, USE_OPTION, "a hub's store")                                                \
    X(PATH, replica, "DIR", NULL, USE_OPTION, "a replica's folder")

typedef struct VerifySettings {
    VERIFY_OPTIONS(CONFIG_MEMBER)
} VerifySettings;

#define VERIFY_ROW(...) CONFIG_ROW(VerifySettings, __VA_ARGS__)
static const ConfigOption verify_options[] = {VERIFY_OPTIONS(VERIFY_ROW)};
static const ConfigCommand verify_command = {"syncd",
                                             "verify",
                                             "recompute every hash and every sum",
                                             "Prints each difference and ends with 1 where there is one.",
                                             verify_options,
                                             COUNT(verify_options),
                                             NULL};

enum { DIFFERENCES_MAX = 16 * 1024 * 1024 };

static void print_difference(void *to, const char *text) {
    (void)to;
    puts(text);
}

static Status verify_store(const char *path, int64_t *differences, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_close_auto) Store *store = NULL;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    AUTO(buf_free) Buf wrong = buf_new(DIFFERENCES_MAX);
    int64_t records = 0;
    Str text, line;
    TRY(store_open(&store, path, err));
    TRY(store_begin(store, STORE_READ, &tx, err));
    TRY(store_verify(tx, arena, &wrong, &records, err));
    text = wrong.at ? buf_str(&wrong) : (Str){0};
    while (str_cut(&text, '\n', &line))
        if (line.len) printf("%.*s\n", STR_FORMAT(line)), ++*differences;
    return OK;
}

static Status verify(const VerifySettings *settings, int64_t *differences, Err *err) {
    *differences = 0;
    if (settings->store) return verify_store(settings->store, differences, err);
    return replica_verify(settings->replica, print_difference, NULL, differences, err);
}

int cmd_verify(int argc, char **argv) {
    VerifySettings settings;
    int exit_status = EXIT_DONE;
    int64_t differences = 0;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&verify_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    if (!settings.store == !settings.replica)
        return config_fail_usage(&verify_command, "either --store or --replica must be given");
    if (verify(&settings, &differences, &err) != OK) return config_fail(&verify_command, &err);
    if (differences == 0) return EXIT_DONE;
    err_set(&err, E_CORRUPT, "%" PRId64 " differences", differences);
    return config_fail(&verify_command, &err);
}
