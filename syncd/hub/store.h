/* What the hub keeps, as verbs: a backend (store_sqlite, store_postgres) implements StoreVerbs, and one
 * contract suite (tests/contract/store_suite.h) runs on each. README.md says what every backend must hold.
 *
 * A StoreTx is one read snapshot, or the one writing transaction. Texts that come out live in the arena
 * given. */
#pragma once

#include "common/records/records.h"
#include "common/wire/wire.h"

typedef struct Store Store;
typedef struct StoreTx StoreTx;

typedef enum StoreMode { STORE_READ, STORE_WRITE } StoreMode;

typedef struct StoreRecord {
    Str kind, id, scope, doc;
    int64_t seq;
    Hash hash;
} StoreRecord;

typedef struct StoreList {
    Str kind;
    Str scope; /* absent = any */
    Str after; /* ids behind this one; absent = from the start */
    size_t limit;
} StoreList;

/* One scope of a page: live lines behind `after`, left lines behind `left_after`. */
typedef struct FeedWant {
    Str scope;
    int64_t after, left_after;
} FeedWant;

/* Takes a line of a page, in ascending order of seq over all scopes; *more = false ends the page without this
 * line. */
typedef struct FeedSink {
    void *self;
    Status (*take)(void *self, const FeedLine *line, bool *more, Err *err);
} FeedSink;

typedef struct StoreCounter {
    int64_t decided, durable; /* 0 where that key is new */
    Str last;                 /* id of op `decided`; absent at 0 */
} StoreCounter;

typedef struct StoreOp {
    Str id, device, incarnation;
    int64_t n;
    Str code; /* the verdict */
    bool rejected;
    Millis at; /* of the decision */
} StoreOp;

/* Which numbers a receipt still tells: all above `seen`; of those seen, the rejections since then, the newest
 * so many. */
typedef struct StoreKept {
    Str device, incarnation;
    int64_t seen;
    Millis rejected_since;
    int64_t rejected_max;
} StoreKept;

typedef struct StoreKey {
    Str kind, id;
} StoreKey;

/* What a batch is going to ask: ops that may have been judged, records that may be there. */
typedef struct StoreExpected {
    const Str *op_ids;
    size_t op_count;
    const StoreKey *records;
    size_t record_count;
} StoreExpected;

/* Who comes in with a token. role: "device", "admin" (of org) or "hub". */
typedef struct StoreToken {
    Str hash, role, subject, org;
    bool revoked, used;
    Millis created_at;
} StoreToken;

/* A device authorization under way (RFC 8628). state: pending approved denied used. */
typedef struct StoreCode {
    Str hash, user_code, address, public_key, state, device;
    Millis expires_at, polled_at;
} StoreCode;

typedef struct StoreStatus {
    Str device, doc;
    Millis at;
} StoreStatus;

/* What a device has acknowledged (PROTOCOL 10), and what its last hello said (PROTOCOL 5). */
typedef struct StoreAck {
    Str device;
    Millis seen;            /* the last time it was heard of */
    Str cursor;             /* <scope>@<seq>,…; absent: what was there stays */
    Str epoch, incarnation; /* of its last hello; absent: what was there stays, `last` too */
    int64_t last;           /* the last number it has given */
} StoreAck;

/* A counter that was written down before a copy of the store began: the copy holds at least `held`. */
typedef struct StoreMarked {
    Str device, incarnation;
    int64_t held;
} StoreMarked;

typedef struct StoreAudit {
    Millis at;
    Str who, what, detail;
} StoreAudit;

/* What a commit changed: who waits for one of these scopes is to be woken. */
typedef struct StoreCommit {
    int64_t head;
    Str *scopes;
    size_t scope_count;
} StoreCommit;

/* Is told what others have committed to the same store: from a thread of the store, one scope at a time, and
 * possibly again what this process has committed itself. */
typedef struct StoreWatch {
    void *self;
    void (*changed)(void *self, const StoreCommit *commit);
} StoreWatch;

