/* Blobs: files named by the SHA-256 of their bytes, beside the store. Written once, never changed. */
#pragma once

#include "common/base/str.h"

enum { BLOB_MAX = 16 * 1024 * 1024 };

/* `said` by the administrator, or beside a store that is a file; a database says nothing about folders:
 * E_INVALID. */
CHECKED Status blobs_dir_of(const char *said, const char *store_spec, Arena *arena, const char **out,
                            Err *err);

bool blob_name_is_valid(Str sha256); /* 64 lower-case hex digits */
/* E_INVALID where the bytes are not what the name says; one that is there already is OK. */
CHECKED Status blob_put(const char *dir, Str sha256, Str bytes, Err *err);
CHECKED Status blob_open(const char *dir, Str sha256, int *fd, size_t *bytes, Err *err); /* E_NOTFOUND */
