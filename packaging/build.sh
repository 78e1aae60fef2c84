#!/usr/bin/env bash
# Sourced by run.sh, test.sh and .ci/run: installs what is missing and builds. Quiet when there is
# nothing to do. Sets `root` and `build`.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# The first alternative of a line of packages.txt that apt knows; the very first where it knows none.
choose_package() {
    local alternative
    for alternative in ${1//|/ }; do
        if apt-cache madison "$alternative" 2>/dev/null | grep -q '|'; then
            printf '%s\n' "$alternative"
            return
        fi
    done
    printf '%s\n' "${1%%|*}"
}

# The packages that are not installed. apt is asked only about alternatives: it takes its time.
missing_packages() {
    local installed line package
    command -v dpkg-query >/dev/null || return 0
    # dpkg-query fails where it knows one of the packages not at all, and tells of the others.
    # shellcheck disable=SC2016 # dpkg-query's own format
    installed=" $(sed -e 's/#.*//' -e 's/|/\n/g' "$root/packaging/packages.txt" |
        xargs dpkg-query -W -f '${Package}:${db:Status-Status} ' 2>/dev/null || true)"
    while read -r line; do
        package=${line%%|*}
        [[ $installed == *" $package:installed "* ]] && continue
        package=$(choose_package "$line")
        [[ $installed == *" $package:installed "* ]] || printf '%s\n' "$package"
    done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/packaging/packages.txt")
}

install_packages() {
    local missing privileged=() log=$build/packages.log
    mapfile -t missing < <(missing_packages)
    if [[ ${#missing[@]} -eq 0 ]]; then
        if ! command -v dpkg-query >/dev/null && [[ ! -e $build/build.ninja ]]; then
            say "no dpkg here: install these Debian packages' counterparts by hand where the build misses one:"
            say "$(sed -e 's/#.*//' "$root/packaging/packages.txt" | xargs)"
        fi
        return 0
    fi
    if ! command -v apt-get >/dev/null; then
        say "missing packages and no apt-get to install them, install by hand: ${missing[*]}"
        return 1
    fi
    if [[ $EUID -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            say "missing packages and neither root nor sudo, ask an administrator for: apt-get install ${missing[*]}"
            return 1
        fi
        privileged=(sudo)
        [[ -t 0 ]] || privileged=(sudo -n)
    fi
    privileged+=(env DEBIAN_FRONTEND=noninteractive)
    say "installing ${#missing[@]} packages: ${missing[*]}"
    if ! "${privileged[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
        # The package lists may be missing or old; new ones may know other names.
        "${privileged[@]}" apt-get update -qq >>"$log" 2>&1 || true
        mapfile -t missing < <(missing_packages)
        if ! "${privileged[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
            grep '^E:' "$log" >&2 || tail -n 5 "$log" >&2
            say "cannot install with apt-get, install by hand: apt-get install ${missing[*]} (log: $log)"
            return 1
        fi
    fi
}

# One job a core, as long as each has the 1.5 GB that LibTorch's headers take.
build_jobs() {
    local available jobs
    available=$(awk '/^MemAvailable/ {print int($2 / 1572864)}' /proc/meminfo 2>/dev/null)
    jobs=$(nproc 2>/dev/null || echo 1)
    if [[ -n $available && $available -lt $jobs ]]; then
        jobs=$available
    fi
    echo $((jobs > 1 ? jobs : 1))
}

configure_if_needed() {
    local home=
    [[ -e $build/CMakeCache.txt ]] &&
        home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt")
    if [[ -e $build/build.ninja && $home == "$root" ]]; then
        return 0
    fi
    # --fresh: a checkout that was moved leaves a cache that points elsewhere.
    cmake --fresh -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE="${VITREOUS_BUILD_TYPE:-Release}"
}

# build_targets TARGET...: configures and builds; the log is shown where that fails.
build_targets() {
    local log=$build/build.log status=0
    if [[ ! -e $build/build.ninja ]]; then
        say "building in $build, this takes some minutes the first time (log: $log)"
    fi
    (
        # Two runs at once must not build into each other.
        flock 9
        configure_if_needed && cmake --build "$build" -j "$(build_jobs)" --target "$@"
    ) 9>"$build/.lock" >"$log" 2>&1 || status=$?
    if [[ $status -ne 0 ]]; then
        tail -n 60 "$log" >&2
        say "the build failed (log: $log)"
    fi
    return "$status"
}

mkdir -p "$build"
