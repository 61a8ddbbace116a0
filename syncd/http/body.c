/* The body of a request: refused by its header where possible, bounded by its route, and by what all bodies
 * may take together. */
#include "syncd/http/inside.h"

enum { SWALLOW_MAX = 64 * 1024 };

/* -1 where it is not said beforehand (chunked). */
static int64_t body_declared(HttpRequest *request) {
    int64_t length = 0;
    if (http_header(request, "Transfer-Encoding").at) return -1;
    return str_to_int(http_header(request, "Content-Length"), &length) && length > 0 ? length : 0;
}

static Status body_reserve(HttpRequest *request, size_t bytes, Err *err) {
    HttpServer *server = request->server;
    size_t all = atomic_fetch_add(&server->bodies_bytes, bytes) + bytes;
    request->body_reserved = bytes;
    if (all <= server->options.bodies_max_bytes) return OK;
    body_release(request);
    return err_set(err, E_BUSY, "too much is being sent at once; try again in a moment");
}

Status body_expect(HttpRequest *request, Err *err) {
    int64_t declared = body_declared(request);
    size_t max = request->route->body_max_bytes;
    if (declared > (int64_t)max)
        return err_set(err, E_TOOBIG, "the body is larger than the %zu bytes taken here", max);
    request->body = buf_new(max);
    return declared == 0 ? OK : body_reserve(request, declared < 0 ? max : (size_t)declared, err);
}

void body_release(HttpRequest *request) {
    atomic_fetch_sub(&request->server->bodies_bytes, request->body_reserved);
    request->body_reserved = 0;
    buf_free(&request->body);
}

bool body_is_worth_reading(HttpRequest *request) {
    return body_declared(request) <= SWALLOW_MAX;
}

static void body_over(HttpRequest *request) {
    Err err = {0};
    Status status = err_set(&err, E_TOOBIG, "the body is larger than the %zu bytes taken here",
                            request->route ? request->route->body_max_bytes : 0);
    body_release(request);
    request_fail(request, status, &err);
}

enum MHD_Result body_add(HttpRequest *request, Str bytes) {
    request->body_seen += bytes.len;
    watch_until(request->watched, request->started + watch_allowance(request->server, request->body_seen));
    if (request->response) return request->body_seen > SWALLOW_MAX * 4 ? MHD_NO : MHD_YES;
    buf_add(&request->body, bytes);
    if (request->body.over) body_over(request);
    return MHD_YES;
}
