#!/usr/bin/env bash
# The top level is fixed: exactly these, and files that begin with a dot.
. "$(dirname "$0")/lib.bash"

wanted='CMakeLists.txt README.md assets common kiosk packaging syncd tests'
found=$(all_files | cut -d/ -f1 | sort -u | grep -v '^\.' || true)
for name in $found; do
    [[ " $wanted " == *" $name "* ]] || fault "$name does not belong to the top level"
done
for name in $wanted; do
    grep -qx -- "$name" <<<"$found" || fault "$name is missing from the top level"
done
finish
