/* Many devices register people for one event, more than it has seats, at several hubs of one database at the
 * same time, while a script kills what it likes; then everything is counted.
 *
 *   load fill STORE OPS SEATS            makes the town: devices, people, the event
 *   load run STORE OPS SEATS BATCH URL…  prints "accepted N" now and then; 0 when nothing was lost or doubled
 *
 * Each device makes so many ops. It sends them in batches, and the same batch again, at the next hub, until
 * one says that it is taken. */
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

enum {
    DEVICES = 8,
    OPS_MAX = 1000,
    TELL_EVERY = 40,
    TRIES_MAX = 600,
    PAUSE_MS = 50,
    BODY_MAX = 4 * 1024 * 1024
};
#define EVENT "0192f0c1-7a00-7000-8000-000000000001"
#define INCARNATION "0192f0c1-7a00-7000-8000-0000000000ff"

typedef struct Size {
    int ops, seats, batch;
} Size;

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
    return str_print(arena, "0192f0c1-7a00-7000-8000-00000002%04d", device * OPS_MAX + n - 1).at;
}

static void device_put(StoreTx *tx, Arena *arena, int device, int people) {
    const char *id = device_of(arena, device);
    StoreToken token = {.hash = token_hash(arena, secret_of(arena, device)),
                        .role = STR("device"),
                        .subject = str_of(id),
                        .used = true};
    put(tx, K_device, id, str_print(arena, "device:%s", id).at,
        "{\"name\":\"Borne\",\"org\":\"olivet\",\"site\":\"mairie\",\"state\":\"active\",\"token_hash\":"
        "\"\"}");
    check_ok(tx->verbs->token_put(tx, &token, &err));
    for (int n = 1; n <= people; n++)
        put(tx, K_person, person_of(arena, device, n), "org:olivet",
            "{\"name\":\"Camille\",\"name_key\":\"camille\",\"org\":\"olivet\"}");
}

static void town_put(StoreTx *tx, Arena *arena, const Size *size, Millis now) {
    put(tx, K_org, "olivet", "public", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    put(tx, K_pool, "agglo", "public", "{\"members\":[\"olivet\"],\"name\":\"Agglo\"}");
    put(tx, K_site, "mairie", "public", "{\"name\":\"Mairie\",\"org\":\"olivet\"}");
    put(tx, K_event, EVENT, "pool:agglo",
        str_print(arena,
                  "{\"ends\":%" PRId64
                  ",\"org\":\"olivet\",\"place\":\"Salle\",\"seats\":%d,\"starts\":%" PRId64
                  ",\"status\":\"planned\",\"title\":\"R\",\"type\":\"ixpresso\"}",
                  now + 31 * DAY_MS, size->seats, now + 30 * DAY_MS)
            .at);
    for (int device = 0; device < DEVICES; device++) device_put(tx, arena, device, size->ops);
}

static int fill(const char *spec, const Size *size) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_close_auto) Store *store = NULL;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreCommit commit;
    check_ok(secret_init(&err));
    check_ok(store_open(&store, spec, &err));
    check_ok(store_begin(store, STORE_WRITE, &tx, &err));
    town_put(tx, arena, size, clock_wall(clock_system()));
    check_ok(tx->verbs->commit(tx, arena, &commit, &err));
    return 0;
}

/* ---- the devices ---- */

typedef struct Load {
    Size size;
    char **urls;
    int url_count;
    _Atomic int accepted, retried, failed;
} Load;

typedef struct Kiosk {
    Load *load;
    int number;
    Str ids[OPS_MAX + 1];
    Arena *arena;
    pthread_t thread;
} Kiosk;

static void op_add(Buf *body, const Kiosk *kiosk, Arena *arena, int n, Millis now) {
    buf_print(body, "{\"n\":%d,\"id\":\"%.*s\",", n, STR_FORMAT(kiosk->ids[n]));
    if (n > 1) buf_print(body, "\"prev\":\"%.*s\",", STR_FORMAT(kiosk->ids[n - 1]));
    buf_print(body, "\"op\":\"register\",\"at\":%" PRId64 ",\"by\":\"%s\",\"auth\":\"badge\"", now,
              person_of(arena, kiosk->number, n));
    buf_print(body, ",\"args\":{\"event\":\"" EVENT "\"}}\n");
}

