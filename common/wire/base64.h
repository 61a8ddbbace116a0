/* Base64 (RFC 4648, with padding), for bytes that travel in JSON. */
#pragma once

#include "common/base/str.h"

CHECKED Status base64_decode(Arena *arena, Str text, Str *out, Err *err); /* line breaks are skipped */
Str base64_encode(Arena *arena, Str bytes);
