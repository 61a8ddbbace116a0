#include "common/base/file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_descriptor(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
}

static void close_directory(DIR **dir) {
    if (*dir) closedir(*dir);
}

/* Reads until the end or until buf is over its ceiling. */
static Status read_all(int descriptor, const char *path, Buf *buf, Err *err) {
    enum { PART_BYTES = 16384 };
    char part[PART_BYTES];
    while (!buf->over) {
        ssize_t got = read(descriptor, part, sizeof(part));
        if (got == 0) return OK;
        if (got > 0)
            buf_add(buf, (Str){part, (size_t)got});
        else if (errno != EINTR)
            return err_from_errno(err, errno, "cannot read %s", path);
    }
    return err_set(err, E_TOOBIG, "%s is larger than %zu bytes", path, buf->ceiling);
}

Status file_read(Arena *arena, const char *path, size_t max_bytes, Str *out, Err *err) {
    AUTO(close_descriptor) int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return err_from_errno(err, errno, "cannot open %s", path);
    AUTO(buf_free) Buf content = buf_new(max_bytes);
    TRY(read_all(descriptor, path, &content, err));
    *out = str_copy(arena, buf_str(&content));
    return OK;
}

static Status write_all(int descriptor, Str content, const char *path, Err *err) {
    while (content.len > 0) {
        ssize_t done = write(descriptor, content.at, content.len);
        if (done >= 0)
            content = str_skip(content, (size_t)done);
        else if (errno != EINTR)
            return err_from_errno(err, errno, "cannot write %s", path);
    }
    return OK;
}

static Status write_durably(const char *path, Str content, mode_t mode, int descriptor, Err *err) {
    if (fchmod(descriptor, mode) != 0) return err_from_errno(err, errno, "cannot protect %s", path);
    TRY(write_all(descriptor, content, path, err));
    if (fsync(descriptor) != 0) return err_from_errno(err, errno, "cannot write %s", path);
    return OK;
}

/* The folder's own entry must be on disk too, or the old file may be back after a power cut. */
static Status sync_folder_of(const char *path, Err *err) {
    const char *slash = strrchr(path, '/');
    size_t len = !slash ? 0 : slash == path ? 1 : (size_t)(slash - path);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char *folder = len ? str_cstr(arena, (Str){path, len}) : ".";
    AUTO(close_descriptor) int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || fsync(descriptor) != 0)
        return err_from_errno(err, errno, "cannot write the folder %s", folder);
    return OK;
}

static Status write_beside(char *beside, const char *path, Str content, mode_t mode, Err *err) {
    AUTO(close_descriptor) int descriptor = mkostemp(beside, O_CLOEXEC);
    if (descriptor < 0) return err_from_errno(err, errno, "cannot write beside %s", path);
    Status status = write_durably(path, content, mode, descriptor, err);
    if (status == OK && rename(beside, path) != 0)
        status = err_from_errno(err, errno, "cannot replace %s", path);
    if (status != OK) unlink(beside);
    return status;
}

Status file_write(const char *path, Str content, mode_t mode, Err *err) {
    static const char ending[] = ".XXXXXX";
    AUTO(buf_free) Buf beside = buf_new(strlen(path) + sizeof(ending));
    buf_add_cstr(&beside, path);
    buf_add_cstr(&beside, ending);
    TRY(write_beside(beside.at, path, content, mode, err));
    return sync_folder_of(path, err);
}

Status file_rename(const char *from, const char *to, Err *err) {
    if (rename(from, to) != 0) return err_from_errno(err, errno, "cannot rename %s to %s", from, to);
    return sync_folder_of(to, err);
}

bool file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

bool path_is_dir(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static Status make_one(const char *path, mode_t mode, Err *err) {
    if (mkdir(path, mode) == 0 || path_is_dir(path)) return OK;
    return err_from_errno(err, errno, "cannot make the folder %s", path);
}

Status dir_make(const char *path, mode_t mode, Err *err) {
    AUTO(buf_free) Buf parent = buf_new(strlen(path));
    for (size_t i = 0; path[i]; i++) {
        if (path[i] == '/' && i > 0) TRY(make_one(parent.at, mode, err));
        buf_add_byte(&parent, path[i]);
    }
    return make_one(path, mode, err);
}

const char *path_join(Arena *arena, const char *dir, const char *name) {
    bool closed = str_ends(str_of(dir), STR("/"));
    return str_print(arena, "%s%s%s", dir, closed ? "" : "/", name).at;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

typedef struct Names {
    const char **at;
    size_t count, max;
} Names;

static Status add_names(Arena *arena, DIR *dir, const char *path, Names *names, Err *err) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry && errno) return err_from_errno(err, errno, "cannot list %s", path);
        if (!entry) return OK;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (names->count == names->max)
            return err_set(err, E_LIMIT, "%s has more than %zu files", path, names->max);
        names->at[names->count++] = str_cstr(arena, str_of(entry->d_name));
    }
}

Status dir_list(Arena *arena, const char *path, size_t max, const char ***out, size_t *count, Err *err) {
    AUTO(close_directory) DIR *dir = opendir(path);
    if (!dir) return err_from_errno(err, errno, "cannot list %s", path);
    Names names = {ARENA_ARRAY(arena, const char *, max), 0, max};
    TRY(add_names(arena, dir, path, &names, err));
    if (names.count > 0) qsort(names.at, names.count, sizeof(*names.at), compare_names);
    *out = names.at;
    *count = names.count;
    return OK;
}

const char *assets_path(Arena *arena, const char *name) {
    const char *elsewhere = getenv("RELAIS_ASSETS");
    return path_join(arena, elsewhere && elsewhere[0] ? elsewhere : RELAIS_ASSETS_DIR, name);
}
