/* The bytes of the protocol: record hashes and sums (PROTOCOL 1, 3), feed lines (2), feed header and trailer
 * (3), op lines (4). Reading is strict and bounded; what is read points into the bytes it was read from. Home
 * of zlib (gzip.h) and sodium. */
#pragma once

#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/json.h"
#include "common/base/str.h"

enum {
    HASH_BYTES = 16,
    FEED_LINE_MAX = 256 * 1024,
    OP_LINE_MAX = 64 * 1024,
    OP_BODY_MAX = OP_LINE_MAX - 512,
    PAGE_RECORDS_MAX = 5000
};
enum {
    PAGE_BYTES_MAX = 4 * 1024 * 1024,
    PUSH_OPS_MAX = 1000,
    PUSH_BYTES_MAX = 4 * 1024 * 1024,
    SCOPES_MAX = 2048
};

typedef struct Hash {
    unsigned char at[HASH_BYTES];
} Hash;

typedef struct HashHex {
    char text[2 * HASH_BYTES + 1];
} HashHex;

Hash hash_record(Str kind, Str id, Str scope, Str doc); /* over the bytes of doc as issued */
bool hash_equal(Hash a, Hash b);
HashHex hash_hex(Hash hash);
bool hash_from_hex(Str hex, Hash *out); /* lower case only */

/* Sum of hashes as big-endian numbers modulo 2^128, and how many. */
typedef struct Sum {
    int64_t count;
    unsigned __int128 total;
} Sum;

void sum_add(Sum *sum, Hash hash);
void sum_remove(Sum *sum, Hash hash);
bool sum_equal(Sum a, Sum b);
HashHex sum_hex(Sum sum); /* of total */
bool sum_from(int64_t count, Str hex, Sum *out);

/* ---- feed lines ---- */
typedef struct FeedLine {
    int64_t seq;
    Str kind, id, scope;
    Hash hash; /* not set when left */
    Str doc;   /* absent when left */
    bool left;
} FeedLine;

/* One line without its LF. Only the exact spelling of PROTOCOL 2 is taken; the hash is not checked here
 * (feed_line_is_true). */
CHECKED Status feed_line_scan(Str line, FeedLine *out, Err *err);
bool feed_line_is_true(const FeedLine *line);         /* hash matches; a left line is always true */
void feed_line_write(Buf *out, const FeedLine *line); /* with LF */

/* ---- header and trailer of a page ---- */
typedef struct ScopeList {
    Str *at;
    size_t count;
} ScopeList;

typedef struct FeedHeader {
    Str epoch;
    int64_t head;
    ScopeList scopes, reload, revoked;
} FeedHeader;

typedef struct ScopeSum {
    Str scope;
    Sum sum;
} ScopeSum;

typedef struct FeedTrailer {
    bool complete; /* else more */
    int64_t seq;   /* H when complete, N when more */
    ScopeSum *sums;
    size_t sum_count;
} FeedTrailer;

typedef enum FeedPart { FEED_HEADER, FEED_LINE, FEED_TRAILER } FeedPart;

FeedPart
feed_part_of(Str line); /* by its first key; what is none of them counts as FEED_LINE and fails there */
CHECKED Status feed_header_read(Arena *arena, Str line, FeedHeader *out, Err *err);
void feed_header_write(Buf *out, const FeedHeader *header);
CHECKED Status feed_trailer_read(Arena *arena, Str line, FeedTrailer *out, Err *err);
void feed_trailer_write(Buf *out, const FeedTrailer *trailer);

/* ---- cursor: <scope>@<seq> or <scope>@<seq>*<head0>, comma-separated ---- */
typedef struct CursorItem {
    Str scope;
    int64_t seq;
    int64_t head0; /* -1 when no load is under way */
} CursorItem;

CHECKED Status cursor_read(Arena *arena, Str text, CursorItem **out, size_t *count, Err *err);
void cursor_write(Buf *out, const CursorItem *items, size_t count);

/* ---- epoch: <generation>-<random> ---- */
bool epoch_is_valid(Str epoch);
int64_t epoch_generation(Str epoch); /* -1 when invalid */

/* ---- ops ---- */
typedef struct OpsHeader {
    Str device, incarnation;
    Millis time; /* the device's clock when it sent */
    int64_t seen;
} OpsHeader;

typedef struct OpLine {
    int64_t n;
    Str id, prev; /* prev absent at 1 */
    Str op;       /* with its version suffix, if any */
    Millis at;
    Str by, auth;            /* may be absent: an anonymous op */
    const Json *args;        /* a map; an empty one where the line has none */
    Str was_epoch, was_code; /* PROTOCOL 5; absent otherwise */
} OpLine;

CHECKED Status ops_header_read(Arena *arena, Str line, OpsHeader *out, Err *err);
void ops_header_write(Buf *out, const OpsHeader *header);

/* E_INVALID where the line is no JSON object with n, id and op: nothing of its body may be taken. Everything
 * else that is odd (unknown op, missing args) is for the rules to refuse. */
CHECKED Status op_line_read(Arena *arena, Str line, OpLine *out, Err *err);

/* The line of an op: n, id and prev from syncd, the rest from the body that the kiosk wrote once:
 * {"op":…,"at":…,…}. */
void op_line_write(Buf *out, int64_t n, Str id, Str prev, Str body);

/* The body of an op as it stands in outbox.db: {"op":…,"at":…,"by":…,"auth":…,"args":{…}} in this order, args
 * canonical. by, auth and args may be absent. Absent when it would be too long for a line. */
Str op_body_write(Arena *arena, Str op, Millis at, Str by, Str auth, const Json *args);

/* Args that nobody but the hub may read (PROTOCOL 4): {"sealed":"<base64>"}, of {"args":…,"id":<of the op>}.
 * The id makes them those of this op and no other. */
CHECKED Status op_args_seal(Arena *arena, Str public_hex, Str id, const Json *args, Json **out, Err *err);
/* E_INVALID: not sealed, not to this key, or of another op. */
CHECKED Status op_args_open(Arena *arena, Str public_hex, Str secret_hex, Str id, const Json *sealed,
                            const Json **out, Err *err);
