#!/usr/bin/env bash
# C looks as .clang-format says: clang-format -i FILE.
. "$(dirname "$0")/lib.bash"

mapfile -t files < <(c_files)
need_some ${#files[@]}
output=$(printf '%s\n' "${files[@]}" |
    xargs -P "$(nproc)" -n 8 clang-format --dry-run --ferror-limit=1 -Werror 2>&1 | grep -E 'error|rror:' || true)
[ -z "$output" ] || fault "$output"
finish
