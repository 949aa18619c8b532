"""PNG, GIF, BMP and TIFF by Pillow, one class a format: nothing else can be opened here, whatever the bytes look like.

A file that is whole by its structure is decoded strictly. From a damaged one the rows that came are kept; those that did not are
found by decoding twice over two different fillings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import PIL
from PIL import BmpImagePlugin, GifImagePlugin, Image, ImageFile, PngImagePlugin, TiffImagePlugin

from engine.config import Limits
from engine.decode.bands import WITHOUT_BANDS, Bands, is_large, raw_bands, srgb_bands
from engine.decode.colour import srgb_pixels
from engine.decode.gif_blocks import Blocks, read_blocks
from engine.decode.guard import codec_errors, tolerate_truncation
from engine.decode.picture import (
    CORRUPT,
    TRUNCATED,
    DecodeRequest,
    Picture,
    Pixels,
    check_memory,
    check_size,
    sampled,
    turn,
    turned_size,
)
from engine.decode.png_bands import png_bands
from engine.decode.png_chunks import read_chunks
from engine.decode.rows import edges_written, prefill, sound_rows
from engine.decode.tiff_bands import tiff_bands
from engine.decode.tiff_damage import overwritten_rows
from engine.decode.tiff_dirs import Directory, read_directories
from engine.decode.tiff_lab import as_rgb, is_deep_lab, to_lab
from engine.decode.window import PiecedFile
from engine.errors import DecodeError

LEAST_PART = 0.25
"""Share of the rows that must have come for a damaged file to count as a picture."""

Opener = Callable[[], ImageFile.ImageFile]

_LOSSLESS_TIFF = {1, 2, 3, 4, 5, 8, 32773, 32946, 34925, 50000}


class _StoredTiff(TiffImagePlugin.TiffImageFile):
    """A TIFF page as stored: Pillow's own class turns it by whatever orientation it finds, in EXIF or XMP."""

    def _setup(self) -> None:
        super()._setup()  # type: ignore[no-untyped-call, unused-ignore]
        self._size = self._tile_size

    def load_end(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class _Job:
    """How to decode one file. whole: structure says that the first picture is complete. code: what is wrong otherwise.

    steady: untouched filling means missing rows (not so where a frame covers only part of the picture).
    """

    format: str
    request: DecodeRequest
    limits: Limits
    open: Opener
    whole: bool
    code: str
    steady: bool = True
    white_level: int = 0
    sound_rows: int | None = None  # rows from the top before the first overwritten strip
    finish: Callable[[Image.Image], Image.Image] | None = None  # what is to be done with the loaded image
    bands: Callable[[ImageFile.ImageFile], Bands | None] | None = None  # a large picture in bands of rows, where that is possible


def decode_png(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """PNG and APNG. Raises DecodeError, MemoryError, OSError."""
    chunks = read_chunks(file, size)
    code = TRUNCATED if chunks.cut else CORRUPT
    if not chunks.data or not chunks.header[0]:
        raise DecodeError("the file ends before its picture", code=code)
    check_size(chunks.header[0], chunks.header[1], limits)

    def opened() -> ImageFile.ImageFile:
        return PngImagePlugin.PngImageFile(PiecedFile(file, chunks.pieces))  # type: ignore[no-untyped-call, arg-type, unused-ignore]

    bands = None if chunks.film else lambda image: png_bands(file, chunks, image)
    picture = _still(_Job("png", request, limits, opened, chunks.whole, code, bands=bands))
    if not chunks.film or picture.partial:
        return picture
    return _with_frames(picture, opened, request, limits, None if chunks.film_whole else code)


def decode_gif(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """GIF. Frames are those that are complete; a first frame that is cut gives its rows if nothing shines through it."""
    blocks = read_blocks(file, size)
    code = TRUNCATED if blocks.cut else CORRUPT
    if not blocks.frames and not blocks.begun:
        raise DecodeError("the file ends before its picture", code=code)
    check_size(blocks.width, blocks.height, limits)

    def opened() -> ImageFile.ImageFile:
        end = blocks.end if blocks.frames else size
        return GifImagePlugin.GifImageFile(PiecedFile(file, [(0, end), b";"]))  # type: ignore[no-untyped-call, arg-type, unused-ignore]

    steady = _covers(opened, blocks)
    if not blocks.frames and not steady:
        raise DecodeError("the first frame is cut", code=code)
    picture = _still(_Job("gif", request, limits, opened, blocks.frames > 0, code, steady))
    partial = picture.partial or (None if blocks.whole else code)
    if blocks.frames < 2:
        return _changed(picture, partial=partial)
    return _with_frames(picture, opened, request, limits, partial, blocks.frames)


def decode_bmp(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """BMP."""

    def opened() -> ImageFile.ImageFile:
        file.seek(0)
        return BmpImagePlugin.BmpImageFile(file)  # type: ignore[no-untyped-call, unused-ignore]

    return _still(_Job("bmp", request, limits, opened, True, TRUNCATED, bands=lambda image: raw_bands(file, size, image)))


def decode_tiff(file: BinaryIO, size: int, request: DecodeRequest, limits: Limits) -> Picture:
    """TIFF; pages that are reduced versions or masks do not count."""
    directories = read_directories(file, size, limits)
    chain = [directory for directory in directories if directory.page >= 0]
    pages = [directory for directory in chain if not directory.reduced_or_mask] or chain[:1]
    if not pages:
        raise DecodeError("the file ends before its directory", code=TRUNCATED)
    check_size(*pages[0].size, limits)

    def opened(number: int = 0) -> ImageFile.ImageFile:
        source: Any = as_rgb(file, size, pages[number]) if is_deep_lab(pages[number]) else file
        source.seek(0)
        image = _StoredTiff(source)  # type: ignore[no-untyped-call, unused-ignore]
        if pages[number].page:
            image.seek(pages[number].page)
        return image

    def job_of(number: int, whole: bool, code: str, sound: int | None) -> _Job:
        page, deep = pages[number], is_deep_lab(pages[number])
        bands = None if deep else lambda _: tiff_bands(file, page, _StoredTiff)
        white, finish = _white(page.value(258, 8)), to_lab if deep else None
        return _Job("tiff", request, limits, lambda: opened(number), whole, code, True, white, sound, finish, bands)

    page = pages[0]
    there = _is_whole(page, size)
    sound = overwritten_rows(file, page) if there else None
    picture = _still(job_of(0, there and sound is None, CORRUPT if there else TRUNCATED, sound))
    complete = all(_is_whole(each, size) for each in pages) and not chain[-1].dangling
    partial = picture.partial or (None if complete else TRUNCATED)
    picture = _changed(picture, partial=partial, lossless=page.value(259, 1) in _LOSSLESS_TIFF)
    if len(pages) == 1:
        return picture

    def frames() -> Iterator[Pixels]:
        for number in sampled(len(pages), limits.max_frames):
            job = job_of(number, True, CORRUPT, None)
            banded = _banded(job)
            yield turn(banded[0] if banded else _frame(job), request.orientation)

    return _changed(picture, frames=len(pages), frame_pixels=frames if request.frames else None)


def _frame(job: _Job) -> Pixels:
    """A page after the first: as it is, or an error."""
    with codec_errors():
        image = job.open()
        check_size(*image.size, job.limits)
        image.load()
        return srgb_pixels(job.finish(image) if job.finish else image, job.limits, job.request.edge, job.white_level)


def _still(job: _Job) -> Picture:
    """The first picture, or what came of it."""
    try:
        banded = _banded(job)
    except DecodeError as error:
        try:
            return _whole_or_salvaged(job)
        except DecodeError as other:
            raise (error if other.code == "decode.too-large" else other) from None
    return _picture(job, *banded, None) if banded else _whole_or_salvaged(job)


def _banded(job: _Job) -> tuple[Pixels, tuple[int, int]] | None:
    """Pixels and size of a large picture by bands; None for all others. Raises DecodeError if a band cannot be decoded."""
    if job.bands is None or not job.whole:
        return None
    with codec_errors():
        image = job.open()
        check_size(*image.size, job.limits)
        bands = job.bands(image) if is_large(*image.size) and image.mode not in WITHOUT_BANDS else None
        if bands is None:
            return None
        return srgb_bands(image, bands, job.limits, job.request.edge, job.white_level), image.size


def _whole_or_salvaged(job: _Job) -> Picture:
    loaded, partial = _load(job)
    full_size = loaded.size
    image = _salvage(job, loaded) if partial else loaded
    image = job.finish(image) if job.finish else image
    return _picture(job, srgb_pixels(image, job.limits, job.request.edge, job.white_level), full_size, partial)


def _picture(job: _Job, pixels: Pixels, full_size: tuple[int, int], partial: str | None) -> Picture:
    return Picture(
        pixels=turn(pixels, job.request.orientation),
        full_size=turned_size(full_size, job.request.orientation),
        partial=partial,
        route=f"{job.format}-full",
        decoder=f"Pillow {PIL.__version__}",
        lossless=True,
    )


def _load(job: _Job) -> tuple[ImageFile.ImageFile, str | None]:
    """(image, None) if all rows came, else (image over filling 0, what is wrong)."""
    if job.whole:
        try:
            image = _load_over(job, 0)
            if not job.steady or edges_written(image, 0):
                return image, None
            again = _load_over(job, 1)
            if edges_written(again, 1):
                return again, None
        except DecodeError as error:
            if error.code != CORRUPT:
                raise
    with tolerate_truncation():
        return _load_over(job, 0, tolerant=True), job.code


def _load_over(job: _Job, filling: int, *, tolerant: bool = False) -> ImageFile.ImageFile:
    with codec_errors():
        image = job.open()
        check_size(*image.size, job.limits)
        _check_room(image, job.limits)
        if job.steady:
            prefill(image, filling)
        if not tolerant:
            image.load()
            return image
    try:
        with codec_errors(job.code):
            image.load()
    except DecodeError:
        image.tile = []  # what came before the codec gave up stands in the image
    return image


def _salvage(job: _Job, image: ImageFile.ImageFile) -> Image.Image:
    """The longest run of rows that came; raises DecodeError if that is too little."""
    check_memory(8 * image.size[0] * image.size[1], image.size[0] * image.size[1], job.limits)
    with tolerate_truncation():
        other = _load_over(job, 1, tolerant=True)
    with codec_errors(job.code):
        top, bottom = sound_rows(image, other) if job.steady else (0, 0)
        bottom = bottom if job.sound_rows is None else min(bottom, job.sound_rows)
        if bottom - top < max(1, LEAST_PART * image.size[1]):
            raise DecodeError("too little of the picture is there", code=job.code)
        return image.crop((0, top, image.size[0], bottom))


def _check_room(image: ImageFile.ImageFile, limits: Limits) -> None:
    pixels = image.size[0] * image.size[1]
    held = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}.get(image.mode, 4)
    check_memory(held * pixels, pixels, limits)


def _with_frames(
    picture: Picture, opened: Opener, request: DecodeRequest, limits: Limits, partial: str | None, count: int | None = None
) -> Picture:
    with codec_errors():
        count = count or int(getattr(opened(), "n_frames", 1))

    def frames() -> Iterator[Pixels]:
        with codec_errors():
            image = opened()
            for number in sampled(count, limits.max_frames):
                image.seek(number)
                image.load()
                yield turn(srgb_pixels(image, limits, request.edge), request.orientation)

    return _changed(picture, frames=count, frame_pixels=frames if count > 1 and request.frames else None, partial=partial)


def _covers(opened: Opener, blocks: Blocks) -> bool:
    """Whether the first frame of a GIF fills the picture, with nothing transparent: then filling that shows is missing data."""
    with codec_errors():
        image = opened()
        if "transparency" in image.info or not image.tile:
            return False
        return tuple(image.tile[0].extents or ()) == (0, 0, blocks.width, blocks.height)


def _is_whole(page: Directory, size: int) -> bool:
    return bool(page.extents) and all(offset + length <= size for offset, length in page.needed)


def _white(bits: int) -> int:
    return (1 << bits) - 1 if 8 < bits < 16 else 0


def _changed(picture: Picture, **values: Any) -> Picture:  # values: fields of Picture
    from dataclasses import replace

    return replace(picture, **values)
