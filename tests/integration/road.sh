#!/usr/bin/env bash
# One registration goes the whole road: kiosk A → outbox → syncd → hub → feed → kiosk B.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"

new_hub
pair_replica a orleans-hotel-de-ville
pair_replica b orleans-maison-des-services
[ "$(stat -c %a "$dir/a/identity")" = 600 ] || fault "the token can be read by others"

# ---- once: a first load, twice the same ----
"$bin/syncd" once --replica "$dir/a" || fault "once"
"$bin/syncd" once --replica "$dir/b" || fault "once"
records=$(ask a 'SELECT count(*) FROM record')
[ "$records" -gt 300 ] || fault "only $records records came"
"$bin/syncd" once --replica "$dir/a" || fault "a second once"
"$bin/syncd" verify --replica "$dir/a" || fault "verify of a good replica"
"$bin/syncd" status --replica "$dir/a" --json | jq -e '.standing == "paired" and .pending == 0 and .last_error == ""' >/dev/null ||
    fault "status: $("$bin/syncd" status --replica "$dir/a" --json)"

# ---- the road ----
run_replica a
run_replica b
b=$ran
person=$(ask a "SELECT id FROM person WHERE org = 'orleans' ORDER BY id LIMIT 1")
event=$(ask a "SELECT e.id FROM event e WHERE e.status = 'planned' AND e.scope IN ('public', 'pool:agglo')
    AND coalesce(e.approval, 'none') = 'none' AND coalesce(e.opens, 0) < unixepoch() * 1000
    AND coalesce(e.closes, 1e15) > unixepoch() * 1000 AND e.starts > unixepoch() * 1000 + 864000000
    AND NOT EXISTS (SELECT 1 FROM registration r WHERE r.event = e.id AND r.person = '$person') ORDER BY e.starts LIMIT 1")
[ -n "$event" ] || fault "the sample has no event to register for"
read -r op predicted < <("$act" "$dir/a" perform register "$person" "{\"event\":\"$event\"}")
"$act" "$dir/b" await registration "$event~$person" >"$dir/seen" || fault "B does not see it"
"$act" "$dir/a" await registration "$event~$person" >"$dir/seen_a" || fault "A does not see it"
cmp "$dir/seen" "$dir/seen_a" || fault "A and B see different things"
verdict=$("$act" "$dir/a" status "$op")
[ "$verdict" = "$predicted" ] || fault "predicted $predicted, decided $verdict"
[ "$(ask a "SELECT durable FROM op_state WHERE id = '$op'")" = 1 ] || fault "it is not durable"

# ---- one syncd for each folder ----
"$bin/syncd" once --replica "$dir/b" 2>"$dir/second" && fault "two syncd on one folder"
grep -q "another syncd" "$dir/second" || fault "$(cat "$dir/second")"

# ---- both equal the hub ----
kill "$b"
wait "$b" || fault "run does not end cleanly on SIGTERM"
"$bin/syncd" verify --replica "$dir/b" || fault "verify of B"
sums() { "$bin/syncd" status --replica "$dir/$1" --json | jq -c '[.scopes[] | select(.scope | startswith("device:") or startswith("site:") | not)]'; }
[ "$(sums a)" = "$(sums b)" ] || fault "A and B do not hold the same"

# ---- one flipped byte is found ----
sqlite3 "$dir/b/replica.db" "UPDATE record SET doc = replace(doc, '\"name\"', '\"nama\"') WHERE kind = 'org' AND id = 'orleans'"
"$bin/syncd" verify --replica "$dir/b" >"$dir/wrong" 2>&1 && fault "verify finds nothing"
grep -q "org orleans" "$dir/wrong" || fault "$(cat "$dir/wrong")"

# ---- a replica that is not paired, a hub that is not there ----
"$bin/syncd" once --replica "$dir/nobody" 2>"$dir/said" && fault "once without a pairing"
grep -q "not paired" "$dir/said" || fault "$(cat "$dir/said")"
kill "$hub"
wait "$hub" 2>/dev/null || true
"$bin/syncd" once --replica "$dir/b" 2>"$dir/said" && fault "once without a hub"
[ "$(wc -l <"$dir/said")" -ge 1 ] || fault "it does not say why"
