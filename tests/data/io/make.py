"""Makes the checkpoints of this folder: /usr/bin/python3 make.py (torch 1.13)."""

import argparse
import collections
import os

import numpy
import torch

torch.manual_seed(0)


class Hostile:
    """Loading it with Python's pickle would run a command."""

    def __reduce__(self):
        return (os.system, ("touch /tmp/vitreous-hostile-was-run",))


class OnDevice:
    """A tensor as PyTorch saves one that lives on an XLA device: its values as a numpy array."""

    def __init__(self, array):
        self.array = array

    def __reduce__(self):
        return (torch._utils._rebuild_device_tensor_from_numpy, (self.array, torch.float32, "xla:0", False))


def state():
    base = torch.arange(24, dtype=torch.float32)
    weights = collections.OrderedDict()
    weights["plain"] = base.reshape(4, 6)
    weights["transposed"] = base.reshape(4, 6).t()
    weights["slice"] = base[8:14]
    weights["scalar"] = torch.tensor(2.5, dtype=torch.float64)
    weights["half"] = torch.tensor([1.5, -2.0], dtype=torch.float16)
    weights["bfloat"] = torch.tensor([1.5, -2.0], dtype=torch.bfloat16)
    weights["long"] = torch.tensor([-7, 1 << 40])
    weights["flag"] = torch.tensor([True, False])
    weights["parameter"] = torch.nn.Parameter(torch.ones(3))
    weights["counter"] = 17
    return weights


layer = torch.nn.Linear(2, 2)
optimizer = torch.optim.AdamW(layer.parameters())
layer(torch.ones(1, 2)).sum().backward()
optimizer.step()
checkpoint = {
    "model": state(),
    "model_ema": {"state_dict": {"ema": torch.zeros(2)}},
    "optimizer": optimizer.state_dict(),
    "args": argparse.Namespace(model="vit_tiny", lr=1e-3, sizes=[1, 2], nested=argparse.Namespace(a=None)),
    "best": numpy.float64(0.25),
    "epoch": 3,
    "names": {"a", "b"},
}
torch.save(checkpoint, "zip.pth")
torch.save(checkpoint, "legacy.pth", _use_new_zipfile_serialization=False)
hostile = {"model": {"weight": torch.arange(4, dtype=torch.float32)}, "extra": Hostile(), "args": Hostile()}
torch.save(hostile, "hostile_zip.pth")
torch.save(hostile, "hostile_legacy.pth", _use_new_zipfile_serialization=False)
torch.save(layer, "module.pth")

devices = {
    "model": collections.defaultdict(
        list,
        {
            "rows": OnDevice(numpy.arange(6, dtype=numpy.float32).reshape(2, 3)),
            "columns": OnDevice(numpy.asfortranarray(numpy.arange(6, dtype=numpy.float32).reshape(2, 3))),
            "swapped": OnDevice(numpy.arange(3, dtype=">f4")),
            "plain": torch.arange(3, dtype=torch.float32),
        },
    ),
    "hparams": {
        "double": numpy.float64(0.25),
        "single": numpy.float32(0.5),
        "long": numpy.int64(-5),
        "byte": numpy.uint8(200),
        "flag": numpy.bool_(True),
        "size": torch.Size([2, 3]),
        "type": torch.float16,
        "optimizer": torch.optim.SGD,
    },
}
torch.save(devices, "devices.pth")
torch.save(devices, "devices4.pth", pickle_protocol=4)
torch.save(devices, "devices4_legacy.pth", pickle_protocol=4, _use_new_zipfile_serialization=False)
torch.save({"model": layer, "epoch": 1}, "nested_module.pth")
