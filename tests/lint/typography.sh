#!/usr/bin/env bash
# The French of the sample content is set as assets/content/README.md says: spaces, apostrophes, quotes, ordinals.
. "$(dirname "$0")/lib.bash"

mapfile -t texts < <(all_files | grep -E '^assets/content/[^/]+/.*\.(md|csv)$')
need_some ${#texts[@]}

as_utf8() { # a spreadsheet may have left Windows-1252
    iconv -f UTF-8 -t UTF-8 "$1" 2>/dev/null || iconv -f WINDOWS-1252 -t UTF-8 "$1"
}

french_of() { # without the translations in the head of a Markdown file
    as_utf8 "$1" | sed -E 's/^[^ :]+\.[a-z]{2}: .*//'
}

look_for() { # pattern, what is wrong
    local hits file
    for file in "${texts[@]}"; do
        hits=$(french_of "$file" | grep -nP -- "$1" || true)
        [ -z "$hits" ] || fault "$file: $2"$'\n'"$hits"
    done
}

look_for "'" "a straight apostrophe, ’ is meant"
look_for '\.\.\.' "three dots, … is meant"
look_for '«(?!\x{A0})|(?<!\x{A0})»' "no U+00A0 inside « »"
look_for '(?<=[^\s;]) [;!?]|(?<=[\p{L}\d)»])[!?]' "no U+202F before ; ! ?"
look_for '(?<=[\p{L}\d)»*]) :(?=\s|$)' "no U+00A0 before :"
look_for '\d h\b|\d\x{A0}h \d' "no U+00A0 around the h of an hour"
look_for '(?<=[^\s|]) – ' "no U+00A0 before a dash"
look_for '(?<!\d)\d{1,3} \d{3}(?!\d)' "no U+202F between thousands"
look_for '\b\d+(e|er|re)\b' "an ordinal in plain letters, ᵉ ᵉʳ ʳᵉ are meant"
look_for '[^\s|] {2,}\S' "two spaces"
look_for '[oO]eu[frvx]|[nN]oeud' "oe, œ is meant"
finish
