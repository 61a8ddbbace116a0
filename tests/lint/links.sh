#!/usr/bin/env bash
# Every relative link of a Markdown page, the sample content apart, leads to a file.
. "$(dirname "$0")/lib.bash"

mapfile -t pages < <(all_files | grep -E '\.md$' | grep -vE '^assets/content/')
need_some ${#pages[@]}
for page in "${pages[@]}"; do
    while IFS= read -r link; do
        target=$(dirname "$page")/${link%%#*}
        [ -e "$target" ] || fault "$page: there is no ${link%%#*}"
    done < <(grep -oE '\]\([^)#][^)]*\)' "$page" | sed 's/^](//; s/)$//' | grep -vE '^[a-z]+:' || true)
done
finish
