/* declare: a time-eater has struck. It is counted by org, for each person once a day and time-eater; one that
 * nobody has named yet goes to the moderators, one a day. */
#include "common/rules/acting.h"
#include "common/rules/paris_date.h"

enum { TITLE_MAX = 200 };

typedef struct Declaring {
    Str eater, text; /* one of the two */
    Str org, key;
    bool again;
} Declaring;

static bool read_args(const Judging *judging, Declaring *out) {
    const Json *args = judging->op->args;
    *out = (Declaring){.eater = json_get_text(args, "time_eater"),
                       .text = str_trim(json_get_text(args, "text"))};
    if (json_get(args, "time_eater")) return !json_get(args, "text") && id_part_is_valid(out->eater);
    return rule_text_is_fit(out->text, TITLE_MAX);
}

static Status look_back(const Judging *judging, const Acting *acting, Declaring *declaring, Err *err) {
    Str before = {0}, day = paris_date(judging->arena, judging->op->at);
    Str thing = str_print(judging->arena, "%.*s %.*s", STR_FORMAT(day), STR_FORMAT(declaring->eater));
    declaring->org = acting->org;
    declaring->key = fact_key(judging, "declared", acting->person, thing);
    TRY(fact_find(judging, "declared", declaring->key, &before, err));
    declaring->again = before.at != NULL;
    return OK;
}

/* Another map with one more for the org: what was decoded is read-only. */
static const Json *one_more(const Judging *judging, const Json *by_org, Str org) {
    Json *counts = json_new_map(judging->arena);
    const Json *first = by_org && by_org->type == JSON_MAP_T ? by_org->first : NULL;
    int64_t before = 0;
    for (const Json *one = first; one; one = one->next) {
        if (one->type != JSON_INT_T) continue;
        if (str_equal(one->name, org)) before = one->integer;
        json_put_int(judging->arena, counts, str_cstr(judging->arena, one->name), one->integer);
    }
    json_put_int(judging->arena, counts, str_cstr(judging->arena, org), before + 1);
    return counts;
}

static Status count(const Judging *judging, const Declaring *declaring, TimeEater *eater, Err *err) {
    eater->count++;
    eater->by_org = one_more(judging, eater->by_org, declaring->org);
    TRY(fact_set(judging, "declared", declaring->key, STR("1"), err));
    return records_put(judging->records, K_time_eater, eater, judging->arena, err);
}

static Status declare_known(const Judging *judging, const Declaring *declaring, Verdict *out, Err *err) {
    TimeEater eater;
    bool found = false;
    TRY(rule_find(judging, K_time_eater, declaring->eater, &eater, &found, err));
    *out = VERDICT_unknown;
    if (!found || !acting_is_granted(judging->context, eater.meta.scope)) return OK;
    *out = VERDICT_done;
    return declaring->again ? OK : count(judging, declaring, &eater, err);
}

/* Its id must not lead back to the op, which says by whom it is. */
static Status declare_new(const Judging *judging, const Declaring *declaring, Verdict *out, Err *err) {
    TimeEater eater;
    *out = VERDICT_closed;
    if (declaring->again) return OK;
    schema_clear(K_time_eater, &eater);
    eater.meta.id = fact_id(judging);
    eater.meta.scope = STR("hub");
    eater.title = declaring->text;
    eater.count = 0;
    *out = VERDICT_requested;
    return count(judging, declaring, &eater, err);
}

Status rule_declare(const Judging *judging, Verdict *out, Err *err) {
    Declaring declaring;
    Acting acting;
    *out = VERDICT_invalid;
    if (!read_args(judging, &declaring)) return OK;
    TRY(acting_resolve_self(judging, (Str){0}, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(look_back(judging, &acting, &declaring, err));
    return declaring.eater.at ? declare_known(judging, &declaring, out, err)
                              : declare_new(judging, &declaring, out, err);
}
