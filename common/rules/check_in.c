/* check_in: somebody is there, for a half-day. Who has no seat registers at the door, if one is free or a
 * host says so. The earliest scan counts, whatever arrives first. */
#include "common/rules/paris_date.h"
#include "common/rules/placing.h"

enum { DATE_LEN = 10, HALF_LEN = 12 };

typedef struct CheckIn {
    Str half, day; /* "2026-11-24am", "2026-11-24" */
    AttendanceMethod method;
    Event event;
    Acting acting;
} CheckIn;

static bool is_date(Str text) {
    for (size_t i = 0; i < text.len; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text.at[i] != '-' : text.at[i] < '0' || text.at[i] > '9') return false;
    }
    return text.len == DATE_LEN;
}

static bool read_args(const Judging *judging, CheckIn *out) {
    const Json *args = judging->op->args;
    out->half = json_get_text(args, "half");
    out->day = str_first(out->half, DATE_LEN);
    int method = word_value(word_set_of(K_attendance, "method"), json_get_text(args, "method"));
    out->method = (AttendanceMethod)method;
    bool half_day = str_ends(out->half, STR("am")) || str_ends(out->half, STR("pm"));
    return id_part_is_valid(json_get_text(args, "event")) && out->half.len == HALF_LEN && half_day &&
           is_date(out->day) && method > 0;
}

/* A list is ticked and a host vouches for somebody else only. */
static bool method_fits(const CheckIn *check_in) {
    bool vouched = check_in->method == AttendanceMethod_list || check_in->method == AttendanceMethod_host;
    return !vouched || check_in->acting.for_another;
}

static bool has_half(const Judging *judging, const CheckIn *check_in) {
    const Event *event = &check_in->event;
    for (size_t i = 0; i < event->halves.count; i++)
        if (str_equal(event->halves.at[i], check_in->half)) return true;
    return event->halves.count == 0 &&
           str_compare(check_in->day, paris_date(judging->arena, event->starts)) >= 0 &&
           str_compare(check_in->day, paris_date(judging->arena, event->ends)) <= 0;
}

/* On the day itself; a host puts a list right afterwards too. */
static Verdict refuse(const Judging *judging, const CheckIn *check_in) {
    int day = str_compare(paris_date(judging->arena, judging->op->at), check_in->day);
    if (!has_half(judging, check_in)) return VERDICT_invalid;
    if (check_in->event.status == EventStatus_cancelled) return VERDICT_closed;
    if (day < 0) return VERDICT_not_open;
    return day > 0 && !check_in->acting.for_another ? VERDICT_late : VERDICT_none;
}

/* ---- a seat ---- */
static Verdict refuse_state(RegistrationState state, bool host_says_so) {
    if (host_says_so) return VERDICT_none;
    if (state == RegistrationState_refused) return VERDICT_denied;
    bool asked = state == RegistrationState_to_approve || state == RegistrationState_requested;
    return asked ? VERDICT_needs_approval : VERDICT_none;
}

/* A guest's registration is seen by his own org and the hub; that he is expected stands for it here. */
static Status have_seat(const Judging *judging, const CheckIn *check_in, Verdict *out, Err *err) {
    Registration registration;
    bool found = false;
    Str id = id_join(judging->arena, check_in->event.meta.id, check_in->acting.person);
    TRY(rule_find(judging, K_registration, id, &registration, &found, err));
    *out = VERDICT_confirmed;
    if (found ? registration.state == RegistrationState_confirmed : check_in->acting.guest) return OK;
    if (!found) placing_fill(judging, &check_in->event, &check_in->acting, &registration);
    *out = refuse_state(found ? registration.state : RegistrationState_absent, check_in->acting.for_another);
    if (*out != VERDICT_none) return OK;
    return placing_walk_in(judging, &check_in->event, &registration, check_in->acting.for_another, out, err);
}

/* ---- being there ---- */
static Status put_attendance(const Judging *judging, const CheckIn *check_in, Err *err) {
    Attendance attendance;
    bool found = false;
    Str device = judging->context->device;
    Str id = id_join3(judging->arena, check_in->event.meta.id, check_in->acting.person, check_in->half);
    TRY(rule_find(judging, K_attendance, id, &attendance, &found, err));
    if (found && attendance.at <= judging->op->at) return OK;
    if (!found) schema_clear(K_attendance, &attendance);
    attendance.meta.id = id;
    attendance.meta.scope = scope_join(judging->arena, "org", check_in->acting.org);
    attendance.event = check_in->event.meta.id;
    attendance.person = check_in->acting.person;
    attendance.half = check_in->half;
    attendance.at = judging->op->at;
    attendance.method = check_in->method;
    attendance.via = device.len ? device : STR("admin");
    return records_put(judging->records, K_attendance, &attendance, judging->arena, err);
}

/* The host of the place sees of people of elsewhere the guest only. */
static Status note_guest(const Judging *judging, const CheckIn *check_in, Err *err) {
    Guest guest;
    bool found = false;
    Str id = id_join(judging->arena, check_in->event.meta.id, check_in->acting.person);
    Json *halves = json_new_map(judging->arena);
    TRY(rule_find(judging, K_guest, id, &guest, &found, err));
    if (!found) return OK;
    int64_t at = judging->op->at;
    const Json *first = guest.halves && guest.halves->type == JSON_MAP_T ? guest.halves->first : NULL;
    for (const Json *one = first; one; one = one->next) {
        if (one->type != JSON_INT_T) continue;
        if (str_equal(one->name, check_in->half) && one->integer < at) at = one->integer;
        json_put_int(judging->arena, halves, str_cstr(judging->arena, one->name), one->integer);
    }
    json_put_int(judging->arena, halves, str_cstr(judging->arena, check_in->half), at);
    guest.halves = halves;
    return records_put(judging->records, K_guest, &guest, judging->arena, err);
}

static Status enter(const Judging *judging, const CheckIn *check_in, Verdict *out, Err *err) {
    TRY(have_seat(judging, check_in, out, err));
    if (*out != VERDICT_confirmed) return OK;
    TRY(put_attendance(judging, check_in, err));
    TRY(note_guest(judging, check_in, err));
    *out = VERDICT_done;
    return OK;
}

Status rule_check_in(const Judging *judging, Verdict *out, Err *err) {
    Str id = json_get_text(judging->op->args, "event");
    CheckIn check_in = {0};
    bool found = false;
    *out = VERDICT_invalid;
    if (!read_args(judging, &check_in)) return OK;
    TRY(acting_resolve(judging, json_get_text(judging->op->args, "person"), id, &check_in.acting, out, err));
    if (*out != VERDICT_none) return OK;
    TRY(rule_find(judging, K_event, id, &check_in.event, &found, err));
    *out = VERDICT_unknown;
    if (!found || !acting_is_granted(judging->context, check_in.event.meta.scope)) return OK;
    *out = method_fits(&check_in) ? refuse(judging, &check_in) : VERDICT_denied;
    return *out == VERDICT_none ? enter(judging, &check_in, out, err) : OK;
}
