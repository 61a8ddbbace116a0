/* A store of the backend under test, for the files of the suite. */
#pragma once

#include "tests/contract/store_suite.h"
#include "tests/harness/check.h"

enum { NOW_S = 1764064800 };
#define NOW ((Millis)NOW_S * SECOND_MS)

typedef struct Fixture {
    const StoreOpener *opener;
    void *owner;
    const char *spec;
    Store *store;
    Arena *arena;
} Fixture;

static inline Fixture fixture_open(void **state) {
    Err err = {0};
    Fixture at = {.opener = *state, .arena = arena_open()};
    at.spec = at.opener->spec_new(&at.owner);
    check_ok(store_create(at.spec, NOW, &err));
    check_ok(store_open(&at.store, at.spec, &err));
    return at;
}

static inline void fixture_close(Fixture *at) {
    store_close(at->store);
    at->opener->spec_done(at->owner);
    arena_close(at->arena);
}

#define OPENED(name)                                                                                         \
    Err err = {0};                                                                                           \
    (void)err;                                                                                               \
    AUTO(fixture_close) Fixture name = fixture_open(state)

static inline StoreTx *begin(Fixture *at, StoreMode mode) {
    Err err = {0};
    StoreTx *tx = NULL;
    check_ok(store_begin(at->store, mode, &tx, &err));
    return tx;
}

static inline StoreCommit commit(Fixture *at, StoreTx *tx) {
    Err err = {0};
    StoreCommit done;
    check_ok(tx->verbs->commit(tx, at->arena, &done, &err));
    tx->verbs->end(tx);
    return done;
}

static inline void put_in(StoreTx *tx, Kind kind, const char *id, const char *scope, const char *doc) {
    Err err = {0};
    check_ok(tx->records.verbs->put(&tx->records, kind, str_of(id), str_of(scope), str_of(doc), &err));
}
