#include "common/replica/identify.h"

#include "common/base/utf8.h"
#include "common/replica/view_inside.h"
#include "common/wire/secret.h"

#include <stdlib.h>
#include <string.h>

enum { FAILURES_FREE = 3, LOCK_FIRST_MS = 15 * MINUTE_MS, LOCK_DOUBLINGS_MAX = 12, SAME_NAME_MAX = 64 };

/* ---- failures, counted on the disk ---- */
typedef struct Lock {
    int64_t failures;
    Millis until;
} Lock;

static Millis now_of(const View *view) {
    Millis now = clock_wall(view->clock);
    return view->hub_time != INT_ABSENT && view->hub_time > now ? view->hub_time : now;
}

static Status may_count(View *view, Err *err) {
    if (view->outbox_writes) return OK;
    return err_set(err, view->outbox_status == OK ? E_IO : view->outbox_status,
                   "PINs cannot be checked while failures cannot be counted: %s", view->outbox_text);
}

static Status lock_read(View *view, Str person, Lock *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *get = NULL;
    bool row = false;
    TRY(may_count(view, err));
    TRY(stmt_open(&get, view->outbox, "SELECT failures, until FROM lock WHERE person = ?1", err));
    stmt_bind_text(get, 1, person);
    TRY(stmt_step(get, &row, err));
    *out = row ? (Lock){stmt_int(get, 0), stmt_int(get, 1)} : (Lock){0};
    stmt_reset(get);
    return OK;
}

static Millis locked_until(Millis now, int64_t failures) {
    int64_t doublings = failures - FAILURES_FREE;
    if (doublings < 0) return 0;
    if (doublings > LOCK_DOUBLINGS_MAX) doublings = LOCK_DOUBLINGS_MAX;
    return now + ((Millis)LOCK_FIRST_MS << doublings);
}

static Status lock_write(View *view, Str person, Lock lock, Err *err) {
    AUTO(stmt_close_auto) Stmt *put = NULL;
    TRY(stmt_open(&put, view->outbox,
                  "INSERT OR REPLACE INTO lock(person, failures, until) VALUES(?1, ?2, ?3)", err));
    stmt_bind_text(put, 1, person);
    stmt_bind_int(put, 2, lock.failures);
    stmt_bind_int(put, 3, lock.until);
    return stmt_run(put, err);
}

static Status lock_clear(View *view, Str person, Err *err) {
    AUTO(stmt_close_auto) Stmt *clear = NULL;
    TRY(stmt_open(&clear, view->outbox, "DELETE FROM lock WHERE person = ?1", err));
    stmt_bind_text(clear, 1, person);
    return stmt_run(clear, err);
}

/* Counted before the PIN is looked at: pulling the plug after a wrong one wins nothing. */
static Status try_pin(View *view, const Person *person, Str pin, Identified *out, Err *err) {
    Lock lock = {0};
    Millis now = now_of(view);
    TRY(lock_read(view, person->meta.id, &lock, err));
    *out = (Identified){.result = IDENTIFY_LOCKED, .locked_until = lock.until};
    if (lock.until > now) return OK;
    lock.failures++;
    lock.until = locked_until(now, lock.failures);
    TRY(lock_write(view, person->meta.id, lock, err));
    if (person->code.len && pin_matches(person->code, pin)) {
        *out = (Identified){.result = IDENTIFY_OK, .person = *person};
        return lock_clear(view, person->meta.id, err);
    }
    *out =
        (Identified){.result = lock.until ? IDENTIFY_LOCKED : IDENTIFY_UNKNOWN, .locked_until = lock.until};
    return OK;
}

/* An unknown name takes as long as a wrong PIN. */
static Status say_unknown(Arena *arena, Str pin, Identified *out) {
    Str hash = {0};
    Err err = {0};
    *out = (Identified){.result = IDENTIFY_UNKNOWN};
    if (pin_hash(arena, pin, &hash, &err) != OK) return OK; /* no PIN at all: nothing to be slow about */
    return OK;
}

/* ---- badge ---- */
static bool has_badge(const Person *person, Str hash) {
    for (size_t i = 0; i < person->badges.count; i++)
        if (str_equal(person->badges.at[i], hash)) return true;
    return false;
}

static bool is_owner(const StoredRecord *stored, Str hash, Arena *arena, Person *out) {
    Err skipped = {0};
    if (str_find(stored->doc, hash) < 0) return false;
    if (schema_decode(K_person, arena, stored->doc, out, &skipped) != OK) return false;
    out->meta.id = stored->id;
    out->meta.scope = stored->scope;
    out->meta.seq = stored->seq;
    return has_badge(out, hash);
}

static Status find_owner(View *view, Str org, Str hash, Arena *arena, Person *out, bool *found, Err *err) {
    Records *records = view_records(view);
    StoredRecord *people = NULL;
    size_t count = 0;
    RecordsQuery query = {.kind = K_person, .field = "org", .equals = org, .limit = RECORDS_LIST_MAX};
    AUTO(arena_close_auto) Arena *page = arena_open();
    do {
        arena_reset(page);
        TRY(records->verbs->list(records, &query, page, &people, &count, err));
        for (size_t i = 0; i < count && !*found; i++) {
            StoredRecord *person = &people[i];
            if (str_find(person->doc, hash) < 0) continue;
            StoredRecord kept = {str_copy(arena, person->id), str_copy(arena, person->scope),
                                 str_copy(arena, person->doc), person->seq, person->draft};
            *found = is_owner(&kept, hash, arena, out);
        }
        if (count) query.after = str_copy(arena, people[count - 1].id);
    } while (!*found && count == RECORDS_LIST_MAX);
    return OK;
}

