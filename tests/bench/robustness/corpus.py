"""Originals, their edited files on disk, and the fingerprints of all of them.

Files lie in ``OUT/files/<digest of the original>``, fingerprints in ``OUT/prints/<profile>``; what is there is not made again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint import PACKED_BYTES, PROFILE
from tests.bench.robustness.edits import EDITS, Edit
from tests.bench.robustness.originals import Original, opened

ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Family:
    """An original with its edits.

    names: `ORIGINAL` and the edits' names, one a file. paths: the files. prints uint8 (m, PACKED_BYTES): packed fingerprints,
    zeros for a file that could not be read. size int32 (m, 2): px as displayed.
    """

    original: Original
    digest: str
    names: tuple[str, ...]
    paths: tuple[Path, ...]
    prints: NDArray[np.uint8]
    size: NDArray[np.int32]


def families(out: Path, originals: Sequence[Original], edits: Sequence[Edit], jobs: int) -> list[Family]:
    """All families, in the order of the originals; originals of equal pixels and those that are too small are left out."""
    edit_names = [edit.name for edit in edits]
    made: dict[int, Family] = {}
    begun = time.monotonic()
    for number, family in _made(out, originals, edit_names, jobs):
        if family is not None:
            made[number] = family
        if len(made) % 20 == 0:
            print(f"\r{len(made)} of {len(originals)} originals, {time.monotonic() - begun:.0f} s", end="", flush=True)
    print()
    seen: set[str] = set()
    ordered = [made[number] for number in sorted(made)]
    return [one for one in ordered if not (one.digest in seen or seen.add(one.digest))]  # type: ignore[func-returns-value]


def _made(out: Path, originals: Sequence[Original], names: list[str], jobs: int) -> Iterator[tuple[int, Family | None]]:
    if jobs <= 1:
        for number, original in enumerate(originals):
            yield number, family_of(out, original, names)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        asked = {pool.submit(family_of, out, original, names): number for number, original in enumerate(originals)}
        for answer in as_completed(asked):
            yield asked[answer], answer.result()


def family_of(out: Path, original: Original, names: list[str]) -> Family | None:
    """One original with these edits: files and fingerprints that are missing are made."""
    found = opened(original)
    if found is None:
        return None
    im, raw_digest = found
    digest = raw_digest.hex()
    folder = out / "files" / digest
    folder.mkdir(parents=True, exist_ok=True)
    edits = [EDITS[name] for name in names]
    paths = [original.path] + [folder / edit.file_name for edit in edits]
    for edit, path in zip(edits, paths[1:], strict=True):
        if not path.exists():
            _write(path, edit.apply(im, raw_digest))
    stored = _stored(out, digest)
    for name, path in zip([ORIGINAL, *names], paths, strict=True):
        if name not in stored:
            stored[name] = _row(path)
    _store(out, digest, stored)
    rows = [stored[name] for name in [ORIGINAL, *names]]
    whole = np.array([row[0] for row in rows])
    return Family(original, digest, (ORIGINAL, *names), tuple(paths), whole, np.array([row[1] for row in rows], np.int32))


Row = tuple[NDArray[np.uint8], NDArray[np.int32]]


def _row(path: Path) -> Row:
    from tests.bench.robustness.reading import read

    facts, blob = read(path)
    packed = np.frombuffer(blob, np.uint8) if len(blob) == PACKED_BYTES else np.zeros(PACKED_BYTES, np.uint8)
    return packed, np.array([facts.width or 0, facts.height or 0], np.int32)


def _prints_path(out: Path, digest: str) -> Path:
    return out / "prints" / PROFILE / f"{digest}.npz"


def _stored(out: Path, digest: str) -> dict[str, Row]:
    path = _prints_path(out, digest)
    if not path.exists():
        return {}
    with np.load(path) as file:
        names, prints, size = file["names"].tolist(), file["prints"], file["size"]
    return {name: (prints[k], size[k]) for k, name in enumerate(names)}


def _store(out: Path, digest: str, rows: dict[str, Row]) -> None:
    path = _prints_path(out, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.npz")
    np.savez(
        partial,
        names=np.array(list(rows)),
        prints=np.array([row[0] for row in rows.values()]),
        size=np.array([row[1] for row in rows.values()]),
    )
    os.replace(partial, path)


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{os.getpid()}.{path.name}")
    with contextlib.suppress(FileNotFoundError):
        partial.write_bytes(data)
        os.replace(partial, path)
