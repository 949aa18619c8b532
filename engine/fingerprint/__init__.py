"""Pixels to fingerprint, in exact integer arithmetic: the same pixels give the same bits on every machine.

This room never opens a file and never resizes with a library; it takes upright sRGB pixels of any size.
"""

from __future__ import annotations

from collections.abc import Callable

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
from engine.fingerprint.plate import detail_of, plate_of
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


def fingerprint(pixels: NDArray[np.uint8], done: Callable[[str], None] = lambda step: None) -> Prints:
    """The fingerprint of one picture.

    Parameters
    ----------
    pixels: uint8 (H, W, 3), sRGB, upright, any size from 1 x 1 px; only read. done: told ``fingerprint`` when all but the local
    features are there, then ``features``, for who measures times.

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
    box, inner = _content(luma, plate)
    values = coefficients(plate)
    trimmed = values if inner is plate else coefficients(inner)
    hashes = dct64(values), dct256(values), gradients(plate[None]), dct64(trimmed), dct256(trimmed)
    colour, flat = colour_of(small), is_flat(plate, *pixels.shape[:2])
    done("fingerprint")
    features = _no_features() if flat else features_of(detail)
    frame = frame_of(box, (luma.shape[0], luma.shape[1]), (detail.shape[0], detail.shape[1]), features.count)
    parts = (*hashes, frame, colour, plate, features.points, features.codes)
    for part in parts:
        part.setflags(write=False)
    done("features")
    return Prints(*parts, flat=flat)


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
    inner = plate_of(luma[top:bottom, left:right])
    return (whole, plate) if is_flat(inner, bottom - top, right - left) else (box, inner)
