#!/usr/bin/env bash
# install_test.sh CMAKE BUILD: an installed program needs nothing of the folder in which it was built.
set -eu
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
"$1" --install "$2" --prefix "$prefix" >"$prefix/log" || { cat "$prefix/log"; exit 1; }
cd /
unset SOCKETSCOPE_ASSETS SOCKETSCOPE_HELPER
for file in bin/socketscope libexec/socketscope/socketscope-hosts share/man/man1/socketscope.1; do
    [ -e "$prefix/$file" ] || { echo "$file was not installed"; exit 1; }
done
# A lesson that only the installed folder has shows which folder is read.
cp "$prefix"/share/socketscope/lessons/10-*.md "$prefix/share/socketscope/lessons/99-only-here.md"
"$prefix/bin/socketscope" list | grep -q '^only-here ' || { echo "the installed lessons are not the ones listed"; exit 1; }
"$prefix/bin/socketscope" matrix --json | grep -q '"rung"' || { echo "the installed program has no matrix"; exit 1; }
