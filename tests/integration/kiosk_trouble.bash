#!/usr/bin/env bash
# Whatever is wrong with its disk, its pairing or its replica, a real kiosk says so in French, keeps what people did, and goes on when the
# cause is gone, without being started again. Read-only and full disks need the right to mount. SHOTS=DIR keeps a picture of each.
# Not part of the run yet: its expectations follow the words of the pairing screen.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"

disk=
unmount() {
    [ -z "$disk" ] || umount "$disk" || true
    finish
}
trap unmount EXIT
badge=0013748911 # Nadia B.
event=$dir/more/agenda/trouble.csv

# kiosk NAME SIZE: its robot script on standard input; in it, picture NAME is a shot where pictures are wanted, and ask FILE makes an empty
# file and waits until somebody has taken it away
kiosk() {
    sed -E "s#^picture (.*)#${SHOTS:+shot $SHOTS/\1-$2.png}#" >"$dir/$1.$2.robot"
    timeout 50 "$bin/kiosk" --replica "$dir/$1" --headless --size "$2" --robot "$dir/$1.$2.robot" 2>"$dir/kiosk-$1.err" ||
        fault "$1: $(cat "$dir/kiosk-$1.err")"
}
sizes=(1920x1080 1080x1920 1366x768)
everywhere() { # NAME: the script on standard input in each size
    cat >"$dir/script"
    for size in "${sizes[@]}"; do kiosk "$1" "$size" <"$dir/script"; done
}
# A kiosk in the background, whose script waits with « await »; what it has reached stands in its notes.
start_kiosk() { # NAME
    cat >"$dir/$1.live.robot"
    : >"$dir/$1.notes"
    timeout 50 "$bin/kiosk" --replica "$dir/$1" --headless --robot "$dir/$1.live.robot" 2>"$dir/kiosk-$1.err" &
    live=$!
    running+=("$live")
}
reached() { # NAME STEP: the kiosk has noted it
    local deadline=$((SECONDS + 30))
    until grep -q "^$2	" "$dir/$1.notes"; do
        kill -0 "$live" 2>/dev/null || fault "$1 ended before $2: $(cat "$dir/kiosk-$1.err")"
        [ $SECONDS -lt $deadline ] || fault "$1 did not reach $2 in time"
        read -rt 0.05 <>"$dir/never" || true
    done
}
mkfifo "$dir/never"
end_kiosk() { wait "$live" || fault "$1: $(cat "$dir/kiosk-$1.err")"; }
registered() { # NAME: the pairs of event and person at the hub
    admin export registration --format json | jq -r --arg e "$trouble" 'select(.doc.event == $e and .doc.state != "cancelled") | .doc.person' | sort
}
kept() { sqlite3 "file:$dir/$1/outbox.db?mode=ro" 'SELECT count(*) FROM op'; }

# ---- an empty folder: never paired ----
mkdir "$dir/new"
everywhere new <<EOF
expect "Adresse du serveur"
picture unpaired
expect "Jumeler"
EOF

# ---- a pairing under way shows its code ----
new_hub
mkdir -p "$dir/more/agenda"
cp "$source"/assets/content/orleans/{orgs,pools,sites}.csv "$dir/more"
cat >"$event" <<EOF
uid;type;titre;début;fin;lieu;collectivité;projet;places;portée
trouble;ixpresso;Tilleul;J+0 10:00;J+0 12:00;Salle 1;orleans;1;90;public
EOF
admin import "$dir/more" --base-date "$(date -d tomorrow +%F)" >>"$dir/import.log" 2>&1 || fault "the event does not go in"
trouble=$(admin export event --format json | jq -r 'select(.doc.title == "Tilleul") | .id')
mkfifo "$dir/code"
"$bin/syncd" pair --replica "$dir/new" --hub "$url" >"$dir/code" 2>>"$dir/new.log" &
pairing=$!
running+=("$pairing")
exec 4<"$dir/code"
read -r word code <&4
[ "$word" = code ] || fault "no code: $word"
everywhere new <<EOF
expect "Ce code vaut encore"
expect "$code"
picture pairing
EOF

# ---- paired, and the hub is gone: it says so; the hub comes: the content is there ----
admin approve "$code" --site orleans-hotel-de-ville --name "neuve" >>"$dir/new.log" 2>&1 || fault "not approved"
wait "$pairing" || fault "not paired"
exec 4<&-
address=${url#http://}
kill "$hub"
wait "$hub" 2>/dev/null || true
exec 3<&-
everywhere new <<EOF
expect "Le serveur n’a pas encore répondu."
picture no-hub
EOF
start_kiosk new <<EOF
expect "Le serveur n’a pas encore répondu."
note $dir/new.notes "waiting"
await 40000 "Tilleul"
note $dir/new.notes "loaded"
EOF
reached new waiting
run_replica new
daemon=$ran
start_hub "$address"
end_kiosk new

# ---- the replica is damaged: at the start, in three ways ----
pause_daemon() {
    kill "$daemon"
    wait "$daemon" 2>/dev/null || true
}
pause_daemon
file() { readlink -f "$dir/new/replica.db"; }
cp "$(file)" "$dir/good.db"
damage() { # HOW
    local name pages
    name=$(file)
    pages=$(($(stat -c %s "$name") / 4096))
    rm -f "$name-wal" "$name-shm"
    case $1 in
    garbage) yes xXxX | head -c $((pages * 2048)) | dd of="$name" bs=4096 seek=$((pages / 4)) conv=notrunc status=none ;;
    header) printf 'this is no database at all' | dd of="$name" conv=notrunc status=none ;;
    cut) truncate -s "-$((pages * 2048))" "$name" ;;
    empty) : >"$name" ;;
    nowhere) ln -sfn replica-99.db "$dir/new/replica.db" ;;
    esac
}
for how in header cut empty nowhere garbage; do
    damage $how
    size=${sizes[RANDOM % 3]}
    [ $how != header ] || everywhere new <<EOF
