/* gzip, streaming, with a ceiling on what comes out (a small body must not unfold into a large one). Home of
 * zlib. */
#pragma once

#include "common/base/str.h"

enum { GZIP_WIRE_LEVEL = 1, GZIP_STORED_LEVEL = 6 };

CHECKED Status gzip_pack(Buf *out, Str plain, int level, Err *err);

typedef struct Gunzip Gunzip;
CHECKED Status gunzip_open(Gunzip **out, size_t max_plain_bytes, Err *err);
void gunzip_close(Gunzip *stream);
/* Adds what `packed` unfolds to; E_TOOBIG over the maximum, E_CORRUPT where it is no gzip. *ended once the
 * stream's end was seen. */
CHECKED Status gunzip_feed(Gunzip *stream, Str packed, Buf *out, bool *ended, Err *err);
CHECKED Status gunzip_all(Buf *out, Str packed, size_t max_plain_bytes, Err *err);
