#include "syncd/http/inside.h"

#include <string.h>

/* "{kind}" takes the segment as a parameter; everything else must be the same. */
static bool segment_matches(HttpRequest *request, Str pattern, Str segment) {
    if (!str_starts(pattern, STR("{"))) return str_equal(pattern, segment);
    if (segment.len == 0 || request->param_count == PARAMS_MAX) return false;
    Str name = {pattern.at + 1, pattern.len - 2};
    request->params[request->param_count++] = (Pair){str_cstr(request->arena, name), segment};
    return true;
}

static bool path_matches(HttpRequest *request, const char *pattern) {
    Str wanted = str_of(pattern), path = str_of(request->path), a, b;
    request->param_count = 0;
    for (;;) {
        bool more = str_cut(&wanted, '/', &a);
        if (more != str_cut(&path, '/', &b)) return false;
        if (!more) return true;
        if (!segment_matches(request, a, b)) return false;
    }
}

static bool method_matches(const HttpRequest *request, const HttpRoute *route) {
    if (strcmp(route->method, request->method) == 0) return true;
    return http_is_head(request) && strcmp(route->method, "GET") == 0;
}

static Status route_refuse(HttpRequest *request, Buf *allowed, Err *err) {
    if (allowed->len == 0) return err_set(err, E_NOTFOUND, "there is nothing at %.200s", request->path);
    http_set_header(request, "Allow", str_copy(request->arena, buf_str(allowed)));
    http_problem_status(request, 405);
    return err_set_code(err, E_INVALID, "method", "%.20s is not possible here", request->method);
}

Status route_find(HttpRequest *request, Err *err) {
    const HttpApp *app = &request->server->app;
    AUTO(buf_free) Buf allowed = buf_new(256);
    for (size_t i = 0; i < app->route_count; i++) {
        if (!path_matches(request, app->routes[i].pattern)) continue;
        if (method_matches(request, &app->routes[i])) {
            request->route = &app->routes[i];
            return OK;
        }
        buf_print(&allowed, "%s%s", allowed.len ? ", " : "", app->routes[i].method);
    }
    return route_refuse(request, &allowed, err);
}
