#!/usr/bin/env bash
# shellcheck disable=SC2016 # the dollars are for the bad scripts
# Every check can fail: each sees one fault in a small bad tree, for the reason it is there, and none in a good one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_dir=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset BUILD SOURCE BIN
faults=0

make_good_tree() {
    rm -rf "$work/tree"
    mkdir -p "$work"/tree/{assets/content/good,common/base,common/db,kiosk/ui,packaging,syncd/http,tests}
    cd "$work/tree"
    cp "$source_dir/.clang-format" "$source_dir/.clang-tidy" .
    cp "$source_dir/common/base/err.h" common/base/
    echo 'project(good)' >CMakeLists.txt
    echo '# Good' >README.md
    touch assets/a kiosk/ui/b syncd/http/c
    printf '#!/usr/bin/env bash\necho "$1"\n' >packaging/script
    printf '#pragma once\n\n#include "common/base/err.h"\n\nint lamp(int watts);\n' >common/db/lamp.h
    printf '#include "common/db/lamp.h"\n\n#include <sqlite3.h>\n\nint lamp(int watts) {\n    return watts + 1;\n}\n' \
        >common/db/lamp.c
    echo 'text' >tests/note
    printf '# «\xc2\xa0Qui aide\xe2\x80\xaf?\xc2\xa0»\n' >assets/content/good/page.md
}

run_check() {
    TREE=$work/tree bash "$here/$1.sh" >"$work/output" 2>&1
}

# must_fail CHECK "part of what it says": the tree as it lies there now.
must_fail() {
    if run_check "$1"; then
        echo "$1.sh did not see: $2"
        faults=$((faults + 1))
    elif ! grep -qF -- "$2" "$work/output"; then
        echo "$1.sh failed, but without saying: $2"
        sed 's/^/    /' "$work/output"
        faults=$((faults + 1))
    fi
    make_good_tree
}

long_function() { # lines
    echo "int $1(int watts);"
    echo "int $1(int watts) {"
    for ((i = 0; i < $2 - 3; i++)); do echo "    watts += $i;"; done
    printf '    return watts;\n}\n'
}

make_good_tree
checks=()
for script in "$here"/*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" = selftest ] || checks+=("$name")
done
for check in "${checks[@]}"; do
    run_check "$check" || {
        echo "$check.sh finds fault with a good tree:"
        sed 's/^/    /' "$work/output"
        faults=$((faults + 1))
    }
done

sed -i '1i #include "kiosk/ui/x.h"' common/db/lamp.c && echo '#pragma once' >kiosk/ui/x.h
must_fail includes "common/db must not include kiosk/ui"
sed -i '1i #include "lamp.h"' common/db/lamp.c
must_fail includes '"lamp.h" is not written from the root'
mkdir common/cellar && printf '#include "common/base/err.h"\n' >common/cellar/x.c
must_fail includes "common/cellar is not in the table"
printf '#include <sqlite3.h>\n' >kiosk/ui/x.c
must_fail includes "<sqlite3.h> has its home in common/db/"
printf '#  include <openssl/ssl.h>\n' >kiosk/ui/x.c
must_fail includes "<openssl/ssl.h> has no home"
printf '#include "syncd/http/x.h"\n' >kiosk/ui/x.c && echo '#pragma once' >syncd/http/x.h
must_fail includes "kiosk/ui must not include syncd/http"
rm -rf common kiosk syncd
must_fail includes "nothing was looked at"

printf '#pragma once\nint lamp(size_t watts);\n' >kiosk/ui/lamp.h
must_fail headers "kiosk/ui/lamp.h does not compile alone"
rm -f common/*/*.h
must_fail headers "nothing was looked at"

printf 'int lamp( int watts ) ;\n' >kiosk/ui/lamp.h
must_fail format "kiosk/ui/lamp.h"
rm -f common/*/*.[ch]
must_fail format "nothing was looked at"

echo "[map](common/nowhere.md)" >>README.md
must_fail links "there is no common/nowhere.md"

echo x >notes.txt
must_fail toplevel "notes.txt does not belong"
rm README.md
must_fail toplevel "README.md is missing"

long_function endless 81 >kiosk/ui/x.c
must_fail sizes "kiosk/ui/x.c:2: endless has 81 lines"
for n in 1 2 3; do long_function "long_$n" 13; done >kiosk/ui/x.c
must_fail sizes "the median function has 13 lines"
{
    for n in 1 2 3 4 5 6 7; do long_function "short_$n" 4; done
    for n in 1 2; do long_function "long_$n" 41; done
} >kiosk/ui/x.c
must_fail sizes "nine in ten functions have up to 41 lines"
printf '\n%.0s' {1..701} >tests/long.h
must_fail sizes "tests/long.h has 701 lines"
printf 'int lamp;\n' >common/db/lamp.c
must_fail sizes "no function was found"

echo "/* TO""DO: later */" >kiosk/ui/x.h
must_fail words "kiosk/ui/x.h:1"
echo "a st""ub of it" >tests/note
must_fail words "tests/note:1"
echo "see /wo""rk/notes" >tests/note
must_fail words "a path of one machine"
echo "cd /ho""me/somebody" >packaging/script
must_fail words "packaging/script:1"

printf '#!/usr/bin/env bash\necho $1\n' >packaging/script
must_fail shell "SC2086"
printf 'cd $1\n' >tests/x.sh
must_fail shell "tests/x.sh"

page=assets/content/good/page.md
echo "l'eau" >$page
must_fail typography "a straight apostrophe"
for wrong in 'et puis...:three dots' '« oui »:inside « »' 'oui ?:before ; ! ?' 'oui?:before ; ! ?' 'avec \x3a rien:before :' \
    '10 h 30:the h of an hour' 'un – deux:before a dash' '1 607 heures:between thousands' 'au 2e étage:an ordinal' \
    'deux  espaces:two spaces' 'un coeur:œ is meant'; do
    printf '%b\n' "${wrong%%:*}" >$page
    must_fail typography "${wrong#*:}"
done
rm $page
must_fail typography "nothing was looked at"

printf 'int lamp(int *watts);\nint lamp(int *watts) {\n    if (!watts) return *watts;\n    return 0;\n}\n' >kiosk/ui/x.c
must_fail tidy "clang-analyzer-core.NullDereference"
long_function endless 90 >kiosk/ui/x.c
must_fail tidy "readability-function-size"

[ "$faults" -eq 0 ] || exit 1
echo "${#checks[@]} checks, each of them seen to fail"
