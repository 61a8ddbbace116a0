/* Every op that a kiosk said to be kept, what the hub made of it, and what must follow from that. */
#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

LedgerOp *ledger_find(World *world, Str id) {
    for (size_t i = world->op_count; i-- > 0;)
        if (str_is(id, world->ops[i].id)) return &world->ops[i];
    return NULL;
}

/* ---- what stands in the outbox ---- */
static int number_of(Str text, const char *(*name)(int), int count) {
    for (int i = 0; i < count; i++)
        if (str_is(text, name(i))) return i;
    return -1;
}

static void read_body(LedgerOp *op, Str body) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Json *map = NULL;
    if (json_parse(arena, body, &map, NULL) != OK) return;
    Str name = json_get_text(map, "op");
    const Json *args = json_get(map, "args");
    op->act = str_is(name, "register") ? ACT_REGISTER
              : str_is(name, "cancel") ? ACT_CANCEL
              : str_is(name, "tick")   ? ACT_TICK
                                       : ACT_OTHER;
    op->person = number_of(json_get_text(map, "by"), world_person, PERSONS);
    op->event = number_of(json_get_text(args, "event"), world_event, EVENTS);
    Str step = json_get_text(args, "step");
    if (op->act == ACT_TICK && step.len) op->event = step.at[step.len - 1] - '0';
}

static void add(World *world, const Kiosk *kiosk, Str id, Str body) {
    if (world->op_count == world->op_room) {
        world->op_room = world->op_room ? 2 * world->op_room : 128;
        world->ops = realloc(world->ops, world->op_room * sizeof(LedgerOp));
        if (!world->ops) abort();
    }
    LedgerOp *op = &world->ops[world->op_count++];
    *op = (LedgerOp){.kiosks = 1U << kiosk->number, .made_at = world->now};
    memcpy(op->id, id.at, id.len < UUID_LEN ? id.len : UUID_LEN);
    read_body(op, body);
}

static Db *outbox_of(Kiosk *kiosk) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    DbOptions options = {.mode = DB_READ};
    if (!kiosk->looking_outbox &&
        db_open(&kiosk->looking_outbox, path_join(arena, kiosk->dir, "outbox.db"), &options, &err) != OK)
        return NULL;
    return kiosk->looking_outbox;
}

typedef void (*RowFunction)(World *world, Kiosk *kiosk, Str id, Str body);

static void each_row(World *world, Kiosk *kiosk, RowFunction run) {
    Err err = {0};
    Db *db = outbox_of(kiosk);
    AUTO(stmt_close_auto) Stmt *rows = NULL;
    if (!db || stmt_open(&rows, db, "SELECT id, body FROM op ORDER BY pos", &err) != OK) return;
    for (bool row = true; stmt_step(rows, &row, &err) == OK && row;)
        run(world, kiosk, stmt_text(rows, 0), stmt_text(rows, 1));
}

static void take_row(World *world, Kiosk *kiosk, Str id, Str body) {
    if (!ledger_find(world, id)) add(world, kiosk, id, body);
}

void ledger_scan(World *world, Kiosk *kiosk, const char *must_have) {
    size_t before = world->op_count;
    each_row(world, kiosk, take_row);
    bool crashed = kiosk->view == NULL;
    if (must_have &&
        (world->op_count == before || strcmp(world->ops[world->op_count - 1].id, must_have) != 0) && !crashed)
        world_fail(world, "k%d said an op was kept, the outbox does not have it", kiosk->number);
}

void ledger_clone(World *world, const Kiosk *from, const Kiosk *to) {
    for (size_t i = 0; i < world->op_count; i++) {
        LedgerOp *op = &world->ops[i];
        if (!(op->kiosks & 1U << from->number)) continue;
        op->kiosks |= 1U << to->number;
        if (!op->code[0]) world_count(world, SITUATION_clone_shared_op);
    }
}

/* ---- nothing goes before it is durable and eight days old ---- */
static void mark_row(World *world, Kiosk *kiosk, Str id, Str body) {
    LedgerOp *op = ledger_find(world, id);
    (void)kiosk, (void)body;
    if (op) op->found = true;
}

static void check_missing(World *world, Kiosk *kiosk, LedgerOp *op) {
    bool old = world->now - op->made_at >= 8 * DAY_MS;
    op->kiosks &= ~(1U << kiosk->number);
    world_count(world, SITUATION_pruned);
    if (op->code[0] && old) return;
    world_fail(world, "k%d deleted op %s, %s, after %lld hours", kiosk->number, op->id,
               op->code[0] ? "decided" : "undecided", (long long)((world->now - op->made_at) / HOUR_MS));
}

void ledger_check_outbox(World *world, Kiosk *kiosk) {
    for (size_t i = 0; i < world->op_count; i++) world->ops[i].found = false;
    if (!outbox_of(kiosk)) return;
    each_row(world, kiosk, mark_row);
    for (size_t i = 0; i < world->op_count; i++) {
        LedgerOp *op = &world->ops[i];
        if ((op->kiosks & 1U << kiosk->number) && !op->found) check_missing(world, kiosk, op);
    }
}

/* ---- what the hub decided ---- */
static void note_race(World *world, const LedgerOp *decided) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (decided->act != ACT_REGISTER || strcmp(decided->code, "confirmed") != 0) return;
    for (size_t i = 0; i < world->op_count; i++) {
        const LedgerOp *op = &world->ops[i];
        if (op->act != ACT_REGISTER || op->event != decided->event || op->code[0]) continue;
        if (op->kiosks & decided->kiosks) continue;
        if (world->hub.taken_before[decided->event] >= 1) world_count(world, SITUATION_race_last_seat);
    }
}

