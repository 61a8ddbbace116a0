/* MHD's time-out is for silence only: one byte a second survives it. So every connection has a moment by
 * which the other side owes something (its request, the next bytes of the body, having read the answer), and
 * is shut when that is past. */
#include "syncd/http/inside.h"

#include <stdlib.h>
#include <sys/socket.h>

void watch_start(HttpServer *server) {
    pthread_mutex_init(&server->watch.mutex, NULL);
}

void watch_stop(HttpServer *server) {
    pthread_mutex_destroy(&server->watch.mutex);
}

void watch_until(Watched *watched, Millis due) {
    if (watched) atomic_store(&watched->due, due);
}

Millis watch_allowance(const HttpServer *server, size_t bytes) {
    Millis for_bytes = (Millis)bytes * SECOND_MS / server->options.bytes_per_second;
    return (Millis)server->options.request_seconds * SECOND_MS + for_bytes;
}

static void watch_add(Watch *watch, Watched *watched) {
    pthread_mutex_lock(&watch->mutex);
    watched->next = watch->first;
    if (watch->first) watch->first->before = watched;
    watch->first = watched;
    watch->count++;
    pthread_mutex_unlock(&watch->mutex);
}

static void watch_drop(Watch *watch, Watched *watched) {
    pthread_mutex_lock(&watch->mutex);
    if (watched->before)
        watched->before->next = watched->next;
    else
        watch->first = watched->next;
    if (watched->next) watched->next->before = watched->before;
    watch->count--;
    pthread_mutex_unlock(&watch->mutex);
}

void watch_connection(void *of, struct MHD_Connection *connection, void **context,
                      enum MHD_ConnectionNotificationCode code) {
    HttpServer *server = of;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context) watch_drop(&server->watch, *context);
        free(*context);
        *context = NULL;
        return;
    }
    Watched *watched = calloc(1, sizeof(*watched));
    if (!watched) return; /* unwatched: MHD's own time-out still holds */
    watched->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    watch_until(watched, steady_now() + watch_allowance(server, 0));
    watch_add(&server->watch, watched);
    *context = watched;
}

void watch_reap(HttpServer *server, Millis now) {
    pthread_mutex_lock(&server->watch.mutex);
    for (Watched *watched = server->watch.first; watched; watched = watched->next) {
        Millis due = atomic_load(&watched->due);
        if (due == 0 || due > now) continue;
        shutdown(watched->fd, SHUT_RDWR);
        watch_until(watched, 0);
        atomic_fetch_add(&server->reaped, 1);
    }
    pthread_mutex_unlock(&server->watch.mutex);
}
