#!/usr/bin/env bash
# Includes go one way (ARCHITECTURE, Folders), and each foreign header has one home.
. "$(dirname "$0")/lib.bash"

# folder: what it may include besides itself. common/base is everybody's.
directions='
common/base:
common/config:
common/db:
common/schema:
common/wire:
common/records:  common/schema
common/rules:    common/records common/schema
common/replica:  common/db common/schema common/wire common/records common/rules
syncd/agent:     common/replica common/wire common/schema common/records
syncd/http:
syncd/hub:       syncd/http common/wire common/rules common/db common/records common/schema
syncd/content:   common/schema common/records common/wire
syncd:           syncd/agent syncd/http syncd/hub syncd/content common/config common/db common/schema common/wire common/records common/rules common/replica
kiosk/ui:
kiosk/gfx:       kiosk/ui
kiosk/i18n:
kiosk/screens:   kiosk/ui kiosk/i18n common/replica common/schema
kiosk/app:       kiosk/screens kiosk/gfx kiosk/ui kiosk/i18n common/replica common/schema common/config
kiosk:           kiosk/app kiosk/screens kiosk/gfx kiosk/ui kiosk/i18n common/replica common/schema common/config
'

# header: the beginnings of the paths that may include it.
homes='
sqlite3.h        common/db/ syncd/hub/store_sqlite
libpq-fe.h       syncd/hub/store_postgres
curl/curl.h      syncd/agent/
microhttpd.h     syncd/http/
zlib.h           common/wire/
sodium.h         common/wire/ syncd/hub/auth
jansson.h        common/base/json
utf8proc.h       common/base/utf8
libical/ical.h   syncd/content/
csv.h            syncd/content/
md4c.h           syncd/content/ kiosk/ui/
qrencode.h       kiosk/ui/
ini.h            common/config/
SDL.h            kiosk/gfx/
SDL_ttf.h        kiosk/gfx/
SDL_image.h      kiosk/gfx/
SDL_syswm.h      kiosk/gfx/
fribidi.h        kiosk/gfx/ kiosk/ui/
'

# The C library and Linux are no foreign library.
system='assert ctype dirent endian errno fcntl float fnmatch ftw glob inttypes langinfo limits locale malloc math netdb poll
pthread pwd grp ifaddrs regex sched setjmp signal spawn stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib string strings syslog
termios threads time uchar unistd wchar wctype'

declare -A may home_of is_system
while IFS=: read -r folder rest; do
    [ -z "$folder" ] || may[$folder]=" $folder common/base $rest "
done <<<"$directions"
while read -r header rest; do
    [ -z "$header" ] || home_of[$header]=$rest
done <<<"$homes"
for name in $system; do is_system[$name.h]=1; done

check_ours() { # file line included
    local folder target
    folder=$(dirname "$1")
    target=$(dirname "$3")
    if [ ! -f "$3" ]; then
        fault "$1:$2: \"$3\" is not written from the root"
    elif [ -z "${may[$folder]+known}" ]; then
        fault "$1:$2: the folder $folder is not in the table of directions"
    elif [[ ${may[$folder]} != *[[:space:]]"$target"[[:space:]]* ]]; then
        fault "$1:$2: $folder must not include $target"
    fi
}

check_foreign() { # file line included
    local prefix
    [ -z "${is_system[$3]+known}" ] || return 0
    case $3 in sys/* | linux/* | net/* | netinet/* | arpa/*) return 0 ;; esac
    if [ -z "${home_of[$3]+known}" ]; then
        fault "$1:$2: <$3> has no home in the table"
        return 0
    fi
    for prefix in ${home_of[$3]}; do
        [[ $1 != "$prefix"* ]] || return 0
    done
    fault "$1:$2: <$3> has its home in ${home_of[$3]}"
}

mapfile -t files < <(product_files)
need_some ${#files[@]}
while IFS=$'\t' read -r file line kind included; do
    case $kind in
    '"') check_ours "$file" "$line" "$included" ;;
    '<') check_foreign "$file" "$line" "$included" ;;
    esac
done < <(awk 'match($0, /^[ \t]*#[ \t]*include[ \t]*["<][^">]+/) {
    text = substr($0, RSTART, RLENGTH); sub(/^[ \t]*#[ \t]*include[ \t]*/, "", text)
    printf "%s\t%d\t%s\t%s\n", FILENAME, FNR, substr(text, 1, 1), substr(text, 2) }' "${files[@]}")
finish
