/* syncd serve: the hub, until SIGTERM. */
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/config/config.h"
#include "syncd/command.h"
#include "syncd/hub/blobs.h"
#include "syncd/hub/hub.h"
#include "syncd/import.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define SERVE_OPTIONS(X)                                                                                     \
    X(PATH, store, "FILE|postgres://…", NULL, USE_REQUIRED,                                                  \
      "where the hub keeps its records (syncd init makes it)")                                               \
    X(PATH, blobs, "DIR", NULL, USE_OPTION,                                                                  \
      "where images and files are kept; beside a store that is a file where it is not said")                 \
    X(TEXT, listen, "ADDRESS:PORT", "127.0.0.1:8470", USE_OPTION,                                            \
      "where to listen; port 0 takes a free one")                                                            \
    X(TEXT, public_url, "URL", NULL, USE_OPTION, "how devices and people reach the hub, where it differs")   \
    X(PATH, tls_cert, "FILE", NULL, USE_OPTION, "certificate chain (PEM)")                                   \
    X(PATH, tls_key, "FILE", NULL, USE_OPTION, "its key (PEM)")                                              \
    X(FLAG, insecure_lan, "", NULL, USE_OPTION, "speak plain HTTP beyond loopback")                          \
    X(CHOICE, durable, "backup|now", "backup", USE_OPTION, "what makes an operation durable")                \
    X(INT, max_connections, "1..20000", "4096", USE_OPTION, "connections at one time")                       \
    X(INT, max_per_address, "1..20000", "64", USE_OPTION, "connections of one address")                      \
    X(INT, enrol_rate, "1..100000", "10", USE_OPTION, "device codes a minute for one address")               \
    X(DURATION, request_ms, "1s..10m", "30s", USE_OPTION, "a request must have arrived in this time")        \
    X(DURATION, idle_ms, "1s..10m", "75s", USE_OPTION, "a silent connection is closed after this time")      \
    X(DURATION, grace_ms, "0s..5m", "10s", USE_OPTION, "how long requests under way may finish at the end")

typedef struct ServeSettings {
    SERVE_OPTIONS(CONFIG_MEMBER)
} ServeSettings;

#define SERVE_ROW(...) CONFIG_ROW(ServeSettings, __VA_ARGS__)
static const ConfigOption serve_options[] = {SERVE_OPTIONS(SERVE_ROW)};
static const ConfigCommand serve_command = {
    "syncd", "serve", "serve the hub", NULL, serve_options, COUNT(serve_options), "/etc/relais-ix/syncd.ini"};

static const HttpRoute import_routes[] = {IMPORT_ROUTE};

enum { PEM_MAX = 256 * 1024 };

static Status tls_read(const ServeSettings *settings, Arena *arena, HttpOptions *out, Err *err) {
    if (!settings->tls_cert && !settings->tls_key) return OK;
    if (!settings->tls_cert || !settings->tls_key)
        return err_set(err, E_INVALID, "--tls-cert and --tls-key go together");
    TRY(file_read(arena, settings->tls_cert, PEM_MAX, &out->tls_cert, err));
    return file_read(arena, settings->tls_key, PEM_MAX, &out->tls_key, err);
}

static Status http_options_read(const ServeSettings *settings, Arena *arena, HttpOptions *out, Err *err) {
    *out = http_options();
    out->listen = settings->listen;
    out->allow_plain = settings->insecure_lan;
    out->max_connections = (unsigned)settings->max_connections;
    out->max_per_address = (unsigned)settings->max_per_address;
    out->request_seconds = (unsigned)(settings->request_ms / SECOND_MS);
    out->idle_seconds = (unsigned)(settings->idle_ms / SECOND_MS);
    return tls_read(settings, arena, out, err);
}

/* Blocked before the first thread starts, so that every thread has them blocked and one place waits for them.
 */
static sigset_t signals_block(void) {
    sigset_t set;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return set;
}

enum { TEND_EVERY_S = 5 };

/* Until a signal comes, the hub is looked after. */
static int tend_until_told(Hub *hub, const sigset_t *signals) {
    const struct timespec every = {.tv_sec = TEND_EVERY_S};
    for (int which;;) {
        Err err = {0};
        if (hub_tend(hub, &err) != OK) log_warning("%s", err.text);
        which = sigtimedwait(signals, NULL, &every);
        if (which > 0) return which;
    }
}

static void serve_until_told(const ServeSettings *settings, Arena *arena, HttpServer *server, Hub *hub,
                             const sigset_t *signals) {
    printf("listening %s\n", http_url(server));
    fflush(stdout);
    log_info("serving %.*s on %s, durable %s", STR_FORMAT(store_name(arena, settings->store)),
             http_url(server), settings->durable);
    log_info("stopping: %s", strsignal(tend_until_told(hub, signals)));
    http_stop(server, settings->grace_ms);
    log_info("stopped");
}

static Status serve(const ServeSettings *settings, Arena *arena, Err *err) {
    AUTO(store_close_auto) Store *store = NULL;
    AUTO(hub_close_auto) Hub *hub = NULL;
    HttpServer *server = NULL;
    HttpOptions http;
    sigset_t signals = signals_block();
    HubOptions options = {.clock = clock_system(),
                          .durable =
                              strcmp(settings->durable, "now") == 0 ? HUB_DURABLE_NOW : HUB_DURABLE_BACKUP,
                          .enrol_per_minute = settings->enrol_rate,
                          .public_url = settings->public_url,
                          .more_routes = import_routes,
                          .more_count = COUNT(import_routes)};
    TRY(blobs_dir_of(settings->blobs, settings->store, arena, &options.blobs_dir, err));
    TRY(http_options_read(settings, arena, &http, err));
    TRY(store_open(&store, settings->store, err));
    TRY(hub_open(&hub, store, &options, err));
    HttpApp app = hub_app(hub);
    TRY(http_start(&server, &http, &app, err));
    serve_until_told(settings, arena, server, hub, &signals);
    return OK;
}

int cmd_serve(int argc, char **argv) {
    ServeSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&serve_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    return serve(&settings, arena, &err) == OK ? EXIT_DONE : config_fail(&serve_command, &err);
}
