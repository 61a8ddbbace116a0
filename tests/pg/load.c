/* Many devices register more people for one event than it has seats, at several hubs of one database at the
 * same time, while a script kills what it likes; then everything is counted.
 *
 *   load fill STORE            makes the town: devices, people, the event
 *   load run STORE URL…        prints "accepted N" now and then; 0 when nothing was lost, doubled or refused
 *
 * A device sends one op after the other and the same again, at the next hub, until one says that it is taken.
 */
#include "common/base/rng.h"
#include "common/wire/secret.h"
#include "syncd/hub/store.h"
#include "tests/harness/check.h"
#include "tests/harness/http_client.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEVICES = 8, OPS_EACH = 60, SEATS = 100, TELL_EVERY = 40, TRIES_MAX = 600, PAUSE_MS = 50 };
#define EVENT "0192f0c1-7a00-7000-8000-000000000001"
#define INCARNATION "0192f0c1-7a00-7000-8000-0000000000ff"

static Err err;

/* ---- the town ---- */

static void put(StoreTx *tx, Kind kind, const char *id, const char *scope, const char *doc) {
    check_ok(tx->records.verbs->put(&tx->records, kind, str_of(id), str_of(scope), str_of(doc), &err));
}

static Str secret_of(Arena *arena, int device) {
    return str_print(arena, "secret-of-device-%03d", device);
}

static const char *device_of(Arena *arena, int device) {
    return str_print(arena, "0192f0c1-7a00-7000-8000-00000001%04d", device).at;
}

static const char *person_of(Arena *arena, int device, int n) {
    return str_print(arena, "0192f0c1-7a00-7000-8000-00000002%04d", device * OPS_EACH + n - 1).at;
}

static void device_put(StoreTx *tx, Arena *arena, int device) {
    const char *id = device_of(arena, device);
    StoreToken token = {.hash = token_hash(arena, secret_of(arena, device)),
                        .role = STR("device"),
                        .subject = str_of(id),
                        .used = true};
    put(tx, K_device, id, str_print(arena, "device:%s", id).at,
        "{\"name\":\"Borne\",\"org\":\"olivet\",\"site\":\"mairie\",\"state\":\"active\",\"token_hash\":"
        "\"\"}");
    check_ok(tx->verbs->token_put(tx, &token, &err));
    for (int n = 1; n <= OPS_EACH; n++)
        put(tx, K_person, person_of(arena, device, n), "org:olivet",
            "{\"name\":\"Camille\",\"name_key\":\"camille\",\"org\":\"olivet\"}");
}

static void town_put(StoreTx *tx, Arena *arena, Millis now) {
    put(tx, K_org, "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    put(tx, K_pool, "agglo", "public", "{\"members\":[\"olivet\"],\"name\":\"Agglo\"}");
    put(tx, K_site, "mairie", "public", "{\"name\":\"Mairie\",\"org\":\"olivet\"}");
    put(tx, K_event, EVENT, "pool:agglo",
        str_print(arena,
                  "{\"ends\":%" PRId64
                  ",\"org\":\"olivet\",\"place\":\"Salle\",\"seats\":%d,\"starts\":%" PRId64
                  ",\"status\":\"planned\",\"title\":\"R\",\"type\":\"ixpresso\"}",
                  now + 31 * DAY_MS, SEATS, now + 30 * DAY_MS)
            .at);
    for (int device = 0; device < DEVICES; device++) device_put(tx, arena, device);
}

static int fill(const char *spec) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_close_auto) Store *store = NULL;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreCommit commit;
    check_ok(secret_init(&err));
    check_ok(store_open(&store, spec, &err));
    check_ok(store_begin(store, STORE_WRITE, &tx, &err));
    town_put(tx, arena, clock_wall(clock_system()));
    check_ok(tx->verbs->commit(tx, arena, &commit, &err));
    return 0;
}

/* ---- the devices ---- */

typedef struct Load {
    char **urls;
    int url_count;
    _Atomic int accepted, retried, failed;
} Load;

typedef struct Kiosk {
    Load *load;
    int number;
    Str ids[OPS_EACH + 1];
    Arena *arena;
    pthread_t thread;
} Kiosk;

static const char *body_of(const Kiosk *device, Arena *arena, int n) {
    Millis now = clock_wall(clock_system());
    const char *prev = n > 1 ? str_print(arena, "\"prev\":\"%.*s\",", STR_FORMAT(device->ids[n - 1])).at : "";
    return str_print(arena,
                     "{\"ops\":1,\"device\":\"%s\",\"incarnation\":\"" INCARNATION "\",\"time\":%" PRId64
                     ",\"seen\":0}\n{\"n\":%d,\"id\":\"%.*s\",%s\"op\":\"register\",\"at\":%" PRId64
                     ",\"by\":\"%s\",\"auth\":\"badge\",\"args\":{\"event\":\"" EVENT "\"}}\n",
                     device_of(arena, device->number), now, n, STR_FORMAT(device->ids[n]), prev, now,
                     person_of(arena, device->number, n))
        .at;
}

