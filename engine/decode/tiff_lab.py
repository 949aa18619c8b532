"""TIFF in CIE L*a*b* with 16 bits a channel, which Pillow does not know: read as RGB of the same layout, then named Lab again."""

from __future__ import annotations

from typing import BinaryIO, Literal

from PIL import Image

from engine.decode.tiff_dirs import Directory
from engine.decode.window import PiecedFile

_PHOTOMETRIC, _RGB, _CIELAB = 262, 2, 8


def is_deep_lab(page: Directory) -> bool:
    """Whether a page is 16-bit CIE L*a*b*."""
    return page.value(_PHOTOMETRIC) == _CIELAB and page.tags.get(258) == (16, 16, 16) and _PHOTOMETRIC in page.places


def as_rgb(file: BinaryIO, size: int, page: Directory) -> PiecedFile:
    """The file with the page's colour space changed to RGB in its directory."""
    file.seek(0)
    order: Literal["little", "big"] = "little" if file.read(2) == b"II" else "big"
    place = page.places[_PHOTOMETRIC]
    return PiecedFile(file, [(0, place), _RGB.to_bytes(2, order), (place + 2, size - place - 2)])


def to_lab(image: Image.Image) -> Image.Image:
    """The high bytes that Pillow kept, as its mode LAB, in which a and b are shifted by 128."""
    light, a, b = image.split()
    shift = [value ^ 128 for value in range(256)]
    return Image.merge("LAB", (light, a.point(shift), b.point(shift)))
