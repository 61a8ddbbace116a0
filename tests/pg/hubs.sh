#!/usr/bin/env bash
# Two hubs on one database, a replica at each: what is done at one is seen at the other. The password of the database is nowhere.
# shellcheck source=tests/pg/lib.bash
. "${SOURCE:?}/tests/pg/lib.bash"

cluster_make one relais </dev/null
store="postgres://relais:$password@/relais?host=$cluster_home/one.socket"
"$bin/syncd" init --store "$store" --blobs "$dir/blobs" --token-file "$dir/token" \
    --content "$source/assets/content/orleans" --base-date 2026-11-24 >"$dir/init.log" 2>&1 || fault "$(cat "$dir/init.log")"
hub_start a "$store"
hub_start b "$store"

url=${url_of[a]}
pair_replica a orleans-hotel-de-ville
url=${url_of[b]}
pair_replica b orleans-maison-des-services
run_replica a
run_replica b
"$bin/syncd" once --replica "$dir/nobody" 2>/dev/null && fault "once without a pairing"
"$act" "$dir/a" await org orleans >/dev/null || fault "A has no content"
"$act" "$dir/b" await org orleans >/dev/null || fault "B has no content"
person=$(ask a "SELECT id FROM person WHERE org = 'orleans' ORDER BY id LIMIT 1")
event=$(ask a "SELECT e.id FROM event e WHERE e.status = 'planned' AND e.scope IN ('public', 'pool:agglo')
    AND coalesce(e.approval, 'none') = 'none' AND coalesce(e.opens, 0) < unixepoch() * 1000
    AND coalesce(e.closes, 1e15) > unixepoch() * 1000 AND e.starts > unixepoch() * 1000 + 864000000
    AND NOT EXISTS (SELECT 1 FROM registration r WHERE r.event = e.id AND r.person = '$person') ORDER BY e.starts LIMIT 1")
[ -n "$event" ] || fault "the sample has no event to register for"
"$act" "$dir/a" perform register "$person" "{\"event\":\"$event\"}" >/dev/null
"$act" "$dir/b" await registration "$event~$person" >"$dir/seen_b" || fault "B does not see it"
"$act" "$dir/a" await registration "$event~$person" >"$dir/seen_a" || fault "A does not see it"
cmp "$dir/seen_a" "$dir/seen_b" || fault "A and B see different things"

# ---- blobs are no matter of the database ----
"$bin/syncd" serve --store "$store" 2>"$dir/said" && fault "served without --blobs"
grep -q -- "--blobs is missing" "$dir/said" || fault "$(cat "$dir/said")"

# ---- a database that is not there, an address that is none ----
"$bin/syncd" init --store "postgres://relais:$password@/nowhere?host=$cluster_home/one.socket" --token-file "$dir/other" 2>"$dir/nowhere.log" &&
    fault "init in no database"
"$bin/syncd" init --store "postgres://relais:$password@[/x" --token-file "$dir/other" 2>"$dir/none.log" && fault "init at no address"
grep -q "cannot be read" "$dir/none.log" || fault "$(cat "$dir/none.log")"
grep -rl "$password" "$dir" --include='*.log' && fault "the password was written"
exit 0
