/* cancel: frees the seat and moves up the first who waits. */
#include "common/rules/acting.h"
#include "common/rules/placing.h"

static Verdict refuse_cancel(const Judging *judging, const Event *event, const Registration *registration) {
    bool confirmed = registration->state == RegistrationState_confirmed;
    if (event->status == EventStatus_cancelled) return VERDICT_none;
    if (judging->context->now >= event->starts) return VERDICT_already_started;
    bool late = event->cancel_until != INT_ABSENT && judging->op->at > event->cancel_until;
    return confirmed && late ? VERDICT_late : VERDICT_none;
}

static Status free_place(const Judging *judging, const Event *event, const Registration *registration,
                         Err *err) {
    Seating seating;
    bool confirmed = registration->state == RegistrationState_confirmed;
    if (!confirmed && registration->state != RegistrationState_waiting) return OK;
    TRY(seating_load(judging, event, &seating, err));
    if (confirmed)
        seating_take(&seating, registration->org, -1);
    else
        seating_leave_queue(&seating, registration->rank);
    if (event->status != EventStatus_cancelled) TRY(seating_move_up(judging, &seating, err));
    return seating_store(judging, &seating, err);
}

/* Healing (PROTOCOL 5): another life of the hub had carried it out. */
static bool was_done(const Judging *judging) {
    return judging->context->healing && judging->context->was == VERDICT_done;
}

/* The registration that it undid is still to come: it finds it undone. */
static Status undo_in_advance(const Judging *judging, const Event *event, const Acting *acting, Err *err) {
    Registration registration;
    placing_fill(judging, event, acting, &registration);
    registration.state = RegistrationState_cancelled;
    registration.decided_at = judging->op->at;
    return records_put(judging->records, K_registration, &registration, judging->arena, err);
}

static Status withdraw(const Judging *judging, const Event *event, Registration *registration, Verdict *out,
                       Err *err) {
    *out = was_done(judging) ? VERDICT_none : refuse_cancel(judging, event, registration);
    if (*out != VERDICT_none) return OK;
    Registration before = *registration;
    registration->state = RegistrationState_cancelled;
    registration->rank = INT_ABSENT;
    registration->decided_at = judging->context->now;
    TRY(records_put(judging->records, K_registration, registration, judging->arena, err));
    TRY(free_place(judging, event, &before, err));
    *out = VERDICT_done;
    return OK;
}

static bool is_over(RegistrationState state) {
    return state == RegistrationState_cancelled || state == RegistrationState_refused;
}

Status rule_cancel(const Judging *judging, Verdict *out, Err *err) {
    Str id = json_get_text(judging->op->args, "event");
    Event event;
    Registration registration;
    Acting acting;
    bool event_found = false, found = false;
    *out = VERDICT_invalid;
    if (!id_part_is_valid(id)) return OK;
    TRY(acting_resolve(judging, json_get_text(judging->op->args, "person"), id, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(rule_find(judging, K_event, id, &event, &event_found, err));
    TRY(rule_find(judging, K_registration, id_join(judging->arena, id, acting.person), &registration, &found,
                  err));
    *out = VERDICT_unknown;
    if (!event_found || (!found && !was_done(judging))) return OK;
    if (!found) {
        *out = VERDICT_done;
        return undo_in_advance(judging, &event, &acting, err);
    }
    *out = VERDICT_done;
    return is_over(registration.state) ? OK : withdraw(judging, &event, &registration, out, err);
}
