/* The overlay that an import plans on is Records like any other. */
#include "syncd/content/overlay.h"
#include "tests/contract/records_suite.h"
#include "tests/harness/memory_records.h"

typedef struct Planning {
    MemoryRecords *below;
    Arena *arena;
    Overlay overlay;
} Planning;

static Records *open_overlay(void **owner) {
    Arena *arena = arena_open();
    Planning *planning = ARENA_NEW(arena, Planning);
    planning->arena = arena;
    planning->below = memory_records_open();
    overlay_init(&planning->overlay, memory_records_of(planning->below), arena);
    *owner = planning;
    return &planning->overlay.records;
}

static void close_overlay(void *owner) {
    Planning *planning = owner;
    memory_records_close(planning->below);
    arena_close(planning->arena);
}

int main(void) {
    static const RecordsOpener opener = {"the overlay of an import", open_overlay, close_overlay, true};
    return records_suite_run(&opener);
}
