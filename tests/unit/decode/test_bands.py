"""Very large pictures in bands of rows: the same bits as from the whole picture, little memory, and damage is still noticed."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.config import Limits
from engine.decode import DecodeRequest, bands, colour, decode, pillow
from engine.errors import DecodeError
from tests.unit.decode.files import opened, saved, scene
from tests.unit.metadata.files import chunk, chunks, png_of

ROOT = Path(__file__).parents[3]
WIDTH, HEIGHT = 301, 203


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of a few thousand px count as very large, and a band has a handful of rows."""
    monkeypatch.setattr(colour, "REDUCE_ABOVE", 2000)
    monkeypatch.setattr(bands, "REDUCE_ABOVE", 2000)
    monkeypatch.setattr(bands, "BAND_PIXELS", 7 * WIDTH)


def by_both_ways(data: bytes, format: str, edge: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether bands were used; the pixels must be those of the whole picture."""
    asked: list[bool] = []
    with monkeypatch.context() as patch:
        patch.setattr(pillow, "srgb_bands", lambda *args: asked.append(True) or bands.srgb_bands(*args))
        first = opened(data, format, edge)
    with monkeypatch.context() as patch:
        patch.setattr(pillow, "is_large", lambda width, height: False)
        second = opened(data, format, edge)
    assert np.array_equal(first.pixels, second.pixels)
    assert (first.full_size, first.partial, first.lossless) == (second.full_size, second.partial, second.lossless)
    return bool(asked)


def picture(mode: str) -> Image.Image:
    """The scene in a mode of Pillow."""
    still = scene(3, WIDTH, HEIGHT)
    if mode == "I;16":
        return Image.fromarray((np.asarray(still.convert("L")).astype(np.uint16) * 257) ^ 0x5A)
    if mode in ("LA", "RGBA"):
        still.putalpha(scene(4, WIDTH, HEIGHT).convert("L"))
    return still.quantize(200) if mode == "P" else still.convert(mode)


def png(colour_type: int, depth: int, seed: int = 1) -> bytes:
    """A PNG of noise in which every row has another filter; Pillow itself cannot write most of these."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour_type]
    row = (WIDTH * samples * depth + 7) // 8
    random = np.random.default_rng(seed)
    rows = random.integers(0, 256, (HEIGHT, row + 1), np.uint8)
    rows[:, 0] = random.integers(0, 5, HEIGHT)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour_type, 0, 0, 0)
    palette = [(b"PLTE", random.bytes(3 * (1 << min(depth, 8))))] if colour_type == 3 else []
    return png_of([(b"IHDR", header), *palette, (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b"")])


