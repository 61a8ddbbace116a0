#!/usr/bin/env bash
# Functions: half of them in 12 lines, nine in ten in 40, none over 80. Files: none over 700 lines.
. "$(dirname "$0")/lib.bash"

mapfile -t sources < <(product_files | grep '\.[ch]$')
need_some ${#sources[@]}
# AUTO(…), CHECKED and PRINTF(…) are attributes; ctags must not take them for functions.
functions=$(ctags -x --_xformat=$'%{line}\t%{end}\t%{name}\t%{input}' --languages=C --langmap=C:.c.h --kinds-C=f \
    -D 'AUTO(x)=' -D 'CHECKED=' -D 'PRINTF(a,b)=' "${sources[@]}" | awk -F'\t' '$2 != ""')
[ -n "$functions" ] || fault "no function was found"

report=$(awk -F'\t' '
    { lines = $2 - $1 + 1; print lines }
    lines > 80 { printf "%s:%d: %s has %d lines, 80 are the most\n", $4, $1, $3, lines > "/dev/stderr" }
' <<<"$functions" 2>&1 >/dev/null) || true
[ -z "$report" ] || fault "$report"

summary=$(awk -F'\t' '{ print $2 - $1 + 1 }' <<<"$functions" | sort -n | awk '
    { size[NR] = $1 }
    END { middle = int((NR + 1) / 2); ninth = int(NR * 0.9); if (ninth < 1) ninth = 1
          print NR, size[middle], size[ninth], size[NR] }')
read -r count median ninth longest <<<"$summary"
echo "$count functions: median $median lines, nine in ten within $ninth, the longest $longest"
[ "$median" -le 12 ] || fault "the median function has $median lines, 12 are the most"
[ "$ninth" -le 40 ] || fault "nine in ten functions have up to $ninth lines, 40 are the most"

while read -r lines file; do
    [ "$lines" -le 700 ] || fault "$file has $lines lines, 700 are the most"
done < <(all_files | grep -E '\.([ch]|def|sh|bash|py|cmake)$' | xargs -d '\n' wc -l | grep -v ' total$')
finish
