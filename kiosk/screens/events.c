/* What is said of an event, the same on every screen. */
#include "kiosk/screens/parts.h"

#include <time.h>

static int64_t number_or_zero(int64_t number) {
    return number == INT_ABSENT ? 0 : number;
}

static int64_t at_least_zero(int64_t number) {
    return number > 0 ? number : 0;
}

static int64_t leased_seats(const Seats *seats) {
    int64_t leased = 0;
    if (!seats->by_org || seats->by_org->type != JSON_MAP_T) return 0;
    for (const Json *one = seats->by_org->first; one; one = one->next)
        leased += json_get_int(one, "leased", 0);
    return leased;
}

/* Of the free seats, those that the quota of this kiosk's org still holds for it. */
static Status count_own(const Stage *stage, const Seats *seats, EventInfo *out, Err *err) {
    void *rows = NULL;
    size_t count = 0;
    TRY(load_by(stage, VIEW_quotas_of_event, out->event.meta.id, &rows, &count, err));
    const Quota *quotas = rows;
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(quotas[i].org, stage->here->org)) continue;
        if (quotas[i].release_at != INT_ABSENT && quotas[i].release_at <= stage->now) continue;
        const Json *mine = json_get(seats->by_org, str_cstr(stage->arena, quotas[i].org));
        out->free_own = at_least_zero(quotas[i].seats - json_get_int(mine, "taken", 0));
    }
    if (out->free_own > out->free) out->free_own = out->free;
    return OK;
}

static Status count_seats(const Stage *stage, EventInfo *out, Err *err) {
    out->limited = out->event.seats != INT_ABSENT && out->event.seats > 0;
    if (!out->limited) return OK;
    Seats seats;
    Status status = records_get(stage->records, K_seats, out->event.meta.id, &seats, stage->arena, err);
    if (status != OK && status != E_NOTFOUND) return status;
    if (status == E_NOTFOUND) schema_clear(K_seats, &seats);
    out->seats = out->event.seats;
    out->waiting = number_or_zero(seats.waiting);
    out->free = at_least_zero(out->seats - number_or_zero(seats.taken) - leased_seats(&seats));
    return count_own(stage, &seats, out, err);
}

