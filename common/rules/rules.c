#include "common/rules/placing.h"
#include "common/rules/rule.h"

static const struct VerdictInfo {
    const char *name;
    bool rejected;
} verdicts[VERDICT_COUNT] = {
#define VERDICT_ROW(word, is_rejection) [VERDICT_##word] = {#word, is_rejection},
    VERDICTS(VERDICT_ROW)};

static const struct RuleEntry {
    const char *name;
    RuleFunction judge;
    bool sealed;
} rules[] = {
#define RULE_ROW(op_name, function, sealed) {op_name, function, sealed},
    RULE_OPS(RULE_ROW)};

const char *verdict_name(Verdict verdict) {
    return verdict > VERDICT_none && verdict < VERDICT_COUNT ? verdicts[verdict].name : "";
}

Verdict verdict_from_name(Str name) {
    for (int i = VERDICT_none + 1; i < VERDICT_COUNT; i++)
        if (str_is(name, verdicts[i].name)) return (Verdict)i;
    return VERDICT_none;
}

bool verdict_is_rejection(Verdict verdict) {
    return verdict > VERDICT_none && verdict < VERDICT_COUNT && verdicts[verdict].rejected;
}

static const struct RuleEntry *rule_of(Str op_name) {
    for (size_t i = 0; i < COUNT(rules); i++)
        if (str_is(op_name, rules[i].name)) return &rules[i];
    return NULL;
}

bool rules_know(Str op_name) {
    return rule_of(op_name) != NULL;
}

bool rules_seal(Str op_name) {
    const struct RuleEntry *rule = rule_of(op_name);
    return rule && rule->sealed;
}

Status rules_judge(Records *records, const RuleContext *context, const RuleOp *op, Arena *arena, Verdict *out,
                   Err *err) {
    const Judging judging = {records, context, op, arena};
    const struct RuleEntry *rule = rule_of(op->name);
    Verdict verdict = rule ? VERDICT_invalid : VERDICT_unknown;
    bool stands = context->healing && verdict_is_rejection(context->was);
    if (stands) verdict = context->was;
    if (rule && !stands && json_check_canonical(op->args, NULL) == OK)
        TRY(rule->judge(&judging, &verdict, err));
    *out = verdict;
    return OK;
}

Status rule_find(const Judging *judging, Kind kind, Str id, void *out, bool *found, Err *err) {
    Err missing = {0};
    *found = false;
    if (!id_is_valid(id)) return OK;
    Status status = records_get(judging->records, kind, id, out, judging->arena, &missing);
    if (status == E_NOTFOUND || status == E_INVALID) return OK;
    if (status != OK) return err_set(err, status, "%s", missing.text);
    *found = true;
    return OK;
}

bool rule_text_is_fit(Str text, size_t most) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] > ' ') return text.len <= most;
    return false;
}

Status rules_event_changed(Records *records, Str event_id, Millis now, Arena *arena, Err *err) {
    const RuleContext context = {.now = now, .administrator = true};
    const Judging judging = {records, &context, NULL, arena};
    Event event;
    Seating seating;
    bool found = false;
    TRY(rule_find(&judging, K_event, event_id, &event, &found, err));
    if (!found) return OK;
    TRY(seating_load(&judging, &event, &seating, err));
    if (!seating.record.meta.scope.at) return OK;
    if (event.status != EventStatus_cancelled && now < event.starts)
        TRY(seating_move_up(&judging, &seating, err));
    return seating_store(&judging, &seating, err);
}

Status rules_healing_over(Records *records, Str event_id, Millis now, Arena *arena, Err *err) {
    const RuleContext context = {.now = now, .administrator = true};
    const Judging judging = {records, &context, NULL, arena};
    Event event;
    bool found = false;
    TRY(rule_find(&judging, K_event, event_id, &event, &found, err));
    return found ? placing_settle(&judging, &event, err) : OK;
}

static int64_t leased_of(const Json *by_org) {
    int64_t leased = 0;
    for (const Json *org = by_org ? by_org->first : NULL; org; org = org->next)
        leased += json_get_int(org, "leased", 0);
    return leased;
}

int64_t rules_seats_left(const Event *event, const Seats *seats) {
    if (event->seats == INT_ABSENT) return INT_ABSENT;
    int64_t left = event->seats - (seats ? seats->taken + leased_of(seats->by_org) : 0);
    return left > 0 ? left : 0;
}

Status rules_waiting_place(Records *records, const Registration *registration, Arena *arena, int64_t *place,
                           Err *err) {
    const Judging judging = {.records = records, .arena = arena};
    Seats seats;
    bool found = false;
    int64_t ahead = 0;
    *place = 0;
    if (registration->state != RegistrationState_waiting) return OK;
    TRY(rule_find(&judging, K_seats, registration->event, &seats, &found, err));
    const Json *queue = found ? seats.queue : NULL;
    for (const Json *one = queue ? queue->first : NULL; one; one = one->next)
        if (json_get_int(one, "rank", INT53_MAX) < registration->rank) ahead++;
    *place = ahead + 1;
    return OK;
}