static void apply(World *world, const LedgerOp *op) {
    if (op->event < 0 || op->event >= EVENTS || op->person < 0) return;
    note_race(world, op);
    if (!op->effective || (op->act != ACT_REGISTER && op->act != ACT_CANCEL)) return;
    world->expected[op->event][op->person] = op->act == ACT_REGISTER ? EXPECT_IN : EXPECT_OUT;
}

static bool ask_code(StoreTx *tx, Arena *arena, const char *id, Str *code) {
    Err err = {0};
    return tx->verbs->op_find(tx, str_of(id), arena, code, &err) == OK;
}

static void decide(World *world, StoreTx *tx, LedgerOp *op) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str code = {0};
    if (op->code[0] || !ask_code(tx, arena, op->id, &code)) return;
    size_t length = code.len < sizeof(op->code) - 1 ? code.len : sizeof(op->code) - 1;
    memcpy(op->code, code.at, length);
    op->effective = !verdict_is_rejection(verdict_from_name(code));
    world_say(world, "    judged: op %zu %s", (size_t)(op - world->ops), op->code);
    apply(world, op);
}

/* In the order in which they were sent: it decides whose effect is the last. */
static void decide_batch(World *world, StoreTx *tx, Str body) {
    for (Str line; str_cut(&body, '\n', &line);) {
        ptrdiff_t at = str_find(line, STR("\"id\":\""));
        if (at < 0) continue;
        LedgerOp *op = ledger_find(world, str_first(str_skip(line, (size_t)at + 6), UUID_LEN));
        if (op) decide(world, tx, op);
    }
}

static void decide_rest(World *world, StoreTx *tx) {
    for (size_t i = 0; i < world->op_count; i++) {
        bool open = !world->ops[i].code[0];
        decide(world, tx, &world->ops[i]);
        if (open && world->ops[i].code[0])
            world_fail(world, "op %s was decided, and nobody had sent it", world->ops[i].id);
    }
}

void ledger_decide(World *world) {
    Err err = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    if (store_begin(world->hub.store, STORE_READ, &tx, &err) != OK) return;
    if (tx->verbs->head(tx) == world->hub.decided_at_head) return;
    world->hub.decided_at_head = tx->verbs->head(tx);
    if (world->hub.asked) decide_batch(world, tx, world->hub.asked->body);
    decide_rest(world, tx);
    store_end_auto(&tx);
    if (world->hub.asked) ledger_check_effects(world);
}

/* ---- what must follow ---- */
static void check_registration(World *world, StoreTx *tx, int event, int person) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Registration registration;
    Str id = id_join(arena, str_of(world_event(event)), str_of(world_person(person)));
    Status status = records_get(&tx->records, K_registration, id, &registration, arena, &err);
    Expected expected = world->expected[event][person];
    bool in = status == OK && registration.state != RegistrationState_cancelled;
    bool right = expected == EXPECT_IN ? in : expected == EXPECT_OUT ? !in : status == E_NOTFOUND;
    if (!right)
        world_fail(world, "person %d at event %d should be %s and is %s", person, event,
                   expected == EXPECT_IN    ? "in"
                   : expected == EXPECT_OUT ? "out"
                                            : "unknown",
                   in ? "in" : "out");
}

static void check_ticks(World *world, StoreTx *tx) {
    for (size_t i = 0; i < world->op_count; i++) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        Err err = {0};
        Tick tick;
        const LedgerOp *op = &world->ops[i];
        if (op->act != ACT_TICK || !op->effective || op->person < 0) continue;
        Str id = str_print(arena, "%s~terrain~%d", world_person(op->person), op->event);
        if (records_get(&tx->records, K_tick, id, &tick, arena, &err) != OK)
            world_fail(world, "op %s was done, its tick is not there", op->id);
    }
}

static void check_codes(World *world, StoreTx *tx) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    for (size_t i = 0; i < world->op_count; i++) {
        Str code = {0};
        const LedgerOp *op = &world->ops[i];
        if (!op->code[0]) continue;
        if (!ask_code(tx, arena, op->id, &code) || !str_is(code, op->code))
            world_fail(world, "op %s was %s and is %.*s now", op->id, op->code, STR_FORMAT(code));
    }
}

static int64_t count_confirmed(StoreTx *tx, const char *event, Arena *arena) {
    RecordsQuery query = {
        .kind = K_registration, .field = "event", .equals = str_of(event), .limit = RECORDS_LIST_MAX};
    Err err = {0};
    void *found = NULL;
    size_t count = 0;
    int64_t confirmed = 0;
    if (records_list(&tx->records, &query, &found, &count, arena, &err) != OK) return -1;
    const Registration *registrations = found;
    for (size_t i = 0; i < count; i++) confirmed += registrations[i].state == RegistrationState_confirmed;
    return confirmed;
}

static void check_taken(World *world, StoreTx *tx, int event) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Seats seats;
    if (records_get(&tx->records, K_seats, str_of(world_event(event)), &seats, arena, &err) != OK) return;
    int64_t confirmed = count_confirmed(tx, world_event(event), arena);
    if (confirmed != seats.taken)
        world_fail(world, "event %d: %lld seats taken, %lld confirmed", event, (long long)seats.taken,
                   (long long)confirmed);
}

void ledger_check_effects(World *world) {
    Err err = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    if (store_begin(world->hub.store, STORE_READ, &tx, &err) != OK) return;
    for (int event = 0; event < EVENTS; event++) {
        check_taken(world, tx, event);
        for (int person = 0; person < PERSONS; person++) check_registration(world, tx, event, person);
    }
    check_ticks(world, tx);
    check_codes(world, tx);
}
