/* Buckets that fill by the minute, one per key; a full table forgets the one that was used longest ago. */
#include "syncd/hub/inside.h"

enum { RATE_KEYS = 1024, RATE_WAYS = 4 };

typedef struct Bucket {
    uint64_t key;
    double tokens;
    Millis at;
} Bucket;

struct Rates {
    Arena *arena;
    pthread_mutex_t mutex;
    double per_minute;
    Bucket buckets[RATE_KEYS][RATE_WAYS];
};

Rates *rates_open(int64_t per_minute) {
    Arena *arena = arena_open();
    Rates *rates = ARENA_NEW(arena, Rates);
    rates->arena = arena;
    rates->per_minute = (double)per_minute;
    pthread_mutex_init(&rates->mutex, NULL);
    return rates;
}

void rates_close(Rates *rates) {
    if (!rates) return;
    pthread_mutex_destroy(&rates->mutex);
    arena_close(rates->arena);
}

static Bucket *bucket_of(Rates *rates, uint64_t key, Millis now) {
    Bucket *row = rates->buckets[key % RATE_KEYS], *oldest = row;
    for (size_t i = 0; i < RATE_WAYS; i++) {
        if (row[i].key == key && row[i].at) return &row[i];
        if (row[i].at < oldest->at) oldest = &row[i];
    }
    *oldest = (Bucket){.key = key, .tokens = rates->per_minute, .at = now};
    return oldest;
}

/* A clock that went back gives nothing and takes nothing. */
bool rates_take(Rates *rates, Str key, int64_t count, Millis now) {
    pthread_mutex_lock(&rates->mutex);
    Bucket *bucket = bucket_of(rates, str_hash(key), now);
    double passed = now > bucket->at ? (double)(now - bucket->at) : 0;
    bucket->tokens += passed * rates->per_minute / MINUTE_MS;
    if (bucket->tokens > rates->per_minute) bucket->tokens = rates->per_minute;
    bucket->at = now;
    bool enough = bucket->tokens >= (double)count;
    if (enough) bucket->tokens -= (double)count;
    pthread_mutex_unlock(&rates->mutex);
    return enough;
}