@pytest.mark.parametrize("edge", [0, 20, 64])
@pytest.mark.parametrize(
    ("colour_type", "depth"),
    [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)],
)
def test_every_kind_of_png_is_the_same(colour_type: int, depth: int, edge: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_both_ways(png(colour_type, depth), "png", edge, monkeypatch)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_as_it_is_written_is_the_same(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_both_ways(saved(picture(mode), "PNG"), "png", 20, monkeypatch)


def test_png_with_a_transparent_colour_and_a_profile_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clear = bytes(range(200))
    for mode, transparency in (("P", clear), ("RGB", (120, 119, 118)), ("L", 120)):
        data = saved(picture(mode), "PNG", transparency=transparency, icc_profile=profile)
        assert by_both_ways(data, "png", 20, monkeypatch)


def test_png_in_many_small_chunks_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = []
    for kind, content in chunks(saved(picture("RGB"), "PNG")):
        parts += [(kind, content[n : n + 97]) for n in range(0, len(content), 97)] if kind == b"IDAT" else [(kind, content)]

    assert by_both_ways(png_of(parts), "png", 20, monkeypatch)


def test_png_of_one_colour_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_both_ways(saved(Image.new("RGB", (WIDTH, HEIGHT), (7, 8, 9)), "PNG"), "png", 20, monkeypatch)


TIFF_WAYS = ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd"]


@pytest.mark.parametrize("coding", TIFF_WAYS)
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "LAB", "I;16"])
@pytest.mark.parametrize("rows", [1, 16, 48])
def test_every_kind_of_tiff_is_the_same(mode: str, coding: str, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if coding == "jpeg" and (rows == 1 or mode not in ("L", "RGB", "CMYK")):
        pytest.skip("JPEG has no such pixels or rows")
    options = {} if coding == "raw" else {"compression": coding}
    data = saved(picture(mode), "TIFF", tiffinfo={278: rows}, strip_size=rows * WIDTH * 3, **options)

    assert by_both_ways(data, "tiff", 20, monkeypatch)


@pytest.mark.parametrize(("order", "large"), [("<", False), (">", False), ("<", True)])  # Pillow cannot open the fourth
@pytest.mark.parametrize("planes", [1, 2])
@pytest.mark.parametrize("tile", [(0, 0), (64, 16), (128, 32)])
def test_every_layout_of_tiff_is_the_same(
    order: str, planes: int, tile: tuple[int, int], large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert by_both_ways(_laid_out(order, planes, tile, large), "tiff", 20, monkeypatch)


def _laid_out(order: str, planes: int, tile: tuple[int, int], large: bool) -> bytes:
    """Deflated, 8 bits; strips of 10 rows or tiles, one plane or three, 32-bit or 64-bit offsets."""
    pixels = np.asarray(picture("RGB"))
    sources = [pixels] if planes == 1 else [pixels[..., n] for n in range(3)]
    parts = []
    for source in sources:
        if tile[0]:
            padded = np.pad(source, [(0, -HEIGHT % tile[1]), (0, -WIDTH % tile[0]), (0, 0)][: source.ndim])
            parts += [
                padded[y : y + tile[1], x : x + tile[0]] for y in range(0, HEIGHT, tile[1]) for x in range(0, WIDTH, tile[0])
            ]
        else:
            parts += [source[y : y + 10] for y in range(0, HEIGHT, 10)]
    packed = [zlib.compress(np.ascontiguousarray(part).tobytes()) for part in parts]
    word = "Q" if large else "I"
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if large else 42)
    body = bytearray(head + (struct.pack(order + "HHQ", 8, 0, 0) if large else bytes(4)))
    offsets = []
    for one in packed:
        offsets.append(len(body))
        body += one
    tags = {256: [WIDTH], 257: [HEIGHT], 258: [8, 8, 8], 259: [8], 262: [2], 277: [3], 284: [planes]}
    tags |= {322: [tile[0]], 323: [tile[1]], 324: offsets} if tile[0] else {273: offsets, 278: [10]}
    tags[325 if tile[0] else 279] = [len(one) for one in packed]
    rows = b""
    inline = 8 if large else 4
    for tag, values in sorted(tags.items()):
        kind = 3 if tag in (258, 259, 262, 277, 284) else 16 if large and tag in (273, 324) else 4
        value = struct.pack(f"{order}{len(values)}{ {3: 'H', 4: 'I', 16: 'Q'}[kind] }", *values)
        if len(value) > inline:
            place, value = struct.pack(order + word, len(body)), value
            body += value
            value = place
        rows += struct.pack(order + "HH" + word, tag, kind, len(values)) + value.ljust(inline, b"\0")
    at = len(body)
    body += struct.pack(order + ("Q" if large else "H"), len(tags)) + rows + bytes(inline)
    struct.pack_into(order + word, body, 8 if large else 4, at)
    return bytes(body)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_every_kind_of_bitmap_is_the_same(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_both_ways(saved(picture(mode), "BMP"), "bmp", 20, monkeypatch)


def test_bitmap_that_stands_on_its_head_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(saved(picture("RGB"), "BMP"))
    data[22:26] = struct.pack("<i", -HEIGHT)

    assert by_both_ways(bytes(data), "bmp", 20, monkeypatch)


def test_damage_is_found_as_in_the_whole_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [
        ("png", saved(picture("RGB"), "PNG")), ("bmp", saved(picture("RGB"), "BMP")), ("tiff", _laid_out("<", 1, (0, 0), False)),
        ("tiff", saved(picture("RGB"), "TIFF")), ("tiff", saved(picture("RGB"), "TIFF", compression="tiff_lzw")),
    ]  # fmt: skip
    random = np.random.default_rng(1)
    for format, data in files:
        for _ in range(25):
            changed = bytearray(data)
            for place in random.integers(0, len(data), 3):
                changed[place] ^= 1 << int(random.integers(8))
            for one in (bytes(changed), data[: int(random.integers(len(data)))]):
                assert outcome(one, format) == outcome(one, format, monkeypatch)


def outcome(data: bytes, format: str, whole: pytest.MonkeyPatch | None = None) -> object:
    """What comes of a file; whole: without bands."""
    try:
        if whole is None:
            found = opened(data, format, 20)
        else:
            with whole.context() as patch:
                patch.setattr(pillow, "is_large", lambda width, height: False)
                found = opened(data, format, 20)
    except DecodeError as error:
        return error.code
    return found.partial, found.pixels.tobytes()


def test_what_cannot_be_divided_goes_the_ordinary_way(monkeypatch: pytest.MonkeyPatch) -> None:
    interlaced = png(2, 8)
    assert not by_both_ways(saved(picture("F"), "TIFF"), "tiff", 20, monkeypatch)
    header = chunks(interlaced)[0][1]
    flagged = interlaced.replace(chunk(b"IHDR", header), chunk(b"IHDR", header[:12] + b"\1"))
    with pytest.raises(DecodeError):
        opened(flagged, "png", 20)


MEASURE = """
import io, resource, sys
from engine.config import Limits
from engine.decode import DecodeRequest, decode, preload
preload()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as file:
    size = file.seek(0, 2)
    picture = decode(file, size, DecodeRequest(sys.argv[2], 256), Limits())
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(picture.full_size[0], picture.full_size[1], (after - before) // 1024, *picture.pixels.shape)
"""


def _sparse_bitmap(path: Path) -> None:
    side = 22_000
    with path.open("wb") as file:
        file.write(
            b"BM" + struct.pack("<IHHI", 0, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
        )
        file.seek(side * 5000 * 3)
        file.write(bytes(range(256)) * 4000)
        file.truncate(54 + side * side * 3)


def _black_png(path: Path) -> None:
    side = 22_000
    packer = zlib.compressobj(1)
    row = b"\0" + bytes(range(100)) * (3 * side // 100)
    stream = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path.write_bytes(png_of([(b"IHDR", header), (b"IDAT", stream), (b"IEND", b"")]))


@pytest.mark.slow
@pytest.mark.parametrize(("format", "write"), [("bmp", _sparse_bitmap), ("png", _black_png)])
def test_half_a_thousand_million_pixels_take_little_memory(tmp_path: Path, format: str, write: object) -> None:
    path = tmp_path / "large"
    assert callable(write)
    write(path)

    done = subprocess.run([sys.executable, "-c", MEASURE, path, format], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    width, height, mebibytes, rows, columns, _ = map(int, done.stdout.split())
    assert (width, height) == (22_000, 22_000)
    assert rows == columns == 22_000 // (22_000 // 1024)
    assert mebibytes < 150


def test_room_for_the_answer_is_looked_at_before_it_is_made() -> None:
    data = saved(scene(3, WIDTH, HEIGHT), "PNG")
    tight = Limits(memory_base=0, memory_per_pixel=0)

    with pytest.raises(DecodeError) as error:
        decode(io.BytesIO(data), len(data), DecodeRequest("png", 0), tight)

    assert error.value.code == "decode.too-large"
