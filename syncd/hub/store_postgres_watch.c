/* Several hub processes on one database: each tells the others after its commits with one NOTIFY, outside the
 * transaction that wrote and from a connection of its own, however many commits there were since the last;
 * and asks what changed when it is told, or every so often, for a notification only saves time. What changed
 * stands in scope_sum, written with every commit. */
#include "syncd/hub/store_postgres.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { POLL_MS = 2 * SECOND_MS, AGAIN_MS = SECOND_MS };

typedef struct Watcher {
    PgStore *store;
    PgWatch *watch;
    Link *link; /* NULL while the database is away */
    int64_t seen;
} Watcher;

static void watch_wake(PgWatch *watch) {
    uint64_t one = 1;
    while (write(watch->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR) {
    }
}

void pg_watch_commit(PgStore *store) {
    if (store->watch.running) watch_wake(&store->watch);
}

/* True when this process has committed since the last time. */
static bool wake_take(PgWatch *watch) {
    uint64_t count = 0;
    return read(watch->wake_fd, &count, sizeof(count)) == sizeof(count);
}

static Status changed_tell(Watcher *watcher, Err *err) {
    AUTO_ROWS rows = NULL;
    Call call = {0};
    call_int(&call, watcher->seen);
    TRY(link_read(watcher->link, PG_changed_since, &call, &rows, err));
    for (int row = 0; row < PQntuples(rows); row++) {
        Str scope = row_borrow(rows, row, 0);
        StoreCommit commit = {.head = row_int(rows, row, 1), .scopes = &scope, .scope_count = 1};
        watcher->watch->to.changed(watcher->watch->to.self, &commit);
        watcher->seen = commit.head;
    }
    return OK;
}

/* Our own notifications come back to us too. */
static bool others_notified(Link *link) {
    bool others = false;
    PGnotify *notify;
    while ((notify = PQnotifies(link->connection))) {
        others = others || notify->be_pid != PQbackendPID(link->connection);
        PQfreemem(notify);
    }
    return others;
}

/* A notification is worth nothing after a crash: it need not wait for the disk. */
static Status link_listen(Watcher *watcher, Err *err) {
    TRY(link_open(&watcher->link, watcher->store->url, err));
    TRY(link_run(watcher->link, "SET synchronous_commit TO off", err));
    TRY(link_prepare(watcher->link, err));
    TRY(link_write(watcher->link, PG_listen, NULL, err));
    return link_sync(watcher->link, err);
}

static Status notify_others(Watcher *watcher, Err *err) {
    TRY(link_write(watcher->link, PG_notify, NULL, err));
    return link_sync(watcher->link, err);
}

/* Returns at a notification, at a commit of this process, or when it is time to look. */
static void watch_wait(Watcher *watcher, Millis at_most_ms) {
    struct pollfd fds[2] = {{.fd = watcher->watch->wake_fd, .events = POLLIN}, {.fd = -1, .events = POLLIN}};
    if (watcher->link) fds[1].fd = PQsocket(watcher->link->connection);
    poll(fds, 2, (int)at_most_ms);
    if (fds[1].revents && !PQconsumeInput(watcher->link->connection)) watcher->link->broken = true;
}

static Status watch_round(Watcher *watcher, bool look, Err *err) {
    bool committed = wake_take(watcher->watch), fresh = !watcher->link;
    if (fresh) TRY(link_listen(watcher, err));
    if (committed || fresh) TRY(notify_others(watcher, err));
    bool told = others_notified(watcher->link);
    return told || look || fresh ? changed_tell(watcher, err) : OK;
}

static void link_drop(Watcher *watcher) {
    link_close(watcher->link);
    watcher->link = NULL;
}

static void *watch_run(void *of) {
    PgStore *store = of;
    Watcher watcher = {.store = store, .watch = &store->watch, .seen = store->watch.seen};
    Millis look_at = 0;
    while (!store->watch.stopping) {
        Err err;
        Millis now = clock_steady(clock_system());
        bool look = now >= look_at;
        if (look) look_at = now + POLL_MS;
        bool failed = watch_round(&watcher, look, &err) != OK || watcher.link->broken;
        if (failed) link_drop(&watcher);
        watch_wait(&watcher, failed ? AGAIN_MS : look_at - clock_steady(clock_system()));
    }
    link_drop(&watcher);
    return NULL;
}

static void watch_stop(PgWatch *watch) {
    if (!watch->running) return;
    watch->stopping = true;
    watch_wake(watch);
    pthread_join(watch->thread, NULL);
    close(watch->wake_fd);
    watch->running = watch->stopping = false;
}

/* What was committed before is read by everybody who asks from now on; should the database be away at this
 * moment, everything counts as changed. */
static int64_t head_now(Store *store) {
    Err ignored;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    return store_begin(store, STORE_READ, &tx, &ignored) == OK ? tx->verbs->head(tx) : 0;
}

void pg_watch(Store *base, const StoreWatch *to) {
    PgWatch *watch = &((PgStore *)base)->watch;
    watch_stop(watch);
    if (!to) return;
    watch->to = *to;
    watch->seen = head_now(base);
    watch->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    watch->running = watch->wake_fd >= 0 && pthread_create(&watch->thread, NULL, watch_run, base) == 0;
}
