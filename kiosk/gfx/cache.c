#include "common/base/memory.h"
#include "kiosk/gfx/parts.h"

#include <stdlib.h>
#include <string.h>

enum { CACHE_FIRST_CAP = 256 };

Cache cache_new(size_t bytes_max) {
    return (Cache){.bytes_max = bytes_max};
}

static void drop_at(Cache *cache, size_t index) {
    Cached *slot = &cache->slots[index];
    explicit_bzero(slot->value, slot->bytes);
    free(slot->value);
    cache->bytes -= slot->bytes;
    cache->slots[index] = cache->slots[--cache->count];
}

void cache_clear(Cache *cache) {
    while (cache->count) drop_at(cache, cache->count - 1);
}

void cache_free(Cache *cache) {
    cache_clear(cache);
    free(cache->slots);
    *cache = (Cache){0};
}

static Cached *find(Cache *cache, uint64_t key) {
    for (size_t i = 0; i < cache->count; i++)
        if (cache->slots[i].key == key) return &cache->slots[i];
    return NULL;
}

void *cache_get(Cache *cache, uint64_t key) {
    Cached *slot = find(cache, key);
    if (!slot) return NULL;
    slot->used = ++cache->clock;
    return slot->value;
}

void cache_drop(Cache *cache, uint64_t key) {
    Cached *slot = find(cache, key);
    if (slot) drop_at(cache, (size_t)(slot - cache->slots));
}

static void make_room(Cache *cache, size_t bytes) {
    while (cache->count && cache->bytes + bytes > cache->bytes_max) {
        size_t oldest = 0;
        for (size_t i = 1; i < cache->count; i++)
            if (cache->slots[i].used < cache->slots[oldest].used) oldest = i;
        drop_at(cache, oldest);
    }
}

/* One larger than the cache is kept alone, until the next comes. */
void cache_put(Cache *cache, uint64_t key, void *value, size_t bytes) {
    cache_drop(cache, key);
    make_room(cache, bytes);
    if (cache->count == cache->cap) {
        cache->cap = cache->cap ? cache->cap * 2 : CACHE_FIRST_CAP;
        cache->slots = memory_grow(cache->slots, cache->cap * sizeof *cache->slots);
    }
    cache->slots[cache->count++] = (Cached){key, value, bytes, ++cache->clock};
    cache->bytes += bytes;
}
