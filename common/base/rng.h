/* Randomness: replayable from a seed where a test must repeat it, the system's where it must not be guessed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct Rng {
    uint64_t state[4]; /* xoshiro256**; not for secrets */
} Rng;

Rng rng_seeded(uint64_t seed);
Rng rng_from_system(void);
uint64_t rng_next(Rng *rng);
uint64_t rng_below(Rng *rng, uint64_t bound); /* 0 … bound−1, without bias; bound > 0 */
void rng_fill(Rng *rng, void *bytes, size_t count);

void random_secret(void *bytes, size_t count); /* from the kernel; never fails */
