#include "tests/fuzz/content_hub.h"

/* The first byte says which file it is, and whether its right lines are taken. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static const char *const names[] = {"orgs.csv", "people.csv", "agenda/a.csv", "mangeurs-de-temps.csv"};
    if (count == 0) return 0;
    content_import_any(names[bytes[0] % 4], fuzz_str(bytes + 1, count - 1), bytes[0] & 4);
    return 0;
}
