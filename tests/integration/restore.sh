#!/usr/bin/env bash
# A hub is restored from a backup while three replicas hold newer operations: all of them are there, once (PROTOCOL 5).
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"
DURABLE=backup

new_hub
pair_replica a orleans-hotel-de-ville
pair_replica b orleans-maison-des-services
pair_replica c orleans-hotel-de-ville
once() { "$bin/syncd" once --replica "$dir/$1" 2>>"$dir/$1.log" || fault "once of $1"; }
for name in a b c; do once $name; done

mapfile -t people < <(ask a "SELECT id FROM person WHERE org = 'orleans' ORDER BY id LIMIT 3")
mapfile -t events < <(ask a "SELECT e.id FROM event e WHERE e.status = 'planned' AND e.scope IN ('public', 'pool:agglo')
    AND coalesce(e.approval, 'none') = 'none' AND coalesce(e.opens, 0) < unixepoch() * 1000
    AND coalesce(e.closes, 1e15) > unixepoch() * 1000 AND e.starts > unixepoch() * 1000 + 864000000 ORDER BY e.starts LIMIT 3")
[ "${#people[@]}" = 3 ] && [ "${#events[@]}" -ge 2 ] || fault "the sample has too few people or events"

# act REPLICA PERSON EVENT: registers; remembers the operation
ops=()
act() {
    local op predicted
    read -r op predicted < <("$act" "$dir/$1" perform register "$2" "{\"event\":\"$3\"}")
    [ -n "$predicted" ] || fault "$1 cannot act"
    ops+=("$1 $op $2 $3")
}
state_of() { admin get registration "$1" | jq -r .doc.state; }

# ---- what the backup has ----
act a "${people[0]}" "${events[0]}"
for name in a b c; do once $name; done
[ "$(ask a "SELECT max(durable) FROM op_state")" = 0 ] || fault "durable without a backup"
"$bin/syncd" backup --hub "$url" --token-file "$dir/token" "$dir/copy.db" >"$dir/backup.log" || fault "backup"
grep -q "1 receipts are durable" "$dir/backup.log" || fault "$(cat "$dir/backup.log")"
once a
[ "$(ask a "SELECT min(durable) FROM op_state")" = 1 ] || fault "a confirmed backup makes nothing durable"
"$bin/syncd" backup --hub "$url" --token-file "$dir/token" "$dir/second.db" >"$dir/backup.log" || fault "backup again"
grep -q " 0 receipts are durable" "$dir/backup.log" || fault "receipts without news are written: $(cat "$dir/backup.log")"

# ---- what it does not have ----
act a "${people[0]}" "${events[1]}"
act b "${people[1]}" "${events[0]}"
act b "${people[1]}" "${events[1]}"
act c "${people[2]}" "${events[0]}"
for name in a b c; do once $name; done
before=()
for row in "${ops[@]}"; do
    read -r name op person event <<<"$row"
    before+=("$("$act" "$dir/$name" status "$op") $(state_of "$event~$person")")
done

# ---- the hub is lost, and restored ----
address=${url#http://}
kill -9 "$hub"
wait "$hub" 2>/dev/null || true
"$bin/syncd" restore --store "$dir/hub.db" "$dir/copy.db" 2>"$dir/said" && fault "a store is overwritten without --force"
grep -q -- "--force" "$dir/said" || fault "$(cat "$dir/said")"
head -c 40000 "$dir/copy.db" >"$dir/half.db"
"$bin/syncd" restore --store "$dir/hub.db" --force "$dir/half.db" 2>"$dir/said" && fault "a damaged backup is restored"
"$bin/syncd" restore --store "$dir/hub.db" --force "$dir/copy.db" >"$dir/restore.log" || fault "restore"
ls "$dir"/hub.db.replaced-* >/dev/null || fault "the store that was there is gone"
start_hub "$address"
admin status >"$dir/told" || fault "admin status"
grep -q "restored from epoch" "$dir/told" && grep -q "awaited: .*kiosk b" "$dir/told" || fault "$(cat "$dir/told")"

# ---- somebody acts before everybody was heard: that waits ----
act a "${people[2]}" "${events[1]}"
once a
[ "$(state_of "${events[1]}~${people[2]}")" = requested ] || fault "a new registration is decided before everybody was heard"
once b
once c
for i in "${!before[@]}"; do
    read -r name op person event <<<"${ops[i]}"
    now="$("$act" "$dir/$name" status "$op") $(state_of "$event~$person")"
    [ "$now" = "${before[i]}" ] || fault "it was ${before[i]}, it is $now: ${ops[i]}"
    [ "$(sqlite3 "file:$dir/hub.db?mode=ro" "SELECT count(*) FROM op WHERE id = '$op'")" = 1 ] || fault "$op is not there once"
done
"$bin/syncd" status --replica "$dir/b" >"$dir/told"
grep -q "hub restored .* 2 operations were sent again" "$dir/told" || fault "$(cat "$dir/told")"

# ---- everybody was heard ----
for _ in {1..120}; do
    admin status >"$dir/told"
    grep -q "; healed" "$dir/told" && break
    sleep 0.5
done
grep -q "; healed" "$dir/told" || fault "the healing does not end: $(cat "$dir/told")"
state=$(state_of "${events[1]}~${people[2]}")
[ "$state" = confirmed ] || [ "$state" = waiting ] || fault "who asked meanwhile is $state"
for name in a b c; do
    once $name
    "$bin/syncd" verify --replica "$dir/$name" || fault "verify of $name"
    "$bin/syncd" status --replica "$dir/$name" --json | jq -e '.pending == 0' >/dev/null || fault "$name has pending operations"
done
kill "$hub"
wait "$hub" || fault "the hub does not end cleanly"
"$bin/syncd" verify --store "$dir/hub.db" || fault "verify of the hub"
