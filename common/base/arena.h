/* Memory with a lifetime one can say aloud: frame, request, loaded screen, batch, process.
 *
 * Everything allocated is freed together. In sanitizer builds each item is its own malloc, so that overruns
 * are seen. Allocation never fails: a process without memory ends (all that matters is already durable).
 * Whatever somebody else sizes is capped by the caller before it comes here. Not thread-safe; one arena
 * belongs to one thread at a time. */
#pragma once

#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_open(void);
void arena_close(Arena *arena); /* NULL is fine */
void arena_close_auto(Arena **arena);
void arena_reset(Arena *arena); /* frees every item, keeps a block for the next round */
void arena_wipe(Arena *arena);  /* overwrites every item in place: nothing personal stays in freed memory */

void *arena_alloc(Arena *arena, size_t size); /* zeroed, aligned for any type */
void *arena_copy(Arena *arena, const void *from, size_t size);
size_t arena_used_bytes(const Arena *arena);

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count) ((Type *)arena_alloc((arena), sizeof(Type) * (count)))
