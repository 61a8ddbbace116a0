#include "common/replica/inside.h"

#include "common/base/file.h"
#include "common/replica/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINK_TARGET_MAX = 64, OPEN_TRIES = 2 };

static const StmtRow statement_rows[] = {REPLICA_STATEMENTS(STMT_ROW)};

static Status take_lock(Replica *replica, Err *err) {
    const char *path = path_join(replica->arena, replica->dir, SYNCD_LOCK);
    replica->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (replica->lock_fd < 0) return err_from_errno(err, errno, "cannot open %s", path);
    if (flock(replica->lock_fd, LOCK_EX | LOCK_NB) == 0) return OK;
    if (errno != EWOULDBLOCK) return err_from_errno(err, errno, "cannot lock %s", path);
    return err_set(err, E_BUSY, "another syncd runs on %s: stop it first", replica->dir);
}

/* The <n> of replica-<n>.db that the link names; 0 when there is no such link. */
static int64_t linked_number(const Replica *replica) {
    char target[LINK_TARGET_MAX];
    ssize_t length = readlink(replica->link_path, target, sizeof(target));
    if (length <= 0 || (size_t)length >= sizeof(target)) return 0;
    Str name = {target, (size_t)length};
    int64_t number = 0;
    if (!str_starts(name, STR("replica-")) || !str_ends(name, STR(".db"))) return 0;
    name = str_first(str_skip(name, 8), name.len - 11);
    return str_to_int(name, &number) && number > 0 ? number : 0;
}

static const char *numbered_path(Replica *replica, int64_t number) {
    Str name = str_print(replica->arena, "replica-%lld.db", (long long)number);
    return path_join(replica->arena, replica->dir, str_cstr(replica->arena, name));
}

/* A name nobody has used: a reader that still has an old file of that name open would mix up two -wal files.
 */
static int64_t next_number(Replica *replica) {
    int64_t number = linked_number(replica) + 1;
    while (file_exists(numbered_path(replica, number))) number++;
    return number;
}

