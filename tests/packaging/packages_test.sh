#!/usr/bin/env bash
# Which packages build.sh finds missing, and what it says where it cannot install them.
# shellcheck source=tests/packaging/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"

mkdir -p "$here/tree"
cp -r "$source_root/packaging" "$here/tree/packaging"
# Knows the packages in the file `installed`, and fails where it is asked for another, as dpkg-query does.
stand_in dpkg-query <<'STAND_IN'
shift 3
status=0
for package in "$@"; do
    if grep -qx "$package" "$HERE/installed"; then printf '%s:installed ' "$package"; else status=1; fi
done
exit "$status"
STAND_IN
# Knows the packages in the file `known`.
# shellcheck disable=SC2016 # bash of the stand-ins
{
stand_in apt-cache <<<'grep -qx "$2" "$HERE/known" && echo "$2 | 1 | somewhere"'
stand_in apt-get <<<'echo "$*" >>"$HERE/apt"; echo "E: no network"; exit 100'
stand_in sudo <<<'[[ $1 != -n ]] || shift; exec "$@"'
}

in_build_sh() {
    PATH="$here/bin:$PATH" bash -c 'source "$0/tree/packaging/build.sh"; '"$1" "$here" 2>&1
}
lines() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$source_root/packaging/packages.txt"; }

: >"$here/installed"
lines | tr '|' '\n' >"$here/known"
expect "without any package all are missing" "$(in_build_sh missing_packages)" "$(lines | sed 's/|.*//')"

lines | sed -n 's/.*|//p' >"$here/known"
expect "alternatives that apt knows are taken" "$(in_build_sh missing_packages)" "$(lines | sed 's/.*|//')"

lines | sed 's/|.*//' >"$here/installed"
expect "with all packages none is missing" "$(in_build_sh missing_packages)" ""
expect "then nothing is said or done" "$(in_build_sh 'install_packages; echo "status $?"')" "status 0"
expect "apt-get was not called" "$(cat "$here/apt" 2>/dev/null)" ""

lines | sed 's/.*|//' >"$here/installed"
expect "with all alternatives none is missing" "$(in_build_sh missing_packages)" ""

lines | sed 's/|.*//' | grep -v '^xvfb$' >"$here/installed"
expect "one is missing" "$(in_build_sh missing_packages)" "xvfb"
expect_match "what cannot be installed is named" "$(in_build_sh 'install_packages; echo "status $?"')" \
    "*E: no network*install by hand: apt-get install xvfb*status 1"
finish
