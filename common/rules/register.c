/* register: one registration per event and person; the state follows from dates, approval and seats. */
#include "common/rules/placing.h"

static Verdict verdict_of_state(RegistrationState state) {
    if (state == RegistrationState_refused) return VERDICT_denied;
    Verdict verdict = verdict_from_name(str_of(word_name(word_set_of(K_registration, "state"), state)));
    return verdict == VERDICT_none ? VERDICT_requested : verdict; /* a state of a newer version stands */
}

/* Dates are judged by when the person acted, the start by when the op arrived. */
static Verdict refuse_event(const Event *event, const Judging *judging) {
    Millis at = judging->op->at;
    if (event->status == EventStatus_cancelled) return VERDICT_closed;
    if (event->opens != INT_ABSENT && at < event->opens) return VERDICT_not_open;
    if (event->closes != INT_ABSENT && at >= event->closes) return VERDICT_closed;
    return judging->context->now >= event->starts ? VERDICT_already_started : VERDICT_none;
}

/* Also where a newer version says by whom. */
static bool needs_approval(const Event *event) {
    return event->approval != EventApproval_absent && event->approval != EventApproval_none;
}

/* Another life of the hub had taken it (PROTOCOL 5): its dates were judged then. */
static bool was_taken(const Judging *judging) {
    return judging->context->healing && judging->context->was != VERDICT_none;
}

/* A newer cancellation came in first: what was told then is told again, and nothing changes. */
static bool was_undone(const Judging *judging, const Registration *before) {
    return was_taken(judging) && before->state == RegistrationState_cancelled &&
           before->decided_at != INT_ABSENT && before->decided_at >= judging->op->at;
}

static bool may_enter(const Judging *judging, const Registration *before) {
    if (before->state == RegistrationState_cancelled) return true;
    return was_taken(judging) && before->state == RegistrationState_requested;
}

static Status enter(const Judging *judging, const Event *event, const Acting *acting, Verdict *out,
                    Err *err) {
    Registration registration;
    *out = was_taken(judging) ? VERDICT_none : refuse_event(event, judging);
    if (*out != VERDICT_none) return OK;
    placing_fill(judging, event, acting, &registration);
    if (!needs_approval(event)) return placing_take(judging, event, &registration, out, err);
    registration.state = RegistrationState_to_approve; /* holds no seat until somebody approves */
    *out = VERDICT_to_approve;
    return records_put(judging->records, K_registration, &registration, judging->arena, err);
}

Status rule_register(const Judging *judging, Verdict *out, Err *err) {
    Str id = json_get_text(judging->op->args, "event");
    Event event;
    Registration before;
    Acting acting;
    bool found = false, again = false;
    *out = VERDICT_invalid;
    if (!id_part_is_valid(id)) return OK;
    TRY(acting_resolve(judging, json_get_text(judging->op->args, "person"), id, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(rule_find(judging, K_event, id, &event, &found, err));
    *out = VERDICT_unknown;
    if (!found || !acting_is_granted(judging->context, event.meta.scope)) return OK;
    TRY(rule_find(judging, K_registration, id_join(judging->arena, id, acting.person), &before, &again, err));
    *out = judging->context->was;
    if (again && was_undone(judging, &before)) return OK;
    if (!again || may_enter(judging, &before)) return enter(judging, &event, &acting, out, err);
    *out = verdict_of_state(before.state);
    return OK;
}
