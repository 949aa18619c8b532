"""The digest of a picture's data that metadata cannot change, for the tier *same data*. Streams the file; a
broken one has none."""

from __future__ import annotations

from typing import BinaryIO

from engine.metadata.jpeg_digest import jpeg_digest
from engine.metadata.png_digest import png_digest


def picture_digest(file: BinaryIO, size: int, format: str) -> bytes | None:
    """32-byte BLAKE3 over all that decides a picture's pixels, and over what else hangs on the file (further pictures, a film).

    Parameters
    ----------
    file: readable and seekable. size: its length in bytes. format: name of `formats.FORMATS`.

    Returns
    -------
    None for formats other than ``jpeg`` and ``png``, and for a structure that is cut or broken. OSError passes through.
    """
    if format == "jpeg":
        return jpeg_digest(file, size)
    if format == "png":
        return png_digest(file, size)
    return None
