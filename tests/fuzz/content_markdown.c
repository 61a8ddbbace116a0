#include "tests/fuzz/content_hub.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static const char *const names[] = {"livret/a.md", "outils/a.md", "parcours/a.md"};
    if (count == 0) return 0;
    content_import_any(names[bytes[0] % 3], fuzz_str(bytes + 1, count - 1), bytes[0] & 4);
    return 0;
}
