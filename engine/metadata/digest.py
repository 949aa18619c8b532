"""The digest of a picture's data that metadata cannot change, for the tier *same data*. Reads each byte at most once; a
broken file has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from engine.metadata.heif_digest import heif_digest
from engine.metadata.jpeg_digest import jpeg_digest
from engine.metadata.png_digest import png_digest
from engine.metadata.tiff_digest import tiff_digest
from engine.metadata.webp_digest import webp_digest

_DIGESTS: dict[str, Callable[[BinaryIO, int], bytes | None]] = {
    "jpeg": jpeg_digest,
    "png": png_digest,
    "tiff": tiff_digest,
    "webp": webp_digest,
    "heif": heif_digest,
    "avif": heif_digest,
}

DIGESTED = frozenset(_DIGESTS)
"""Formats that have a picture digest. RAW has none: a scan reads little of it, and the digest needs all."""


def picture_digest(file: BinaryIO, size: int, format: str) -> bytes | None:
    """32-byte BLAKE3 over all that decides a picture's pixels, and over what else hangs on the file (further pictures, a film).

    Parameters
    ----------
    file: readable and seekable. size: its length in bytes. format: name of `formats.FORMATS`.

    Returns
    -------
    None for formats outside `DIGESTED`, and for a structure that is cut or broken. OSError passes through.
    """
    digest = _DIGESTS.get(format)
    return digest(file, size) if digest is not None else None
