#include "common/rules/acting.h"

/* A person of an org, or somebody of elsewhere who is expected here. */
typedef struct Known {
    Str id, org, scope, service;
    TextList roles;
    bool found, guest;
} Known;

bool acting_is_granted(const RuleContext *context, Str scope) {
    if (str_is(scope, "public")) return true;
    for (size_t i = 0; i < context->granted_count; i++)
        if (str_equal(context->granted[i], scope)) return true;
    return false;
}

static Status find_guest(const Judging *judging, Str id, Str event, Known *known, Err *err) {
    Guest guest;
    bool found = false;
    if (id_part_is_valid(id))
        TRY(rule_find(judging, K_guest, id_join(judging->arena, event, id), &guest, &found, err));
    if (!found) return OK;
    *known = (Known){.id = id, .org = guest.org, .scope = guest.meta.scope, .found = true, .guest = true};
    return OK;
}

/* The hub holds the persons of all orgs, a kiosk those of its own: elsewhere only the guest tells that
 * somebody is welcome here. */
static Status find_known(const Judging *judging, Str id, Str event, Known *out, Err *err) {
    Person person;
    Known known = {0};
    bool found = false;
    TRY(rule_find(judging, K_person, id, &person, &found, err));
    if (found)
        known = (Known){.id = id,
                        .org = person.org,
                        .scope = scope_join(judging->arena, "org", person.org),
                        .service = person.service,
                        .roles = person.roles,
                        .found = true};
    if (event.at && (!found || !acting_is_granted(judging->context, known.scope)))
        TRY(find_guest(judging, id, event, &known, err));
    *out = known;
    return OK;
}

static Verdict admit(const RuleContext *context, const Known *known) {
    if (!known->found) return VERDICT_unknown;
    return acting_is_granted(context, known->scope) ? VERDICT_none : VERDICT_denied;
}

static bool has_role(const TextList *roles, const char *role) {
    for (size_t i = 0; i < roles->count; i++)
        if (str_is(roles->at[i], role)) return true;
    return false;
}

bool acting_has_role(const Acting *acting, const char *role) {
    return has_role(&acting->roles, role);
}

static bool gave_pin(Str auth) {
    return str_is(auth, "badge+pin") || str_is(auth, "name+pin");
}

static bool is_shown(const RuleOp *op) {
    return op->by.len > 0 && (str_is(op->auth, "badge") || gave_pin(op->auth));
}

static bool may_act_for(const Judging *judging, const Known *actor, const Known *person, const Run *run) {
    if (!gave_pin(judging->op->auth)) return false;
    if (run && (str_equal(run->sponsor, actor->id) || str_equal(run->manager, actor->id))) return true;
    return has_role(&actor->roles, "host") ||
           (has_role(&actor->roles, "hr") && str_equal(actor->org, person->org));
}

static Status find_actor(const Judging *judging, Str event, Known *actor, Verdict *refused, Err *err) {
    *refused = VERDICT_denied;
    if (!is_shown(judging->op)) return OK;
    TRY(find_known(judging, judging->op->by, event, actor, err));
    *refused = admit(judging->context, actor);
    return OK;
}

typedef struct Wanted {
    Str person, event;
    const Run *run;
} Wanted;

static Status resolve(const Judging *judging, const Wanted *wanted, Acting *out, Verdict *refused, Err *err) {
    Known actor = {0}, person = {0};
    bool administrator = judging->context->administrator;
    if (!administrator)
        TRY(find_actor(judging, wanted->event, &actor, refused, err));
    else
        *refused = VERDICT_none;
    if (*refused != VERDICT_none) return OK;
    bool for_another = administrator || (wanted->person.at && !str_equal(wanted->person, actor.id));
    if (for_another)
        TRY(find_known(judging, wanted->person, wanted->event, &person, err));
    else
        person = actor;
    *refused = admit(judging->context, &person);
    if (*refused != VERDICT_none) return OK;
    if (for_another && !administrator && !may_act_for(judging, &actor, &person, wanted->run))
        *refused = VERDICT_denied;
    *out = (Acting){.person = person.id,
                    .org = person.org,
                    .for_another = for_another,
                    .guest = person.guest,
                    .actor = actor.id,
                    .actor_org = actor.org,
                    .service = actor.service,
                    .roles = actor.roles,
                    .pin = !administrator && gave_pin(judging->op->auth)};
    return OK;
}

Status acting_resolve(const Judging *judging, Str person, Str event, Acting *out, Verdict *refused,
                      Err *err) {
    return resolve(judging, &(Wanted){person, event, NULL}, out, refused, err);
}

Status acting_resolve_self(const Judging *judging, Str event, Acting *out, Verdict *refused, Err *err) {
    *refused = VERDICT_denied;
    if (judging->context->administrator) return OK;
    return resolve(judging, &(Wanted){{0}, event, NULL}, out, refused, err);
}

Status acting_resolve_run(const Judging *judging, Str person, const Run *run, Acting *out, Verdict *refused,
                          Err *err) {
    return resolve(judging, &(Wanted){person, {0}, run}, out, refused, err);
}
