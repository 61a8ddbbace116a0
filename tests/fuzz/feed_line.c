#include "common/wire/wire.h"
#include "tests/fuzz/fuzz.h"

/* What is taken is written again as the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    Str text = fuzz_str(bytes, count);
    FeedLine line;
    if (feed_line_scan(text, &line, NULL) != OK) return 0;
    AUTO(buf_free) Buf again = buf_new((size_t)2 * FEED_LINE_MAX);
    feed_line_write(&again, &line);
    fuzz_check(str_equal(str_first(buf_str(&again), again.len - 1), text));
    (void)feed_line_is_true(&line);
    return 0;
}
