/* What each operation does, written once: the hub judges with it, the kiosk predicts with it (DATA,
 * Operations). One file per operation; ops.def lists them.
 *
 * rules_judge changes records only through the Records given, inside the caller's transaction. Its verdict is
 * final at the hub and provisional on a kiosk. It fails (other than OK) only when the store does; an op that
 * makes no sense has a verdict too. */
#pragma once

#include "common/records/records.h"

/* PROTOCOL 4, DATA: X(verdict, is it a rejection) */
#define VERDICTS(X)                                                                                          \
    X(confirmed, 0)                                                                                          \
    X(waiting, 0)                                                                                            \
    X(to_approve, 0)                                                                                         \
    X(requested, 0)                                                                                          \
    X(done, 0)                                                                                               \
    X(closed, 1)                                                                                             \
    X(full, 1)                                                                                               \
    X(not_open, 1)                                                                                           \
    X(already_started, 1)                                                                                    \
    X(needs_approval, 1)                                                                                     \
    X(no_quota, 1)                                                                                           \
    X(unknown, 1)                                                                                            \
    X(denied, 1)                                                                                             \
    X(late, 1)                                                                                               \
    X(invalid, 1)

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
    Millis now;         /* of the arrival at the hub; on a kiosk, its clock */
    Str device;         /* that sent it: recorded as `via` */
    const Str *granted; /* scopes this device is granted: `by` must belong to one of its orgs */
    size_t granted_count;
    /* Makes of a text what nobody without the secret finds again: the key of a fact about a person. The
     * hub's secret is its own; a kiosk has one for as long as it runs. Not needed by `administrator`. */
    Str (*keyed_hash)(Arena *arena, Str secret, Str text);
    Str secret;
    /* A hub that was restored (PROTOCOL 5), until it has heard the fleet: an op that another life of the hub
     * had decided has `was` and takes that state, even over capacity; a new one on capacity is `requested`,
     * and nobody moves up, until rules_healing_over. */
    bool healing;
    Verdict was;
    bool
        administrator; /* an import or an administrator acts for args.person; `by` and `auth` do not matter */
} RuleContext;

CHECKED Status rules_judge(Records *records, const RuleContext *context, const RuleOp *op, Arena *arena,
                           Verdict *out, Err *err);

/* May this op wait in the outbox at all? (is its name known here; the kiosk asks before it offers a button)
 */
bool rules_know(Str op_name);

/* Are its args sealed to the hub's key wherever they are kept or sent (PROTOCOL 4)? */
bool rules_seal(Str op_name);

/* The hub calls it in the transaction that changed an event: seats follow its scope, and what became free
 * goes to those who wait. */
CHECKED Status rules_event_changed(Records *records, Str event_id, Millis now, Arena *arena, Err *err);

/* Everybody was heard: who waits moves up, then the requested are placed in the order in which they arrived.
 */
CHECKED Status rules_healing_over(Records *records, Str event_id, Millis now, Arena *arena, Err *err);

/* What is left of the seats, waiting or not; INT_ABSENT where there is no limit. `seats` NULL = nobody has
 * registered. */
int64_t rules_seats_left(const Event *event, const Seats *seats);

/* Which number in the waiting list, 1 = next; 0 for who does not wait. Ranks are kept for ever as they were
 * given at arrival, so that they order the list without rewriting it; the place shown is the number of those
 * waiting with a smaller rank, plus one. It comes from the queue in `seats`, which a kiosk sees whole
 * although it sees the registrations of its own org only. */
CHECKED Status rules_waiting_place(Records *records, const Registration *registration, Arena *arena,
                                   int64_t *place, Err *err);
