#!/usr/bin/env bash
# run.sh and test.sh: what they start, with which arguments, from wherever they are called.
# shellcheck source=tests/packaging/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"

for script in "$source_root"/packaging/*.sh "$source_root"/.ci/*; do
    bash -n "$script" || failures=$((failures + 1))
done

tree=$here/tree
mkdir -p "$tree"
cp -r "$source_root/packaging" "$tree/packaging"

stand_in dpkg-query <<<'shift 3; printf "%s:installed " "$@"'
stand_in ctest <<<'printf "ctest"; printf " [%s]" "$@"; echo'
# Builds a program that tells its arguments, and writes what --screenshot and --export ask for, and
# a command line that tells its arguments on stderr and writes two arrays.
stand_in cmake <<'STAND_IN'
build=$HERE/tree/build
if [[ $1 == --fresh ]]; then
    printf 'CMAKE_HOME_DIRECTORY:INTERNAL=%s\n' "$HERE/tree" >"$build/CMakeCache.txt"
    touch "$build/build.ninja"
    exit
fi
echo "$*" >>"$HERE/builds"
[[ ! -e $HERE/broken ]] || { echo "error: broken"; exit 1; }
mkdir -p "$build/app/desktop"
cat >"$build/app/desktop/vitreous" <<'PROGRAM'
#!/usr/bin/env bash
printf 'program'; printf ' [%s]' "$@"; echo
while [[ $# -gt 0 ]]; do
    case $1 in
    --screenshot) file=$2 ;;
    --export) figure=$2 ;;
    --view) view=$2 ;;
    --view=*) view=${1#--view=} ;;
    esac
    shift
done
[[ -z ${file:-} ]] || echo "$view" >"$file"
[[ -z ${figure:-} ]] || echo "$view" >"$figure"
PROGRAM
mkdir -p "$build/app/cli"
cat >"$build/app/cli/vitreous-cli" <<'PROGRAM'
#!/usr/bin/env bash
{ printf 'cli'; printf ' [%s]' "$@"; echo; } >&2
output=${!#}
mkdir -p "$output" && touch "$output/a.ViT.npz" "$output/a.ViT.json" "$output/a.ViT-LLaMA.npz"
echo "analysed"
PROGRAM
chmod +x "$build/app/desktop/vitreous" "$build/app/cli/vitreous-cli"
STAND_IN
stand_in xvfb-run <<<'shift 3; exec "$@"'

call() {
    (cd "$1" && shift && env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM PATH="$here/bin:$PATH" "$@")
}
demo() { cat "$tree/build/demo/$1.png" 2>&1; }
run=$tree/packaging/run.sh

expect "the first build says so" "$(call / "$run" --help 2>&1 >/dev/null)" \
    "run.sh: building in $tree/build, this takes some minutes the first time (log: $tree/build/build.log)"
expect "help from another folder" "$(call / "$run" --help 2>&1)" "program [--help]"
expect "a second run is quiet" "$(call "$here" "$run" --version 2>&1)" "program [--version]"
expect "with a display" "$(call / env DISPLAY=:7 "$run" "a b.pth" x.png)" "program [a b.pth] [x.png]"
expect "a screenshot that was asked for" "$(call / "$run" --screenshot "$here/s.png" x.png)" \
    "program [--screenshot] [$here/s.png] [x.png]"

expect "with a display and nothing to open" "$(call / env DISPLAY=:7 "$run" 2>&1)" "program []"

mkdir -p "$tree/build/demo/arrays"
touch "$tree/build/demo/arrays/old.npz"
out=$(call / "$run" 2>"$here/errors" | grep -v '^program')
expect "nothing to open and no display: the paths" "$out" "$tree/build/demo/magnitude.png
$tree/build/demo/magnitude.pdf
$tree/build/demo/frequency.png
$tree/build/demo/frequency.pdf
$tree/build/demo/attention.png
$tree/build/demo/attention.pdf
$tree/build/demo/points.png
$tree/build/demo/points.pdf
$tree/build/demo/video.png
$tree/build/demo/video.pdf
$tree/build/demo/arrays (2 .npz, a .json beside each)"
expect "the demo's arrays" "$(grep '^cli' "$here/errors")" \
    "cli [analyze] [--model] [$tree/resources/demo/vit.safetensors,label=ViT] \
[--model] [$tree/resources/demo/vit_llama.safetensors,label=ViT-LLaMA] \
[--input] [$tree/resources/demo/scenes] [--output] [$tree/build/demo/arrays]"
for view in magnitude frequency attention; do
    expect "the demo's $view" "$(cat "$tree/build/demo/$view".{png,pdf} 2>&1)" "$view
$view"
done

rm -r "$tree/build/demo"
expect_match "without a display" "$(call / "$run" "a b.pth" 2>"$here/errors")" "*[[]a b.pth[]]*attention.png"
expect "no arrays of other files" "$(grep -c '^cli' "$here/errors") $(cd "$tree/build/demo" && echo *)" \
    "0 attention.png frequency.png magnitude.png"
for view in magnitude frequency attention; do
    expect "the $view picture" "$(demo $view)" "$view"
done

rm -r "$tree/build/demo"
call / "$run" --view frequency a.pth >/dev/null 2>&1
expect "the one view that was asked for" "$(ls "$tree/build/demo")" "frequency.png"
expect "its picture" "$(demo frequency)" "frequency"
rm -r "$tree/build/demo"
call / "$run" a.pth --view=frequency --view=attention >/dev/null 2>&1
expect "the last view counts" "$(ls "$tree/build/demo") $(demo attention)" "attention.png attention"

expect "test.sh hands its arguments on" "$(call / "$tree/packaging/test.sh" -R "a b" 2>/dev/null)" \
    "ctest [--test-dir] [$tree/build] [--output-on-failure] [-j1] [-R] [a b]"

touch "$here/broken"
expect_match "a build that fails is told" "$(call / "$run" --help 2>&1; echo "status $?")" \
    "*error: broken*the build failed*status 1"
finish