static Buf body_of(const Kiosk *kiosk, Arena *arena, int first, int last) {
    Millis now = clock_wall(clock_system());
    Buf body = buf_new(BODY_MAX);
    buf_print(&body,
              "{\"ops\":1,\"device\":\"%s\",\"incarnation\":\"" INCARNATION "\",\"time\":%" PRId64
              ",\"seen\":0}\n",
              device_of(arena, kiosk->number), now);
    for (int n = first; n <= last; n++) op_add(&body, kiosk, arena, n, now);
    return body;
}

/* What a client may not drop an op for, and tries again (PROTOCOL 4). */
static bool is_taken(Kiosk *kiosk, const Answer *answer, int n) {
    bool again = answer->status == 0 || answer->status >= 500 || answer->status == 429;
    if (answer->status == 200) return true;
    if (!again) {
        fprintf(stderr, "load: op %d of device %d: %ld %.*s\n", n, kiosk->number, answer->status,
                STR_FORMAT(answer->body));
        kiosk->load->failed++;
    }
    return false;
}

static void pause_a_moment(void) {
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
}

static bool batch_send(Kiosk *kiosk, int first, int last) {
    Load *load = kiosk->load;
    for (int try = 0; try < TRIES_MAX && !load->failed; try++) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        AUTO(buf_free) Buf body = body_of(kiosk, arena, first, last);
        const char *url = load->urls[(kiosk->number + first + try) % load->url_count];
        Ask ask = {.method = "POST",
                   .url = str_print(arena, "%s/v1/ops", url).at,
                   .token = secret_of(arena, kiosk->number),
                   .body = buf_str(&body)};
        Answer answer = http_ask(arena, &ask);
        if (is_taken(kiosk, &answer, last)) return true;
        load->retried++;
        pause_a_moment();
    }
    return false;
}

static void accepted_tell(Load *load, int more) {
    int accepted = (load->accepted += more);
    if (accepted / TELL_EVERY == (accepted - more) / TELL_EVERY) return;
    printf("accepted %d\n", accepted);
    fflush(stdout);
}

static void *kiosk_run(void *of) {
    Kiosk *kiosk = of;
    Load *load = kiosk->load;
    const Size *size = &load->size;
    for (int n = 1; n <= size->ops; n++)
        kiosk->ids[n] = str_print(kiosk->arena, "%s", uuid_secret(clock_wall(clock_system())).text);
    for (int first = 1; first <= size->ops; first += size->batch) {
        int last = first + size->batch - 1 < size->ops ? first + size->batch - 1 : size->ops;
        if (!batch_send(kiosk, first, last)) {
            load->failed++;
            return NULL;
        }
        accepted_tell(load, last - first + 1);
    }
    return NULL;
}

/* ---- counting ---- */

typedef struct Count {
    int confirmed, waiting;
} Count;

static Count count_right(const Size *size) {
    int all = DEVICES * size->ops, confirmed = size->seats < all ? size->seats : all;
    return (Count){confirmed, all - confirmed};
}

/* Every op has one verdict, in its place, under the id it was sent with. */
static void verdicts_check(StoreTx *tx, const Kiosk *kiosk, Count *count) {
    StoreOp *ops = NULL;
    size_t found = 0;
    StoreCounter counter;
    Str id = str_of(device_of(kiosk->arena, kiosk->number));
    check_ok(tx->verbs->counter_get(tx, id, STR(INCARNATION), kiosk->arena, &counter, &err));
    check_int(counter.decided, kiosk->load->size.ops);
    check_ok(tx->verbs->op_list(tx, id, STR(INCARNATION), OPS_MAX + 1, kiosk->arena, &ops, &found, &err));
    check_int(found, kiosk->load->size.ops);
    for (size_t i = 0; i < found; i++) {
        check_int(ops[i].n, i + 1);
        check(str_equal(ops[i].id, kiosk->ids[i + 1]));
        count->confirmed += str_is(ops[i].code, "confirmed");
        count->waiting += str_is(ops[i].code, "waiting");
    }
}

