"""Makes the pictures of this folder and prints the facts of image_test.cpp: /usr/bin/python3 make.py (Pillow 9.4)."""

import numpy
from PIL import Image, ImageOps

y, x = numpy.mgrid[0:24, 0:32]
rgb = numpy.stack([x * 8, y * 10, (x + y) * 4], -1).astype("u1")
image = Image.fromarray(rgb)
gray = Image.fromarray((x * 8).astype("u1"))
gray.save("gray.png")
image.save("rgb.png")
alpha = image.copy()
alpha.putalpha(Image.fromarray((y * 10).astype("u1")))
alpha.save("rgba.png")
Image.merge("LA", [gray, Image.fromarray((y * 10).astype("u1"))]).save("gray_alpha.png")
image.quantize(16).save("palette.png")
gray.point(lambda v: 255 if v > 100 else 0).convert("1").save("bits.png")
Image.fromarray((x * 2048 + 37).astype("u2")).save("gray16.png")
image.save("rgb.tiff")
image.save("rgb.bmp")
image.save("rgb.ppm")
image.save("rgb.webp", lossless=True)
image.save("plain.jpg", quality=90)
image.convert("CMYK").save("cmyk.jpg", quality=95)
corners = Image.new("RGB", (16, 8))
corners.paste((255, 0, 0), (0, 0, 8, 4))
corners.paste((0, 255, 0), (8, 0, 16, 4))
corners.paste((0, 0, 255), (0, 4, 8, 8))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    corners.save("turned%d.jpg" % orientation, quality=95, subsampling=0, exif=exif)
    upright = ImageOps.exif_transpose(Image.open("turned%d.jpg" % orientation))
    w, h = upright.size
    print(orientation, upright.size, [upright.getpixel(p) for p in [(2, 2), (w - 3, 2), (2, h - 3)]])
for name in ["plain.jpg", "cmyk.jpg", "palette.png"]:
    opened = Image.open(name).convert("RGB")
    print(name, [opened.getpixel(p) for p in [(0, 0), (9, 5), (31, 23), (16, 12)]])
