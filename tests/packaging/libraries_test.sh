#!/usr/bin/env bash
# libraries_test.sh PROGRAM...: what the programs load. Qt 5 beside Qt 6 would be two toolkits in one
# process, and OpenBLAS with its own threads is five times as slow beside ATen's OpenMP.
set -uo pipefail
failures=0
fail() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

[[ $# -gt 0 ]] || fail "no program to look at"
pinned=$(find /usr/lib -path '*/openblas-openmp/libopenblas.so.0' 2>/dev/null | head -n 1)
for program in "$@"; do
    libraries=$(ldd "$program") || fail "$program: ldd cannot read it"
    [[ $libraries == *libtorch_cpu* ]] || fail "$program: without LibTorch, so that this shows nothing"
    missing=$(grep 'not found' <<<"$libraries") && fail "$program: $missing"
    qt5=$(grep -o 'libQt5[^ ]*' <<<"$libraries" | sort -u | xargs)
    [[ -z $qt5 ]] || fail "$program: loads Qt 5: $qt5"
    [[ -n $pinned ]] || continue
    openblas=$(awk '/libopenblas/ {print $3}' <<<"$libraries")
    [[ -n $openblas ]] || fail "$program: does not load OpenBLAS, though $pinned is installed"
    for file in $openblas; do
        [[ $(readlink -f "$file") == */openblas-openmp/* ]] ||
            fail "$program: $file is not the one with OpenMP threads, expected $pinned"
    done
done
[[ $failures -gt 0 ]] || echo "passed"
exit "$((failures > 0))"
