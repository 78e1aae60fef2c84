"""Prints the facts of preprocess_parity_test.cpp: CRC-32 of the picture and of the float32 input that Pillow's resizing and
torchvision's Resize, CenterCrop, ToTensor and Normalize make of a formula's picture (their rules, in NumPy)."""

import zlib

import numpy
from PIL import Image

FILTERS = {"Nearest": 0, "Bilinear": 2, "Bicubic": 3, "Lanczos": 1}
MEAN = numpy.array([0.485, 0.456, 0.406], "f4")
STD = numpy.array([0.229, 0.224, 0.225], "f4")
# width, height, channels, short side (0: none) or exact (width, height), crop width, crop height, filter
CASES = [
    (320, 240, 3, 73, 64, 64, "Bicubic"),
    (240, 320, 3, 73, 64, 64, "Bicubic"),
    (101, 67, 3, 36, 32, 32, "Bilinear"),
    (67, 101, 3, 37, 32, 32, "Lanczos"),
    (33, 33, 3, 33, 28, 28, "Bicubic"),
    (51, 50, 3, 31, 30, 30, "Nearest"),
    (120, 90, 3, (48, 32), 48, 32, "Bicubic"),
    (120, 90, 3, (48, 32), 40, 30, "Bilinear"),
    (40, 30, 3, 30, 48, 36, "Bicubic"),
    (40, 30, 3, 24, 33, 20, "Bicubic"),
    (19, 45, 3, 0, 22, 22, "Bicubic"),
    (19, 45, 3, 0, 16, 50, "Bicubic"),
    (60, 44, 1, (28, 28), 28, 28, "Bicubic"),
    (60, 44, 1, 32, 28, 28, "Bilinear"),
    (500, 3, 3, 8, 8, 8, "Bicubic"),
]


def picture(width, height):
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.int64)
    planes = [x * 7 + y * 13 + x * y, x * x + 3 * y, y * y * 5 + x * 11]
    return Image.fromarray(numpy.stack([plane % 256 for plane in planes], -1).astype("u1"))


def resize(image, target, number):
    if not target:
        return image
    if isinstance(target, tuple):
        return image.resize(target, number)
    width, height = image.size
    if width <= height:
        return image.resize((target, int(target * height / width)), number)
    return image.resize((int(target * width / height), target), number)


def crop(image, width, height):
    pad_x, pad_y = max(width - image.width, 0), max(height - image.height, 0)
    if pad_x or pad_y:
        padded = Image.new(image.mode, (image.width + pad_x, image.height + pad_y))
        padded.paste(image, (pad_x // 2, pad_y // 2))
        image = padded
    left, top = int(round((image.width - width) / 2.0)), int(round((image.height - height) / 2.0))
    return image.crop((left, top, left + width, top + height))


for width, height, channels, target, crop_width, crop_height, name in CASES:
    image = picture(width, height)
    if channels == 1:
        image = image.convert("L")
    image = crop(resize(image, target, FILTERS[name]), crop_width, crop_height)
    values = numpy.atleast_3d(numpy.asarray(image)).transpose(2, 0, 1).astype("f4") / numpy.float32(255)
    values = (values - MEAN[:channels, None, None]) / STD[:channels, None, None]
    exact = target if isinstance(target, tuple) else (0, 0)
    print(
        "{%d, %d, %d, %d, %d, %d, %d, %d, Filter::%s, 0x%08xU, 0x%08xU},"
        % (
            width, height, channels, 0 if exact[0] else target, exact[0], exact[1], crop_width, crop_height, name,
            zlib.crc32(image.convert("RGB").tobytes()), zlib.crc32(values.astype("<f4").tobytes()),
        )
    )
