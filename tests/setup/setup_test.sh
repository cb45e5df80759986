#!/usr/bin/env bash
# setup_test.sh SOURCE: ./run and ./test in a copy of their own, with stand-ins for the tools that change a machine.
set -u
source=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
home="$folder/a clone" tools="$folder/tools"
mkdir -p "$home/third_party" "$tools"
cp "$source/run" "$source/test" "$home"
cp "$source"/third_party/{setup.sh,packages-build,packages-test} "$home/third_party"
for tool in bash cat chmod dirname env grep head id mkdir readlink rm sed sort stat tail touch uniq; do
    ln -s "$(command -v "$tool")" "$tools/$tool"
done

failures=0
fail() { printf 'FAILED: %s\n%s\n' "$1" "$output"; failures=$((failures + 1)); }
stand_in() { printf '#!/bin/bash\n%s\n' "$2" >"$tools/$1" && chmod +x "$tools/$1"; }
without() { rm -f "${@/#/$tools/}"; }
# when STATUS COMMAND…: runs it with the stand-ins alone; the status must be so. What it said is in $output.
when() {
    local wanted=$1 status
    shift
    output=$(PATH=$tools "$@" 2>&1 </dev/null)
    status=$?
    [ "$status" -eq "$wanted" ] || fail "$* ended with $status instead of $wanted"
}
says() { [[ $output == *"$1"* ]] || fail "not said: $1"; }
says_not() { [[ $output != *"$1"* ]] || fail "said: $1"; }
says_times() { [ "$(grep -c "$1" <<<"$output")" -eq "$2" ] || fail "not said $2 times: $1"; }

# No apt-get, no compiler.
when 3 "$home/run" list
says "no apt-get"
says "libimgui-dev"
says "Not found: cmake ninja pkg-config c++ glad"

# apt-get, packages missing, not root, no sudo; then a sudo that refuses.
stand_in apt-get 'echo "E: apt-get was called" >&2; exit 100'
stand_in dpkg-query 'exit 1'
without id
stand_in id 'if [ "$1" = -u ]; then echo 1000; else echo student; fi'
when 3 "$home/run" list
says "no sudo"
says "apt-get install --no-install-recommends build-essential"
says_times "libimgui-dev" 1
stand_in sudo "echo asked >>'$folder/sudo'; exit 1"
when 3 "$home/run" list
says "sudo did not let you (student)"
says_times "libimgui-dev" 1
says_not "missing packages:"
[ "$(wc -l <"$folder/sudo")" -eq 1 ] || fail "sudo was asked more than once"
says_not "apt-get was called"

# root without a network: some words of apt's, not its hundreds of lines.
stand_in id 'echo 0'
stand_in apt-get 'for i in 1 2 3 4 5 6 7 8 9; do echo "E: Failed to fetch $i"; done; exit 100'
when 3 "$home/run" list
says "is this machine on the network"
says_times '^E: Failed' 3

# Installing tells how far it is; so does building; the program gets its arguments in the caller's folder.
stand_in apt-get '[[ $* == *" update" ]] || printf "%s\n" "0 upgraded, 2 newly installed, 0 to remove." "Unpacking a (1) ..." \
    "Unpacking b (1) ..." "Setting up a (1) ..." "Setting up b (1) ..."'
stand_in cmake 'if [ "$1" = --preset ]; then mkdir -p build/release/bin; touch build/release/build.ninja
    printf "#!/bin/bash\necho program \$PWD \"\$@\"\n" >build/release/bin/socketscope; chmod +x build/release/bin/socketscope
else printf "%s\n" "[1/4] a" "[2/4] b" "[3/4] c" "[4/4] d"; fi'
ln -s "$home/run" "$folder/socketscope-run"
cd "$folder" || exit 1
when 0 ./socketscope-run check "a file.md"
says "Installing: 100 %"
says "Building (release): 100 %"
says "program $folder check a file.md"

# With all there and nothing to build, only the program speaks.
stand_in dpkg-query 'echo installed'
stand_in cmake 'echo "[0/2] Re-checking globbed directories..."; echo "[1/2] Re-checking globbed directories..."'
when 0 "$home/run" list
[ "$output" = "program $folder list" ] || fail "more was said than needed"

# Without apt-get, but built before: the same.
without apt-get
when 0 "$home/run" list
[ "$output" = "program $folder list" ] || fail "more was said than needed"

stand_in apt-get 'exit 100'

# A build that fails, and one that was made elsewhere.
stand_in cmake 'echo "[1/9] x"; echo "x.cpp:3: error: no such thing"; exit 1'
when 3 "$home/run" list
says "x.cpp:3: error: no such thing"
says "build/release.log"
echo "CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere" >"$home/build/release/CMakeCache.txt"
stand_in cmake 'mkdir -p build/release; [ ! -e build/release/CMakeCache.txt ] && exit 1; echo the cache is still there'
when 3 "$home/run" list
says "This folder was /elsewhere"

# ./test: a name that is none; words that it does not know.
stand_in cmake 'mkdir -p build/release'
stand_in ctest 'case $* in *"-R nonsense"*) ;; *--show-only*) echo "  Test  #1: test_model"; echo "  Test #12: test_wire";; esac'
when 2 "$home/test" nonsense
says "No test's name matches nonsense"
says "    test_wire"
when 0 "$home/test" model
when 2 "$home/test" --fast
when 0 "$home/test" --help
stand_in ctest '[[ $* == *--show-only* ]] && echo "Test #1: test_model" || exit 8'
when 1 "$home/test" model

# A folder that belongs to somebody else. Root writes everywhere, so it looks as another user.
if [ "$EUID" -ne 0 ]; then
    chmod a-w "$home/build/release"
    when 3 "$home/run" list
    says "build/release can't be written"
    chmod u+w "$home/build/release"
else
    chmod -R a+rX "$folder"
    chmod a+w "$home/build"
    nobody=("$(command -v setpriv)" --reuid 65534 --regid 65534 --clear-groups)
    if "${nobody[@]}" test -x "$home/run" 2>/dev/null; then
        when 3 "${nobody[@]}" "$home/run" list
        says "build/release can't be written: it, or the folder around it, belongs to root"
    else
        echo "SKIPPED: ./run in a folder of another user: root can't become one here, or user 65534 may not read $folder"
    fi
fi
[ "$failures" -eq 0 ]
