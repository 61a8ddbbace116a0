#!/usr/bin/env bash
# The primary dies under load, its synchronous standby is promoted, the hubs find it: nothing that was accepted is lost.
# shellcheck source=tests/pg/lib.bash
. "${SOURCE:?}/tests/pg/lib.bash"

cluster_make one relais </dev/null
cluster_standby two one
store="postgres://relais@/relais?host=$cluster_home/one.socket,$cluster_home/two.socket"
"$bin/syncd" init --store "$store" --token-file "$dir/token" || fault "init"
hub_start a "$store"
hub_start b "$store"

load_run "$store" a b
load_reaches 160
cluster_kill one
cluster_promote two
load_ends_well
[ "$(cluster_psql two -c "SELECT pg_is_in_recovery()")" = f ] || fault "the standby was not promoted"
