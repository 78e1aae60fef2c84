#!/usr/bin/env bash
# .ci/lint: what it takes for clean, and that nothing passes unseen.
# shellcheck source=tests/packaging/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"

tree=$here/tree
mkdir -p "$tree/core" "$tree/app" "$tree/build"
cp -r "$source_root/.ci" "$tree/.ci"
cd "$tree" || exit 1

stand_in clang-format <<'STAND_IN'
[[ $1 != --version ]] || { echo "clang-format version 14.0.6"; exit; }
[[ $# -gt 2 ]] || { cat; exit 1; }
STAND_IN
# Tells which files it was asked for; what it finds is in the file `finds`, how it ends in `status`.
stand_in clang-tidy <<'STAND_IN'
file=${!#}
echo "$file" >>"$HERE/asked"
[[ ! -e $HERE/slow ]] || sleep 20
cat "$HERE/finds" 2>/dev/null
exit "$(cat "$HERE/status" 2>/dev/null || echo 0)"
STAND_IN
stand_in nproc <<<'echo 1'
# What the build read: heavy.cpp reads LibTorch, light.cpp reads both headers. Ninja has absolute
# paths, ccache with a base directory relative ones.
stand_in ninja <<'STAND_IN'
cat <<DEPS
app/heavy.cpp.o: #deps 5, deps mtime 1 (VALID)
    $HERE/tree/app/heavy.cpp
    $HERE/tree/core/one.h
    /usr/include/ATen/Tensor.h
    /usr/include/a.h
    /usr/include/b.h

core/light.cpp.o: #deps 3, deps mtime 1 (VALID)
    ../core/light.cpp
    ../core/one.h
    ../core/two.h

DEPS
STAND_IN
for file in app/heavy.cpp core/light.cpp; do
    printf '"file": "%s"\n' "$tree/$file"
done >build/compile_commands.json

echo build >.gitignore
touch app/heavy.cpp core/light.cpp core/one.h core/two.h core/alone.h
commit() { git add -A && git -c user.name=n -c user.email=e@e commit -qm "$1"; }
git init -q . && commit first
lint() { (PATH="$here/bin:$PATH" .ci/lint "$@" 2>&1; echo "status $?"); }
# lints_after FILE...: changes the files; the output is in `out`, what was asked for in `asked`.
lints_after() {
    rm -f "$here/asked"
    local file
    for file in "$@"; do echo "// $RANDOM" >>"$file"; done
    commit change
    out=$(lint HEAD~1)
    asked=$(sort -u "$here/asked" 2>/dev/null | xargs)
}

lints_after app/heavy.cpp core/light.cpp
expect_match "clean" "$out" "*format: 5 files*lint: 2 files*status 0"
expect "changed sources" "$asked" "app/heavy.cpp core/light.cpp"
expect "the quickest is first" "$(head -n 1 "$here/asked")" "core/light.cpp"
lints_after core/two.h
expect "a header through a source that reads it" "$asked" "core/light.cpp"
lints_after core/one.h app/heavy.cpp
expect "a source that is there anyway" "$asked" "app/heavy.cpp"
lints_after core/alone.h
expect "a header that none reads" "$asked" "core/alone.h"

echo "$tree/core/two.h:3:1: error: use this [modernize-use-this,-warnings-as-errors]" >"$here/finds"
echo 1 >"$here/status"
lints_after core/two.h
expect_match "a finding in a header" "$out" "*core/two.h:3:1: error: use this*lint: failed*status 1"
echo "$tree/core/light.cpp:1:1: error: unknown type [clang-diagnostic-error]" >"$here/finds"
lints_after core/light.cpp
expect_match "what cannot be parsed" "$out" "*unknown type*status 1"
echo "/usr/include/ATen/Tensor.h:1:1: error: no [clang-diagnostic-error]" >"$here/finds"
lints_after app/heavy.cpp
expect_match "LibTorch's headers, which clang 14 cannot parse" "$out" "*status 0"

echo "Stack dump: boom" >"$here/finds"
echo 139 >"$here/status"
lints_after core/light.cpp
expect_match "a crash" "$out" "*clang-tidy broke on core/light.cpp (status 139)*Stack dump: boom*status 1"
echo 1 >"$here/status"
lints_after core/light.cpp
expect_match "a failure without a finding" "$out" "*without a finding*Stack dump: boom*status 1"
rm "$here/finds" "$here/status"

touch "$here/slow"
export VITREOUS_LINT_SECONDS=6
lints_after core/light.cpp app/heavy.cpp
expect_match "what there was no time for is named" "$out" "*left out for time, 2 of 2*core/light.cpp*app/heavy.cpp*status 0"
rm "$here/slow"
unset VITREOUS_LINT_SECONDS

mkdir "$here/without"
for tool in bash env git awk sort grep sed cat cut date xargs nproc timeout tail head wc find rm mkdir dirname; do
    ln -s "$(command -v "$tool")" "$here/without/$tool"
done
without() { (PATH="$here/without" .ci/lint HEAD~1 2>&1; echo "status $?"); }
expect_match "without the tools" "$(without)" "*clang-format is missing*clang-tidy is missing*status 1"

rm -rf .git
export GIT_CEILING_DIRECTORIES=$here
expect_match "outside a checkout" "$(echo rubbish | lint)" "*format: 5 files*no git checkout*status 0"
rm -r app core && mkdir app core
expect_match "nothing to look at" "$(echo rubbish | lint)" "*there are no sources*status 1"
finish
