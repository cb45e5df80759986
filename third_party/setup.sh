# Sourced by ./run and ./test: installs missing Debian packages, configures and builds. Progress goes to standard error.

say() { printf '%s\n' "$*" >&2; }

# follow LOG WHAT: standard input goes to LOG; how far it has come (ninja's "[7/217] …", dpkg's "Setting up …") is told in
# one line on a terminal, elsewhere in a line each fifth. Says nothing where there was nothing to do.
follow() {
    local log=$1 what=$2 line percent packages=0 seen=0 told=-1 terminal=
    [ -t 2 ] && terminal=yes
    while IFS= read -r line; do
        printf '%s\n' "$line"
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]]; then
            [[ ${BASH_REMATCH[3]} == Re-* ]] && continue  # CMake looks whether it must run again
            percent=$((BASH_REMATCH[1] * 100 / BASH_REMATCH[2]))
        elif [[ $line =~ \ ([0-9]+)\ newly\ installed ]]; then
            packages=${BASH_REMATCH[1]} percent=0
        elif [[ $line =~ ^(Unpacking|Setting\ up)\  ]] && [ "$packages" -gt 0 ]; then
            seen=$((seen + 1)) percent=$((seen * 50 / packages))
        else
            continue
        fi
        if [ "$terminal" ]; then
            printf '\r%s: %3d %%' "$what" "$percent" >&2
        elif [ "$told" -lt 0 ] || [ $((percent / 20)) -gt $((told / 20)) ]; then
            say "$what: $percent %"
        fi
        told=$percent
    done >"$log"
    [ "$terminal" ] && [ "$told" -ge 0 ] && say ""
    return 0
}

# folder_is_ours FOLDER: made if need be; false, with the reason, where we can't write into it.
folder_is_ours() {
    mkdir -p "$1" 2>/dev/null
    [ -d "$1" ] && [ -w "$1" ] && return 0
    say "$PWD/$1 can't be written: it, or the folder around it, belongs to $(stat -c %U "$1" 2>/dev/null || stat -c %U .)."
    say "Remove it as that user (rm -rf $1), or work in a clone of your own."
    return 1
}

# no_apt PACKAGE… : false where even the tools of the build are missing.
no_apt() {
    local command absent=()
    [ -e build/release/build.ninja ] && return 0  # it was built here before, so everything was there
    say "This machine has no apt-get, so nothing was installed. Socketscope needs these, by their Debian names:"
    say "    $*"
    for command in cmake ninja pkg-config c++ glad; do
        command -v "$command" >/dev/null 2>&1 || absent+=("$command")
    done
    [ ${#absent[@]} -eq 0 ] && return 0
    say "Not found: ${absent[*]}. Install the list with this machine's package manager, then run it again."
    return 3
}

# install_missing LIST… : names of package lists in the working directory.
install_missing() {
    local wanted missing=() package by_hand as_root=()
    mapfile -t wanted < <(cat "$@" | grep -v '^#' | sort -u)
    if ! command -v apt-get >/dev/null 2>&1; then
        no_apt "${wanted[@]}"
        return
    fi
    for package in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    by_hand="apt-get install --no-install-recommends ${missing[*]}"
    folder_is_ours build || return 3
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo)
        say "${#missing[@]} packages are missing. Installing them takes root."
        if ! command -v sudo >/dev/null 2>&1; then
            say "This machine has no sudo. Have it done by root:  $by_hand"
            return 3
        elif ! sudo env true; then
            say "sudo did not let you ($(id -un)). Have it done by root:  $by_hand"
            return 3
        fi
    fi
    say "Installing ${#missing[@]} missing packages: ${missing[*]}"
    local apt=("${as_root[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive
               apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
    "${apt[@]}" update </dev/null >build/packages.log 2>&1 || say "apt-get update failed; going on with the lists at hand."
    "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null 2>&1 | follow build/packages.log "Installing"
    if [ "${PIPESTATUS[0]}" -ne 0 ]; then
        say "Not all packages could be installed (is this machine on the network?). apt-get says, in build/packages.log:"
        grep -E '^(E:|dpkg: error)' build/packages.log | head -n 3 >&2
        say "Later, by hand as root:  $by_hand"
        return 3
    fi
}

# build_preset PRESET TARGET [cmake options…]
build_preset() {
    local preset=$1 target=$2 log home
    shift 2
    log=build/$preset.log
    folder_is_ours build && folder_is_ours "build/$preset" || return 3
    home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "build/$preset/CMakeCache.txt" 2>/dev/null)
    if [ -n "$home" ] && [ "$home" != "$(pwd -P)" ]; then
        say "This folder was $home when build/$preset was made: building anew."
        rm -rf "build/$preset"
    fi
    [ -e "build/$preset/build.ninja" ] || say "Building ($preset): some minutes the first time. The log is $log"
    { cmake --preset "$preset" "$@" && NINJA_STATUS='[%f/%t] ' cmake --build "build/$preset" --target "$target"; } 2>&1 |
        follow "$log" "Building ($preset)"
    if [ "${PIPESTATUS[0]}" -ne 0 ]; then
        say "The build failed. The first errors, then the last lines, of $log:"
        grep -m 10 -E '([Ee]rror|command not found|FAILED):?' "$log" >&2
        tail -n 15 "$log" >&2
        return 3
    fi
}
