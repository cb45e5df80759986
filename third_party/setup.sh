# Sourced by ./run and ./test: installs missing Debian packages, configures and builds. Progress goes to standard error.

say() { printf '%s\n' "$*" >&2; }

# install_missing LIST… : names of package lists beside this file.
install_missing() {
    local wanted missing=() package
    wanted=$(cat "$@" | grep -v '^#' | sort -u)
    if ! command -v apt-get >/dev/null 2>&1; then
        say "This machine has no apt-get, so nothing was installed. Socketscope needs these, by their Debian names:"
        say "$(printf '%s' "$wanted" | tr '\n' ' ')"
        return 0
    fi
    for package in $wanted; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "Installing ${#missing[@]} missing packages: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "You are not root and there is no sudo. As root, run:  apt-get install ${missing[*]}"
            return 3
        fi
        as_root=(sudo)
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || say "apt-get update failed; trying with the lists at hand."
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2; then
        say "Could not install all packages. By hand:  apt-get install ${missing[*]}"
        return 3
    fi
}

# build_preset PRESET TARGET [cmake options…]
build_preset() {
    local preset=$1 target=$2 log
    shift 2
    log=build/$preset.log
    mkdir -p build
    say "Building ($preset); this takes some minutes the first time. The log is $log"
    if ! { cmake --preset "$preset" "$@" && cmake --build "build/$preset" --target "$target"; } >"$log" 2>&1; then
        say "The build failed. The first errors, then the last lines, of $log:"
        grep -m 10 -E 'error|Error' "$log" >&2
        tail -n 15 "$log" >&2
        return 3
    fi
}
