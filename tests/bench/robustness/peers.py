"""Fingerprints of other programs, written anew in numpy: what each sees of one picture, and how far two of them are apart.

Each follows its program's own description: average, gradient, DCT and wavelet hashes as imagehash makes them, the 16 x 16
gradient hash that czkawka takes by default, PDQ, dupeGuru's 15 x 15 blocks, digiKam's Haar signature, imgfprint
(`engine.imgfprint`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import imgfprint

Array = NDArray[Any]
BINS = 1024
"""Distances are counted in so many bins; each scheme brings its own to whole numbers below that."""

SIDE = 512
LANCZOS = Image.Resampling.LANCZOS


@dataclass(frozen=True, slots=True)
class Scheme:
    """name: for tables. of: picture to row. apart: rows (n, …) and one row to distances int64 (n,) below `BINS`. usual: the
    program's own limit, None where it has none."""

    name: str
    of: Callable[[Image.Image], Array]
    apart: Callable[[Array, Array], NDArray[np.int64]]
    usual: int | None


def _bits(values: Array) -> NDArray[np.uint64]:
    return np.packbits(values.reshape(-1)).view(np.uint64)


def _grey(im: Image.Image, width: int, height: int) -> NDArray[np.float64]:
    return np.asarray(im.convert("L").resize((width, height), LANCZOS), dtype=np.float64)


def average(im: Image.Image) -> Array:
    """8 x 8 means against their mean."""
    small = _grey(im, 8, 8)
    return _bits(small > small.mean())


def gradient(im: Image.Image, side: int = 8) -> Array:
    """Brighter than the neighbour on the left?"""
    small = _grey(im, side + 1, side)
    return _bits(small[:, 1:] > small[:, :-1])


def gradient16(im: Image.Image) -> Array:
    """The same of 16 x 16."""
    return gradient(im, 16)


def _cosines(rows: int, size: int, first: int) -> NDArray[np.float64]:
    frequency, place = np.arange(first, first + rows)[:, None], np.arange(size)[None]
    return np.cos(np.pi * frequency * (2 * place + 1) / (2 * size))


_DCT32, _DCT64 = _cosines(8, 32, 0), _cosines(16, 64, 1)


def dct(im: Image.Image) -> Array:
    """The lowest 8 x 8 frequencies of 32 x 32 against their median."""
    values = _DCT32 @ _grey(im, 32, 32) @ _DCT32.T
    return _bits(values > np.median(values))


def wavelet(im: Image.Image) -> Array:
    """The Haar transform's 8 x 8 approximation, without the mean, against its median."""
    small = _grey(im, 256, 256).reshape(8, 32, 8, 32).mean(axis=(1, 3))
    return _bits(small > np.median(small))


def _box(values: NDArray[np.float64], window: int, axis: int) -> NDArray[np.float64]:
    """Mean of a window along one axis, shorter at the ends, as PDQ's one-dimensional filter."""
    before, size = window // 2, values.shape[axis]
    place = np.arange(size)
    start, stop = np.maximum(place - before, 0), np.minimum(place - before + window, size)
    sums = np.concatenate([np.zeros_like(np.take(values, [0], axis)), np.cumsum(values, axis)], axis)
    shape = (-1, 1) if axis == 0 else (1, -1)
    return (np.take(sums, stop, axis) - np.take(sums, start, axis)) / (stop - start).reshape(shape)


