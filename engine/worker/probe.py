"""What a file is before any codec sees it: its format, and whether its size lets it be looked at at all."""

from __future__ import annotations

from dataclasses import dataclass

from engine import formats
from engine.errors import DecodeError
from engine.formats import FORMATS, Format
from engine.metadata import Metadata, read_metadata
from engine.worker.loop import Reply, Request

HEAD_BYTES = 1 << 16
PICTURES = ("picture", "raw")
UNKNOWN_DIMENSIONS = 100_000_000  # px assumed for the memory limit where the header does not tell


class LoneError(Exception):
    """The picture's estimated memory is large: it is asked for again when no other file is in flight."""


class NoPictureError(Exception):
    """The file is not looked at. status, code, kind, format, pairing_id: as in the facts."""

    def __init__(self, status: str, code: str, kind: str, format: str | None = None, pairing_id: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.kind = kind
        self.format = format
        self.pairing_id = pairing_id


@dataclass(frozen=True, slots=True)
class Probe:
    """A picture's format and what its header tells."""

    format: Format
    metadata: Metadata

    @property
    def pixels(self) -> int | None:
        """Declared pixels, None when unknown."""
        return (self.metadata.width or 0) * (self.metadata.height or 0) or None


def probe(request: Request) -> Probe:
    """Format and metadata of a picture. Raises NoPictureError, OSError."""
    known, head = _format(request)
    if request.size > request.limits.max_bytes:
        raise NoPictureError("skipped", "decode.too-large", known.kind, known.name)
    return Probe(known, read_metadata(request.file, request.size, known.name, request.limits, head))


def _format(request: Request) -> tuple[Format, bytes]:
    promised = formats.suffix_kind(request.name) or "other"
    head = request.file.read(HEAD_BYTES)
    if not head and promised in PICTURES:
        raise NoPictureError("error", "decode.empty", promised)
    name = formats.sniff(head, request.name) if head else None
    if name is None and promised in PICTURES:
        raise NoPictureError("error", "decode.corrupt", promised)
    if name is None:
        raise NoPictureError("skipped", "scan.not-a-picture", promised)
    known = FORMATS[name]
    if known.kind == "unsupported":
        raise NoPictureError("skipped", "decode.unsupported", "other", name)
    if known.kind not in PICTURES:
        film = read_metadata(request.file, request.size, name, request.limits, head) if known.kind == formats.MOVIE else None
        raise NoPictureError("skipped", "scan.not-a-picture", known.kind, name, film.pairing_id if film else "")
    return known, head


def make_room(request: Request, found: Probe, extra_bytes: int = 0) -> None:
    """Raise the memory limit to what this picture may take.

    Raises DecodeError ``decode.too-large``, or LoneError when others are in flight beside a large one.
    """
    if (found.pixels or 0) > request.limits.max_pixels:
        raise DecodeError("too many pixels", code="decode.too-large")
    pixels = found.pixels or UNKNOWN_DIMENSIONS
    if request.limits.memory_for(pixels) > request.limits.lone_above and not request.alone:
        raise LoneError
    request.allowance.allow_memory(pixels, extra_bytes)


def lone() -> Reply:
    """The answer for LoneError."""
    return Reply({"lone": True})
