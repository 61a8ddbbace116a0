#include "syncd/http/inside.h"

#include "common/base/json.h"

#include <string.h>
#include <unistd.h>

enum { PROBLEM_MAX = 4096 };

static void reply_take(HttpRequest *request, int status, const char *content_type,
                       struct MHD_Response *response, Str body) {
    size_t bytes = body.len;
    if (request->response) { /* the first answer counts */
        MHD_destroy_response(response);
        return;
    }
    request->response = response;
    request->reply_status = (unsigned)status;
    request->reply_bytes = bytes;
    if (!request->connection) request->reply_body = body;
    if (content_type) http_set_header(request, "Content-Type", str_of(content_type));
}

void http_reply(HttpRequest *request, int status, const char *content_type, Str body) {
    static char nothing[1];
    char *bytes = body.len ? arena_copy(request->arena, body.at, body.len) : nothing;
    reply_take(request, status, content_type,
               MHD_create_response_from_buffer(body.len, bytes, MHD_RESPMEM_PERSISTENT),
               (Str){bytes, body.len});
}

void http_reply_buf(HttpRequest *request, int status, const char *content_type, Buf *body) {
    if (body->len == 0) {
        http_reply(request, status, content_type, STR(""));
        return;
    }
    size_t bytes = body->len;
    reply_take(request, status, content_type,
               MHD_create_response_from_buffer(bytes, body->at, MHD_RESPMEM_MUST_FREE),
               (Str){body->at, bytes});
    *body = buf_new(body->ceiling);
}

/* Only a request in memory wants to see them. */
static Str file_bytes(HttpRequest *request, int fd, off_t from, size_t bytes) {
    char *at = request->connection ? NULL : arena_alloc(request->arena, bytes + 1);
    ssize_t got = at ? pread(fd, at, bytes, from) : 0;
    return (Str){at, at && got > 0 ? (size_t)got : bytes};
}

void http_reply_file(HttpRequest *request, int status, const char *content_type, int fd, off_t from,
                     size_t bytes) {
    struct MHD_Response *response = MHD_create_response_from_fd_at_offset64(bytes, fd, (uint64_t)from);
    if (response)
        reply_take(request, status, content_type, response, file_bytes(request, fd, from, bytes));
    else
        close(fd);
}

void http_set_header(HttpRequest *request, const char *name, Str value) {
    for (size_t i = 0; i < request->header_count; i++)
        if (strcmp(request->headers[i].name, name) == 0) {
            request->headers[i].value = str_copy(request->arena, value);
            return;
        }
    if (request->header_count < HEADERS_MAX)
        request->headers[request->header_count++] = (Pair){name, str_copy(request->arena, value)};
}

static bool header_is_set(const HttpRequest *request, const char *name) {
    for (size_t i = 0; i < request->header_count; i++)
        if (strcmp(request->headers[i].name, name) == 0) return true;
    return false;
}

void http_problem_int(HttpRequest *request, const char *name, int64_t value) {
    if (request->extra_count == EXTRAS_MAX) return;
    request->extras[request->extra_count].name = name;
    request->extras[request->extra_count++].value = value;
}

void http_problem_status(HttpRequest *request, int status) {
    request->problem_status = status;
}

/* RFC 9457; `code` is what programs branch on. What is our own fault is told to the log, not to the caller.
 */
static void problem_write(HttpRequest *request, int status, const Err *err, Buf *out) {
    Arena *arena = request->arena;
    Json *problem = json_new_map(arena);
    json_put_text(arena, problem, "type", STR("about:blank"));
    json_put_text(arena, problem, "title", str_of(status_name(err->status)));
    json_put_int(arena, problem, "status", status);
    json_put_text(arena, problem, "code", str_of(err->code[0] ? err->code : status_name(err->status)));
    json_put_text(arena, problem, "detail",
                  str_of(status >= 500 && status != 503 ? "see the log of the hub" : err->text));
    if (err->field[0]) json_put_text(arena, problem, "field", str_of(err->field));
    for (size_t i = 0; i < request->extra_count; i++)
        json_put_int(arena, problem, request->extras[i].name, request->extras[i].value);
    json_write(out, problem);
    buf_add_byte(out, '\n');
}

static void problem_headers(HttpRequest *request, int status) {
    if (status == 401) http_set_header(request, "WWW-Authenticate", STR("Bearer"));
    if (status == 426) http_set_header(request, "Upgrade", STR("Relais/1"));
    if ((status == 429 || status == 503) && !header_is_set(request, "Retry-After"))
        http_set_header(request, "Retry-After", STR("5"));
}

static void failure_tell(HttpRequest *request, const Err *err) {
    HttpServer *server = request->server;
    atomic_fetch_add(&server->failed, 1);
    if (server->app.told) server->app.told(server->app.self, err->text);
}

void request_fail(HttpRequest *request, Status status, const Err *err) {
    AUTO(buf_free) Buf body = buf_new(PROBLEM_MAX);
    Err said = *err;
    said.status = status;
    int http_status = request->problem_status ? request->problem_status : status_http(status);
    if (http_status >= 500 && http_status != 503)
        failure_tell(request, &said);
    else
        atomic_fetch_add(&request->server->refused, 1);
    problem_write(request, http_status, &said, &body);
    problem_headers(request, http_status);
    http_reply_buf(request, http_status, "application/problem+json", &body);
}

static bool is_draining(HttpServer *server) {
    pthread_mutex_lock(&server->wheel.mutex);
    bool draining = server->wheel.draining;
    pthread_mutex_unlock(&server->wheel.mutex);
    return draining;
}

enum MHD_Result request_send(HttpRequest *request) {
    struct MHD_Response *response = request->response;
    for (size_t i = 0; i < request->header_count; i++)
        (void)MHD_add_response_header(response, request->headers[i].name,
                                      str_cstr(request->arena, request->headers[i].value));
    if (is_draining(request->server)) (void)MHD_add_response_header(response, "Connection", "close");
    request->state = REQUEST_ANSWERED;
    body_release(request);
    watch_until(request->watched, steady_now() + watch_allowance(request->server, request->reply_bytes));
    if (!request->connection) return MHD_YES;
    return MHD_queue_response(request->connection, request->reply_status, response);
}