def pdq(im: Image.Image) -> Array:
    """PDQ in 8 poses, uint64 (8, 4), the first as the picture stands: two tent filters, 64 x 64 samples, 16 x 16 frequencies."""
    pixels = np.asarray(im, dtype=np.float64) @ np.array([0.299, 0.587, 0.114])
    for _ in range(2):
        for axis in (1, 0):
            pixels = _box(pixels, (pixels.shape[axis] + 127) // 128, axis)
    rows, columns = (((np.arange(64) + 0.5) * size / 64).astype(int) for size in pixels.shape)
    values = _DCT64 @ pixels[rows][:, columns] @ _DCT64.T
    sign = 1.0 - 2.0 * (np.arange(1, 17) % 2)
    poses = []
    for turned in (values, values.T):
        for down in (1.0, sign[:, None]):
            poses += [turned * down * across for across in (1.0, sign[None])]
    return np.array([_bits(one > np.median(one)) for one in poses])


def blocks(im: Image.Image) -> Array:
    """Mean colour of 15 x 15 blocks."""
    return np.asarray(im.resize((15, 15), Image.Resampling.BOX), dtype=np.int16)


COEFFICIENTS = 40
_HAAR_WEIGHTS = np.array(
    [(5.00, 19.21, 34.37), (0.83, 1.26, 0.36), (1.01, 0.44, 0.45), (0.52, 0.53, 0.14), (0.47, 0.28, 0.18), (0.30, 0.14, 0.27)]
)
_YIQ = np.array([(0.299, 0.587, 0.114), (0.596, -0.275, -0.321), (0.212, -0.523, 0.311)])


def haar(im: Image.Image) -> Array:
    """digiKam's signature, float64 (123,): means of Y, I, Q, then for each of them 40 places + 1, negative where the value is."""
    pixels = np.asarray(im.resize((128, 128), Image.Resampling.BILINEAR), dtype=np.float64)
    out = np.empty(3 + 3 * COEFFICIENTS)
    for channel, weights in enumerate(_YIQ):
        values = _haar_transform(pixels @ weights)
        out[channel] = values[0, 0] / (128 * 256)
        values[0, 0] = 0
        flat = values.reshape(-1)
        largest = np.sort(np.argpartition(-np.abs(flat), COEFFICIENTS)[:COEFFICIENTS])
        out[3 + channel * COEFFICIENTS :][:COEFFICIENTS] = np.where(flat[largest] > 0, largest + 1, -largest - 1)
    return out


def _haar_transform(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values = values.copy()
    for axis in (1, 0):
        size = values.shape[axis]
        while size > 1:
            part = values[:, :size] if axis else values[:size]
            even, odd = (part[:, 0::2], part[:, 1::2]) if axis else (part[0::2], part[1::2])
            part[...] = np.concatenate([even + odd, even - odd], axis=axis) * 0.5**0.5
            size //= 2
    return values


def haar_apart(rows: Array, one: Array) -> NDArray[np.int64]:
    """1000 for no common place, 0 for equal signatures: weights of common places less those of the means' difference."""
    score = np.zeros(len(rows))
    best = 0.0
    for channel in range(3):
        mine = one[3 + channel * COEFFICIENTS :][:COEFFICIENTS]
        place = (np.abs(mine) - 1).astype(np.int64)
        weight = np.zeros(2 * 128 * 128 + 1)
        weight[(mine + 128 * 128).astype(np.int64)] = _HAAR_WEIGHTS[np.minimum(np.maximum(place // 128, place % 128), 5), channel]
        best += weight.sum()
        theirs = rows[:, 3 + channel * COEFFICIENTS :][:, :COEFFICIENTS]
        score += weight[(theirs + 128 * 128).astype(np.int64)].sum(axis=1)
        score -= _HAAR_WEIGHTS[0, channel] * np.abs(rows[:, channel] - one[channel])
    return np.clip(np.rint(1000 * (1 - score / best)), 0, BINS - 1).astype(np.int64)


def bits_apart(rows: Array, one: Array) -> NDArray[np.int64]:
    """Bits that differ."""
    return np.bitwise_count(rows ^ one).sum(axis=-1, dtype=np.int64)


def pdq_apart(rows: Array, one: Array) -> NDArray[np.int64]:
    """PDQ as the pictures stand."""
    return bits_apart(rows[:, 0], one[0])


def pdq_best(rows: Array, one: Array) -> NDArray[np.int64]:
    """PDQ in the best pose of the one that asks."""
    return np.bitwise_count(rows[:, 0, None] ^ one[None]).sum(axis=2, dtype=np.int64).min(axis=1)


def blocks_apart(rows: Array, one: Array) -> NDArray[np.int64]:
    """Mean over blocks of the summed differences of the channels, rounded down."""
    return np.minimum(np.abs(rows - one).sum(axis=(1, 2, 3), dtype=np.int64) // 225, BINS - 1)


def imgfprint_of(im: Image.Image) -> Array:
    """The 3 x 17 hashes."""
    return np.asarray(imgfprint.fingerprint(np.asarray(im)))


def imgfprint_apart(rows: Array, one: Array) -> NDArray[np.int64]:
    """Thousandths by which its score falls short of 1."""
    apart = np.bitwise_count(rows ^ one).astype(np.uint8)
    return np.clip(np.rint(1000 * (1 - imgfprint.scores(apart, imgfprint.MultiHashConfig()))), 0, BINS - 1).astype(np.int64)


SCHEMES = (
    Scheme("average hash 64", average, bits_apart, 5),
    Scheme("gradient hash 64", gradient, bits_apart, 10),
    Scheme("DCT hash 64", dct, bits_apart, 10),
    Scheme("wavelet hash 64", wavelet, bits_apart, 5),
    Scheme("gradient hash 256 (czkawka)", gradient16, bits_apart, 15),
    Scheme("PDQ 256", pdq, pdq_apart, 31),
    Scheme("PDQ 256, best of 8 poses", pdq, pdq_best, 31),
    Scheme("15 x 15 blocks (dupeGuru)", blocks, blocks_apart, 5),
    Scheme("Haar signature (digiKam)", haar, haar_apart, 100),
    Scheme("imgfprint blend", imgfprint_of, imgfprint_apart, 300),
)


def described(im: Image.Image) -> dict[str, Array]:
    """Rows of all schemes of one upright RGB picture, by the name of the function that makes them."""
    if max(im.size) > SIDE:
        im = im.copy()
        im.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=None)
    return {make.__name__: make(im) for make in dict.fromkeys(scheme.of for scheme in SCHEMES)}
