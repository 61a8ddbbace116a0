/* What the files of the view share. */
#pragma once

#include "common/db/db.h"
#include "common/replica/view.h"

#include <sys/types.h>

enum { LINK_MAX = 256, TARGET_MAX = 64 };

/* Drafts over records, as the rules see them. */
typedef struct Overlay {
    Records records; /* first: it is a Records */
    View *view;
} Overlay;

/* A kind without drafts, which is nearly always, is read from its records alone: then an index gives the
 * order too, and a LIMIT ends the reading. Over both, all that matches is read and sorted. */
typedef enum Source { SOURCE_RECORDS, SOURCE_OVERLAY, SOURCE_COUNT } Source;

/* What a sealed op of this session says; its body says it to the hub alone. */
typedef struct ClearArgs ClearArgs;
struct ClearArgs {
    ClearArgs *next;
    Str op, args; /* its id; canonical JSON */
};

/* One open replica file. All of it is made anew when the link moves. */
typedef struct Reader {
    Db *db; /* never NULL in an open View: an empty one in memory stands in for a replica that is not there */
    bool stands_in;
    char target[TARGET_MAX]; /* what the link named when it was opened */
    Tx *snapshot;            /* all reads between two refreshes see one state of the hub */
    int64_t data_version;
    StmtTable *statements;
    Stmt *lists[SOURCE_COUNT][VIEW_QUERY_COUNT]; /* made at first use */
    Stmt **by_field[SOURCE_COUNT][KIND_COUNT];   /* [field index + 1]; 0 = all of the kind */
    int64_t counts[KIND_COUNT];                  /* kind_count as of the snapshot */
    KindSet drafted;
} Reader;

struct View {
    Arena *arena; /* as long as the View */
    const Clock *clock;
    const char *dir, *link_path, *outbox_path;
    Reader reader;
    Overlay writing, reading;
    Db *outbox; /* NULL while it cannot be opened at all */
    bool outbox_writes;
    OutboxAside aside;
    ino_t outbox_inode;
    ReplicaState state;
    Status replica_status, outbox_status;
    char replica_text[ERR_TEXT_MAX], outbox_text[ERR_TEXT_MAX];
    int64_t pending;
    Millis hub_time; /* INT_ABSENT until one is known */
    Millis pruned_at_steady;
    bool checked; /* syncd was asked to look at a damaged file */
    Str secret;   /* of the keys of facts: as long as the View */
    Arena *clear_arena;
    ClearArgs *clear; /* until view_forget */
    Arena *identity_arena;
    ViewIdentity identity;
    Str *granted;
    size_t granted_count;
};

