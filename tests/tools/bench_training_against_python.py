#!/usr/bin/python3
"""Times one training step of the demo's ViT (AdamW, batch 64, 64 pixels, patch 4) in Python's PyTorch
and in vitreous-cli, in turns on the same machine: medians in milliseconds and their ratio.

    tests/tools/bench_training_against_python.py [BUILD_FOLDER] [ROUNDS] [fp32|bf16]

Needs python3-torch. The weights are random; speed does not depend on them.
"""

import json
import pathlib
import statistics
import subprocess
import sys

from bench_against_python import Vit, median_ms, torch


def make_step(precision):
    torch.manual_seed(1)
    model = Vit(width=96, depth=6, heads=3, patch=4, size=64, classes=10).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
    images = torch.randn(64, 3, 64, 64)
    labels = torch.arange(64) % 10

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            logits = model(images)
        torch.nn.functional.cross_entropy(logits.float(), labels).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "build"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    precision = sys.argv[3] if len(sys.argv) > 3 else "fp32"
    step = make_step(precision)
    command = [build / "app/cli/vitreous-cli", "bench", "--training", "--json", "--runs=3", "--device=cpu"]
    command += ["--precision", precision]
    median_ms(step, 1)
    python = []
    vitreous = []
    for _ in range(rounds):
        python.append(median_ms(step, 3))
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        vitreous.append(json.loads(output)["step_ms"])
    ours, theirs = statistics.median(vitreous), statistics.median(python)
    print(f"a training step of the demo's ViT, {precision}, batch 64, PyTorch {torch.__version__} in Python,")
    print(f"medians of {rounds} rounds of 3 steps in turns")
    print(f"  python    {theirs:9.1f} ms")
    print(f"  vitreous  {ours:9.1f} ms")
    print(f"  vitreous / python  {ours / theirs:.3f}")


if __name__ == "__main__":
    main()
