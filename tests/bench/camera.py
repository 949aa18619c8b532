"""Photographs as a camera saves them: a scene, sensor noise, and a JPEG of about 0.4 byte a pixel with EXIF thumbnail."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageChops

from tests.bench.tiff_writer import exif
from tests.support.scenes import scene

SIZES = ((6000, 4000), (6000, 4000), (5184, 3456), (4608, 3456), (4000, 3000))
SHRINK = 4  # scenes are painted at this part of the size; the finest detail of a photograph is its noise anyway
MARGIN = 512
FIRST_TIME = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Style:
    """How one camera saves. noise: grey levels (standard deviation) that bring the file to about 0.4 byte a pixel."""

    quality: int
    subsampling: int
    noise: int


STYLES = (Style(90, 2, 10), Style(92, 1, 8), Style(95, 2, 5), Style(92, 1, 8), Style(94, 1, 6))
"""4:2:0 is 2, 4:2:2 is 1: of real camera files about half are 4:2:2."""


@cache
def _noise(level: int) -> Image.Image:
    """A field larger than any picture, mean 128; pictures take a part of it that no other takes."""
    rng = np.random.default_rng(900 + level)
    height, width = SIZES[0][1] + MARGIN, SIZES[0][0] + MARGIN
    field = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, 256):
        rows = min(256, height - top)
        grey = rng.standard_normal((rows, width, 1), np.float32)
        colour = rng.standard_normal((rows, width, 3), np.float32)
        field[top : top + rows] = np.clip(128.5 + level * grey + level / 2 * colour, 0, 255)
    return Image.fromarray(field)


def small_scene(number: int, size: tuple[int, int]) -> Image.Image:
    """What the camera looks at, at a `SHRINK`th of its size."""
    return Image.fromarray(scene(number, size[0] // SHRINK, size[1] // SHRINK))


def exposed(view: Image.Image, size: tuple[int, int], level: int, rng: np.random.Generator) -> Image.Image:
    """The view at full size (px) with noise of its own."""
    left, top = (int(value) for value in rng.integers(0, MARGIN, 2))
    grain = _noise(level).crop((left, top, left + size[0], top + size[1]))
    if rng.random() < 0.5:
        grain = grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return ImageChops.add(view.resize(size, Image.Resampling.BICUBIC), grain, 1, -128)


def taken_at(number: int, second: int = 0) -> str:
    """The time of a capture as EXIF writes it."""
    return time.strftime("%Y:%m:%d %H:%M:%S", time.gmtime(FIRST_TIME + number * 3671 + second))


def thumbnail(view: Image.Image) -> bytes:
    """160 x 120 px with black bars, as cameras make it."""
    small = Image.new("RGB", (160, 120))
    fitted = view.copy()
    fitted.thumbnail((160, 120))
    small.paste(fitted, ((160 - fitted.width) // 2, (120 - fitted.height) // 2))
    return jpeg(small, quality=80)


def camera_jpeg(picture: Image.Image, view: Image.Image, style: Style, taken: str, number: int) -> bytes:
    """The camera's own file: one in twenty progressive, one in six with restart markers."""
    extra: dict[str, object] = {"exif": exif(thumbnail(view), taken, 100 + number % 7 * 100)}
    if number % 20 == 7:
        extra["progressive"] = True
    elif number % 6 == 1:
        extra["restart_marker_rows"] = 1
    return jpeg(picture, quality=style.quality, subsampling=style.subsampling, **extra)


def jpeg(picture: Image.Image, **options: object) -> bytes:
    """The bytes of a JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)  # type: ignore[arg-type]
    return out.getvalue()
