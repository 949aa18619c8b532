"""RAW: the camera's own preview first, as it is what the photographer saw and costs little; LibRaw only without a usable one.

A preview counts if it is a picture (not tiny, not flat) and has the shape of the picture. A developed result that is constant
or black is no picture, whatever LibRaw says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np

from engine.config import Limits
from engine.decode.colour import srgb_array
from engine.decode.guard import codec_errors
from engine.decode.jpeg import decode_jpeg, jpeg_size
from engine.decode.picture import CORRUPT, TRUNCATED, DecodeRequest, Picture, Pixels, check_memory, check_size, turn, turned_size
from engine.decode.raw_file import RawFile, read_raw_file
from engine.decode.window import PiecedFile
from engine.errors import DecodeError

LEAST_EDGE = 64
"""px; anything smaller is an icon, no preview."""

ASPECT_TOLERANCE = 0.04
"""How much the shapes of preview and picture may differ; thumbnails in letterbox differ by 0.11 or more."""

FLAT = 2.0
"""Standard deviation in levels below which there is nothing to see."""

_FLIPS = {0: 1, 3: 3, 5: 8, 6: 6}
_READ_BYTES = 1 << 29


def decode_raw(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """Decode a RAW file. Raises DecodeError, MemoryError, OSError."""
    facts = read_raw_file(file, size, limits)
    shape = request.size if all(request.size) else facts.size
    facts = replace(facts, size=shape if all(shape) else _libraw_size(file, size))
    previews = _previews(file, size, {*request.previews, *facts.previews}, facts.size)
    edge = request.edge or max([max(facts.size), *(max(shape) for _, shape in previews)], default=1)
    good = [item for item in previews if 2 * max(item[1]) >= edge]
    picture = _from_previews(file, good, facts, request, limits)
    if picture is not None:
        return _marked(picture, facts)
    try:
        return _marked(_by_libraw(file, size, facts, request, limits), facts)
    except DecodeError as error:
        rest = [item for item in previews if item not in good]
        if isinstance(error.__cause__, _unsupported()) and not facts.cut:
            picture = _from_previews(file, previews, facts, request, limits, flat_too=True)  # a sound file, if a plain one
        else:
            picture = _from_previews(file, rest, facts, request, limits)
        if picture is None:
            raise
        return _marked(picture, facts)


def verify_raw(file: BinaryIO, size: int, limits: Limits) -> None:
    """Unpack the sensor data where LibRaw knows the camera, and decode what stands for the picture."""
    import rawpy

    facts = read_raw_file(file, size, limits)
    if facts.cut:
        raise DecodeError("part of the data lies behind the end of the file", code=TRUNCATED)
    _check_reading(size, facts, limits)
    file.seek(0)
    try:
        with codec_errors(), _libraw(file) as raw:
            pixels = int(raw.sizes.raw_width) * int(raw.sizes.raw_height)
            check_memory(size + 2 * pixels, pixels, limits)
            assert raw.raw_type in (rawpy.RawType.Flat, rawpy.RawType.Stack)  # asking for it unpacks the data
    except DecodeError as error:
        if not isinstance(error.__cause__, _unsupported()):
            raise
    picture = decode_raw(file, size, DecodeRequest("raw", frames=False), limits)
    if picture.partial:
        raise DecodeError("the file is damaged", code=picture.partial)


def _unsupported() -> type[Exception]:
    import rawpy

    error: type[Exception] = rawpy.LibRawFileUnsupportedError
    return error


def decoder_name() -> str:
    """Version of the library that decodes, e.g. ``LibRaw 0.22.2``."""
    import rawpy

    return "LibRaw " + ".".join(str(part) for part in rawpy.libraw_version)


def _marked(picture: Picture, facts: RawFile) -> Picture:
    """A preview is whole even when the sensor data behind it is cut: the file is not."""
    return replace(picture, partial=picture.partial or (TRUNCATED if facts.cut else None), lossless=True)


def _previews(
    file: BinaryIO, size: int, ranges: set[tuple[int, int]], shape: tuple[int, int]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """((offset, length), (width, height)) of embedded JPEGs that may stand for the picture, smallest first."""
    found = []
    for offset, length in sorted(ranges):
        if offset < 0 or length < 100 or offset >= size:
            continue
        part = PiecedFile(file, [(offset, min(length, size - offset))])
        if part.read(2) != b"\xff\xd8":
            continue
        width, height = jpeg_size(part, part.size)  # type: ignore[arg-type]
        if max(width, height) >= LEAST_EDGE and _same_shape((width, height), shape):
            found.append(((offset, min(length, size - offset)), (width, height)))
    return sorted(found, key=lambda item: (item[1][0] * item[1][1], item[0]))


def _same_shape(a: tuple[int, int], b: tuple[int, int]) -> bool:
    if not all(a) or not all(b):
        return all(a)
    ratio_a, ratio_b = max(a) / min(a), max(b) / min(b)
    return abs(ratio_a / ratio_b - 1) <= ASPECT_TOLERANCE


def _from_previews(
    file: BinaryIO,
    previews: list[tuple[tuple[int, int], tuple[int, int]]],
    facts: RawFile,
    request: DecodeRequest,
    limits: Limits,
    *,
    flat_too: bool = False,
) -> Picture | None:
    """The smallest preview that is large enough, else the largest; the others if that one is damaged or flat."""
    enough = [item for item in previews if request.edge and max(item[1]) >= request.edge]
    smaller = [item for item in previews if item not in enough]
    for (offset, length), _ in enough + smaller[::-1]:
        part: Any = PiecedFile(file, [(offset, length)])
        try:
            picture = _from_jpeg(part, facts, request, limits, "raw-preview", flat_too=flat_too)
        except DecodeError:
            continue
        if picture is not None:
            return picture
    return None


def _from_jpeg(
    part: Any, facts: RawFile, request: DecodeRequest, limits: Limits, route: str, *, flat_too: bool = False
) -> Picture | None:
    with codec_errors():
        orientation = _own_orientation(part) or request.orientation
    picture = decode_jpeg(part, part.size, replace(request, orientation=orientation), limits)
    if picture.partial or (_flat(picture.pixels) and not flat_too):
        return None
    full_size = turned_size(facts.size, orientation) if all(facts.size) else picture.full_size
    return replace(picture, full_size=full_size, route=route)


def _own_orientation(part: Any) -> int:
    """EXIF orientation of an embedded JPEG when it is not the plain one, else 0."""
    from PIL import JpegImagePlugin

    part.seek(0)
    image = JpegImagePlugin.JpegImageFile(part)  # type: ignore[no-untyped-call, unused-ignore]
    try:
        orientation = image.getexif().get(274, 1)
    except Exception:  # broken EXIF says nothing
        return 0
    return orientation if isinstance(orientation, int) and 2 <= orientation <= 8 else 0


def _flat(pixels: Pixels) -> bool:
    step = max(1, max(pixels.shape[:2]) // 256)
    return float(pixels[::step, ::step].astype(np.float32).std(axis=(0, 1)).max()) < FLAT


@contextmanager
def _libraw(file: BinaryIO) -> Iterator[Any]:  # rawpy has no types
    """A RAW file opened by LibRaw, its sensor data not yet unpacked. Reads the whole file."""
    import rawpy

    raw = rawpy.RawPy()
    try:
        raw.open_buffer(file)
        yield raw
    finally:
        raw.close()


def _libraw_size(file: BinaryIO, size: int) -> tuple[int, int]:
    """(width, height) by LibRaw, for formats that do not tell it to us; (0, 0) if it does not know either."""
    if size > _READ_BYTES // 4:
        return 0, 0
    file.seek(0)
    try:
        with codec_errors(), _libraw(file) as raw:
            return _shown_size(raw.sizes)
    except DecodeError:
        return 0, 0


def _shown_size(sizes: Any) -> tuple[int, int]:
    """What the camera shows of the sensor, where LibRaw knows."""
    if sizes.crop_width and sizes.crop_height:
        return int(sizes.crop_width), int(sizes.crop_height)
    return int(sizes.iwidth or sizes.width), int(sizes.iheight or sizes.height)


def _by_libraw(file: BinaryIO, size: int, facts: RawFile, request: DecodeRequest, limits: Limits) -> Picture:
    """LibRaw's own preview, else the developed sensor data."""
    _check_reading(size, facts, limits)
    file.seek(0)
    with codec_errors(TRUNCATED if facts.cut else CORRUPT), _libraw(file) as raw:
        sizes = raw.sizes
        width, height = int(sizes.iwidth or sizes.width), int(sizes.iheight or sizes.height)
        check_size(width, height, limits)
        known = facts if all(facts.size) else replace(facts, size=_shown_size(sizes))
        orientation = request.orientation if request.orientation != 1 else _FLIPS.get(int(sizes.flip), 1)
        asked = replace(request, orientation=orientation)
        picture = _thumbnail(raw, known, asked, limits)
        return picture if picture is not None else _develop(raw, known, asked, limits)


