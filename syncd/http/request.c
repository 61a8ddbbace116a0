#include "syncd/http/inside.h"

#include <arpa/inet.h>
#include <string.h>

Millis steady_now(void) {
    return clock_steady(clock_system());
}

static void address_of(HttpRequest *request) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *from = info ? info->client_addr : NULL;
    if (!from) return;
    const void *number = from->sa_family == AF_INET
                             ? (const void *)&((const struct sockaddr_in *)(const void *)from)->sin_addr
                             : (const void *)&((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    (void)inet_ntop(from->sa_family, number, request->address, sizeof(request->address));
}

HttpRequest *request_open(HttpServer *server, struct MHD_Connection *connection, const char *path,
                          const char *method) {
    Arena *arena = arena_open();
    HttpRequest *request = ARENA_NEW(arena, HttpRequest);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    request->server = server;
    request->connection = connection;
    request->arena = arena;
    request->path = path;
    request->method = method;
    request->started = steady_now();
    request->watched = info ? info->socket_context : NULL;
    address_of(request);
    atomic_fetch_add(&server->requests, 1);
    pthread_mutex_lock(&server->end_mutex);
    server->under_way++;
    pthread_mutex_unlock(&server->end_mutex);
    return request;
}

/* The next request of a kept connection must begin before it is idle for too long, and then be there in time.
 */
static void watch_next(HttpRequest *request) {
    HttpServer *server = request->server;
    Millis idle = (Millis)server->options.idle_seconds * SECOND_MS;
    watch_until(request->watched, steady_now() + idle + watch_allowance(server, 0));
}

void request_close(HttpRequest *request) {
    HttpServer *server = request->server;
    if (server->app.ended) server->app.ended(server->app.self, request);
    watch_next(request);
    body_release(request);
    if (request->response) MHD_destroy_response(request->response);
    arena_close(request->arena);
    pthread_mutex_lock(&server->end_mutex);
    server->under_way--;
    pthread_cond_broadcast(&server->ended);
    pthread_mutex_unlock(&server->end_mutex);
}

void request_run(HttpRequest *request) {
    Err err = {0};
    request->parked = false;
    Status status = request->route->run(request, &err);
    if (request->parked) return;
    if (status == OK && !request->response) status = err_set(&err, E_INTERNAL, "nothing was answered");
    if (status != OK) request_fail(request, status, &err);
}

Millis http_steady(const HttpRequest *request) {
    return clock_steady(request->server->clock);
}

void *http_app(const HttpRequest *request) {
    return request->server->app.self;
}

HttpServer *http_server(const HttpRequest *request) {
    return request->server;
}

Arena *http_arena(HttpRequest *request) {
    return request->arena;
}

const HttpRoute *http_route(const HttpRequest *request) {
    return request->route;
}

Str http_param(HttpRequest *request, const char *name) {
    for (size_t i = 0; i < request->param_count; i++)
        if (strcmp(request->params[i].name, name) == 0) return request->params[i].value;
    return (Str){0};
}

Str http_query(HttpRequest *request, const char *name) {
    if (!request->connection) return memory_lookup(request->memory.query, request->memory.query_count, name);
    return str_of(MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name));
}

Str http_header(HttpRequest *request, const char *name) {
    if (!request->connection)
        return memory_lookup(request->memory.headers, request->memory.header_count, name);
    return str_of(MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name));
}

Str http_body(const HttpRequest *request) {
    Str body = buf_str(&request->body);
    return body.at ? body : STR("");
}

const char *http_address(const HttpRequest *request) {
    return request->address;
}

bool http_is_head(const HttpRequest *request) {
    return strcmp(request->method, "HEAD") == 0;
}

void http_attach(HttpRequest *request, void *data) {
    request->attached = data;
}

void *http_attached(const HttpRequest *request) {
    return request->attached;
}
