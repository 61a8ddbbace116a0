#include "common/wire/base64.h"

#include <sodium.h>

Status base64_decode(Arena *arena, Str text, Str *out, Err *err) {
    size_t most = text.len / 4 * 3 + 3, len = 0;
    unsigned char *bytes = arena_alloc(arena, most);
    /* A NUL would be skipped with the line breaks: the library looks for it with strchr. */
    if (str_has(text, '\0') || sodium_base642bin(bytes, most, text.at ? text.at : "", text.len, "\r\n", &len,
                                                 NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return err_set(err, E_INVALID, "this is no base64");
    *out = (Str){(const char *)bytes, len};
    return OK;
}

Str base64_encode(Arena *arena, Str bytes) {
    size_t most = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, most);
    (void)sodium_bin2base64(text, most, (const unsigned char *)(bytes.at ? bytes.at : ""), bytes.len,
                            sodium_base64_VARIANT_ORIGINAL);
    return (Str){text, most - 1};
}
