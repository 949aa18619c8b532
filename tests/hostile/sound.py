"""Sound pictures that look suspicious: odd names, wrong suffixes, odd metadata, bytes behind the end. None may be lost."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from tests.unit.decode.files import film, heif, saved, scene
from tests.unit.metadata.files import CAMERA, TiffFile, box, chunks, exif_segment, jpeg, png_of, segment, xmp_packet

NAMES = (
    b"new\nline.jpg", b"not-utf8-\xff\xfe.jpg", b"n" * 251 + b".jpg", "עברית-\u202egnp.jpg".encode(), b"CON.jpg", b"NUL.png",
    b"aux.tif",
    b"COM1.webp", b"-rf.jpg", b"--json.png", b" leading.jpg", b"trailing .jpg", b"dots....jpg", b"$(touch x).jpg", b"`id`.png",
    b"<img src=x onerror=alert(1)>.jpg", b"=cmd|' calc'!A0.jpg", b"@sum.png", "e\u0301-nfd.jpg".encode(),
    "\u00e9-nfc.jpg".encode(),
    "\U0001f4f7.heic".encode(), b"bell\x07\x1b[31m.jpg", b"back\\slash.jpg", b"c:colon.jpg", b"%s%n%x.jpg", b"{0}.jpg",
    b"quote'\".jpg", "\u2028line.jpg".encode(), "\u3000.jpg".encode(), b"tab\t.png", b"star*?.gif", b"UPPER.JPG", b"a.jpg.jpg",
    b"\x01.jpg", b"IMG_0001 (1) copy.jpeg", b"\xed\xa0\x80.jpg", b"~$temp.bmp", b"desktop.ini.jpg", b"Thumbs.db.png",
    b"'; DROP TABLE.jpg",
)  # fmt: skip
"""Raw names; the suffix says how the picture is stored."""


def sound_pictures(seed: int) -> Iterator[tuple[bytes, bytes]]:
    """(raw name, content); every picture shows a scene of its own."""
    for number, name in enumerate(NAMES):
        yield name, _stored(name.rpartition(b".")[2].decode().lower(), seed * 1000 + number)
    for number, (suffix, format) in enumerate(_WRONG):
        yield f"wrong-{number}{suffix}".encode(), _stored(format, seed * 1000 + 100 + number)
    for number, (suffix, junk) in enumerate((s, j) for s in _TRAILING for j in _JUNK):
        yield f"behind-{number}.{suffix}".encode(), _stored(suffix, seed * 1000 + 200 + number) + junk
    for name, data in _odd_metadata(seed * 1000 + 300):
        yield name.encode(), data


_WRONG = (
    (".png", "jpg"), (".jpg", "png"), (".tif", "webp"), (".heic", "jpg"), (".jpg", "heic"), (".nef", "tif"), (".gif", "bmp"),
    (".bmp", "gif"), ("", "jpg"), (".txt", "png"), (".mov", "jpg"), (".xmp", "webp"), (".jpg", "avif"), (".psd", "jpg"),
)  # fmt: skip
_TIFFS = {"dpi": {"dpi": (0, 0)}, "lzw": {"compression": "tiff_lzw"}, "zip": {"compression": "tiff_adobe_deflate"}}
_TRAILING = ("jpg", "png", "gif", "bmp", "tif", "webp", "heic")
_JUNK = (b"\0" * 5000, b"\xff" * 300, b"PK\x03\x04" + b"appended archive" * 40)
_CODED = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP", "tif": "TIFF", "webp": "WEBP", "avif": "AVIF"}


def _stored(suffix: str, number: int) -> bytes:
    image = scene(number)
    if suffix == "heic":
        return heif(image)
    return saved(image.quantize() if suffix == "gif" else image, _CODED[suffix])


def _odd_metadata(seed: int) -> Iterator[tuple[str, bytes]]:
    numbers = iter(range(seed, seed + 100))

    def photo(*segments: bytes) -> bytes:
        return jpeg(scene(next(numbers)), *segments)

    yield "odd-orientation.jpg", photo(exif_segment({0x0112: (3, 9)}))
    yield "odd-date.jpg", photo(exif_segment({0x0132: (2, "0000:00:00 99:99:99")}, {0x9003: (2, "yesterday")}))
    yield "odd-exif.jpg", photo(segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    yield "odd-exif-twice.jpg", photo(exif_segment(CAMERA), exif_segment({0x0112: (3, 6)}))
    loop = TiffFile("<")
    loop.ifd({0x8769: (4, 8)})
    yield "odd-loop.jpg", photo(segment(0xE1, b"Exif\0\0" + bytes(loop.data)))
    yield "odd-profile.jpg", photo(segment(0xE2, b"ICC_PROFILE\0\1\1" + b"no profile" * 50))
    yield "odd-xmp.jpg", photo(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<x:xmpmeta><unclosed"))
    yield "odd-rating.jpg", photo(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp_packet('xmp:Rating="many"')))
    yield "odd-comments.jpg", photo(*[segment(0xFE, b"c" * 65_000)] * 20)
    yield "odd-unknown.jpg", photo(*[segment(0xE0 + n, bytes(500)) for n in range(3, 14)])
    yield "odd-fill.jpg", photo()[:2] + b"\xff" * 300 + photo()[2:]
    thumbnail = {0x0103: (3, 6), 0x0201: (4, 0xFFFFFF), 0x0202: (4, 0xFFFFFF)}
    yield "odd-thumbnail.jpg", photo(exif_segment({0x010F: (2, "M"), **thumbnail}))
    parts = chunks(saved(scene(next(numbers)), "PNG"))
    mask = (b"tEXt", b"mask\0" + b"m" * 3_000_000)
    packed = (b"zTXt", b"big\0\0" + zlib.compress(b"t" * 4_000_000))
    yield "odd-texts.png", png_of([parts[0], mask, packed, *parts[1:]])
    parts = chunks(saved(scene(next(numbers)), "PNG"))
    yield "odd-chunks.png", png_of([parts[0], (b"prVt", b"x" * 9), (b"tIME", b"\xff" * 7), (b"gAMA", bytes(4)), *parts[1:]])
    parts = chunks(saved(scene(next(numbers)), "PNG"))
    yield "odd-profile.png", png_of([parts[0], (b"iCCP", b"p\0\0" + zlib.compress(b"none")), *parts[1:]])
    data = saved(scene(next(numbers)), "WEBP")
    body = data[12:] + b"JUNK\x08\0\0\0" + bytes(8)
    yield "odd-chunk.webp", b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    yield "odd-box.heic", heif(scene(next(numbers))) + box(b"free", bytes(3000)) + box(b"uuid", bytes(40))
    yield "odd-film.jpg", photo() + box(b"ftyp", b"mp42" + bytes(8)) + box(b"mdat", bytes(9000))
    for name, options in _TIFFS.items():
        yield f"odd-{name}.tif", saved(scene(next(numbers)), "TIFF", **options)
    tags = TiffFile("<")
    yield "odd-tags.tif", _tagged(tags, scene(next(numbers)))
    yield "odd-grey.jpg", saved(scene(next(numbers)).convert("L"), "JPEG")
    yield "odd-ink.jpg", saved(scene(next(numbers)).convert("CMYK"), "JPEG")
    yield "odd-progressive.jpg", saved(scene(next(numbers)), "JPEG", progressive=True)
    yield "odd-large.jpg", saved(scene(next(numbers), 2400, 1800), "JPEG", quality=85)
    yield "odd-large-progressive.jpg", saved(scene(next(numbers), 2400, 1800), "JPEG", quality=85, progressive=True)
    yield "odd-film.gif", film("GIF")
    yield "odd-film.png", film("PNG")
    yield "odd-flat.png", saved(Image.new("RGB", (300, 200), (9, 9, 9)), "PNG")
    yield "odd-small.gif", saved(Image.new("L", (1, 1)), "GIF")


def _tagged(tiff: TiffFile, image: Image.Image) -> bytes:
    """With private entries of every kind, one of them longer than the file."""
    pixels = image.convert("RGB").tobytes()
    place = tiff.blob(pixels)
    width, height = image.size
    tiff.ifd(
        {256: (4, width), 257: (4, height), 258: (3, [8, 8, 8]), 259: (3, 1), 262: (3, 2), 273: (4, place), 277: (3, 3),
         278: (4, height), 279: (4, len(pixels)), 305: (2, "x" * 3000), 65_000: (7, b"private" * 99), 65_001: (10, [(-1, 0)])}
    )  # fmt: skip
    assert Image.open(io.BytesIO(bytes(tiff.data))).size == image.size
    return bytes(tiff.data)
