# What the checks share. TREE is what they look at: the source, or a bad little tree of selftest.sh.
set -euo pipefail
# The order of names and the meaning of [a-z] do not depend on who runs this.
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=${TREE:-$(cd "$here/../.." && pwd)}
cd "$TREE"
faults=0

fault() {
    printf '%s\n' "$*"
    faults=$((faults + 1))
}

# Every file of the tree, as git has it or would have it; without git, what lies there.
all_files() {
    if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
        git ls-files -co --exclude-standard | while read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
    else
        find . -type f -not -path './.git/*' -not -path './build*' | sed 's|^\./||'
    fi | sort
}

c_files() { all_files | grep -E '\.[ch]$' || true; }
product_files() { c_files | grep -E '^(kiosk|syncd|common)/' || true; }

# A pattern that matches nothing proves nothing.
need_some() {
    [ "$1" -gt 0 ] || fault "nothing was looked at"
}

finish() {
    [ "$faults" -eq 0 ] || {
        echo "$faults faults"
        exit 1
    }
    exit 0
}
