/* HTTP_IN_TURN: requests wait, suspended, for one thread that runs them in the order in which they were
 * complete. */
#include "syncd/http/inside.h"

static HttpRequest *line_take(Line *line) {
    pthread_mutex_lock(&line->mutex);
    while (!line->first && !line->stopping) pthread_cond_wait(&line->filled, &line->mutex);
    HttpRequest *request = line->first;
    if (request) line->first = request->line_next;
    if (!line->first) line->last = NULL;
    pthread_mutex_unlock(&line->mutex);
    return request;
}

static void *line_run(void *of) {
    HttpServer *server = of;
    HttpRequest *request;
    while ((request = line_take(&server->line))) {
        struct MHD_Connection *connection = request->connection;
        request_run(request);
        MHD_resume_connection(connection); /* from here on the request may be gone */
    }
    return NULL;
}

void line_join(HttpRequest *request) {
    Line *line = &request->server->line;
    request->state = REQUEST_IN_LINE;
    MHD_suspend_connection(request->connection);
    pthread_mutex_lock(&line->mutex);
    request->line_next = NULL;
    if (line->last)
        line->last->line_next = request;
    else
        line->first = request;
    line->last = request;
    pthread_cond_signal(&line->filled);
    pthread_mutex_unlock(&line->mutex);
}

void line_start(HttpServer *server) {
    pthread_mutex_init(&server->line.mutex, NULL);
    pthread_cond_init(&server->line.filled, NULL);
    pthread_create(&server->line.thread, NULL, line_run, server);
}

void line_stop(HttpServer *server) {
    Line *line = &server->line;
    pthread_mutex_lock(&line->mutex);
    line->stopping = true;
    pthread_cond_signal(&line->filled);
    pthread_mutex_unlock(&line->mutex);
    pthread_join(line->thread, NULL);
    pthread_cond_destroy(&line->filled);
    pthread_mutex_destroy(&line->mutex);
}
