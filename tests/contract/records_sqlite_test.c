/* The hub's store, inside a transaction, as the rules see it. */
#include "syncd/hub/store.h"
#include "tests/contract/records_suite.h"
#include "tests/harness/check.h"

typedef struct Owner {
    TestDir dir;
    Arena *arena;
    Store *store;
    StoreTx *tx;
} Owner;

static Records *open_sqlite(void **owner) {
    Err err = {0};
    Arena *arena = arena_open();
    Owner *made = ARENA_NEW(arena, Owner);
    made->arena = arena;
    made->dir = test_dir_new();
    const char *path = test_path(arena, &made->dir, "hub.db");
    check_ok(store_create(path, 0, &err));
    check_ok(store_open(&made->store, path, &err));
    check_ok(store_begin(made->store, STORE_WRITE, &made->tx, &err));
    *owner = made;
    return &made->tx->records;
}

static void close_sqlite(void *owner) {
    Owner *made = owner;
    store_end_auto(&made->tx);
    store_close(made->store);
    test_dir_remove(&made->dir);
    arena_close(made->arena);
}

int main(void) {
    static const RecordsOpener opener = {"records in the SQLite store", open_sqlite, close_sqlite, false};
    return records_suite_run(&opener);
}