static Status sync_dir(const Replica *replica, Err *err) {
    int fd = open(replica->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return err_from_errno(err, errno, "cannot open %s", replica->dir);
    int failed = fsync(fd);
    close(fd);
    return failed ? err_from_errno(err, errno, "cannot sync %s", replica->dir) : OK;
}

/* replica.db → replica-<number>.db in one step that a power cut cannot halve. */
static Status move_link(Replica *replica, int64_t number, Err *err) {
    Str target = str_print(replica->arena, "replica-%lld.db", (long long)number);
    const char *beside = path_join(replica->arena, replica->dir, REPLICA_LINK ".new");
    unlink(beside);
    if (symlink(str_cstr(replica->arena, target), beside))
        return err_from_errno(err, errno, "cannot make the link %s", beside);
    if (rename(beside, replica->link_path))
        return err_from_errno(err, errno, "cannot move the link %s", replica->link_path);
    return sync_dir(replica, err);
}

/* ---- the file set aside ---- */
static void erase_file(const Replica *replica, const char *name) {
    int fd = open(replica->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    unlinkat(fd, name, 0);
    close(fd);
}

/* Every replica-… that is neither the linked one nor `keep`. */
static void erase_others(Replica *replica, int64_t linked, Str keep) {
    const char **names = NULL;
    size_t count = 0;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (dir_list(arena, replica->dir, 10000, &names, &count, NULL) != OK) return;
    Str ours = str_print(arena, "replica-%lld.db", (long long)linked);
    for (size_t i = 0; i < count; i++) {
        Str name = str_of(names[i]);
        if (str_starts(name, STR("replica-")) && !str_starts(name, ours) && !str_starts(name, keep))
            erase_file(replica, names[i]);
    }
}

/* The -wal and -shm go with it, so that somebody who looks into it later sees what the kiosk saw. */
static Status rename_corrupt(Replica *replica, int64_t number, Str *kept, Err *err) {
    const char *from = numbered_path(replica, number);
    *kept = str_print(replica->arena, "replica-%lld.db.corrupt-%lld", (long long)number,
                      (long long)(clock_wall(replica->clock) / SECOND_MS));
    const char *to = path_join(replica->arena, replica->dir, str_cstr(replica->arena, *kept));
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT(tails); i++) {
        const char *tail_from = str_cstr(replica->arena, str_print(replica->arena, "%s%s", from, tails[i]));
        const char *tail_to = str_cstr(replica->arena, str_print(replica->arena, "%s%s", to, tails[i]));
        if (rename(tail_from, tail_to) && errno != ENOENT)
            return err_from_errno(err, errno, "cannot set %s aside", tail_from);
    }
    return OK;
}

/* ---- opening ---- */
static void close_db(Replica *replica) {
    tx_end(&replica->staging);
    replica->staging = NULL;
    stmt_table_close(replica->statements);
    db_close(replica->db);
    replica->statements = NULL;
    replica->db = NULL;
}

static Status open_numbered(Replica *replica, int64_t number, Err *err) {
    DbOptions options = {.mode = DB_WRITE, .sync = DB_SYNC_FULL};
    TRY(db_open(&replica->db, numbered_path(replica, number), &options, err));
    TRY(tables_make(replica->db, err));
    return stmt_table_open(&replica->statements, replica->db, statement_rows, COUNT(statement_rows), err);
}

/* The new file is whole before the link names it. */
static Status open_new(Replica *replica, Err *err) {
    int64_t number = next_number(replica);
    TRY(open_numbered(replica, number, err));
    TRY(db_checkpoint_truncate(replica->db, err));
    return move_link(replica, number, err);
}

static Status open_linked(Replica *replica, Err *err) {
    int64_t number = linked_number(replica);
    if (number == 0 || !file_exists(numbered_path(replica, number))) return open_new(replica, err);
    Status status = open_numbered(replica, number, err);
    if (status != E_CORRUPT) return status;
    return replica_set_aside(replica, err ? err->text : "", err);
}

Status replica_set_aside(Replica *replica, const char *why, Err *err) {
    int64_t number = linked_number(replica);
    Str kept = {0};
    snprintf(replica->mended, sizeof(replica->mended), "%s", why);
    close_db(replica);
    replica_page_cut(replica);
    TRY(open_new(replica, err));
    TRY(rename_corrupt(replica, number, &kept, err));
    erase_others(replica, linked_number(replica), kept);
    return OK;
}

/* A replica.db that is a file and no link (copied by hand) would be written through under its own name: it
 * becomes replica-1.db. */
static Status link_plain_file(Replica *replica, Err *err) {
    struct stat info;
    if (lstat(replica->link_path, &info) || !S_ISREG(info.st_mode)) return OK;
    int64_t number = next_number(replica);
    if (rename(replica->link_path, numbered_path(replica, number)))
        return err_from_errno(err, errno, "cannot rename %s", replica->link_path);
    return move_link(replica, number, err);
}

static Status open_all(Replica *replica, Err *err) {
    TRY(take_lock(replica, err));
    TRY(link_plain_file(replica, err));
    TRY(open_linked(replica, err));
    Str incarnation = {0};
    TRY(meta_text(replica, META_INCARNATION, replica->arena, &incarnation, err));
    return incarnation.at ? OK : replica_rekey(replica, "", err);
}

Status replica_open(Replica **out, const char *dir, const Clock *clock, Err *err) {
    TRY(dir_make(dir, 0700, err));
    Replica *replica = calloc(1, sizeof(*replica));
    if (!replica) abort();
    replica->arena = arena_open();
    replica->clock = clock;
    replica->lock_fd = -1;
    replica->dir = str_cstr(replica->arena, str_of(dir));
    replica->link_path = path_join(replica->arena, dir, REPLICA_LINK);
    replica->outbox_path = path_join(replica->arena, dir, OUTBOX_FILE);
    Status status = open_all(replica, err);
    if (status != OK) {
        replica_close(replica);
        return status;
    }
    *out = replica;
    return OK;
}

void replica_close(Replica *replica) {
    if (!replica) return;
    replica_page_cut(replica);
    close_db(replica);
    db_close(replica->outbox);
    if (replica->lock_fd >= 0) close(replica->lock_fd);
    arena_close(replica->arena);
    free(replica);
}

void replica_close_auto(Replica **replica) {
    replica_close(*replica);
}

const char *replica_dir(const Replica *replica) {
    return replica->dir;
}

const char *replica_mended(const Replica *replica) {
    return replica->mended[0] ? replica->mended : NULL;
}
