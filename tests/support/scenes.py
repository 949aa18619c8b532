"""Pictures made from random numbers that behave like photographs under an image fingerprint: cloudy 1/f noise, horizons,
overlapping shapes, text-like marks, light gradients. Same seed and size, same picture. Nothing here is a photograph."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Rng = np.random.Generator

TILE = 1024
EXPONENTS = (0.9, 1.1, 1.3, 1.6, 2.0)
PAINTED_PIXELS = 2_500_000
"""Larger pictures are painted at this size and enlarged, then given sensor noise of their own: twelve megapixels in a second."""

TONES = np.array(
    [
        (146, 178, 209), (196, 210, 220), (92, 122, 160), (222, 190, 150), (120, 104, 78), (84, 98, 60), (58, 74, 52),
        (170, 158, 120), (206, 176, 144), (98, 72, 58), (60, 58, 66), (150, 150, 148), (226, 222, 212), (178, 96, 66),
        (200, 140, 60), (110, 60, 70), (70, 110, 116), (188, 170, 182),
    ],
    dtype=np.float64,
)  # fmt: skip
"""Sky, haze, sea, sand, soil, leaves, moss, straw, skin, bark, shade, stone, paper, brick, amber, wine, teal, dusk."""


@cache
def _noise_tile(index: int) -> NDArray[np.float32]:
    """One seamless tile of 1/f^e noise, float32 (TILE, TILE), mean 0, deviation 1. Made once a process, reused shifted."""
    rng = np.random.default_rng(7_000 + index)
    fy, fx = np.fft.fftfreq(TILE)[:, None], np.fft.rfftfreq(TILE)[None]
    radius = np.hypot(fy, fx)
    radius[0, 0] = np.inf
    spectrum = (rng.standard_normal(radius.shape) + 1j * rng.standard_normal(radius.shape)) / radius ** EXPONENTS[index]
    tile = np.fft.irfft2(spectrum, (TILE, TILE))
    return (tile / tile.std()).astype(np.float32)


def noise(rng: Rng, height: int, width: int, exponent: int | None = None) -> NDArray[np.float32]:
    """1/f noise, float32 (height, width), about mean 0 and deviation 1: a shifted, turned and enlarged part of a shared tile.

    A part of its own is taken at each call, so two pictures never share structure, while the costly transform runs once.
    """
    tile = _noise_tile(int(rng.integers(len(EXPONENTS))) if exponent is None else exponent)
    tile = np.roll(tile, (int(rng.integers(TILE)), int(rng.integers(TILE))), (0, 1))
    tile = np.rot90(tile, int(rng.integers(4)))
    if rng.random() < 0.5:
        tile = tile[:, ::-1]
    part = int(rng.integers(TILE // 2, TILE))
    cut = Image.fromarray(np.ascontiguousarray(tile[:part, : max(8, part * width // max(height, width))]))
    return np.asarray(cut.resize((width, height), Image.Resampling.BILINEAR), dtype=np.float32)


def _tone(rng: Rng) -> NDArray[np.float64]:
    """A colour as the world has them, (3,) in 0..255, brighter or darker by light and shade."""
    return np.clip(TONES[int(rng.integers(len(TONES)))] * rng.uniform(0.45, 1.25) + rng.normal(0, 12, 3), 4, 250)


def _textured(rng: Rng, height: int, width: int, base: NDArray[np.float64]) -> NDArray[np.float32]:
    """A coloured surface: `base` (3,) plus grain of its own strength in each channel."""
    grain = noise(rng, height, width)
    strength = (rng.uniform(6, 38) * (0.6 + 0.4 * rng.random(3))).astype(np.float32)
    return base.astype(np.float32) + grain[..., None] * strength


def _paint(out: NDArray[np.float32], mask: Image.Image, box: tuple[int, int, int, int], fill: NDArray[np.float32]) -> None:
    """Lay `fill` (h, w, 3) or (3,) over `out` where `mask` (L, of the box's size) is white, softly at the edge."""
    left, top, right, bottom = box
    share = np.asarray(mask, dtype=np.float32)[..., None] / 255
    region = out[top:bottom, left:right]
    region += (fill - region) * share


def _shapes(rng: Rng, out: NDArray[np.float32], count: int) -> None:
    """Discs, polygons and bars that cover each other, plain or textured."""
    height, width = out.shape[:2]
    short = min(height, width)
    for _ in range(count):
        radius = short * (0.04 + 0.4 * rng.beta(1, 2.5))
        cx, cy = rng.uniform(0, width), rng.uniform(0, height)
        left, top = max(0, int(cx - 1.4 * radius)), max(0, int(cy - 1.4 * radius))
        right, bottom = min(width, int(cx + 1.4 * radius) + 2), min(height, int(cy + 1.4 * radius) + 2)
        if right - left < 4 or bottom - top < 4:
            continue
        mask = Image.new("L", (right - left, bottom - top), 0)
        draw = ImageDraw.Draw(mask)
        x, y = cx - left, cy - top
        kind = int(rng.integers(3))
        if kind == 0:
            flat = radius * rng.uniform(0.45, 1.0)
            draw.ellipse((x - radius, y - flat, x + radius, y + flat), fill=255)
        else:
            corners = int(rng.integers(3, 8)) if kind == 1 else 4
            angles = np.sort(rng.uniform(0, 2 * np.pi, corners)) if kind == 1 else np.array([0.3, 2.84, 3.44, 5.98])
            far = radius * (rng.uniform(0.5, 1.3, corners) if kind == 1 else np.full(4, 1.3))
            turn = rng.uniform(0, np.pi)
            points = [(x + f * np.cos(a + turn), y + f * np.sin(a + turn)) for f, a in zip(far, angles, strict=True)]
            draw.polygon(points, fill=255)
        base = _tone(rng)
        plain = rng.random() < 0.5
        fill = base.astype(np.float32) if plain else _textured(rng, bottom - top, right - left, base)
        _paint(out, mask, (left, top, right, bottom), fill)


def _horizon(rng: Rng, out: NDArray[np.float32]) -> None:
    """One to three ridges, each a surface of its own, as in a landscape."""
    height, width = out.shape[:2]
    level = rng.uniform(0.25, 0.55)
    for _ in range(int(rng.integers(1, 4))):
        profile = noise(rng, 2, width, 4)[0] + 0.3 * noise(rng, 2, width, 3)[0]
        edge = (level + rng.uniform(0.05, 0.12) * profile) * height
        below = np.arange(height, dtype=np.float32)[:, None] > edge[None]
        surface = _textured(rng, height, width, _tone(rng))
        np.copyto(out, surface, where=below[..., None])
        level += rng.uniform(0.12, 0.3)
        if level > 0.9:
            break


def _marks(rng: Rng, out: NDArray[np.float32]) -> None:
    """Rows of short dark or light strokes, like a sign or a page: fine detail without any font."""
    height, width = out.shape[:2]
    line = max(6, int(height * rng.uniform(0.012, 0.04)))
    left, top = int(width * rng.uniform(0.05, 0.4)), int(height * rng.uniform(0.05, 0.5))
    right = min(width, left + int(width * rng.uniform(0.25, 0.55)))
    ink = np.float32(rng.choice([15.0, 240.0]))
    for row in range(int(rng.integers(3, 9))):
        y = top + int(row * line * 1.6)
        x = left
        while x < right and y + line < height:
            stroke = max(2, int(line * rng.uniform(0.3, 2.6)))
            if rng.random() < 0.8:
                out[y : y + line, x : min(x + stroke, right)] = ink
            x += stroke + max(2, line // 3)


def scene(seed: int, width: int, height: int) -> NDArray[np.uint8]:
    """A picture, uint8 (height, width, 3). Seeds of one library give pictures with nothing in common but the world they show."""
    rng = np.random.default_rng([seed, 42])
    shrink = min(1.0, (PAINTED_PIXELS / (width * height)) ** 0.5)
    painted = _painted(rng, max(8, round(width * shrink)), max(8, round(height * shrink)))
    if shrink < 1.0:
        painted = np.asarray(Image.fromarray(painted).resize((width, height), Image.Resampling.BICUBIC))
        grain = (noise(rng, height, width, 0) * 3).astype(np.int16)
        painted = np.clip(painted + grain[..., None], 0, 255).astype(np.uint8)
    return painted


def _painted(rng: Rng, width: int, height: int) -> NDArray[np.uint8]:
    """The picture at painting size."""
    out = _textured(rng, height, width, _tone(rng))
    if rng.random() < 0.5:
        _horizon(rng, out)
    _shapes(rng, out, int(rng.integers(5, 16)))
    if rng.random() < 0.35:
        _marks(rng, out)
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(rng.uniform(-0.25, 0.25))
    across = np.linspace(-1, 1, width, dtype=np.float32)[None] * np.float32(rng.uniform(-0.25, 0.25))
    out *= (1 + down + across)[..., None]
    out += noise(rng, height, width, 0)[..., None] * np.float32(3)
    return np.clip(out, 0, 255).astype(np.uint8)


def blank(seed: int, width: int, height: int) -> NDArray[np.uint8]:
    """A picture with nothing to compare by look: lens cap, fog, an empty page. Neighbouring seeds
    share their tone but not their grain, so that two such files look alike and differ in bytes. uint8 (height, width, 3)."""
    rng = np.random.default_rng([seed, 43])
    tone = (0.0, 0.0, 255.0, 255.0, 128.0, 128.0, 24.0, 24.0)[seed % 8]
    grain = rng.normal(0, 0.4, (height // 4 + 1, width // 4 + 1)).repeat(4, 0).repeat(4, 1)[:height, :width]
    return np.clip(np.round(tone + grain), 0, 255).astype(np.uint8)[..., None].repeat(3, 2)
