#!/usr/bin/env bash
# Makes the demo: a small language model from a public-domain text, then a ViT and a ViT with a frozen
# block of that model, three seeds each, then the scores of all of them; then a Point-BERT and one with
# the same frozen block. Needs the Debian packages bible-kjv and dataset-fashion-mnist, and about an
# hour and a quarter of two cores.
#
#     resources/demo/make_demo.sh BUILD_FOLDER OUTPUT_FOLDER [SEED...]
set -euo pipefail

cli=$(realpath "${1:?a build folder}")/app/cli/vitreous-cli
mkdir -p "${2:?an output folder}"
cd "$2"
shift 2
seeds=("${@:-1 2 3}")
read -r -a seeds <<<"${seeds[*]}"
data=/usr/share/datasets/fashion-mnist

if [[ ! -e lm/model.safetensors ]]; then
    # The verses without their numbers, one a line.
    bible -f Gen1:1-Rev22:21 | sed 's/^[^ ]* //' >kjv.txt
    "$cli" train-lm --text kjv.txt --output lm --steps 800 --learning-rate 3e-3 --seed 1 \
        --precision bf16 --save-precision fp16
fi

# stage FOLDER OPTION...: a training run, once; what was interrupted goes on.
stage() {
    local folder=$1
    shift
    [[ -e $folder/done ]] && return
    local resume=()
    [[ -e $folder/state.safetensors ]] && resume=(--resume)
    "$cli" train --output "$folder" "$@" "${resume[@]}"
    touch "$folder/done"
}

# First scenes that an item nearly fills, then the real ones at half their size, where a picture costs a
# quarter, then these at full size: the same steps for both models.
train_one() {
    local name=$1 seed=$2
    shift 2
    local common=(--data "$data" --precision bf16 --threads 1 --label-smoothing 0 --batch 32 --seed "$seed"
        --test-limit 1000 "$@")
    stage "$name/1" "${common[@]}" --clutter 32 --size 32 --epochs 5 --limit 10000 \
        --learning-rate 0.0015 --warmup-epochs 0.5
    stage "$name/2" "${common[@]}" --clutter 64 --size 32 --init "$name/1/model.safetensors" \
        --epochs 6 --limit 10000 --learning-rate 0.001 --warmup-epochs 0.25
    stage "$name/3" "${common[@]}" --clutter 64 --size 64 --init "$name/2/model.safetensors" \
        --epochs 2 --limit 8000 --learning-rate 0.0007 --warmup-epochs 0.25 --save-precision fp16
}

for seed in "${seeds[@]}"; do
    train_one "vit-$seed" "$seed" &
    vit=$!
    train_one "vit_llama-$seed" "$seed" --llm lm/model.safetensors,llm_layer=1 &
    vit_llama=$!
    wait "$vit"
    wait "$vit_llama"
done

"$cli" scenes --data "$data" --output scenes --count 500 --clutter 64
models=()
for seed in "${seeds[@]}"; do
    models+=(--model "vit-$seed/3/model.safetensors,label=vit-$seed")
    models+=(--model "vit_llama-$seed/3/model.safetensors,label=vit_llama-$seed")
done
"$cli" evaluate "${models[@]}" --images scenes/images --masks scenes/masks --labels scenes/labels.csv \
    --output evaluation --batch 16

# Point clouds: one seed, since both models do nearly all that there is to do.
train_points() {
    local name=$1
    shift
    stage "$name" --shapes --width 64 --depth 6 --heads 4 --epochs 7 --batch 32 --learning-rate 0.0015 \
        --warmup-epochs 0.5 --label-smoothing 0 --seed 1 --test-limit 500 --precision bf16 --threads 1 \
        --save-precision fp16 "$@"
}

train_points point &
point=$!
train_points point_llama --llm lm/model.safetensors,llm_layer=1 &
point_llama=$!
wait "$point"
wait "$point_llama"
"$cli" shapes --output shapes --count 10 --seed 9
