#include "common/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#ifdef __clang_analyzer__
#undef err_set
#undef err_set_code
#undef err_set_field
#undef err_wrap
#undef err_from_errno
#endif

typedef struct StatusRow {
    const char *name;
    int http;
    bool retryable;
} StatusRow;

static const StatusRow status_rows[] = {
    [OK] = {"ok", 200, false},
    [E_INVALID] = {"invalid", 400, false},
    [E_NOTFOUND] = {"not_found", 404, false},
    [E_EXISTS] = {"exists", 409, false},
    [E_DENIED] = {"denied", 403, false},
    [E_UNKNOWN] = {"unknown", 401, false},
    [E_TOOBIG] = {"too_big", 413, false},
    [E_LIMIT] = {"limit", 429, true},
    [E_BUSY] = {"busy", 503, true},
    [E_FULL] = {"full", 507, true},
    [E_READONLY] = {"read_only", 500, false},
    [E_IO] = {"io", 500, true},
    [E_CORRUPT] = {"corrupt", 500, false},
    [E_NETWORK] = {"network", 502, true},
    [E_VERSION] = {"version", 426, false},
    [E_INTERNAL] = {"internal", 500, false},
};

static const StatusRow *status_row(Status status) {
    size_t index = (size_t)status;
    return &status_rows[index < COUNT(status_rows) ? index : (size_t)E_INTERNAL];
}

bool status_is_retryable(Status status) {
    return status_row(status)->retryable;
}

int status_http(Status status) {
    return status_row(status)->http;
}

const char *status_name(Status status) {
    return status_row(status)->name;
}

Status status_from_http(int http_status) {
    static const struct {
        int http;
        Status status;
    } others[] = {{422, E_INVALID}, {410, E_NOTFOUND}, {412, E_EXISTS},  {428, E_EXISTS},
                  {408, E_NETWORK}, {504, E_NETWORK},  {405, E_INVALID}, {415, E_INVALID}};
    if (http_status >= 200 && http_status < 400) return OK;
    for (size_t i = 0; i < COUNT(others); i++)
        if (others[i].http == http_status) return others[i].status;
    if (http_status == 500) return E_NETWORK;
    for (size_t i = 0; i < COUNT(status_rows); i++)
        if (status_rows[i].http == http_status) return (Status)i;
    return http_status >= 500 ? E_NETWORK : E_INVALID;
}

/* Copies as much as fits, and ends before a UTF-8 character that would be cut. */
static void copy_text(char *to, size_t size, const char *from) {
    size_t len = strlen(from);
    if (len >= size) {
        len = size - 1;
        while (len > 0 && ((unsigned char)from[len] & 0xC0) == 0x80) len--;
    }
    memcpy(to, from, len);
    to[len] = '\0';
}

/* The arguments may point into err->text, so the new text is made beside it. */
static void fill(Err *err, Status status, const char *code, const char *format, va_list args) {
    char text[ERR_TEXT_MAX * 2];
    if (!err) return;
    vsnprintf(text, sizeof(text), format, args);
    err->status = status;
    copy_text(err->code, sizeof(err->code), code);
    err->field[0] = '\0';
    copy_text(err->text, sizeof(err->text), text);
}

Status err_set(Err *err, Status status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fill(err, status, "", format, args);
    va_end(args);
    return status;
}

Status err_set_code(Err *err, Status status, const char *code, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fill(err, status, code, format, args);
    va_end(args);
    return status;
}

Status err_set_field(Err *err, const char *field, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fill(err, E_INVALID, "", format, args);
    va_end(args);
    if (err) copy_text(err->field, sizeof(err->field), field);
    return E_INVALID;
}

Status err_wrap(Err *err, Status status, const char *format, ...) {
    if (!err) return status;
    char text[ERR_TEXT_MAX * 2];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, ERR_TEXT_MAX, format, args);
    va_end(args);
    size_t at = len < 0 ? 0 : (size_t)len < ERR_TEXT_MAX ? (size_t)len : ERR_TEXT_MAX - 1;
    snprintf(text + at, sizeof(text) - at, ": %s", err->text);
    err->status = status;
    copy_text(err->text, sizeof(err->text), text);
    return status;
}

static Status status_from_errno(int errno_value) {
    switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
        return E_FULL;
    case EROFS:
    case EACCES:
    case EPERM:
        return E_READONLY;
    case ENOENT:
    case ENOTDIR:
        return E_NOTFOUND;
    case EEXIST:
        return E_EXISTS;
    case EBUSY:
    case EAGAIN:
    case ETXTBSY:
        return E_BUSY;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return E_LIMIT;
    case EFBIG:
    case ENAMETOOLONG:
        return E_TOOBIG;
    case ECONNREFUSED:
    case ECONNRESET:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EPIPE:
    case ETIMEDOUT:
        return E_NETWORK;
    default:
        return E_IO;
    }
}

Status err_from_errno(Err *err, int errno_value, const char *format, ...) {
    Status status = status_from_errno(errno_value);
    if (!err) return status;
    va_list args;
    va_start(args, format);
    fill(err, status, "", format, args);
    va_end(args);
    size_t at = strlen(err->text);
    snprintf(err->text + at, sizeof(err->text) - at, ": %s", strerror(errno_value));
    return status;
}
