"""Facts read from a file's headers without decoding a pixel: size, orientation, time, camera, rating, pages, embedded previews;
and the digest of its picture data. Reads ranges only, within the limits; bad metadata is unknown metadata, never an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from engine.config import Limits
from engine.metadata.bmp import gather_bmp
from engine.metadata.cr3 import gather_cr3
from engine.metadata.crw import gather_crw
from engine.metadata.digest import DIGESTED, picture_digest
from engine.metadata.draft import Draft
from engine.metadata.facts import Metadata, Preview
from engine.metadata.gif import gather_gif
from engine.metadata.isobmff import gather_heif, gather_movie
from engine.metadata.jpeg import gather_jpeg
from engine.metadata.mrw import gather_mrw
from engine.metadata.png import gather_png
from engine.metadata.raf import gather_raf
from engine.metadata.ranges import FileRanges, Source
from engine.metadata.tiff_raw import TIFF_RAWS, gather_tiff, gather_tiff_raw
from engine.metadata.webp import gather_webp
from engine.metadata.x3f import gather_x3f
from engine.metadata.xmp import read_xmp

__all__ = ["DIGESTED", "Metadata", "Preview", "picture_digest", "read_metadata"]


def read_metadata(file: BinaryIO, size: int, format: str, limits: Limits, head: bytes = b"") -> Metadata:
    """What the headers of a file tell.

    Parameters
    ----------
    file: readable and seekable; its position is moved. size: length in bytes. format: name of `formats.FORMATS` as `sniff` gave
    it. limits: bounds on what is read. head: the first bytes of the file, where the caller has them already.

    Returns
    -------
    Metadata with the defaults for what is unknown, and for formats without a reader. Never raises for bad content; OSError and
    MemoryError pass through.
    """
    draft = Draft()
    gather = _GATHER.get(format)
    if gather is not None:
        try:
            gather(FileRanges(file, size, limits.metadata_total, head), limits, draft)
        except (OSError, MemoryError):
            raise
        except Exception:  # a parser met what nobody thought of: what it found before still counts
            pass
    return draft.finish()


def _gather_sidecar(source: Source, limits: Limits, draft: Draft) -> None:
    draft.xmp.append(read_xmp(source.at(0, limits.text_block)))


_Gather = Callable[[Source, Limits, Draft], None]

_GATHER: dict[str, _Gather] = {
    **dict.fromkeys(TIFF_RAWS, gather_tiff_raw),
    "jpeg": gather_jpeg,
    "thm": gather_jpeg,
    "png": gather_png,
    "tiff": gather_tiff,
    "webp": gather_webp,
    "gif": gather_gif,
    "bmp": gather_bmp,
    "heif": gather_heif,
    "avif": gather_heif,
    "cr3": gather_cr3,
    "crw": gather_crw,
    "raf": gather_raf,
    "mrw": gather_mrw,
    "x3f": gather_x3f,
    "mov": gather_movie,
    "mp4": gather_movie,
    "xmp": _gather_sidecar,
}
