"""Pixels to fingerprint, in exact integer arithmetic: the same pixels give the same bits on every machine.

This room never opens a file and never resizes with a library; it takes upright sRGB pixels of any size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.colour_layout import colour_of
from engine.fingerprint.dct import coefficients, dct64, dct256
from engine.fingerprint.gradient import gradients
from engine.fingerprint.grid import area_sums
from engine.fingerprint.information import is_flat
from engine.fingerprint.parts import PACKED_BYTES, PARTS, PROFILE, Part, Prints, pack, unpack
from engine.fingerprint.plate import plate_of

__all__ = ["PACKED_BYTES", "PARTS", "PROFILE", "Part", "Prints", "fingerprint", "frame_hash", "pack", "unpack"]


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
    height, width = pixels.shape[:2]
    sums = area_sums(pixels)
    plate = plate_of(sums, height * width)
    values = coefficients(plate)
    parts = (dct64(values), dct256(values), gradients(plate[None]), colour_of(sums, height * width), plate)
    for part in parts:
        part.setflags(write=False)
    return Prints(*parts, flat=is_flat(plate, height, width))


def frame_hash(pixels: NDArray[np.uint8]) -> bytes:
    """The dct64 of one film frame, 8 bytes, little-endian; pixels as in `fingerprint`."""
    height, width = pixels.shape[:2]
    plate = plate_of(area_sums(pixels), height * width)
    return dct64(coefficients(plate)).astype("<u8").tobytes()