/* What a client may not drop an op for, and tries again (PROTOCOL 4). */
static bool is_taken(Kiosk *device, const Answer *answer, int n) {
    bool again = answer->status == 0 || answer->status >= 500 || answer->status == 429;
    if (answer->status == 200) return true;
    if (!again) {
        fprintf(stderr, "load: op %d of device %d: %ld %.*s\n", n, device->number, answer->status,
                STR_FORMAT(answer->body));
        device->load->failed++;
    }
    return false;
}

static void pause_a_moment(void) {
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
}

static bool op_send(Kiosk *device, int n) {
    Load *load = device->load;
    for (int try = 0; try < TRIES_MAX && !load->failed; try++) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        const char *url = load->urls[(device->number + n + try) % load->url_count];
        Ask ask = {.method = "POST",
                   .url = str_print(arena, "%s/v1/ops", url).at,
                   .token = secret_of(arena, device->number),
                   .body = str_of(body_of(device, arena, n))};
        Answer answer = http_ask(arena, &ask);
        if (is_taken(device, &answer, n)) return true;
        load->retried++;
        pause_a_moment();
    }
    return false;
}

static void *device_run(void *of) {
    Kiosk *device = of;
    for (int n = 1; n <= OPS_EACH; n++) {
        device->ids[n] =
            str_of(str_print(device->arena, "%s", uuid_secret(clock_wall(clock_system())).text).at);
        if (!op_send(device, n)) {
            device->load->failed++;
            return NULL;
        }
        int accepted = ++device->load->accepted;
        if (accepted % TELL_EVERY == 0) {
            printf("accepted %d\n", accepted);
            fflush(stdout);
        }
    }
    return NULL;
}

/* ---- counting ---- */

typedef struct Count {
    int confirmed, waiting;
} Count;

/* Every op has one verdict, in its place, under the id it was sent with. */
static void receipt_check(StoreTx *tx, const Kiosk *device, Count *count) {
    StoreOp *ops = NULL;
    size_t found = 0;
    StoreCounter counter;
    Str id = str_of(device_of(device->arena, device->number));
    check_ok(tx->verbs->counter_get(tx, id, STR(INCARNATION), device->arena, &counter, &err));
    check_int(counter.decided, OPS_EACH);
    check_ok(tx->verbs->op_list(tx, id, STR(INCARNATION), 1000, device->arena, &ops, &found, &err));
    check_int(found, OPS_EACH);
    for (size_t i = 0; i < found; i++) {
        check_int(ops[i].n, i + 1);
        check(str_equal(ops[i].id, device->ids[i + 1]));
        count->confirmed += str_is(ops[i].code, "confirmed");
        count->waiting += str_is(ops[i].code, "waiting");
    }
}

static void registrations_check(StoreTx *tx, Arena *arena) {
    RecordsQuery query = {.kind = K_registration, .field = "event", .equals = STR(EVENT)};
    void *found = NULL;
    size_t count = 0;
    int confirmed = 0;
    Seats seats;
    check_ok(records_list(&tx->records, &query, &found, &count, arena, &err));
    const Registration *registrations = found;
    for (size_t i = 0; i < count; i++) confirmed += registrations[i].state == RegistrationState_confirmed;
    check_int(count, DEVICES * OPS_EACH);
    check_int(confirmed, SEATS);
    check_ok(records_get(&tx->records, K_seats, STR(EVENT), &seats, arena, &err));
    check_int(seats.taken, SEATS);
    check_int(seats.waiting, DEVICES * OPS_EACH - SEATS);
}

static void all_check(const char *spec, const Kiosk *devices) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_close_auto) Store *store = NULL;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    AUTO(buf_free) Buf wrong = buf_new(64 * 1024);
    int64_t records = 0;
    Count count = {0};
    check_ok(store_open(&store, spec, &err));
    check_ok(store_begin(store, STORE_READ, &tx, &err));
    for (int i = 0; i < DEVICES; i++) receipt_check(tx, &devices[i], &count);
    check_int(count.confirmed, SEATS);
    check_int(count.waiting, DEVICES * OPS_EACH - SEATS);
    registrations_check(tx, arena);
    check_ok(store_verify(tx, arena, &wrong, &records, &err));
    check_text(wrong.len ? buf_str(&wrong) : STR(""), "");
}

static int run(const char *spec, char **urls, int url_count) {
    static Kiosk devices[DEVICES];
    Load load = {.urls = urls, .url_count = url_count};
    Millis start = clock_steady(clock_system());
    for (int i = 0; i < DEVICES; i++) {
        devices[i] = (Kiosk){.load = &load, .number = i, .arena = arena_open()};
        check_int(pthread_create(&devices[i].thread, NULL, device_run, &devices[i]), 0);
    }
    for (int i = 0; i < DEVICES; i++) pthread_join(devices[i].thread, NULL);
    printf("done: %d taken, %d tried again, %d failed, %" PRId64 " ms\n", load.accepted, load.retried,
           load.failed, clock_steady(clock_system()) - start);
    if (load.failed) return 1;
    all_check(spec, devices);
    for (int i = 0; i < DEVICES; i++) arena_close(devices[i].arena);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "fill") == 0) return fill(argv[2]);
    if (argc > 3 && strcmp(argv[1], "run") == 0) return run(argv[2], argv + 3, argc - 3);
    fprintf(stderr, "usage: load fill STORE | load run STORE URL…\n");
    return 2;
}
