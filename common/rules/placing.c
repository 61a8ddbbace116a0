#include "common/rules/placing.h"

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

static Status decide(const Judging *judging, Registration *registration, Err *err) {
    registration->decided_at = judging->context->now;
    return records_put(judging->records, K_registration, registration, judging->arena, err);
}

Status placing_take(const Judging *judging, const Event *event, Registration *registration, Verdict *out,
                    Err *err) {
    Seating seating;
    TRY(seating_load(judging, event, &seating, err));
    TRY(seating_move_up(judging, &seating, err));
    *out = find_place(&seating, registration);
    TRY(seating_store(judging, &seating, err));
    return *out == VERDICT_full ? OK : decide(judging, registration, err);
}

/* Nobody waits while a seat is free, so who waits finds none. */
Status placing_walk_in(const Judging *judging, const Event *event, Registration *registration,
                       bool host_says_so, Verdict *out, Err *err) {
    Seating seating;
    bool waits = registration->state == RegistrationState_waiting;
    TRY(seating_load(judging, event, &seating, err));
    if (!waits) TRY(seating_move_up(judging, &seating, err));
    *out = VERDICT_full;
    if (!host_says_so && (waits || !seating_has_place(&seating, registration->org))) return OK;
    if (waits) seating_leave_queue(&seating, registration->rank);
    seating_take(&seating, registration->org, 1);
    TRY(seating_store(judging, &seating, err));
    registration->state = RegistrationState_confirmed;
    registration->rank = INT_ABSENT;
    *out = VERDICT_confirmed;
    return decide(judging, registration, err);
}
