"""JPEG, whole or embedded: scaled while decoding, and never with a row that the file does not hold.

An eighth of the size comes from the DC values alone (`jpeg_dc`), of sound files of the usual kinds; all else is libjpeg's. There
the image is filled with a colour of ours before decoding; rows that still show it when the entropy-coded data is used up did not
come. Such rows are cut off and the picture is partial, or there is no picture if less than a quarter came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO

import PIL
from PIL import Image, ImageChops, ImageFile, JpegImagePlugin

from engine.config import Limits
from engine.decode.colour import srgb_array, srgb_pixels
from engine.decode.guard import codec_errors, tolerate_truncation
from engine.decode.jpeg_dc import SmallPicture, small_picture
from engine.decode.jpeg_header import RefusedError
from engine.decode.jpeg_kernels import usable
from engine.decode.jpeg_stream import Scan, Stream, covered, mcu_count, read_stream
from engine.decode.picture import (
    CORRUPT,
    TRUNCATED,
    DecodeRequest,
    Picture,
    check_memory,
    check_size,
    fits,
    turn,
    turned_size,
)
from engine.decode.rows import prefill, rows_written
from engine.decode.window import Piece, PiecedFile
from engine.errors import DecodeError

LEAST_PART = 0.25
"""Share of the rows that must have come for a damaged file to count as a picture."""

EIGHTH = "jpeg-draft-8"
DECODER = "imgfp dc 1"
"""Of the route without a codec; the number rises when what it gives, or refuses, changes."""

_FLUSH = (b"\xff\x00" * 8, b"\xaa" * 16)
"""Filler bits behind the data: libjpeg looks ahead up to 64 bits and would hold back the last blocks. Fillers can be taken for
one or two missing blocks; blocks that come out alike with both are the file's own."""

_FLUSH_BYTES = 16
_LAST_ROWS = 64  # px; the rows of the last blocks are among these

