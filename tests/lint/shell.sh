#!/usr/bin/env bash
# ShellCheck has nothing to say about any script (but French quotes, and A && B || C, are welcome).
. "$(dirname "$0")/lib.bash"

scripts=()
while read -r file; do
    case $file in
    *.sh | *.bash) scripts+=("$file") ;;
    *)
        read -r first <"$file" 2>/dev/null || true
        case ${first-} in '#!'*sh) scripts+=("$file") ;; esac
        ;;
    esac
done < <(all_files | grep -E '\.(sh|bash)$|(^|/)[^./]+$')
need_some ${#scripts[@]}
output=$(shellcheck --external-sources --shell=bash --exclude=SC1090,SC1091,SC1112,SC2015 -- "${scripts[@]}" 2>&1) || fault "$output"
finish
