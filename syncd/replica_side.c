#include "syncd/replica_side.h"

#include "common/base/log.h"
#include "common/replica/files.h"
#include "common/wire/secret.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void tell(void *to, bool trouble, const char *text) {
    (void)to;
    if (trouble)
        log_warning("%s", text);
    else
        log_info("%s", text);
}

SessionOptions replica_side_options(void) {
    Rng rng = rng_from_system();
    return (SessionOptions){.version = RELAIS_VERSION, .seed = rng_next(&rng), .tell = tell};
}

static Status open_signals(ReplicaSide *side, Err *err) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    side->stop_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    return side->stop_fd < 0 ? err_from_errno(err, errno, "no signals") : OK;
}

/* Without pokes everything works, a minute later. */
static void open_wake(ReplicaSide *side) {
    Err err = {0};
    if (wake_open(&side->wake, side->dir, SYNCD_SOCKET, &err) == OK) return;
    side->wake = NULL;
    log_warning("%s: what the kiosk does is seen a minute later", err.text);
}

Status replica_side_open(ReplicaSide *out, const char *dir, const SessionOptions *options, Err *err) {
    *out = (ReplicaSide){.arena = arena_open(), .stop_fd = -1};
    out->dir = str_cstr(out->arena, str_of(dir));
    TRY(secret_init(err));
    TRY(open_signals(out, err));
    TRY(replica_open(&out->replica, dir, clock_system(), err));
    if (replica_mended(out->replica))
        log_warning("replica.db was set aside: %s", replica_mended(out->replica));
    open_wake(out);
    return session_open(&out->session, out->replica, options, err);
}

void replica_side_close(ReplicaSide *side) {
    session_close(side->session);
    wake_close(side->wake);
    replica_close(side->replica);
    if (side->stop_fd >= 0) close(side->stop_fd);
    arena_close(side->arena);
    *side = (ReplicaSide){.stop_fd = -1};
}

bool replica_side_stopped(const ReplicaSide *side) {
    struct pollfd stop = {.fd = side->stop_fd, .events = POLLIN};
    return poll(&stop, 1, 0) > 0;
}

Status replica_side_run(ReplicaSide *side, bool (*is_over)(void *to, Session *session, Millis now), void *to,
                        Err *err) {
    DriverOptions options = {.session = side->session,
                             .dir = side->dir,
                             .clock = clock_system(),
                             .wake = side->wake,
                             .stop_fd = side->stop_fd,
                             .ca_file = side->ca_file,
                             .is_over = is_over,
                             .to = to};
    return driver_run(&options, err);
}
