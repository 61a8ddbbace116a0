/* One decoder of outside bytes per file: LLVMFuzzerTestOneInput, run by libFuzzer (clang, -DRELAIS_FUZZ=ON:
 * build/bin/fuzz/NAME tests/corpus/NAME) and replayed over the corpus as a unit test by every compiler. */
#pragma once

#include "common/base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

#define fuzz_check(condition)                                                                                \
    do {                                                                                                     \
        if (condition) break;                                                                                \
        fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                      \
        abort();                                                                                             \
    } while (0)

static inline Str fuzz_str(const uint8_t *bytes, size_t count) {
    return (Str){(const char *)bytes, bytes ? count : 0};
}
