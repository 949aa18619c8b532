"""From whatever a codec gives to 8-bit sRGB pixels: depth, palettes, ink, transparency over mid grey, colour profiles.

Works in strips of rows, so that a big picture never stands in memory a third time; pictures too big for that are reduced by
whole factors with exact means on the way."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engine.config import Limits
from engine.decode.picture import Pixels, check_memory, fits

STRIP_PIXELS = 1 << 20
GREY = 128
"""What lies behind transparent pixels."""

REDUCE_ABOVE = 64_000_000
"""px; a picture above is reduced by a whole factor when not all pixels are wanted: its long side keeps at least 4 × the edge."""

_ALPHA_MODES = ("LA", "La", "PA", "RGBA", "RGBa")
_CMS_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab "}

ToRgb = Callable[[Image.Image], NDArray[np.uint8]]


def srgb_pixels(image: Image.Image, limits: Limits, edge: int, white_level: int = 0, declared: int = 0) -> Pixels:
    """sRGB pixels of a loaded Pillow image, uint8 (H, W, 3).

    edge: the long side wanted (0 all): only pictures above `REDUCE_ABOVE` are reduced for it. white_level: the value that means
    white in a 16-bit mode with fewer bits in use, 0 for the mode's own. declared: px of the file, where the codec scaled.
    Raises MemoryError, or DecodeError when there is no room.
    """
    width, height = image.size
    factor = reduction(width, height, edge)
    declared = declared or width * height
    held = 4 if image.mode not in ("1", "L", "P") else 1
    if not factor > 1 and not fits((held + 3) * width * height, declared, limits):
        factor = max(1, min(2, max(width, height) // edge)) if edge else 1
    check_memory((held * width * height) + 3 * (width // factor) * (height // factor), declared, limits)
    convert = _converter(image, limits, white_level)
    return reduce_strips(lambda top, bottom: convert(_rows(image, top, bottom)), width, height, factor)


def srgb_array(array: NDArray[np.uint8], profile: bytes | None, limits: Limits, edge: int) -> Pixels:
    """The same for pixels that a codec gave as uint8 (H, W, 1, 3 or 4), 4 being straight alpha; rows may be a strided view."""
    height, width, channels = array.shape
    factor = reduction(width, height, edge)
    if factor > 1 and channels == 3:  # profiles cost more than means: apply them to the small picture
        return srgb_array(reduce_strips(lambda top, bottom: array[top:bottom], width, height, factor), profile, limits, 0)
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
    sample = Image.new(mode, (1, 1))
    if profile:
        sample.info["icc_profile"] = profile
    convert = _converter(sample, limits, 0)

    def strip(top: int, bottom: int) -> NDArray[np.uint8]:
        part = np.ascontiguousarray(array[top:bottom])
        return convert(Image.fromarray(part[..., 0] if channels == 1 else part))

    return reduce_strips(strip, width, height, factor)


def band_converter(image: Image.Image, limits: Limits, white_level: int) -> ToRgb:
    """What makes sRGB of any band of an opened image that need not be loaded; not for modes ``I`` and ``F``."""
    return _converter(image, limits, white_level)


def reduction(width: int, height: int, edge: int) -> int:
    """The whole factor by which a huge picture is made smaller, 1 for all others."""
    if edge <= 0 or width * height <= REDUCE_ABOVE:
        return 1
    return max(1, max(width, height) // (4 * edge))


def reduce_strips(strip: Callable[[int, int], NDArray[np.uint8]], width: int, height: int, factor: int) -> Pixels:
    """Put a picture together from strips of rows, each block of factor × factor px becoming their mean, rounded half up.

    strip(top, bottom) gives uint8 (bottom - top, width, 3). A rest of fewer than `factor` rows or columns is dropped.
    """
    rows = max(1, STRIP_PIXELS // max(1, width) // factor) * factor
    out_w, out_h = max(1, width // factor), max(1, height // factor)
    out = np.empty((out_h, out_w, 3), np.uint8)
    for top in range(0, out_h * factor, rows):
        bottom = min(top + rows, out_h * factor)
        part = strip(top, bottom)
        if factor > 1:
            area = factor * factor
            rows_added = part.reshape(-1, factor, width, 3).sum(axis=1, dtype=np.uint32)
            blocks = rows_added[:, : out_w * factor].reshape(-1, out_w, factor, 3)
            part = ((blocks.sum(axis=2, dtype=np.uint32) + area // 2) // area).astype(np.uint8)
        out[top // factor : bottom // factor] = part
    return out


def over_grey(colour: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colour (h, w, 3) with alpha (h, w) over mid grey, rounded."""
    a = alpha[..., None].astype(np.uint16)
    mixed = colour.astype(np.uint16) * a + GREY * (255 - a) + 127
    return (mixed // 255).astype(np.uint8)


def _rows(image: Image.Image, top: int, bottom: int) -> Image.Image:
    if top == 0 and bottom == image.size[1]:
        return image
    return image.crop((0, top, image.size[0], bottom))


def _converter(image: Image.Image, limits: Limits, white_level: int) -> ToRgb:
    mode = image.mode
    if mode.startswith("I;16"):
        return _levels(0.0, float(white_level or 65535))
    if mode in ("I", "F"):
        return _levels(*_range(image))
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not 0 < len(profile) <= limits.icc_bytes:
        profile = None
    if mode in _ALPHA_MODES or image.has_transparency_data:
        return _with_alpha(profile)
    return _opaque(mode, profile)


def _opaque(mode: str, profile: bytes | None) -> ToRgb:
    base = mode if mode in _CMS_SPACES else "RGB"
    transform = _transform(profile, base) if profile else None
    if transform is None and base == "L" and profile:
        base, transform = "RGB", _transform(profile, "RGB")  # grey pictures often carry an sRGB-like profile
    if transform is None and base == "LAB":
        transform = _lab_transform()

    def convert(strip: Image.Image) -> NDArray[np.uint8]:
        if strip.mode != base:
            strip = strip.convert(base)
        if transform is not None:
            applied = ImageCms.applyTransform(strip, transform)
            assert applied is not None  # only in-place transforms give None
            strip = applied
        elif base != "RGB":
            strip = strip.convert("RGB")
        return np.asarray(strip)

    return convert


def _with_alpha(profile: bytes | None) -> ToRgb:
    opaque = _opaque("RGB", profile)

    def convert(strip: Image.Image) -> NDArray[np.uint8]:
        if strip.mode == "La":
            strip = strip.convert("LA")
        full = strip.convert("RGBA")
        alpha = np.asarray(full.getchannel("A"))
        return over_grey(opaque(full.convert("RGB")), alpha)

    return convert


def _levels(black: float, white: float) -> ToRgb:
    scale = 255.0 / (white - black) if white > black else 0.0

    def convert(strip: Image.Image) -> NDArray[np.uint8]:
        values = np.nan_to_num(np.asarray(strip).astype(np.float64), nan=black, posinf=white, neginf=black)
        grey = np.clip(np.floor((values - black) * scale + 0.5), 0, 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)

    return convert


def _range(image: Image.Image) -> tuple[float, float]:
    """Black and white of a 32-bit picture: the usual ranges where the values keep to one, else darkest and lightest value."""
    low, high = np.inf, -np.inf
    rows = max(1, STRIP_PIXELS // max(1, image.size[0]))
    for top in range(0, image.size[1], rows):
        values = np.asarray(_rows(image, top, min(top + rows, image.size[1])))
        values = values[np.isfinite(values)]
        if values.size:
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    if low >= 0:
        for white in (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0):
            if high <= white:
                return 0.0, white
    return (low, high) if high > low else (0.0, 0.0)


@lru_cache(maxsize=4)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """How to get from the embedded profile to sRGB; None if it does not fit the mode, is broken, or changes nothing visible."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _CMS_SPACES[mode]:
            return None
        transform = ImageCms.buildTransform(source, _srgb(), mode, "RGB")
        if mode == "RGB" and _changes_nothing(transform):
            return None
        return transform
    except MemoryError:
        raise
    except Exception:  # a broken profile is ignored, as every viewer does
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(27, 27, 3)
    applied = ImageCms.applyTransform(Image.fromarray(grid), transform)
    assert applied is not None
    return int(np.abs(np.asarray(applied).astype(int) - grid).max()) <= 2


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), _srgb(), "LAB", "RGB")
