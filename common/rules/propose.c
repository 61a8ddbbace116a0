/* propose: an idea that nobody sees until a moderator of the org shows it. Its id is the op's, so that who
 * proposed it can follow it from the kiosk's own list of ops; the record names no person. */
#include "common/rules/acting.h"

enum { IDEA_TEXT_MAX = TEXT_FIELD_MAX, CATEGORY_MAX = 80, PROJECTS = 5 };

static bool read_idea(const Judging *judging, Idea *out) {
    const Json *args = judging->op->args;
    int64_t project = json_get_int(args, "project", INT_ABSENT);
    schema_clear(K_idea, out);
    out->meta.id = judging->op->id;
    out->meta.scope = STR("hub");
    out->text = str_trim(json_get_text(args, "text"));
    out->category = json_get_text(args, "category");
    out->project = project;
    out->state = IdeaState_new;
    out->votes = 0;
    if (!uuid_is_valid(out->meta.id) || !rule_text_is_fit(out->text, IDEA_TEXT_MAX)) return false;
    if (json_get(args, "category") && !rule_text_is_fit(out->category, CATEGORY_MAX)) return false;
    return !json_get(args, "project") || (project >= 1 && project <= PROJECTS);
}

Status rule_propose(const Judging *judging, Verdict *out, Err *err) {
    Acting acting;
    Idea idea, before;
    bool found = false;
    *out = VERDICT_invalid;
    if (!read_idea(judging, &idea)) return OK;
    TRY(acting_resolve_self(judging, (Str){0}, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    *out = VERDICT_requested;
    TRY(rule_find(judging, K_idea, idea.meta.id, &before, &found, err));
    if (found) return OK;
    idea.org = acting.org;
    return records_put(judging->records, K_idea, &idea, judging->arena, err);
}
