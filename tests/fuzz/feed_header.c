#include "common/wire/wire.h"
#include "tests/fuzz/fuzz.h"

static void check_header(Arena *arena, const FeedHeader *header) {
    FeedHeader again;
    AUTO(buf_free) Buf line = buf_new((size_t)4 * FEED_LINE_MAX);
    feed_header_write(&line, header);
    Str text = str_first(buf_str(&line), line.len - 1);
    fuzz_check(feed_part_of(text) == FEED_HEADER);
    if (text.len > FEED_LINE_MAX) return;
    fuzz_check(feed_header_read(arena, text, &again, NULL) == OK);
    fuzz_check(again.head == header->head && again.scopes.count == header->scopes.count);
}

static void check_trailer(Arena *arena, const FeedTrailer *trailer) {
    FeedTrailer again;
    AUTO(buf_free) Buf line = buf_new((size_t)4 * FEED_LINE_MAX);
    feed_trailer_write(&line, trailer);
    Str text = str_first(buf_str(&line), line.len - 1);
    fuzz_check(feed_part_of(text) == FEED_TRAILER);
    if (text.len > FEED_LINE_MAX) return;
    fuzz_check(feed_trailer_read(arena, text, &again, NULL) == OK);
    fuzz_check(again.seq == trailer->seq && again.complete == trailer->complete);
    for (size_t i = 0; i < trailer->sum_count; i++)
        fuzz_check(sum_equal(again.sums[i].sum, trailer->sums[i].sum));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str text = fuzz_str(bytes, count);
    FeedHeader header;
    FeedTrailer trailer;
    if (feed_header_read(arena, text, &header, NULL) == OK) check_header(arena, &header);
    if (feed_trailer_read(arena, text, &trailer, NULL) == OK) check_trailer(arena, &trailer);
    return 0;
}
