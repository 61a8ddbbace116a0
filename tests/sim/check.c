/* The invariants (PROTOCOL 12), looked at as a kiosk looks: through a connection that only reads. */
#include "tests/sim/world.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SCOPES_HERE_MAX = 32 };

typedef struct ScopeHere {
    char scope[SCOPE_MAX + 1];
    int64_t seq, applied;
    bool loading, fault;
    Sum told, found;
} ScopeHere;

typedef struct Looking {
    World *world;
    Kiosk *kiosk;
    Db *db;
    ScopeHere scopes[SCOPES_HERE_MAX];
    size_t count;
    int64_t standing;
} Looking;

void check_forget(Kiosk *kiosk) {
    db_close(kiosk->looking);
    db_close(kiosk->looking_outbox);
    kiosk->looking = kiosk->looking_outbox = NULL;
    kiosk->looked_at[0] = '\0';
}

/* ---- reading ---- */
static bool follow_link(Kiosk *kiosk) {
    char target[TEXT_BYTES] = "";
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    const char *path = path_join(arena, kiosk->dir, "replica.db");
    DbOptions options = {.mode = DB_READ};
    if (readlink(path, target, sizeof(target) - 1) <= 0) return false;
    if (kiosk->looking && strcmp(target, kiosk->looked_at) == 0) return true;
    db_close(kiosk->looking);
    kiosk->looking = NULL;
    kiosk->version = -1;
    if (db_open(&kiosk->looking, path, &options, &err) != OK) return false;
    snprintf(kiosk->looked_at, sizeof(kiosk->looked_at), "%s", target);
    return true;
}

static void meta(Db *db, const char *key, char *out, size_t size) {
    AUTO(stmt_close_auto) Stmt *get = NULL;
    Err err = {0};
    bool row = false;
    out[0] = '\0';
    if (stmt_open(&get, db, "SELECT value FROM meta WHERE key = ?1", &err) != OK) return;
    stmt_bind_text(get, 1, str_of(key));
    if (stmt_step(get, &row, &err) == OK && row) snprintf(out, size, "%.*s", STR_FORMAT(stmt_text(get, 0)));
}

static void read_scopes(Looking *looking) {
    AUTO(stmt_close_auto) Stmt *rows = NULL;
    Err err = {0};
    const char *sql =
        "SELECT scope, seq, applied, head0 IS NOT NULL OR wanted, count, sum, fault FROM cursor";
    if (stmt_open(&rows, looking->db, sql, &err) != OK) return;
    for (bool row = true; stmt_step(rows, &row, &err) == OK && row && looking->count < SCOPES_HERE_MAX;) {
        ScopeHere *here = &looking->scopes[looking->count++];
        *here = (ScopeHere){.seq = stmt_int(rows, 1),
                            .applied = stmt_int(rows, 2),
                            .loading = stmt_int(rows, 3) != 0,
                            .fault = !stmt_is_null(rows, 6)};
        snprintf(here->scope, sizeof(here->scope), "%.*s", STR_FORMAT(stmt_text(rows, 0)));
        (void)sum_from(stmt_int(rows, 4), stmt_text(rows, 5), &here->told);
    }
}

static ScopeHere *scope_here(Looking *looking, Str scope) {
    for (size_t i = 0; i < looking->count; i++)
        if (str_is(scope, looking->scopes[i].scope)) return &looking->scopes[i];
    return NULL;
}

static void read_records(Looking *looking) {
    AUTO(stmt_close_auto) Stmt *rows = NULL;
    Err err = {0};
    if (stmt_open(&rows, looking->db, "SELECT kind, id, scope, doc FROM record", &err) != OK) return;
    for (bool row = true; stmt_step(rows, &row, &err) == OK && row;) {
        Str kind = stmt_text(rows, 0), id = stmt_text(rows, 1), scope = stmt_text(rows, 2);
        ScopeHere *here = scope_here(looking, scope);
        Kind known = kind_from_name(kind);
        if (looking->standing == STANDING_REVOKED && known != K_unknown && kind_info(known)->flags & PERSONAL)
            world_fail(looking->world, "k%d was revoked and still has %.*s %.*s", looking->kiosk->number,
                       STR_FORMAT(kind), STR_FORMAT(id));
        if (here)
            sum_add(&here->found, hash_record(kind, id, scope, stmt_text(rows, 3)));
        else
            world_fail(looking->world, "k%d has %.*s %.*s of scope %.*s, which it is not granted",
                       looking->kiosk->number, STR_FORMAT(kind), STR_FORMAT(id), STR_FORMAT(scope));
    }
}

/* ---- readers see only states that the hub had ---- */
static Sum sum_of(const HubState *state, const char *scope) {
    for (size_t i = 0; i < state->count; i++)
        if (str_is(state->scopes[i], scope)) return state->sums[i];
    return (Sum){0};
}

