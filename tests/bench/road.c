/* register on kiosk A → visible on kiosk B, through two running syncd and a hub.
 *
 *   bench_road DIR_A DIR_B COUNT      prints the milliseconds of each registration, one a line
 *
 * Both kiosks are this program: it performs at A as the kiosk does (durable before it goes on) and waits for
 * the poke at B until the seats that B shows have changed. */
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/replica/files.h"
#include "common/replica/view.h"
#include "common/replica/wake.h"
#include "common/wire/secret.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WAIT_MS = 5000 };

static double now_ms(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void die(const char *what, const Err *err) {
    fprintf(stderr, "bench_road: %s: %s\n", what, err->text);
    exit(1);
}

static int64_t taken_at(View *view, Str event, Arena *arena) {
    Err err;
    Seats seats;
    Status status = records_get(view_records(view), K_seats, event, &seats, arena, &err);
    if (status == E_NOTFOUND) return 0;
    if (status != OK) die("seats", &err);
    return seats.taken + seats.waiting;
}

static void wait_for_more(View *view, Wake *wake, Str event, int64_t before, Arena *arena) {
    double end = now_ms() + WAIT_MS;
    Err err;
    while (taken_at(view, event, arena) <= before) {
        struct pollfd descriptor = {.fd = wake_fd(wake), .events = POLLIN};
        if (now_ms() > end || poll(&descriptor, 1, WAIT_MS) <= 0) {
            fprintf(stderr, "bench_road: not seen at B within %d ms\n", WAIT_MS);
            exit(1);
        }
        wake_drain(wake);
        KindSet changed = 0;
        if (view_refresh(view, &changed, &err) != OK) die("refresh", &err);
    }
}

/* One that leads to a change of the seats record at B; false when this pair has nothing to give. */
static bool one(View *a, View *b, Wake *wake, Str event, Str person, Arena *arena) {
    Err err;
    Performed performed;
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "event", event);
    int64_t before = taken_at(b, event, arena);
    double start = now_ms();
    if (view_perform(a, "register", person, STR("badge"), args, false, &performed, &err) != OK)
        die("perform", &err);
    if (performed.predicted != VERDICT_confirmed && performed.predicted != VERDICT_waiting) return false;
    wait_for_more(b, wake, event, before, arena);
    printf("%.2f\n", now_ms() - start);
    return true;
}

static void *all_of(View *view, Kind kind, size_t *count, Arena *arena) {
    Err err;
    void *out = NULL;
    RecordsQuery query = {.kind = kind, .limit = RECORDS_LIST_MAX};
    if (records_list(view_records(view), &query, &out, count, arena, &err) != OK) die("list", &err);
    return out;
}

static bool is_registered(View *view, Str event, Str person, Arena *arena) {
    Registration registration;
    Err err;
    return records_get(view_records(view), K_registration, id_join(arena, event, person), &registration,
                       arena, &err) == OK;
}

static void run(View *a, View *b, Wake *wake_b, Wake *wake_a, int wanted) {
    Arena *arena = arena_open();
    size_t event_count, person_count;
    const Event *events = all_of(a, K_event, &event_count, arena);
    const Person *persons = all_of(a, K_person, &person_count, arena);
    for (size_t i = 0; i < person_count && wanted > 0; i++) {
        for (size_t j = 0; j < event_count && wanted > 0; j++) {
            if (events[j].seats == INT_ABSENT) continue;
            if (is_registered(a, events[j].meta.id, persons[i].meta.id, arena)) continue;
            if (one(a, b, wake_b, events[j].meta.id, persons[i].meta.id, arena)) wanted--;
            KindSet changed;
            Err err;
            wake_drain(wake_a);
            if (view_refresh(a, &changed, &err) != OK) die("refresh", &err);
        }
    }
    arena_close(arena);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: bench_road DIR_A DIR_B COUNT\n");
        return 2;
    }
    Err err;
    View *a = NULL, *b = NULL;
    Wake *wake_a = NULL, *wake_b = NULL;
    if (secret_init(&err) != OK) die("sodium", &err);
    if (view_open(&a, argv[1], clock_system(), &err) != OK) die(argv[1], &err);
    if (view_open(&b, argv[2], clock_system(), &err) != OK) die(argv[2], &err);
    if (wake_open(&wake_a, argv[1], KIOSK_SOCKET, &err) != OK) die(argv[1], &err);
    if (wake_open(&wake_b, argv[2], KIOSK_SOCKET, &err) != OK) die(argv[2], &err);
    run(a, b, wake_b, wake_a, atoi(argv[3]));
    wake_close(wake_a);
    wake_close(wake_b);
    view_close(a);
    view_close(b);
    return 0;
}
