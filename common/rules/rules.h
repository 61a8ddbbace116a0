/* What each operation does, written once: the hub judges with it, the kiosk predicts with it (DATA, Operations). One file per
 * operation; ops.def lists them.
 *
 * rules_judge changes records only through the Records given, inside the caller's transaction. Its verdict is final at the hub and
 * provisional on a kiosk. It fails (other than OK) only when the store does; an op that makes no sense has a verdict too. */
#pragma once

#include "common/records/records.h"

/* PROTOCOL 4, DATA: X(verdict, is it a rejection) */
#define VERDICTS(X)                                                                                                     \
    X(confirmed, 0) X(waiting, 0) X(to_approve, 0) X(requested, 0) X(done, 0) X(closed, 1) X(full, 1) X(not_open, 1)    \
    X(already_started, 1) X(needs_approval, 1) X(no_quota, 1) X(unknown, 1) X(denied, 1) X(late, 1) X(invalid, 1)

#define VERDICT_MEMBER(name, rejected) VERDICT_##name,
typedef enum Verdict { VERDICT_none, VERDICTS(VERDICT_MEMBER) VERDICT_COUNT } Verdict;

const char *verdict_name(Verdict verdict);
Verdict verdict_from_name(Str name); /* VERDICT_none for an unknown one */
bool verdict_is_rejection(Verdict verdict);

typedef struct RuleOp {
    Str id;       /* UUIDv7 */
    Str name;     /* "register", "tick" …, with version suffix if any */
    Millis at;    /* corrected and clamped (PROTOCOL 4) */
    Str by, auth; /* person and how they showed who they are: "badge", "badge+pin", "name+pin" */
    const Json *args;
} RuleOp;

typedef struct RuleContext {
    Millis now;          /* of the arrival at the hub; on a kiosk, its clock */
    Str device;          /* that sent it: recorded as `via` */
    const Str *granted;  /* scopes this device is granted: `by` must belong to one of its orgs */
    size_t granted_count;
} RuleContext;

CHECKED Status rules_judge(Records *records, const RuleContext *context, const RuleOp *op, Arena *arena, Verdict *out, Err *err);

/* May this op wait in the outbox at all? (is its name known here; the kiosk asks before it offers a button) */
bool rules_know(Str op_name);
