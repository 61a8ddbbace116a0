/* rise_propose: a service asks another to meet, at one of three moments. Both see it: within an org it is the
 * org's, between two of a pool the pool's. */
#include "common/rules/rise.h"

enum { THEME_MAX = 300, SLOTS = 3 };

typedef struct Proposing {
    Service from, to;
    Str theme, scope;
    Millis slots[SLOTS];
} Proposing;

bool rise_speaks_for(const Acting *acting, const Service *service) {
    if (!str_equal(acting->actor_org, service->org)) return false;
    if (!acting->service.len || str_equal(acting->service, service->meta.id)) return true;
    return acting->pin && (acting_has_role(acting, "hr") || acting_has_role(acting, "manager"));
}

static bool is_later(const Proposing *proposing, size_t count, Millis slot) {
    return count == 0 || slot > proposing->slots[count - 1];
}

/* Ascending and all to come, so that there is something to choose from. */
static bool read_slots(const Judging *judging, Proposing *out) {
    const Json *list = json_get(judging->op->args, "slots");
    size_t count = 0;
    if (!list || list->type != JSON_LIST_T) return false;
    for (const Json *slot = list->first; slot; slot = slot->next, count++) {
        if (count == SLOTS || slot->type != JSON_INT_T || slot->integer <= judging->op->at) return false;
        if (slot->integer > INT53_MAX || !is_later(out, count, slot->integer)) return false;
        out->slots[count] = slot->integer;
    }
    return count == SLOTS;
}

static bool read_args(const Judging *judging, Proposing *out) {
    const Json *args = judging->op->args;
    Str from = json_get_text(args, "from_service"), to = json_get_text(args, "to_service");
    out->theme = str_trim(json_get_text(args, "theme"));
    return uuid_is_valid(judging->op->id) && id_part_is_valid(from) && id_part_is_valid(to) &&
           !str_equal(from, to) && rule_text_is_fit(out->theme, THEME_MAX) && read_slots(judging, out);
}

static Status find_services(const Judging *judging, Proposing *out, bool *found, Err *err) {
    bool to_found = false;
    TRY(rule_find(judging, K_service, json_get_text(judging->op->args, "from_service"), &out->from, found,
                  err));
    TRY(rule_find(judging, K_service, json_get_text(judging->op->args, "to_service"), &out->to, &to_found,
                  err));
    *found = *found && to_found;
    return OK;
}

static bool has_member(const Pool *pool, Str org) {
    for (size_t i = 0; i < pool->members.count; i++)
        if (str_equal(pool->members.at[i], org)) return true;
    return false;
}

/* The first pool, by id, that both are in; absent where they share none. */
static Status find_scope(const Judging *judging, Proposing *proposing, Err *err) {
    const RecordsQuery query = {.kind = K_pool, .limit = RECORDS_LIST_MAX};
    Str from = proposing->from.org, to = proposing->to.org;
    void *list = NULL;
    size_t count = 0;
    proposing->scope = scope_join(judging->arena, "org", from);
    if (str_equal(from, to)) return OK;
    proposing->scope = (Str){0};
    TRY(records_list(judging->records, &query, &list, &count, judging->arena, err));
    const Pool *pools = list;
    for (size_t i = 0; i < count && !proposing->scope.at; i++)
        if (has_member(&pools[i], from) && has_member(&pools[i], to))
            proposing->scope = scope_join(judging->arena, "pool", pools[i].meta.id);
    return OK;
}

static Status propose(const Judging *judging, const Proposing *proposing, Err *err) {
    Rise rise;
    Json *slots = json_new_list(judging->arena);
    schema_clear(K_rise, &rise);
    rise.meta.id = judging->op->id;
    rise.meta.scope = proposing->scope;
    rise.from_service = proposing->from.meta.id;
    rise.to_service = proposing->to.meta.id;
    rise.theme = proposing->theme;
    rise.state = RiseState_proposed;
    for (size_t i = 0; i < SLOTS; i++) json_add_int(judging->arena, slots, proposing->slots[i]);
    rise.slots = slots;
    return records_put(judging->records, K_rise, &rise, judging->arena, err);
}

Status rule_rise_propose(const Judging *judging, Verdict *out, Err *err) {
    Proposing proposing = {0};
    Acting acting;
    Rise before;
    bool found = false, again = false;
    *out = VERDICT_invalid;
    if (!read_args(judging, &proposing)) return OK;
    TRY(acting_resolve_self(judging, (Str){0}, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(find_services(judging, &proposing, &found, err));
    *out = VERDICT_unknown;
    if (!found) return OK;
    TRY(find_scope(judging, &proposing, err));
    *out = VERDICT_denied;
    if (!proposing.scope.at || !rise_speaks_for(&acting, &proposing.from)) return OK;
    *out = VERDICT_requested;
    TRY(rule_find(judging, K_rise, judging->op->id, &before, &again, err));
    return again ? OK : propose(judging, &proposing, err);
}
