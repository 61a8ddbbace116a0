/* A Session and a hub in memory, without sockets and without a clock: requests are answered from the FakeHub,
 * held ones wait, time jumps from one event to the next. Bad days by switches. */
#pragma once

#include "syncd/agent/session.h"
#include "tests/harness/replica_kit.h"

enum { WORLD_LOG_MAX = 4096, WORLD_ADDRESSES = 2 };

typedef struct WorldForced {
    const char *path; /* prefix of what is behind /v1/; NULL = nothing is forced */
    int http_status;
    const char *code; /* of the problem */
    Millis retry_after_ms;
    int times;
} WorldForced;

typedef struct World {
    Kit *kit;
    Session *session;
    Millis now;
    const char *token;                   /* the one the hub knows */
    const char *wrong_token;             /* what it says to another: "unknown_token" */
    bool down[WORLD_ADDRESSES];          /* http://h0, http://h1 */
    const char *behind[WORLD_ADDRESSES]; /* 409 of that code to every feed */
    WorldForced forced;
    size_t cut_feed_at;      /* bytes of the next feed answer; SIZE_MAX = whole */
    size_t chunk;            /* bytes of an answer told at once */
    bool lose_answer_to_ops; /* once: judged, but the answer never comes */
    bool relay;              /* ops are stored, not judged */
    int refuse_over_ops;     /* 413 for more ops than this; 0 = never */
    const char *pairing;     /* what device/token answers: an error of RFC 8628, or NULL: approved */
    int codes;               /* how many were given */
    /* requests under way that wait */
    struct {
        bool held;
        Millis until;
        Str epoch, cursor, etag;
    } held;
    size_t requests;
    const char *log[WORLD_LOG_MAX]; /* "GET h0 feed" … */
    Millis log_at[WORLD_LOG_MAX];
} World;

/* The replica of the kit, paired: identity with token "t1" and the addresses http://h0 and http://h1. */
World *world_new(void);
void world_free(World *world);
void world_free_auto(World **world);
void world_reopen(World *world); /* the session and the replica, as after a crash */

/* Everything that happens until nothing more happens, or for so long. */
void world_run(World *world, Millis for_ms);
/* Until a state; the test fails when it does not come in an hour. */
void world_settle(World *world);

void world_poke(World *world);
size_t world_count(const World *world, const char *part); /* logged requests that contain it */
SessionState world_state(World *world);
