/* rate: what somebody who was there thought of it, without a trace of who. The hub gathers RATINGS_AT_ONCE
 * before it adds them to the record, so that no change of the record is one person's opinion; what was
 * written stays with the hub, in the order of the alphabet and not of arrival. */
#include "common/rules/acting.h"

enum { RATINGS_AT_ONCE = 5, SCORE_LEAST = 1, SCORE_MOST = 5, QUESTIONS_MAX = 20, COMMENT_MAX = 1000 };
enum { GATHERED_BYTES_MAX = 64 * 1024 };
#define RATE_UNTIL_MS (30 * DAY_MS)

typedef struct Opinion {
    Event event;
    const Json *scores; /* {question: 1…5} */
    Str text;           /* absent where nothing was written */
} Opinion;

static bool scores_are_fit(const Json *scores) {
    if (!scores || scores->type != JSON_MAP_T || !scores->first) return false;
    size_t count = 0;
    for (const Json *one = scores->first; one; one = one->next, count++)
        if (!id_part_is_valid(one->name) || one->type != JSON_INT_T || one->integer < SCORE_LEAST ||
            one->integer > SCORE_MOST)
            return false;
    return count <= QUESTIONS_MAX;
}

static bool read_args(const Judging *judging, Opinion *out) {
    const Json *args = judging->op->args, *text = json_get(args, "text");
    out->scores = json_get(args, "scores");
    out->text = str_trim(json_get_text(args, "text"));
    if (!id_part_is_valid(json_get_text(args, "event")) || !scores_are_fit(out->scores)) return false;
    if (text && text->type != JSON_TEXT_T) return false;
    if (out->text.len == 0) out->text = (Str){0};
    return !out->text.at || rule_text_is_fit(out->text, COMMENT_MAX);
}

/* ---- who may ---- */
static Status has_attended(const Judging *judging, Str event, Str person, bool *out, Err *err) {
    const RecordsQuery query = {
        .kind = K_attendance, .field = "person", .equals = person, .limit = RECORDS_LIST_MAX};
    void *list = NULL;
    size_t count = 0;
    TRY(records_list(judging->records, &query, &list, &count, judging->arena, err));
    const Attendance *attendances = list;
    for (size_t i = 0; i < count; i++)
        if (str_equal(attendances[i].event, event)) *out = true;
    return OK;
}

/* Whoever has a seat, signed in, or is expected here as a guest. */
static Status took_part(const Judging *judging, Str event, const Acting *acting, bool *out, Err *err) {
    Registration registration;
    bool found = false;
    *out = acting->guest;
    TRY(rule_find(judging, K_registration, id_join(judging->arena, event, acting->person), &registration,
                  &found, err));
    if (found && registration.state == RegistrationState_confirmed) *out = true;
    return *out ? OK : has_attended(judging, event, acting->person, out, err);
}

static Verdict refuse_moment(const Judging *judging, const Event *event) {
    Millis at = judging->op->at;
    if (event->status == EventStatus_cancelled) return VERDICT_closed;
    if (at < event->starts) return VERDICT_not_open;
    return at > event->ends + RATE_UNTIL_MS ? VERDICT_closed : VERDICT_none;
}

/* ---- gathering ---- */
static Json *copy_of_sums(Arena *arena, const Json *sums) {
    Json *copy = json_new_map(arena);
    for (const Json *one = sums && sums->type == JSON_MAP_T ? sums->first : NULL; one; one = one->next) {
        Json *question = json_put_map(arena, copy, str_cstr(arena, one->name));
        json_put_int(arena, question, "count", json_get_int(one, "count", 0));
        json_put_int(arena, question, "sum", json_get_int(one, "sum", 0));
    }
    return copy;
}

static void add_to(Arena *arena, Json *sums, Str name, int64_t count, int64_t sum) {
    const char *question = str_cstr(arena, name);
    const Json *before = json_get(sums, question);
    if (!before && sums->count >= QUESTIONS_MAX) return;
    int64_t counted = json_get_int(before, "count", 0), summed = json_get_int(before, "sum", 0);
    Json *after = json_put_map(arena, sums, question);
    json_put_int(arena, after, "count", counted + count);
    json_put_int(arena, after, "sum", summed + sum);
}

