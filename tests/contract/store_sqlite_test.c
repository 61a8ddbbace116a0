#include "tests/contract/store_suite.h"
#include "tests/harness/check.h"

typedef struct Owner {
    TestDir dir;
    Arena *arena;
} Owner;

static const char *spec_new(void **owner) {
    Arena *arena = arena_open();
    Owner *made = ARENA_NEW(arena, Owner);
    made->arena = arena;
    made->dir = test_dir_new();
    *owner = made;
    return test_path(arena, &made->dir, "hub.db");
}

static void spec_done(void *owner) {
    Owner *made = owner;
    test_dir_remove(&made->dir);
    arena_close(made->arena);
}

int main(void) {
    static const StoreOpener opener = {"store in SQLite", spec_new, spec_done, .shared = false};
    return store_suite_run(&opener);
}
