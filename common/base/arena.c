#include "common/base/arena.h"

#include "common/base/memory.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ONE_BLOCK_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BLOCK_EACH 1
#endif
#endif
#ifndef ONE_BLOCK_EACH
#define ONE_BLOCK_EACH 0
#endif

enum { FIRST_BLOCK_BYTES = 4096, LARGEST_BLOCK_BYTES = 1 << 20 };

/* The bytes of a block follow it; max_align_t keeps them aligned for any type. */
typedef struct Block Block;
struct Block {
    Block *next;
    size_t size, used;
    max_align_t at[];
};

struct Arena {
    Block *newest;
    size_t next_size, used_bytes;
};

Arena *arena_open(void) {
    Arena *arena = memory_get(sizeof(*arena));
    arena->next_size = FIRST_BLOCK_BYTES;
    return arena;
}

static void free_blocks(Block *block) {
    while (block) {
        Block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_close(Arena *arena) {
    if (!arena) return;
    free_blocks(arena->newest);
    free(arena);
}

void arena_close_auto(Arena **arena) {
    arena_close(*arena);
    *arena = NULL;
}

void arena_reset(Arena *arena) {
    Block *kept = ONE_BLOCK_EACH ? NULL : arena->newest;
    free_blocks(kept ? kept->next : arena->newest);
    if (kept) {
        memset(kept->at, 0, kept->used);
        kept->next = NULL;
        kept->used = 0;
    }
    arena->newest = kept;
    arena->used_bytes = 0;
}

void arena_wipe(Arena *arena) {
    for (Block *block = arena->newest; block; block = block->next) explicit_bzero(block->at, block->used);
}

static size_t round_up(size_t size) {
    const size_t align = _Alignof(max_align_t);
    assert(size <= SIZE_MAX / 2);
    return size ? (size + align - 1) / align * align : align;
}

static Block *block_new(Block *next, size_t size) {
    Block *block = memory_get(sizeof(Block) + size);
    block->next = next;
    block->size = size;
    return block;
}

static size_t next_block_size(Arena *arena, size_t at_least) {
    size_t size = arena->next_size;
    if (arena->next_size < LARGEST_BLOCK_BYTES) arena->next_size *= 2;
    return size > at_least ? size : at_least;
}

void *arena_alloc(Arena *arena, size_t size) {
    arena->used_bytes += size;
    if (ONE_BLOCK_EACH) {
        arena->newest = block_new(arena->newest, size);
        arena->newest->used = size;
        return arena->newest->at;
    }
    size_t rounded = round_up(size);
    if (!arena->newest || arena->newest->size - arena->newest->used < rounded)
        arena->newest = block_new(arena->newest, next_block_size(arena, rounded));
    void *at = (char *)arena->newest->at + arena->newest->used;
    arena->newest->used += rounded;
    return at;
}

void *arena_copy(Arena *arena, const void *from, size_t size) {
    void *to = arena_alloc(arena, size);
    if (size) memcpy(to, from, size);
    return to;
}

size_t arena_used_bytes(const Arena *arena) {
    return arena->used_bytes;
}
