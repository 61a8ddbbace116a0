/* A registration and its seat; inside this folder only. */
#pragma once

#include "common/rules/acting.h"
#include "common/rules/seating.h"

/* A new one of that person, without a state. */
void placing_fill(const Judging *judging, const Event *event, const Acting *acting, Registration *out);

/* A seat, or a place in the queue, or VERDICT_full where there is neither: then nothing is written. It must
 * not hold one yet. */
CHECKED Status placing_take(const Judging *judging, const Event *event, Registration *registration,
                            Verdict *out, Err *err);

/* After the healing period (PROTOCOL 5). */
CHECKED Status placing_settle(const Judging *judging, const Event *event, Err *err);

/* A seat at once, for somebody who is there: a free one, or whatever there is where a host says so; else
 * VERDICT_full, and nothing is written. Who waited leaves the queue. */
CHECKED Status placing_walk_in(const Judging *judging, const Event *event, Registration *registration,
                               bool host_says_so, Verdict *out, Err *err);
