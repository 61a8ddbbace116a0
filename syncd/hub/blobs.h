/* Blobs: files named by the SHA-256 of their bytes, beside the store. Written once, never changed. */
#pragma once

#include "common/base/str.h"

enum { BLOB_MAX = 16 * 1024 * 1024 };

bool blob_name_is_valid(Str sha256); /* 64 lower-case hex digits */
/* E_INVALID where the bytes are not what the name says; one that is there already is OK. */
CHECKED Status blob_put(const char *dir, Str sha256, Str bytes, Err *err);
CHECKED Status blob_open(const char *dir, Str sha256, int *fd, size_t *bytes, Err *err); /* E_NOTFOUND */