static void check_scope(const Looking *looking, const ScopeHere *here) {
    World *world = looking->world;
    int number = looking->kiosk->number;
    if (!sum_equal(here->told, here->found))
        world_fail(world, "k%d scope %s: its rows are not what its sum says", number, here->scope);
    if (here->fault && world->flips == 0)
        world_fail(world, "k%d scope %s: a fault is shown", number, here->scope);
    if (here->fault || (looking->kiosk->erased && here->loading)) return;
    const HubState *state = hub_state_at(world, here->applied);
    if (here->applied && !state) {
        world_fail(world, "k%d scope %s stands at %lld, where the hub never stood", number, here->scope,
                   (long long)here->applied);
        return;
    }
    Sum wanted = here->applied ? sum_of(state, here->scope) : (Sum){0};
    if (!sum_equal(wanted, here->found))
        world_fail(world, "k%d scope %s at %lld: %lld records, the hub had %lld or others", number,
                   here->scope, (long long)here->applied, (long long)here->found.count,
                   (long long)wanted.count);
}

/* ---- no cursor goes back ---- */
static void check_cursor(const Looking *looking, const ScopeHere *here) {
    const Kiosk *kiosk = looking->kiosk;
    for (size_t i = 0; i < kiosk->seen_count; i++) {
        const ScopeSeen *seen = &kiosk->seen[i];
        if (strcmp(seen->scope, here->scope) != 0 || here->applied >= seen->applied) continue;
        if (here->applied == 0 && here->loading) continue; /* it went and came again */
        world_fail(looking->world, "k%d scope %s went back from %lld to %lld", kiosk->number, here->scope,
                   (long long)seen->applied, (long long)here->applied);
    }
}

static void keep_seen(const Looking *looking) {
    Kiosk *kiosk = looking->kiosk;
    kiosk->loading = false;
    kiosk->seen_count = 0;
    for (size_t i = 0; i < looking->count && i < SCOPES_SEEN_MAX; i++) {
        ScopeSeen *seen = &kiosk->seen[kiosk->seen_count++];
        snprintf(seen->scope, sizeof(seen->scope), "%s", looking->scopes[i].scope);
        seen->applied = looking->scopes[i].applied;
        kiosk->loading = kiosk->loading || looking->scopes[i].loading;
    }
}

/* ---- no verdict shown is another one than the hub's ---- */
static void check_op(const Looking *looking, Str id, Str verdict, bool durable) {
    World *world = looking->world;
    const LedgerOp *op = ledger_find(world, id);
    if (!op) return;
    if (verdict.at && !str_is(verdict, op->code))
        world_fail(world, "k%d shows op %s as %.*s, the hub said \"%s\"", looking->kiosk->number, op->id,
                   STR_FORMAT(verdict), op->code);
    if (durable && !op->code[0])
        world_fail(world, "k%d takes op %s for durable, the hub never judged it", looking->kiosk->number,
                   op->id);
}

static void check_ops(const Looking *looking) {
    AUTO(stmt_close_auto) Stmt *rows = NULL;
    Err err = {0};
    if (stmt_open(&rows, looking->db, "SELECT id, verdict, durable FROM op_state", &err) != OK) return;
    for (bool row = true; stmt_step(rows, &row, &err) == OK && row;)
        check_op(looking, stmt_text(rows, 0), stmt_text(rows, 1), stmt_int(rows, 2) != 0);
}

/* ---- counting ---- */
static void note_complete(const Looking *looking) {
    Kiosk *kiosk = looking->kiosk;
    bool whole = looking->count > 0;
    for (size_t i = 0; i < looking->count; i++)
        whole = whole && looking->scopes[i].applied > 0 && !looking->scopes[i].loading;
    if (!whole) return;
    kiosk->erased = false;
}

static void note_identity(const Looking *looking) {
    char text[TEXT_BYTES];
    World *world = looking->world;
    Kiosk *kiosk = looking->kiosk;
    meta(looking->db, "incarnation", text, sizeof(text));
    bool another = kiosk->incarnation[0] && strcmp(text, kiosk->incarnation) != 0;
    snprintf(kiosk->incarnation, sizeof(kiosk->incarnation), "%.36s", text);
    meta(looking->db, "device", text, sizeof(text));
    bool paired = strcmp(text, kiosk->device) != 0;
    if (paired && kiosk->device[0] && text[0]) world_count(world, SITUATION_paired_again);
    snprintf(kiosk->device, sizeof(kiosk->device), "%.36s", text);
    if (another && !paired) world_count(world, SITUATION_rekeyed);
}

/* ---- the whole ---- */
static void look(Looking *looking) {
    char standing[TEXT_BYTES];
    Err err = {0};
    AUTO(tx_end) Tx *snapshot = NULL;
    if (tx_begin_read(&snapshot, looking->db, &err) != OK) return;
    meta(looking->db, "standing", standing, sizeof(standing));
    (void)str_to_int(str_of(standing), &looking->standing);
    if (looking->standing == STANDING_REVOKED) looking->kiosk->erased = true;
    read_scopes(looking);
    read_records(looking);
    for (size_t i = 0; i < looking->count; i++) {
        check_scope(looking, &looking->scopes[i]);
        check_cursor(looking, &looking->scopes[i]);
    }
    check_ops(looking);
    note_identity(looking);
    note_complete(looking);
    keep_seen(looking);
}