/* The salt of a badge is its org's: as many slow hashes as orgs whose keyring this device holds. */
static Status try_keyring(View *view, const Keyring *keyring, Str badge, Arena *arena, Identified *out,
                          Err *err) {
    Str hash = {0}, org = {0}, rest = keyring->meta.id;
    bool found = false;
    Err refused = {0};
    if (badge_hash(arena, keyring->badge_salt, badge, &hash, &refused) != OK) return OK;
    if (!str_cut(&rest, '~', &org)) return OK;
    TRY(find_owner(view, org, hash, arena, &out->person, &found, err));
    if (found) out->result = IDENTIFY_OK;
    return OK;
}

Status identify_by_badge(View *view, Str badge, Arena *arena, Identified *out, Err *err) {
    Keyring *keyrings = NULL;
    size_t count = 0;
    RecordsQuery query = {.kind = K_keyring, .limit = RECORDS_LIST_MAX};
    *out = (Identified){.result = IDENTIFY_UNKNOWN, .auth = "badge"};
    void *list = NULL;
    TRY(records_list(view_records(view), &query, &list, &count, arena, err));
    keyrings = list;
    for (size_t i = 0; i < count && out->result != IDENTIFY_OK; i++)
        TRY(try_keyring(view, &keyrings[i], badge, arena, out, err));
    return OK;
}

/* ---- name and PIN ---- */
typedef struct NamedService {
    Str id, name;
} NamedService;

static int by_name(const void *a, const void *b) {
    const NamedService *x = a, *y = b;
    int order = str_compare(x->name, y->name);
    return order ? order : str_compare(x->id, y->id);
}

static bool is_listed(const NamedService *services, size_t count, Str id) {
    for (size_t i = 0; i < count; i++)
        if (str_equal(services[i].id, id)) return true;
    return false;
}

static Str name_of_service(View *view, Str id, Arena *arena) {
    Service service;
    Err missing = {0};
    return records_get(view_records(view), K_service, id, &service, arena, &missing) == OK ? service.name
                                                                                           : id;
}

static void ask_service(View *view, const Person *people, size_t count, Arena *arena, Identified *out) {
    NamedService *services = ARENA_ARRAY(arena, NamedService, count);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        Str id = people[i].service;
        if (!id.at || is_listed(services, used, id)) continue;
        services[used++] = (NamedService){id, name_of_service(view, id, arena)};
    }
    qsort(services, used, sizeof(*services), by_name);
    *out = (Identified){.result = IDENTIFY_WHICH_SERVICE, .service_count = used};
    out->services = ARENA_ARRAY(arena, Str, used + 1);
    for (size_t i = 0; i < used; i++) out->services[i] = services[i].id;
}

static size_t keep_service(Person *people, size_t count, Str service) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!service.at || str_equal(people[i].service, service)) people[kept++] = people[i];
    return kept;
}

static bool of_several_services(const Person *people, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (!str_equal(people[i].service, people[0].service)) return true;
    return false;
}

/* Two people of one name in one service: the PIN tells them apart. */
static Status try_people(View *view, const Person *people, size_t count, Str pin, Identified *out, Err *err) {
    *out = (Identified){.result = IDENTIFY_UNKNOWN};
    for (size_t i = 0; i < count && i < SAME_NAME_MAX; i++) {
        Identified one = {0};
        TRY(try_pin(view, &people[i], pin, &one, err));
        if (one.result == IDENTIFY_OK || out->result == IDENTIFY_UNKNOWN) *out = one;
        if (one.result == IDENTIFY_OK) return OK;
    }
    return OK;
}

Status identify_by_name(View *view, Str name, Str service, Str pin, Arena *arena, Identified *out, Err *err) {
    void *list = NULL;
    size_t count = 0;
    ViewArg key = VIEW_TEXT(utf8_fold(arena, str_trim(name)));
    TRY(may_count(view, err));
    TRY(view_list(view, VIEW_persons_named, &key, 1, &list, &count, arena, err));
    Person *people = list;
    count = keep_service(people, count, service);
    if (count == 0) return say_unknown(arena, pin, out);
    if (!service.at && of_several_services(people, count)) {
        ask_service(view, people, count, arena, out);
        return OK;
    }
    TRY(try_people(view, people, count, pin, out, err));
    out->auth = "name+pin";
    return OK;
}

Status identify_pin(View *view, const Person *person, Str pin, Arena *arena, Identified *out, Err *err) {
    (void)arena;
    TRY(try_pin(view, person, pin, out, err));
    out->auth = "badge+pin";
    return OK;
}

/* ---- the technician ---- */
/* Of this device's own org only: while a guest stands, another org's keyring is here too. */
static Status technician_hash(View *view, Arena *arena, Str *out, Err *err) {
    ViewIdentity here = view_identity(view);
    Keyring keyring;
    Err local = {0};
    *out = (Str){0};
    if (!here.org.len || !here.device.len) return OK;
    Status status = records_get(view_records(view), K_keyring, id_join(arena, here.org, here.device),
                                &keyring, arena, &local);
    if (status == OK) *out = keyring.technician;
    return status == OK || status == E_NOTFOUND ? OK : err_set(err, status, "%s", local.text);
}

Status identify_technician_has_pin(View *view, bool *out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str hash = {0};
    TRY(technician_hash(view, arena, &hash, err));
    *out = hash.len > 0;
    return OK;
}

Status identify_technician(View *view, Str pin, Identified *out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Person technician = {.meta.id = STR("technician")};
    TRY(technician_hash(view, arena, &technician.code, err));
    Status status = try_pin(view, &technician, pin, out, err);
    out->person = (Person){0};
    return status;
}
