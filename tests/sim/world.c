#include "tests/sim/world.h"

#include "common/wire/secret.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { START = 1764064800, TRACE_LINE_MAX = 4096, KIOSKS_AT_FIRST = 3 };

/* ---- names ---- */
#define NUMBERED(function, format, count)                                                                    \
    const char *function(int number) {                                                                       \
        static char names[count][UUID_LEN + 1];                                                              \
        char *name = names[(unsigned)number % (count)];                                                      \
        if (!name[0]) snprintf(name, sizeof(names[0]), format, (unsigned)number % (count));                  \
        return name;                                                                                         \
    }
NUMBERED(world_person, "0192f0c1-7a00-7000-8000-0000000000a%u", PERSONS)
NUMBERED(world_event, "0192f0c1-7a00-7000-8000-0000000000e%u", EVENTS)
NUMBERED(world_notice, "0192f0c1-7a00-7000-8000-0000000000b%u", NOTICES)
NUMBERED(world_site, "mairie-%u", SITES)

const char *world_org(int org) {
    return org % ORGS ? "saran" : "olivet";
}

/* ---- what is told ---- */
static uint64_t mixed(uint64_t hash, Str text) {
    for (size_t i = 0; i < text.len; i++) hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(1099511628211);
    return hash;
}

void world_say(World *world, const char *format, ...) {
    va_list args;
    buf_clear(&world->line);
    va_start(args, format);
    buf_print_list(&world->line, format, args);
    va_end(args);
    buf_add_byte(&world->line, '\n');
    world->result->trace_hash = mixed(world->result->trace_hash, buf_str(&world->line));
    if (world->options->trace) printf("%.*s", STR_FORMAT(buf_str(&world->line)));
}

void world_fail(World *world, const char *format, ...) {
    va_list args;
    SimResult *result = world->result;
    if (result->failed) return;
    result->failed = true;
    va_start(args, format);
    vsnprintf(result->failure, sizeof(result->failure), format, args);
    va_end(args);
    world_say(world, "FAILED: %s", result->failure);
}

bool world_has_failed(const World *world) {
    return world->result->failed;
}

void world_count(World *world, Situation situation) {
    world->result->counts[situation]++;
}

/* ---- time ---- */
void world_advance(World *world, Millis by_ms) {
    world->now += by_ms;
    world->steady += by_ms;
    hand_clock_advance(&world->hub.clock, by_ms);
    for (int i = 0; i < KIOSKS_MAX; i++)
        if (world->kiosks[i].exists) hand_clock_advance(&world->kiosks[i].clock, by_ms);
    hub_after(world);
}

/* ---- beginning and end ---- */
/* Paths in the world are relative, so that what is told of them is the same in every run. */
static void make_dir(World *world) {
    const char *parent = getenv("SIM_DIR");
    snprintf(world->root, sizeof(world->root), "%s/relais-sim.XXXXXX", parent ? parent : "/dev/shm");
    if (!mkdtemp(world->root) || chdir(world->root)) abort();
    snprintf(world->dir, sizeof(world->dir), "w");
    if (mkdir(world->dir, 0700)) abort();
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

void world_open(World *world, uint64_t seed, const SimOptions *options, SimResult *result) {
    Err err = {0};
    *world = (World){
        .arena = arena_open(), .seed = seed, .rng = rng_seeded(seed), .options = options, .result = result};
    world->now = (Millis)START * SECOND_MS;
    world->line = buf_new(TRACE_LINE_MAX);
    world->page_limit = options->page_limit;
    world->step = -1;
    if (secret_init(&err) != OK) abort();
    make_dir(world);
    hub_make(world);
    for (int i = 0; i < KIOSKS_AT_FIRST && !world_has_failed(world); i++) kiosk_new(world);
    if (!world_has_failed(world)) world_pair_all(world);
}

void world_close(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++) {
        Kiosk *kiosk = &world->kiosks[i];
        if (kiosk->exists) kiosk_stop(world, kiosk, true, SIZE_MAX);
    }
    wire_free_all(world);
    hub_gone(world);
    disk_reset();
    if (chdir("/")) abort();
    nftw(world->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    buf_free(&world->line);
    free(world->ops);
    free(world->hub.states);
    arena_close(world->arena);
}
