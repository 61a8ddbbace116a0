/* tick: a step of an onboarding path is done, or not done after all; the last one to act decides. */
#include "common/rules/acting.h"
#include "common/rules/paris_date.h"

typedef struct Ticking {
    Str person, path; /* the two halves of the run's id */
    Run run;
    Step step;
    bool run_found, done;
} Ticking;

static bool read_args(const Judging *judging, Ticking *out) {
    const Json *args = judging->op->args, *done = json_get(args, "done");
    Str run = json_get_text(args, "run"), rest = run;
    if (!id_is_valid(run) || !id_is_valid(json_get_text(args, "step"))) return false;
    if (!str_cut(&rest, '~', &out->person) || rest.len == 0 || out->person.len == 0) return false;
    out->path = rest;
    out->done = done && done->integer;
    return done && done->type == JSON_BOOL_T;
}

static Status find_step(const Judging *judging, Ticking *ticking, bool *found, Err *err) {
    TRY(rule_find(judging, K_step, json_get_text(judging->op->args, "step"), &ticking->step, found, err));
    *found = *found && str_equal(ticking->step.path, ticking->path) &&
             acting_is_granted(judging->context, ticking->step.meta.scope);
    return OK;
}

/* The first tick of a path begins it, on the day it was made. */
static Status begin_run(const Judging *judging, const Ticking *ticking, const Acting *acting, Err *err) {
    Run run;
    if (ticking->run_found) return OK;
    schema_clear(K_run, &run);
    run.meta.id = json_get_text(judging->op->args, "run");
    run.meta.scope = scope_join(judging->arena, "org", acting->org);
    run.person = acting->person;
    run.path = ticking->path;
    run.start = paris_date(judging->arena, judging->op->at);
    return records_put(judging->records, K_run, &run, judging->arena, err);
}

static Status set_tick(const Judging *judging, const Ticking *ticking, const Acting *acting, Err *err) {
    Tick tick;
    bool found = false;
    Str id = id_join(judging->arena, acting->person, ticking->step.meta.id);
    TRY(rule_find(judging, K_tick, id, &tick, &found, err));
    if (found && tick.at > judging->op->at) return OK;
    if (!found) schema_clear(K_tick, &tick);
    tick.meta.id = id;
    tick.meta.scope = scope_join(judging->arena, "org", acting->org);
    tick.run = json_get_text(judging->op->args, "run");
    tick.step = ticking->step.meta.id;
    tick.done = ticking->done ? TRUTH_YES : TRUTH_NO;
    tick.at = judging->op->at;
    return records_put(judging->records, K_tick, &tick, judging->arena, err);
}

Status rule_tick(const Judging *judging, Verdict *out, Err *err) {
    Ticking ticking = {0};
    Acting acting;
    bool step_found = false;
    *out = VERDICT_invalid;
    if (!read_args(judging, &ticking)) return OK;
    TRY(rule_find(judging, K_run, json_get_text(judging->op->args, "run"), &ticking.run, &ticking.run_found,
                  err));
    const Run *run = ticking.run_found ? &ticking.run : NULL;
    TRY(acting_resolve_run(judging, ticking.person, run, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(find_step(judging, &ticking, &step_found, err));
    *out = VERDICT_unknown;
    if (!step_found) return OK;
    TRY(begin_run(judging, &ticking, &acting, err));
    TRY(set_tick(judging, &ticking, &acting, err));
    *out = VERDICT_done;
    return OK;
}
