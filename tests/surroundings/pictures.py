"""Uploads pictures of real encoders to a server: see the script `pictures` beside this file."""

import http.client
import io
import json
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
import zlib

import imagecodecs
import numpy
from PIL import Image, ImageCms, ImageDraw, ImageFile, ImageOps

BINARY, WORK = sys.argv[1:]
SECRET = "a-secret-for-the-trial-of-pictures-0"
# The reference shows truncated pictures as far as they go, as viewers do.
ImageFile.LOAD_TRUNCATED_IMAGES = True

# Maximum difference of each colour channel, from 0 to 255.
TOLERANCE = 2

failures = files = 0


def check(what, holds, seen=""):
    global failures
    failures += not holds
    print(f"{'ok    ' if holds else 'FAILED'} {what}{'' if holds else f': {seen}'}", flush=True)


# ICC profiles from the primaries, the white point and the gamma of a colour space.


def profile(primaries, white, gamma, grey=False):
    """An ICC profile of version 2 (ICC.1:2001-04). Its colorants are adapted to D50 with the Bradford matrix."""

    def xyz(x, y):
        return numpy.array([x / y, 1, (1 - x - y) / y])

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def tag_xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)

    d50 = numpy.array([0.9642, 1.0, 0.8249])
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = b"trial\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78,
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": tag_xyz(d50),
    }
    if grey:
        tags[b"kTRC"] = curve
    else:
        bradford = numpy.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
        source = xyz(*white)
        matrix = numpy.array([xyz(*primary) for primary in primaries]).T
        matrix = matrix * numpy.linalg.solve(matrix, source)
        scale = numpy.diag((bradford @ d50) / (bradford @ source))
        matrix = numpy.linalg.inv(bradford) @ scale @ bradford @ matrix
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), matrix.T):
            tags[name] = tag_xyz(column)
        for name in (b"rTRC", b"gTRC", b"bTRC"):
            tags[name] = curve
    offset, table, data = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        value += b"\0" * (-len(value) % 4)
        table += name + struct.pack(">II", offset + len(data), len(value))
        data += value
    space = b"GRAY" if grey else b"RGB "
    body = b"\0\0\0\0\x02\x40\0\0mntr" + space + b"XYZ " + b"\x07\xe8\0\1\0\1\0\0\0\0\0\0acsp"
    body += b"\0" * 28 + struct.pack(">iii", 63190, 65536, 54061) + b"\0" * 48
    body += struct.pack(">I", len(tags)) + table + data
    return struct.pack(">I", len(body) + 4) + body


D65 = (0.3127, 0.3290)
P3 = profile([(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)], D65, 2.2)
ADOBE = profile([(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)], D65, 563 / 256)
WIDE = profile([(0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)], (0.3457, 0.3585), 1.8)
GREY = profile([], D65, 1.8, grey=True)

# Test pictures of plain patches, which keep their colours in every size.

COLOURS = [
    (200, 30, 40), (30, 180, 60), (40, 60, 210), (240, 240, 240), (20, 20, 20), (128, 128, 128),
    (230, 200, 50), (90, 200, 220), (180, 70, 190), (150, 110, 80), (60, 90, 50), (250, 160, 120),
]
ACROSS, DOWN, SIDE = 4, 3, 240


def patches(mode="RGB", side=SIDE):
    picture = Image.new("RGB", (ACROSS * side, DOWN * side))
    draw = ImageDraw.Draw(picture)
    for number, colour in enumerate(COLOURS):
        x, y = number % ACROSS * side, number // ACROSS * side
        draw.rectangle((x, y, x + side, y + side), fill=colour)
    return picture.convert(mode)


def cut_out():
    """Patches that are visible only in a circle in the middle of each. The transparent rest is black."""
    picture = patches("RGBA")
    seen = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(seen)
    for number in range(ACROSS * DOWN):
        x, y = number % ACROSS * SIDE, number // ACROSS * SIDE
        draw.ellipse((x + 20, y + 20, x + SIDE - 20, y + SIDE - 20), fill=255 if number % 2 else 90)
    nothing = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    picture.putalpha(seen)
    return Image.composite(picture, nothing, seen.point(lambda value: 255 if value else 0))


