/* call_back: somebody who helps is asked to ring; asking again while the first request is open is the same
 * request. */
#include "common/rules/acting.h"

enum { ABOUT_MAX = 500 };

static Status find_open(const Judging *judging, Str person, Str tutor, bool *found, Err *err) {
    const RecordsQuery query = {
        .kind = K_call_back, .field = "person", .equals = person, .limit = RECORDS_LIST_MAX};
    void *list = NULL;
    size_t count = 0;
    *found = false;
    TRY(records_list(judging->records, &query, &list, &count, judging->arena, err));
    const CallBack *requests = list;
    for (size_t i = 0; i < count; i++)
        if (requests[i].state == CallBackState_open && str_equal(requests[i].tutor, tutor)) *found = true;
    return OK;
}

static Status find_again(const Judging *judging, Str person, Str tutor, bool *again, Err *err) {
    CallBack same;
    TRY(rule_find(judging, K_call_back, judging->op->id, &same, again, err));
    return *again ? OK : find_open(judging, person, tutor, again, err);
}

static Status ask(const Judging *judging, const Acting *acting, Str tutor, Str about, Err *err) {
    CallBack request;
    schema_clear(K_call_back, &request);
    request.meta.id = judging->op->id;
    request.meta.scope = scope_join(judging->arena, "org", acting->org);
    request.tutor = tutor;
    request.person = acting->person;
    request.about = about;
    request.at = judging->op->at;
    request.state = CallBackState_open;
    return records_put(judging->records, K_call_back, &request, judging->arena, err);
}

Status rule_call_back(const Judging *judging, Verdict *out, Err *err) {
    Str id = json_get_text(judging->op->args, "tutor");
    Str about = str_trim(json_get_text(judging->op->args, "about"));
    Acting acting;
    Tutor tutor;
    bool found = false, again = false;
    *out = VERDICT_invalid;
    if (!id_part_is_valid(id) || !rule_text_is_fit(about, ABOUT_MAX) || !uuid_is_valid(judging->op->id))
        return OK;
    TRY(acting_resolve_self(judging, (Str){0}, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(rule_find(judging, K_tutor, id, &tutor, &found, err));
    *out = VERDICT_unknown;
    if (!found || !acting_is_granted(judging->context, tutor.meta.scope)) return OK;
    *out = VERDICT_requested;
    TRY(find_again(judging, acting.person, id, &again, err));
    return again ? OK : ask(judging, &acting, id, about, err);
}
