# Sourced by the tests beside it. Sets `here`, a fresh folder, and `source_root`.
# shellcheck shell=bash

set -uo pipefail
# shellcheck disable=SC2034 # for those that source this
source_root=$1
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
failures=0

# expect WHAT ACTUAL EXPECTED
expect() {
    if [[ $2 != "$3" ]]; then
        printf 'FAIL: %s\n  found:    %q\n  expected: %q\n' "$1" "$2" "$3"
        failures=$((failures + 1))
    fi
}

# expect_match WHAT ACTUAL PATTERN: a pattern of [[ ]].
expect_match() {
    # shellcheck disable=SC2053
    if [[ $2 != $3 ]]; then
        printf 'FAIL: %s\n  found:   %q\n  pattern: %q\n' "$1" "$2" "$3"
        failures=$((failures + 1))
    fi
}

# stand_in NAME: an executable $here/bin/NAME whose bash text comes on stdin; $HERE is this folder.
stand_in() {
    mkdir -p "$here/bin"
    { printf '#!/usr/bin/env bash\nHERE=%q\n' "$here"; cat; } >"$here/bin/$1"
    chmod +x "$here/bin/$1"
}

finish() {
    [[ $failures -eq 0 ]] && echo "passed"
    exit "$((failures > 0))"
}
