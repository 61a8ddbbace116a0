#include "common/wire/gzip.h"
#include "tests/fuzz/fuzz.h"

enum { PLAIN_MAX = 256 * 1024 };

static void check_pack(Str plain) {
    AUTO(buf_free) Buf packed = buf_new((size_t)4 * PLAIN_MAX);
    AUTO(buf_free) Buf back = buf_new(PLAIN_MAX);
    if (plain.len > PLAIN_MAX) return;
    fuzz_check(gzip_pack(&packed, plain, GZIP_WIRE_LEVEL, NULL) == OK);
    fuzz_check(gunzip_all(&back, buf_str(&packed), plain.len, NULL) == OK);
    fuzz_check(str_equal(buf_str(&back), plain) || (plain.len == 0 && back.len == 0));
}

/* Never more than the maximum comes out, and what is packed comes back. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    AUTO(buf_free) Buf plain = buf_new((size_t)2 * PLAIN_MAX);
    (void)!gunzip_all(&plain, fuzz_str(bytes, count), PLAIN_MAX, NULL);
    fuzz_check(plain.len <= PLAIN_MAX);
    check_pack(fuzz_str(bytes, count));
    return 0;
}
