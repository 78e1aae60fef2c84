#!/usr/bin/env python3
"""Draws scene.png, the picture of the sample comparison: a still life, traced with the standard library alone.

    python3 draw_scene.py [scene.png]
"""
import math
import struct
import sys
import zlib

WIDTH, HEIGHT, SAMPLES = 640, 480, 3
EYE = (0.0, 2.15, -6.6)
LIGHT = (-0.58, 0.72, -0.38)
AMBIENT = 0.46


def add(a, b):
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def sub(a, b):
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a, s):
    return (a[0] * s, a[1] * s, a[2] * s)


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def unit(a):
    return scale(a, 1.0 / math.sqrt(dot(a, a)))


def mix(a, b, t):
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


class Ellipsoid:
    def __init__(self, centre, radii, colour, gloss=0.25):
        self.centre, self.radii, self.colour, self.gloss = centre, radii, colour, gloss
        self.inverse = tuple(1.0 / r for r in radii)

    def hit(self, origin, ray):
        i = self.inverse
        ox, oy, oz = ((origin[k] - self.centre[k]) * i[k] for k in range(3))
        dx, dy, dz = ray[0] * i[0], ray[1] * i[1], ray[2] * i[2]
        a = dx * dx + dy * dy + dz * dz
        b = ox * dx + oy * dy + oz * dz
        c = ox * ox + oy * oy + oz * oz - 1.0
        root = b * b - a * c
        if root < 0.0:
            return None
        t = (-b - math.sqrt(root)) / a
        return t if t > 1e-4 else None

    def normal(self, point):
        p = sub(point, self.centre)
        i = self.inverse
        return unit((p[0] * i[0] * i[0], p[1] * i[1] * i[1], p[2] * i[2] * i[2]))

    def colour_at(self, point):
        return self.colour(point) if callable(self.colour) else self.colour


class Cup:
    """An upright open cylinder; the far inner wall shows over the rim."""

    gloss = 0.35

    def __init__(self, centre, radius, height, colour, inside):
        self.centre, self.radius, self.height = centre, radius, height
        self.colour, self.inside = colour, inside

    def hit(self, origin, ray):
        ox, oz = origin[0] - self.centre[0], origin[2] - self.centre[2]
        a = ray[0] * ray[0] + ray[2] * ray[2]
        if a < 1e-9:
            return None
        b = ox * ray[0] + oz * ray[2]
        root = b * b - a * (ox * ox + oz * oz - self.radius**2)
        if root < 0.0:
            return None
        for t in ((-b - math.sqrt(root)) / a, (-b + math.sqrt(root)) / a):
            y = origin[1] + t * ray[1] - self.centre[1]
            if t > 1e-4 and 0.0 <= y <= self.height:
                return t
        return None

    def is_inside(self, point):
        to_eye = sub(EYE, point)
        out = (point[0] - self.centre[0], 0.0, point[2] - self.centre[2])
        return dot(to_eye, out) < 0.0

    def normal(self, point):
        out = unit((point[0] - self.centre[0], 0.0, point[2] - self.centre[2]))
        return scale(out, -1.0) if self.is_inside(point) else out

    def colour_at(self, point):
        if self.is_inside(point):
            return self.inside
        height = (point[1] - self.centre[1]) / self.height
        return (0.93, 0.92, 0.88) if 0.60 < height < 0.72 else self.colour


def apple(point):
    stripe = 0.5 + 0.5 * math.sin(9.0 * math.atan2(point[0] + 1.35, point[2] - 0.15))
    return mix((0.72, 0.10, 0.09), (0.83, 0.34, 0.13), 0.35 * stripe * max(0.0, point[1] - 0.35))


def pear(point):
    return mix((0.62, 0.66, 0.18), (0.48, 0.60, 0.20), min(1.0, max(0.0, point[1] - 0.2)))


