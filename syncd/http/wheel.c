/* A wheel of slots, each a quarter of a second: parking, waking and turning cost the same with ten thousand
 * held requests as with ten. Its thread also runs the reaper. */
#include "syncd/http/inside.h"

#include <time.h>

static void slot_add(Wheel *wheel, HttpRequest *request) {
    HttpRequest **slot = &wheel->slots[(size_t)(request->held_until / TICK_MS) % WHEEL_SLOTS];
    request->slot_before = NULL;
    request->slot_next = *slot;
    if (*slot) (*slot)->slot_before = request;
    *slot = request;
    wheel->held_count++;
}

static void slot_drop(Wheel *wheel, HttpRequest *request) {
    HttpRequest **slot = &wheel->slots[(size_t)(request->held_until / TICK_MS) % WHEEL_SLOTS];
    if (request->slot_before)
        request->slot_before->slot_next = request->slot_next;
    else
        *slot = request->slot_next;
    if (request->slot_next) request->slot_next->slot_before = request->slot_before;
    wheel->held_count--;
}

static void wake_locked(Wheel *wheel, HttpRequest *request) {
    if (request->state != REQUEST_HELD) return;
    slot_drop(wheel, request);
    request->state = REQUEST_READY;
    if (request->connection)
        MHD_resume_connection(request->connection);
    else
        memory_resume(request);
}

bool http_hold(HttpRequest *request, Millis until_steady) {
    Wheel *wheel = &request->server->wheel;
    Millis latest = http_steady(request) + (Millis)(WHEEL_SLOTS - 2) * TICK_MS;
    pthread_mutex_lock(&wheel->mutex);
    bool can = !wheel->draining;
    if (can) {
        watch_until(request->watched, 0);
        if (request->connection) MHD_suspend_connection(request->connection);
        request->parked = true;
        request->state = REQUEST_HELD;
        request->held_until = until_steady < latest ? until_steady : latest;
        slot_add(wheel, request);
    }
    pthread_mutex_unlock(&wheel->mutex);
    return can;
}

void http_wake(HttpRequest *request) {
    Wheel *wheel = &request->server->wheel;
    pthread_mutex_lock(&wheel->mutex);
    wake_locked(wheel, request);
    pthread_mutex_unlock(&wheel->mutex);
}

static void slot_turn(Wheel *wheel, HttpRequest *request, Millis now) {
    while (request) {
        HttpRequest *next = request->slot_next;
        if (request->held_until <= now) wake_locked(wheel, request);
        request = next;
    }
}

/* The slot of `now` itself is looked at again next time: part of it is still to come. */
void wheel_turn(Wheel *wheel, Millis now) {
    Millis slot = wheel->turned_to / TICK_MS, last = now / TICK_MS;
    if (last - slot >= WHEEL_SLOTS) slot = last - WHEEL_SLOTS + 1;
    for (; slot <= last; slot++) slot_turn(wheel, wheel->slots[(size_t)slot % WHEEL_SLOTS], now);
    wheel->turned_to = now;
}

static void wheel_wait(Wheel *wheel) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += TICK_MS * 1000000L;
    at.tv_sec += at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&wheel->changed, &wheel->mutex, &at);
}

static void *wheel_run(void *of) {
    HttpServer *server = of;
    Wheel *wheel = &server->wheel;
    pthread_mutex_lock(&wheel->mutex);
    while (!wheel->stopping) {
        wheel_wait(wheel);
        wheel_turn(wheel, clock_steady(server->clock));
        pthread_mutex_unlock(&wheel->mutex);
        watch_reap(server, steady_now());
        pthread_mutex_lock(&wheel->mutex);
    }
    pthread_mutex_unlock(&wheel->mutex);
    return NULL;
}

void wheel_start(HttpServer *server) {
    Wheel *wheel = &server->wheel;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&wheel->mutex, NULL);
    pthread_cond_init(&wheel->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    wheel->turned_to = clock_steady(server->clock);
    pthread_create(&wheel->thread, NULL, wheel_run, server);
}

void wheel_drain(HttpServer *server) {
    Wheel *wheel = &server->wheel;
    pthread_mutex_lock(&wheel->mutex);
    wheel->draining = true;
    for (size_t i = 0; i < WHEEL_SLOTS; i++) slot_turn(wheel, wheel->slots[i], INT64_MAX);
    pthread_mutex_unlock(&wheel->mutex);
}

void wheel_stop(HttpServer *server) {
    Wheel *wheel = &server->wheel;
    pthread_mutex_lock(&wheel->mutex);
    wheel->stopping = true;
    pthread_cond_signal(&wheel->changed);
    pthread_mutex_unlock(&wheel->mutex);
    pthread_join(wheel->thread, NULL);
    pthread_cond_destroy(&wheel->changed);
    pthread_mutex_destroy(&wheel->mutex);
}
