/* approve, refuse: a manager or an HR referent decides on a registration that waits for it. */
#include "common/rules/placing.h"

enum { REASON_MAX = 300 };

typedef struct Deciding {
    Registration registration;
    Event event;
    Person person;
    Acting acting;
} Deciding;

static Status find_one(const Judging *judging, Str id, Deciding *out, bool *found, Err *err) {
    TRY(rule_find(judging, K_registration, id, &out->registration, found, err));
    if (!*found) return OK;
    TRY(rule_find(judging, K_event, out->registration.event, &out->event, found, err));
    if (!*found) return OK;
    return rule_find(judging, K_person, out->registration.person, &out->person, found, err);
}

static Status manages_run(const Judging *judging, const Deciding *deciding, bool *out, Err *err) {
    const RecordsQuery query = {
        .kind = K_run, .field = "person", .equals = deciding->person.meta.id, .limit = RECORDS_LIST_MAX};
    void *list = NULL;
    size_t count = 0;
    TRY(records_list(judging->records, &query, &list, &count, judging->arena, err));
    const Run *runs = list;
    for (size_t i = 0; i < count; i++)
        if (str_equal(runs[i].manager, deciding->acting.actor)) *out = true;
    return OK;
}

/* HR of the org decides on everything, a manager on his service and those whose arrival he follows, unless HR
 * is asked for; nobody on himself. */
static Status may_decide(const Judging *judging, const Deciding *deciding, bool *out, Err *err) {
    const Acting *acting = &deciding->acting;
    const Person *person = &deciding->person;
    *out = false;
    if (!str_is(judging->op->auth, "badge+pin") || !str_equal(acting->actor_org, person->org)) return OK;
    if (str_equal(acting->actor, person->meta.id)) return OK;
    *out = acting_has_role(acting, "hr");
    if (*out || deciding->event.approval == EventApproval_hr) return OK;
    *out = acting_has_role(acting, "manager") && acting->service.len &&
           str_equal(acting->service, person->service);
    return *out ? OK : manages_run(judging, deciding, out, err);
}

static bool is_asked(RegistrationState state) {
    return state == RegistrationState_to_approve || state == RegistrationState_requested;
}

static Verdict refuse_moment(const Judging *judging, const Event *event) {
    if (event->status == EventStatus_cancelled) return VERDICT_closed;
    return judging->context->now >= event->starts ? VERDICT_already_started : VERDICT_none;
}

static Status approve(const Judging *judging, Deciding *deciding, Verdict *out, Err *err) {
    RegistrationState state = deciding->registration.state;
    bool stands = state == RegistrationState_confirmed || state == RegistrationState_waiting;
    *out = stands ? VERDICT_done : VERDICT_closed;
    if (!is_asked(state)) return OK;
    *out = refuse_moment(judging, &deciding->event);
    if (*out != VERDICT_none) return OK;
    TRY(placing_take(judging, &deciding->event, &deciding->registration, out, err));
    if (*out != VERDICT_full) *out = VERDICT_done;
    return OK;
}

static Status refuse(const Judging *judging, Deciding *deciding, Verdict *out, Err *err) {
    Registration *registration = &deciding->registration;
    Str reason = str_trim(json_get_text(judging->op->args, "reason"));
    *out = registration->state == RegistrationState_refused ? VERDICT_done : VERDICT_closed;
    if (!is_asked(registration->state)) return OK;
    *out = VERDICT_done;
    registration->state = RegistrationState_refused;
    registration->reason = reason.len ? reason : (Str){0};
    registration->decided_at = judging->context->now;
    return records_put(judging->records, K_registration, registration, judging->arena, err);
}

typedef Status (*Decision)(const Judging *judging, Deciding *deciding, Verdict *out, Err *err);

static Status decide(const Judging *judging, Decision decision, Verdict *out, Err *err) {
    Str id = json_get_text(judging->op->args, "registration");
    Str reason = json_get_text(judging->op->args, "reason");
    Deciding deciding = {0};
    bool found = false, may = judging->context->administrator;
    *out = VERDICT_invalid;
    if (!id_is_valid(id) || (reason.len && !rule_text_is_fit(reason, REASON_MAX))) return OK;
    *out = VERDICT_none;
    if (!may) TRY(acting_resolve_self(judging, (Str){0}, &deciding.acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(find_one(judging, id, &deciding, &found, err));
    *out = VERDICT_unknown;
    if (!found || !acting_is_granted(judging->context, deciding.registration.meta.scope)) return OK;
    if (!may) TRY(may_decide(judging, &deciding, &may, err));
    *out = VERDICT_denied;
    return may ? decision(judging, &deciding, out, err) : OK;
}

Status rule_approve(const Judging *judging, Verdict *out, Err *err) {
    return decide(judging, approve, out, err);
}

Status rule_refuse(const Judging *judging, Verdict *out, Err *err) {
    return decide(judging, refuse, out, err);
}
