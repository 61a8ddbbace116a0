#!/usr/bin/env bash
# kill -9 of kiosks, of their syncd and of the hub at random moments, while fingers register people at two real kiosks: what a screen
# showed as kept is at the hub exactly once, what it showed as confirmed is confirmed, and no seat is given twice. A flipped byte is
# found in the hub's store and in a replica. SEED and ROUNDS may be given.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"
RANDOM=${SEED:-2104}
rounds=${ROUNDS:-5}
seats=3
titles=(Aubier Bouleau Charme)

# ---- a hub with three events of three seats, two kiosks ----
new_hub
mkdir -p "$dir/more/agenda"
cp "$source"/assets/content/orleans/{orgs,pools,sites}.csv "$dir/more"
{
    echo "uid;type;titre;début;fin;lieu;collectivité;projet;places;portée"
    for title in "${titles[@]}"; do echo "kill-$title;ixpresso;$title;J+0 10:00;J+0 12:00;Salle 1;orleans;1;$seats;public"; done
} >"$dir/more/agenda/kill.csv"
admin import "$dir/more" --base-date "$(date -d tomorrow +%F)" >>"$dir/import.log" 2>&1 || fault "the events do not go in"
pair_replica a orleans-hotel-de-ville
pair_replica b orleans-maison-des-services
for name in a b; do "$bin/syncd" once --replica "$dir/$name" || fault "once"; done
address=${url#http://}

# Who has a badge, and a name of their own: "<badge> <id>" a line.
admin export person --format json | jq -r 'select(.doc.org == "orleans") | "\(.doc.name);\(.id)"' | sort -t ';' -k 1,1 >"$dir/ids"
awk -F ';' '$2 == "orleans" && $5 != "" { sub(/[ |,].*/, "", $5); print $4 ";" $5 }' "$source/assets/content/orleans/people.csv" |
    sort -t ';' -k 1,1 | join -t ';' - "$dir/ids" | awk -F ';' '{ times[$1]++; line[$1] = $2 " " $3 }
    END { for (name in line) if (times[name] == 1) print line[name] }' | sort >"$dir/people"
mapfile -t people <"$dir/people"
declare -A event
for title in "${titles[@]}"; do
    event[$title]=$(admin export event --format json | jq -r --arg t "$title" 'select(.doc.title == $t) | .id')
    [ -n "${event[$title]}" ] || fault "no event $title"
done

# Each pair of person and event is tried once, in an order of the seed.
pairs=()
for title in "${titles[@]}"; do for person in "${people[@]}"; do pairs+=("$title $person"); done; done
for ((i = ${#pairs[@]} - 1; i > 0; i--)); do
    j=$((RANDOM % (i + 1)))
    swap=${pairs[i]} pairs[i]=${pairs[j]} pairs[j]=$swap
done
[ "${#pairs[@]}" -ge $((rounds * 6)) ] || fault "only ${#pairs[@]} pairs of a person and an event"

# ---- fingers ----
# robot NAME: three registrations, each noted when the screen shows it, and the last once more when the hub has decided
robot() {
    local i title badge person
    for i in 1 2 3; do
        read -r title badge person <<<"${pairs[next]}"
        next=$((next + 1))
        cat <<EOF
tap 540 900
tap "Me former"
tap "Liste"
tap "$title"
tap "Je m’inscris|Liste d’attente"
badge $badge
note $dir/shown "${event[$title]}~$person"
EOF
        [ $i -lt 3 ] || printf 'sync 4000\nnote %s "%s"\n' "$dir/shown" "${event[$title]}~$person"
        [ $i = 3 ] || echo 'tap "Terminer"'
    done
}
finger() { # NAME: sets touched
    robot "$1" >"$dir/$1.robot"
    "$bin/kiosk" --replica "$dir/$1" --headless --size 1080x1920 --robot "$dir/$1.robot" 2>>"$dir/kiosk-$1.log" &
    touched=$!
    running+=("$touched")
}
kill_hard() {
    kill -9 "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

next=0
: >"$dir/shown"
run_replica a
declare -A daemon=([a]=$ran) screen
run_replica b
daemon[b]=$ran
for ((round = 0; round < rounds; round++)); do
    for name in a b; do
        finger "$name"
        screen[$name]=$touched
    done
    for _ in 1 2; do
        sleep "$((RANDOM % 2)).$(printf '%03d' $((RANDOM % 1000)))" # when the plug is pulled
        name=$([ $((RANDOM % 2)) = 0 ] && echo a || echo b)
        case $((RANDOM % 3)) in
        0) kill_hard "${screen[$name]}" ;;
        1)
            kill_hard "${daemon[$name]}"
            run_replica "$name"
            daemon[$name]=$ran
            ;;
        2)
            kill_hard "$hub"
            exec 3<&-
            start_hub "$address"
            ;;
        esac
    done
    for name in a b; do wait "${screen[$name]}" || true; done
done

# ---- everything is caught up ----
for name in a b; do
    kill "${daemon[$name]}" 2>/dev/null || true
    wait "${daemon[$name]}" 2>/dev/null || true
    "$bin/syncd" once --replica "$dir/$name" || "$bin/syncd" once --replica "$dir/$name" || fault "$name does not catch up"
done
"$bin/syncd" once --replica "$dir/a" || fault "a second once"
grep -h ASAN "$dir"/kiosk-*.log "$dir"/[ab].log && fault "a sanitizer has found something"

# ---- what screens showed is there, once ----
shown() { sed 's/ | / /g; s/\xe2\x80\xaf\|\xc2\xa0/ /g' "$dir/shown" | grep -E "	.*($1)" | cut -f 1 | sort -u; }
shown 'Demande enregistrée|C’est confirmé|Liste d’attente' >"$dir/kept"
shown 'C’est confirmé' >"$dir/confirmed"
[ "$(wc -l <"$dir/kept")" -gt $((rounds * 2)) ] || fault "screens showed only $(wc -l <"$dir/kept") registrations: $(cat "$dir/shown" "$dir"/kiosk-*.log | tail -n 4)"
grep -q 'Rien n’a été' "$dir/shown" && fault "a screen could not keep something"

admin export registration --format json | jq -r --arg ours "${event[*]}" \
    'select(.doc.event as $e | $ours | contains($e)) | "\(.id) \(.doc.state)"' | sort >"$dir/hub_has"
cut -d ' ' -f 1 "$dir/hub_has" >"$dir/hub_ids"
[ "$(sort "$dir/hub_ids" | uniq -d | wc -l)" = 0 ] || fault "a registration is at the hub twice"
missing=$(comm -23 "$dir/kept" "$dir/hub_ids")
[ -z "$missing" ] || fault "shown as kept, and not at the hub: $missing"
lost=$(grep ' confirmed$' "$dir/hub_has" | cut -d ' ' -f 1 | comm -23 "$dir/confirmed" -)
[ -z "$lost" ] || fault "shown as confirmed, and not confirmed at the hub: $lost"
times=$(sqlite3 "file:$dir/hub.db?mode=ro" "SELECT count(*) FROM (SELECT 1 FROM op GROUP BY id HAVING count(*) > 1)")
[ "$times" = 0 ] || fault "$times operations are at the hub twice"
for title in "${titles[@]}"; do
    given=$(grep -c "^${event[$title]}~.* confirmed$" "$dir/hub_has" || true)
    counted=$(admin get seats "${event[$title]}" | jq .doc.taken)
    [ "$given" -le $seats ] || fault "$title has $seats seats, and $given are given"
    [ "$given" = "$counted" ] || fault "$title: $given confirmed, $counted counted"
done
# every operation that stands in an outbox is at the hub
for name in a b; do
    while read -r id; do
        times=$(sqlite3 "file:$dir/hub.db?mode=ro" "SELECT count(*) FROM op WHERE id = '$id'")
        [ "$times" = 1 ] || fault "$id, of the outbox of $name, is at the hub $times times"
    done < <(sqlite3 "file:$dir/$name/outbox.db?mode=ro" 'SELECT id FROM op')
done

# ---- hub and replicas are whole; a flipped byte is found ----
kill "$hub"
wait "$hub" 2>/dev/null || true
"$bin/syncd" verify --store "$dir/hub.db" >"$dir/verify" || fault "verify of the hub: $(cat "$dir/verify")"
for name in a b; do "$bin/syncd" verify --replica "$dir/$name" >"$dir/verify" || fault "verify of $name: $(cat "$dir/verify")"; done
# flip FILE TEXT: one bit of that text, wherever the file has it
flip() {
    local at
    grep -abo -- "$2" "$1" | cut -d : -f 1 >"$dir/places"
    while read -r at; do
        printf x | dd of="$1" bs=1 seek=$((at + ${#2} - 1)) conv=notrunc status=none
    done <"$dir/places"
}
flip "$dir/hub.db" '"title":"Charme'
"$bin/syncd" verify --store "$dir/hub.db" >"$dir/verify" 2>&1 && fault "verify finds nothing in the hub's store"
grep -q "event[ /]${event[Charme]}" "$dir/verify" || fault "verify does not name the record: $(cat "$dir/verify")"
flip "$(readlink -f "$dir/b/replica.db")" '"title":"Charme'
"$bin/syncd" verify --replica "$dir/b" >"$dir/verify" 2>&1 && fault "verify finds nothing in the replica"
grep -q "event[ /]${event[Charme]}" "$dir/verify" || fault "verify does not name the record: $(cat "$dir/verify")"
echo "$(wc -l <"$dir/kept") shown, $(wc -l <"$dir/confirmed") of them confirmed, $(wc -l <"$dir/hub_ids") at the hub, seed ${SEED:-2104}"
