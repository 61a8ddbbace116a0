#!/usr/bin/env bash
# Nothing half done, and nothing of the machine it was written on.
. "$(dirname "$0")/lib.bash"

# Each pattern is written so that it does not match itself.
half_done='\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K|not[ ]implemented( yet)?|place[h]older implementation)\b'
stubs='\b[Ss]tub(s|bed)?\b'
machine='(^|[^A-Za-z0-9_.-])/(wor[k]|roo[t]|hom[e])/[A-Za-z0-9_.-]+|/tmp/bas[h]_jobs'

mapfile -t files < <(all_files | grep -vE '^tests/lint/(selftest|words)\.sh$')
need_some ${#files[@]}
search() { # pattern, name
    local hits
    hits=$(printf '%s\n' "${files[@]}" | xargs -d '\n' grep -nIE -- "$1" 2>/dev/null || true)
    [ -z "$hits" ] || fault "$2:"$'\n'"$hits"
}
search "$half_done" "half done"
search "$stubs" "half done"
search "$machine" "a path of one machine"
finish
