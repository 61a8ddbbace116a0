/* make_replica RECORDS DIR NOW: a replica's folder from records as {"kind","id","scope","doc"} lines, without
 * a hub: for pictures and benches. */
#include "common/base/file.h"
#include "tests/harness/kiosk_kit.h"

#include <stdio.h>
#include <unistd.h>

enum { FILE_MAX = 256 * 1024 * 1024, FILES_MAX = 100 };

static void copy_one(Arena *arena, const char *from, const char *to) {
    char target[256] = "";
    Err err = {0};
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length > 0) {
        (void)unlink(to);
        check_int(symlink(target, to), 0);
        return;
    }
    Str bytes = {0};
    check_ok(file_read(arena, from, FILE_MAX, &bytes, &err));
    check_ok(file_write(to, bytes, 0600, &err));
}

static void copy_all(const char *from, const char *to) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char **names = NULL;
    size_t count = 0;
    Err err = {0};
    check_ok(dir_make(to, 0755, &err));
    check_ok(dir_list(arena, from, FILES_MAX, &names, &count, &err));
    for (size_t i = 0; i < count; i++) {
        const char *path = path_join(arena, from, names[i]);
        if (!path_is_dir(path)) copy_one(arena, path, path_join(arena, to, names[i]));
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: make_replica RECORDS DIR NOW\n", stderr);
        return 2;
    }
    AUTO(kiosk_kit_free_auto) KioskKit *kiosk = kiosk_kit_new(argv[1], argv[3]);
    replica_close(kiosk->kit->replica);
    kiosk->kit->replica = NULL;
    copy_all(kiosk->kit->dir.path, argv[2]);
    return 0;
}
