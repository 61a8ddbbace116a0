#!/usr/bin/env bash
# A hub that is sent rubbish says what is wrong in problem+json, goes on serving, and does not grow.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"

export ASAN_OPTIONS="${ASAN_OPTIONS:-}:quarantine_size_mb=1:thread_local_quarantine_size_kb=64" # what is freed is not kept for long
"$bin/syncd" init --store "$dir/hub.db" --token-file "$dir/token"
start_hub
mkdir "$dir/few"
cp "$source"/assets/content/orleans/{orgs,pools,sites}.csv "$dir/few"
admin import "$dir/few" >"$dir/import.log" 2>&1 || fault "the orgs do not go in"
pair_replica a orleans-hotel-de-ville
token=$(jq -r .token "$dir/a/identity")
admin_token=$(cat "$dir/token")
host=${url#http://}

# refused STATUSES CURL-ARGUMENT…: one of these statuses, a problem with a code, and no word of the inside
refused() {
    local wanted=$1 said
    shift
    said=$(curl -sS -m 20 -o "$dir/body" -w '%{http_code} %{content_type}' -H "Relais-Protocol: ${protocol:-1}" "$@" 2>"$dir/curl") || true
    grep -qE "^($wanted) " <<<"$said" || fault "$*: $said instead of $wanted: $(head -c 300 "$dir/body") $(cat "$dir/curl")"
    grep -q "application/problem+json" <<<"$said" || fault "$*: $said"
    jq -e '(.code | type == "string" and length > 0) and (.status | type == "number")' "$dir/body" >/dev/null || fault "$*: $(cat "$dir/body")"
}
lives() { curl -sS -m 20 -o /dev/null -w '%{http_code}' "$url/healthz" | grep -q 200 || fault "after $1 the hub does not answer"; }
memory() { awk '/^VmRSS/ { print $2 }' "/proc/$hub/status"; }
device=(-H "Authorization: Bearer $token")
clerk=(-H "Authorization: Bearer $admin_token")

head -c 65536 /dev/urandom >"$dir/noise"
printf '{"ops":1,\0"device":"x"}\n' >"$dir/nul"
printf '{"ops":1,"device":"x","incarnation":"i","time":1,"seen":0}\n{"n":1,"id":"0192f0c1-7a00-7000-8000-000000000001","op":"regis' >"$dir/half"
head -c 268435456 /dev/zero | gzip -1 >"$dir/bomb.gz"
gzip -1 <"$dir/half" | head -c 60 >"$dir/cut.gz"
{ printf '{"scope":"public","doc":'; head -c 100000 /dev/zero | tr '\0' '['; } >"$dir/deep"
head -c 5000000 /dev/zero | tr '\0' 'x' >"$dir/large"
printf '{"scope":"public","doc":{"title":"\xff\xfe","type":"charter"}}' >"$dir/not_utf8"

rubbish() {
    refused 401 "$url/v1/feed?wait=0"
    refused 401 "$url/v1/feed?wait=0" -H "Authorization: Bearer $(head -c 3000 /dev/zero | tr '\0' 'a')"
    refused 401 "$url/v1/feed?wait=0" -H "Authorization: Basic eDp5"
    refused '401|403' "$url/v1/devices" "${device[@]}"
    refused '401|403' "$url/v1/feed?wait=0" "${clerk[@]}"
    refused 404 "$url/v1/nothing" "${clerk[@]}"
    refused '404|400' --path-as-is "$url/v1/records/event/../../etc/passwd" "${clerk[@]}"
    refused '405|404' -X PATCH "$url/v1/hello" "${device[@]}"
    protocol=99 refused 426 "$url/v1/hello" "${device[@]}"
    for cursor in 'x' 'public@-1' 'public@99999999999999999999' 'public@1,,' 'public@1*' "$(printf 'public@1,%.0s' $(seq 1 300))public@1"; do
        refused '400|409|413|414|431' "$url/v1/feed?wait=0&cursor=$cursor" "${device[@]}"
    done
    refused 400 "$url/v1/feed?wait=soon" "${device[@]}"
    refused 400 "$url/v1/feed?wait=0&limit=-1" "${device[@]}"
    for body in noise nul half large; do refused '400|413' "$url/v1/ops" "${device[@]}" --data-binary @"$dir/$body"; done
    refused 400 "$url/v1/ops" "${device[@]}" -H "Content-Encoding: gzip" --data-binary @"$dir/noise"
    refused 400 "$url/v1/ops" "${device[@]}" -H "Content-Encoding: gzip" --data-binary @"$dir/cut.gz"
    refused '400|413' "$url/v1/ops" "${device[@]}" -H "Content-Encoding: gzip" --data-binary @"$dir/bomb.gz"
    refused '400|415' "$url/v1/ops" "${device[@]}" -H "Content-Encoding: br" --data-binary @"$dir/noise"
    for body in noise nul deep large not_utf8; do
        refused '400|413|422' -X PUT "$url/v1/records/tool/rubbish" "${clerk[@]}" --data-binary @"$dir/$body"
    done
    refused '400|404|422' -X PUT "$url/v1/records/moon/x" "${clerk[@]}" --data-binary '{"scope":"public","doc":{}}'
    refused '400|404|422' -X PUT "$url/v1/records/tool/a%20b" "${clerk[@]}" --data-binary '{"scope":"public","doc":{}}'
    refused 422 -X PUT "$url/v1/records/tool/x" "${clerk[@]}" --data-binary '{"scope":"public","doc":{"title":7}}'
    for path in devices/approve status ops; do refused '400|401|403|422' "$url/v1/$path" "${clerk[@]}" --data-binary @"$dir/noise"; done
    lives "rubbish"
}

# Straight into the socket: what is no HTTP, a header without end, a body that never comes, a line that is all NUL.
socket() {
    exec 5<>"/dev/tcp/${host%:*}/${host#*:}"
    (trap '' PIPE; cat >&5) 2>/dev/null || true
    timeout 0.3 head -c 200 <&5 >"$dir/answer" 2>/dev/null || true # some of it is never answered
    exec 5<&- 5>&-
    lives "$1"
}
rudeness() {
    head -c 20000 /dev/urandom | socket "noise"
    { printf 'GET /v1/hello HTTP/1.1\r\nHost: x\r\nX-Long: '; head -c 300000 /dev/zero | tr '\0' 'a'; printf '\r\n\r\n'; } 2>/dev/null | socket "a header of 300 kB"
    { printf 'GET /healthz HTTP/1.1\r\nHost: x\r\n'; for i in $(seq 1 5000); do printf 'X-%d: y\r\n' "$i"; done; printf '\r\n'; } 2>/dev/null | socket "5,000 headers"
    head -c 4096 /dev/zero | socket "zeroes"
    printf 'GET /v1/hello HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\0b\r\nConnection: close\r\n\r\n' | socket "a NUL in a token"
    printf 'POST /v1/ops HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\nhello' | socket "a length below nothing"
    printf 'POST /v1/ops HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nhello\r\n' | socket "a chunk of length zz"
    exec 5<>"/dev/tcp/${host%:*}/${host#*:}" # half a body, and gone
    printf 'POST /v1/ops HTTP/1.1\r\nHost: x\r\nRelais-Protocol: 1\r\nAuthorization: Bearer %s\r\nContent-Length: 100000\r\n\r\nhalf' "$token" >&5
    exec 5<&- 5>&-
    lives "half a body"
}

rubbish # what is taken once for all, arenas and caches, is taken now
rudeness
before=$(memory)
for _ in 1 2; do
    rubbish
    rudeness
done
after=$(memory)
# A sanitizer keeps some of what is freed, so the bound is wide, and far below one bomb (256 MB).
[ $((after - before)) -lt 32000 ] || fault "the hub grew from $before to $after kB"
"$bin/syncd" once --replica "$dir/a" || fault "once, after all that"
kill "$hub"
wait "$hub" || fault "the hub did not end well: $(tail -n 20 "$dir/hub.log")"
"$bin/syncd" verify --store "$dir/hub.db" || fault "verify"
echo "memory $before kB, then $after kB"
