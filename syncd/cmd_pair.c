/* syncd pair: shows a code, waits until an administrator approved it, keeps the token. */
#include "common/config/config.h"
#include "syncd/command.h"
#include "syncd/replica_side.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define PAIR_OPTIONS(X)                                                                                      \
    X(PATH, replica, "DIR", NULL, USE_REQUIRED, "the replica's folder; made where it is missing")            \
    X(TEXT, hub, "URL[,URL…]", NULL, USE_REQUIRED, "addresses of the hub and of relays, the best one first") \
    X(FLAG, insecure_lan, "", NULL, USE_OPTION, "speak plain HTTP beyond loopback")                          \
    X(FLAG, again, "", NULL, USE_OPTION, "pair a replica that is paired already, as a new device")           \
    X(PATH, ca_file, "FILE", NULL, USE_OPTION, "certificates to trust (PEM) instead of the system's")

typedef struct PairSettings {
    PAIR_OPTIONS(CONFIG_MEMBER)
} PairSettings;

#define PAIR_ROW(...) CONFIG_ROW(PairSettings, __VA_ARGS__)
static const ConfigOption pair_options[] = {PAIR_OPTIONS(PAIR_ROW)};
static const ConfigCommand pair_command = {
    "syncd",
    "pair",
    "make a replica a device of a hub",
    "The first line on standard output is \"code ABCD-EFGH\", the second where it is approved.",
    pair_options,
    COUNT(pair_options),
    "/etc/relais-ix/syncd.ini"};

typedef struct Shown {
    char code[32];
} Shown;

static bool show_code(void *to, Session *session, Millis now) {
    Shown *shown = to;
    SessionState state;
    (void)now;
    session_state(session, &state);
    if (state.code[0] && strcmp(state.code, shown->code) != 0) {
        snprintf(shown->code, sizeof(shown->code), "%s", state.code);
        printf("code %s\n%s\n", state.code, state.uri);
        fflush(stdout);
    }
    return state.pairing_over || state.standing == STANDING_PAIRED;
}

static Status keep_hubs(const PairSettings *settings, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Identity identity = {0};
    TRY(identity_read(settings->replica, arena, &identity, err));
    if (identity.token.at && !settings->again)
        return err_set(err, E_EXISTS, "this replica is paired already: --again makes a new device of it");
    identity.insecure_lan = settings->insecure_lan;
    identity.token = identity.device = (Str){0};
    TRY(identity_set_hubs(&identity, arena, str_of(settings->hub), err));
    return identity_write(settings->replica, &identity, err);
}

static Status wait_for_approval(ReplicaSide *side, Err *err) {
    Shown shown = {0};
    SessionState state;
    TRY(replica_side_run(side, show_code, &shown, err));
    session_state(side->session, &state);
    if (state.standing == STANDING_PAIRED) return OK;
    if (replica_side_stopped(side)) return err_set(err, E_BUSY, "stopped before the code was approved");
    return err_set(err, E_DENIED, "%s", state.last_error[0] ? state.last_error : "the code was not approved");
}

/* The lock is taken before the identity is touched: a syncd that runs keeps its own. */
static Status pair(const PairSettings *settings, Err *err) {
    ReplicaSide side;
    Replica *lock = NULL;
    SessionOptions options = replica_side_options();
    options.pair_only = true;
    TRY(replica_open(&lock, settings->replica, clock_system(), err));
    Status kept = keep_hubs(settings, err);
    if (kept == OK) kept = replica_set_standing(lock, STANDING_UNPAIRED, err);
    replica_close(lock);
    if (kept != OK) return kept;
    Status status = replica_side_open(&side, settings->replica, &options, err);
    side.ca_file = settings->ca_file;
    if (status == OK) status = wait_for_approval(&side, err);
    replica_side_close(&side);
    return status;
}

int cmd_pair(int argc, char **argv) {
    PairSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&pair_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    return pair(&settings, &err) == OK ? EXIT_DONE : config_fail(&pair_command, &err);
}
