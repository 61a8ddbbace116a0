/* syncd once: one pass, for timers and for people. */
#include "common/config/config.h"
#include "syncd/command.h"
#include "syncd/replica_side.h"

#include <stddef.h>

#define ONCE_OPTIONS(X)                                                                                      \
    X(PATH, replica, "DIR", NULL, USE_REQUIRED, "the replica's folder")                                      \
    X(DURATION, timeout_ms, "1s..1h", "60s", USE_OPTION, "give up after this time")                          \
    X(PATH, ca_file, "FILE", NULL, USE_OPTION, "certificates to trust (PEM) instead of the system's")

typedef struct OnceSettings {
    ONCE_OPTIONS(CONFIG_MEMBER)
} OnceSettings;

#define ONCE_ROW(...) CONFIG_ROW(OnceSettings, __VA_ARGS__)
static const ConfigOption once_options[] = {ONCE_OPTIONS(ONCE_ROW)};
static const ConfigCommand once_command = {
    "syncd",
    "once",
    "bring a replica up to date, send what waits, and end",
    "Ends with 0 when the replica has caught up and nothing waits for a verdict.",
    once_options,
    COUNT(once_options),
    "/etc/relais-ix/syncd.ini"};

static bool is_over(void *to, Session *session, Millis now) {
    const Millis *until = to;
    SessionState state;
    session_state(session, &state);
    return state.settled || state.gave_up_once || state.standing != STANDING_PAIRED || now >= *until;
}

static Status judge(const ReplicaSide *side, Err *err) {
    SessionState state;
    session_state(side->session, &state);
    if (state.settled && state.unreadable == 0) return OK;
    if (state.settled)
        return err_set(err, E_INVALID, "caught up, but %lld operations in the outbox cannot be read",
                       (long long)state.unreadable);
    if (replica_side_stopped(side)) return err_set(err, E_BUSY, "stopped before it had caught up");
    if (state.last_error[0]) return err_set(err, E_NETWORK, "%s", state.last_error);
    if (state.standing != STANDING_PAIRED)
        return err_set(err, E_UNKNOWN, "this replica is not paired: run syncd pair --replica %s --hub URL",
                       side->dir);
    return err_set(err, E_NETWORK, "%lld operations still wait for the hub's verdict",
                   (long long)state.undecided);
}

static Status run_once(const OnceSettings *settings, Err *err) {
    ReplicaSide side;
    SessionOptions options = replica_side_options();
    options.once = true;
    Status status = replica_side_open(&side, settings->replica, &options, err);
    side.ca_file = settings->ca_file;
    Millis until = clock_steady(clock_system()) + settings->timeout_ms;
    if (status == OK) status = replica_side_run(&side, is_over, &until, err);
    if (status == OK) status = judge(&side, err);
    replica_side_close(&side);
    return status;
}

int cmd_once(int argc, char **argv) {
    OnceSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&once_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    return run_once(&settings, &err) == OK ? EXIT_DONE : config_fail(&once_command, &err);
}
