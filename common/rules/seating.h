/* The seats of an event and who waits for one.
 *
 * The record `seats` is the truth for counts and for the order of those who wait: a kiosk sees the
 * registrations of its own org only, and must come to the same numbers. It names orgs and ranks, never
 * persons. */
#pragma once

#include "common/rules/rule.h"

typedef struct OrgSeats {
    Str org;
    int64_t taken, waiting, leased;
} OrgSeats;

typedef struct Waiter {
    int64_t rank; /* for ever the one he came with; the next is one more than the last who waits */
    Str org;
} Waiter;

typedef struct Seating {
    Event event;
    Seats record;
    OrgSeats *orgs;
    size_t org_count;
    Waiter *queue; /* first come first */
    size_t queue_count;
    Arena *arena; /* of both lists */
} Seating;

CHECKED Status seating_load(const Judging *judging, const Event *event, Seating *out, Err *err);
CHECKED Status seating_store(const Judging *judging, Seating *seating, Err *err);

/* Could somebody of that org sit down now? (the place where quotas and leases are
 * weighed) */
bool seating_has_place(const Seating *seating, Str org);
void seating_take(Seating *seating, Str org, int seats); /* −1 gives one back */
int64_t seating_join_queue(Seating *seating, Str org);   /* → rank */
void seating_leave_queue(Seating *seating, int64_t rank);

/* Gives what is free to those who wait. A registration that cannot be seen from here (of another org, on a
 * kiosk) leaves the queue all the same. */
CHECKED Status seating_move_up(const Judging *judging, Seating *seating, Err *err);
