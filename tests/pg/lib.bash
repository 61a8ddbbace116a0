# What the scripts of this folder share: a PostgreSQL of their own, and several hub processes on it.
# shellcheck disable=SC2034
. "${SOURCE:?}/tests/integration/lib.bash"
. "$SOURCE/tests/harness/cluster.sh"
trap 'finish; cluster_end' EXIT
load=$bin/tests/pg_load
password=not-to-be-seen

# hub_start NAME STORE: sets url_of[NAME] and pid_of[NAME]
declare -A url_of pid_of
hub_start() {
    local word lines=$dir/lines.$1
    rm -f "$lines"
    mkfifo "$lines"
    "$bin/syncd" serve --store "$2" --blobs "$dir/blobs" --listen 127.0.0.1:0 --durable now --max-per-address 1000 \
        >"$lines" 2>>"$dir/$1.log" &
    pid_of[$1]=$!
    running+=("$!")
    exec 5<"$lines"
    read -r word "url_of[$1]" <&5 || fault "hub $1 does not start"
    [ "$word" = listening ] || fault "hub $1 does not say where it listens: $word"
}

# load_run STORE HUB…: the load in the background, what it says on descriptor 6
load_run() {
    local store=$1 urls=() name
    shift
    for name in "$@"; do urls+=("${url_of[$name]}"); done
    "$load" fill "$store" 60 100 || fault "the town cannot be filled"
    rm -f "$dir/load"
    mkfifo "$dir/load"
    "$load" run "$store" 60 100 1 "${urls[@]}" >"$dir/load" 2>>"$dir/load.log" &
    load_pid=$!
    running+=("$load_pid")
    exec 6<"$dir/load"
}

# load_reaches N: waits until so many ops were taken
load_reaches() {
    local word count
    while read -r word count <&6; do
        if [ "$word" = accepted ] && [ "$count" -ge "$1" ]; then return; fi
    done
    fault "the load ended before $1"
}

load_ends_well() {
    cat <&6
    wait "$load_pid" || fault "something was lost, doubled or refused"
}