typedef struct StoreVerbs {
    void (*close)(Store *store);
    Status (*begin)(Store *store, StoreMode mode, StoreTx **out, Err *err);
    /* Seqs of a commit lie behind every seq that any reader has seen. The commit's texts live in the arena.
     * E_BUSY: it may have been committed or not; whoever sends it again must not be doubled (PROTOCOL 4). */
    Status (*commit)(StoreTx *tx, Arena *arena, StoreCommit *out, Err *err);
    void (*end)(StoreTx *tx); /* rolls back what was not committed */

    int64_t (*head)(const StoreTx *tx);
    Status (*record_get)(StoreTx *tx, Str kind, Str id, Arena *arena, StoreRecord *out,
                         Err *err); /* E_NOTFOUND */
    Status (*record_list)(StoreTx *tx, const StoreList *list, Arena *arena, StoreRecord **out, size_t *count,
                          Err *err);

    Status (*feed)(StoreTx *tx, const FeedWant *wants, size_t count, size_t limit, const FeedSink *sink,
                   Err *err);
    Status (*scope_sum)(StoreTx *tx, Str scope, Sum *out, Err *err);     /* kept with every change */
    Status (*scope_recount)(StoreTx *tx, Str scope, Sum *out, Err *err); /* from the rows, hashes made anew */
    Status (*scope_list)(StoreTx *tx, Arena *arena, ScopeList *out, Err *err);
    Status (*floor_get)(StoreTx *tx, Str scope, int64_t *out, Err *err); /* 0 where nothing was purged */
    Status (*left_purge)(StoreTx *tx, Str scope, int64_t floor, Err *err);
    /* The newest `left` line of a scope at or below `upto`; 0 where there is none. */
    Status (*left_newest)(StoreTx *tx, Str scope, int64_t upto, int64_t *out, Err *err);

    Status (*meta_get)(StoreTx *tx, const char *name, Arena *arena, Str *out, Err *err); /* absent: OK */
    Status (*meta_put)(StoreTx *tx, const char *name, Str value, Err *err);

    /* In a writing transaction, before the questions: a backend that is far away reads all of it at once.
     * Changes no answer. */
    Status (*expect)(StoreTx *tx, const StoreExpected *expected, Err *err);
    Status (*op_find)(StoreTx *tx, Str id, Arena *arena, Str *code, Err *err); /* E_NOTFOUND */
    /* The id that number n was taken under; absent where it is not known any more. */
    Status (*op_number)(StoreTx *tx, Str device, Str incarnation, int64_t n, Arena *arena, Str *id, Err *err);
    /* Number, verdict, and the id if it is new. E_EXISTS where the number is taken: here, or at the commit.
     */
    Status (*op_take)(StoreTx *tx, const StoreOp *op, Err *err);
    Status (*op_forget)(StoreTx *tx, const StoreKept *kept, Err *err);
    /* The numbers that were not forgotten, ascending. */
    Status (*op_list)(StoreTx *tx, Str device, Str incarnation, size_t limit, Arena *arena, StoreOp **out,
                      size_t *count, Err *err);
    Status (*counter_get)(StoreTx *tx, Str device, Str incarnation, Arena *arena, StoreCounter *out,
                          Err *err);
    Status (*counter_put)(StoreTx *tx, Str device, Str incarnation, const StoreCounter *counter, Err *err);

    /* Writes down, under this mark, how far each counter is that is not durable as far as that. */
    Status (*counter_mark)(StoreTx *tx, Str mark, Err *err);
    /* Those under this mark that are still not durable as far as it says; by device. */
    Status (*counter_marked)(StoreTx *tx, Str mark, size_t limit, Arena *arena, StoreMarked **out,
                             size_t *count, Err *err);

    Status (*ack_put)(StoreTx *tx, const StoreAck *ack, Err *err);
    Status (*ack_list)(StoreTx *tx, Arena *arena, StoreAck **out, size_t *count, Err *err); /* by device */

    Status (*token_find)(StoreTx *tx, Str hash, Arena *arena, StoreToken *out, Err *err); /* E_NOTFOUND */
    Status (*token_put)(StoreTx *tx, const StoreToken *token, Err *err);
    Status (*token_drop)(StoreTx *tx, Str role, Str subject, Err *err); /* all of them */
    Status (*token_revoke)(StoreTx *tx, Str role, Str subject, Err *err);

    Status (*code_find)(StoreTx *tx, Str hash, Arena *arena, StoreCode *out, Err *err); /* E_NOTFOUND */
    Status (*code_find_user)(StoreTx *tx, Str user_code, Arena *arena, StoreCode *out,
                             Err *err); /* E_NOTFOUND */
    Status (*code_put)(StoreTx *tx, const StoreCode *code, Err *err);
    Status (*code_purge)(StoreTx *tx, Millis expired_before, int64_t *left, Err *err);

    Status (*salt_get)(StoreTx *tx, Str org, Arena *arena, Str *salt, Err *err); /* E_NOTFOUND */
    Status (*salt_put)(StoreTx *tx, Str org, Str salt, Err *err);

    /* What an import remembers beside its records. */
    Status (*note_get)(StoreTx *tx, Str key, Arena *arena, Str *value, Err *err); /* E_NOTFOUND */
    Status (*note_put)(StoreTx *tx, Str key, Str value, Err *err); /* an absent value: forgotten */

    Status (*status_put)(StoreTx *tx, const StoreStatus *status, Err *err);
    Status (*status_list)(StoreTx *tx, Arena *arena, StoreStatus **out, size_t *count, Err *err);
    Status (*audit_add)(StoreTx *tx, const StoreAudit *audit, Err *err);
    Status (*audit_list)(StoreTx *tx, Millis since, size_t limit, Arena *arena, StoreAudit **out,
                         size_t *count, Err *err);

    Status (*reach)(Store *store, Err *err); /* can it be reached and read? */
    /* A consistent copy in a new file, made while others go on: a store of the backend for files. E_VERSION
     * where the backend has tools of its own for that. */
    Status (*copy)(Store *store, const char *to_path, Err *err);
    void (*watch)(Store *store,
                  const StoreWatch *watch); /* NULL: not any more; returns when nobody is told */
} StoreVerbs;