def _check_reading(size: int, facts: RawFile, limits: Limits) -> None:
    """rawpy reads the whole file into memory."""
    check_memory(size, max(size // 2, facts.size[0] * facts.size[1]), limits)
    if size > _READ_BYTES:
        raise DecodeError("the file is too large to develop", code="decode.too-large")


def _thumbnail(raw: Any, facts: RawFile, request: DecodeRequest, limits: Limits) -> Picture | None:
    import rawpy

    try:
        with codec_errors():
            thumb = raw.extract_thumb()
            if thumb.format == rawpy.ThumbFormat.JPEG:
                part = PiecedFile(io.BytesIO(), [bytes(thumb.data)])
                shape = jpeg_size(part, part.size)  # type: ignore[arg-type]
                if not _usable(shape, facts, request):
                    return None
                return _from_jpeg(part, facts, request, limits, "raw-thumb")
            pixels = np.asarray(thumb.data)
    except DecodeError:
        return None
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        return None
    if not _usable((pixels.shape[1], pixels.shape[0]), facts, request) or _flat(pixels):
        return None
    upright = turn(np.array(pixels), request.orientation)
    return Picture(upright, turned_size(facts.size, request.orientation), route="raw-thumb", decoder=decoder_name())


def _usable(shape: tuple[int, int], facts: RawFile, request: DecodeRequest) -> bool:
    wanted = request.edge or max(facts.size)
    return max(shape) >= max(LEAST_EDGE, wanted / 2) and _same_shape(shape, facts.size)


def _develop(raw: Any, facts: RawFile, request: DecodeRequest, limits: Limits) -> Picture:
    import rawpy

    if facts.cut:
        raise DecodeError("the sensor data is not all there", code=TRUNCATED)
    width, height = int(raw.sizes.iwidth or raw.sizes.width), int(raw.sizes.iheight or raw.sizes.height)
    pixels = width * height
    check_memory(3 * pixels, pixels, limits)
    stacked = raw.raw_type == rawpy.RawType.Stack
    half = not stacked and max(width, height) >= 2 * request.edge and request.edge > 0
    check_memory((17 if stacked else 5 if half else 13) * pixels, pixels, limits)
    developed = raw.postprocess(half_size=half, use_camera_wb=True, user_flip=0, output_bps=8)
    if _flat(developed):
        raise DecodeError("the sensor data holds no picture", code=CORRUPT)
    array = srgb_array(developed, None, limits, request.edge)
    return Picture(
        turn(array, request.orientation),
        turned_size(facts.size, request.orientation),
        route="raw-half" if half else "raw-full",
        decoder=decoder_name(),
    )
