#!/usr/bin/env bash
# Installs what is missing, builds, and starts the program with the arguments given; without any it
# opens the demo comparison. Without a display it renders the views of the given files to build/demo/,
# or the demo's views with its figures and arrays, and prints the paths.
set -euo pipefail
# shellcheck source=packaging/build.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/build.sh"

install_packages
build_targets vitreous vitreous-cli vitreous_sample
program=$(find "$build/app" -type f -name vitreous -perm -u+x | head -n 1)

if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} || -n ${QT_QPA_PLATFORM:-} ]]; then
    exec "$program" "$@"
fi

wants() {
    local wanted=$1 argument
    shift
    for argument in "$@"; do
        [[ $argument == "$wanted" || $argument == "$wanted"=* ]] && return 0
    done
    return 1
}

if wants --help "$@" || wants -h "$@" || wants --version "$@"; then
    QT_QPA_PLATFORM=offscreen exec "$program" "$@"
fi
if [[ -z ${XDG_RUNTIME_DIR:-} ]]; then
    # Qt complains where there is none, as in a container.
    export XDG_RUNTIME_DIR=$build/runtime
    mkdir -p -m 700 "$XDG_RUNTIME_DIR"
fi
screen=(xvfb-run -a -s "-screen 0 1600x1000x24")
if wants --screenshot "$@" || wants --export "$@"; then
    exec "${screen[@]}" "$program" "$@"
fi

# Only the view that was asked for, if one was: the last --view counts, as in the program.
views=(magnitude frequency attention)
previous=
for argument in "$@"; do
    if [[ $previous == --view ]]; then
        views=("$argument")
    elif [[ $argument == --view=* ]]; then
        views=("${argument#--view=}")
    fi
    previous=$argument
done

output=$build/demo
mkdir -p "$output"
say "no display: rendering to files"
for view in "${views[@]}"; do
    written=("$output/$view.png")
    figure=()
    if [[ $# -eq 0 ]]; then
        written+=("$output/$view.pdf")
        figure=(--export "$output/$view.pdf")
    fi
    "${screen[@]}" "$program" --screenshot "$output/$view.png" "${figure[@]}" --view "$view" "$@"
    printf '%s\n' "${written[@]}"
done
if [[ $# -eq 0 ]]; then
    demo=$root/resources/demo
    points=("$demo/point.safetensors,label=Point-BERT" "$demo/point_llama.safetensors,label=Point-BERT-LLaMA"
        "$demo/shapes")
    "${screen[@]}" "$program" --screenshot "$output/points.png" --export "$output/points.pdf" "${points[@]}"
    printf '%s\n' "$output/points.png" "$output/points.pdf"
    clip=("$demo/vit.safetensors,label=ViT" "$demo/vit_llama.safetensors,label=ViT-LLaMA" "$demo/clips/00000.mp4")
    "${screen[@]}" "$program" --screenshot "$output/video.png" --export "$output/video.pdf" --view filmstrip \
        "${clip[@]}"
    printf '%s\n' "$output/video.png" "$output/video.pdf"
    command_line=$(find "$build/app" -type f -name vitreous-cli -perm -u+x | head -n 1)
    rm -rf "$output/arrays"
    "$command_line" analyze --model "$demo/vit.safetensors,label=ViT" \
        --model "$demo/vit_llama.safetensors,label=ViT-LLaMA" \
        --input "$demo/scenes" --output "$output/arrays" >/dev/null
    arrays=("$output/arrays"/*.npz)
    printf '%s (%d .npz, a .json beside each)\n' "$output/arrays" "${#arrays[@]}"
fi
