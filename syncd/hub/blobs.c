#include "syncd/hub/blobs.h"

#include "common/base/file.h"
#include "common/wire/secret.h"
#include "syncd/hub/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHA256_HEX = 64 };

Status blobs_dir_of(const char *said, const char *store_spec, Arena *arena, const char **out, Err *err) {
    if (!said && !store_is_file(store_spec))
        return err_set(
            err, E_INVALID,
            "--blobs is missing: a folder for images and files, which all hubs of this database share");
    *out = said ? said : str_print(arena, "%s.blobs", store_spec).at;
    return OK;
}

bool blob_name_is_valid(Str sha256) {
    unsigned char bytes[SHA256_HEX / 2];
    if (sha256.len != SHA256_HEX || !hex_decode(sha256, bytes, sizeof(bytes))) return false;
    for (size_t i = 0; i < sha256.len; i++)
        if (sha256.at[i] >= 'A' && sha256.at[i] <= 'F') return false;
    return true;
}

static Status name_check(const char *dir, Str sha256, Err *err) {
    if (!blob_name_is_valid(sha256))
        return err_set(err, E_INVALID, "a blob is named by 64 lower-case hex digits");
    return dir ? OK : err_set(err, E_NOTFOUND, "this hub keeps no blobs");
}

Status blob_put(const char *dir, Str sha256, Str bytes, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(name_check(dir, sha256, err));
    if (bytes.len > BLOB_MAX) return err_set(err, E_TOOBIG, "a blob may have %d bytes at most", BLOB_MAX);
    if (!str_equal(sha256_hex(arena, bytes), sha256))
        return err_set_code(err, E_INVALID, "hash", "the bytes are not those of that name");
    const char *path = path_join(arena, dir, str_cstr(arena, sha256));
    if (file_exists(path)) return OK;
    TRY(dir_make(dir, 0700, err));
    return file_write(path, bytes, 0600, err);
}

Status blob_open(const char *dir, Str sha256, int *fd, size_t *bytes, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    struct stat about;
    TRY(name_check(dir, sha256, err));
    int opened = open(path_join(arena, dir, str_cstr(arena, sha256)), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (opened < 0 && errno == ENOENT) return err_set(err, E_NOTFOUND, "there is no such blob");
    if (opened < 0 || fstat(opened, &about) != 0) {
        Status status = err_from_errno(err, errno, "cannot read a blob");
        if (opened >= 0) close(opened);
        return status;
    }
    *fd = opened;
    *bytes = (size_t)about.st_size;
    return OK;
}

/* ---- routes ---- */

/* One range, "bytes=FROM-" or "bytes=FROM-TO" (RFC 9110); any other form is answered with the whole. */
static bool range_read(Str header, size_t size, size_t *from, size_t *to) {
    Str rest, first;
    int64_t begin = 0, end = (int64_t)size - 1;
    if (!header.at || !str_starts(header, STR("bytes="))) return false;
    rest = str_skip(header, sizeof("bytes=") - 1);
    if (!str_cut(&rest, '-', &first) || !rest.at || !str_to_int(first, &begin)) return false;
    if (rest.len > 0 && (!str_to_int(rest, &end) || end < begin)) return false;
    *from = (size_t)begin;
    *to = end < (int64_t)size - 1 ? (size_t)end : size - 1;
    return begin >= 0;
}

static Status range_beyond(HttpRequest *request, int fd, size_t size, Err *err) {
    close(fd);
    http_problem_status(request, 416);
    http_set_header(request, "Content-Range", str_print(http_arena(request), "bytes */%zu", size));
    return err_set(err, E_INVALID, "the blob ends before that");
}

Status handle_blob_get(HttpRequest *request, Err *err) {
    Str name = http_param(request, "sha256");
    int fd = -1;
    size_t size = 0, from = 0, to = 0;
    TRY(blob_open(hub_blobs_dir(hub_of(request)), name, &fd, &size, err));
    bool part = range_read(http_header(request, "Range"), size, &from, &to);
    if (part && from >= size) return range_beyond(request, fd, size, err);
    if (!part) from = 0;
    http_set_header(request, "ETag", str_print(http_arena(request), "\"%.*s\"", STR_FORMAT(name)));
    http_set_header(request, "Accept-Ranges", STR("bytes"));
    http_set_header(request, "Cache-Control", STR("private, max-age=31536000, immutable"));
    if (part)
        http_set_header(request, "Content-Range",
                        str_print(http_arena(request), "bytes %zu-%zu/%zu", from, to, size));
    http_reply_file(request, part ? 206 : 200, "application/octet-stream", fd, (off_t)from,
                    part ? to - from + 1 : size);
    return OK;
}

Status handle_blob_put(HttpRequest *request, Err *err) {
    TRY(blob_put(hub_blobs_dir(hub_of(request)), http_param(request, "sha256"), http_body(request), err));
    http_reply(request, 204, NULL, STR(""));
    return OK;
}
