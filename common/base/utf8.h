/* UTF-8 (RFC 3629): checking, walking, NFC, and the folding by which people search. Home of utf8proc. */
#pragma once

#include "common/base/str.h"

bool utf8_is_valid(Str text); /* no surrogates, no overlong forms */

/* The code point at *at, which moves behind it; -1 at the end. Invalid bytes give U+FFFD, one byte each. */
int32_t utf8_next(Str text, size_t *at);
void utf8_add(Buf *out, int32_t code_point);
size_t utf8_length(Str text);          /* code points */
bool utf8_is_word(int32_t code_point); /* a letter, a digit, or a mark on one */

bool utf8_is_nfc(Str text);
Str utf8_nfc(Arena *arena, Str text); /* the text itself where it already is; absent where it is no UTF-8 */

/* For comparing as people do: case and accents gone, œ → oe, æ → ae, ß → ss, ’ → ', runs of white space → one
 * space. */
Str utf8_fold(Arena *arena, Str text);

Str utf8_from_windows1252(Arena *arena, Str bytes);
