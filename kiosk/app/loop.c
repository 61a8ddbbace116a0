#include "kiosk/app/loop.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Watch {
    App *app;
    pthread_t thread;
    int stop[2];
} Watch;

/* Wake-ups go up and carry no data: nothing but this happens on the other thread. */
static void *watch(void *watch_) {
    Watch *watch = watch_;
    struct pollfd fds[] = {{.fd = wake_fd(watch->app->wake), .events = POLLIN},
                           {.fd = watch->stop[0], .events = POLLIN}};
    for (;;) {
        if (poll(fds, COUNT(fds), -1) < 0) continue;
        if (fds[1].revents) return NULL;
        if (wake_drain(watch->app->wake)) gfx_wake(watch->app->gfx, 0);
    }
}

static Status watch_start(Watch *watch_, App *app, Err *err) {
    *watch_ = (Watch){.app = app, .stop = {-1, -1}};
    if (!app->wake) return OK;
    if (pipe(watch_->stop) != 0) return err_from_errno(err, errno, "the wake-up thread");
    if (pthread_create(&watch_->thread, NULL, watch, watch_) != 0)
        return err_set(err, E_INTERNAL, "the wake-up thread did not start");
    return OK;
}

static void watch_stop(Watch *watch_) {
    if (watch_->stop[1] < 0) return;
    if (write(watch_->stop[1], "", 1) == 1) pthread_join(watch_->thread, NULL);
    close(watch_->stop[0]);
    close(watch_->stop[1]);
}

/* Several events that wait become one picture. */
static void take_events(App *app) {
    GfxEvent event = gfx_wait(app->gfx, app_next_deadline(app));
    for (;;) {
        bool nothing = event.type == GFX_TIMEOUT;
        app_handle(app, &event);
        if (nothing || app_quits(app)) return;
        event = gfx_wait(app->gfx, 1); /* a moment long past: only what is there already */
    }
}

Status loop_run(App *app, Err *err) {
    Watch watch;
    TRY(watch_start(&watch, app, err));
    app_frame(app);
    while (!app_quits(app)) {
        take_events(app);
        app_frame(app);
    }
    watch_stop(&watch);
    return OK;
}
