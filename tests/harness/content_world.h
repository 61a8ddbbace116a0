/* A hub for imports, in memory: records, notes, blobs. Hashes are quick and readable; registrations are
 * judged by the rules. */
#pragma once

#include "syncd/content/content.h"
#include "tests/harness/memory_records.h"

enum { CONTENT_WORLD_ITEMS = 4096 };

typedef struct ContentWorld {
    ContentHub hub; /* first */
    Arena *arena;
    MemoryRecords *memory;
    Records *records; /* of memory */
    struct {
        Str key, value;
    } notes[CONTENT_WORLD_ITEMS];
    size_t note_count;
    Str blobs[CONTENT_WORLD_ITEMS]; /* their names */
    size_t blob_count;
    int slow_hashes;      /* badges and codes hashed so far */
    int hashes_max;       /* E_BUSY behind so many; 0 = no limit */
    const char *only_org; /* who imports may write this org alone; NULL = all */
} ContentWorld;

void content_world_open(ContentWorld *world);
void content_world_close(ContentWorld *world);

/* Plans and, unless dry, applies. The plan lives until the world is closed. */
ContentPlan *content_world_import(ContentWorld *world, const ContentRequest *request, bool dry);

/* All files of a folder on disk, names relative to it. */
ContentFile *content_world_folder(ContentWorld *world, const char *path, size_t *count);

/* The document of a record; absent where there is none. */
Str content_world_doc(ContentWorld *world, Kind kind, const char *id);
Str content_world_scope(ContentWorld *world, Kind kind, const char *id);
size_t content_world_count(ContentWorld *world, Kind kind);
