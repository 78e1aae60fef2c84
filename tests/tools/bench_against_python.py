#!/usr/bin/python3
"""Times the forward pass of ViT-S/16, bare and with the maps of every block, in Python's PyTorch and
in vitreous-cli, in turns on the same machine: medians in milliseconds and their ratios.

    tests/tools/bench_against_python.py [BUILD_FOLDER] [ROUNDS]

Needs python3-torch. The weights are random; speed does not depend on them.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

# What vitreous-cli sees to for itself; both have to be set before LibTorch is loaded.
OPENBLAS = "/usr/lib/x86_64-linux-gnu/openblas-openmp"
if os.environ.get("GOMP_SPINCOUNT") is None:
    environment = dict(os.environ, GOMP_SPINCOUNT="1000", LD_LIBRARY_PATH=OPENBLAS)
    os.execve(sys.executable, [sys.executable, *sys.argv], environment)

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.weights = None

    def forward(self, x):
        batch, tokens, width = x.shape
        qkv = self.qkv(self.norm1(x)).reshape(batch, tokens, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        self.weights = ((q @ k.transpose(-2, -1)) * (width // self.heads) ** -0.5).softmax(-1)
        x = x + self.proj((self.weights @ v).transpose(1, 2).reshape(batch, tokens, width))
        return x + self.mlp(self.norm2(x))


class Vit(nn.Module):
    def __init__(self, width=384, depth=12, heads=6, patch=16, size=224, classes=1000):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, width, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.randn(1, (size // patch) ** 2 + 1, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


def add_hooks(model):
    """The usual way: a forward hook a block that computes its maps."""
    maps = []

    def hook(block, _, output):
        features = output[0, 1:]
        maps.append((features - features.mean(0)).norm(dim=1))
        angles = torch.fft.fft(features).angle()
        maps.append((angles - angles.mean(0)).norm(dim=1))
        maps.append(block.weights[0, :, 0, 1:].clone())

    return [block.register_forward_hook(hook) for block in model.blocks]


def median_ms(run, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "build"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    torch.set_num_threads(os.cpu_count())
    model = Vit().eval()
    image = torch.randn(1, 3, 224, 224)
    found = {"python": [], "python with maps": [], "vitreous": [], "vitreous with maps": []}
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        checkpoint = f"{folder}/vit_small.safetensors"
        make = [build / "tests/tools/make_checkpoint", checkpoint, "--width=384", "--classes=1000"]
        subprocess.run(make, check=True)
        command = [build / "app/cli/vitreous-cli", "bench", "--json", "--runs=11", "--device=cpu"]
        command += ["--model", checkpoint]
        median_ms(lambda: model(image), 3)
        for _ in range(rounds):
            found["python"].append(median_ms(lambda: model(image), 11))
            hooks = add_hooks(model)
            found["python with maps"].append(median_ms(lambda: model(image), 11))
            for hook in hooks:
                hook.remove()
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            timing = json.loads(output)["models"][0]
            found["vitreous"].append(timing["forward_ms"])
            found["vitreous with maps"].append(timing["maps_ms"])
    medians = {name: statistics.median(values) for name, values in found.items()}
    print(f"ViT-S/16, fp32, batch 1, {os.cpu_count()} threads, PyTorch {torch.__version__} in Python,")
    print(f"medians of {rounds} rounds of 11 runs in turns")
    for name, value in medians.items():
        print(f"  {name:20} {value:8.2f} ms")
    print(f"  vitreous / python    {medians['vitreous'] / medians['python']:8.3f}")
    print(f"  maps, python         {medians['python with maps'] / medians['python']:8.3f}")
    print(f"  maps, vitreous       {medians['vitreous with maps'] / medians['vitreous']:8.3f}")


if __name__ == "__main__":
    main()
