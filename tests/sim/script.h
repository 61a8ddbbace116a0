/* What will happen, thrown before anything happens: a run is a function of its script, so that steps can be
 * taken out of it. */
#pragma once

#include "common/base/rng.h"
#include "tests/sim/situations.h"

#include <stdbool.h>
#include <stdint.h>

/* X(name, weight, share of the seeds in which it occurs at all, in percent) */
#define STEPS(X)                                                                                             \
    X(act, 60, 100)                                                                                          \
    X(look, 12, 100)                                                                                         \
    X(exchange, 80, 100)                                                                                     \
    X(sync, 25, 100)                                                                                         \
    X(ask, 50, 90)                                                                                           \
    X(carry, 60, 100)                                                                                        \
    X(tell, 60, 100)                                                                                         \
    X(tell_part, 30, 60)                                                                                     \
    X(cut_down, 20, 70)                                                                                      \
    X(lose_request, 8, 60)                                                                                   \
    X(lose_answer, 10, 60)                                                                                   \
    X(lose_verdict, 10, 60)                                                                                  \
    X(leave, 8, 50)                                                                                          \
    X(double, 8, 50)                                                                                         \
    X(stray, 12, 100)                                                                                        \
    X(cut_up, 8, 40)                                                                                         \
    X(flip, 12, 25)                                                                                          \
    X(kill, 6, 50)                                                                                           \
    X(crash, 14, 50)                                                                                         \
    X(crash_screen, 4, 40)                                                                                   \
    X(power_cut, 4, 40)                                                                                      \
    X(disk_error, 6, 30)                                                                                     \
    X(disk_full, 6, 30)                                                                                      \
    X(hub_kill, 3, 40)                                                                                       \
    X(hub_crash, 8, 40)                                                                                      \
    X(hub_power_cut, 2, 40)                                                                                  \
    X(clock, 4, 30)                                                                                          \
    X(time, 30, 100)                                                                                         \
    X(days, 3, 40)                                                                                           \
    X(weeks, 2, 25)                                                                                          \
    X(notice, 20, 90)                                                                                        \
    X(drop_notice, 8, 70)                                                                                    \
    X(event, 10, 80)                                                                                         \
    X(person, 5, 60)                                                                                         \
    X(pool, 6, 60)                                                                                           \
    X(site, 2, 30)                                                                                           \
    X(purge, 4, 40)                                                                                          \
    X(tend, 6, 60)                                                                                           \
    X(clone, 5, 40)                                                                                          \
    X(revoke, 2, 25)                                                                                         \
    X(pair, 4, 40)                                                                                           \
    X(approve, 12, 100)                                                                                      \
    X(unpair, 1, 15)                                                                                         \
    X(limit, 2, 50)

typedef enum StepKind {
#define STEP_MEMBER(name, weight, share) STEP_##name,
    STEPS(STEP_MEMBER) STEP_KIND_COUNT
} StepKind;

typedef struct SimStep {
    StepKind kind;
    uint32_t a, b, c;
} SimStep;

typedef struct Script {
    SimStep *steps;
    size_t count;
} Script;

typedef struct SimOptions {
    uint64_t first_seed, last_seed;
    size_t steps;
    size_t page_limit; /* 0 = by dice */
    bool trace, check_replay, shrink, counts;
    const char *only; /* "3,7,12": these steps alone */
    int jobs;
    int64_t stop_after_s; /* begin no more seeds after so long; 0 = all */
} SimOptions;

enum { FAILURE_BYTES = 1024 };

/* What a run leaves behind; filled in the process of the run, read by the one that ordered it. */
typedef struct SimResult {
    uint32_t counts[SITUATION_COUNT];
    uint64_t trace_hash;
    uint32_t steps_done;
    bool failed, finished;
    char failure[FAILURE_BYTES];
} SimResult;

Script script_throw(uint64_t seed, size_t steps); /* free(script.steps) */
const char *step_name(StepKind kind);

/* run.c: one seed in this process. Trace lines go to stdout where the options say so. */
void sim_run(uint64_t seed, const Script *script, const SimOptions *options, SimResult *result);
void script_keep(Script *script, const char *only); /* every other step becomes nothing */
