/* The heap beneath arena and Buf. Never fails: a process without memory says so and ends. */
#pragma once

#include <stddef.h>

void *memory_get(size_t size);                /* zeroed */
void *memory_grow(void *memory, size_t size); /* what is new is not zeroed */
