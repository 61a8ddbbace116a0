#include "common/wire/wire.h"
#include "tests/fuzz/fuzz.h"

/* A cursor that is taken is written again as the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str text = fuzz_str(bytes, count);
    CursorItem *items;
    size_t found;
    (void)epoch_generation(text);
    if (cursor_read(arena, text, &items, &found, NULL) != OK) return 0;
    AUTO(buf_free) Buf again = buf_new(1024 * 1024);
    cursor_write(&again, items, found);
    fuzz_check(str_equal(buf_str(&again), text) || (text.len == 0 && again.len == 0));
    return 0;
}
