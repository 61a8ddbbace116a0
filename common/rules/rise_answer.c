/* rise_answer: the service that was asked takes one of the moments, which becomes an event of both, or
 * declines. The event has the id of the proposal: answering twice is the same event. */
#include "common/rules/rise.h"

enum { MEETING_MS = 2 * HOUR_MS };

typedef struct Answering {
    Rise rise;
    Service asked;
    Millis slot;
    bool decline;
} Answering;

static bool read_args(const Judging *judging, Answering *out) {
    const Json *args = judging->op->args, *decline = json_get(args, "decline");
    out->slot = json_get_int(args, "slot", INT_ABSENT);
    out->decline = json_get_bool(args, "decline", false);
    if (decline && decline->type != JSON_BOOL_T) return false;
    return id_part_is_valid(json_get_text(args, "rise")) && out->decline == (out->slot == INT_ABSENT);
}

static bool was_offered(const Rise *rise, Millis slot) {
    const Json *slots = rise->slots && rise->slots->type == JSON_LIST_T ? rise->slots->first : NULL;
    for (; slots; slots = slots->next)
        if (slots->type == JSON_INT_T && slots->integer == slot) return true;
    return false;
}

static Status find(const Judging *judging, Answering *out, bool *found, Err *err) {
    TRY(rule_find(judging, K_rise, json_get_text(judging->op->args, "rise"), &out->rise, found, err));
    if (!*found || !acting_is_granted(judging->context, out->rise.meta.scope)) *found = false;
    return *found ? rule_find(judging, K_service, out->rise.to_service, &out->asked, found, err) : OK;
}

/* People leave their post for it: their manager says yes to each. */
static Status make_event(const Judging *judging, const Answering *answering, Err *err) {
    Event event;
    Str services[] = {answering->rise.from_service, answering->rise.to_service};
    schema_clear(K_event, &event);
    event.meta.id = answering->rise.meta.id;
    event.meta.scope = answering->rise.meta.scope;
    event.type = EventType_rise;
    event.title = answering->rise.theme;
    event.starts = answering->slot;
    event.ends = answering->slot + MEETING_MS;
    event.tz = STR("Europe/Paris");
    event.place = answering->asked.name;
    event.org = answering->asked.org;
    event.services = (TextList){services, COUNT(services)};
    event.approval = EventApproval_manager;
    event.status = EventStatus_planned;
    return records_put(judging->records, K_event, &event, judging->arena, err);
}

/* VERDICT_none: it is still to be answered. */
static Status look_back(const Judging *judging, const Answering *answering, Verdict *out, Err *err) {
    const Rise *rise = &answering->rise;
    Event event;
    bool found = false;
    *out = VERDICT_none;
    if (rise->state == RiseState_proposed) return OK;
    *out = VERDICT_closed;
    if (answering->decline && rise->state == RiseState_declined) *out = VERDICT_done;
    if (answering->decline || rise->state != RiseState_accepted) return OK;
    TRY(rule_find(judging, K_event, rise->event, &event, &found, err));
    if (found && event.starts == answering->slot) *out = VERDICT_done;
    return OK;
}

static Status answer(const Judging *judging, Answering *answering, Verdict *out, Err *err) {
    Rise *rise = &answering->rise;
    *out = VERDICT_invalid;
    if (!answering->decline && !was_offered(rise, answering->slot)) return OK;
    *out = VERDICT_late;
    if (!answering->decline && answering->slot <= judging->context->now) return OK;
    *out = VERDICT_done;
    if (!answering->decline) {
        TRY(make_event(judging, answering, err));
        rise->event = rise->meta.id;
    }
    rise->state = answering->decline ? RiseState_declined : RiseState_accepted;
    return records_put(judging->records, K_rise, rise, judging->arena, err);
}

Status rule_rise_answer(const Judging *judging, Verdict *out, Err *err) {
    Answering answering = {0};
    Acting acting;
    bool found = false;
    *out = VERDICT_invalid;
    if (!read_args(judging, &answering)) return OK;
    TRY(acting_resolve_self(judging, (Str){0}, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(find(judging, &answering, &found, err));
    *out = VERDICT_unknown;
    if (!found) return OK;
    *out = VERDICT_denied;
    if (!rise_speaks_for(&acting, &answering.asked)) return OK;
    TRY(look_back(judging, &answering, out, err));
    return *out == VERDICT_none ? answer(judging, &answering, out, err) : OK;
}