def saved(picture, form, **options):
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def jpeg(picture=None, **options):
    return saved(picture or patches(), "JPEG", **({"quality": 95, "subsampling": 0} | options))


def png(picture=None, **options):
    return saved(picture or patches(), "PNG", **options)


def webp(picture=None, **options):
    return saved(picture or patches(), "WEBP", **({"quality": 95} | options))


def turned(number):
    exif = Image.Exif()
    exif[0x0112] = number
    return exif.tobytes()


def with_chunk(file, name, data):
    """A PNG with an additional chunk after its header."""
    chunk = name + data
    return file[:33] + struct.pack(">I", len(data)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + file[33:]


def segment_at(file, marker):
    return file.index(b"\xff" + bytes([marker]))


def with_old_exif(file):
    """A WebP whose Exif chunk begins with `Exif\\0\\0`, as in a JPEG."""
    at = file.index(b"EXIF")
    exif = file[at + 8 : at + 8 + struct.unpack("<I", file[at + 4 : at + 8])[0]]
    if not exif.startswith(b"Exif\0\0"):
        exif = b"Exif\0\0" + exif
    file = file[:at] + b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)
    return file[:4] + struct.pack("<I", len(file) - 8) + file[8:]


def deep(alpha=False):
    pixels = numpy.asarray(patches("RGBA" if alpha else "RGB")).astype("uint16") * 257
    return imagecodecs.png_encode(numpy.ascontiguousarray(pixels))


def accepted():
    """Yields a name, a file and, if the reference can't read the file, another file that looks the same."""
    plain = jpeg()
    scan = segment_at(plain, 0xDA)
    yield "JPEG 4:4:4", plain
    yield "JPEG 4:2:2", jpeg(subsampling=1)
    yield "JPEG 4:2:0", jpeg(subsampling=2)
    yield "JPEG progressive", jpeg(progressive=True)
    yield "JPEG progressive 4:2:0", jpeg(progressive=True, subsampling=2)
    yield "JPEG with codes of its own", jpeg(optimize=True)
    yield "JPEG grey", jpeg(patches("L"))
    yield "JPEG with restart markers", jpeg(restart_marker_blocks=4)
    yield "JPEG with a comment", jpeg(comment=b"of eggs " * 999)
    yield "JPEG with XMP", jpeg(xmp=b"<x:xmpmeta/>" * 99)
    for number in range(1, 9):
        yield f"JPEG turned {number}", jpeg(exif=turned(number))
    yield "JPEG in Display P3", jpeg(icc_profile=P3)
    yield "JPEG in Adobe RGB", jpeg(icc_profile=ADOBE)
    yield "JPEG in a wide space", jpeg(icc_profile=WIDE)
    yield "JPEG in P3, turned", jpeg(icc_profile=P3, exif=turned(6))
    yield "JPEG grey with a curve of its own", jpeg(patches("L"), icc_profile=GREY)
    yield "JPEG with a broken profile", jpeg(icc_profile=b"none at all")
    yield "JPEG in CMYK", jpeg(patches("CMYK"))
    for zeros in (0, 1, 23, 45):
        yield f"JPEG and another one behind {zeros} zeros", plain + b"\0" * zeros + jpeg(patches(side=20))
    yield "JPEG of several pictures", saved(patches(), "MPO", save_all=True, append_images=[patches(side=20)], quality=95)
    yield "JPEG and a film", plain + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 9
    yield "JPEG without its end", plain[:-2]
    yield "JPEG with zeros between its segments", plain[:20] + b"\0\0\0" + plain[20:], plain
    yield "JPEG with FF before its markers", plain[:scan] + b"\xff\xff" + plain[scan:], plain
    yield "JPEG with a marker of no kind", plain[:20] + b"\xff\x37" + plain[20:], plain
    yield "PNG", png()
    yield "PNG with transparency", png(patches("RGBA"))
    yield "PNG with a palette", png(patches().quantize(64))
    yield "PNG grey", png(patches("L"))
    yield "PNG grey with transparency", png(patches("LA"))
    yield "PNG black and white", png(patches().convert("1", dither=Image.Dither.NONE))
    yield "PNG with 16 bits", deep()
    yield "PNG with 16 bits and transparency", deep(alpha=True)
    yield "PNG in Display P3", png(icc_profile=P3)
    yield "PNG in Adobe RGB with transparency", png(patches("RGBA"), icc_profile=ADOBE)
    yield "PNG grey with a curve of its own", png(patches("L"), icc_profile=GREY)
    yield "PNG in P3 by code points", with_chunk(png(), b"cICP", bytes([12, 13, 0, 1]))
    yield "PNG turned", png(exif=turned(8))
    yield "PNG that moves", png(save_all=True, append_images=[patches("RGB")])
    yield "PNG and an archive", png() + b"PK\3\4" + b"archive"
    yield "WebP", webp()
    yield "WebP lossless", webp(lossless=True)
    yield "WebP with transparency", webp(patches("RGBA"))
    yield "WebP in Display P3", webp(icc_profile=P3)
    yield "WebP turned", webp(exif=turned(6))
    yield "WebP turned in the older spelling", with_old_exif(webp(exif=turned(6)))
    yield "WebP and an archive", webp() + b"PK\3\4archive!"


