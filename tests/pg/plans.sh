#!/usr/bin/env bash
# No statement goes through a whole table unplanned.
# shellcheck source=tests/pg/lib.bash
. "${SOURCE:?}/tests/pg/lib.bash"

cluster_make one relais </dev/null
"$bin/syncd" init --store "$(cluster_url one relais)" --token-file "$dir/token" || fault "init"
"$bin/tests/pg_statements" >"$dir/explain.sql"
cluster_psql one -f "$dir/explain.sql" >"$dir/plans" || fault "a statement cannot be planned"
[ "$(grep -c '^statement' "$dir/plans")" -gt 40 ] || fault "hardly anything was looked at"
awk '/^planned/ { planned[$2] = 1 } /^statement/ { name = $2 }
    match($0, /Seq Scan on [a-z_]+/) { table = substr($0, RSTART + 12, RLENGTH - 12)
        if (!(table in planned)) { print name " goes through all of " table; wrong = 1 } }
    END { exit wrong }' "$dir/plans" || fault "unplanned scans"
grep -q 'Index Scan using record_event_starts' "$dir/plans" || fault "a hot field has no use of its index"
