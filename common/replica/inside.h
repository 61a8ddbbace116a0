/* What the files of the writer share. */
#pragma once

#include "common/db/db.h"
#include "common/replica/replica.h"
#include "common/replica/statements.def"
#include "common/replica/tables.h"

#include <sys/types.h>

enum { REPLICA_STATEMENTS(STMT_NAME) STMT_COUNT };

enum { CODE_MAX = 64, STAGE_ROWS_PER_COMMIT = 5000 };

/* The page that is being read. `open` from a good header to more, complete or a cut. */
typedef struct FeedPage {
    bool open;
    int64_t head, last_seq;
    Arena *arena; /* of the scopes: one page */
    ScopeList scopes;
} FeedPage;

struct Replica {
    Arena *arena; /* paths: as long as the Replica */
    const Clock *clock;
    const char *dir, *link_path, *outbox_path;
    int lock_fd;
    Db *db;
    StmtTable *statements;
    Db *outbox;
    ino_t outbox_inode;
    FeedPage page;
    Tx *staging; /* lines that were staged and not yet committed */
    size_t staged_rows;
    bool erase_wal;
    char mended[ERR_TEXT_MAX];
};

static inline Stmt *statement(Replica *replica, int which) {
    return stmt_at(replica->statements, (size_t)which);
}

/* meta.c: small facts by name */
CHECKED Status meta_text(Replica *replica, const char *key, Arena *arena, Str *out,
                         Err *err); /* absent when not set */
CHECKED Status meta_int(Replica *replica, const char *key, int64_t otherwise, int64_t *out, Err *err);
CHECKED Status meta_set_text(Replica *replica, const char *key, Str value, Err *err); /* absent clears */
CHECKED Status meta_set_int(Replica *replica, const char *key, int64_t value, Err *err);
#define META_DEVICE "device"
#define META_HUB_KEY "hub_key" /* what sealed args are sealed to; read by the kiosk */
#define META_STANDING "standing"
#define META_EPOCH "epoch"
#define META_EPOCH_BEFORE "epoch_before"
#define META_EPOCH_AT "epoch_at"
#define META_EPOCH_NEW "epoch_new"   /* 1 until the first state of this epoch is applied */
#define META_EPOCH_LOOK "epoch_look" /* 1 until the hub of this epoch has said where it stands */
#define META_AGAIN "again"           /* ops with a verdict that the hub of this epoch did not have */
#define META_FRESH "fresh"
#define META_LOADED "loaded"
#define META_PULL_HEAD "pull_head" /* the highest head within the set of pages under way; 0 between sets */
#define META_INCARNATION "incarnation"
#define META_LAST_N "last_n" /* of this incarnation; outlives pruning */
#define META_LAST_ID "last_id"
#define META_LAST_POS "last_pos"       /* everything in the outbox up to here was looked at … */
#define META_LAST_POS_ID "last_pos_id" /* … if this op still stands there */
#define META_DECIDED "decided"
#define META_DURABLE "durable"
#define META_REKEYED_WHY "rekeyed_why"
#define META_HUB_TIME "hub_time"
#define META_OFFSET "clock_offset_ms"
#define META_CONTACT "last_contact"
#define META_ERROR "last_error"
#define META_HUBS "hubs"

/* A change that a reader sees: one transaction, on the disk, then the kiosk is poked. */
CHECKED Status change_begin(Replica *replica, Tx **out, Err *err); /* commits what is staged first */
CHECKED Status change_commit(Replica *replica, Tx *tx, Err *err);

/* scopes.c */
typedef struct ScopeRow {
    Str scope;
    int64_t seq, head0; /* head0 -1: no load under way */
    bool wanted;        /* a load is wanted, nobody was asked yet */
    Sum sum;
    int64_t failures; /* loads in a row whose sum was wrong */
    int64_t applied;  /* H of the last complete state */
} ScopeRow;
typedef struct ScopeRows {
    ScopeRow *at;
    size_t count;
} ScopeRows;
CHECKED Status scopes_read(Replica *replica, Arena *arena, ScopeRows *out, Err *err);
ScopeRow *scopes_find(const ScopeRows *rows, Str scope);
CHECKED Status scopes_write_sums(Replica *replica, const ScopeRows *rows, Err *err);
CHECKED Status scope_erase(Replica *replica, Str scope, Err *err);
CHECKED Status scopes_want_all(Replica *replica, Err *err);
CHECKED Status kind_changed(Replica *replica, Str kind, Err *err);
CHECKED Status erase_personal(Replica *replica, Err *err);

/* ops.c, number.c */
CHECKED Status outbox_look(Replica *replica, Db **out, Err *err); /* *out NULL: there is none */
CHECKED Status rekey_here(Replica *replica, const char *why,
                          Err *err); /* inside a transaction of the caller */

/* receipt.c: inside the transaction that applied it */
CHECKED Status receipt_apply(Replica *replica, Arena *arena, Str id, Str doc, PageOutcome *outcome, Err *err);

/* number.c: inside a transaction of the caller */
CHECKED Status epoch_applied_here(Replica *replica, Err *err);
CHECKED Status position_take_here(Replica *replica, Arena *arena, const OpsPosition *position, bool *rekeyed,
                                  Err *err);
