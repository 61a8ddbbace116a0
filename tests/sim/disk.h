/* A disk that fails when it is told to: a layer over SQLite's own file system. Each process of the simulated
 * world has its files, known by their paths. A process that crashed writes nothing any more until it is
 * revived; what a power cut takes back is what was written since the last sync of each file. */
#pragma once

#include "common/base/err.h"

#include <stddef.h>
#include <stdint.h>

typedef struct DiskProcess DiskProcess;

typedef enum DiskFault {
    DISK_NONE,
    DISK_CRASH, /* the write, sync or truncation does not happen, nor any after it */
    DISK_ERROR  /* it fails once */
} DiskFault;

void disk_install(void); /* once per program, before the first database is opened */
void disk_reset(void);   /* forgets every process; no file is open */

/* Files whose path begins so belong to it. The longest beginning counts. */
DiskProcess *disk_process(const char *path_begins);

void disk_fault_at(DiskProcess *process, int64_t nth, DiskFault fault); /* nth 1 = the next one */
bool disk_is_dead(const DiskProcess *process);
bool disk_was_hit(DiskProcess *process); /* since the last question */
void disk_kill(DiskProcess *process);    /* now, between two writes */
void disk_set_full(DiskProcess *process, bool full);
int64_t disk_writes(const DiskProcess *process);
int64_t disk_slept(void); /* how often anybody waited for a lock */

/* Every file of it is closed. power_cut: unsynced writes are taken back, but for the first `kept` of each
 * file. */
void disk_revive(DiskProcess *process, bool power_cut, size_t kept);
