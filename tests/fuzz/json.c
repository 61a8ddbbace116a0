#include "common/base/json.h"
#include "tests/fuzz/fuzz.h"

enum { TEXT_MAX = 4 * 1024 * 1024 };

/* The canonical spelling of a canonical tree reads back, and is spelled the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf once = buf_new(TEXT_MAX);
    AUTO(buf_free) Buf twice = buf_new(TEXT_MAX);
    Json *tree, *again;
    if (json_parse(arena, fuzz_str(bytes, count), &tree, NULL) != OK) return 0;
    if (json_check_canonical(tree, NULL) != OK) return 0;
    json_write(&once, tree);
    fuzz_check(json_parse(arena, buf_str(&once), &again, NULL) == OK);
    json_write(&twice, again);
    fuzz_check(str_equal(buf_str(&once), buf_str(&twice)));
    return 0;
}
