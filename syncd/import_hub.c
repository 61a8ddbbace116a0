#include "syncd/import.h"

#include "common/rules/rules.h"
#include "common/wire/secret.h"
#include "syncd/hub/blobs.h"

static ImportHub *of(ContentHub *hub) {
    return (ImportHub *)hub;
}

static bool no_time_left(ImportHub *hub) {
    if (hub->hashes_left == 0) return true;
    if (hub->hashes_left > 0) hub->hashes_left--;
    return false;
}

/* A dry run changes nothing, so that any word does in place of a hash. */
static Status hash_badge(ContentHub *content, Str org, Str badge, Arena *arena, Str *out, Err *err) {
    ImportHub *hub = of(content);
    Str salt;
    *out = STR("00000000000000000000000000000000");
    if (hub->dry) return OK;
    if (no_time_left(hub)) return err_set(err, E_BUSY, "more badges than one turn takes");
    TRY(hub_salt(hub->tx, org, arena, &salt, err));
    return badge_hash(arena, salt, badge, out, err);
}

static Status hash_code(ContentHub *content, Str code, Arena *arena, Str *out, Err *err) {
    ImportHub *hub = of(content);
    *out = STR("dry");
    if (hub->dry) return OK;
    if (no_time_left(hub)) return err_set(err, E_BUSY, "more codes than one turn takes");
    return pin_hash(arena, code, out, err);
}

static Status mac(ContentHub *content, Str org, Str bytes, Arena *arena, Str *out, Err *err) {
    ImportHub *hub = of(content);
    Str salt = STR("");
    if (!hub->dry) TRY(hub_salt(hub->tx, org, arena, &salt, err));
    Status status = hub->dry ? hub->tx->verbs->salt_get(hub->tx, org, arena, &salt, err) : OK;
    if (status != OK && status != E_NOTFOUND) return status;
    *out = keyed_hash_hex(arena, hub->secret,
                          str_print(arena, "%.*s\n%.*s", STR_FORMAT(salt), STR_FORMAT(bytes)));
    return OK;
}

static Status note_get(ContentHub *content, Str key, Arena *arena, Str *out, Err *err) {
    StoreTx *tx = of(content)->tx;
    return tx->verbs->note_get(tx, key, arena, out, err);
}

static Status note_put(ContentHub *content, Str key, Str value, Err *err) {
    StoreTx *tx = of(content)->tx;
    return tx->verbs->note_put(tx, key, value, err);
}

static Status put_blob(ContentHub *content, Str sha256, Str bytes, Err *err) {
    return blob_put(of(content)->blobs_dir, sha256, bytes, err);
}

/* ---- registrations ---- */
typedef struct Scopes {
    Str *at;
    size_t count, room;
} Scopes;

static void scope_add(Scopes *scopes, Str scope) {
    if (scopes->count < scopes->room) scopes->at[scopes->count++] = scope;
}

static bool has_member(const Pool *pool, Str org) {
    for (size_t i = 0; i < pool->members.count; i++)
        if (str_equal(pool->members.at[i], org)) return true;
    return false;
}

/* What somebody of that org is granted: its own scope, its sites, the pools that list it. */
static Status scopes_of_org(Records *records, Str org, Arena *arena, Scopes *out, Err *err) {
    RecordsQuery pools = {.kind = K_pool, .limit = RECORDS_LIST_MAX},
                 sites = {.kind = K_site, .limit = RECORDS_LIST_MAX};
    void *found_pools, *found_sites;
    size_t pool_count, site_count;
    TRY(records_list(records, &pools, &found_pools, &pool_count, arena, err));
    TRY(records_list(records, &sites, &found_sites, &site_count, arena, err));
    const Pool *pool = found_pools;
    const Site *site = found_sites;
    *out = (Scopes){.at = ARENA_ARRAY(arena, Str, pool_count + site_count + 2),
                    .room = pool_count + site_count + 2};
    scope_add(out, STR("public"));
    scope_add(out, scope_join(arena, "org", org));
    for (size_t i = 0; i < pool_count; i++)
        if (has_member(&pool[i], org)) scope_add(out, scope_join(arena, "pool", pool[i].meta.id));
    for (size_t i = 0; i < site_count; i++)
        if (str_equal(site[i].org, org)) scope_add(out, scope_join(arena, "site", site[i].meta.id));
    return OK;
}

static Status judge_register(ContentHub *content, Records *records, Str event, Str person_id, Millis at,
                             Arena *arena, const char **verdict, bool *rejected, Err *err) {
    Person person;
    Scopes scopes;
    Verdict judged;
    (void)content;
    TRY(records_get(records, K_person, person_id, &person, arena, err));
    TRY(scopes_of_org(records, person.org, arena, &scopes, err));
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "event", event);
    json_put_text(arena, args, "person", person_id);
    Uuid id = uuid_secret(at);
    RuleContext context = {
        .now = at, .granted = scopes.at, .granted_count = scopes.count, .administrator = true};
    RuleOp op = {.id = str_copy(arena, str_of(id.text)), .name = STR("register"), .at = at, .args = args};
    TRY(rules_judge(records, &context, &op, arena, &judged, err));
    *verdict = verdict_name(judged);
    *rejected = verdict_is_rejection(judged);
    return OK;
}

static Status event_changed(ContentHub *content, Records *records, Str event, Arena *arena, Err *err) {
    ImportHub *hub = of(content);
    Millis now = hub->request ? hub_now(hub_of(hub->request)) : clock_wall(clock_system());
    return rules_event_changed(records, event, now, arena, err);
}

static Status may_write(ContentHub *content, Kind kind, Str scope, Str org, Err *err) {
    ImportHub *hub = of(content);
    return hub->request ? hub_may_write(hub->request, hub->tx, kind, scope, org, err) : OK;
}

Status import_hub_open(ImportHub *out, StoreTx *tx, Arena *arena, Err *err) {
    *out = (ImportHub){.content = {hash_badge, hash_code, mac, note_get, note_put, put_blob, judge_register,
                                   event_changed, may_write},
                       .tx = tx,
                       .hashes_left = -1};
    return hub_secret(tx, arena, &out->secret, err);
}
