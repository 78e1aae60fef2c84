#!/usr/bin/env python3
"""How well the maps of point-cloud models tell an object from what is around it.

Makes shapes with `vitreous-cli shapes`, analyses them, and prints for every model and map the area
under the ROC curve over a shape's groups: object against background, the mean over the shapes that
have groups of both. A group is of the part that the point nearest to its centre is of.

    tests/tools/point_maps_against_parts.py BUILD_FOLDER MODEL... [--count 200]
"""

import argparse
import ast
import math
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

KINDS = ("magnitude", "frequency", "cls_attention")


def read_npy(data):
    """The shape and the values of a float32 .npy."""
    length = struct.unpack_from("<H", data, 8)[0] if data[6] == 1 else struct.unpack_from("<I", data, 8)[0]
    start = (10 if data[6] == 1 else 12) + length
    header = ast.literal_eval(data[start - length : start].decode())
    return header["shape"], struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])


def read_shape(path):
    """The points in the unit sphere, each with whether it is of the object."""
    data = path.read_bytes()
    start = data.index(b"end_header\n") + len(b"end_header\n")
    parts = data[:start].decode().split("comment parts ")[1].splitlines()[0].split()
    points = list(struct.iter_unpack("<fffB", data[start:]))
    center = [sum(p[axis] for p in points) / len(points) for axis in range(3)]
    radius = max(math.dist(p[:3], center) for p in points)
    return [
        ([(p[axis] - center[axis]) / radius for axis in range(3)], parts[p[3]] != "background")
        for p in points
    ]


def area_under_curve(inside, outside):
    above = sum((a > b) + 0.5 * (a == b) for a in inside for b in outside)
    return above / (len(inside) * len(outside))


def areas(shape, arrays):
    """The area of every map of one shape by its name; none where all groups are of one kind."""
    centers = arrays["centers"][1]
    groups = len(centers) // 3
    own = []
    for group in range(groups):
        center = centers[3 * group : 3 * group + 3]
        own.append(min(shape, key=lambda point: math.dist(point[0], center))[1])
    if all(own) or not any(own):
        return {}
    found = {}
    for name, (_, values) in arrays.items():
        if name.split("/")[0] in KINDS:
            # One map a head: their mean.
            heads = len(values) // groups
            mean = [sum(values[g::groups]) / heads for g in range(groups)]
            found[name] = area_under_curve(
                [v for v, is_own in zip(mean, own) if is_own],
                [v for v, is_own in zip(mean, own) if not is_own],
            )
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    cli = arguments.build / "app/cli/vitreous-cli"
    with tempfile.TemporaryDirectory() as folder:
        shapes, maps = Path(folder, "shapes"), Path(folder, "maps")
        run = lambda *words: subprocess.run([cli, *words], check=True, stdout=subprocess.DEVNULL)
        run("shapes", "--output", shapes, "--count", str(arguments.count))
        files = sorted(shapes.glob("*.ply"))
        labels = [f"model{i}" for i in range(len(arguments.models))]
        models = [word for m, label in zip(arguments.models, labels) for word in ("--model", f"{m},label={label}")]
        run("analyze", *models, "--input", *files, "--output", maps, "--batch", "8")
        for model, label in zip(arguments.models, labels):
            found = {}
            for file in files:
                with zipfile.ZipFile(maps / f"{file.stem}.{label}.npz") as archive:
                    arrays = {
                        name.removesuffix(".npy"): read_npy(archive.read(name))
                        for name in archive.namelist()
                        if name.split("/")[0] in KINDS or name == "centers.npy"
                    }
                for name, area in areas(read_shape(file), arrays).items():
                    found.setdefault(name, []).append(area)
            print(model)
            for name, values in found.items():
                print(f"  {name:45} {sum(values) / len(values):.3f}  of {len(values)} shapes")


if __name__ == "__main__":
    main()
