"""IMGFPRINT: the hashes of that scheme, which other programs keep."""

from __future__ import annotations

from engine import imgfprint
from engine.worker import digest
from engine.worker.loop import Reply, Request
from engine.worker.probe import LoneError, lone
from engine.worker.small import pixels_of


def imgfprint_of(request: Request) -> Reply:
    """The 51 hashes of a picture, and BLAKE3 of its bytes. Raises DecodeError."""
    try:
        pixels = pixels_of(request, imgfprint.SHORT_SIDE)
    except LoneError:
        return lone()
    hashes = imgfprint.pack(imgfprint.fingerprint(pixels))
    return Reply({"digest": digest.whole_file(request.file).hex()}, hashes)
