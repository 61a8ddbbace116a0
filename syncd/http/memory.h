/* The same routes, limits and holding without a socket, a thread or a clock of its own: a request is a value,
 * and time is what the clock given says. For tests and the simulation. One thread.
 *
 *     HttpRequest *request = http_memory_begin(server, &call);
 *     while (!http_memory_answered(request)) { move the clock, change something; http_memory_turn(server); }
 *     HttpMemoryAnswer answer = http_memory_answer(request);   … http_memory_end(request); */
#pragma once

#include "syncd/http/http.h"

typedef struct HttpMemoryHeader {
    const char *name;
    Str value;
} HttpMemoryHeader;

enum { HTTP_MEMORY_HEADERS_MAX = 8 };

typedef struct HttpMemoryCall {
    const char *method;
    const char *target; /* path with its query: "/v1/feed?wait=55" */
    HttpMemoryHeader headers[HTTP_MEMORY_HEADERS_MAX];
    size_t header_count;
    Str body;
    const char *address; /* of the other side; NULL = "127.0.0.1" */
} HttpMemoryCall;

typedef struct HttpMemoryAnswer {
    int status;
    Str body; /* as long as the request */
} HttpMemoryAnswer;

/* app and clock stay the caller's. */
CHECKED Status http_memory_open(HttpServer **out, const HttpApp *app, const Clock *clock, Err *err);
void http_memory_close(HttpServer *server); /* NULL is fine; every request was ended before */

/* Runs it. What the call points to may go afterwards. */
HttpRequest *http_memory_begin(HttpServer *server, const HttpMemoryCall *call);
/* Runs again what was woken, and what has been held for its whole time. */
void http_memory_turn(HttpServer *server);
bool http_memory_answered(const HttpRequest *request);
HttpMemoryAnswer http_memory_answer(const HttpRequest *request);
Str http_memory_header(const HttpRequest *request, const char *name); /* of the answer; absent when not set */
void http_memory_end(HttpRequest *request); /* answered or not: as when the other side goes away */
