/* What pair, run and once have in common: a replica's folder, its lock, a session on it, signals, the log. */
#pragma once

#include "syncd/agent/driver.h"

typedef struct ReplicaSide {
    Arena *arena;
    const char *dir;
    const char *ca_file;
    Replica *replica;
    Session *session;
    Wake *wake;
    int stop_fd;
} ReplicaSide;

/* Blocks the signals that end a process, before anything starts a thread. Everything is closed by
 * replica_side_close, also after a failure. */
CHECKED Status replica_side_open(ReplicaSide *out, const char *dir, const SessionOptions *options, Err *err);
void replica_side_close(ReplicaSide *side);

/* Until is_over says so, or a signal. */
CHECKED Status replica_side_run(ReplicaSide *side, bool (*is_over)(void *to, Session *session, Millis now),
                                void *to, Err *err);

/* SIGTERM or SIGINT came. */
bool replica_side_stopped(const ReplicaSide *side);

/* SessionOptions with the program's version, a seed of its own and the log. */
SessionOptions replica_side_options(void);