static Status publish(const Judging *judging, const Event *event, const Json *gathered, Err *err) {
    Rating rating;
    bool found = false;
    TRY(rule_find(judging, K_rating, event->meta.id, &rating, &found, err));
    if (!found) schema_clear(K_rating, &rating);
    if (!found) rating.count = 0;
    Json *sums = copy_of_sums(judging->arena, rating.sums);
    for (const Json *one = json_get(gathered, "sums")->first; one; one = one->next)
        add_to(judging->arena, sums, one->name, json_get_int(one, "count", 0), json_get_int(one, "sum", 0));
    rating.meta.id = rating.event = event->meta.id;
    rating.meta.scope = event->meta.scope;
    rating.count += json_get_int(gathered, "count", 0);
    rating.sums = sums;
    return records_put(judging->records, K_rating, &rating, judging->arena, err);
}

static Status gathered_read(const Judging *judging, Str event, Json **out, Err *err) {
    Str text = {0};
    TRY(fact_find(judging, "ratings", event, &text, err));
    *out = json_new_map(judging->arena);
    return text.at ? json_parse(judging->arena, text, out, err) : OK;
}

static Status gathered_write(const Judging *judging, Str event, const Json *gathered, Err *err) {
    AUTO(buf_free) Buf text = buf_new(GATHERED_BYTES_MAX);
    json_write(&text, gathered);
    if (text.over) return err_set(err, E_TOOBIG, "the questions on an event are too many");
    return fact_set(judging, "ratings", event, buf_str(&text), err);
}

/* {count, sums} of those who are not in the record yet. */
static Status gather(const Judging *judging, const Opinion *opinion, Err *err) {
    Arena *arena = judging->arena;
    Str event = opinion->event.meta.id;
    Json *before = NULL, *after = json_new_map(arena);
    TRY(gathered_read(judging, event, &before, err));
    int64_t count = json_get_int(before, "count", 0) + 1;
    Json *sums = copy_of_sums(arena, json_get(before, "sums"));
    for (const Json *one = opinion->scores->first; one; one = one->next)
        add_to(arena, sums, one->name, 1, one->integer);
    json_put_int(arena, after, "count", count);
    json_put(arena, after, STR("sums"), sums);
    if (count < RATINGS_AT_ONCE) return gathered_write(judging, event, after, err);
    TRY(publish(judging, &opinion->event, after, err));
    return fact_set(judging, "ratings", event, (Str){0}, err);
}

/* Beside its event, under a key that leads to nobody: sorted by it, comments stand in no order of arrival. */
static Status keep_comment(const Judging *judging, const Opinion *opinion, Err *err) {
    if (!opinion->text.at) return OK;
    Str id = fact_id(judging), event = opinion->event.meta.id;
    return fact_set(judging, "comment",
                    str_print(judging->arena, "%.*s %.*s", STR_FORMAT(event), STR_FORMAT(id)), opinion->text,
                    err);
}

static Status give(const Judging *judging, const Opinion *opinion, Str person, Verdict *out, Err *err) {
    Str before = {0}, key = fact_key(judging, "rated", person, opinion->event.meta.id);
    TRY(fact_find(judging, "rated", key, &before, err));
    *out = before.at ? VERDICT_closed : VERDICT_done;
    if (before.at) return OK;
    TRY(gather(judging, opinion, err));
    TRY(keep_comment(judging, opinion, err));
    return fact_set(judging, "rated", key, STR("1"), err);
}

Status rule_rate(const Judging *judging, Verdict *out, Err *err) {
    Str id = json_get_text(judging->op->args, "event");
    Opinion opinion = {0};
    Acting acting;
    bool found = false, was_there = false;
    *out = VERDICT_invalid;
    if (!read_args(judging, &opinion)) return OK;
    TRY(acting_resolve_self(judging, id, &acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(rule_find(judging, K_event, id, &opinion.event, &found, err));
    *out = VERDICT_unknown;
    if (!found || !acting_is_granted(judging->context, opinion.event.meta.scope)) return OK;
    *out = refuse_moment(judging, &opinion.event);
    if (*out != VERDICT_none) return OK;
    TRY(took_part(judging, id, &acting, &was_there, err));
    *out = VERDICT_denied;
    return was_there ? give(judging, &opinion, acting.person, out, err) : OK;
}
