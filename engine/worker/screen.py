"""PIXELS: a picture for the screen, written into memory that the parent made and sized."""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.decode import DecodeRequest, decode
from engine.errors import DecodeError
from engine.wire import PIXEL_BYTES
from engine.worker.loop import Reply, Request
from engine.worker.probe import LoneError, NoPictureError, Probe, lone, make_room, probe

PREVIEW_ROUTES = ("raw-preview", "raw-thumb")
ROWS_AT_ONCE = 16  # few enough to stay in the processor's memory while their colours change places


def paint(request: Request) -> Reply:
    """Fill the canvas with the picture, no side longer than `request.edge` (0: in full); upright sRGB, rows top to bottom.

    In the order of bytes that a screen takes: whoever shows it must not convert millions of pixels first.
    """
    if request.canvas is None:
        raise ValueError("no canvas was handed over")
    try:
        found = probe(request)
        make_room(request, found, extra_bytes=_canvas_bytes(request, found))
    except NoPictureError as no:
        raise DecodeError("not a picture", code=no.code) from None
    except LoneError:
        return lone()
    metadata = found.metadata
    previews = tuple((preview.offset, preview.length) for preview in metadata.previews)
    size = (metadata.width or 0, metadata.height or 0)
    wanted = DecodeRequest(
        found.format.name, request.edge, metadata.orientation, previews, frames=False, size=size, by_codec=True
    )
    picture = decode(request.file, request.size, wanted, request.limits)
    pixels = _fitted(picture.pixels, request.edge)
    _fill(request.canvas, pixels)
    height, width = pixels.shape[:2]
    preview = picture.route in PREVIEW_ROUTES
    return Reply({"width": width, "height": height, "full": list(picture.full_size), "preview": preview})


def _canvas_bytes(request: Request, found: Probe) -> int:
    return PIXEL_BYTES * (request.edge * request.edge or found.pixels or 0)


def _fitted(pixels: NDArray[np.uint8], edge: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    longest = max(height, width)
    if edge == 0 or longest <= edge:
        return pixels
    size = (max(1, round(width * edge / longest)), max(1, round(height * edge / longest)))
    # Only for the eye and never stored: here a library may choose its own arithmetic.
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))


def _fill(canvas: int, pixels: NDArray[np.uint8]) -> None:
    height, width = pixels.shape[:2]
    with mmap.mmap(canvas, height * width * PIXEL_BYTES) as mapped:
        view = np.frombuffer(mapped, np.uint8).reshape(height, width, PIXEL_BYTES)
        for start in range(0, height, ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            for channel in range(3):
                view[rows, :, channel] = pixels[rows, :, 2 - channel]
            view[rows, :, 3] = 255
        del view  # a mapping with views cannot be closed