/* A backend has this as its first member. */
struct Store {
    const StoreVerbs *verbs;
};

/* A backend has this as its first member; records are what the rules see, inside this transaction. */
struct StoreTx {
    Records records;
    const StoreVerbs *verbs;
    Store *store;
};

/* spec: a file, which one process serves (E_BUSY where another does); or postgres://… (postgresql://…), a
 * database that many may share. E_NOTFOUND where there is no store. */
CHECKED Status store_open(Store **out, const char *spec, Err *err);
/* A copy of a store in a file, read as it lies there: it can only be read, and nothing is made beside it.
 * E_CORRUPT where the file is damaged, E_VERSION where another version has made it. */
CHECKED Status store_open_copy(Store **out, const char *path, Err *err);
/* A new one with an epoch of its own; E_EXISTS where there is one. */
CHECKED Status store_create(const char *spec, Millis now, Err *err);
/* What was put there (a backup, a standby) begins a new life: a newer epoch, and the period in which the
 * fleet heals it. Nobody serves it. */
CHECKED Status store_begin_anew(Store *store, Millis now, Arena *arena, Str *epoch, Err *err);
/* Everything in it is gone: for one that could not be filled. */
CHECKED Status store_discard(const char *spec, Err *err);
bool store_is_file(const char *spec);
/* The spec as it may be shown: without what stands in an address beside host and database. */
Str store_name(Arena *arena, const char *spec);
void store_close(Store *store); /* NULL is fine */
void store_close_auto(Store **store);

/* AUTO(store_end_auto) StoreTx *tx = NULL; TRY(store_begin(store, STORE_READ, &tx, err)); … */
CHECKED Status store_begin(Store *store, StoreMode mode, StoreTx **out, Err *err);
void store_end_auto(StoreTx **tx);

CHECKED Status store_epoch(StoreTx *tx, Arena *arena, Str *out, Err *err);

/* Every hash, and every scope's sum against its recount: *wrong tells what differs, a line each (empty = all
 * is well). */
CHECKED Status store_verify(StoreTx *tx, Arena *arena, Buf *wrong, int64_t *records, Err *err);
