/* How a function says that it failed.
 *
 * A function that can fail returns Status, takes `Err *err` last and sets its outputs only on OK. The status
 * is what a caller branches on; the text is for people and says, once, what went wrong and what to do. Bugs
 * assert; what comes from outside the program never does. */
#pragma once

#include <stdbool.h>

typedef enum Status {
    OK = 0,
    E_INVALID,  /* outside input does not have the agreed form */
    E_NOTFOUND, /* what was asked for is not there */
    E_EXISTS,   /* it is already there, or has changed in between */
    E_DENIED,   /* known, but not allowed */
    E_UNKNOWN,  /* not known who asks */
    E_TOOBIG,   /* over a limit of size */
    E_LIMIT,    /* over a limit of number or rate; later it may work */
    E_BUSY,     /* somebody else holds it; later it may work */
    E_FULL,     /* no space left on the disk */
    E_READONLY, /* the disk or the file cannot be written */
    E_IO,       /* the disk or the system failed otherwise */
    E_CORRUPT,  /* what was stored is not what had been written */
    E_NETWORK,  /* the other side cannot be reached, or broke off */
    E_VERSION,  /* the other side speaks another version */
    E_INTERNAL  /* a bug of ours */
} Status;

enum { ERR_TEXT_MAX = 480, ERR_CODE_MAX = 32, ERR_FIELD_MAX = 64 };

typedef struct Err {
    Status status;
    char code[ERR_CODE_MAX];   /* stable word for programs ("clone"); empty when the status says it all */
    char field[ERR_FIELD_MAX]; /* the wrong field of a document; empty where none is (err_set clears it) */
    char text[ERR_TEXT_MAX];   /* one sentence for people; never a secret */
} Err;

#define CHECKED __attribute__((warn_unused_result))
#define PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))

/* Cleanup on leaving the scope: AUTO(db_close_auto) Db *db = NULL; the function gets a pointer to the
 * variable. */
#define AUTO(cleanup_function) __attribute__((cleanup(cleanup_function)))

#define TRY(call)                                                                                            \
    do {                                                                                                     \
        Status try_status = (call);                                                                          \
        if (try_status != OK) return try_status;                                                             \
    } while (0)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Fills err (NULL is allowed) and returns status, so that a failure is one line: return err_set(err, E_IO,
 * "…"). */
Status err_set(Err *err, Status status, const char *format, ...) PRINTF(3, 4);

/* The same with a stable code. */
Status err_set_code(Err *err, Status status, const char *code, const char *format, ...) PRINTF(4, 5);

/* E_INVALID in one field of a document. */
Status err_set_field(Err *err, const char *field, const char *format, ...) PRINTF(3, 4);

/* Puts "context: " before the text of an error that goes up. Returns its status. */
Status err_wrap(Err *err, Status status, const char *format, ...) PRINTF(3, 4);

/* Translates errno as `what` left it (ENOSPC → E_FULL, EROFS and EACCES → E_READONLY, ENOENT → E_NOTFOUND …).
 */
Status err_from_errno(Err *err, int errno_value, const char *format, ...) PRINTF(3, 4);

#ifdef __clang_analyzer__
/* The analyzer does not see into err.c: that what these return is never OK. */
#define err_set(err, status, ...) ((void)err_set(err, status, __VA_ARGS__), (status))
#define err_set_code(err, status, ...) ((void)err_set_code(err, status, __VA_ARGS__), (status))
#define err_set_field(...) ((void)err_set_field(__VA_ARGS__), E_INVALID)
#define err_wrap(err, status, ...) ((void)err_wrap(err, status, __VA_ARGS__), (status))
#define err_from_errno(...) ((void)err_from_errno(__VA_ARGS__), E_IO)
#endif

bool status_is_retryable(Status status);
int status_http(Status status);           /* the HTTP status it is answered with */
Status status_from_http(int http_status); /* and back, for a client */
const char *status_name(Status status);   /* "invalid", "not_found", … */
