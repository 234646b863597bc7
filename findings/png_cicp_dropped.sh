#!/usr/bin/env bash
# sharp 0.35.5 (libvips 8.18.7) and Pillow 13.0.0.
# A PNG that says by `cICP` (PNG, third edition, 2025) that its colours are Display P3 is read as sRGB: both libraries are
# silent about the chunk, convert nothing, even when sRGB is asked for, and write a copy without it.
# Seen: 200,100,50 stays 200,100,50 in sharp (to sRGB) and in Pillow; sRGB's name for it is 215,93,31. No `cICP` in a copy.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent sharp@0.35.5
python3 -m venv python
python/bin/pip -q install pillow==13.0.0
python3 - <<'PYTHON'
import struct, zlib

def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

# Primaries of P3 with D65, the curve of sRGB, RGB, full range (ITU-T H.273).
display_p3 = chunk(b"cICP", bytes([12, 13, 0, 1]))
head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
rows = chunk(b"IDAT", zlib.compress((b"\0" + bytes([200, 100, 50]) * 8) * 8))
with open("p3.png", "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + head + display_p3 + rows + chunk(b"IEND", b""))
PYTHON
cat >look.mjs <<'JS'
import sharp from 'sharp';
const srgb = await sharp('p3.png').toColourspace('srgb').raw().toBuffer();
const { space, hasProfile } = await sharp('p3.png').metadata();
const copy = await sharp('p3.png').resize(4).keepMetadata().png().toBuffer();
console.log(`sharp ${[...srgb.subarray(0, 3)]} space=${space} hasProfile=${hasProfile} copy=${copy.includes('cICP')}`);
JS
node look.mjs | tee seen
python/bin/python - <<'PYTHON' | tee -a seen
from PIL import Image

picture = Image.open("p3.png")
picture.load()
picture.save("copy.png")
with open("copy.png", "rb") as file:
    kept = b"cICP" in file.read()
print(f"Pillow {','.join(map(str, picture.getpixel((0, 0))))} info={picture.info} copy={str(kept).lower()}")
PYTHON
diff seen - <<'SEEN'
sharp 200,100,50 space=srgb hasProfile=false copy=false
Pillow 200,100,50 info={} copy=false
SEEN
