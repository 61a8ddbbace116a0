#include "kiosk/screens/machine.h"

#include "common/base/file.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { BLOBS_LOOKED_AT_MAX = 20000 };

/* ---- addresses ---- */

static const void *raw_address(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) return &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    if (address->sa_family != AF_INET6) return NULL;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    return IN6_IS_ADDR_LINKLOCAL(six) ? NULL : six;
}

static void add_address(const struct ifaddrs *row, Machine *out) {
    const void *raw = row->ifa_addr ? raw_address(row->ifa_addr) : NULL;
    if (!raw || row->ifa_flags & IFF_LOOPBACK || !(row->ifa_flags & IFF_UP)) return;
    if (out->address_count == (int)COUNT(out->addresses)) return;
    char *link = out->addresses[out->address_count].link, *text = out->addresses[out->address_count].address;
    if (!inet_ntop(row->ifa_addr->sa_family, raw, text, sizeof out->addresses[0].address)) return;
    snprintf(link, sizeof out->addresses[0].link, "%.15s", row->ifa_name);
    out->address_count++;
}

static void look_at_links(Machine *out) {
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0) return;
    for (const struct ifaddrs *row = all; row; row = row->ifa_next) add_address(row, out);
    freeifaddrs(all);
}

/* ---- disk ---- */

static int64_t bytes_of(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

static void look_at_blobs(Arena *arena, const char *dir, Machine *out) {
    const char **names = NULL;
    size_t count = 0;
    const char *blobs = path_join(arena, dir, "blobs");
    Err err = {0};
    if (!path_is_dir(blobs) || dir_list(arena, blobs, BLOBS_LOOKED_AT_MAX, &names, &count, &err) != OK)
        return;
    for (size_t i = 0; i < count; i++) out->blobs_bytes += bytes_of(path_join(arena, blobs, names[i]));
    out->blob_count = (int64_t)count;
}

static void look_at_disk(const char *dir, Machine *out) {
    struct statvfs disk;
    if (statvfs(dir, &disk) != 0) return;
    out->disk_bytes = (int64_t)(disk.f_blocks * disk.f_frsize);
    out->disk_free_bytes = (int64_t)(disk.f_bavail * disk.f_frsize);
}

/* The -wal lies beside the file that the link names. */
static int64_t wal_bytes(Arena *arena, const char *dir) {
    const char **names = NULL;
    size_t count = 0;
    int64_t bytes = 0;
    Err err = {0};
    if (dir_list(arena, dir, BLOBS_LOOKED_AT_MAX, &names, &count, &err) != OK) return 0;
    for (size_t i = 0; i < count; i++)
        if (str_ends(str_of(names[i]), STR("-wal"))) bytes += bytes_of(path_join(arena, dir, names[i]));
    return bytes;
}

void machine_look(const char *replica_dir, Machine *out) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    *out = (Machine){0};
    look_at_links(out);
    look_at_disk(replica_dir, out);
    out->replica_bytes = bytes_of(path_join(arena, replica_dir, "replica.db"));
    out->wal_bytes = wal_bytes(arena, replica_dir);
    out->outbox_bytes = bytes_of(path_join(arena, replica_dir, "outbox.db"));
    out->search_bytes = bytes_of(path_join(arena, replica_dir, "search.db"));
    look_at_blobs(arena, replica_dir, out);
}
