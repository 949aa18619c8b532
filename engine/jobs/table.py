"""The pictures of a library as the arrays that matching reads, in path order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.jobs.library import Library, LibraryFile
from engine.jobs.quick_rows import gathered
from engine.records import PictureFacts, PictureTable
from engine.store import FingerprintStore


def picture_table(
    pictures: Sequence[LibraryFile],
    store: FingerprintStore,
    *,
    apart: bool = False,
    quick_store: FingerprintStore | None = None,
) -> PictureTable:
    """Table of these pictures, which must have rows in the store and be in path order.

    apart: every picture is a shot of its own (for questions about single files, in any order). quick_store: where the rows of
    provisional pictures lie.
    """
    return assemble(pictures, gathered(pictures, store, quick_store), apart=apart)


def assemble(pictures: Sequence[LibraryFile], prints: dict[str, NDArray[np.generic]], *, apart: bool = False) -> PictureTable:
    """Table from facts and the gathered fingerprint columns (first axis: the pictures)."""
    facts = [_facts(file) for file in pictures]
    count = len(facts)
    films, film = _films(facts)
    return PictureTable(
        dct64=prints["dct64"].reshape(count),  # type: ignore[arg-type]
        dct256=prints["dct256"].reshape(count, 4),  # type: ignore[arg-type]
        gradient=prints["gradient"].reshape(count),  # type: ignore[arg-type]
        colour=prints["colour"].reshape(count, 192),  # type: ignore[arg-type]
        plate=prints["plate"].reshape(count, 64, 64),  # type: ignore[arg-type]
        bytes_id=_ids(f.blake3 for f in facts),
        data_id=_ids(f.picture_digest for f in facts),
        variant=_ids((f.orientation, f.profile) for f in facts),
        orientation=_frozen([f.orientation for f in facts], np.uint8),
        width=_frozen([f.width or 0 for f in facts], np.int32),
        height=_frozen([f.height or 0 for f in facts], np.int32),
        frames=_frozen([f.frames or 1 for f in facts], np.int32),
        film=film,
        moment=_frozen([moment_ms(f) for f in facts], np.int64),
        camera=_ids((f.make, f.model, f.serial) if f.make or f.model else None for f in facts),
        exposure=_ids(f.exposure or None for f in facts),
        shot=_frozen(range(count), np.int64) if apart else _shots(pictures),
        flat=_frozen([f.flat for f in facts], np.bool_),
        partial=_frozen([f.status == "partial" for f in facts], np.bool_),
        raw=_frozen([f.kind == "raw" for f in facts], np.bool_),
        films=films,
    )


def usable(library: Library) -> list[LibraryFile]:
    """Pictures whose fingerprints are stored: all of a finished scan, those committed so far of a running one."""
    return [file for file in library.files if file.is_picture and file.row is not None]


def moment_ms(facts: PictureFacts) -> int:
    """Capture time in ms since 1970 as the camera wrote it (no zone), -1 when unknown."""
    if facts.taken is None:
        return -1
    moment = datetime.fromisoformat(facts.taken).replace(tzinfo=UTC)
    fraction = int((facts.taken_fraction + "000")[:3]) if facts.taken_fraction.isdigit() else 0
    return max(0, int(moment.timestamp()) * 1000 + fraction)


def _facts(file: LibraryFile) -> PictureFacts:
    assert file.facts is not None, "only pictures enter a table"
    return file.facts


Number = TypeVar("Number", bound=np.generic)


def _frozen(values: Iterable[object], dtype: type[Number]) -> NDArray[Number]:
    array: NDArray[Number] = np.array(list(values), dtype)
    array.setflags(write=False)
    return array


def _ids(keys: Iterable[Hashable | None]) -> NDArray[np.int64]:
    """Equal keys get equal numbers in order of first appearance; None gets -1."""
    numbers: dict[Hashable, int] = {}
    return _frozen([-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


def _films(facts: Sequence[PictureFacts]) -> tuple[tuple[bytes, ...], NDArray[np.int64]]:
    blobs: dict[bytes, int] = {}
    film = [blobs.setdefault(f.frame_hashes, len(blobs)) if (f.frames or 1) > 1 else -1 for f in facts]
    return tuple(blobs), _frozen(film, np.int64)


def _shots(pictures: Sequence[LibraryFile]) -> NDArray[np.int64]:
    alone = 1 + max((file.shot for file in pictures if file.shot is not None), default=0)
    return _frozen([file.shot if file.shot is not None else alone + number for number, file in enumerate(pictures)], np.int64)
