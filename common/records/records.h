/* Records as the rules see them: get, list by a hot field, put, remove, inside one transaction that the
 * caller owns. Implemented by the hub's stores and by the kiosk's overlay; one contract suite
 * (tests/contract/records_suite.h) runs on each. */
#pragma once

#include "common/schema/schema.h"

typedef struct StoredRecord {
    Str id, scope, doc;
    int64_t seq;
    bool draft;
} StoredRecord;

typedef struct RecordsQuery {
    Kind kind;
    const char *field; /* a hot field, or NULL for all of the kind */
    Str equals;        /* its value as text; an INT or TIME in decimal */
    Str after;         /* ids behind this one; absent = from the start */
    size_t limit;      /* at most RECORDS_LIST_MAX */
} RecordsQuery;

enum { RECORDS_LIST_MAX = 10000 };

typedef struct Records Records;

typedef struct RecordsVerbs {
    Status (*get)(Records *records, Kind kind, Str id, Arena *arena, StoredRecord *out,
                  Err *err); /* E_NOTFOUND */
    Status (*list)(Records *records, const RecordsQuery *query, Arena *arena, StoredRecord **out,
                   size_t *count, Err *err); /* sorted by id */
    Status (*put)(Records *records, Kind kind, Str id, Str scope, Str doc, Err *err);
    Status (*remove)(Records *records, Kind kind, Str id, Err *err); /* one that is not there: OK */
    /* Facts are what must not be in a record, because records are replicated: who has voted. A kind of fact
     * and a key, which is a keyed hash wherever it is about a person, have a value. They never leave the
     * store. */
    Status (*fact_get)(Records *records, const char *kind, Str key, Arena *arena, Str *value,
                       Err *err); /* E_NOTFOUND */
    Status (*fact_put)(Records *records, const char *kind, Str key, Str value,
                       Err *err); /* an absent value: forgotten */
} RecordsVerbs;

/* An implementation has this as its first member. */
struct Records {
    const RecordsVerbs *verbs;
};

/* Typed: `out` points to the kind's struct, cleared and filled with meta.id, meta.scope, meta.seq and
 * meta.draft set. */
CHECKED Status records_get(Records *records, Kind kind, Str id, void *out, Arena *arena, Err *err);

/* *out becomes an array of the kind's struct in the arena. A record that does not decode is skipped
 * (records_get: E_INVALID). */
CHECKED Status records_list(Records *records, const RecordsQuery *query, void **out, size_t *count,
                            Arena *arena, Err *err);

/* Writes meta.id in meta.scope. A document that did not change is not written (no new seq). */
CHECKED Status records_put(Records *records, Kind kind, const void *in, Arena *arena, Err *err);
CHECKED Status records_remove(Records *records, Kind kind, Str id, Err *err);
