/* syncd run: the daemon of a replica. */
#include "common/base/log.h"
#include "common/config/config.h"
#include "syncd/command.h"
#include "syncd/replica_side.h"

#include <stddef.h>

#define RUN_OPTIONS(X)                                                                                       \
    X(PATH, replica, "DIR", NULL, USE_REQUIRED, "the replica's folder; made where it is missing")            \
    X(PATH, ca_file, "FILE", NULL, USE_OPTION, "certificates to trust (PEM) instead of the system's")

typedef struct RunSettings {
    RUN_OPTIONS(CONFIG_MEMBER)
} RunSettings;

#define RUN_ROW(...) CONFIG_ROW(RunSettings, __VA_ARGS__)
static const ConfigOption run_options[] = {RUN_OPTIONS(RUN_ROW)};
static const ConfigCommand run_command = {"syncd",
                                          "run",
                                          "keep a replica up to date and send what was done on it",
                                          "Runs until SIGTERM. A replica that was never paired waits until "
                                          "the kiosk asks for it, or until syncd pair was run once.",
                                          run_options,
                                          COUNT(run_options),
                                          "/etc/relais-ix/syncd.ini"};

static Status run_until_told(const RunSettings *settings, Err *err) {
    ReplicaSide side;
    SessionOptions options = replica_side_options();
    Status status = replica_side_open(&side, settings->replica, &options, err);
    side.ca_file = settings->ca_file;
    if (status == OK) status = replica_side_run(&side, NULL, NULL, err);
    if (status == OK) log_info("stopping");
    replica_side_close(&side);
    return status;
}

int cmd_run(int argc, char **argv) {
    RunSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&run_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    return run_until_told(&settings, &err) == OK ? EXIT_DONE : config_fail(&run_command, &err);
}
