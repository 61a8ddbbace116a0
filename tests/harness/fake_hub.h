/* A hub in memory, for tests of replicas and sessions: the feed of PROTOCOL 2 and 3 and the receipts of 4 as
 * plainly as they can be written, with switches for what a real one does only on a bad day. It judges every
 * op "done". */
#pragma once

#include "common/wire/wire.h"

enum { FAKE_ENTRIES_MAX = 4096, FAKE_SCOPES_MAX = 16, FAKE_OPS_MAX = 512, FAKE_KEYS_MAX = 16 };

typedef struct FakeEntry {
    int64_t seq;
    Str kind, id, scope, doc; /* doc absent: left */
} FakeEntry;

typedef struct FakeVerdict {
    Str key, id; /* key: device~incarnation */
    int64_t n;
    Str code;
} FakeVerdict;

typedef struct FakeKey {
    Str key, last;
    int64_t decided, durable;
} FakeKey;

typedef struct FakeHub {
    Arena *arena;
    const char *epoch;
    int64_t head;
    FakeEntry entries[FAKE_ENTRIES_MAX]; /* one for each record and scope */
    size_t entry_count;
    const char *granted[FAKE_SCOPES_MAX];
    size_t granted_count;
    int64_t floor;       /* of purged left entries */
    size_t page_records; /* at most so many lines in a page */
    FakeVerdict verdicts[FAKE_OPS_MAX];
    size_t verdict_count;
    FakeKey keys[FAKE_KEYS_MAX];
    size_t key_count;
    Str judged[FAKE_OPS_MAX]; /* ids that had an effect, once each */
    size_t judged_count;
    /* bad days */
    const char *wrong_sum_of; /* scope whose sums are told wrong … */
    int wrong_sum_times;      /* … so many times */
    int64_t wrong_hash_at;    /* seq of a line whose hash is spoilt */
    const char *verdict;      /* of every op from now on; NULL = "done" */
} FakeHub;

FakeHub *fake_hub_new(const char *epoch);
void fake_hub_free(FakeHub *hub);
void fake_hub_free_auto(FakeHub **hub);

void fake_grant(FakeHub *hub, const char *scope);
void fake_revoke(FakeHub *hub, const char *scope);
/* A record is in one scope: putting it in another leaves `left` in the first. */
void fake_put(FakeHub *hub, const char *kind, const char *id, const char *scope, const char *doc);
void fake_remove(FakeHub *hub, const char *kind, const char *id);
Sum fake_sum(const FakeHub *hub, Str scope);
const FakeEntry *fake_find(const FakeHub *hub, const char *kind,
                           const char *id); /* live; NULL when it is not */

/* GET /v1/feed: a whole page as it goes over the wire. */
void fake_page(FakeHub *hub, Str epoch, Str cursor, Buf *out);

/* POST /v1/ops: takes the body; *code "" when accepted, else "clone" or "gap" with *expected. The receipt is
 * written into `device:<id>`. Returns accepted. */
int64_t fake_push(FakeHub *hub, Str body, const char **code, int64_t *expected);
const FakeKey *fake_key(const FakeHub *hub, Str device, Str incarnation);
size_t fake_times_judged(const FakeHub *hub, Str op_id);
void fake_set_durable(FakeHub *hub, Str device, Str incarnation, int64_t durable);
