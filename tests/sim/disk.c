#include "tests/sim/disk.h"

#include <assert.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROCESSES_MAX = 24, NODES_MAX = 160, PREFIX_MAX = 160 };

/* What stood where an unsynced write wrote. */
typedef struct Undo {
    struct Undo *older;
    int64_t offset, size_before;
    size_t count;
    unsigned char bytes[];
} Undo;

/* A file by its path, as long as it has unsynced writes to remember. */
typedef struct Node {
    DiskProcess *process;
    char path[PREFIX_MAX * 2];
    Undo *newest;
    size_t undo_count;
} Node;

struct DiskProcess {
    char begins[PREFIX_MAX];
    int64_t countdown, writes;
    DiskFault fault;
    bool dead, hit, full;
};

typedef struct DiskFile {
    sqlite3_file base;
    Node *node; /* NULL: nobody's */
    sqlite3_file *real;
} DiskFile;

static struct Disk {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    DiskProcess processes[PROCESSES_MAX];
    size_t process_count;
    Node nodes[NODES_MAX];
    size_t node_count;
    int64_t slept;
} disk;

/* ---- who and what ---- */
DiskProcess *disk_process(const char *path_begins) {
    assert(disk.process_count < PROCESSES_MAX && strlen(path_begins) < PREFIX_MAX);
    DiskProcess *process = &disk.processes[disk.process_count++];
    *process = (DiskProcess){0};
    memcpy(process->begins, path_begins, strlen(path_begins) + 1);
    return process;
}

static DiskProcess *process_of(const char *path) {
    DiskProcess *best = NULL;
    size_t longest = 0;
    for (size_t i = 0; path && i < disk.process_count; i++) {
        size_t length = strlen(disk.processes[i].begins);
        if (length < longest || strncmp(path, disk.processes[i].begins, length) != 0) continue;
        best = &disk.processes[i];
        longest = length;
    }
    return best;
}

static Node *node_of(const char *path) {
    DiskProcess *process = process_of(path);
    if (!process || strlen(path) >= sizeof(disk.nodes[0].path)) return NULL;
    for (size_t i = 0; i < disk.node_count; i++)
        if (strcmp(disk.nodes[i].path, path) == 0) return &disk.nodes[i];
    assert(disk.node_count < NODES_MAX);
    Node *node = &disk.nodes[disk.node_count++];
    *node = (Node){.process = process};
    memcpy(node->path, path, strlen(path) + 1);
    return node;
}

static void forget_undo(Node *node) {
    while (node && node->newest) {
        Undo *older = node->newest->older;
        free(node->newest);
        node->newest = older;
    }
    if (node) node->undo_count = 0;
}

void disk_reset(void) {
    for (size_t i = 0; i < disk.node_count; i++) forget_undo(&disk.nodes[i]);
    disk.node_count = disk.process_count = 0;
    disk.slept = 0;
}

/* ---- faults ---- */
void disk_fault_at(DiskProcess *process, int64_t nth, DiskFault fault) {
    process->countdown = nth;
    process->fault = fault;
}

bool disk_is_dead(const DiskProcess *process) {
    return process->dead;
}

bool disk_was_hit(DiskProcess *process) {
    bool hit = process->hit;
    process->hit = false;
    return hit;
}

void disk_kill(DiskProcess *process) {
    process->dead = true;
}

void disk_set_full(DiskProcess *process, bool full) {
    process->full = full;
}

int64_t disk_writes(const DiskProcess *process) {
    return process->writes;
}

/* SQLITE_OK: the call may go to the real disk. */
static int stumble(const DiskFile *file, int failure) {
    DiskProcess *process = file->node ? file->node->process : NULL;
    if (!process) return SQLITE_OK;
    if (process->dead) return failure;
    process->writes++;
    if (process->fault == DISK_NONE || --process->countdown > 0) return SQLITE_OK;
    process->dead = process->fault == DISK_CRASH;
    process->fault = DISK_NONE;
    process->hit = true;
    return failure;
}

/* ---- what a power cut takes back ---- */
static void remember(DiskFile *file, int64_t offset, size_t count) {
    Undo *undo = malloc(sizeof(*undo) + count);
    sqlite3_int64 size = 0;
    if (!undo) abort();
    file->real->pMethods->xFileSize(file->real, &size);
    size_t there = offset < size ? (size_t)(size - offset) : 0;
    if (there > count) there = count;
    if (there) file->real->pMethods->xRead(file->real, undo->bytes, (int)there, offset);
    *undo = (Undo){.older = file->node->newest, .offset = offset, .size_before = size, .count = there};
    file->node->newest = undo;
    file->node->undo_count++;
}

static void take_back(Node *node, size_t kept) {
    int fd = open(node->path, O_RDWR | O_CLOEXEC);
    while (node->newest && node->undo_count > kept) {
        Undo *undo = node->newest;
        if (fd >= 0 && undo->count && pwrite(fd, undo->bytes, undo->count, undo->offset) < 0) abort();
        if (fd >= 0 && ftruncate(fd, undo->size_before)) abort();
        node->newest = undo->older;
        node->undo_count--;
        free(undo);
    }
    if (fd >= 0) close(fd);
}

