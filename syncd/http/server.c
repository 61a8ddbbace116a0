#include "syncd/http/inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 2, CONNECTION_MEMORY_BYTES = 8192 };

HttpOptions http_options(void) {
    return (HttpOptions){.listen = "127.0.0.1:0",
                         .max_connections = 4096,
                         .max_per_address = 64,
                         .idle_seconds = 75,
                         .request_seconds = 30,
                         .bytes_per_second = 4096,
                         .bodies_max_bytes = 64 * 1024 * 1024};
}

static Status request_admit(HttpRequest *request, Err *err) {
    const HttpApp *app = &request->server->app;
    TRY(route_find(request, err));
    TRY(app->admit(app->self, request, request->route, err));
    return body_expect(request, err);
}

/* A small body of a refused request is read and thrown away, so that the answer arrives and the connection
 * stays. */
enum MHD_Result request_begin(HttpRequest *request) {
    Err err = {0};
    Status status = request_admit(request, &err);
    watch_until(request->watched, request->started + watch_allowance(request->server, 0));
    if (status == OK) return MHD_YES;
    request_fail(request, status, &err);
    return body_is_worth_reading(request) ? MHD_YES : request_send(request);
}

/* The whole request is there, or it was woken, or the line has run it. */
enum MHD_Result request_go_on(HttpRequest *request) {
    watch_until(request->watched, 0);
    if (!request->response && request->state == REQUEST_READING && request->connection &&
        request->route->lane == HTTP_IN_TURN) {
        line_join(request);
        return MHD_YES;
    }
    if (!request->response) {
        request->state = REQUEST_READY;
        request_run(request);
        if (request->parked) return MHD_YES;
    }
    return request_send(request);
}

static enum MHD_Result on_request(void *of, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *byte_count, void **context) {
    (void)version;
    HttpRequest *request = *context;
    if (!request) {
        *context = request = request_open(of, connection, path, method);
        return request_begin(request);
    }
    if (*byte_count == 0) return request_go_on(request);
    Str more = {bytes, *byte_count};
    *byte_count = 0;
    return body_add(request, more);
}

static void on_end(void *of, struct MHD_Connection *connection, void **context,
                   enum MHD_RequestTerminationCode code) {
    (void)of, (void)connection, (void)code;
    if (*context) request_close(*context);
    *context = NULL;
}

static Status daemon_start(HttpServer *server, int fd, Err *err) {
    const HttpOptions *options = &server->options;
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | (server->tls_cert ? MHD_USE_TLS : 0u);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)server->tls_cert},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)server->tls_key},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)fd,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY_BYTES, MHD_OPTION_CONNECTION_LIMIT, options->max_connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->max_per_address, MHD_OPTION_CONNECTION_TIMEOUT,
        options->idle_seconds, MHD_OPTION_NOTIFY_COMPLETED, on_end, server, MHD_OPTION_NOTIFY_CONNECTION,
        watch_connection, server, MHD_OPTION_ARRAY, server->tls_cert ? tls : none, MHD_OPTION_END);
    if (server->daemon) return OK;
    return err_set(err, E_IO, "the HTTP server does not start%s",
                   server->tls_cert ? ": is the certificate right?" : "");
}

static void threads_start(HttpServer *server) {
    pthread_mutex_init(&server->end_mutex, NULL);
    pthread_cond_init(&server->ended, NULL);
    watch_start(server);
    wheel_start(server);
    line_start(server);
}

static void threads_stop(HttpServer *server) {
    wheel_stop(server);
    watch_stop(server);
    pthread_cond_destroy(&server->ended);
    pthread_mutex_destroy(&server->end_mutex);
}

static HttpServer *server_new(const HttpOptions *options, const HttpApp *app) {
    Arena *arena = arena_open();
    HttpServer *server = ARENA_NEW(arena, HttpServer);
    server->arena = arena;
    server->options = *options;
    server->clock = options->clock ? options->clock : clock_system();
    server->app = *app;
    server->tls_cert = options->tls_cert.at ? str_cstr(arena, options->tls_cert) : NULL;
    server->tls_key = options->tls_key.at ? str_cstr(arena, options->tls_key) : NULL;
    return server;
}

Status http_start(HttpServer **out, const HttpOptions *options, const HttpApp *app, Err *err) {
    HttpServer *server = server_new(options, app);
    int fd = -1;
    Status status = listen_open(options, &fd, &server->port, server->url, sizeof(server->url), err);
    if (status != OK) {
        arena_close(server->arena);
        return status;
    }
    threads_start(server);
    status = daemon_start(server, fd, err);
    if (status != OK) {
        line_stop(server);
        threads_stop(server);
        close(fd);
        arena_close(server->arena);
        return status;
    }
    *out = server;
    return OK;
}

int http_port(const HttpServer *server) {
    return server->port;
}

const char *http_url(const HttpServer *server) {
    return server->url;
}

static void wait_for_requests(HttpServer *server, Millis grace_ms) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += grace_ms / SECOND_MS;
    pthread_mutex_lock(&server->end_mutex);
    while (server->under_way > 0 &&
           pthread_cond_timedwait(&server->ended, &server->end_mutex, &until) != ETIMEDOUT) {
    }
    pthread_mutex_unlock(&server->end_mutex);
}

/* No connection may be suspended when MHD stops: the held ones are woken, the line runs dry, and only then it
 * ends. */
void http_stop(HttpServer *server, Millis grace_ms) {
    if (!server) return;
    MHD_socket fd = MHD_quiesce_daemon(server->daemon);
    wheel_drain(server);
    wait_for_requests(server, grace_ms);
    line_stop(server);
    MHD_stop_daemon(server->daemon);
    if (fd != MHD_INVALID_SOCKET) close(fd);
    threads_stop(server);
    arena_close(server->arena);
}

HttpCounts http_counts(HttpServer *server) {
    pthread_mutex_lock(&server->wheel.mutex);
    int64_t held = server->wheel.held_count;
    pthread_mutex_unlock(&server->wheel.mutex);
    pthread_mutex_lock(&server->watch.mutex);
    int64_t connections = server->watch.count;
    pthread_mutex_unlock(&server->watch.mutex);
    return (HttpCounts){.connections = connections,
                        .held = held,
                        .requests = atomic_load(&server->requests),
                        .refused = atomic_load(&server->refused),
                        .failed = atomic_load(&server->failed),
                        .reaped = atomic_load(&server->reaped)};
}
