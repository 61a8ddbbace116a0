#!/usr/bin/env bash
# The words of syncd admin against a running hub: the sample goes in once, errors say where, a record is changed only by who has seen it.
set -eu
bin=${BIN:?}
source=${SOURCE:?}
dir=$(mktemp -d)
hub=
finish() {
    [ -z "$hub" ] || { kill "$hub" 2>/dev/null; wait "$hub" 2>/dev/null || true; }
    rm -rf "$dir"
}
trap finish EXIT
fault() { echo "$*" >&2; exit 1; }
cd "$dir"

# ---- a hub without content ----
"$bin/syncd" init --store hub.db --token-file token
mkfifo lines
"$bin/syncd" serve --store hub.db --listen 127.0.0.1:0 >lines 2>hub.log &
hub=$!
exec 3<lines
read -r word url <&3
[ "$word" = listening ] || fault "the hub does not say where it listens: $word $url"
admin() { "$bin/syncd" admin --hub "$url" --token-file token "$@"; }
count() { admin import "$@" --json 2>/dev/null | tail -n 1; }
expect() { # STATUS TEXT COMMAND…
    local wanted=$1 text=$2 got=0
    shift 2
    "$@" >said 2>&1 || got=$?
    [ "$got" = "$wanted" ] || fault "$*: exit status $got, not $wanted: $(cat said)"
    grep -qF -- "$text" said || fault "$*: no <$text> in: $(cat said)"
}

# ---- import: a dry run, once, twice ----
sample=$source/assets/content/orleans
expect 0 "people.csv" admin import "$sample" --base-date 2026-11-24 --dry-run
expect 1 "there is no org orleans" admin get org orleans
expect 0 "all" admin import "$sample" --base-date 2026-11-24
expect 0 '"short":"Orléans"' admin get org orleans
created=$(count "$sample" | sed 's/.*"removed":[0-9]*,"unchanged":\([0-9]*\)}$/\1/')
[ "$created" -gt 300 ] || fault "the second import left $created records unchanged"
expect 0 '"changed":0,"created":0,"error_count":0' admin import "$sample" --json
expect 0 "all" admin import "$sample/people.csv"
# one page by itself finds its pictures beside it
page=$(grep -l 'images/' "$sample"/livret/*.md | head -n 1)
expect 0 "livret/" admin import "${page:-$sample/livret/mon-badge.md}"

# ---- what is wrong says where ----
printf 'identifiant;collectivit\xe9;nom\nx;rome;X\n' >services.csv
expect 1 "services.csv:2:2: collectivité: there is no such org (rome)" admin import services.csv
printf 'identifiant;collectivité;nom\nx;orleans;X\ny;rome;Y\n' >services.csv
expect 1 "services.csv:3:2" admin import services.csv --partial
expect 0 '"name":"X"' admin get service x
printf 'identifiant;nom\nz;Z\n' >services.csv
expect 0 "all" admin import services.csv --owner saran
expect 0 '"org":"saran"' admin get service z
echo hello >notes.txt
expect 1 "notes.txt:0:0: no such file is known" admin import notes.txt
expect 1 "no such file" admin import nowhere

# ---- records ----
admin get service x >record.json
expect 1 "If-Match" admin put service x record.json
hash=$(sed 's/.*"hash":"\([0-9a-f]*\)".*/\1/' record.json)
sed -i 's/"name":"X"/"name":"Autre"/' record.json
expect 0 "written service x" admin put service x record.json --if-match "$hash"
expect 1 "read it again" admin put service x record.json --if-match "$hash"
expect 0 "created service neuf" admin put service neuf record.json
expect 0 "deleted service x" admin delete service x
expect 1 "no service x" admin get service x
echo '{"scope":"public","doc":{"org":"orleans"}}' >record.json
expect 1 "name is missing" admin put service sans-nom record.json

# ---- export, and back ----
admin export all --format csv --out tables
admin export all --format md --out texts
[ -s tables/people.csv ] && [ -s tables/agenda/event.csv ] && [ -s texts/livret/mon-badge.md ] || fault "an export left out files"
rm tables/[a-z]*_*.csv tables/{page,path,step,tool,quota,seats,tick,registration}.csv 2>/dev/null || true
rm -f tables/{attendance,lease,rating,borrow}.csv
expect 0 '"changed":0,"created":0,"error_count":0' admin import tables texts --json
admin export service --format csv | grep -q "^orleans-voirie;orleans;Voirie" || fault "a service is not exported as it is written"
admin export org >orgs.ndjson
grep -q '"kind":"org"' orgs.ndjson || fault "an org is no line of JSON"
admin export person | grep -q '"code"' && fault "a code has left the hub"
expect 1 "there is no kind" admin export lune

# ---- fleet, and wrong usage ----
expect 0 "NAME" admin status
expect 0 '"devices":[]' admin devices --json
expect 1 "no such code" admin approve ABCD-EFGH --site orleans-hotel-de-ville --name Hall
expect 1 "--site" admin approve ABCD-EFGH
expect 2 "is no word of admin" admin frobnicate
expect 2 "usage:" admin get org
expect 1 "does not answer" "$bin/syncd" admin --hub http://127.0.0.1:1 --token-file token status
expect 1 "use https" "$bin/syncd" admin --hub http://192.0.2.1 --token-file token status
echo 0000 >wrong
expect 1 "syncd admin:" "$bin/syncd" admin --hub "$url" --token-file wrong status

# ---- init with content is the same road ----
"$bin/syncd" init --store second.db --token-file second.token --content "$sample" --base-date 2026-11-24
mkdir bad && printf 'identifiant;nom\nx;X\n' >bad/orgs.csv
expect 1 "orgs.csv:1:1" "$bin/syncd" init --store third.db --token-file third.token --content bad
[ ! -e third.db ] && [ ! -e third.token ] || fault "a store that could not be filled is still there"
