#include "common/rules/placing.h"

#include <stdlib.h>

void placing_fill(const Judging *judging, const Event *event, const Acting *acting, Registration *out) {
    Str device = judging->context->device;
    schema_clear(K_registration, out);
    out->meta.id = id_join(judging->arena, event->meta.id, acting->person);
    out->meta.scope = scope_join(judging->arena, "org", acting->org);
    out->event = event->meta.id;
    out->person = acting->person;
    out->org = acting->org;
    out->at = judging->op->at;
    out->via = device.len ? device : STR("admin");
}

/* What was free went to those who wait before: whoever finds a place now overtakes nobody who could have had
 * it. */
static Verdict find_place(Seating *seating, Registration *registration) {
    if (seating_has_place(seating, registration->org)) {
        seating_take(seating, registration->org, 1);
        registration->state = RegistrationState_confirmed;
        return VERDICT_confirmed;
    }
    if (seating->event.waitlist == TRUTH_NO) return VERDICT_full;
    registration->state = RegistrationState_waiting;
    registration->rank = seating_join_queue(seating, registration->org);
    return VERDICT_waiting;
}

/* PROTOCOL 5. What an approval had led to is not told by its `done`: it is weighed anew. */
static Verdict heal_place(const Judging *judging, Seating *seating, Registration *registration) {
    if (judging->context->was == VERDICT_confirmed) {
        seating_take(seating, registration->org, 1);
        registration->state = RegistrationState_confirmed;
        return VERDICT_confirmed;
    }
    if (judging->context->was == VERDICT_waiting) {
        registration->state = RegistrationState_waiting;
        registration->rank = seating_join_queue(seating, registration->org);
        return VERDICT_waiting;
    }
    if (judging->context->was == VERDICT_done) return find_place(seating, registration);
    if (seating->record.asked == INT_ABSENT) seating->record.asked = 0;
    registration->state = RegistrationState_requested;
    registration->rank = ++seating->record.asked;
    return VERDICT_requested;
}

static Status decide(const Judging *judging, Registration *registration, Err *err) {
    registration->decided_at = judging->context->now;
    return records_put(judging->records, K_registration, registration, judging->arena, err);
}

Status placing_take(const Judging *judging, const Event *event, Registration *registration, Verdict *out,
                    Err *err) {
    Seating seating;
    TRY(seating_load(judging, event, &seating, err));
    TRY(seating_move_up(judging, &seating, err));
    *out = judging->context->healing ? heal_place(judging, &seating, registration)
                                     : find_place(&seating, registration);
    TRY(seating_store(judging, &seating, err));
    return *out == VERDICT_full ? OK : decide(judging, registration, err);
}

/* ---- after healing ---- */

static int by_rank(const void *a, const void *b) {
    int64_t left = ((const Registration *)a)->rank, right = ((const Registration *)b)->rank;
    return (left > right) - (left < right);
}

static Status requested_of(const Judging *judging, Str event, Registration **out, size_t *count, Err *err) {
    const RecordsQuery query = {
        .kind = K_registration, .field = "event", .equals = event, .limit = RECORDS_LIST_MAX};
    void *list = NULL;
    size_t found = 0;
    TRY(records_list(judging->records, &query, &list, &found, judging->arena, err));
    Registration *all = list;
    *out = all;
    *count = 0;
    for (size_t i = 0; i < found; i++)
        if (all[i].state == RegistrationState_requested) all[(*count)++] = all[i];
    if (*count) qsort(all, *count, sizeof(*all), by_rank);
    return OK;
}

/* `full` is told by the registration: the operation had its verdict, `requested`. */
static Status settle_one(const Judging *judging, Seating *seating, Registration *registration, Err *err) {
    registration->rank = INT_ABSENT;
    if (seating->event.status == EventStatus_cancelled || find_place(seating, registration) == VERDICT_full) {
        registration->state = RegistrationState_refused;
        registration->reason = str_of(
            verdict_name(seating->event.status == EventStatus_cancelled ? VERDICT_closed : VERDICT_full));
    }
    return decide(judging, registration, err);
}

Status placing_settle(const Judging *judging, const Event *event, Err *err) {
    Seating seating;
    Registration *requested = NULL;
    size_t count = 0;
    TRY(seating_load(judging, event, &seating, err));
    if (event->status != EventStatus_cancelled && judging->context->now < event->starts)
        TRY(seating_move_up(judging, &seating, err));
    TRY(requested_of(judging, event->meta.id, &requested, &count, err));
    for (size_t i = 0; i < count; i++) TRY(settle_one(judging, &seating, &requested[i], err));
    seating.record.asked = INT_ABSENT;
    return seating_store(judging, &seating, err);
}

/* ---- who is there ---- */

/* Nobody waits while a seat is free, so who waits finds none. */
Status placing_walk_in(const Judging *judging, const Event *event, Registration *registration,
                       bool host_says_so, Verdict *out, Err *err) {
    Seating seating;
    bool waits = registration->state == RegistrationState_waiting;
    TRY(seating_load(judging, event, &seating, err));
    if (!waits) TRY(seating_move_up(judging, &seating, err));
    *out = VERDICT_full;
    bool stood = judging->context->healing && judging->context->was == VERDICT_done; /* checked in before */
    if (!host_says_so && !stood && (waits || !seating_has_place(&seating, registration->org))) return OK;
    if (waits) seating_leave_queue(&seating, registration->rank);
    seating_take(&seating, registration->org, 1);
    TRY(seating_store(judging, &seating, err));
    registration->state = RegistrationState_confirmed;
    registration->rank = INT_ABSENT;
    *out = VERDICT_confirmed;
    return decide(judging, registration, err);
}
