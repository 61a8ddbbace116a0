#!/usr/bin/env bash
# Two hub processes on one database under load: connections are ended, the server crashes, a hub is killed. Nothing is lost or
# doubled, the last seats go to nobody twice.
# shellcheck source=tests/pg/lib.bash
. "${SOURCE:?}/tests/pg/lib.bash"

cluster_make one relais </dev/null
store=$(cluster_url one relais)
"$bin/syncd" init --store "$store" --token-file "$dir/token" || fault "init"
"$bin/syncd" init --store "$store" --token-file "$dir/token2" 2>"$dir/said" && fault "init twice"
grep -q "has a store already" "$dir/said" || fault "$(cat "$dir/said")"
hub_start a "$store"
hub_start b "$store"

end_connections() {
    cluster_psql one -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'relais'" >/dev/null
}

load_run "$store" a b
load_reaches 80
end_connections
load_reaches 160
cluster_stop one immediate
cluster_start one
load_reaches 240
end_connections
load_reaches 320
kill -9 "${pid_of[b]}"
load_ends_well
