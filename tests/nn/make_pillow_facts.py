"""Prints the facts of resample_test.cpp: CRC-32 of what Pillow makes of a formula's picture."""

import zlib

import numpy
from PIL import Image

FILTERS = {"Nearest": 0, "Bilinear": 2, "Bicubic": 3, "Lanczos": 1}
SIZES = [
    (64, 48, 32, 24), (64, 48, 73, 97), (97, 53, 31, 17), (320, 240, 97, 73), (5, 7, 11, 3), (1, 1, 4, 4),
    (4, 4, 1, 1), (300, 2, 37, 5), (640, 480, 298, 224), (50, 50, 50, 25), (50, 50, 25, 50),
]


def picture(width, height):
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.int64)
    planes = [x * 7 + y * 13 + x * y, x * x + 3 * y, y * y * 5 + x * 11]
    return Image.fromarray(numpy.stack([plane % 256 for plane in planes], -1).astype("u1"))


for size in SIZES:
    for name, number in FILTERS.items():
        out = picture(size[0], size[1]).resize((size[2], size[3]), number).tobytes()
        print("{%d, %d, %d, %d, Filter::%s, 0x%08xU}," % (*size, name, zlib.crc32(out)))