static void registrations_check(StoreTx *tx, Arena *arena, Count right) {
    RecordsQuery query = {.kind = K_registration, .field = "event", .equals = STR(EVENT)};
    void *found = NULL;
    size_t count = 0;
    int confirmed = 0;
    Seats seats;
    check_ok(records_list(&tx->records, &query, &found, &count, arena, &err));
    const Registration *registrations = found;
    for (size_t i = 0; i < count; i++) confirmed += registrations[i].state == RegistrationState_confirmed;
    check_int(count, right.confirmed + right.waiting);
    check_int(confirmed, right.confirmed);
    check_ok(records_get(&tx->records, K_seats, STR(EVENT), &seats, arena, &err));
    check_int(seats.taken, right.confirmed);
    check_int(seats.waiting, right.waiting);
}

static void all_check(const char *spec, const Kiosk *kiosks) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_close_auto) Store *store = NULL;
    AUTO(store_end_auto) StoreTx *tx = NULL;
    AUTO(buf_free) Buf wrong = buf_new(64 * 1024);
    int64_t records = 0;
    Count count = {0}, right = count_right(&kiosks[0].load->size);
    check_ok(store_open(&store, spec, &err));
    check_ok(store_begin(store, STORE_READ, &tx, &err));
    for (int i = 0; i < DEVICES; i++) verdicts_check(tx, &kiosks[i], &count);
    check_int(count.confirmed, right.confirmed);
    check_int(count.waiting, right.waiting);
    registrations_check(tx, arena, right);
    check_ok(store_verify(tx, arena, &wrong, &records, &err));
    check_text(wrong.len ? buf_str(&wrong) : STR(""), "");
}

static void kiosks_start(Kiosk *kiosks, Load *load) {
    for (int i = 0; i < DEVICES; i++) {
        kiosks[i] = (Kiosk){.load = load, .number = i, .arena = arena_open()};
        check_int(pthread_create(&kiosks[i].thread, NULL, kiosk_run, &kiosks[i]), 0);
    }
}

static int run(const char *spec, const Size *size, char **urls, int url_count) {
    static Kiosk kiosks[DEVICES];
    Load load = {.size = *size, .urls = urls, .url_count = url_count};
    Millis start = clock_steady(clock_system());
    kiosks_start(kiosks, &load);
    for (int i = 0; i < DEVICES; i++) pthread_join(kiosks[i].thread, NULL);
    Millis took_ms = clock_steady(clock_system()) - start + 1;
    printf("done: %d taken in %" PRId64 " ms, %" PRId64 " a second; %d tried again, %d failed\n",
           load.accepted, took_ms, load.accepted * SECOND_MS / took_ms, load.retried, load.failed);
    if (load.failed) return 1;
    all_check(spec, kiosks);
    for (int i = 0; i < DEVICES; i++) arena_close(kiosks[i].arena);
    return 0;
}

static bool number_read(const char *text, int most, int *out) {
    int64_t number = 0;
    if (!str_to_int(str_of(text), &number) || number < 1 || number > most) return false;
    *out = (int)number;
    return true;
}

int main(int argc, char **argv) {
    Size size = {.batch = 1};
    bool sized =
        argc >= 5 && number_read(argv[3], OPS_MAX, &size.ops) && number_read(argv[4], INT32_MAX, &size.seats);
    if (sized && argc == 5 && strcmp(argv[1], "fill") == 0) return fill(argv[2], &size);
    if (sized && argc > 6 && strcmp(argv[1], "run") == 0 && number_read(argv[5], OPS_MAX, &size.batch))
        return run(argv[2], &size, argv + 6, argc - 6);
    fprintf(stderr, "usage: load fill STORE OPS SEATS | load run STORE OPS SEATS BATCH URL…\n");
    return 2;
}
