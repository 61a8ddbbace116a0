/* The writer of replica.db: syncd's side of a replica's folder. It stages the pages of the feed, applies them
 * as a whole, numbers the ops of the outbox, keeps what the hub said about them, and tells the kiosk
 * (PROTOCOL 3, 4, 5; README.md of this folder).
 *
 * Whatever the kiosk may see is changed in one transaction, after which the kiosk is poked. One thread, one
 * writer per folder: a lock file holds off a second syncd. A failing function has changed nothing that can be
 * seen, unless it says otherwise; E_CORRUPT means that replica.db itself is damaged: replica_set_aside, and
 * go on. */
#pragma once

#include "common/base/rng.h"
#include "common/wire/wire.h"

typedef struct Replica Replica;

/* Makes what is missing (folder, replica-1.db, the link). A file that is no database is set aside at once.
 * E_BUSY: another syncd runs on this folder. */
CHECKED Status replica_open(Replica **out, const char *dir, const Clock *clock, Err *err);
void replica_close(Replica *replica);
void replica_close_auto(Replica **replica);
const char *replica_dir(const Replica *replica);

/* The link is moved to a new, empty replica-<n+1>.db; the old file is kept as replica-<n>.db.corrupt-<time>,
 * one of them at most. The outbox is not touched. */
CHECKED Status replica_set_aside(Replica *replica, const char *why, Err *err);

/* Was the file set aside since the process started? For the log. NULL when not. */
const char *replica_mended(const Replica *replica);

/* ---- who and where ---- */
typedef enum ReplicaStanding {
    STANDING_UNPAIRED,
    STANDING_PAIRED,
    STANDING_UNKNOWN, /* the hub does not know the token: everything is kept, pair again (PROTOCOL 6) */
    STANDING_REVOKED  /* personal kinds are erased, ops are kept */
} ReplicaStanding;

typedef struct ReplicaFacts {
    ReplicaStanding standing;
    Str device, epoch, incarnation;
    bool fresh;               /* paired since the last epoch was taken: any epoch is good */
    bool loaded;              /* a first load was completed */
    int64_t decided, durable; /* of this incarnation, as applied from the receipt */
    int64_t last_n;
    int64_t undecided;             /* ops that wait for a verdict */
    int64_t unreadable;            /* ops that never got a number */
    Millis hub_time, last_contact; /* INT64_MIN = never */
    int64_t clock_offset_ms;       /* hub − here */
} ReplicaFacts;
CHECKED Status replica_facts(Replica *replica, Arena *arena, ReplicaFacts *out, Err *err);

/* A pairing was approved: all ops are numbered anew, every scope is loaded anew, any epoch is taken. */
CHECKED Status replica_paired(Replica *replica, Str device, Err *err);
/* What the kiosk seals to (PROTOCOL 4); an absent one is no news. */
CHECKED Status replica_note_hub_key(Replica *replica, Str key, Err *err);
/* The hub revoked this device: personal kinds go, at once and without a trace in the -wal; ops stay. */
CHECKED Status replica_revoked(Replica *replica, Err *err);
CHECKED Status replica_set_standing(Replica *replica, ReplicaStanding standing, Err *err);

/* ---- the feed (PROTOCOL 3) ---- */

/* What to ask for. *caught_up: the last page was complete, and no scope waits for a load. */
CHECKED Status replica_cursor(Replica *replica, Arena *arena, Str *epoch, Str *cursor, bool *caught_up,
                              Err *err);

/* Starts a page. E_BUSY with code "behind": the server is older than what is here; E_VERSION with code
 * "old_epoch"; E_INVALID: the header contradicts what was asked. *new_epoch: the hub began a new life.
 * Revoked scopes are gone when it returns. */
CHECKED Status replica_page_begin(Replica *replica, const FeedHeader *header, bool *new_epoch, Err *err);

/* Takes a line to be staged; durable after replica_page_flush. A line that is not true, out of order or of a
 * scope that was not granted is E_INVALID and ends the page: what came before it stays. */
CHECKED Status replica_page_line(Replica *replica, const FeedLine *line, Err *err);
CHECKED Status replica_page_flush(Replica *replica, Err *err);
CHECKED Status replica_page_more(Replica *replica, int64_t seq, Err *err);

typedef struct PageOutcome {
    bool applied;      /* the readers see the state of H */
    bool loads_wanted; /* sums were wrong: the scope is loaded anew, ask again */
    bool rekeyed;      /* a receipt showed that this is a clone, or that an older hub was restored */
    bool decided;      /* a receipt decided ops */
    int64_t changed;   /* records */
} PageOutcome;
CHECKED Status replica_page_complete(Replica *replica, const FeedTrailer *trailer, PageOutcome *out,
                                     Err *err);
void replica_page_cut(Replica *replica); /* the connection ended in the middle: keeps what was flushed */

