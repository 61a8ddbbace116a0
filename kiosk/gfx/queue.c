#include "kiosk/gfx/inside.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

void queue_open(Queue *queue, bool headless) {
    pthread_mutex_init(&queue->lock, NULL);
    queue->first = queue->count = 0;
    queue->wake_fd = headless ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
    queue->sdl_type = headless ? 0 : SDL_RegisterEvents(1);
}

void queue_close(Queue *queue) {
    if (queue->wake_fd >= 0) close(queue->wake_fd);
    pthread_mutex_destroy(&queue->lock);
}

static void wake(Queue *queue) {
    uint64_t one = 1;
    if (queue->wake_fd >= 0) {
        ssize_t written = write(queue->wake_fd, &one, sizeof one);
        (void)written; /* full means: it is awake */
        return;
    }
    SDL_Event event = {.type = queue->sdl_type};
    SDL_PushEvent(&event);
}

/* A wake-up that waits already is not put in twice. */
static bool waits_already(const Queue *queue, const GfxEvent *event) {
    if (event->type != GFX_WAKE) return false;
    for (int i = 0; i < queue->count; i++) {
        const GfxEvent *waiting = &queue->events[(queue->first + i) % QUEUE_MAX];
        if (waiting->type == GFX_WAKE && waiting->code == event->code) return true;
    }
    return false;
}

void queue_push(Queue *queue, const GfxEvent *event) {
    pthread_mutex_lock(&queue->lock);
    if (queue->count < QUEUE_MAX && !waits_already(queue, event))
        queue->events[(queue->first + queue->count++) % QUEUE_MAX] = *event;
    pthread_mutex_unlock(&queue->lock);
    wake(queue);
}

bool queue_take(Queue *queue, GfxEvent *out) {
    pthread_mutex_lock(&queue->lock);
    bool found = queue->count > 0;
    if (found) {
        *out = queue->events[queue->first];
        explicit_bzero(&queue->events[queue->first], sizeof *out);
        queue->first = (queue->first + 1) % QUEUE_MAX;
        queue->count--;
    }
    pthread_mutex_unlock(&queue->lock);
    return found;
}

void queue_wait(Queue *queue, Millis until_ms) {
    Millis left = until_ms ? until_ms - clock_steady(clock_system()) : -1;
    if (until_ms && left < 0) left = 0;
    struct pollfd waiting = {.fd = queue->wake_fd, .events = POLLIN};
    uint64_t count;
    if (poll(&waiting, 1, (int)left) <= 0) return;
    ssize_t taken = read(queue->wake_fd, &count, sizeof count);
    (void)taken; /* empty means: another look at the queue costs nothing */
}
