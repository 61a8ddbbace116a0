/* syncd restore: a verified backup becomes a hub's store, and begins a new life (PROTOCOL 5). */
#include "common/base/file.h"
#include "common/config/config.h"
#include "common/wire/secret.h"
#include "syncd/command.h"
#include "syncd/hub/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#define RESTORE_OPTIONS(X)                                                                                   \
    X(PATH, store, "FILE|postgres://…", NULL, USE_REQUIRED, "where the hub keeps its records")               \
    X(FLAG, force, "", NULL, USE_OPTION, "put a store that is there aside")                                  \
    X(PATH, in, "IN", NULL, USE_POSITIONAL,                                                                  \
      "a backup; without it, what was put in place by other means begins a new life")

typedef struct RestoreSettings {
    RESTORE_OPTIONS(CONFIG_MEMBER)
} RestoreSettings;

#define RESTORE_ROW(...) CONFIG_ROW(RestoreSettings, __VA_ARGS__)
static const ConfigOption restore_options[] = {RESTORE_OPTIONS(RESTORE_ROW)};
static const ConfigCommand restore_command = {
    "syncd",
    "restore",
    "make a store of a backup",
    "Everything is verified first. The store begins a new epoch: every replica loads anew and sends again "
    "what "
    "it keeps and the backup does not have. A PostgreSQL database is restored with its own tools; then this "
    "command, without IN, begins its new epoch.",
    restore_options,
    COUNT(restore_options),
    "/etc/relais-ix/syncd.ini"};

enum { WRONG_MAX = 1024 * 1024, COPY_BYTES = 256 * 1024 };

static Status verify(const char *path, StoreTx *tx, Arena *arena, int64_t *records, Err *err) {
    AUTO(buf_free) Buf wrong = buf_new(WRONG_MAX);
    Str rest, line;
    TRY(store_verify(tx, arena, &wrong, records, err));
    rest = wrong.at ? buf_str(&wrong) : STR("");
    str_cut(&rest, '\n', &line);
    if (!line.len) return OK;
    return err_set(err, E_CORRUPT, "%s: %.*s", path, STR_FORMAT(str_first(line, 300)));
}

/* On the store that is going to be served, after it was brought to this program's version. */
static Status begin_anew(const char *spec, Arena *arena, Str *epoch, int64_t *records, Err *err) {
    AUTO(store_close_auto) Store *store = NULL;
    StoreTx *tx = NULL;
    TRY(store_open(&store, spec, err));
    TRY(store_begin(store, STORE_READ, &tx, err));
    Status status = verify(spec, tx, arena, records, err);
    store_end_auto(&tx);
    return status == OK ? store_begin_anew(store, clock_wall(clock_system()), arena, epoch, err) : status;
}

static Status copy_bytes(int from, int to, Arena *arena, const char *path, Err *err) {
    char *bytes = arena_alloc(arena, COPY_BYTES);
    for (ssize_t got; (got = read(from, bytes, COPY_BYTES)) != 0;) {
        if (got < 0) return err_from_errno(err, errno, "cannot read %s", path);
        if (write(to, bytes, (size_t)got) != got)
            return err_from_errno(err, errno, "cannot write a copy of %s", path);
    }
    return fsync(to) == 0 ? OK : err_from_errno(err, errno, "cannot keep a copy of %s", path);
}

static Status copy_file(const char *from, const char *to, Arena *arena, Err *err) {
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0) return err_from_errno(err, errno, "cannot read %s", from);
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    Status status = target < 0 ? err_from_errno(err, errno, "cannot make %s", to)
                               : copy_bytes(source, target, arena, from, err);
    close(source);
    if (target >= 0) close(target);
    return status;
}

/* Opening it holds off a hub that serves it, and moves its -wal into it. */
static Status put_aside(const char *spec, Arena *arena, Err *err) {
    AUTO(store_close_auto) Store *store = NULL;
    const char *aside =
        str_print(arena, "%s.replaced-%" PRId64, spec, clock_wall(clock_system()) / SECOND_MS).at;
    Status status = store_open(&store, spec, err);
    if (status == E_BUSY) return status; /* a damaged one is what this is for */
    store_close(store);
    store = NULL;
    TRY(file_rename(spec, aside, err));
    for (const char *const *ending = (const char *const[]){"-wal", "-shm", NULL}; *ending; ending++)
        rename(str_print(arena, "%s%s", spec, *ending).at, str_print(arena, "%s%s", aside, *ending).at);
    printf("%s is put aside as %s\n", spec, aside);
    return OK;
}

static Status restore_file(const RestoreSettings *settings, const char *part, Arena *arena, Str *epoch,
                           int64_t *records, Err *err) {
    AUTO(store_close_auto) Store *copy = NULL;
    Status status = store_open_copy(&copy, settings->in, err);
    if (status != OK && status != E_VERSION) return status; /* an older one is brought up to date */
    TRY(copy_file(settings->in, part, arena, err));
    TRY(begin_anew(part, arena, epoch, records, err));
    if (file_exists(settings->store)) TRY(put_aside(settings->store, arena, err));
    return file_rename(part, settings->store, err);
}

static Status restore_from(const RestoreSettings *settings, Arena *arena, Str *epoch, int64_t *records,
                           Err *err) {
    if (!store_is_file(settings->store))
        return err_set(err, E_INVALID,
                       "a PostgreSQL database is restored with its own tools; then run syncd restore "
                       "without a file");
    if (file_exists(settings->store) && !settings->force)
        return err_set(err, E_EXISTS, "there is a store %s: --force puts it aside", settings->store);
    const char *part = str_print(arena, "%s.restoring", settings->store).at;
    Status status = restore_file(settings, part, arena, epoch, records, err);
    Err ignored = {0};
    if (store_discard(part, &ignored) != OK) return err_set(err, ignored.status, "%s", ignored.text);
    return status;
}

static Status restore(const RestoreSettings *settings, Arena *arena, Err *err) {
    Str epoch = {0};
    int64_t records = 0;
    TRY(secret_init(err));
    TRY(settings->in ? restore_from(settings, arena, &epoch, &records, err)
                     : begin_anew(settings->store, arena, &epoch, &records, err));
    printf("%" PRId64
           " records, verified; epoch %.*s begins. Replicas send again what they keep: syncd admin "
           "status tells who is awaited.\n",
           records, STR_FORMAT(epoch));
    return OK;
}

int cmd_restore(int argc, char **argv) {
    RestoreSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&restore_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    return restore(&settings, arena, &err) == OK ? EXIT_DONE : config_fail(&restore_command, &err);
}
