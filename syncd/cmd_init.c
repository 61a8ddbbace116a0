/* syncd init: a new store, and the first administrator's token. */
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/config/config.h"
#include "common/wire/secret.h"
#include "syncd/command.h"
#include "syncd/hub/blobs.h"
#include "syncd/hub/hub.h"
#include "syncd/import.h"

#include <stddef.h>
#include <stdio.h>

#define INIT_OPTIONS(X)                                                                                      \
    X(PATH, store, "FILE|postgres://…", NULL, USE_REQUIRED,                                                  \
      "where the hub keeps its records; must not exist yet, but for the database")                           \
    X(PATH, blobs, "DIR", NULL, USE_OPTION,                                                                  \
      "where images and files are kept; beside a store that is a file where it is not said")                 \
    X(PATH, token_file, "FILE", NULL, USE_REQUIRED,                                                          \
      "where the first administrator's token is written (0600)")                                             \
    X(PATH, content, "DIR", NULL, USE_OPTION,                                                                \
      "a folder of content to begin with (assets/content/README.md)")                                        \
    X(TEXT, base_date, "YYYY-MM-DD", NULL, USE_OPTION,                                                       \
      "what J stands for in the content; today where it is not said")

typedef struct InitSettings {
    INIT_OPTIONS(CONFIG_MEMBER)
} InitSettings;

#define INIT_ROW(...) CONFIG_ROW(InitSettings, __VA_ARGS__)
static const ConfigOption init_options[] = {INIT_OPTIONS(INIT_ROW)};
static const ConfigCommand init_command = {"syncd",
                                           "init",
                                           "make a new hub store",
                                           NULL,
                                           init_options,
                                           COUNT(init_options),
                                           "/etc/relais-ix/syncd.ini"};

static Status admin_add(Store *store, Str hash, Millis now, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreCommit commit;
    StoreToken token = {.hash = hash, .role = STR("hub"), .subject = STR("admin"), .created_at = now};
    StoreAudit audit = {
        .at = now, .who = STR("init"), .what = STR("administrator added"), .detail = token.subject};
    TRY(store_begin(store, STORE_WRITE, &tx, err));
    TRY(tx->verbs->token_put(tx, &token, err));
    TRY(tx->verbs->audit_add(tx, &audit, err));
    return tx->verbs->commit(tx, arena, &commit, err);
}

static Status content_add(const InitSettings *settings, Store *store, Millis now, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char *blobs_dir = NULL;
    TRY(blobs_dir_of(settings->blobs, settings->store, arena, &blobs_dir, err));
    Str base_date = settings->base_date ? str_of(settings->base_date) : import_today(arena, now);
    return import_folder(store, settings->content, blobs_dir, base_date, err);
}

static Status store_fill(const InitSettings *settings, Arena *arena, Millis now, Err *err) {
    AUTO(store_close_auto) Store *store = NULL;
    TRY(store_open(&store, settings->store, err));
    if (settings->content) TRY(content_add(settings, store, now, err));
    Str token = token_new(arena);
    TRY(admin_add(store, token_hash(arena, token), now, err));
    return file_write(settings->token_file, str_print(arena, "%.*s\n", STR_FORMAT(token)), 0600, err);
}

static Status init_run(const InitSettings *settings, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Millis now = clock_wall(clock_system());
    TRY(secret_init(err));
    if (file_exists(settings->token_file))
        return err_set(err, E_EXISTS, "%s exists already and is left as it is", settings->token_file);
    TRY(store_create(settings->store, now, err));
    Status status = store_fill(settings, arena, now, err);
    if (status == OK) return OK;
    /* so that the command can be given once more */
    Err other = {0};
    if (store_discard(settings->store, &other) != OK) log_error("the unfinished store stays: %s", other.text);
    return status;
}

int cmd_init(int argc, char **argv) {
    InitSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&init_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    return init_run(&settings, &err) == OK ? EXIT_DONE : config_fail(&init_command, &err);
}
