"""Small JPEGs of all usual kinds, and damage that knows how a JPEG is built. All from seeds."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

SAMPLINGS = ("4:4:4", "4:2:2", "4:2:0")

Chance = random.Random


def picture(seed: int, width: int, height: int, *, grey: bool = False) -> Image.Image:
    """Waves, edges and grain; no two alike."""
    noise = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    layers = [np.sin(x * noise.uniform(2, 20) + y * noise.uniform(2, 20)) * 80 + 128 for _ in range(3)]
    pixels = np.stack(layers, axis=-1) + noise.normal(0, noise.choice([0, 3, 25]), (height, width, 3))
    pixels[height // 3 : height // 2, width // 4 : width // 2] = noise.integers(0, 256, 3)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return image.convert("L") if grey else image


def saved(image: Image.Image, **options: object) -> bytes:
    """The bytes of a JPEG as Pillow writes it."""
    data = io.BytesIO()
    image.save(data, "JPEG", **options)
    return data.getvalue()


def with_sampling(data: bytes, factors: tuple[int, ...]) -> bytes:
    """A baseline JPEG with other sampling factors in its frame: the data then means another picture, or none."""
    at = data.index(b"\xff\xc0")
    edited = bytearray(data)
    for number, factor in enumerate(factors):
        edited[at + 11 + 3 * number] = factor
    return bytes(edited)


@cache
def small_files(count: int = 96) -> tuple[bytes, ...]:
    """Sound files of 8 to 90 px a side: samplings, qualities, restart markers, tables of their own, progressive, grey."""
    made = []
    for seed in range(count):
        chance = Chance(seed)
        image = picture(seed, chance.randint(8, 90), chance.randint(8, 90), grey=seed % 7 == 3)
        options: dict[str, object] = {
            "quality": chance.choice([1, 10, 40, 75, 85, 92, 97, 100]),
            "optimize": chance.random() < 0.3,
        }
        options["progressive"] = seed % 3 == 1
        if image.mode != "L":
            options["subsampling"] = chance.choice(SAMPLINGS)
        if chance.random() < 0.4:
            options["restart_marker_blocks"] = chance.choice([1, 2, 3, 7])
        made.append(saved(image, **options))
    return tuple(made)


def _place(chance: Chance, data: bytes) -> int:
    """More often in the picture data than in the header."""
    scan = data.find(b"\xff\xda")
    return chance.randrange(max(0, scan), len(data)) if chance.random() < 0.6 else chance.randrange(len(data))


def cut(chance: Chance, data: bytes) -> bytes:
    """The end is missing."""
    return data[: _place(chance, data)]


def cut_but_ended(chance: Chance, data: bytes) -> bytes:
    """The end is missing, but for the end marker."""
    return data[: _place(chance, data)] + b"\xff\xd9"


def flip(chance: Chance, data: bytes) -> bytes:
    """Some bits are turned over."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        changed[_place(chance, data)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwrite(chance: Chance, data: bytes) -> bytes:
    """Some bytes are others."""
    at, length = _place(chance, data), chance.choice([1, 2, 4, 30])
    return data[:at] + chance.randbytes(length) + data[at + length :]


def zeroed(chance: Chance, data: bytes) -> bytes:
    """A sector of zeros, at its place or pushed in."""
    at, length = _place(chance, data), chance.choice([8, 64, 255, 256, 300, 700])
    return data[:at] + bytes(length) + data[at + (length if chance.random() < 0.5 else 0) :]


def left_out(chance: Chance, data: bytes) -> bytes:
    """Some bytes are missing."""
    at = _place(chance, data)
    return data[:at] + data[at + chance.choice([1, 2, 3, 16, 100]) :]


def doubled(chance: Chance, data: bytes) -> bytes:
    """A stretch comes twice."""
    at = _place(chance, data)
    return data[: at + chance.choice([1, 2, 18, 64])] + data[at:]


def spliced(chance: Chance, data: bytes) -> bytes:
    """Goes on as another file."""
    other = chance.choice(small_files())
    return data[: _place(chance, data)] + other[_place(chance, other) :]


def marked(chance: Chance, data: bytes) -> bytes:
    """A marker stands where none belongs."""
    marker = bytes((0xFF, chance.choice([0xD0, 0xD1, 0xD7, 0xD8, 0xD9, 0xDA, 0xC4, 0xDC, 0xFF, 0x00, 0x01, 0xFE])))
    at = _place(chance, data)
    return data[:at] + marker + data[at + chance.choice([0, 2]) :]


def field_changed(chance: Chance, data: bytes) -> bytes:
    """A number in a header segment is another: size, sampling, tables, interval, scan."""
    marker = bytes((0xFF, chance.choice([0xC0, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA, 0xE0])))
    at = data.find(marker)
    if at < 0:
        return flip(chance, data)
    changed = bytearray(data)
    changed[min(len(data) - 1, at + chance.randint(1, 24))] = chance.choice([0, 1, 2, 3, 0x11, 0x12, 0x21, 0x22, 0x41, 63, 255])
    return bytes(changed)


def segment_moved(chance: Chance, data: bytes) -> bytes:
    """A header segment is missing, comes twice, or stands elsewhere."""
    parts, at = [], 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        parts.append(data[at:end])
        at = end
    part = parts.pop(chance.randrange(len(parts)))
    for _ in range(chance.randrange(3)):
        parts.insert(chance.randint(0, len(parts)), part)
    return data[:2] + b"".join(parts) + data[at:]


def interval_added(chance: Chance, data: bytes) -> bytes:
    """Restart markers are announced that do not come."""
    at = data.index(b"\xff\xda")
    return data[:at] + b"\xff\xdd\0\4\0" + bytes((chance.randrange(6),)) + data[at:]


def longer(chance: Chance, data: bytes) -> bytes:
    """Something stands behind the end, or just before the end marker."""
    rest = chance.choice([b"\0", b"\xff", b"\xff\xff", b"\x7f" * 3, bytes(300), chance.randbytes(40), data])
    return data + rest if chance.random() < 0.5 else data[:-2] + rest + data[-2:]


MUTATIONS: tuple[Callable[[Chance, bytes], bytes], ...] = (
    cut, cut_but_ended, flip, flip, flip, overwrite, zeroed, left_out, doubled, spliced, marked, field_changed, segment_moved,
    interval_added, longer,
)  # fmt: skip


def mutated(seed: int) -> bytes:
    """A damaged file; at times damaged twice."""
    chance = Chance(seed)
    data = chance.choice(small_files())
    for _ in range(chance.choice([1, 1, 1, 2])):
        if len(data) > 8 and data.find(b"\xff\xda") > 0:
            data = chance.choice(MUTATIONS)(chance, data)
    return data
