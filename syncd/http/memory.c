#include "syncd/http/memory.h"

#include "syncd/http/inside.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- the server ---- */
Status http_memory_open(HttpServer **out, const HttpApp *app, const Clock *clock, Err *err) {
    (void)err;
    Arena *arena = arena_open();
    HttpServer *server = ARENA_NEW(arena, HttpServer);
    server->arena = arena;
    server->options = http_options();
    server->app = *app;
    server->clock = clock;
    pthread_mutex_init(&server->end_mutex, NULL);
    pthread_cond_init(&server->ended, NULL);
    pthread_mutex_init(&server->wheel.mutex, NULL);
    pthread_mutex_init(&server->watch.mutex, NULL);
    server->wheel.turned_to = clock_steady(clock);
    snprintf(server->url, sizeof(server->url), "http://memory");
    *out = server;
    return OK;
}

void http_memory_close(HttpServer *server) {
    if (!server) return;
    pthread_mutex_destroy(&server->watch.mutex);
    pthread_mutex_destroy(&server->wheel.mutex);
    pthread_cond_destroy(&server->ended);
    pthread_mutex_destroy(&server->end_mutex);
    arena_close(server->arena);
}

/* ---- what is asked ---- */
static Str decoded(Arena *arena, Str text) {
    Str copy = str_copy(arena, text);
    char *to = arena_alloc(arena, copy.len + 1);
    size_t used = 0;
    for (size_t i = 0; i < copy.len; i++) {
        unsigned char byte = 0;
        bool escaped = copy.at[i] == '%' && hex_decode(str_first(str_skip(copy, i + 1), 2), &byte, 1);
        to[used++] = escaped ? (char)byte : copy.at[i];
        if (escaped) i += 2;
    }
    to[used] = '\0';
    return (Str){to, used};
}

static void take_query(HttpRequest *request, Str query) {
    Str pair, name;
    while (str_cut(&query, '&', &pair) && request->memory.query_count < MEMORY_PAIRS_MAX) {
        Str value = pair;
        str_cut(&value, '=', &name);
        request->memory.query[request->memory.query_count++] =
            (Pair){str_cstr(request->arena, name), decoded(request->arena, value.at ? value : STR(""))};
    }
}

static void take_headers(HttpRequest *request, const HttpMemoryCall *call) {
    for (size_t i = 0; i < call->header_count; i++)
        request->memory.headers[request->memory.header_count++] =
            (Pair){str_cstr(request->arena, str_of(call->headers[i].name)),
                   str_copy(request->arena, call->headers[i].value)};
    Str length = str_print(request->arena, "%zu", call->body.len);
    request->memory.headers[request->memory.header_count++] = (Pair){"Content-Length", length};
}

static HttpRequest *take_call(HttpServer *server, const HttpMemoryCall *call) {
    Arena *arena = arena_open();
    HttpRequest *request = ARENA_NEW(arena, HttpRequest);
    Str rest = str_of(call->target), path;
    str_cut(&rest, '?', &path);
    request->server = server;
    request->arena = arena;
    request->path = str_cstr(arena, path);
    request->method = str_cstr(arena, str_of(call->method));
    request->started = http_steady(request);
    snprintf(request->address, sizeof(request->address), "%s", call->address ? call->address : "127.0.0.1");
    take_query(request, rest);
    take_headers(request, call);
    atomic_fetch_add(&server->requests, 1);
    server->under_way++;
    return request;
}

HttpRequest *http_memory_begin(HttpServer *server, const HttpMemoryCall *call) {
    HttpRequest *request = take_call(server, call);
    (void)request_begin(request);
    if (call->body.len && request->state != REQUEST_ANSWERED) (void)body_add(request, call->body);
    if (request->state != REQUEST_ANSWERED) (void)request_go_on(request);
    return request;
}

/* ---- what is held ---- */
void http_memory_turn(HttpServer *server) {
    wheel_turn(&server->wheel, clock_steady(server->clock));
    while (server->memory_ready) {
        HttpRequest *request = server->memory_ready;
        server->memory_ready = request->line_next;
        (void)request_go_on(request);
    }
}

void memory_resume(HttpRequest *request) {
    HttpRequest **last = &request->server->memory_ready;
    while (*last) last = &(*last)->line_next;
    request->line_next = NULL;
    *last = request;
}

static void forget_ready(HttpRequest *request) {
    for (HttpRequest **at = &request->server->memory_ready; *at; at = &(*at)->line_next) {
        if (*at != request) continue;
        *at = request->line_next;
        return;
    }
}

void http_memory_end(HttpRequest *request) {
    http_wake(request); /* out of the wheel, wherever it is */
    forget_ready(request);
    request_close(request);
}

/* ---- what is answered ---- */
bool http_memory_answered(const HttpRequest *request) {
    return request->state == REQUEST_ANSWERED;
}

HttpMemoryAnswer http_memory_answer(const HttpRequest *request) {
    return (HttpMemoryAnswer){(int)request->reply_status, request->reply_body};
}

Str http_memory_header(const HttpRequest *request, const char *name) {
    for (size_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0) return request->headers[i].value;
    return (Str){0};
}

Str memory_lookup(const Pair *pairs, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(pairs[i].name, name) == 0) return pairs[i].value;
    return (Str){0};
}
