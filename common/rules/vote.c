/* vote: one per person and idea, taken back with value 0; the record says how many, and nothing says who. */
#include "common/rules/acting.h"

static bool is_open(const Idea *idea) {
    return idea->state == IdeaState_visible || idea->state == IdeaState_studied;
}

static Status count(const Judging *judging, Idea *idea, Str key, bool wanted, Err *err) {
    Str before = {0};
    TRY(fact_find(judging, "vote", key, &before, err));
    if (wanted == (before.at != NULL)) return OK;
    idea->votes += wanted ? 1 : -1;
    if (idea->votes < 0) idea->votes = 0;
    TRY(fact_set(judging, "vote", key, wanted ? STR("1") : (Str){0}, err));
    return records_put(judging->records, K_idea, idea, judging->arena, err);
}

Status rule_vote(const Judging *judging, Verdict *out, Err *err) {
    Str id = json_get_text(judging->op->args, "idea");
    int64_t value = json_get_int(judging->op->args, "value", -1);
    Acting acting;
    Idea idea;
    bool found = false;
    *out = VERDICT_invalid;
    if (!id_part_is_valid(id) || value < 0 || value > 1) return OK;
    TRY(acting_resolve_self(judging, (Str){0}, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(rule_find(judging, K_idea, id, &idea, &found, err));
    *out = VERDICT_unknown;
    if (!found || idea.state == IdeaState_new || !acting_is_granted(judging->context, idea.meta.scope))
        return OK;
    *out = is_open(&idea) ? VERDICT_done : VERDICT_closed;
    if (!is_open(&idea)) return OK;
    return count(judging, &idea, fact_key(judging, "vote", acting.person, id), value == 1, err);
}
