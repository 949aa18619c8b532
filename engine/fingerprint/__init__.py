"""Pixels to fingerprint, in exact integer arithmetic: the same pixels give the same bits on every machine.

This room never opens a file and never resizes with a library; it takes upright sRGB pixels of any size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.colour_layout import colour_of
from engine.fingerprint.content_box import content_box
from engine.fingerprint.dct import coefficients, dct64, dct256
from engine.fingerprint.features import LocalFeatures, features_of
from engine.fingerprint.frame import frame_of
from engine.fingerprint.gradient import gradients
from engine.fingerprint.information import is_flat
from engine.fingerprint.loops_area import AREA
from engine.fingerprint.loops_features import LOCAL_FEATURES
from engine.fingerprint.parts import FEATURES, PACKED_BYTES, PARTS, PROFILE, Part, Prints, pack, unpack
from engine.fingerprint.plate import SIDE, detail_of, plate_of
from engine.fingerprint.working import luma_of, working

__all__ = [
    "FEATURES",
    "LOOPS",
    "PACKED_BYTES",
    "PARTS",
    "PROFILE",
    "Part",
    "Prints",
    "fingerprint",
    "frame_hash",
    "pack",
    "unpack",
]

LOOPS = (AREA, LOCAL_FEATURES)
"""Compiled loops, for who wants many fingerprints: the same bits, several times faster."""


def fingerprint(pixels: NDArray[np.uint8]) -> Prints:
    """The fingerprint of one picture.

    Parameters
    ----------
    pixels: uint8 (H, W, 3), sRGB, upright, any size from 1 x 1 px; only read.

    Returns
    -------
    Prints with read-only arrays.

    Raises
    ------
    ValueError: another shape or dtype, or no pixels.
    """
    small = working(pixels)
    luma = luma_of(small)
    plate, detail = plate_of(luma), detail_of(luma)
    values = coefficients(plate)
    box, inner = _content(luma, plate)
    trimmed = values if inner is plate else coefficients(inner)
    flat = is_flat(plate, *pixels.shape[:2])
    features = _no_features() if flat else features_of(detail)
    prints = Prints(
        dct64=dct64(values),
        dct256=dct256(values),
        gradient=gradients(plate[None]),
        trim64=dct64(trimmed),
        trim256=dct256(trimmed),
        frame=frame_of(box, luma.shape, detail.shape, features.count),
        colour=colour_of(small),
        plate=plate,
        points=features.points,
        codes=features.codes,
        flat=flat,
    )
    for name in PARTS:
        getattr(prints, name).setflags(write=False)
    return prints


def frame_hash(pixels: NDArray[np.uint8]) -> bytes:
    """The dct64 of one film frame, 8 bytes, little-endian; pixels as in `fingerprint`."""
    return dct64(coefficients(plate_of(luma_of(working(pixels))))).astype("<u8").tobytes()


def _no_features() -> LocalFeatures:
    return LocalFeatures(0, np.zeros((FEATURES, 5), np.uint8), np.zeros(FEATURES, np.uint64))


def _content(luma: NDArray[np.uint8], plate: NDArray[np.uint8]) -> tuple[tuple[int, int, int, int], NDArray[np.uint8]]:
    """The content box and the plate of what is in it: the whole picture and its own plate where nothing is to be cut, or where
    nothing would be left to look at."""
    top, bottom, left, right = box = content_box(luma)
    whole = (0, luma.shape[0], 0, luma.shape[1])
    if box == whole:
        return whole, plate
    inner = plate_of(np.ascontiguousarray(luma[top:bottom, left:right]))
    return (whole, plate) if is_flat(inner, SIDE, SIDE) else (box, inner)
