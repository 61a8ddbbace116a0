#!/usr/bin/env bash
# clang-tidy with .clang-tidy over all C. A file that was found clean is not looked at again until it, or any header, changes.
. "$(dirname "$0")/lib.bash"

read -r -a foreign <<<"$(pkg-config --cflags sdl2 SDL2_ttf SDL2_image fribidi)"
mapfile -t sources < <(c_files | grep '\.c$')
need_some ${#sources[@]}
clean=${BUILD:-$(mktemp -d)}/tidy
mkdir -p "$clean"
headers=$({ c_files | grep '\.h$'; echo .clang-tidy; } | xargs -d '\n' cat 2>/dev/null | sha256sum | cut -c1-64)

check() {
    local source=$1 clean=$2 headers=$3 stamp
    shift 3
    stamp=$clean/$({ echo "$headers $source"; cat "$source"; } | sha256sum | cut -c1-40)
    [ ! -e "$stamp" ] || return 0
    if clang-tidy --quiet "$source" -- -std=c17 -D_GNU_SOURCE=1 -DRELAIS_VERSION='""' -DRELAIS_ASSETS_DIR='""' \
        -DRELAIS_SOURCE_DIR='""' -I. "$@" 2>/dev/null; then
        touch "$stamp"
    else
        echo "$source is not tidy"
    fi
}
export -f check
output=$(printf '%s\n' "${sources[@]}" |
    xargs -P "$(nproc)" -I SOURCE bash -c 'check "$@"' bash SOURCE "$clean" "$headers" "${foreign[@]}" 2>&1 |
    tee /dev/stderr) || true
[ -z "$output" ] || fault "not tidy"
finish
