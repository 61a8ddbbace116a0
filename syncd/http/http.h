/* A small HTTP server: a table of routes, limits on everything, and requests that are held until something
 * happens. Home of libmicrohttpd. It knows nothing of what it serves; README.md of this folder says how it
 * works.
 *
 * A handler answers with one http_reply_*, or holds the request, or returns a failure: that becomes
 * problem+json (RFC 9457). */
#pragma once

#include "common/base/clock.h"
#include "common/base/str.h"

#include <sys/types.h>

typedef struct HttpServer HttpServer;
typedef struct HttpRequest HttpRequest;

typedef enum HttpAuth { HTTP_OPEN, HTTP_KNOWN, HTTP_DEVICE, HTTP_ADMIN, HTTP_HUB_ADMIN } HttpAuth;

/* Where a handler runs: at once beside others, or one after another on the one thread that may write. */
typedef enum HttpLane { HTTP_BESIDE, HTTP_IN_TURN } HttpLane;

typedef Status (*HttpHandler)(HttpRequest *request, Err *err);

typedef struct HttpRoute {
    const char *method;
    const char *pattern; /* "/v1/records/{kind}/{id}": http_param(request, "kind") */
    HttpAuth auth;
    HttpLane lane;
    size_t body_max_bytes; /* 0 = takes no body */
    HttpHandler run;
} HttpRoute;

typedef struct HttpApp {
    void *self;
    const HttpRoute *routes;
    size_t route_count;
    /* Before a byte of the body is read: may this request come in at all? The failure is the answer. */
    Status (*admit)(void *self, HttpRequest *request, const HttpRoute *route, Err *err);
    void (*ended)(void *self, HttpRequest *request); /* the request is about to be freed */
    void (*told)(void *self, const char *text);      /* a failure of the server itself, for the log */
} HttpApp;

typedef struct HttpOptions {
    const char *listen;    /* "127.0.0.1:8470", "[::1]:0"; port 0 takes a free one */
    Str tls_cert, tls_key; /* PEM; absent = plain */
    bool allow_plain;      /* plain HTTP beyond loopback */
    unsigned max_connections, max_per_address;
    unsigned idle_seconds;     /* a connection that says nothing */
    unsigned request_seconds;  /* a request must be there in this time … */
    unsigned bytes_per_second; /* … plus its bytes at this rate; answers are held to the same */
    size_t bodies_max_bytes;   /* all bodies under way together */
    const Clock *clock;        /* of held requests; NULL = the system's */
} HttpOptions;

HttpOptions http_options(void); /* listen 127.0.0.1:0 and sensible limits */

CHECKED Status http_start(HttpServer **out, const HttpOptions *options, const HttpApp *app, Err *err);
int http_port(const HttpServer *server);
const char *http_url(const HttpServer *server); /* "http://127.0.0.1:8470" */

/* Accepts nobody more, wakes what is held, lets what runs finish for at most grace_ms, then ends. NULL is
 * fine. */
void http_stop(HttpServer *server, Millis grace_ms);

/* ---- the request; everything returned lives as long as it does ---- */
void *http_app(const HttpRequest *request);
HttpServer *http_server(const HttpRequest *request);
Arena *http_arena(HttpRequest *request);
const HttpRoute *http_route(const HttpRequest *request); /* NULL before one was found */
Str http_param(HttpRequest *request, const char *name);
Str http_query(HttpRequest *request, const char *name); /* absent when not given */
Str http_header(HttpRequest *request, const char *name);
Str http_body(const HttpRequest *request);
const char *http_address(const HttpRequest *request); /* of the other side, without port */
bool http_is_head(const HttpRequest *request);
void http_attach(HttpRequest *request, void *data); /* what the app knows about it */
void *http_attached(const HttpRequest *request);

/* ---- answers: the first one counts ---- */
void http_reply(HttpRequest *request, int status, const char *content_type, Str body); /* copied */
void http_reply_buf(HttpRequest *request, int status, const char *content_type,
                    Buf *body); /* takes the bytes over */
void http_reply_file(HttpRequest *request, int status, const char *content_type, int fd, off_t from,
                     size_t bytes);                                      /* takes fd */
void http_set_header(HttpRequest *request, const char *name, Str value); /* before or after the reply */

/* For a failure that is about to be returned: members beside code, title and detail, and another HTTP status.
 */
void http_problem_int(HttpRequest *request, const char *name, int64_t value);
void http_problem_status(HttpRequest *request, int status);

/* ---- holding ----
 * http_hold parks the request; the handler returns OK without an answer and is called again after http_wake,
 * at `until` (steady), or when the server stops. False when the server is stopping: answer now. http_wake may
 * come from any thread, at any time between http_hold and HttpApp.ended. Only on the lane HTTP_BESIDE. */
Millis http_steady(const HttpRequest *request); /* what `until` is measured by */
bool http_hold(HttpRequest *request, Millis until_steady);
void http_wake(HttpRequest *request);

typedef struct HttpCounts {
    int64_t connections, held, requests, refused, failed, reaped;
} HttpCounts;
HttpCounts http_counts(HttpServer *server);
