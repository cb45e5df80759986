#!/usr/bin/env bash
# Every source file is as .clang-format says. Versions of clang-format differ in details; the project's is 14 (Debian 12).
set -u
cd "$1" || exit 1
for command in clang-format-14 clang-format; do
    if "$command" --version 2>/dev/null | grep -q 'version 14\.'; then
        find core app tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 | xargs -0 "$command" --dry-run -Werror
        exit
    fi
done
echo "SKIPPED: format of the sources: clang-format 14 is not installed"
