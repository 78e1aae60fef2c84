"""Makes the pictures of formats_test.cpp and prints its facts: /usr/bin/python3 make_more.py (Pillow 9.4)."""

import struct
import zlib

import numpy
from PIL import Image

y, x = numpy.mgrid[0:24, 0:40]
image = Image.fromarray(numpy.stack([x * 6, y * 10, (x * y) % 251], -1).astype("u1"))
gray = Image.fromarray(((x * 5 + y * 2) % 256).astype("u1"))
alpha = Image.fromarray((x * 6 + y).astype("u1"))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png16(name, channels, colour):
    """A 16-bit PNG whose sample at (x, y, c) is (x * 5003 + y * 977 + c * 20011) % 65536; Pillow writes none."""
    rows = [
        b"\0" + b"".join(struct.pack(">H", (i * 5003 + j * 977 + c * 20011) % 65536) for i in range(7) for c in range(channels))
        for j in range(5)
    ]
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 7, 5, 16, colour, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b""))


png16("rgb16.png", 3, 2)
png16("rgba16.png", 4, 6)
png16("gray_alpha16.png", 2, 4)
image.save("halved.jpg", quality=80, subsampling=2)
image.save("progressive.jpg", quality=60, subsampling=1, progressive=True)
gray.save("gray.jpg", quality=85)
image.save("lzw.tiff", compression="tiff_lzw")
image.save("deflate.tiff", compression="tiff_adobe_deflate")
image.quantize(30).save("palette.tiff", compression="packbits")
gray.convert("1").save("fax.tiff", compression="group4")
image.quantize(40).save("palette_clear.png", transparency=3)
image.save("clear.png", transparency=(6, 10, 1))
image.quantize(20).save("palette.bmp")
lossy = image.copy()
lossy.putalpha(alpha)
lossy.save("alpha.webp", quality=70)
image.save("film.webp", save_all=True, append_images=[image.rotate(180)], lossless=True)

corners = Image.new("RGB", (16, 8))
corners.paste((255, 0, 0), (0, 0, 8, 4))
corners.paste((0, 255, 0), (8, 0, 16, 4))
corners.paste((0, 0, 255), (0, 4, 8, 8))
exif = Image.Exif()
exif[0x0112] = 6
corners.save("turned.png", exif=exif)
corners.save("turned.webp", exif=exif, lossless=True)
corners.save("turned.tiff", tiffinfo={0x0112: 6})

for name in [
    "halved.jpg", "progressive.jpg", "gray.jpg", "lzw.tiff", "deflate.tiff", "palette.tiff", "fax.tiff",
    "palette_clear.png", "clear.png", "palette.bmp", "alpha.webp",
]:
    print('{"%s", 0x%08xU},' % (name, zlib.crc32(Image.open(name).convert("RGB").tobytes())))
