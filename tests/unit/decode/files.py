"""Small real files of every format, made from one seeded scene, and the shortest way to decode them."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from engine.config import Limits
from engine.decode import DecodeRequest, Picture, decode

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
WIDTH, HEIGHT = 240, 180


@cache
def scene(seed: int = 1, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A smooth coloured scene with some grain: no two rows, columns or turns of it are alike."""
    noise = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    layers = [np.sin(x * (3 + i) + seed) * np.cos(y * (4 - i)) * 60 + 120 + 50 * x - 40 * y for i in range(3)]
    pixels = np.stack(layers, axis=-1) + noise.normal(0, 6, (height, width, 3))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def saved(image: Image.Image, pillow_format: str, **options: object) -> bytes:
    """The bytes of a file as Pillow writes it."""
    data = io.BytesIO()
    image.save(data, pillow_format, **options)
    return data.getvalue()


def heif(image: Image.Image, **options: object) -> bytes:
    """The bytes of a HEIF file."""
    data = io.BytesIO()
    pillow_heif.from_pillow(image).save(data, quality=80, **options)
    return data.getvalue()


def film(pillow_format: str, frames: int = 5, **options: object) -> bytes:
    """A film of different frames."""
    # Copies: a picture that was saved once keeps the settings of that codec, and a film of another format trips over them.
    first, *rest = (scene(seed, 120, 90).copy() for seed in range(1, frames + 1))
    return saved(first, pillow_format, save_all=True, append_images=rest, **options)


def opened(data: bytes, format: str, edge: int = 512, orientation: int = 1, limits: Limits | None = None) -> Picture:
    """Decode the bytes of a file."""
    return decode(io.BytesIO(data), len(data), DecodeRequest(format, edge, orientation), limits or Limits())


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Mean difference in levels of two pictures of equal size."""
    return float(np.abs(a.astype(int) - b.astype(int)).mean())


@cache
def every_format() -> dict[str, tuple[str, bytes]]:
    """name → (format, bytes): stills and films of all formats and the codings that differ in how damage shows."""
    still = scene()
    deep = Image.fromarray(np.asarray(still.convert("L")).astype(np.uint16) * 257)
    return {
        "jpeg": ("jpeg", saved(still, "JPEG", quality=90)),
        "jpeg progressive": ("jpeg", saved(still, "JPEG", quality=90, progressive=True)),
        "jpeg with restarts": ("jpeg", saved(still, "JPEG", quality=90, restart_marker_blocks=4)),
        "jpeg grey": ("jpeg", saved(still.convert("L"), "JPEG", quality=90)),
        "jpeg ink": ("jpeg", saved(still.convert("CMYK"), "JPEG", quality=90)),
        "png": ("png", saved(still, "PNG")),
        "png palette": ("png", saved(still.convert("P"), "PNG")),
        "png deep": ("png", saved(deep, "PNG")),
        "png film": ("png", film("PNG")),
        "gif": ("gif", saved(still.quantize(), "GIF")),
        "gif film": ("gif", film("GIF")),
        "bmp": ("bmp", saved(still, "BMP")),
        "tiff": ("tiff", saved(still, "TIFF")),
        "tiff lzw": ("tiff", saved(still, "TIFF", compression="tiff_lzw")),
        "tiff deflate": ("tiff", saved(still, "TIFF", compression="tiff_adobe_deflate")),
        "tiff jpeg": ("tiff", saved(still, "TIFF", compression="jpeg")),
        "tiff pages": ("tiff", film("TIFF")),
        "webp": ("webp", saved(still, "WEBP", quality=90)),
        "webp lossless": ("webp", saved(still, "WEBP", lossless=True)),
        "webp film": ("webp", film("WEBP")),
        "heif": ("heif", heif(still)),
        "heif tiles": ("heif", heif(still, tile_size=64)),
        "avif": ("avif", saved(still, "AVIF", max_threads=1, speed=10)),
        "avif film": ("avif", film("AVIF", max_threads=1, speed=10)),
    }
