#!/usr/bin/env bash
# kill -9 of syncd and of the hub at random moments, while a kiosk goes on registering people: in the end every operation that the kiosk
# was told is kept is at the hub exactly once, and both replicas equal the hub. SEED and ROUNDS may be given.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"
RANDOM=${SEED:-1789}
rounds=${ROUNDS:-12}

new_hub
pair_replica a orleans-hotel-de-ville
pair_replica b orleans-maison-des-services
"$bin/syncd" once --replica "$dir/a" || fault "once"
"$bin/syncd" once --replica "$dir/b" || fault "once"
address=${url#http://}

mapfile -t people < <(ask a "SELECT id FROM person WHERE org = 'orleans' ORDER BY id")
mapfile -t events < <(ask a "SELECT id FROM event WHERE status = 'planned' ORDER BY starts, id")
[ "${#people[@]}" -gt 5 ] && [ "${#events[@]}" -gt 5 ] || fault "the sample is too small"

# A process of ours is killed, and only that one.
kill_hard() {
    kill -9 "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
pause() { sleep "0.$(printf '%03d' $((RANDOM % ${1:-400})))"; }

run_replica a
a=$ran
run_replica b
: >"$dir/kept"
for ((round = 0; round < rounds; round++)); do
    person=${people[RANDOM % ${#people[@]}]}
    chosen=()
    for _ in 1 2 3; do chosen+=("${events[RANDOM % ${#events[@]}]}"); done
    "$act" "$dir/a" keep "$person" "${chosen[@]}" >>"$dir/kept" &
    kiosk=$!
    pause
    case $((RANDOM % 3)) in
    0)
        kill_hard "$a"
        run_replica a
        a=$ran
        ;;
    1)
        kill_hard "$hub"
        exec 3<&-
        start_hub "$address"
        ;;
    2) # the kiosk itself: what it had printed is kept, whatever it was doing
        kill_hard "$kiosk"
        ;;
    esac
    wait "$kiosk" 2>/dev/null || true
    pause 200
done

# ---- the end: what was kept is there, once ----
kill_hard "$a"
"$bin/syncd" once --replica "$dir/a" || "$bin/syncd" once --replica "$dir/a" || fault "it does not catch up"
total=0
while read -r id _; do
    [ -n "$id" ] || continue
    total=$((total + 1))
    [ "$("$act" "$dir/a" status "$id")" != pending ] || fault "$id waits for ever"
    times=$(sqlite3 "file:$dir/hub.db?mode=ro" "SELECT count(*) FROM op WHERE id = '$id'")
    [ "$times" = 1 ] || fault "$id is at the hub $times times"
done <"$dir/kept"
# what was committed and never printed counts too
while read -r id; do
    times=$(sqlite3 "file:$dir/hub.db?mode=ro" "SELECT count(*) FROM op WHERE id = '$id'")
    [ "$times" = 1 ] || fault "$id, of the outbox, is at the hub $times times"
done < <(sqlite3 "file:$dir/a/outbox.db?mode=ro" 'SELECT id FROM op')
[ "$total" -gt "$rounds" ] || fault "only $total operations were kept"
twice=$(sqlite3 "file:$dir/hub.db?mode=ro" "SELECT count(*) FROM (SELECT 1 FROM op GROUP BY id HAVING count(*) > 1)")
[ "$twice" = 0 ] || fault "$twice operations are at the hub twice"
# one effect each: the seats that are counted are the registrations that are there
wrong=$(sqlite3 "file:$dir/hub.db?mode=ro" "SELECT s.id FROM record s WHERE s.kind = 'seats' AND s.doc->>'taken' <> (SELECT count(*)
    FROM record r WHERE r.kind = 'registration' AND r.doc->>'event' = s.id AND r.doc->>'state' = 'confirmed')")
[ -z "$wrong" ] || fault "seats and registrations differ: $wrong"
"$bin/syncd" verify --replica "$dir/a" || fault "verify of A"
kill "$hub"
wait "$hub" 2>/dev/null || true
"$bin/syncd" verify --store "$dir/hub.db" || fault "verify of the hub"
echo "$total operations, $rounds kills, seed ${SEED:-1789}"
