/* What a replica and a hub say to each other (PROTOCOL 3 to 7), as a state machine without I/O, without a
 * clock and without libcurl: who drives it asks what to send, sends it, and tells what came back. The same
 * session runs on libcurl, and in a test on an array.
 *
 * Three conversations go on side by side, so that a push never waits for a held pull, nor for a large file.
 * Times are of a steady clock, in milliseconds, and come in with each call. What must last lives in the
 * Replica; a new Session goes on where the last one stopped. */
#pragma once

#include "common/replica/identity.h"
#include "common/replica/replica.h"

typedef struct Session Session;

typedef enum SessionLane { LANE_FEED, LANE_PUSH, LANE_BLOB, LANE_COUNT } SessionLane;

typedef struct SessionOptions {
    const char *version; /* of the program, for the status */
    uint64_t seed;       /* of the jitter */
    bool once;           /* no held requests for nothing, no status; see session_settled */
    bool pair_only;      /* ask for a code, wait for the approval, nothing else */
    /* What happened, for the log; `trouble` where somebody should look. May be NULL. */
    void (*tell)(void *to, bool trouble, const char *text);
    void *tell_to;
} SessionOptions;

CHECKED Status session_open(Session **out, Replica *replica, const SessionOptions *options, Err *err);
void session_close(Session *session); /* NULL is fine */
void session_close_auto(Session **session);

/* ---- what to send ---- */
typedef struct SessionRequest {
    bool post;
    const char *url;
    const char *token; /* Authorization: Bearer …; NULL = none */
    const char *etag;  /* If-None-Match; NULL = none */
    const char *content_type;
    Str body;           /* of a POST */
    int64_t range_from; /* Range: bytes=N-; 0 = none */
    Millis silence_ms;  /* how long the server may say nothing before it counts as gone */
} SessionRequest;

/* True: there is something to send on this lane now; it is under way until session_end. Borrowed until then.
 */
bool session_ask(Session *session, SessionLane lane, Millis now, SessionRequest *out);

/* ---- what came back ---- */
typedef struct SessionHead {
    int http_status;
    const char *etag;      /* NULL = none; copied */
    Millis retry_after_ms; /* -1 = not said */
} SessionHead;

/* False: the rest is of no use, break off (and call session_end all the same). */
bool session_head(Session *session, SessionLane lane, Millis now, const SessionHead *head);
bool session_body(Session *session, SessionLane lane, Millis now,
                  Str bytes); /* plain, whatever was on the wire */
/* status OK: the answer is whole. Otherwise the transport failed, and text says how. */
void session_end(Session *session, SessionLane lane, Millis now, Status status, const char *text);

/* ---- what happens here ---- */
void session_poke(Session *session, Millis now); /* somebody wrote into the outbox, or may have */

typedef struct SessionLocal {
    int64_t uptime_ms, disk_free_bytes;
} SessionLocal;
void session_tell_local(Session *session, const SessionLocal *local);

/* When to ask again although nothing happens; INT64_MAX = no need. */
Millis session_next_at(Session *session, Millis now);

/* ---- how it stands ---- */
typedef struct SessionState {
    ReplicaStanding standing;
    bool settled;      /* caught up, and nothing waits for a verdict */
    bool gave_up_once; /* every address failed since it was opened */
    bool pairing_over; /* pair_only: approved, or refused: then last_error says why */
    int64_t undecided, unreadable;
    const char *code, *uri; /* of the pairing under way; "" = none */
    const char *last_error; /* "" = all is well */
} SessionState;
void session_state(Session *session, SessionState *out);
