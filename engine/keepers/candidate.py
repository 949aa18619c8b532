"""What a keeper rule may know of a unit: a single picture, or a shot, which is kept or removed whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from engine.records import PictureFacts


@dataclass(frozen=True, slots=True)
class Candidate:
    """One unit of a nest.

    files: ids of its pictures, the main one first (that with the most pixels that gave a picture; a RAW before the rest).
    paths: raw paths of the same files, in the same order. protected: one of its files lies below a protected folder.
    raw: it holds a RAW, readable or not. pixels: of the main picture, 0 unknown. metadata: what is known of it, names out of
    `METADATA_KINDS`. keywords: how many. sidecars: how many travel with it. quantisation: sum of the luma table of the main
    picture where that is a JPEG, smaller is less compressed. format: of the main picture. lossless: stored without loss.
    has_camera_data: the camera's name or its exposure is in it. taken: ``YYYY-MM-DDTHH:MM:SS``. mtime_ns: of the main picture.
    name: base name of the main picture. blake3: digest over *all* files of the unit, companions too, None if any is unknown:
    equal means that either can go for the other. partial: no picture of it came out whole.
    held: "" or a sentence why it may never be proposed for removal, e.g. a file of it could not be read.
    """

    files: tuple[int, ...]
    paths: tuple[bytes, ...]
    protected: bool = False
    raw: bool = False
    pixels: int = 0
    metadata: frozenset[str] = frozenset()
    keywords: int = 0
    sidecars: int = 0
    quantisation: int | None = None
    format: str | None = None
    lossless: bool = False
    has_camera_data: bool = False
    taken: str | None = None
    mtime_ns: int = 0
    name: bytes = b""
    blake3: bytes | None = None
    partial: bool = False
    held: str = ""


UNREAD = "a file of this shot could not be read: look first"

METADATA_KINDS = ("capture time", "camera", "GPS position", "rating", "keywords")
"""What makes metadata richer, in the words of a reason. A comment does not."""


def metadata_kinds(facts: PictureFacts) -> frozenset[str]:
    """Which of `METADATA_KINDS` one picture holds."""
    return _kinds(facts.taken is not None, bool(facts.make or facts.model), facts.gps, bool(facts.rating), facts.keywords > 0)


@cache
def _kinds(*known: bool) -> frozenset[str]:
    return frozenset(kind for kind, there in zip(METADATA_KINDS, known, strict=True) if there)


@dataclass(frozen=True, slots=True)
class UnitFile:
    """A picture of a unit, for `make_candidate`. digest: 32 bytes of the whole file where the facts lack it, or None."""

    id: int
    path: bytes
    facts: PictureFacts
    mtime_ns: int
    digest: bytes | None = None


def make_candidate(
    pictures: Sequence[UnitFile],
    *,
    protected: bool = False,
    companion_digests: Sequence[bytes | None] = (),
    held: str = "",
) -> Candidate:
    """A unit from the facts of its pictures (RAW and rendered files, at least one; unreadable ones too).

    companion_digests: one for each sidecar and movie of the shot, None where unknown. Order of `pictures` does not matter.
    A unit with a picture that could not be read is held: nobody knows what would be lost with it.
    """
    if len(pictures) == 1 and not companion_digests:
        return _alone(pictures[0], protected, held)
    ordered = sorted(pictures, key=_main_first)
    main = ordered[0]
    kinds = frozenset[str]().union(*(metadata_kinds(file.facts) for file in ordered))
    if not held and not all(file.facts.is_picture for file in ordered):
        held = UNREAD
    return Candidate(
        files=tuple(file.id for file in ordered),
        paths=tuple(file.path for file in ordered),
        protected=protected,
        raw=any(file.facts.kind == "raw" for file in ordered),
        pixels=(main.facts.width or 0) * (main.facts.height or 0),
        metadata=kinds,
        keywords=max(file.facts.keywords for file in ordered),
        sidecars=len(companion_digests),
        quantisation=main.facts.quantisation,
        format=main.facts.format,
        lossless=main.facts.lossless,
        has_camera_data=any(file.facts.make or file.facts.model or file.facts.exposure for file in ordered),
        taken=min((file.facts.taken for file in ordered if file.facts.taken is not None), default=None),
        mtime_ns=main.mtime_ns,
        name=main.path.rsplit(b"/", 1)[-1],
        blake3=_whole_digest([file.digest or file.facts.blake3 for file in ordered], companion_digests),
        partial=not any(file.facts.status == "ok" for file in ordered),
        held=held,
    )


def _alone(file: UnitFile, protected: bool, held: str) -> Candidate:
    """A unit of a single picture, which most are."""
    facts = file.facts
    return Candidate(
        files=(file.id,),
        paths=(file.path,),
        protected=protected,
        raw=facts.kind == "raw",
        pixels=(facts.width or 0) * (facts.height or 0),
        metadata=metadata_kinds(facts),
        keywords=facts.keywords,
        quantisation=facts.quantisation,
        format=facts.format,
        lossless=facts.lossless,
        has_camera_data=bool(facts.make or facts.model or facts.exposure),
        taken=facts.taken,
        mtime_ns=file.mtime_ns,
        name=file.path.rsplit(b"/", 1)[-1],
        blake3=file.digest or facts.blake3,
        partial=facts.status != "ok",
        held=held or ("" if facts.is_picture else UNREAD),
    )


def _main_first(file: UnitFile) -> tuple[bool, bool, int, bytes]:
    facts = file.facts
    return not facts.is_picture, facts.kind != "raw", -(facts.width or 0) * (facts.height or 0), file.path


def _whole_digest(pictures: Sequence[bytes | None], companions: Sequence[bytes | None]) -> bytes | None:
    known = [digest for digest in (*pictures, *companions) if digest is not None]
    if len(known) != len(pictures) + len(companions):
        return None
    return b"".join(sorted(known[: len(pictures)]) + sorted(known[len(pictures) :]))
