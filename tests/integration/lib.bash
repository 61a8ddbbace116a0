# What integration scripts share: a hub with the sample, replicas paired with it, programs ended by their process id.
# A script sources it, and has $dir, $bin, $source, $url and these functions.
# shellcheck disable=SC2034,SC2119,SC2120
set -eu
bin=${BIN:?}
source=${SOURCE:?}
act=$bin/tests/integration_act
dir=$(mktemp -d)
running=()
hub=

finish() {
    for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${running[@]}"; do wait "$pid" 2>/dev/null || true; done
    if [ -z "${KEEP_DIR:-}" ]; then rm -rf "$dir"; else echo "kept: $dir" >&2; fi
}
trap finish EXIT
fault() {
    echo "fault: $*" >&2
    tail -n 5 "$dir"/*.log >&2 || true
    exit 1
}

# start_hub [ADDRESS]: serves $dir/hub.db; sets url and hub
start_hub() {
    local word
    rm -f "$dir/lines"
    mkfifo "$dir/lines"
    "$bin/syncd" serve --store "$dir/hub.db" --listen "${1:-127.0.0.1:0}" --durable "${DURABLE:-now}" >"$dir/lines" 2>>"$dir/hub.log" &
    hub=$!
    running+=("$hub")
    exec 3<"$dir/lines"
    read -r word url <&3 || fault "the hub does not start"
    [ "$word" = listening ] || fault "the hub does not say where it listens: $word $url"
}
admin() { "$bin/syncd" admin --hub "$url" --token-file "$dir/token" "$@"; }
new_hub() {
    "$bin/syncd" init --store "$dir/hub.db" --token-file "$dir/token"
    start_hub
    admin import "$source/assets/content/orleans" --base-date "$(date -d tuesday +%F)" >"$dir/import.log" 2>&1 || fault "the sample does not go in"
}

# pair_replica NAME SITE: $dir/NAME becomes a device of the hub
pair_replica() {
    local code word pairing
    rm -f "$dir/pairing"
    mkfifo "$dir/pairing"
    "$bin/syncd" pair --replica "$dir/$1" --hub "$url" >"$dir/pairing" 2>>"$dir/$1.log" &
    pairing=$!
    exec 4<"$dir/pairing"
    read -r word code <&4 || fault "no code"
    [ "$word" = code ] || fault "the first line is no code: $word $code"
    admin approve "$code" --site "$2" --name "kiosk $1" >>"$dir/$1.log" 2>&1 || fault "$code is not approved"
    wait "$pairing" || fault "$1 is not paired"
    exec 4<&-
}
# run_replica NAME: sets ran to its process id
run_replica() {
    "$bin/syncd" run --replica "$dir/$1" 2>>"$dir/$1.log" &
    ran=$!
    running+=("$ran")
}
ask() { sqlite3 "file:$dir/$1/replica.db?mode=ro" "$2"; }
