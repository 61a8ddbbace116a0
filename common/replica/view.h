/* What a kiosk sees and does: the local replica read-only, its own outbox read-write, and over both the
 * overlay of drafts, so that what a person did shows at once, marked provisional, until the receipt decides
 * (ARCHITECTURE, Documents, views, rules).
 *
 * Opening never fails for what a kiosk can live without: no replica yet, a corrupt one, a read-only or full
 * disk are told by view_health, and mend themselves on view_refresh once the cause is gone. One thread. */
#pragma once

#include "common/records/records.h"
#include "common/replica/queries.def"
#include "common/rules/rules.h"

typedef struct View View;

#define VIEW_QUERY_MEMBER(name, kind, args, sql) VIEW_##name,
typedef enum ViewQuery { VIEW_QUERIES(VIEW_QUERY_MEMBER) VIEW_QUERY_COUNT } ViewQuery;

typedef uint64_t KindSet; /* bit 1 << K_event … */
#define KIND_BIT(kind) ((KindSet)1 << (kind))
#define KIND_SET_ALL (~(KindSet)0)

typedef enum ReplicaState {
    REPLICA_READY,
    REPLICA_MISSING, /* never paired or never loaded: show pairing or "first load" */
    REPLICA_EMPTY,   /* paired, first load not complete */
    REPLICA_BROKEN /* corrupt or unreadable: syncd sets it aside and loads again; what was last shown stays */
} ReplicaState;

/* A damaged outbox was put beside as outbox.db.corrupt-<number>; 0: never. What could be read of it is in the
 * new one. */
typedef struct OutboxAside {
    int64_t number, ops; /* taken over */
    Millis at;
    bool whole; /* nothing of it was unreadable */
} OutboxAside;

typedef struct ViewHealth {
    ReplicaState replica;
    Status replica_status, outbox_status; /* OK, or why: E_CORRUPT, E_FULL, E_READONLY, E_IO … */
    char replica_text[ERR_TEXT_MAX], outbox_text[ERR_TEXT_MAX]; /* for the technician, English */
    OutboxAside aside;
    Millis last_contact; /* of syncd with the hub; INT_ABSENT = never */
    bool online;         /* as of syncd's last attempt */
    int64_t pending_ops; /* undecided */
    char pairing_code[16], pairing_uri[256], pairing_state[16]; /* empty when there is none under way */
    Millis pairing_expires;                                     /* of the code; INT_ABSENT = it does not */
    char last_error[ERR_TEXT_MAX];
    char hubs[512];          /* the addresses that syncd tries, separated by commas; empty: none is known */
    int64_t clock_offset_ms; /* hub − here */
    int64_t standing;        /* ReplicaStanding of replica.h */
} ViewHealth;

typedef struct ViewIdentity {
    Str device, site, org; /* absent until paired and loaded; borrowed until the next refresh */
} ViewIdentity;

CHECKED Status view_open(View **out, const char *dir, const Clock *clock,
                         Err *err); /* fails only when dir is no folder */
void view_close(View *view);
void view_close_auto(View **view);

/* After a poke, and with the clock's minute: reopens when the link has moved, rebuilds the drafts when
 * anything was committed. *changed = kinds whose records or drafts may differ from before. Cheap when nothing
 * has happened. */
CHECKED Status view_refresh(View *view, KindSet *changed, Err *err);
void view_health(View *view, ViewHealth *out);
ViewIdentity view_identity(const View *view);

/* Drafts over records; read-only (put and remove answer E_DENIED). */
Records *view_records(View *view);

/* A query of queries.def into an array of the kind's struct in the arena. Text arguments; numbers in decimal
 * are bound as integers where the text was made by view_int. */
typedef struct ViewArg {
    bool is_int;
    int64_t integer;
    Str text;
} ViewArg;
#define VIEW_INT(value) ((ViewArg){true, (value), {0}})
#define VIEW_TEXT(value) ((ViewArg){false, 0, (value)})
CHECKED Status view_list(View *view, ViewQuery query, const ViewArg *args, size_t arg_count, void **out,
                         size_t *count, Arena *arena, Err *err);

/* ---- doing: the only writer of the outbox ---- */
typedef struct Performed {
    Uuid op;
    Verdict predicted;
} Performed;

/* Durable on disk (synchronous FULL) before it returns OK; then pokes syncd and shows as draft. `by` and
 * `auth` may be absent. E_FULL, E_READONLY, E_CORRUPT, E_IO: nothing was kept, and the screen must say so. A
 * prediction that is a rejection is returned without being kept: nothing is sent that the hub would only
 * refuse, unless `even_if_refused`. */
CHECKED Status view_perform(View *view, const char *op, Str by, Str auth, const Json *args,
                            bool even_if_refused, Performed *out, Err *err);

/* Nobody is here any more: what votes, ratings and declarations said is forgotten, and with it their drafts.
 * The hub decides on them all the same. */
CHECKED Status view_forget(View *view, Err *err);

typedef struct OpStatus {
    bool known, decided;
    Verdict verdict;
    bool durable;
} OpStatus;
CHECKED Status view_op_status(View *view, Str op_id, OpStatus *out, Err *err);

/* What the hub refused of what this person asked here, and nobody told them yet; oldest first. Told by
 * view_mark_told. */
typedef struct Refusal {
    Str op, name; /* its id; "register" */
    Str event;    /* absent for an op about something else */
    Verdict verdict;
} Refusal;
enum { REFUSALS_MAX = 20 };
CHECKED Status view_refusals(View *view, Str person, Arena *arena, Refusal **out, size_t *count, Err *err);
CHECKED Status view_mark_told(View *view, Str op_id, Err *err);

/* What the technician asks of syncd: pair, hub address, unpair … */
CHECKED Status view_request(View *view, const char *verb, const Json *args, Err *err);

typedef struct ViewAnswer { /* what became of the last request */
    Str verb;               /* absent: nothing was asked, or it was answered and forgotten */
    Str state;              /* "done", "failed"; absent: syncd has not looked at it yet */
    Str text;               /* why it failed, English */
} ViewAnswer;
CHECKED Status view_last_answer(View *view, Arena *arena, ViewAnswer *out, Err *err);

/* ---- what syncd knows of itself, for the technician ---- */
typedef struct ViewScope {
    Str scope, sum, fault;
    int64_t count;
    bool loading;
} ViewScope;
CHECKED Status view_scopes(View *view, Arena *arena, ViewScope **out, size_t *count, Err *err);

typedef struct ViewLink { /* newest first: from then on … */
    Millis at;
    Str text; /* … that error, or absent: all was well */
} ViewLink;
enum { VIEW_LINKS_MAX = 200 };
CHECKED Status view_links(View *view, Arena *arena, ViewLink **out, size_t *count, Err *err);
