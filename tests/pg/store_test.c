/* The contract suites on PostgreSQL; RELAIS_PG says where the server is (tests/pg/contract.sh). */
#include "tests/contract/records_suite.h"
#include "tests/contract/store_suite.h"
#include "tests/harness/check.h"

#include <stdlib.h>

static const char *spec_new(void **owner) {
    const char *url = getenv("RELAIS_PG");
    Err err = {0};
    check(url != NULL);
    *owner = NULL;
    check_ok(store_discard(url, &err));
    return url;
}

static void spec_done(void *owner) {
    (void)owner;
}

typedef struct Owner {
    Arena *arena;
    Store *store;
    StoreTx *tx;
} Owner;

static Records *records_new(void **owner) {
    Err err = {0};
    Arena *arena = arena_open();
    Owner *made = ARENA_NEW(arena, Owner);
    void *nothing;
    made->arena = arena;
    const char *spec = spec_new(&nothing);
    check_ok(store_create(spec, 0, &err));
    check_ok(store_open(&made->store, spec, &err));
    check_ok(store_begin(made->store, STORE_WRITE, &made->tx, &err));
    *owner = made;
    return &made->tx->records;
}

static void records_done(void *owner) {
    Owner *made = owner;
    store_end_auto(&made->tx);
    store_close(made->store);
    arena_close(made->arena);
}

int main(void) {
    static const StoreOpener store = {"store in PostgreSQL", spec_new, spec_done, .shared = true};
    static const RecordsOpener records = {"records in the PostgreSQL store", records_new, records_done,
                                          false};
    int failed = store_suite_run(&store);
    return failed + records_suite_run(&records);
}
