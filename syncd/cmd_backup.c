/* syncd backup: a copy of a running hub's store, verified before the hub is told that it may count on it. */
#include "common/base/file.h"
#include "common/config/config.h"
#include "syncd/agent/http_client.h"
#include "syncd/command.h"
#include "syncd/hub/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#define BACKUP_OPTIONS(X)                                                                                    \
    X(TEXT, hub, "URL", NULL, USE_REQUIRED, "the hub's address")                                             \
    X(SECRET, token, "", NULL, USE_OPTION, "the hub administrator's token")                                  \
    X(FLAG, insecure_lan, "", NULL, USE_OPTION, "speak plain HTTP beyond loopback")                          \
    X(DURATION, timeout_ms, "1s..24h", "1h", USE_OPTION, "give up after this time")                          \
    X(PATH, out, "OUT", NULL, USE_POSITIONAL_REQUIRED, "the file to make; one that is there is replaced")

typedef struct BackupSettings {
    BACKUP_OPTIONS(CONFIG_MEMBER)
} BackupSettings;

#define BACKUP_ROW(...) CONFIG_ROW(BackupSettings, __VA_ARGS__)
static const ConfigOption backup_options[] = {BACKUP_OPTIONS(BACKUP_ROW)};
static const ConfigCommand backup_command = {
    "syncd",
    "backup",
    "copy the store of a running hub and verify the copy",
    "The copy is checked (the file, every hash, every sum), is on the disk, and takes its name before the "
    "hub "
    "is told: from then on kiosks may forget the operations that it holds. Images and files are beside the "
    "hub's store and never change: copy that folder as it is.",
    backup_options,
    COUNT(backup_options),
    "/etc/relais-ix/syncd.ini"};

enum { WRONG_MAX = 1024 * 1024 };

static Status download(HttpClient *client, const char *path, Arena *arena, Err *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    HttpAnswer answer;
    HttpCall call = {.method = "GET", .path = "/v1/backup", .to_fd = fd};
    if (fd < 0) return err_from_errno(err, errno, "cannot make %s", path);
    Status status = http_client_call(client, &call, arena, &answer, err);
    if (status == OK) status = http_answer_check(&answer, err);
    if (status == OK && fsync(fd) != 0) status = err_from_errno(err, errno, "cannot keep %s", path);
    close(fd);
    return status;
}

static Status verify_records(StoreTx *tx, const char *path, Arena *arena, int64_t *records, Err *err) {
    AUTO(buf_free) Buf wrong = buf_new(WRONG_MAX);
    Str rest, line;
    TRY(store_verify(tx, arena, &wrong, records, err));
    rest = wrong.at ? buf_str(&wrong) : STR("");
    str_cut(&rest, '\n', &line);
    if (!line.len) return OK;
    return err_set(err, E_CORRUPT, "%s: %.*s", path, STR_FORMAT(str_first(line, 300)));
}

/* Which one it is, the copy itself says. */
static Status read_id(StoreTx *tx, Arena *arena, Str *id, Err *err) {
    Str text = {0};
    Json *list = NULL;
    TRY(tx->verbs->meta_get(tx, "backups", arena, &text, err));
    if (text.len && json_parse(arena, text, &list, NULL) == OK) *id = json_get_text(list->first, "id");
    return id->at ? OK : err_set(err, E_CORRUPT, "the copy does not say which backup it is");
}

static Status verify(const char *path, Arena *arena, Str *id, int64_t *records, Err *err) {
    AUTO(store_close_auto) Store *store = NULL;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    TRY(store_open_copy(&store, path, err));
    TRY(store_begin(store, STORE_READ, &tx, err));
    TRY(verify_records(tx, path, arena, records, err));
    return read_id(tx, arena, id, err);
}

static Status confirm(HttpClient *client, Str id, Arena *arena, int64_t *raised, Err *err) {
    HttpAnswer answer;
    Json *said = NULL;
    HttpCall call = {.method = "POST",
                     .path = "/v1/backup/confirm",
                     .body = str_print(arena, "{\"backup\":\"%.*s\"}", STR_FORMAT(id))};
    TRY(http_client_call(client, &call, arena, &answer, err));
    TRY(http_answer_check(&answer, err));
    TRY(json_parse(arena, answer.body, &said, err));
    *raised = json_get_int(said, "raised", 0);
    return OK;
}

static Status backup_into(HttpClient *client, const char *part, const char *out, Arena *arena, Err *err) {
    Str id = {0};
    int64_t records = 0, raised = 0;
    TRY(download(client, part, arena, err));
    TRY(verify(part, arena, &id, &records, err));
    TRY(file_rename(part, out, err));
    TRY(confirm(client, id, arena, &raised, err));
    printf("%s: %" PRId64 " records, verified; %" PRId64 " receipts are durable now\n", out, records, raised);
    return OK;
}

static Status backup(const BackupSettings *settings, Arena *arena, Err *err) {
    AUTO(http_client_close_auto) HttpClient *client = NULL;
    HttpClientOptions options = {.url = settings->hub,
                                 .token = settings->token,
                                 .allow_plain = settings->insecure_lan,
                                 .timeout_ms = settings->timeout_ms};
    const char *part = str_print(arena, "%s.part", settings->out).at;
    TRY(http_client_open(&client, &options, err));
    Status status = backup_into(client, part, settings->out, arena, err);
    if (status != OK) unlink(part);
    return status;
}

int cmd_backup(int argc, char **argv) {
    BackupSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&backup_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    if (!settings.token) return config_fail_usage(&backup_command, "--token-file is missing");
    return backup(&settings, arena, &err) == OK ? EXIT_DONE : config_fail(&backup_command, &err);
}
