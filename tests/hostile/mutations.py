"""Damage that needs no knowledge of the format: cuts, flips, zeroed sectors, repeats, splices."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

SECTOR = 512

Mutation = Callable[[bytes, Random, bytes], bytes]
"""(a sound file, chance, another sound file) → a file that may be damaged."""


def cut(data: bytes, random: Random, _: bytes) -> bytes:
    """Ends anywhere, more often near its ends."""
    place = random.choice((random.random(), random.random() ** 4, 1 - random.random() ** 4))
    return data[: int(place * len(data))]


def cut_front(data: bytes, random: Random, _: bytes) -> bytes:
    """The beginning is missing, the mark of the format stays."""
    return data[:16] + data[16 + random.randrange(max(1, len(data) // 2)) :]


def flip_one(data: bytes, random: Random, _: bytes) -> bytes:
    """One bit."""
    return _flipped(data, random, 1, len(data))


def flip_many(data: bytes, random: Random, _: bytes) -> bytes:
    """Up to 64 bits anywhere."""
    return _flipped(data, random, random.randint(2, 64), len(data))


def flip_head(data: bytes, random: Random, _: bytes) -> bytes:
    """Bits of the first 600 bytes, where sizes and offsets are."""
    return _flipped(data, random, random.randint(1, 12), min(600, len(data)))


def zero_sectors(data: bytes, random: Random, _: bytes) -> bytes:
    """Sectors that the disk lost."""
    changed = bytearray(data)
    for _n in range(random.randint(1, 3)):
        start = random.randrange(max(1, len(data) // SECTOR)) * SECTOR
        changed[start : start + SECTOR] = bytes(len(changed[start : start + SECTOR]))
    return bytes(changed)


def ones(data: bytes, random: Random, _: bytes) -> bytes:
    """A number somewhere becomes the largest there is."""
    changed = bytearray(data)
    for _n in range(random.randint(1, 6)):
        start = random.randrange(max(1, min(len(data), 2000) - 4))
        changed[start : start + 4] = b"\xff" * 4
    return bytes(changed)


def noise(data: bytes, random: Random, _: bytes) -> bytes:
    """A run of other bytes."""
    start = random.randrange(len(data))
    length = random.randint(1, max(2, len(data) // 4))
    return data[:start] + random.randbytes(min(length, len(data) - start)) + data[start + length :]


def repeat(data: bytes, random: Random, _: bytes) -> bytes:
    """A part comes many times."""
    start = random.randrange(len(data))
    part = data[start : start + random.randint(8, 4000)]
    return data[:start] + part * random.randint(2, 40) + data[start:]


def drop(data: bytes, random: Random, _: bytes) -> bytes:
    """A part is missing."""
    start = random.randrange(len(data))
    return data[:start] + data[start + random.randint(1, 4000) :]


def splice(data: bytes, random: Random, other: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return data[: random.randrange(len(data))] + other[random.randrange(len(other)) :]


def swap(data: bytes, random: Random, _: bytes) -> bytes:
    """Two sectors have changed places."""
    if len(data) < 4 * SECTOR:
        return data[::-1]
    first, second = sorted(random.sample(range(1, len(data) // SECTOR), 2))
    a, b = (data[n * SECTOR : (n + 1) * SECTOR] for n in (first, second))
    return data[: first * SECTOR] + b + data[(first + 1) * SECTOR : second * SECTOR] + a + data[(second + 1) * SECTOR :]


MUTATIONS: dict[str, Mutation] = {
    one.__name__: one
    for one in (cut, cut_front, flip_one, flip_many, flip_head, zero_sectors, ones, noise, repeat, drop, splice, swap)
}


def _flipped(data: bytes, random: Random, count: int, within: int) -> bytes:
    changed = bytearray(data)
    for _ in range(count):
        changed[random.randrange(within)] ^= 1 << random.randrange(8)
    return bytes(changed)
