"""Makes hf_videomae/ and hf_videomae.golden.npz: a tiny VideoMAEForVideoClassification with random
weights and what transformers (4.57, torch on the CPU, fp32; maps reduced in fp64) says of one clip.

    pip install torch transformers pillow && python make_hf_videomae.py
"""

from pathlib import Path

import numpy as np
import torch
from transformers import VideoMAEConfig, VideoMAEForVideoClassification, VideoMAEImageProcessor

HERE = Path(__file__).parent


def frames():
    """4 pictures of 47 x 36, as tests/analysis/clip_test.cpp makes them."""
    t, y, x, c = np.ogrid[:4, :36, :47, :3]
    return (((x * 7 + y * 3 + t * 11) * (c + 1) + x * y) % 251).astype(np.uint8)


def magnitude(f):
    return np.linalg.norm(f - f.mean(0), axis=1)


def frequency(f):
    half = np.fft.rfft(f, axis=1)
    half.imag[:, 0] = 0.0
    half.imag[:, -1] = 0.0
    angles = np.angle(half)
    angles[:, 0] = np.where(half.real[:, 0] < 0, np.pi, 0.0)
    angles[:, -1] = np.where(half.real[:, -1] < 0, np.pi, 0.0)
    deviation = angles - angles.mean(0)
    weights = np.full(half.shape[1], 2.0)
    weights[0] = weights[-1] = 1.0
    return np.sqrt((deviation**2 * weights).sum(1))


def main():
    torch.manual_seed(6)
    config = VideoMAEConfig(
        image_size=24, patch_size=8, num_frames=4, tubelet_size=2, hidden_size=16,
        num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, use_mean_pooling=True,
        id2label={0: "falling", 1: "pushing", 2: "turning"},
        label2id={"falling": 0, "pushing": 1, "turning": 2}, attn_implementation="eager")
    model = VideoMAEForVideoClassification(config).eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            is_norm = "norm" in name and name.endswith("weight")
            value.normal_(1.0 if is_norm else 0.0, 0.3 if value.dim() < 2 else 0.2)
    processor = VideoMAEImageProcessor(
        size={"shortest_edge": 26}, crop_size={"height": 24, "width": 24},
        image_mean=[0.4, 0.45, 0.5], image_std=[0.2, 0.25, 0.3])
    pixels = processor(list(frames()), return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        out = model(pixels, output_hidden_states=True, output_attentions=True)
    arrays = {
        "input": pixels[0].permute(1, 0, 2, 3).numpy(),
        "logits": out.logits[0].numpy(),
    }
    for i in range(config.num_hidden_layers):
        features = out.hidden_states[i + 1][0].double().numpy()
        arrays[f"magnitude/blocks.{i}"] = magnitude(features).astype(np.float32)
        arrays[f"frequency/blocks.{i}"] = frequency(features).astype(np.float32)
        arrays[f"cls_attention/blocks.{i}"] = out.attentions[i][0].mean(1).numpy()
    model.save_pretrained(HERE / "hf_videomae")
    processor.save_pretrained(HERE / "hf_videomae")
    np.savez(HERE / "hf_videomae.golden.npz", **arrays)


main()
