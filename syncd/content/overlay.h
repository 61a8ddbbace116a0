/* Records with changes on top that are not written yet: an import plans on it, the rules judge on it, and it
 * can be taken back to a mark. Everything lives in the arena. */
#pragma once

#include "common/records/records.h"

typedef struct OverlayEntry {
    Kind kind;
    Str id, scope, doc;
    bool removed;
    size_t next; /* older entry of the same bucket, + 1; 0 = none */
} OverlayEntry;

typedef struct Overlay {
    Records records; /* first: an Overlay is a Records */
    Records *under;
    Arena *arena;
    OverlayEntry *entries; /* oldest first; the newest of an id counts */
    size_t count, capacity;
    size_t *buckets; /* index + 1 of the newest entry */
    size_t bucket_count;
} Overlay;

void overlay_init(Overlay *overlay, Records *under, Arena *arena);
size_t overlay_mark(const Overlay *overlay);
void overlay_undo(Overlay *overlay, size_t mark); /* takes back what came after the mark */

/* Is entry `index` the newest of its record? Only those are written. */
bool overlay_is_newest(const Overlay *overlay, size_t index);
