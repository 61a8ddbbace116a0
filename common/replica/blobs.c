#include "common/replica/inside.h"

#include "common/base/file.h"
#include "common/replica/files.h"
#include "common/wire/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOB_BYTES_MAX = 16 * 1024 * 1024, SHA256_HEX_LEN = 64 };

static Status check_name(Str sha256, Err *err) {
    unsigned char bytes[SHA256_HEX_LEN / 2];
    if (sha256.len == SHA256_HEX_LEN && hex_decode(sha256, bytes, sizeof(bytes))) return OK;
    return err_set(err, E_INVALID, "a blob is named by 64 hex digits");
}

static const char *blob_path(Replica *replica, Arena *arena, Str sha256, const char *tail) {
    const char *dir = path_join(arena, replica->dir, BLOBS_DIR);
    return path_join(arena, dir, str_cstr(arena, str_print(arena, "%.*s%s", STR_FORMAT(sha256), tail)));
}

Status replica_next_blob(Replica *replica, Arena *arena, Str *sha256, Err *err) {
    bool row = false;
    AUTO(stmt_reset_auto) Stmt *missing = statement(replica, STMT_blob_missing);
    TRY(stmt_step(missing, &row, err));
    *sha256 = row ? str_copy(arena, stmt_text(missing, 0)) : (Str){0};
    return OK;
}

Status replica_blob_state(Replica *replica, Str sha256, bool here, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(replica, &tx, err));
    Stmt *set = statement(replica, STMT_blob_set);
    stmt_bind_text(set, 1, sha256);
    stmt_bind_int(set, 2, here ? 1 : 0);
    TRY(stmt_run(set, err));
    return here ? change_commit(replica, tx, err) : tx_commit(tx, err);
}

Status replica_blob_size(Replica *replica, Str sha256, int64_t *bytes, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    struct stat info;
    TRY(check_name(sha256, err));
    *bytes = stat(blob_path(replica, arena, sha256, ".part"), &info) == 0 ? (int64_t)info.st_size : 0;
    return OK;
}

static Status write_all(int fd, int64_t at, Str bytes, Err *err) {
    while (bytes.len > 0) {
        ssize_t written = pwrite(fd, bytes.at, bytes.len, (off_t)at);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return err_from_errno(err, errno, "cannot write a blob");
        bytes = str_skip(bytes, (size_t)written);
        at += written;
    }
    return OK;
}

Status replica_blob_append(Replica *replica, Str sha256, int64_t at, Str bytes, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(check_name(sha256, err));
    if (at < 0 || at > BLOB_BYTES_MAX || bytes.len > (size_t)(BLOB_BYTES_MAX - at))
        return err_set(err, E_TOOBIG, "a blob may have %d bytes at most", BLOB_BYTES_MAX);
    TRY(dir_make(path_join(arena, replica->dir, BLOBS_DIR), 0700, err));
    int fd =
        open(blob_path(replica, arena, sha256, ".part"), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return err_from_errno(err, errno, "cannot write a blob");
    Status status = write_all(fd, at, bytes, err);
    if (status == OK && at == 0 && ftruncate(fd, (off_t)bytes.len) != 0)
        status = err_from_errno(err, errno, "cannot write a blob");
    close(fd);
    return status;
}

/* The bytes are checked as they lie on the disk; file_write puts them under their name for good. */
Status replica_blob_finish(Replica *replica, Str sha256, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str bytes = {0};
    TRY(check_name(sha256, err));
    const char *part = blob_path(replica, arena, sha256, ".part");
    TRY(file_read(arena, part, BLOB_BYTES_MAX, &bytes, err));
    bool right = str_equal(sha256_hex(arena, bytes), sha256);
    if (right) TRY(file_write(blob_path(replica, arena, sha256, ""), bytes, 0600, err));
    unlink(part);
    if (!right) return err_set_code(err, E_CORRUPT, "blob", "the bytes of a blob are not those of its name");
    return replica_blob_state(replica, sha256, true, err);
}