def refused():
    kinds = "Only JPEG, PNG, and WebP are allowed"
    samples = numpy.full((64, 64), 2000, "uint16")
    yield "JPEG with 12 bits", imagecodecs.jpeg8_encode(samples, bitspersample=12), "12 bits"
    yield "JPEG lossless", imagecodecs.ljpeg_encode(samples, bitspersample=12), "lossless"
    yield "JPEG that ends in its head", jpeg()[:400], "not whole"
    yield "PNG that is cut off", png()[:-400], "not whole"
    yield "WebP that is cut off", webp()[:-400], "not whole"
    yield "WebP that moves", webp(save_all=True, append_images=[patches(side=240).rotate(180)]), "animation"
    yield "GIF", saved(patches(), "GIF"), kinds
    yield "BMP", saved(patches(), "BMP"), kinds
    yield "TIFF", saved(patches(), "TIFF"), kinds
    yield "AVIF", saved(patches(), "AVIF"), kinds
    yield "JPEG 2000", saved(patches(), "JPEG2000"), kinds
    yield "JPEG XL", imagecodecs.jpegxl_encode(numpy.asarray(patches())), kinds


def reference(file):
    """The expected picture: upright, in sRGB."""
    picture = Image.open(io.BytesIO(file))
    icc = picture.info.get("icc_profile")
    if b"cICP" in file:
        icc = P3_SRGB_CURVE
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        picture = Image.open(io.BytesIO(file)).convert("RGB")
    alpha = picture.convert("RGBA").getchannel("A")
    if picture.mode in ("P", "1", "CMYK") or picture.mode == "LA" and not icc:
        picture = picture.convert("RGB")
    if picture.mode in ("RGBA", "LA"):
        picture = picture.convert(picture.mode[:-1])
    if icc:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            picture = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (OSError, ImageCms.PyCMSError):
            pass
    picture = picture.convert("RGB")
    picture.putalpha(alpha)
    return picture


