#!/usr/bin/env bash
# Every header compiles alone.
. "$(dirname "$0")/lib.bash"

read -r -a foreign <<<"$(pkg-config --cflags sdl2 SDL2_ttf SDL2_image fribidi libpq)"
mapfile -t headers < <(c_files | grep '\.h$')
need_some ${#headers[@]}

compile() {
    local header=$1
    shift
    printf '#include "%s"\n' "$header" |
        ${CC:-cc} -std=c17 -D_GNU_SOURCE=1 -DRELAIS_VERSION='""' -Wall -Wextra -Werror -I. "$@" -fsyntax-only -xc - ||
        echo "$header does not compile alone"
}
export -f compile
output=$(printf '%s\n' "${headers[@]}" |
    xargs -P "$(nproc)" -I HEADER bash -c 'compile "$@"' bash HEADER "${foreign[@]}" 2>&1) || true
[ -z "$output" ] || fault "$output"
finish