expect "Contenu à recharger"
expect "Vos demandes sont gardées."
picture broken
EOF
    start_kiosk new <<EOF
note $dir/new.notes "up"
await 40000 "Tilleul"
tap 960 540
tap "Me former"
tap "Liste"
tap "Tilleul"
expect "Tilleul"
EOF
    reached new up
    run_replica new
    daemon=$ran
    end_kiosk new
    pause_daemon
    "$bin/syncd" once --replica "$dir/new" || fault "$how: once"
    "$bin/syncd" verify --replica "$dir/new" || fault "$how: verify"
done

# ---- … and while the kiosk runs: what it holds stays on the screen, what is kept stays kept ----
run_replica new
daemon=$ran
start_kiosk new <<EOF
expect "Tilleul"
note $dir/new.notes "showing"
await 40000 "Sureau"
tap 960 540
tap "Me former"
tap "Liste"
tap "Tilleul"
tap "Je m’inscris"
badge $badge
expect "Demande enregistrée"
note $dir/new.notes "kept"
await 30000 "C’est confirmé"
EOF
reached new showing
kill -STOP "$daemon"
damage garbage
kill -CONT "$daemon"
sed -i 's/^trouble;ixpresso;Tilleul;J+0 10:00/trouble-2;ixpresso;Sureau;J+0 09:00/' "$event"
admin import "$dir/more" --base-date "$(date -d tomorrow +%F)" >>"$dir/import.log" 2>&1 || fault "the second event does not go in"
end_kiosk new
[ "$(registered | wc -l)" = 1 ] || fault "registered: $(registered)"
pause_daemon

# ---- the outbox is damaged: put beside, what can be read is taken over, and people are told where to look ----
printf 'this is no database at all' | dd of="$dir/new/outbox.db" conv=notrunc status=none
rm -f "$dir/new/outbox.db-wal" "$dir/new/outbox.db-shm"
cp "$dir/new/outbox.db" "$dir/damaged"
everywhere new <<EOF
expect "Jumeler"
badge $badge
type "270418"
tap "Continuer"
expect "a eu une panne de disque"
picture outbox-lost
EOF
cmp "$dir/damaged" "$dir/new/outbox.db.corrupt-1" || fault "the damaged outbox was changed"
kiosk new 1920x1080 <<EOF
expect "Jumeler"
tap 5 5
tap 1915 5
tap 1915 1075
tap 5 1075
expect "outbox.db.corrupt-1"
picture outbox-technician
EOF
"$bin/syncd" once --replica "$dir/new" || fault "a new outbox: once"
[ "$(registered | wc -l)" = 1 ] || fault "a new outbox took a seat away: $(registered)"

# ---- a disk that is read-only, then full ----
mkdir "$dir/disk"
if ! mount -t tmpfs -o size=5m tmpfs "$dir/disk" 2>/dev/null; then
    echo "no right to mount: read-only and full disks were left out"
    exit 0
fi
disk=$dir/disk
pair_replica disk orleans-hotel-de-ville
"$bin/syncd" once --replica "$disk" || fault "once"
mount -o remount,ro "$disk"
everywhere disk <<EOF
expect "Jumeler"
tap "Me former"
tap "Liste"
tap "Tilleul"
picture readonly
expect "La borne ne peut rien enregistrer."
EOF
"$bin/syncd" status --replica "$disk" >"$dir/said" || fault "status on a read-only disk: $(cat "$dir/said")"
"$bin/syncd" verify --replica "$disk" >"$dir/said" 2>&1 || fault "verify on a read-only disk: $(cat "$dir/said")"
start_kiosk disk <<EOF
expect "Tilleul"
note $dir/disk.notes "readonly"
await 40000 "Sureau"
EOF
mount -o remount,rw "$disk"
end_kiosk disk

# It fills up while somebody stands before it; then there is room again. The kiosk waits at the gates until it is let through.
mkfifo "$dir/there" "$dir/filled" "$dir/told" "$dir/freed"
start_kiosk disk <<EOF
expect "Jumeler"
tap "Me former"
tap "Liste"
tap "Tilleul"
note $dir/there "at the event"
note $dir/filled "touching"
tap "Je m’inscris"
badge 0013748925
expect "Rien n’a été enregistré"
expect "est plein"
expect-not "Demande enregistrée"
${SHOTS:+shot $SHOTS/full-1920x1080.png}
note $dir/told "nothing kept"
note $dir/freed "going on"
wait 70000
expect "Jumeler"
tap "Me former"
tap "Liste"
tap "Tilleul"
tap "Je m’inscris"
badge 0013748925
expect "Demande enregistrée"
EOF
timeout 40 head -n 1 "$dir/there" >/dev/null || fault "the kiosk did not come to the event: $(cat "$dir/kiosk-disk.err")"
head -c 8m /dev/zero >"$disk/filler" 2>/dev/null || true
timeout 40 head -n 1 "$dir/filled" >/dev/null || fault "the kiosk is gone: $(cat "$dir/kiosk-disk.err")"
timeout 40 head -n 1 "$dir/told" >/dev/null || fault "it was not told that the disk is full: $(cat "$dir/kiosk-disk.err")"
[ "$(kept disk)" = 0 ] || fault "something was kept on a full disk"
rm "$disk/filler"
timeout 40 head -n 1 "$dir/freed" >/dev/null || fault "the kiosk is gone: $(cat "$dir/kiosk-disk.err")"
end_kiosk disk
"$bin/syncd" once --replica "$disk" || fault "once, when there is room again"
[ "$(registered | wc -l)" = 2 ] || fault "registered: $(registered)"