_EOI = b"\xff\xd9"
_TAIL = 2048  # bytes; more than this left over when all rows are there means that decoding lost its way


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to feed: the file up to `end`, where entropy-coded data ends. reason: damage known before. by_rows: rows come as bytes
    come, so that missing ones can be told."""

    end: int
    reason: str | None
    by_rows: bool
    ended: bool = True  # an end marker was where it belongs

    def pieces(self, filler: int) -> list[Piece]:
        return [(0, self.end), _FLUSH[filler], _EOI]


def decode_jpeg(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """Decode the JPEG at the beginning of `file`; of several pictures (MPO, gain map) the first.

    Raises DecodeError, MemoryError, OSError, KernelsWantedError.
    """
    refused = ""
    if usable() and request.edge and not request.by_codec:
        try:
            small = small_picture(file, limits, request.edge)
        except RefusedError as error:
            refused = f" (no dc: {error})"
        else:
            if small is not None:
                return _small(small, request, limits)
    picture = _by_libjpeg(file, size, request, limits)
    return replace(picture, route=picture.route + refused) if picture.route == EIGHTH else picture


def _small(small: SmallPicture, request: DecodeRequest, limits: Limits) -> Picture:
    return Picture(
        pixels=turn(srgb_array(small.pixels, small.profile, limits, request.edge), request.orientation),
        full_size=turned_size(small.size, request.orientation),
        route=small.route,
        decoder=DECODER,
    )


def _by_libjpeg(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    stream = read_stream(file, size)
    _check_header(stream, limits)
    plan = _plan(file, stream, limits)
    scale = _scale(stream, request.edge)
    image, rows, lost = _decode_rows(file, stream, plan, scale, limits)
    reason = plan.reason
    if plan.by_rows and rows == image.size[1]:
        reason = CORRUPT if lost else None  # what looked like damage lies behind the picture
    elif rows < image.size[1]:
        reason = reason or TRUNCATED
    if rows < image.size[1]:
        if rows < 1 or rows < LEAST_PART * image.size[1]:
            raise DecodeError("the file ends early", code=reason or TRUNCATED)
        image = image.crop((0, 0, image.size[0], rows))
    pixels = srgb_pixels(image, limits, request.edge, declared=stream.width * stream.height)
    return Picture(
        pixels=turn(pixels, request.orientation),
        full_size=turned_size((stream.width, stream.height), request.orientation),
        partial=reason,
        route=f"jpeg-{'full' if scale == 1 else f'draft-{scale}'}",
        decoder=f"Pillow {PIL.__version__}",
    )


def verify_jpeg(file: BinaryIO, size: int, limits: Limits) -> None:
    """Decode every block, at full size where that fits, else at the largest scale that fits."""
    stream = read_stream(file, size)
    _check_header(stream, limits)
    pixels = stream.width * stream.height
    scale = next((s for s in (1, 2, 4) if fits(8 * pixels // (s * s), pixels, limits)), 8)
    edge = -(-max(stream.width, stream.height) // scale)
    picture = decode_jpeg(file, size, DecodeRequest("jpeg", edge=edge, by_codec=True), limits)
    if picture.partial:
        raise DecodeError("the file is damaged", code=picture.partial)


def jpeg_size(file: BinaryIO, size: int) -> tuple[int, int]:
    """(width, height) of a JPEG that can be decoded here, else (0, 0). Reads the first MiB at most."""
    stream = read_stream(PiecedFile(file, [(0, min(size, 1 << 20))]), min(size, 1 << 20))  # type: ignore[arg-type]
    return (stream.width, stream.height) if stream.huffman and stream.precision == 8 else (0, 0)


def _check_header(stream: Stream, limits: Limits) -> None:
    if not stream.sof or not stream.scans or not stream.components:
        raise DecodeError("the file ends before its picture", code=TRUNCATED if not stream.complete else CORRUPT)
    check_size(stream.width, stream.height, limits)
    if stream.precision != 8:
        raise DecodeError(f"{stream.precision}-bit JPEG", code="decode.unsupported")
    if not stream.single_scan:
        held = sum(h * v for h, v in stream.components.values()) / max(h * v for h, v in stream.components.values())
        pixels = stream.width * stream.height
        check_memory(int(2 * held * pixels) + pixels // 8, pixels, limits)


def _scale(stream: Stream, edge: int) -> int:
    longest = max(stream.width, stream.height)
    return next((s for s in (8, 4, 2) if edge > 0 and -(-longest // s) >= edge), 1)


def _plan(file: BinaryIO, stream: Stream, limits: Limits) -> _Plan:
    """Decide what libjpeg may see."""
    if stream.single_scan:
        scan = stream.scans[0]
        damage = stream.damage if stream.damage is not None else _restart_damage(stream, scan)
        end = min(scan.end, damage) if damage is not None else scan.end
        return _Plan(end, CORRUPT if damage is not None else None, by_rows=True, ended=stream.complete)
    if stream.huffman:
        return _plan_scans(file, stream, limits)
    if not stream.complete:
        raise DecodeError("the file ends early", code=TRUNCATED)
    return _Plan(stream.end, CORRUPT if stream.damage is not None else None, by_rows=False)


def _restart_damage(stream: Stream, scan: Scan) -> int | None:
    """Where a scan with restart markers lost some although its end is there."""
    if scan.interval and stream.complete:
        wanted = -(-mcu_count(stream, scan) // scan.interval) - 1
        if scan.restarts < wanted:
            return scan.end
    return None


def _plan_scans(file: BinaryIO, stream: Stream, limits: Limits) -> _Plan:
    """Several scans: only whole ones count; the picture is coarse, but whole, if all DC values are there."""
    sound: list[Scan] = []
    for number, scan in enumerate(stream.scans):
        if scan.damage is not None or _restart_damage(stream, scan) is not None:
            break
        if number + 1 == len(stream.scans) and not stream.complete and not _last_scan_whole(file, stream, limits):
            break
        sound.append(scan)
    has_all_dc, has_all = covered(stream, sound)
    if has_all and len(sound) == len(stream.scans):
        return _Plan(sound[-1].end, None, by_rows=False)
    broken = stream.scans[len(sound)].damage if len(sound) < len(stream.scans) else None
    reason = CORRUPT if broken is not None else TRUNCATED
    if not has_all_dc or not (stream.progressive or has_all):
        raise DecodeError("too little of the picture is there", code=reason)
    return _Plan(sound[-1].end, reason, by_rows=False)


def _last_scan_whole(file: BinaryIO, stream: Stream, limits: Limits) -> bool:
    """Whether only the end marker is missing behind the last of several scans: then fillers change no pixel."""
    pixels = stream.width * stream.height
    if not covered(stream, stream.scans)[1] or not fits(12 * pixels, pixels, limits):
        return False
    plan = _Plan(stream.scans[-1].end, None, by_rows=False, ended=False)
    first, second = (_decode_once(file, plan, 1, limits, filler)[0] for filler in (0, 1))
    return ImageChops.difference(first, second).getbbox(alpha_only=False) is None


class _Feed(PiecedFile):
    """Notes how many rows are there when certain offsets have been read."""

    def __init__(self, file: BinaryIO, plan: _Plan, fill: int) -> None:
        super().__init__(file, plan.pieces(fill))
        self.image: ImageFile.ImageFile | None = None
        self.fill = fill
        self.rows: dict[int, int] = {}
        self._stops = sorted({plan.end - _TAIL, plan.end, plan.end + _FLUSH_BYTES})

    def read(self, size: int | None = -1) -> bytes:
        if self.image is not None and size is not None and size > 0:
            at = self.tell()
            if at in self._stops:
                self.rows[at] = rows_written(self.image, self.fill)
            size = min([size, *(stop - at for stop in self._stops if stop > at)])
        return super().read(size)

    def came(self, plan: _Plan) -> int:
        """Rows from the top that were there before the end marker was fed, and after libjpeg was done (it may have given up)."""
        assert self.image is not None
        done = rows_written(self.image, self.fill)
        return min(done, self.rows.get(plan.end + _FLUSH_BYTES, done)) if plan.by_rows else done


def _decode_rows(file: BinaryIO, stream: Stream, plan: _Plan, scale: int, limits: Limits) -> tuple[Image.Image, int, bool]:
    """(image, rows from the top that came, decoding lost its way)."""
    image, feed = _decode_once(file, plan, scale, limits, 0)
    height = image.size[1]
    rows = feed.came(plan)
    if rows < height or (plan.by_rows and not plan.ended):
        other, other_feed = _decode_once(file, plan, scale, limits, 1)
        if rows < height:  # by chance the last rows may have our colour
            rows = max(rows, other_feed.came(plan))
        if rows == height and plan.by_rows:
            last = (0, max(0, height - _LAST_ROWS), image.size[0], height)
            same = ImageChops.difference(image.crop(last), other.crop(last)).getbbox(alpha_only=False) is None
            rows = height if same else max(0, height - 1 - _LAST_ROWS // 4 // scale)
    lost = plan.by_rows and feed.rows.get(plan.end - _TAIL, 0) >= height and not _padding(file, stream)
    return image, rows, lost


def _decode_once(file: BinaryIO, plan: _Plan, scale: int, limits: Limits, fill: int) -> tuple[ImageFile.ImageFile, _Feed]:
    feed = _Feed(file, plan, fill)
    with codec_errors(plan.reason or CORRUPT), tolerate_truncation():
        image = JpegImagePlugin.JpegImageFile(feed)  # type: ignore[no-untyped-call, arg-type, unused-ignore]
        pixels = image.size[0] * image.size[1]
        held = 4 if image.mode != "L" else 1
        check_memory(held * pixels // (scale * scale), pixels, limits)
        if scale > 1:
            image.draft(image.mode, (max(1, image.size[0] // scale), max(1, image.size[1] // scale)))
        prefill(image, fill)
        feed.image = image
        image.load()
        return image, feed


def _padding(file: BinaryIO, stream: Stream) -> bool:
    """Whether the data ends in equal bytes: some cameras pad, which harms nothing."""
    end = stream.scans[0].end
    file.seek(max(stream.scans[0].start, end - _TAIL))
    tail = file.read(_TAIL).rstrip(b"\xff\x00")
    return len(tail) < _TAIL // 2
