#include "common/base/rng.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* splitmix64, as the authors of xoshiro recommend for filling its state. */
static uint64_t split_mix(uint64_t *state) {
    uint64_t mixed = (*state += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

Rng rng_seeded(uint64_t seed) {
    Rng rng;
    for (size_t i = 0; i < 4; i++) rng.state[i] = split_mix(&seed);
    return rng;
}

Rng rng_from_system(void) {
    uint64_t seed;
    random_secret(&seed, sizeof(seed));
    return rng_seeded(seed);
}

static uint64_t rotate_left(uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
}

uint64_t rng_next(Rng *rng) {
    uint64_t *state = rng->state;
    uint64_t result = rotate_left(state[1] * 5, 7) * 9, shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

uint64_t rng_below(Rng *rng, uint64_t bound) {
    assert(bound > 0);
    uint64_t unfair_below = -bound % bound; /* 2^64 mod bound: what the first values have too much */
    uint64_t value;
    do value = rng_next(rng);
    while (value < unfair_below);
    return value % bound;
}

void rng_fill(Rng *rng, void *bytes, size_t count) {
    unsigned char *to = bytes;
    while (count > 0) {
        uint64_t value = rng_next(rng);
        size_t part = count < sizeof(value) ? count : sizeof(value);
        memcpy(to, &value, part);
        to += part;
        count -= part;
    }
}

void random_secret(void *bytes, size_t count) {
    unsigned char *to = bytes;
    while (count > 0) {
        ssize_t got = getrandom(to, count, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) abort(); /* Linux since 3.17 has it; without, no secret may be made */
        to += got;
        count -= (size_t)got;
    }
}
