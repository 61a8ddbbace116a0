#include "tests/sim/script.h"

#include <stdlib.h>

static const struct StepRow {
    const char *name;
    uint32_t weight, share;
} rows[] = {
#define STEP_ROW(name, weight, share) {#name, weight, share},
    STEPS(STEP_ROW)};

const char *step_name(StepKind kind) {
    return rows[kind].name;
}

/* Each seed has its own weather: some kinds never occur in it, others often. */
static uint64_t throw_weights(Rng *rng, uint64_t weights[STEP_KIND_COUNT]) {
    uint64_t sum = 0;
    for (size_t i = 0; i < STEP_KIND_COUNT; i++) {
        bool occurs = rng_below(rng, 100) < rows[i].share;
        weights[i] = occurs ? rows[i].weight * (1 + rng_below(rng, 4)) : 0;
        sum += weights[i];
    }
    return sum;
}

static StepKind pick(Rng *rng, const uint64_t weights[STEP_KIND_COUNT], uint64_t sum) {
    uint64_t at = rng_below(rng, sum);
    for (size_t i = 0; i < STEP_KIND_COUNT; i++) {
        if (at < weights[i]) return (StepKind)i;
        at -= weights[i];
    }
    return STEP_act;
}

Script script_throw(uint64_t seed, size_t steps) {
    uint64_t weights[STEP_KIND_COUNT];
    Rng rng = rng_seeded(seed * 2 + 1);
    uint64_t sum = throw_weights(&rng, weights);
    Script script = {calloc(steps + 1, sizeof(SimStep)), steps};
    if (!script.steps) abort();
    for (size_t i = 0; i < steps; i++) {
        SimStep *step = &script.steps[i];
        step->kind = pick(&rng, weights, sum);
        step->a = (uint32_t)rng_next(&rng);
        step->b = (uint32_t)rng_next(&rng);
        step->c = (uint32_t)rng_next(&rng);
    }
    return script;
}
