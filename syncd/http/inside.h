/* What the files of this folder share. */
#pragma once

#include "syncd/http/http.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    PARAMS_MAX = 4,
    EXTRAS_MAX = 4,
    HEADERS_MAX = 8,
    MEMORY_PAIRS_MAX = 12,
    TICK_MS = 250,
    WHEEL_SLOTS = 256,
    ADDRESS_MAX = INET6_ADDRSTRLEN
};

/* A connection, watched for being slow. due is 0 while nobody is owed anything by the other side. */
typedef struct Watched Watched;
struct Watched {
    Watched *next, *before;
    MHD_socket fd;
    _Atomic Millis due;
};

/* READING → READY → (IN_LINE | HELD →) ANSWERED; a held one goes back to READY. */
typedef enum RequestState {
    REQUEST_READING,
    REQUEST_READY,
    REQUEST_IN_LINE,
    REQUEST_HELD,
    REQUEST_ANSWERED
} RequestState;

typedef struct Pair {
    const char *name;
    Str value;
} Pair;

struct HttpRequest {
    HttpServer *server;
    struct MHD_Connection *connection;
    Watched *watched;
    Arena *arena;
    const HttpRoute *route;
    const char *method, *path;
    Pair params[PARAMS_MAX];
    size_t param_count;
    char address[ADDRESS_MAX];
    Millis started;
    Buf body;
    size_t body_reserved; /* of HttpServer.bodies_bytes */
    size_t body_seen;
    RequestState state;
    bool parked; /* by the handler that runs; only its own thread looks */
    void *attached;
    struct MHD_Response *response;
    unsigned reply_status;
    size_t reply_bytes;
    Str reply_body; /* in memory only: what the response holds */
    Pair headers[HEADERS_MAX];
    size_t header_count;
    struct {
        const char *name;
        int64_t value;
    } extras[EXTRAS_MAX];
    size_t extra_count;
    int problem_status;
    HttpRequest *line_next;               /* lane */
    HttpRequest *slot_next, *slot_before; /* wheel */
    Millis held_until;
    struct { /* of a request in memory, which has no connection */
        Pair query[MEMORY_PAIRS_MAX], headers[MEMORY_PAIRS_MAX];
        size_t query_count, header_count;
    } memory;
};

typedef struct Line {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    HttpRequest *first, *last;
    bool stopping;
} Line;

typedef struct Wheel {
    pthread_t thread;
    pthread_mutex_t
        mutex; /* guards the state of held requests too; MHD is called under it, never the other way round */
    pthread_cond_t changed;
    HttpRequest *slots[WHEEL_SLOTS];
    Millis turned_to; /* every slot up to this moment was looked at */
    int64_t held_count;
    bool draining, stopping;
} Wheel;

typedef struct Watch {
    pthread_mutex_t mutex; /* MHD may call under its own locks: nothing of MHD is called under this one */
    Watched *first;
    int64_t count;
} Watch;

struct HttpServer {
    HttpApp app;
    HttpOptions options;
    const Clock *clock;
    struct MHD_Daemon *daemon; /* NULL in memory */
    HttpRequest *memory_ready; /* woken, by line_next */
    const char *tls_cert, *tls_key;
    Arena *arena;
    int port;
    char url[96];
    Line line;
    Wheel wheel;
    Watch watch;
    pthread_mutex_t end_mutex;
    pthread_cond_t ended;
    int64_t under_way; /* requests; under end_mutex */
    _Atomic size_t bodies_bytes;
    _Atomic int64_t requests, refused, failed, reaped;
};

/* listen.c */
CHECKED Status listen_open(const HttpOptions *options, int *fd, int *port, char *url, size_t url_size,
                           Err *err);

/* route.c */
CHECKED Status route_find(HttpRequest *request, Err *err);

/* request.c */
HttpRequest *request_open(HttpServer *server, struct MHD_Connection *connection, const char *path,
                          const char *method);
void request_close(HttpRequest *request);
void request_run(HttpRequest *request);
Millis steady_now(void);

/* reply.c */
void request_fail(HttpRequest *request, Status status, const Err *err);
enum MHD_Result request_send(HttpRequest *request);

/* body.c */
CHECKED Status body_expect(HttpRequest *request,
                           Err *err); /* from the header; may be refused before it is sent */
enum MHD_Result body_add(HttpRequest *request, Str bytes);
void body_release(HttpRequest *request);
bool body_is_worth_reading(HttpRequest *request); /* of a refused request: reading it keeps the connection */

/* server.c */
enum MHD_Result request_begin(HttpRequest *request);
enum MHD_Result request_go_on(HttpRequest *request);

/* memory.c */
void memory_resume(HttpRequest *request);
Str memory_lookup(const Pair *pairs, size_t count, const char *name);

/* line.c: the one thread of HTTP_IN_TURN */
void line_start(HttpServer *server);
void line_stop(HttpServer *server);
void line_join(HttpRequest *request);

/* wheel.c: deadlines of held requests */
void wheel_start(HttpServer *server);
void wheel_drain(HttpServer *server);
void wheel_turn(Wheel *wheel, Millis now);
void wheel_stop(HttpServer *server);

/* watch.c: the reaper of slow connections */
void watch_start(HttpServer *server);
void watch_stop(HttpServer *server);
void watch_reap(HttpServer *server, Millis now);
void watch_connection(void *server, struct MHD_Connection *connection, void **context,
                      enum MHD_ConnectionNotificationCode code);
void watch_until(Watched *watched, Millis due);                 /* 0 = as long as it takes */
Millis watch_allowance(const HttpServer *server, size_t bytes); /* what so many bytes may take */
