/* What the files of the session share. */
#pragma once

#include "syncd/agent/session.h"

enum {
    ANSWER_MAX = 256 * 1024,      /* a JSON answer */
    LINE_MAX_BYTES = 1024 * 1024, /* a feed line, or the header of a replica of very many scopes */
    HELD_S = 55,
    ONCE_HELD_S = 5,
    SILENCE_MS = 30 * SECOND_MS,
    BACK_OFF_FIRST_MS = SECOND_MS,
    BACK_OFF_MAX_MS = 5 * MINUTE_MS,
    BACK_OFF_LEAST_MS = 50,
    RETRY_AFTER_MAX_MS = HOUR_MS,
    PUSH_AGAIN_MS = 10 * MINUTE_MS, /* undecided for so long: to the hub once more (PROTOCOL 4) */
    PREFER_AGAIN_MS = 10 * MINUTE_MS,
    STATUS_EVERY_MS = 5 * MINUTE_MS,
    HELLO_EVERY_MS = 12 * HOUR_MS, /* the hub's time is asked: ops are pruned by it */
    LOOK_EVERY_MS = MINUTE_MS,     /* the net under a lost poke */
    TALK_PATH_MAX = 512
};

typedef enum TalkKind {
    TALK_NONE,
    TALK_HELLO,
    TALK_OPS,
    TALK_STATUS,
    TALK_FEED,
    TALK_BLOB,
    TALK_CODE,
    TALK_TOKEN,
    TALK_COUNT
} TalkKind;

typedef enum LaneState { LANE_IDLE, LANE_SENT, LANE_ANSWERED } LaneState;

typedef struct Lane {
    SessionLane which;
    LaneState state;
    TalkKind talk;
    size_t address;   /* asked there */
    uint64_t pairing; /* Session.pairing_count when it was asked: an answer to an old token says nothing */
    Arena *arena;     /* of the request: until its end */
    Buf body;         /* what is collected of the answer */
    int http_status;
    Millis retry_after_ms;
    Err failed; /* while the body was read: status OK = nothing yet */
    int failures;
    Millis not_before;
    bool back_off_of_network; /* over as soon as any lane gets through */
} Lane;

/* One kind of request: how it is written, and what its answer means. */
typedef struct Talk {
    const char *name;
    Status (*write)(Session *session, Lane *lane, SessionRequest *out, Err *err);
    Status (*part)(Session *session, Lane *lane, Str bytes,
                   Err *err);                                  /* of a 2xx body; NULL: it is collected */
    Status (*done)(Session *session, Lane *lane, Err *err);    /* the answer is whole and 2xx or 304 */
    Status (*refused)(Session *session, Lane *lane, Err *err); /* what is said of a 4xx of its own; NULL:
                                                                  nothing special. OK = dealt with */
} Talk;
extern const Talk talks[TALK_COUNT];

typedef struct Pairing {
    bool active;
    char device_code[160], code[16], uri[256];
    Millis interval_ms, expires_at, next_at;
} Pairing;

struct Session {
    Replica *replica;
    SessionOptions options;
    Rng rng;
    Arena *identity_arena;
    Identity identity;
    ReplicaStanding standing;
    uint64_t pairing_count;
    Lane lanes[LANE_COUNT];
    size_t address, addresses_failed;
    Millis preferred_at; /* when the first address was last left */
    Millis now;
    SessionLocal local;
    Pairing pairing;
    bool pairing_over;
    /* push */
    bool hello_wanted;
    Millis hello_at;
    char epoch[64]; /* as hello told it; "" before */
    int64_t push_from, last_n, undecided, unreadable;
    size_t push_max;
    Millis pushed_at;
    /* feed */
    bool caught_up; /* a complete page since the session was opened, and no load wanted */
    bool page_ended;
    char etag[96];
    /* blob */
    Str blob;        /* in the arena of its lane */
    int64_t blob_at; /* where the next bytes go */
    bool blob_begun;
    /* status */
    bool status_wanted;
    Millis status_at;
    Millis looked_at;
    bool gave_up_once;
    char last_error[ERR_TEXT_MAX];
};

/* session.c */
void session_note_error(Session *session, const char *text); /* "" = well again */
void session_note_hubs(Session *session);                    /* tells the kiosk which addresses are tried */
void session_say(Session *session, bool trouble, const char *format, ...) PRINTF(3, 4);
const char *session_url(Session *session, Lane *lane, const char *format, ...) PRINTF(3, 4);
void session_look(Session *session); /* numbers what is new, answers requests, reads the counts */
CHECKED Status session_read_counts(Session *session, Err *err);
void session_start_over(
    Session *session); /* another address, epoch or token: nothing is known of the other side */

/* outcome.c */
void lane_succeeded(Session *session, Lane *lane);
void lane_failed(Session *session, Lane *lane, const Err *err);
void storage_failed(Session *session, const Err *err); /* beside any request */
void lane_back_off(Session *session, Lane *lane, bool of_network);

/* pair.c */
bool pairing_is_wanted(Session *session);
TalkKind pairing_next(Session *session);
CHECKED Status pairing_begin(Session *session, Err *err);

/* asked.c: what the technician asks */
void requests_answer(Session *session);

/* answers */
CHECKED Status answer_json(Lane *lane, Json **out, Err *err);

#define TALK_FUNCTIONS(X) X(hello) X(ops) X(status) X(feed) X(blob) X(code) X(token)
#define TALK_DECLARE(name)                                                                                   \
    Status name##_write(Session *session, Lane *lane, SessionRequest *out, Err *err);                        \
    Status name##_done(Session *session, Lane *lane, Err *err);
TALK_FUNCTIONS(TALK_DECLARE)
Status feed_part(Session *session, Lane *lane, Str bytes, Err *err);
Status feed_refused(Session *session, Lane *lane, Err *err);
Status blob_part(Session *session, Lane *lane, Str bytes, Err *err);
Status blob_refused(Session *session, Lane *lane, Err *err);
Status ops_refused(Session *session, Lane *lane, Err *err);
Status token_refused(Session *session, Lane *lane, Err *err);