#define READER_STATEMENTS(X)                                                                                 \
    X(count, "SELECT kind, count FROM kind_count")                                                           \
    X(meta, "SELECT value FROM meta WHERE key = ?1")                                                         \
    X(scopes, "SELECT scope FROM cursor ORDER BY scope")                                                     \
    X(pairing, "SELECT code, uri, state, expires FROM pairing")                                              \
    X(answer, "SELECT state, text FROM answer WHERE request = ?1")                                           \
    X(link, "SELECT at, text FROM link ORDER BY n DESC LIMIT ?1")                                            \
    X(scope_sums, "SELECT scope, count, sum, wanted OR head0 IS NOT NULL, fault FROM cursor ORDER BY scope") \
    X(ops_unsafe, "SELECT count(*) FROM op_state WHERE durable = 0")                                         \
    /* a verdict of the epoch before does not count until the hub of this one has decided as far */          \
    X(op_state, "SELECT CASE WHEN epoch IS NOT (SELECT value FROM meta WHERE key = 'epoch') AND "            \
                "n > coalesce((SELECT value FROM meta WHERE key = 'decided'), 0) THEN NULL ELSE verdict "    \
                "END, durable FROM op_state WHERE id = ?1")                                                  \
    X(durable_ops, "SELECT id FROM op_state WHERE durable = 1 AND durable_at <= ?1")                         \
    X(durable_young,                                                                                         \
      "SELECT id FROM op_state WHERE durable = 1 AND (durable_at > ?1 OR durable_at IS NULL)")               \
    X(answered, "SELECT 1 FROM answer WHERE request = ?1")                                                   \
    X(record, "SELECT id, scope, seq, doc FROM main.record WHERE kind = ?1 AND id = ?2")                     \
    X(draft, "SELECT id, scope, doc, removed FROM temp.draft WHERE kind = ?1 AND id = ?2")                   \
    X(draft_put, "INSERT INTO temp.draft(kind, id, scope, doc, removed) VALUES(?1, ?2, ?3, ?4, ?5) ON "      \
                 "CONFLICT(kind, id) DO UPDATE SET scope = excluded.scope, doc = excluded.doc, removed = "   \
                 "excluded.removed")                                                                         \
    X(drafts_clear, "DELETE FROM temp.draft")                                                                \
    X(draft_kinds, "SELECT DISTINCT kind FROM temp.draft")                                                   \
    X(fact, "SELECT value FROM temp.fact WHERE kind = ?1 AND key = ?2")                                      \
    X(fact_put, "INSERT INTO temp.fact(kind, key, value) VALUES(?1, ?2, ?3) ON CONFLICT(kind, key) DO "      \
                "UPDATE SET value = excluded.value")                                                         \
    X(fact_drop, "DELETE FROM temp.fact WHERE kind = ?1 AND key = ?2")                                       \
    X(facts_clear, "DELETE FROM temp.fact")
enum { READER_STATEMENTS(STMT_NAME) READER_STMT_COUNT };

static inline Stmt *reader_statement(View *view, int which) {
    return stmt_at(view->reader.statements, (size_t)which);
}

/* reader.c */
CHECKED Status reader_open_stand_in(View *view, Err *err);
/* Opens what the link names, if that differs from what is open; *moved then. On a failure what was open
 * stays. */
CHECKED Status reader_follow_link(View *view, bool *moved, Err *err);
void reader_close(Reader *reader);
/* A new snapshot; *differs: something was committed since the last one. */
CHECKED Status reader_look(View *view, bool *differs, Err *err);
CHECKED Status reader_meta_text(View *view, const char *key, Arena *arena, Str *out, Err *err);
CHECKED Status reader_meta_int(View *view, const char *key, int64_t otherwise, int64_t *out, Err *err);

/* overlay.c */
void overlay_init(View *view);
const char *source_sql(Source source);
Source source_of(const View *view, Kind kind); /* for reading: as of the last replay */

/* replay.c */
CHECKED Status replay_drafts(View *view, Err *err);
CHECKED Status replay_note_drafted(View *view, Err *err); /* which kinds have drafts now */
/* What is kept of a sealed op for its replay. */
void replay_keep_clear(View *view, const RuleOp *op);
CHECKED Status replay_judge(View *view, const RuleOp *op, Arena *arena, Verdict *out, Err *err);

/* outbox.c */
void outbox_open(View *view);                 /* sets outbox, outbox_writes, outbox_status */
void outbox_tell(View *view, const Err *err); /* NULL: all is well */
void outbox_mend(View *view);                 /* opens it again, or tries to write, where it failed before */
void outbox_prune(View *view);
CHECKED Status outbox_append(View *view, Str id, Str body, Err *err);

/* outbox_aside.c: puts the files of a damaged outbox, which is closed, beside. */
CHECKED Status outbox_set_aside(View *view, Err *err);
/* Takes over what was set aside last, once, in one transaction, before anything else is written; sets
 * view->aside. */
CHECKED Status outbox_rescue(View *view, Err *err);

/* view.c: a read failed; a damaged file is told by view_health from now on. Returns status, with the cause in
 * err. */
CHECKED Status view_read_failed(View *view, Status status, Err *err, const Err *cause);

/* view_list.c: prepared at first use; borrowed. */
CHECKED Status view_query_statement(View *view, Source source, ViewQuery query, Stmt **out, Err *err);
