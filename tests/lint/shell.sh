#!/usr/bin/env bash
# ShellCheck has nothing to say about any script.
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
output=$(shellcheck --external-sources --shell=bash --exclude=SC1090,SC1091 -- "${scripts[@]}" 2>&1) || fault "$output"
finish
