/* Who may write what (PROTOCOL 7): administrators the kinds that are theirs, in scopes of their org; the rest
 * is the hub's own administrators'. */
#include "syncd/hub/inside.h"

static Status denied_scope(Str scope, Err *err) {
    return err_set(err, E_DENIED, "scope %.*s is not your organisation's", STR_FORMAT(scope));
}

static bool pool_has(StoreTx *tx, Str id, Str org, Arena *arena, Err *err) {
    Pool pool;
    if (records_get(&tx->records, K_pool, id, &pool, arena, err) != OK) return false;
    for (size_t i = 0; i < pool.members.count; i++)
        if (str_equal(pool.members.at[i], org)) return true;
    return false;
}

static bool site_of(StoreTx *tx, Str id, Str org, Arena *arena, Err *err) {
    Site site;
    return records_get(&tx->records, K_site, id, &site, arena, err) == OK && str_equal(site.org, org);
}

/* What many read must be the org's own as well: its `org` says so. */
static Status scope_is_theirs(StoreTx *tx, Str scope, Str owner, Str org, Arena *arena, Err *err) {
    Str type, id = scope;
    bool own = owner.at && str_equal(owner, org);
    str_cut(&id, ':', &type);
    if (str_is(type, "org") && str_equal(id, org)) return OK;
    if (str_is(type, "site") && site_of(tx, id, org, arena, err)) return OK;
    if (str_is(type, "pool") && own && pool_has(tx, id, org, arena, err)) return OK;
    bool elsewhere = str_is(type, "public") || str_is(type, "hub") || str_is(type, "device");
    return elsewhere && own ? OK : denied_scope(scope, err);
}

Status hub_may_write(HttpRequest *request, StoreTx *tx, Kind kind, Str scope, Str org, Err *err) {
    const StoreToken *caller = hub_caller(request);
    if (!caller || str_is(caller->role, "device"))
        return err_set(err, E_DENIED, "this is for administrators");
    if (str_is(caller->role, "hub")) return OK;
    if (kind == K_org || kind == K_pool)
        return err_set(err, E_DENIED, "organisations and pools belong to the administrators of the hub");
    return scope_is_theirs(tx, scope, org, caller->org, http_arena(request), err);
}