def srgb_curve():
    """A profile of Display P3 with the curve of sRGB, as a `cICP` chunk defines it."""
    table = [(value / 1023 / 12.92 if value / 1023 <= 0.04045 else ((value / 1023 + 0.055) / 1.055) ** 2.4) for value in range(1024)]
    curve = b"curv\0\0\0\0" + struct.pack(">I", 1024) + b"".join(struct.pack(">H", round(value * 65535)) for value in table)
    old = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    count = struct.unpack(">I", P3[128:132])[0]
    tags = [struct.unpack(">4sII", P3[132 + 12 * number : 144 + 12 * number]) for number in range(count)]
    table, data, offset = b"", b"", 132 + 12 * count
    for name, at, length in tags:
        value = P3[at : at + length]
        value = curve if value.startswith(old) else value
        table += name + struct.pack(">II", offset + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    body = P3[4:132] + table + data
    return struct.pack(">I", len(body) + 4) + body


P3_SRGB_CURVE = srgb_curve()


class Server:
    def __init__(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        environment |= {"EGGYPRO_DATA_DIR": f"{WORK}/data", "PORT": str(self.port), "ADMIN_SECRET_KEY": SECRET}
        self.process = subprocess.Popen([BINARY, "serve"], env=environment, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if self.call("GET", "/api/health/ready")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise SystemExit("the server did not start")

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {"Authorization": f"Bearer {SECRET}"} | (headers or {}))
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body

    def upload(self, file):
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        status, body = self.call("POST", "/api/images", head + file + b"\r\n--x--\r\n", headers)
        return status, json.loads(body)

    def picture(self, address):
        status, body = self.call("GET", address[address.index("/media/") :])
        assert status == 200, address
        return Image.open(io.BytesIO(body)).convert("RGBA")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def worst(rendition, wanted):
    """The largest difference in the middle of a patch, the number of the patch, and both colours."""
    steps = []
    for number in range(ACROSS * DOWN):
        across, down = (ACROSS, DOWN) if wanted.width >= wanted.height else (DOWN, ACROSS)
        x, y = (number % across + 0.5) / across, (number // across + 0.5) / down

        def colour(picture):
            left, top = round(picture.width * x), round(picture.height * y)
            part = picture.crop((left - 4, top - 4, left + 5, top + 5))
            return numpy.asarray(part).reshape(-1, 4).astype(float).mean(axis=0)

        difference = numpy.abs(colour(rendition) - colour(wanted))
        steps.append((difference.max(), number, colour(rendition).round(), colour(wanted).round()))
    return max(steps, key=lambda step: step[0])


def try_accepted(server, what, file, like=None):
    status, answer = server.upload(file)
    if status != 201:
        return check(what, False, (status, answer["detail"]))
    image, wanted = answer["images"][0], reference(like or file)
    if (image["width"], image["height"]) != wanted.size:
        return check(what, False, (image["width"], image["height"], wanted.size))
    renditions = {"optimized": image["optimized"]} | image["responsive"]
    for name, address in renditions.items():
        rendition = server.picture(address)
        ratio = wanted.width / wanted.height - rendition.width / rendition.height
        off, *where = worst(rendition, wanted)
        if off > TOLERANCE or rendition.width > wanted.width or abs(ratio) > 0.01:
            return check(what, False, (name, off, where, rendition.size))
    check(what, True)


def try_cut_out(server, what, file):
    """Checks that the colour of transparent pixels does not bleed into the visible edges."""
    status, answer = server.upload(file)
    assert status == 201, answer
    for name, address in answer["images"][0]["responsive"].items():
        pixels = numpy.asarray(server.picture(address)).reshape(-1, 4).astype(int)
        seen = pixels[pixels[:, 3] > 2]
        colours = numpy.array(COLOURS)
        distances = numpy.abs(seen[:, None, :3] - colours[None]).max(axis=2).min(axis=1)
        check(f"{what}, {name}", distances.max() <= TOLERANCE + 1, distances.max())


def main():
    global files
    server = Server()
    try:
        for accepted_file in accepted():
            files += 1
            try_accepted(server, *accepted_file)
        for what, file, why in refused():
            files += 1
            status, answer = server.upload(file)
            check(what, status == 415 and why in answer["detail"], (status, answer.get("detail")))
        try_cut_out(server, "PNG, cut out", png(cut_out()))
        try_cut_out(server, "WebP, cut out", webp(cut_out(), lossless=True, exact=True))
    finally:
        server.stop()
    print(f"{files} files, {failures} failed")
    sys.exit(failures > 0)


random.seed(0)
main()
