#!/usr/bin/env bash
# Any tool can read the feed: its lines as PROTOCOL 2 and 3 say, with curl and jq alone; and the vectors of PROTOCOL 1 go the whole way,
# put by an administrator, read in the feed with the hashes and the sum of the document.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"

"$bin/syncd" init --store "$dir/hub.db" --token-file "$dir/token"
start_hub
mkdir "$dir/few"
cp "$source"/assets/content/orleans/{orgs,pools,sites}.csv "$dir/few"
admin import "$dir/few" >"$dir/import.log" 2>&1 || fault "the orgs do not go in"
pair_replica a orleans-hotel-de-ville
"$bin/syncd" once --replica "$dir/a" || fault "once"
token=$(jq -r .token "$dir/a/identity")
feed() { curl -sS -H "Relais-Protocol: 1" -H "Authorization: Bearer $token" "$@"; }

# ---- the vectors, and b2sum, which is nobody's relative ----
document=$source/syncd/PROTOCOL.md
hash_of() { printf '%s\0%s\0%s\0%s' "$@" | b2sum -l 128 | cut -d ' ' -f 1; } # KIND ID SCOPE DOC
add() { python3 -c 'import sys; print("%032x" % (sum(int(h, 16) for h in sys.argv[1:]) % 2**128))' "$@"; }
event='{"ends":1764072000000,"place":"Salle du Conseil","seats":12,"starts":1764064800000,"title":"iX'"'"'Presso : réunion efficace","type":"ixpresso"}'
tool='{"project":1,"title":"Charte de la réunion","type":"charter"}'
id=0192f0c1-7a00-7000-8000-000000000001
hashes=("$(hash_of event $id pool:agglo "$event")" "$(hash_of tool charte-reunion public "$tool")")
for text in "$event" "$tool" "-> ${hashes[0]}" "-> ${hashes[1]}" "-> $(add "${hashes[@]}")"; do
    grep -qF -- "$text" "$document" || fault "the document's vectors differ: $text"
done

# The same two, with what the hub asks of an event and a tool besides.
event=$(jq -cS '.org = "orleans" | .status = "planned"' <<<"$event")
tool=$(jq -cS '.body = "Un ordre du jour, un horaire."' <<<"$tool")
hashes=("$(hash_of event $id pool:agglo "$event")" "$(hash_of tool charte-reunion public "$tool")")
put() { # KIND ID SCOPE DOC
    curl -sS -X PUT -H "Relais-Protocol: 1" -H "Authorization: Bearer $(cat "$dir/token")" --data-binary "{\"scope\":\"$3\",\"doc\":$4}" \
        "$url/v1/records/$1/$2"
}
put event $id pool:agglo "$event" >"$dir/put"
put tool charte-reunion public "$tool" >"$dir/put_tool"

# ---- the page, whole ----
feed "$url/v1/feed?wait=0" >"$dir/page" || fault "no answer"
feed -H "Accept-Encoding: gzip" "$url/v1/feed?wait=0" | zcat | tail -n 1 >"$dir/packed"
jq -es 'length > 3' "$dir/page" >/dev/null || fault "not every line is JSON"
head -n 1 "$dir/page" | jq -e '(keys_unsorted[:4] == ["feed", "epoch", "head", "scopes"]) and .feed == 1 and (.epoch | test("^[0-9]+-[0-9a-f]+$"))
    and (.scopes | index("public") and index("org:orleans") and index("pool:agglo"))' >/dev/null || fault "header: $(head -n 1 "$dir/page")"
head=$(head -n 1 "$dir/page" | jq .head)
sed '1d;$d' "$dir/page" >"$dir/feed_lines"
wrong=$(jq -c 'select((keys_unsorted == ["seq", "kind", "id", "scope", "hash", "doc"] and (.hash | test("^[0-9a-f]{32}$")) and (.doc | type == "object")
    or keys_unsorted == ["seq", "kind", "id", "scope", "left"]) and (.kind | test("^[a-z][a-z0-9_]{0,31}$")) and (.id | test("^[0-9A-Za-z_.~-]{1,96}$"))
    and (.scope | test("^(public|(pool|org|site|device):.+)$")) | not)' "$dir/feed_lines")
[ -z "$wrong" ] || fault "lines: $wrong"
jq -se --argjson head "$head" '[.[].seq] | . == sort and . == unique and .[-1] <= $head' "$dir/feed_lines" >/dev/null || fault "seq does not rise up to the head"
grep -nE '^\{ |": |, "' "$dir/feed_lines" | grep -v '"doc"' && fault "a line has spaces between its parts"
tail -n 1 "$dir/page" | jq -e --argjson head "$head" 'keys_unsorted == ["complete", "seq", "sums"] and .complete and .seq == $head
    and (.sums | to_entries | all(.value[1] | test("^[0-9a-f]{32}$")))' >/dev/null || fault "trailer: $(tail -n 1 "$dir/page")"
cmp <(tail -n 1 "$dir/page") "$dir/packed" || fault "packed, it differs"
count() { jq -s --arg s "$1" 'map(select(.scope == $s and .left != true)) | length' "$dir/feed_lines"; }
for scope in public org:orleans pool:agglo; do
    [ "$(tail -n 1 "$dir/page" | jq --arg s "$scope" '.sums[$s][0] // 0')" = "$(count "$scope")" ] || fault "$scope: another count in the trailer"
done

# ---- what was put, as it came: same bytes, same hashes; sums are sums of hashes ----
line() { jq -c --arg k "$1" --arg i "$2" 'select(.kind == $k and .id == $i)' "$dir/feed_lines"; }
[ "$(line event $id | jq -r .hash)" = "${hashes[0]}" ] || fault "event: $(line event $id) after $(cat "$dir/put")"
[ "$(line tool charte-reunion | jq -r .hash)" = "${hashes[1]}" ] || fault "tool: $(line tool charte-reunion) after $(cat "$dir/put_tool")"
for doc in "$event" "$tool"; do grep -qF "\"doc\":$doc}" "$dir/feed_lines" || fault "the bytes of a document were changed: $doc"; done
for scope in public org:orleans pool:agglo; do
    mapfile -t all < <(jq -r --arg s $scope 'select(.scope == $s and .left != true) | .hash' "$dir/feed_lines")
    [ "$(tail -n 1 "$dir/page" | jq -r --arg s $scope '.sums[$s][1]')" = "$(add "${all[@]}")" ] || fault "$scope: another sum"
done
"$bin/syncd" once --replica "$dir/a" || fault "once"
"$bin/syncd" verify --replica "$dir/a" || fault "verify"

# ---- who is nobody sees nothing ----
curl -sS -o "$dir/body" -w '%{http_code} %{content_type}' -H "Relais-Protocol: 1" -H "Authorization: Bearer wrong" "$url/v1/feed?wait=0" >"$dir/said"
grep -q '^401 application/problem+json' "$dir/said" || fault "$(cat "$dir/said")"
jq -e '.code == "unknown_token"' "$dir/body" >/dev/null || fault "$(cat "$dir/body")"
echo "$(wc -l <"$dir/feed_lines") lines"
