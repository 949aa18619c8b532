"""Edits that move the frame: crops, turns, stretches, views from the side."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

Rng = np.random.Generator
Point = tuple[float, float]


def cropped(im: Image.Image, wide: float, high: float, x: float, y: float) -> Image.Image:
    """Keep these shares of width and height; x, y 0..1 place the window between left/top and right/bottom."""
    width, height = max(8, round(im.width * wide)), max(8, round(im.height * high))
    left, top = round((im.width - width) * x), round((im.height - height) * y)
    return im.crop((left, top, left + width, top + height))


def corner(im: Image.Image, rng: Rng, share: float) -> Image.Image:
    """Keep this share of both sides, away from the centre: one of the four corners or near it."""
    x, y = rng.uniform(0, 0.15, 2)
    return cropped(im, share, share, x if rng.random() < 0.5 else 1 - x, y if rng.random() < 0.5 else 1 - y)


def to_aspect(im: Image.Image, aspect: float) -> Image.Image:
    """Width by height after cropping to the largest centred window."""
    own = im.width / im.height
    return cropped(im, min(1, aspect / own), min(1, own / aspect), 0.5, 0.5)


def turned(im: Image.Image, degrees: float, ground: tuple[int, int, int]) -> Image.Image:
    """Turned counter-clockwise, the whole picture kept, empty corners in a plain colour."""
    return im.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)


def straightened(im: Image.Image, degrees: float) -> Image.Image:
    """Turned, and the largest upright window of the same aspect without empty corners cut out."""
    angle = math.radians(abs(degrees))
    wide, high = im.size
    shrink = min(
        wide / (wide * math.cos(angle) + high * math.sin(angle)),
        high / (wide * math.sin(angle) + high * math.cos(angle)),
    )
    shrink -= 4 / min(wide, high)  # the resampling reaches two pixels out
    whole = im.rotate(degrees, Image.Resampling.BICUBIC)
    return cropped(whole, shrink, shrink, 0.5, 0.5)


def stretched(im: Image.Image, wide: float, high: float) -> Image.Image:
    """Resized without keeping the aspect."""
    return im.resize((max(8, round(im.width * wide)), max(8, round(im.height * high))), Image.Resampling.LANCZOS)


def resized(im: Image.Image, share: float) -> Image.Image:
    """To this share of both sides; no file of fewer than 120 px is made, as originals here may be small."""
    share = min(max(share, 120 / max(im.size)), max(share, 1))
    return stretched(im, share, share)


def within(im: Image.Image, edge: int) -> Image.Image:
    """The long side to `edge` px, larger or smaller."""
    return stretched(im, edge / max(im.size), edge / max(im.size))


def coefficients(corners: tuple[Point, Point, Point, Point], size: tuple[int, int]) -> list[float]:
    """Of Pillow's PERSPECTIVE: the source's corners (0, 0), (w, 0), (w, h), (0, h) appear at `corners` of the result, px."""
    wide, high = size
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (wide, 0), (wide, high), (0, high)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows, dtype=np.float64), np.array(right, dtype=np.float64))]


def in_perspective(im: Image.Image, lean: float, tip: float) -> Image.Image:
    """Seen from the side: an edge moved by `lean` of the height, the top shorter by `tip` of the width; no empty rim."""
    wide, high = im.size
    a, b = lean * high / 2, tip * wide / 2
    corners = ((-b, -a), (wide + b, a), (wide - b, high - a), (b, high + a))
    moved = im.transform(im.size, Image.Transform.PERSPECTIVE, coefficients(corners, im.size), Image.Resampling.BICUBIC)
    return cropped(moved, 1 - abs(tip), 1 - abs(lean), 0.5, 0.5)
