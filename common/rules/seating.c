#include "common/rules/seating.h"

#include <string.h>

/* ---- between record and lists ---- */
static OrgSeats *org_seats(Seating *seating, Str org) {
    for (size_t i = 0; i < seating->org_count; i++)
        if (str_equal(seating->orgs[i].org, org)) return &seating->orgs[i];
    OrgSeats *grown = ARENA_ARRAY(seating->arena, OrgSeats, seating->org_count + 1);
    if (seating->org_count) memcpy(grown, seating->orgs, seating->org_count * sizeof *grown);
    seating->orgs = grown;
    grown[seating->org_count].org = org;
    return &grown[seating->org_count++];
}

static void read_orgs(Seating *seating, const Json *by_org) {
    if (!by_org || by_org->type != JSON_MAP_T) return;
    for (const Json *one = by_org->first; one; one = one->next) {
        OrgSeats *org = org_seats(seating, one->name);
        org->taken = json_get_int(one, "taken", 0);
        org->waiting = json_get_int(one, "waiting", 0);
        org->leased = json_get_int(one, "leased", 0);
    }
}

static void add_waiter(Seating *seating, Waiter waiter) {
    Waiter *grown = ARENA_ARRAY(seating->arena, Waiter, seating->queue_count + 1);
    if (seating->queue_count) memcpy(grown, seating->queue, seating->queue_count * sizeof *grown);
    grown[seating->queue_count++] = waiter;
    seating->queue = grown;
}

static void read_queue(Seating *seating, const Json *queue) {
    if (!queue || queue->type != JSON_LIST_T) return;
    for (const Json *one = queue->first; one; one = one->next)
        add_waiter(seating, (Waiter){json_get_int(one, "rank", 0), json_get_text(one, "org")});
}

static const Json *write_orgs(const Seating *seating) {
    Json *map = json_new_map(seating->arena);
    for (size_t i = 0; i < seating->org_count; i++) {
        const OrgSeats *org = &seating->orgs[i];
        if (!org->taken && !org->waiting && !org->leased) continue;
        Json *one = json_put(seating->arena, map, org->org, json_new_map(seating->arena));
        json_put_int(seating->arena, one, "taken", org->taken);
        json_put_int(seating->arena, one, "waiting", org->waiting);
        if (org->leased) json_put_int(seating->arena, one, "leased", org->leased);
    }
    return map;
}

static const Json *write_queue(const Seating *seating) {
    Json *list = json_new_list(seating->arena);
    for (size_t i = 0; i < seating->queue_count; i++) {
        Json *one = json_add_map(seating->arena, list);
        json_put_int(seating->arena, one, "rank", seating->queue[i].rank);
        json_put_text(seating->arena, one, "org", seating->queue[i].org);
    }
    return list;
}

Status seating_load(const Judging *judging, const Event *event, Seating *out, Err *err) {
    Seating seating = {.event = *event, .arena = judging->arena};
    bool found = false;
    TRY(rule_find(judging, K_seats, event->meta.id, &seating.record, &found, err));
    if (!found) {
        schema_clear(K_seats, &seating.record);
        seating.record.taken = 0;
    }
    seating.record.meta.id = seating.record.event = event->meta.id;
    read_orgs(&seating, seating.record.by_org);
    read_queue(&seating, seating.record.queue);
    *out = seating;
    return OK;
}

Status seating_store(const Judging *judging, Seating *seating, Err *err) {
    seating->record.meta.scope = seating->event.meta.scope;
    seating->record.waiting = (int64_t)seating->queue_count;
    seating->record.by_org = write_orgs(seating);
    seating->record.queue = write_queue(seating);
    return records_put(judging->records, K_seats, &seating->record, judging->arena, err);
}

/* ---- changing ---- */
static int64_t leased_seats(const Seating *seating) {
    int64_t leased = 0;
    for (size_t i = 0; i < seating->org_count; i++) leased += seating->orgs[i].leased;
    return leased;
}

bool seating_has_place(const Seating *seating, Str org) {
    (void)org;
    if (seating->event.seats == INT_ABSENT) return true;
    return seating->record.taken + leased_seats(seating) < seating->event.seats;
}

static int64_t at_least_zero(int64_t count) {
    return count > 0 ? count : 0;
}

void seating_take(Seating *seating, Str org, int seats) {
    OrgSeats *of_org = org_seats(seating, org);
    of_org->taken = at_least_zero(of_org->taken + seats);
    seating->record.taken = at_least_zero(seating->record.taken + seats);
}

int64_t seating_join_queue(Seating *seating, Str org) {
    int64_t rank = seating->queue_count ? seating->queue[seating->queue_count - 1].rank + 1 : 1;
    add_waiter(seating, (Waiter){rank, org});
    org_seats(seating, org)->waiting++;
    return rank;
}

static void leave_at(Seating *seating, size_t at) {
    OrgSeats *org = org_seats(seating, seating->queue[at].org);
    org->waiting = at_least_zero(org->waiting - 1);
    seating->queue_count--;
    memmove(&seating->queue[at], &seating->queue[at + 1],
            (seating->queue_count - at) * sizeof *seating->queue);
}

void seating_leave_queue(Seating *seating, int64_t rank) {
    for (size_t i = 0; i < seating->queue_count; i++) {
        if (seating->queue[i].rank != rank) continue;
        leave_at(seating, i);
        return;
    }
}

/* ---- moving up ---- */
static Status confirm(const Judging *judging, Registration *registration, Err *err) {
    registration->state = RegistrationState_confirmed;
    registration->rank = INT_ABSENT;
    registration->decided_at = judging->context->now;
    return records_put(judging->records, K_registration, registration, judging->arena, err);
}

static Status confirm_rank(const Judging *judging, Str event, int64_t rank, Err *err) {
    const RecordsQuery query = {
        .kind = K_registration, .field = "event", .equals = event, .limit = RECORDS_LIST_MAX};
    void *list = NULL;
    size_t count = 0;
    TRY(records_list(judging->records, &query, &list, &count, judging->arena, err));
    Registration *registrations = list;
    for (size_t i = 0; i < count; i++)
        if (registrations[i].state == RegistrationState_waiting && registrations[i].rank == rank)
            return confirm(judging, &registrations[i], err);
    return OK;
}

static bool first_with_place(const Seating *seating, size_t *at) {
    for (size_t i = 0; i < seating->queue_count; i++) {
        *at = i;
        if (seating_has_place(seating, seating->queue[i].org)) return true;
    }
    return false;
}

Status seating_move_up(const Judging *judging, Seating *seating, Err *err) {
    size_t at = 0;
    if (judging->context->healing) return OK;
    while (first_with_place(seating, &at)) {
        Waiter next = seating->queue[at];
        TRY(confirm_rank(judging, seating->event.meta.id, next.rank, err));
        leave_at(seating, at);
        seating_take(seating, next.org, 1);
    }
    return OK;
}
