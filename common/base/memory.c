#include "common/base/memory.h"

#include <stdlib.h>
#include <unistd.h>

static _Noreturn void end_without_memory(void) {
    static const char last_words[] = "out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, last_words, sizeof(last_words) - 1);
    (void)ignored;
    abort();
}

void *memory_get(size_t size) {
    void *memory = calloc(1, size ? size : 1);
    if (!memory) end_without_memory();
    return memory;
}

void *memory_grow(void *memory, size_t size) {
    void *grown = realloc(memory, size ? size : 1);
    if (!grown) end_without_memory();
    return grown;
}