/* Personal kinds were erased and a reader still holds the -wal: call now and then until it returns true. */
bool replica_erased_from_wal(Replica *replica);

/* ---- ops (PROTOCOL 4) ---- */

/* Numbers what is new in the outbox, durably. A missing outbox has no ops. */
CHECKED Status replica_number_ops(Replica *replica, Err *err);

/* What the hub says about this incarnation: hello, a receipt, 409. *rekeyed: everything is numbered anew,
 * *push_from is 1. */
typedef struct OpsPosition {
    int64_t decided, durable;
    Str last; /* id of op `decided`; absent at 0 */
} OpsPosition;
CHECKED Status replica_take_position(Replica *replica, const OpsPosition *position, bool *rekeyed,
                                     int64_t *push_from, Err *err);

/* 409 clone, or 409 gap below what is kept. */
CHECKED Status replica_rekey(Replica *replica, const char *why, Err *err);

/* The body of a push: header and at most max_ops ops from number `from` on. count 0 = nothing to push.
 * `epoch`: of the hub it goes to, which may be newer than the last page of the feed; absent = that one. Ops
 * that had a verdict of another epoch carry `was` (PROTOCOL 5). */
typedef struct PushBody {
    Str text;
    int64_t first_n, last_n;
    size_t count;
} PushBody;
CHECKED Status replica_push_body(Replica *replica, Str epoch, int64_t from, size_t max_ops, Arena *arena,
                                 PushBody *out, Err *err);

/* ---- what is told to the kiosk ---- */
CHECKED Status replica_note_contact(Replica *replica, Millis hub_time,
                                    Err *err); /* hub_time INT64_MIN: not told */
CHECKED Status replica_note_error(Replica *replica, const char *text,
                                  Err *err); /* "" = all is well; writes only what changed */
/* The addresses that are tried, separated by commas; absent: none. Writes only what changed. */
CHECKED Status replica_note_hubs(Replica *replica, Str hubs, Err *err);

typedef struct PairingShown {
    Str code, uri;
    Millis expires_in_ms; /* of the code; 0 = it does not */
    const char *state;    /* "asking" "waiting" "approved" "denied" "expired" "" */
} PairingShown;
CHECKED Status replica_show_pairing(Replica *replica, const PairingShown *pairing, Err *err);

/* ---- what the technician asks (outbox.request) ---- */
typedef struct ReplicaRequest {
    int64_t id;
    Str verb;
    const Json *args;
} ReplicaRequest;
CHECKED Status replica_next_request(Replica *replica, Arena *arena, ReplicaRequest *out, bool *found,
                                    Err *err);
CHECKED Status replica_answer(Replica *replica, int64_t request, const char *state, const char *text,
                              Err *err);

/* quick_check of the file: a damaged one is set aside. *damaged then. */
CHECKED Status replica_check(Replica *replica, bool *damaged, Err *err);

/* The technician takes the kiosk down: every record goes, ops stay in the outbox. E_BUSY while ops are not
 * durable, unless forced. */
CHECKED Status replica_unpair(Replica *replica, bool forced, Err *err);

/* ---- blobs ----
 * A blob is fetched into blobs/<sha256>.part, resumed where it ends, and takes its name once its bytes are
 * those of its name. */
CHECKED Status replica_blob_size(Replica *replica, Str sha256, int64_t *bytes, Err *err); /* of the part */
CHECKED Status replica_blob_append(Replica *replica, Str sha256, int64_t at, Str bytes, Err *err);
/* E_CORRUPT with code "blob": the bytes are others; the part is thrown away. */
CHECKED Status replica_blob_finish(Replica *replica, Str sha256, Err *err);
CHECKED Status replica_next_blob(Replica *replica, Arena *arena, Str *sha256,
                                 Err *err); /* absent: none is missing */
CHECKED Status replica_blob_state(Replica *replica, Str sha256, bool here, Err *err);

/* ---- looking at a folder without writing: status, verify ---- */
typedef struct ScopeStatus {
    Str scope;
    int64_t seq, count;
    HashHex sum;
    bool loading;
    Str fault;
} ScopeStatus;

typedef struct ReplicaStatus {
    ReplicaFacts facts;
    Str file;
    ScopeStatus *scopes;
    size_t scope_count;
    Str last_error, rekeyed_why;
    Str epoch_before; /* absent where the hub has never begun a new life */
    Millis epoch_at;  /* when the present one was met */
    int64_t again;    /* operations of the epoch before that the hub of this one did not have */
    Str pairing_code, pairing_state;
} ReplicaStatus;
CHECKED Status replica_status(const char *dir, Arena *arena, ReplicaStatus *out, Err *err);

typedef void (*VerifyReport)(void *to, const char *text);
/* Recomputes every hash and sum from the raw rows of a folder; each difference is reported, *differences
 * counts them. */
CHECKED Status replica_verify(const char *dir, VerifyReport report, void *to, int64_t *differences, Err *err);
