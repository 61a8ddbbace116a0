/* Replays a corpus without libFuzzer: each file of the folder, and each of its beginnings (bytes may be cut
 * anywhere). */
#include "common/base/file.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

enum { FILES_MAX = 10000, FILE_MAX = 1024 * 1024, CUTS_MAX = 600 };

/* A copy of its own size, so that a sanitizer sees the first byte read behind it. */
static void run_one(Str text) {
    uint8_t *copy = malloc(text.len ? text.len : 1);
    if (!copy) abort();
    if (text.len) memcpy(copy, text.at, text.len);
    LLVMFuzzerTestOneInput(copy, text.len);
    free(copy);
}

static Status replay(const char *folder, size_t *count, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char **names;
    TRY(dir_list(arena, folder, FILES_MAX, &names, count, err));
    for (size_t i = 0; i < *count; i++) {
        Str text;
        TRY(file_read(arena, path_join(arena, folder, names[i]), FILE_MAX, &text, err));
        run_one(text);
        for (size_t cut = 0; cut < text.len && cut < CUTS_MAX; cut++) run_one(str_first(text, cut));
    }
    return OK;
}

int main(int argc, char **argv) {
    Err err = {0};
    size_t count = 0;
    if (argc != 2) return fprintf(stderr, "usage: %s FOLDER\n", argv[0]), 2;
    if (replay(argv[1], &count, &err) != OK) return fprintf(stderr, "%s\n", err.text), 1;
    if (count == 0) return fprintf(stderr, "%s is empty: nothing was replayed\n", argv[1]), 1;
    return 0;
}