void check_kiosk(World *world, Kiosk *kiosk) {
    Err err = {0};
    int64_t version = 0;
    if (!kiosk->exists || kiosk->down || !follow_link(kiosk)) return;
    if (db_data_version(kiosk->looking, &version, &err) != OK || version == kiosk->version) return;
    kiosk->version = version;
    Looking looking = {.world = world, .kiosk = kiosk, .db = kiosk->looking};
    look(&looking);
}

void check_world(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++) check_kiosk(world, &world->kiosks[i]);
    if (disk_slept()) world_fail(world, "somebody waited for a lock");
}

void check_hub_whole(World *world) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf wrong = buf_new(4096);
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Err err = {0};
    int64_t records = 0;
    if (store_begin(world->hub.store, STORE_READ, &tx, &err) != OK) return;
    if (store_verify(tx, arena, &wrong, &records, &err) != OK) world_fail(world, "the hub: %s", err.text);
    if (wrong.len) world_fail(world, "the hub: %.*s", STR_FORMAT(buf_str(&wrong)));
    store_end_auto(&tx);
    ledger_check_effects(world);
}

/* ---- the end: everybody has everything ---- */
/* What PROTOCOL 3 grants, counted once more from the records themselves. */
typedef struct Granted {
    Arena *arena;
    Str scopes[16];
    size_t count;
} Granted;

static void grant(Granted *granted, const char *type, Str id) {
    if (granted->count < COUNT(granted->scopes))
        granted->scopes[granted->count++] = scope_join(granted->arena, type, id);
}

static void grant_pools(StoreTx *tx, Granted *granted, Str org) {
    static const char *const pools[] = {"agglo", "loire"};
    for (size_t i = 0; i < COUNT(pools); i++) {
        Pool pool;
        Err err = {0};
        if (records_get(&tx->records, K_pool, str_of(pools[i]), &pool, granted->arena, &err) != OK) continue;
        for (size_t j = 0; j < pool.members.count; j++)
            if (str_equal(pool.members.at[j], org)) grant(granted, "pool", str_of(pools[i]));
    }
}

static bool read_granted(World *world, const Kiosk *kiosk, Granted *granted) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Err err = {0};
    Device device;
    Site site;
    if (store_begin(world->hub.store, STORE_READ, &tx, &err) != OK) return false;
    if (records_get(&tx->records, K_device, str_of(kiosk->device), &device, granted->arena, &err) != OK)
        return false;
    if (records_get(&tx->records, K_site, device.site, &site, granted->arena, &err) != OK) return false;
    granted->scopes[granted->count++] = STR("public");
    grant(granted, "device", str_of(kiosk->device));
    grant(granted, "site", device.site);
    grant(granted, "org", site.org);
    grant_pools(tx, granted, site.org);
    return true;
}

static void check_grants(World *world, Kiosk *kiosk, Looking *looking) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Granted granted = {.arena = arena};
    if (!read_granted(world, kiosk, &granted)) world_fail(world, "k%d is nobody at the hub", kiosk->number);
    if (looking->count != granted.count)
        world_fail(world, "k%d has %zu scopes, %zu are granted", kiosk->number, looking->count,
                   granted.count);
    const HubState *last = &world->hub.states[world->hub.state_count - 1];
    for (size_t i = 0; i < granted.count; i++) {
        const ScopeHere *here = scope_here(looking, granted.scopes[i]);
        if (!here || !sum_equal(here->found, sum_of(last, here->scope)))
            world_fail(world, "k%d never got scope %.*s as the hub has it", kiosk->number,
                       STR_FORMAT(granted.scopes[i]));
    }
}

static void check_last(World *world, Kiosk *kiosk) {
    Looking looking = {.world = world, .kiosk = kiosk};
    if (!kiosk->exists) return;
    if (!follow_link(kiosk)) {
        world_fail(world, "k%d has no replica", kiosk->number);
        return;
    }
    looking.db = kiosk->looking;
    look(&looking);
    check_grants(world, kiosk, &looking);
    ledger_check_outbox(world, kiosk);
}

/* A change reaches every waiting device it concerns and wakes no other. */
void check_waking(World *world, const char *scope, int notice_scope) {
    admin_put_notice(world, 0, notice_scope, (unsigned)world->op_count + (unsigned)notice_scope);
    for (int i = 0; i < KIOSKS_MAX; i++) {
        const Kiosk *kiosk = &world->kiosks[i];
        bool concerned = false, woken = kiosk->wires[LANE_FEED].state == WIRE_ANSWERED;
        if (!kiosk->exists) continue;
        for (size_t j = 0; j < kiosk->seen_count; j++) concerned |= strcmp(kiosk->seen[j].scope, scope) == 0;
        if (concerned != woken)
            world_fail(world, "k%d was %s by a change of %s", i, woken ? "woken" : "not woken", scope);
    }
}

void check_end(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++) check_last(world, &world->kiosks[i]);
    for (size_t i = 0; i < world->op_count; i++)
        if (!world->ops[i].code[0] && world->ops[i].kiosks)
            world_fail(world, "op %s of kiosks %x was never judged", world->ops[i].id, world->ops[i].kiosks);
    check_hub_whole(world);
}
