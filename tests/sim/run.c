/* One seed, from an empty folder to the last check. */
#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE_CHECK_EVERY = 40 };

/* The linker puts it in the place of random_secret: ids, tokens and incarnations of a run come from its seed.
 */
void __wrap_random_secret(void *bytes, size_t count);
static Rng secrets;

void __wrap_random_secret(void *bytes, size_t count) {
    rng_fill(&secrets, bytes, count);
}

/* "3,7,12": is this step among them? NULL: all are. */
static bool is_wanted(const char *only, size_t number) {
    if (!only) return true;
    Str list = str_of(only), part;
    while (str_cut(&list, ',', &part)) {
        int64_t one = -1;
        if (str_to_int(part, &one) && one == (int64_t)number) return true;
    }
    return false;
}

static void run_steps(World *world, const Script *script) {
    for (size_t i = 0; i < script->count && !world_has_failed(world); i++) {
        const SimStep *step = &script->steps[i];
        if (step->kind == STEP_KIND_COUNT) continue; /* taken out */
        world->step = (int)i;
        world_say(world, "#%zu %s", i, step_name(step->kind));
        step_run(world, step);
        check_world(world);
        if (i % WHOLE_CHECK_EVERY == WHOLE_CHECK_EVERY - 1) check_hub_whole(world);
        world->result->steps_done++;
    }
    world->step = -1;
}

void sim_run(uint64_t seed, const Script *script, const SimOptions *options, SimResult *result) {
    World *world = calloc(1, sizeof(*world));
    if (!world) abort();
    *result = (SimResult){.trace_hash = UINT64_C(14695981039346656037)};
    secrets = rng_seeded(seed ^ UINT64_C(0x5EC2E7));
    world_open(world, seed, options, result);
    if (!world_has_failed(world)) run_steps(world, script);
    if (!world_has_failed(world)) world_settle(world);
    if (!world_has_failed(world)) check_end(world);
    /* the notice may leave another scope: once it is in place, only one scope changes */
    if (!world_has_failed(world)) admin_put_notice(world, 0, 3, 0);
    if (!world_has_failed(world)) world_settle(world);
    if (!world_has_failed(world)) check_waking(world, "org:olivet", 3);
    world_close(world);
    free(world);
    result->finished = true;
}

/* ---- for `--only` ---- */

void script_keep(Script *script, const char *only) {
    for (size_t i = 0; i < script->count; i++)
        if (!is_wanted(only, i)) script->steps[i].kind = STEP_KIND_COUNT;
}
