#!/usr/bin/env bash
# A server that freezes hangs nobody for ever, and one that gives up waiting for its standby has not accepted anything.
# shellcheck source=tests/pg/lib.bash
. "${SOURCE:?}/tests/pg/lib.bash"

cluster_make one relais </dev/null
store=$(cluster_url one relais)
"$bin/syncd" init --store "$store" --token-file "$dir/token" || fault "init"
hub_start a "$store"
hub_start b "$store"

ready() { curl -s -o /dev/null -w '%{http_code}' "${url_of[a]}/readyz"; }
admin_sql() { DATABASE=postgres cluster_psql one "$@"; }
standby_named() {
    admin_sql -c "ALTER SYSTEM SET synchronous_standby_names = '$1'" -c "SELECT pg_reload_conf()" >/dev/null
}
put_org() {
    curl -s -o /dev/null -w '%{http_code}' -X PUT -H 'Relais-Protocol: 1' -H "Authorization: Bearer $(cat "$dir/token")" \
        --data '{"scope":"public","doc":{"name":"Olivet","type":"commune"}}' "${url_of[a]}/v1/records/org/twice"
}

# ---- a commit waits for a standby that does not exist, and is cancelled ----
standby_named nobody
put_org >"$dir/code" &
put=$!
until waiting=$(admin_sql -c "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' LIMIT 1") && [ -n "$waiting" ]; do :; done
admin_sql -c "SELECT pg_cancel_backend($waiting)" >/dev/null
wait "$put"
[ "$(cat "$dir/code")" = 503 ] || fault "what the standby does not have was accepted: $(cat "$dir/code")"
standby_named ''
[ "$(put_org)" = 428 ] || fault "what was sent again is not found"

# ---- the server is stopped in the middle of everything ----
load_run "$store" a b
load_reaches 120
postmaster=$(head -1 "$cluster_home/one/postmaster.pid")
mapfile -t frozen < <(ps -o pid= --ppid "$postmaster")
kill -STOP "$postmaster" "${frozen[@]}"
[ "$(ready)" = 503 ] || fault "a frozen database is called ready"
kill -CONT "$postmaster" "${frozen[@]}"
load_ends_well
