/* Sends what a Session asks for and tells it what came back: libcurl, the poke of the kiosk, signals. Home of
 * libcurl. */
#pragma once

#include "common/replica/wake.h"
#include "syncd/agent/session.h"

typedef struct DriverOptions {
    Session *session;
    const char *dir; /* of the replica, for the free space of its disk */
    const Clock *clock;
    Wake *wake;          /* NULL: no pokes */
    int stop_fd;         /* readable: end; -1 = none */
    const char *ca_file; /* PEM; NULL = the system's */
    /* After each round: true = end. NULL: only stop_fd ends it. */
    bool (*is_over)(void *to, Session *session, Millis now);
    void *to;
} DriverOptions;

/* Returns when it is over; fails only where nothing could be begun. */
CHECKED Status driver_run(const DriverOptions *options, Err *err);