static Status find_mine(const Stage *stage, EventInfo *out, Err *err) {
    if (!stage->session->open) return OK;
    Registration mine;
    Str id = id_join(stage->arena, out->event.meta.id, stage->session->person.meta.id);
    Status status = records_get(stage->records, K_registration, id, &mine, stage->arena, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    out->my_state = mine.state;
    out->my_rank = number_or_zero(mine.rank);
    out->provisional = mine.meta.draft;
    out->mine = mine.state != RegistrationState_cancelled && mine.state != RegistrationState_refused;
    return OK;
}

Status event_info(const Stage *stage, const Event *event, EventInfo *out, Err *err) {
    *out = (EventInfo){.event = *event};
    out->title = in_lang(stage, &event->meta, "title", event->title);
    out->time = stage->now >= event->ends     ? EVENT_OVER
                : stage->now >= event->starts ? EVENT_RUNNING
                                              : EVENT_AHEAD;
    out->by_invitation = event->type == EventType_rise;
    out->pooled = stage->here->org.len && !str_equal(event->org, stage->here->org);
    if (out->pooled) out->by = org_short_name(stage, event->org);
    TRY(count_seats(stage, out, err));
    return find_mine(stage, out, err);
}

Status event_infos(const Stage *stage, const Event *events, size_t count, EventInfo **out, Err *err) {
    *out = ARENA_ARRAY(stage->arena, EventInfo, count + 1);
    for (size_t i = 0; i < count; i++) TRY(event_info(stage, &events[i], &(*out)[i], err));
    return OK;
}

Status event_get(const Stage *stage, Str id, EventInfo *out, Err *err) {
    Event event;
    TRY(records_get(stage->records, K_event, id, &event, stage->arena, err));
    return event_info(stage, &event, out, err);
}

const char *event_icon(EventType type) {
    switch (type) {
    case EventType_ixpresso:
        return "ixpresso";
    case EventType_rise:
        return "rise";
    case EventType_welcome:
        return "arrive";
    case EventType_training:
        return "former";
    case EventType_other:
    case EventType_absent:
    case EventType_unknown:
    case EventType_count:
        break;
    }
    return "calendrier";
}

Str event_type_name(const Stage *stage, EventType type) {
    switch (type) {
    case EventType_ixpresso:
        return words(stage, M_type_ixpresso);
    case EventType_rise:
        return words(stage, M_type_rise);
    case EventType_welcome:
        return words(stage, M_type_welcome);
    case EventType_training:
        return words(stage, M_type_training);
    case EventType_other:
    case EventType_absent:
    case EventType_unknown:
    case EventType_count:
        break;
    }
    return words(stage, M_type_other);
}

Str event_full_title(const Stage *stage, const EventInfo *info) {
    if (info->event.type == EventType_ixpresso) return words_with(stage, M_title_ixpresso, TXT(info->title));
    if (info->event.type == EventType_rise) return words_with(stage, M_title_rise, TXT(info->title));
    return info->title;
}

EventState event_state(const EventInfo *info) {
    if (info->event.status == EventStatus_cancelled) return EVENT_CANCELLED;
    if (info->time == EVENT_OVER) return EVENT_PAST;
    if (info->mine) return info->provisional ? EVENT_PROVISIONAL : EVENT_MINE;
    if (info->by_invitation || !info->limited) return EVENT_PLAIN;
    return info->free > 0 ? EVENT_FREE : EVENT_FULL;
}

static Str my_state_words(const Stage *stage, const EventInfo *info) {
    if (info->provisional) return words(stage, M_state_kept);
    if (info->my_state == RegistrationState_waiting)
        return words_with(stage, M_state_waiting, NUM(info->my_rank));
    if (info->my_state == RegistrationState_to_approve) return words(stage, M_state_to_approve);
    return words(stage, M_state_registered);
}

Str event_places(const Stage *stage, const EventInfo *info) {
    switch (event_state(info)) {
    case EVENT_CANCELLED:
        return words(stage, M_state_cancelled);
    case EVENT_PAST:
        return words(stage, M_state_past);
    case EVENT_MINE:
    case EVENT_PROVISIONAL:
        return my_state_words(stage, info);
    case EVENT_FREE:
        return words_with(stage, M_places, NUM(info->free));
    case EVENT_FULL:
        return words(stage, M_state_full);
    case EVENT_PLAIN:
        break;
    }
    return words(stage, info->by_invitation ? M_by_invitation : M_open_to_all);
}

bool event_can_register(const Stage *stage, const EventInfo *info) {
    const Event *event = &info->event;
    if (info->by_invitation || info->mine || info->time != EVENT_AHEAD ||
        event->status == EventStatus_cancelled)
        return false;
    if (event->opens != INT_ABSENT && stage->now < event->opens) return false;
    if (event->closes != INT_ABSENT && stage->now >= event->closes) return false;
    return !info->limited || info->free > 0 || event->waitlist != TRUTH_NO;
}

Str verdict_words(const Say *speak, Verdict verdict) {
    switch (verdict) {
    case VERDICT_full:
        return say(speak, M_refused_full);
    case VERDICT_closed:
        return say(speak, M_refused_closed);
    case VERDICT_not_open:
        return say(speak, M_refused_not_open);
    case VERDICT_already_started:
        return say(speak, M_refused_started);
    case VERDICT_needs_approval:
        return say(speak, M_refused_approval);
    case VERDICT_no_quota:
        return say(speak, M_refused_quota);
    case VERDICT_late:
        return say(speak, M_refused_late);
    case VERDICT_denied:
        return say(speak, M_refused_denied);
    case VERDICT_unknown:
    case VERDICT_invalid:
    case VERDICT_none:
    case VERDICT_confirmed:
    case VERDICT_waiting:
    case VERDICT_to_approve:
    case VERDICT_requested:
    case VERDICT_done:
    case VERDICT_COUNT:
        break;
    }
    return say(speak, M_refused_other);
}

/* ---- iCalendar (RFC 5545), short enough for a code that a phone reads from where people stand ---- */

static void ical_text(Buf *out, const char *name, Str text) {
    buf_print(out, "%s:", name);
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (byte == ',' || byte == ';' || byte == '\\') buf_add_byte(out, '\\');
        buf_add_byte(out, byte == '\n' || byte == '\r' ? ' ' : byte);
    }
    buf_add_cstr(out, "\r\n");
}

