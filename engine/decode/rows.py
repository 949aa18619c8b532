"""Which rows of an image did a codec really write? The image is filled with a colour of ours first;
rows that still show it did not come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

FILLS = ((1, 254, 3, 201), (253, 2, 251, 55))
"""Two colours without a channel in common: a row that shows either one by chance does not show the other."""

_PROBES = 64


def prefill(image: ImageFile.ImageFile, number: int) -> None:
    """Give an opened, not yet loaded image its pixels, filled with colour `number` of `FILLS`."""
    image.im = Image.new(image.mode, image.size, _fill(image.mode, number)).im


def rows_written(image: ImageFile.ImageFile, number: int) -> int:
    """Rows from the top that no longer show the filling, for codecs that write from the top (probes 64 columns)."""
    width, height = image.size
    columns = range(0, width, max(1, width // _PROBES))
    fill = _fill(image.mode, number)
    core = image.im

    def written(row: int) -> bool:
        return any(core.getpixel((column, row)) != fill for column in columns)

    if written(height - 1):
        return height
    low, high = 0, height - 1  # the first unwritten row lies in low..high
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if written(middle) else (low, middle)
    return low


def edges_written(image: ImageFile.ImageFile, number: int) -> bool:
    """Whether the first and the last row no longer show the filling: all rows came, for codecs that fail loudly otherwise."""
    width, height = image.size
    columns = range(0, width, max(1, width // _PROBES))
    fill = _fill(image.mode, number)
    return all(any(image.im.getpixel((column, row)) != fill for column in columns) for row in (0, height - 1))


def sound_rows(first: Image.Image, second: Image.Image) -> tuple[int, int]:
    """The longest run (top, bottom) of rows of which every pixel came, from decoding twice over filling 0 and filling 1."""
    width, height = first.size
    sound = np.zeros(height, np.bool_)
    step = max(1, (1 << 20) // max(1, width))
    for top in range(0, height, step):
        box = (0, top, width, min(top + step, height))
        kept = _shows(first.crop(box), 0) & _shows(second.crop(box), 1)
        sound[top : top + len(kept)] = ~kept.reshape(len(kept), -1).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], sound.astype(np.int8), [0]))))
    if not len(edges):
        return 0, 0
    tops, bottoms = edges[::2], edges[1::2]
    best = int(np.argmax(bottoms - tops))
    return int(tops[best]), int(bottoms[best])


def _shows(image: Image.Image, number: int) -> NDArray[np.bool_]:
    values = np.asarray(image)
    return np.asarray(values == np.asarray(Image.new(image.mode, (1, 1), _fill(image.mode, number)))[0, 0])


def _fill(mode: str, number: int) -> int | float | tuple[int, ...]:
    colour = FILLS[number]
    if mode == "1":
        return 255 * number
    if mode in ("L", "P") or mode.startswith("I"):
        return colour[0] + 166 if number == 0 else colour[3]
    if mode == "F":
        return float(colour[0]) / 7
    return colour[: len(Image.new(mode, (1, 1)).getbands())]
