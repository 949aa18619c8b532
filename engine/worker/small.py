"""A picture decoded no larger than somebody needs it: upright sRGB pixels of a request's file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.decode import DecodeRequest, decode
from engine.errors import DecodeError
from engine.worker.loop import Request
from engine.worker.probe import NoPictureError, Probe, make_room, probe


def pixels_of(request: Request, short_side: int) -> NDArray[np.uint8]:
    """uint8 (H, W, 3), the short side at least so many px where the file has them. Raises DecodeError, LoneError, OSError."""
    try:
        found = probe(request)
    except NoPictureError as no:
        raise DecodeError("not a picture", code=no.code) from None
    make_room(request, found)
    metadata = found.metadata
    wanted = DecodeRequest(
        found.format.name,
        _edge(found, short_side),
        metadata.orientation,
        tuple((preview.offset, preview.length) for preview in metadata.previews),
        frames=False,
        size=(metadata.width or 0, metadata.height or 0),
        by_codec=True,
    )
    return decode(request.file, request.size, wanted, request.limits).pixels


def _edge(found: Probe, short_side: int) -> int:
    """The long side that goes with such a short side; 0, all pixels, where the header does not tell the shape."""
    width, height = found.metadata.width or 0, found.metadata.height or 0
    if not width or not height:
        return 0
    return -(-short_side * max(width, height) // min(width, height))