static void ical_time(Buf *out, const char *name, Millis at) {
    time_t seconds = (time_t)(at / SECOND_MS);
    struct tm utc = {0};
    char text[32] = "";
    if (gmtime_r(&seconds, &utc)) (void)strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
    buf_print(out, "%s:%s\r\n", name, text);
}

Str event_ical(const Stage *stage, const EventInfo *info) {
    AUTO(buf_free) Buf out = buf_new(2000);
    buf_add_cstr(&out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n");
    ical_time(&out, "DTSTART", info->event.starts);
    ical_time(&out, "DTEND", info->event.ends);
    ical_text(&out, "SUMMARY", info->title);
    ical_text(&out, "LOCATION", info->event.place);
    buf_add_cstr(&out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
    return str_copy(stage->arena, buf_str(&out));
}

/* ---- drawing ---- */

static EventCard card_of(const Stage *stage, const EventInfo *info, bool with_day) {
    const Event *event = &info->event;
    Str span = event->all_day == TRUTH_YES ? words(stage, M_all_day)
                                           : say_span(&stage->say, event->starts, event->ends);
    EventCard card = {.when = span, .title = info->title, .key = event->meta.id, .state = event_state(info)};
    if (with_day) card.when = say_when(&stage->say, event->starts, event->ends, event->all_day == TRUTH_YES);
    if (info->pooled) card.by = words_with(stage, M_by_org, TXT(info->by));
    card.state_text = event_places(stage, info);
    if (card.state == EVENT_PLAIN && info->by_invitation) {
        card.icon = "rise";
        card.state_text = words(stage, M_type_rise);
    }
    return card;
}

int event_card_height(const Stage *stage, int width, const EventInfo *info, bool with_day) {
    EventCard card = card_of(stage, info, with_day);
    return ui_event_card_height(stage->ui, width, &card);
}

bool draw_event_card(const Stage *stage, Rect face, const EventInfo *info, bool with_day) {
    EventCard card = card_of(stage, info, with_day);
    return ui_event_card(stage->ui, face, &card);
}

static Str trainers_words(const Stage *stage, const TextList *trainers) {
    AUTO(buf_free) Buf out = buf_new(SAY_MAX);
    for (size_t i = 0; i < trainers->count; i++) {
        if (i) buf_add(&out, words(stage, i + 1 == trainers->count ? M_list_and : M_list_comma));
        buf_add(&out, trainers->at[i]);
    }
    return words_with(stage, M_event_with, TXT(str_copy(stage->arena, buf_str(&out))));
}

static int draw_fact(const Stage *stage, Rect *area, const char *icon, Str text, bool bold) {
    int used = ui_fact(stage->ui, *area, icon, text, bold, COLOR_NONE) + 12;
    rect_cut_top(area, used);
    return used;
}

int draw_event_facts(const Stage *stage, Rect area, const EventInfo *info, bool brief) {
    const Event *event = &info->event;
    int top = area.y;
    draw_fact(stage, &area, "calendrier",
              say_when(&stage->say, event->starts, event->ends, event->all_day == TRUTH_YES), true);
    draw_fact(stage, &area, "lieu", event->place, false);
    if (!brief && event->audience.len)
        draw_fact(stage, &area, "personnes", in_lang(stage, &event->meta, "audience", event->audience),
                  false);
    if (!brief && event->trainers.count)
        draw_fact(stage, &area, "personne", trainers_words(stage, &event->trainers), false);
    if (info->pooled) draw_fact(stage, &area, "accueil", words_with(stage, M_event_by, TXT(info->by)), false);
    return area.y - top;
}

bool draw_ical(const Stage *stage, Rect rect, const EventInfo *info) {
    QrCard card = {event_ical(stage, info), words(stage, M_qr_title),
                   words(stage, rect.w < 500   ? M_qr_tiny
                                : rect.w < 800 ? M_qr_short
                                               : M_qr_sentence)};
    return ui_qr_card(stage->ui, rect, card);
}