OBJECTS = [
    Ellipsoid((-1.35, 0.74, 0.15), (0.80, 0.74, 0.80), apple),
    Ellipsoid((-1.32, 1.52, 0.13), (0.045, 0.20, 0.045), (0.28, 0.18, 0.10), 0.0),
    Ellipsoid((0.10, 0.66, 0.85), (0.68, 0.66, 0.68), pear),
    Ellipsoid((0.14, 1.38, 0.85), (0.38, 0.56, 0.38), pear),
    Ellipsoid((0.20, 1.98, 0.85), (0.04, 0.17, 0.04), (0.28, 0.18, 0.10), 0.0),
    Ellipsoid((-0.15, 0.44, -1.05), (0.62, 0.44, 0.44), (0.95, 0.79, 0.16)),
    Ellipsoid((0.98, 0.36, -1.15), (0.36, 0.36, 0.36), (0.90, 0.47, 0.10)),
    Cup((1.75, 0.0, 0.35), 0.72, 1.45, (0.15, 0.33, 0.55), (0.10, 0.20, 0.34)),
    Ellipsoid((-2.55, 0.30, -0.95), (0.30, 0.30, 0.30), (0.33, 0.13, 0.32)),
    Ellipsoid((-2.05, 0.27, -1.45), (0.27, 0.27, 0.27), (0.40, 0.16, 0.36)),
]


def table(point):
    plank = math.floor(point[2] / 0.95)
    grain = math.sin(3.1 * point[2] + 0.35 * math.sin(1.3 * point[0] + 2.0 * plank) + 1.7 * plank)
    colour = mix((0.60, 0.43, 0.27), (0.67, 0.50, 0.33), 0.5 + 0.5 * grain)
    seam = abs(point[2] / 0.95 - round(point[2] / 0.95))
    return scale(colour, 0.72 if seam < 0.018 else 1.0)


def wall(x, y):
    light = max(0.0, 1.0 - 0.16 * abs(x + 2.4) - 0.10 * abs(y - 3.0))
    return mix((0.55, 0.61, 0.61), (0.88, 0.89, 0.84), light)


def shade(point, normal, colour, gloss, ray):
    start = add(point, scale(normal, 1e-3))
    lit = max(0.0, dot(normal, LIGHT))
    if lit > 0.0 and any(o.hit(start, LIGHT) is not None for o in OBJECTS):
        lit = 0.0
    near = min(1.0, 0.55 + 0.45 * point[1])
    result = scale(colour, AMBIENT * near * (0.8 + 0.2 * normal[1]) + 0.92 * lit)
    mirror = sub(ray, scale(normal, 2.0 * dot(ray, normal)))
    shine = gloss * max(0.0, dot(mirror, LIGHT)) ** 28 if lit > 0.0 else 0.0
    return add(result, (shine, shine, shine))


def trace(ray):
    best, found = None, None
    for thing in OBJECTS:
        t = thing.hit(EYE, ray)
        if t is not None and (best is None or t < best):
            best, found = t, thing
    back = (4.2 - EYE[2]) / ray[2]
    if ray[1] < 0.0:
        floor = -EYE[1] / ray[1]
        if floor < back and (best is None or floor < best):
            point = add(EYE, scale(ray, floor))
            return shade(point, (0.0, 1.0, 0.0), table(point), 0.0, ray)
    if found is None:
        point = add(EYE, scale(ray, back))
        return wall(point[0], point[1])
    point = add(EYE, scale(ray, best))
    return shade(point, found.normal(point), found.colour_at(point), found.gloss, ray)


def pixel(x, y):
    total = (0.0, 0.0, 0.0)
    for j in range(SAMPLES):
        for i in range(SAMPLES):
            u = (x + (i + 0.5) / SAMPLES) / WIDTH - 0.5
            v = 0.5 - (y + (j + 0.5) / SAMPLES) / HEIGHT
            total = add(total, trace(unit((u * 1.0, v * 0.75 - 0.19, 1.0))))
    return [min(255, max(0, round(255.0 * c / SAMPLES**2))) for c in total]


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(row, above):
    """The row under the PNG filter (Sub, Up or Paeth) with the smallest residuals."""
    candidates = []
    for kind in (1, 2, 4):
        line = bytearray([kind])
        for i, value in enumerate(row):
            a = row[i - 3] if i >= 3 else 0
            b = above[i]
            c = above[i - 3] if i >= 3 else 0
            line.append((value - (a if kind == 1 else b if kind == 2 else paeth(a, b, c))) % 256)
        candidates.append((sum(min(v, 256 - v) for v in line[1:]), bytes(line)))
    return min(candidates)[1]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main():
    above = [0] * (WIDTH * 3)
    lines = b""
    for y in range(HEIGHT):
        row = [value for x in range(WIDTH) for value in pixel(x, y)]
        lines += filtered(row, above)
        above = row
    with open(sys.argv[1] if len(sys.argv) > 1 else "scene.png", "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(lines, 9)))
        file.write(chunk(b"IEND", b""))


if __name__ == "__main__":
    main()