void disk_revive(DiskProcess *process, bool power_cut, size_t kept) {
    for (size_t i = 0; i < disk.node_count; i++) {
        Node *node = &disk.nodes[i];
        if (node->process != process) continue;
        if (power_cut) take_back(node, kept);
        forget_undo(node);
    }
    process->dead = process->hit = false;
    process->fault = DISK_NONE;
}

/* ---- a file ---- */
static int file_close(sqlite3_file *of) {
    DiskFile *file = (DiskFile *)of;
    return file->real->pMethods ? file->real->pMethods->xClose(file->real) : SQLITE_OK;
}

static int file_read(sqlite3_file *of, void *to, int count, sqlite3_int64 offset) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xRead(real, to, count, offset);
}

static int file_write(sqlite3_file *of, const void *from, int count, sqlite3_int64 offset) {
    DiskFile *file = (DiskFile *)of;
    if (file->node && file->node->process->full && !file->node->process->dead) {
        file->node->process->hit = true;
        return SQLITE_FULL;
    }
    int result = stumble(file, SQLITE_IOERR_WRITE);
    if (result != SQLITE_OK) return result;
    if (file->node) remember(file, offset, (size_t)count);
    return file->real->pMethods->xWrite(file->real, from, count, offset);
}

static int file_truncate(sqlite3_file *of, sqlite3_int64 size) {
    DiskFile *file = (DiskFile *)of;
    sqlite3_int64 before = 0;
    int result = stumble(file, SQLITE_IOERR_TRUNCATE);
    if (result != SQLITE_OK) return result;
    file->real->pMethods->xFileSize(file->real, &before);
    if (file->node && before > size) remember(file, size, (size_t)(before - size));
    return file->real->pMethods->xTruncate(file->real, size);
}

static int file_sync(sqlite3_file *of, int flags) {
    DiskFile *file = (DiskFile *)of;
    (void)flags;
    int result = stumble(file, SQLITE_IOERR_FSYNC);
    if (result == SQLITE_OK) forget_undo(file->node);
    return result; /* the real one would cost time and prove nothing */
}

static int file_size(sqlite3_file *of, sqlite3_int64 *size) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xFileSize(real, size);
}

static int file_lock(sqlite3_file *of, int level) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xLock(real, level);
}

static int file_unlock(sqlite3_file *of, int level) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xUnlock(real, level);
}

static int file_check_lock(sqlite3_file *of, int *out) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xCheckReservedLock(real, out);
}

static int file_control(sqlite3_file *of, int what, void *with) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xFileControl(real, what, with);
}

static int file_sector(sqlite3_file *of) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xSectorSize(real);
}

static int file_traits(sqlite3_file *of) {
    (void)of;
    return 0; /* nothing is atomic, nothing is powersafe by itself */
}

static int file_shm_map(sqlite3_file *of, int page, int size, int extend, void volatile **out) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xShmMap(real, page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *of, int offset, int count, int flags) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xShmLock(real, offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *of) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    real->pMethods->xShmBarrier(real);
}

static int file_shm_unmap(sqlite3_file *of, int erase) {
    sqlite3_file *real = ((DiskFile *)of)->real;
    return real->pMethods->xShmUnmap(real, erase);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ---- the file system ---- */
static int disk_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *of, int flags, int *flags_out) {
    DiskFile *file = (DiskFile *)of;
    (void)vfs;
    file->real = (sqlite3_file *)(void *)(file + 1);
    file->node = path ? node_of(path) : NULL;
    int result = disk.real->xOpen(disk.real, path, file->real, flags, flags_out);
    file->base.pMethods = file->real->pMethods ? &methods : NULL;
    return result;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int sync) {
    Node *node = node_of(path);
    (void)vfs;
    if (node && node->process->dead) return SQLITE_IOERR_DELETE;
    forget_undo(node);
    return disk.real->xDelete(disk.real, path, sync);
}

static int disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *out) {
    (void)vfs;
    return disk.real->xAccess(disk.real, path, flags, out);
}

static int disk_full_path(sqlite3_vfs *vfs, const char *path, int room, char *out) {
    (void)vfs;
    return disk.real->xFullPathname(disk.real, path, room, out);
}

/* One thread, so whoever waits for a lock would wait for ever. */
static int disk_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    if (!disk.slept++ && getenv("SIM_TRAP")) abort();
    return microseconds;
}

int64_t disk_slept(void) {
    return disk.slept;
}

static int disk_last_error(sqlite3_vfs *vfs, int count, char *out) {
    (void)vfs;
    return disk.real->xGetLastError ? disk.real->xGetLastError(disk.real, count, out) : 0;
}

void disk_install(void) {
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.pNext = NULL;
    disk.vfs.zName = "sim";
    disk.vfs.szOsFile = (int)sizeof(DiskFile) + disk.real->szOsFile;
    disk.vfs.xOpen = disk_open;
    disk.vfs.xDelete = disk_delete;
    disk.vfs.xAccess = disk_access;
    disk.vfs.xFullPathname = disk_full_path;
    disk.vfs.xGetLastError = disk_last_error;
    disk.vfs.xSleep = disk_sleep;
    if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK) abort();
}
