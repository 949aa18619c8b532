"""Edits of brightness, colour and sharpness: what a raw converter's sliders and a phone's filters do."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

Rng = np.random.Generator
STEPS = np.arange(256) / 255.0


def _curve(im: Image.Image, *channels: np.ndarray) -> Image.Image:
    """One curve for all channels or three of them: float (256,) 0..1."""
    curves = channels * 3 if len(channels) == 1 else channels
    return im.point([int(v) for c in curves for v in np.rint(255 * np.clip(c, 0, 1))])


def linear(values: np.ndarray) -> np.ndarray:
    """sRGB 0..1 to linear light."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(light: np.ndarray) -> np.ndarray:
    """Linear light to sRGB 0..1, clipped."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def exposed(im: Image.Image, ev: float) -> Image.Image:
    """More or less light by so many stops; what is too bright is lost."""
    return _curve(im, encoded(linear(STEPS) * 2.0**ev))


def gamma(im: Image.Image, power: float) -> Image.Image:
    """Midtones lifted (power below 1) or lowered."""
    return _curve(im, STEPS**power)


def contrast(im: Image.Image, factor: float) -> Image.Image:
    """Around middle grey."""
    return _curve(im, 0.5 + (STEPS - 0.5) * factor)


def saturation(im: Image.Image, factor: float) -> Image.Image:
    """0 is grey, 1 as it is."""
    return ImageEnhance.Color(im).enhance(factor)


def tinted(im: Image.Image, red: float, green: float, blue: float) -> Image.Image:
    """Another white balance: gains of linear light."""
    return _curve(im, *(encoded(linear(STEPS) * gain) for gain in (red, green, blue)))


def turned_hue(im: Image.Image, share: float) -> Image.Image:
    """Hues moved by this share of the circle."""
    hue, sat, value = im.convert("HSV").split()
    return Image.merge("HSV", (hue.point([int(v + 256 * share) % 256 for v in range(256)]), sat, value)).convert("RGB")


def grey(im: Image.Image, factor: float = 1.0, red: float = 0.3, green: float = 0.59) -> Image.Image:
    """Black and white, with a mixture of channels and a contrast."""
    mixed = im.convert("L", (red, green, 1 - red - green, 0))
    return contrast(mixed.convert("RGB"), factor)


def sepia(im: Image.Image) -> Image.Image:
    """Brown and pale."""
    return ImageOps.colorize(ImageOps.autocontrast(im.convert("L")), (40, 26, 12), (250, 236, 205))


def noisy(im: Image.Image, rng: Rng, deviation: float) -> Image.Image:
    """Grain of the sensor, grey levels, a little stronger in colour than in light."""
    pixels = np.asarray(im, dtype=np.float32)
    grain = rng.standard_normal((*pixels.shape[:2], 1), dtype=np.float32) + 0.5 * rng.standard_normal(
        pixels.shape, dtype=np.float32
    )
    return Image.fromarray(np.clip(pixels + deviation * grain, 0, 255).astype(np.uint8))


def vignetted(im: Image.Image, strength: float) -> Image.Image:
    """Darker towards the corners."""
    y = np.linspace(-1, 1, im.height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, im.width, dtype=np.float32)[None]
    shade = 1 - strength * np.minimum(1, (x * x + y * y) / 2) ** 1.5
    return Image.fromarray((np.asarray(im) * shade[..., None]).astype(np.uint8))


def film(im: Image.Image, rng: Rng) -> Image.Image:
    """A phone's film filter: lifted blacks, an S of its own for each channel, less colour, vignette, grain."""
    s = STEPS + 0.09 * np.sin(2 * np.pi * (STEPS - 0.5))
    graded = _curve(saturation(im, 0.7), 0.10 + 0.86 * s, 0.08 + 0.84 * s, 0.16 + 0.70 * s)
    return noisy(vignetted(graded, 0.35), rng, 5)


def developed(im: Image.Image) -> Image.Image:
    """The picture as another raw converter would have made it: flatter curve, other white, shadows up, sharper, less noise."""
    light = linear(STEPS)
    flat = encoded(0.75 * light + 0.25 * np.sqrt(light) * 0.6)
    smooth = im.filter(ImageFilter.MedianFilter(3))
    toned = tinted(_curve(smooth, flat), 1.08, 1.0, 0.88)
    return saturation(toned, 0.85).filter(ImageFilter.UnsharpMask(2, 120, 2))


def hard_hdr(im: Image.Image) -> Image.Image:
    """Local contrast far up: each tone against its wide surroundings."""
    wide = im.filter(ImageFilter.GaussianBlur(max(im.size) / 30))
    pixels, ground = np.asarray(im, dtype=np.float32), np.asarray(wide, dtype=np.float32)
    return saturation(
        Image.fromarray(np.clip(128 + 1.3 * (pixels - ground) + 0.45 * (ground - 128), 0, 255).astype(np.uint8)), 1.3
    )


def blurred(im: Image.Image, share: float) -> Image.Image:
    """Gaussian; radius as a share of the long side."""
    return im.filter(ImageFilter.GaussianBlur(share * max(im.size)))


def shaken(im: Image.Image, share: float) -> Image.Image:
    """Moved sideways while exposed, over this share of the long side."""
    steps = max(2, round(share * max(im.size)))
    moved = np.zeros((im.height, im.width, 3), dtype=np.float32)
    for step in range(steps):
        moved += np.asarray(ImageChops.offset(im, step - steps // 2, (step - steps // 2) // 3))
    return Image.fromarray((moved / steps).astype(np.uint8))


def posterised(im: Image.Image, bits: int) -> Image.Image:
    """So many bits a channel."""
    return ImageOps.posterize(im, bits)
