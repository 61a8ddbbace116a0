/* Whole files, written so that a power cut leaves the old one or the new one. */
#pragma once

#include "common/base/str.h"

#include <sys/types.h>

/* Reads at most max_bytes; a longer file is E_TOOBIG. *out lives in the arena. */
CHECKED Status file_read(Arena *arena, const char *path, size_t max_bytes, Str *out, Err *err);

/* Writes beside, fsyncs, renames, fsyncs the folder. mode is set before the first byte is written (0600 for
 * secrets). */
CHECKED Status file_write(const char *path, Str content, mode_t mode, Err *err);

/* Takes the place of what is there, and is on the disk under that name when it returns. One file system. */
CHECKED Status file_rename(const char *from, const char *to, Err *err);

bool file_exists(const char *path);
CHECKED Status dir_make(const char *path, mode_t mode,
                        Err *err); /* with its parents; an existing one is OK */
const char *path_join(Arena *arena, const char *dir, const char *name);

/* Names in a folder, sorted by bytes, without "." and ".."; at most max. */
CHECKED Status dir_list(Arena *arena, const char *path, size_t max, const char ***out, size_t *count,
                        Err *err);
bool path_is_dir(const char *path);

/* A file or folder of assets/: under RELAIS_ASSETS of the environment, else where the build says that they
 * are. */
const char *assets_path(Arena *arena, const char *name);
