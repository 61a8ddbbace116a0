#include "syncd/hub/inside.h"

enum { GRANTS_FEW = 4 }; /* public, device, site, org; pools come besides */

bool grants_have(const Grants *grants, Str scope) {
    for (size_t i = 0; i < grants->scopes.count; i++)
        if (str_equal(grants->scopes.at[i], scope)) return true;
    return false;
}

static void grant(Grants *grants, Str scope) {
    grants->scopes.at[grants->scopes.count++] = scope;
}

/* A small array for most, a larger one where there are pools: a page is made for every device that a change
 * concerns. */
static void grants_grow(Grants *grants, size_t more, Arena *arena) {
    Str *grown = ARENA_ARRAY(arena, Str, grants->scopes.count + more);
    for (size_t i = 0; i < grants->scopes.count; i++) grown[i] = grants->scopes.at[i];
    grants->scopes.at = grown;
}

static bool pool_lists(const Pool *pool, Str org) {
    for (size_t i = 0; i < pool->members.count; i++)
        if (str_equal(pool->members.at[i], org)) return true;
    return false;
}

static Status grant_pools(StoreTx *tx, Arena *arena, Grants *grants, Err *err) {
    RecordsQuery all = {.kind = K_pool};
    void *found = NULL;
    size_t count = 0;
    TRY(records_list(&tx->records, &all, &found, &count, arena, err));
    const Pool *pools = found;
    if (count > SCOPES_MAX - GRANTS_FEW) count = SCOPES_MAX - GRANTS_FEW;
    grants_grow(grants, count, arena);
    for (size_t i = 0; i < count; i++)
        if (pool_lists(&pools[i], grants->org)) grant(grants, scope_join(arena, "pool", pools[i].meta.id));
    return OK;
}

/* A site that is gone takes its org and pools with it: the device keeps what is its own. */
static Status grant_site(StoreTx *tx, Arena *arena, Grants *grants, Err *err) {
    Site site;
    Status status = records_get(&tx->records, K_site, grants->site, &site, arena, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    grants->org = site.org;
    grant(grants, scope_join(arena, "site", grants->site));
    grant(grants, scope_join(arena, "org", site.org));
    return grant_pools(tx, arena, grants, err);
}

Status grants_read(StoreTx *tx, Str device_id, Arena *arena, Grants *out, Err *err) {
    Device device;
    *out = (Grants){.scopes = {ARENA_ARRAY(arena, Str, GRANTS_FEW), 0}};
    Status status = records_get(&tx->records, K_device, device_id, &device, arena, err);
    if (status == E_NOTFOUND)
        return err_set_code(err, E_UNKNOWN, "unknown_token",
                            "this hub does not know the device: pair it again");
    if (status != OK) return status;
    out->revoked = device.state == DeviceState_revoked;
    out->site = device.site;
    grant(out, STR("public"));
    grant(out, scope_join(arena, "device", device_id));
    return grant_site(tx, arena, out, err);
}
