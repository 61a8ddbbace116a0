#!/usr/bin/env bash
# The server forgets between two requests: killed with -9 after every answer, it goes on as if nothing had been. What it had answered
# stands, what is sent again changes nothing, and the client's cursor, token and ETag hold.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"

new_hub
# kill_hub: the process of ours, and its successor on the same address
kill_hub() {
    local address=${url#http://}
    kill -9 "$hub"
    wait "$hub" 2>/dev/null || true
    exec 3<&-
    start_hub "$address"
}
# send METHOD PATH TOKEN [BODY]: prints the body; $dir/status and $dir/headers beside
send() {
    local body=()
    [ $# -lt 4 ] || body=(--data-binary "$4")
    curl -sS -X "$1" -H "Relais-Protocol: 1" -H "Authorization: Bearer $3" "${body[@]}" -D "$dir/headers" -o "$dir/body" \
        -w '%{http_code}' "$url$2" >"$dir/status" || fault "$1 $2: no answer"
    cat "$dir/body"
}
expect() { # STATUS METHOD PATH TOKEN [BODY]
    local wanted=$1
    shift
    send "$@" >/dev/null
    [ "$(cat "$dir/status")" = "$wanted" ] || fault "$1 $2: $(cat "$dir/status") instead of $wanted: $(cat "$dir/body")"
}
field() { jq -r ".$1" "$dir/body"; }

# ---- enrolment, killed between its steps ----
expect 200 POST /v1/device/code none '{}'
code=$(field device_code) user=$(field user_code)
kill_hub
expect 200 POST /v1/devices/approve "$(cat "$dir/token")" "{\"user_code\":\"$user\",\"site\":\"orleans-hotel-de-ville\",\"name\":\"a\"}"
kill_hub
expect 200 POST /v1/device/token none "{\"device_code\":\"$code\"}"
lost=$(field access_token)
kill_hub
expect 200 POST /v1/device/token none "{\"device_code\":\"$code\"}"
token=$(field access_token) device=$(field device)
[ "$token" != "$lost" ] || fault "the same token twice"
kill_hub

# ---- a load in pages, a kill after each ----
expect 200 GET "/v1/feed" "$token"
tail -n 1 "$dir/body" >"$dir/once"
cursor="" epoch="" pages=0
while :; do
    expect 200 GET "/v1/feed?limit=150&epoch=$epoch&cursor=$cursor" "$token"
    pages=$((pages + 1))
    head -n 1 "$dir/body" >"$dir/header"
    [ -z "$epoch" ] || [ "$epoch" = "$(jq -r .epoch "$dir/header")" ] || fault "another epoch after a kill"
    epoch=$(jq -r .epoch "$dir/header")
    first_head=${first_head:-$(jq -r .head "$dir/header")}
    tail -n 1 "$dir/body" >"$dir/trailer"
    [ "$(jq -r .more "$dir/trailer")" = true ] || break
    cursor=$(jq -r --slurpfile t "$dir/trailer" --arg h "$first_head" '.scopes | map("\(.)@\($t[0].seq)*\($h)") | join(",")' "$dir/header")
    kill_hub
done
[ "$pages" -gt 2 ] || fault "the sample fits $pages pages"
cmp "$dir/once" "$dir/trailer" || fault "the end of the load differs from a load in one page"

# ---- operations: answered, killed, sent again ----
expect 200 GET "/v1/records/person?scope=org:orleans&limit=1" "$(cat "$dir/token")"
person=$(field 'records[0].id')
expect 200 GET "/v1/records/event?scope=pool:agglo&limit=1" "$(cat "$dir/token")"
event=$(field 'records[0].id')
now=$(date +%s)000
header="{\"ops\":1,\"device\":\"$device\",\"incarnation\":\"i\",\"time\":$now,\"seen\":0}"
id="0192f0c1-7a00-7000-8000-00000000000"
previous=""
for n in 1 2 3; do
    verb=$([ $n = 2 ] && echo cancel || echo register)
    op="{\"n\":$n,\"id\":\"$id$n\",${previous:+\"prev\":\"$previous\",}\"op\":\"$verb\",\"at\":$now,\"by\":\"$person\",\"auth\":\"badge\",\"args\":{\"event\":\"$event\"}}"
    previous=$id$n
    expect 200 POST /v1/ops "$token" "$header
$op
"
    expect 200 GET /v1/hello "$token"
    before=$(field head)
    kill_hub
    expect 200 POST /v1/ops "$token" "$header
$op
"
    [ "$(field accepted)" = "$n" ] || fault "op $n: $(cat "$dir/body")"
    expect 200 GET "/v1/hello?incarnation=i" "$token"
    [ "$(field head)" = "$before" ] || fault "sent again, op $n moved the head"
    [ "$(field decided)" = "$n" ] || fault "hello: $(cat "$dir/body")"
done

# ---- nothing of it is wrong, and one process serves it ----
"$bin/syncd" serve --store "$dir/hub.db" --listen 127.0.0.1:0 2>"$dir/second.log" && fault "two serve one store"
grep -q "another process" "$dir/second.log" || fault "$(cat "$dir/second.log")"
kill -9 "$hub"
wait "$hub" 2>/dev/null || true
"$bin/syncd" verify --store "$dir/hub.db" >"$dir/verify.log" || fault "verify: $(cat "$dir/verify.log")"
