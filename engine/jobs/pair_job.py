"""Questions about single files: how alike two are, what one is, and what resembles it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import fingerprint, match
from engine.config import Limits, MatchOptions, ScanOptions
from engine.errors import ScanError
from engine.jobs.finding import resembling
from engine.jobs.library import Files, Library, LibraryFile, NewFile, library_file, library_files
from engine.jobs.pools import FileJob, Kind, Workers
from engine.jobs.report_job import file_record
from engine.jobs.report_records import pair_facts
from engine.jobs.scan_job import ScanJob, ScanListener
from engine.jobs.table import picture_table
from engine.names import path_fields
from engine.problems import problem_words
from engine.records import PAIR_DTYPE, PictureFacts, Tier
from engine.store import FingerprintStore
from engine.volumes import Volumes

Look = Callable[[Files], NDArray[np.void]]
ANY = MatchOptions(line=0.0, floor=0.0, radius64=64, radius256=256)
"""Compares whatever it is given: the caller named the pair."""

COMPARED = (
    "path", "format", "width", "height", "size", "mtime_ns", "taken", "make", "model", "exposure", "gps", "rating", "keywords",
    "orientation", "frames", "quantisation", "lossless", "profile", "blake3", "picture_digest",
    "lens", "software", "bit_depth", "profile_name", "zone", "white_balance", "pairing_id",
)  # fmt: skip


def compare(
    a: bytes,
    b: bytes,
    store: FingerprintStore,
    limits: Limits,
    listener: ScanListener,
    facts_of_pair: Callable[[Files], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The contract's ``compare`` answer: A is the first file named. Raises ScanError when one of them is no picture.

    facts_of_pair: compares them in another way than `compare_files`.
    """
    library = ScanJob(store, ScanOptions(workers=1), listener, limits).run_files([a, b])
    by_path = {file.path: file for file in library.files}
    files = Files.gathered([by_path[a], by_path[b]])
    for file in files:
        require_picture(file)
    pair = facts_of_pair(files) if facts_of_pair is not None else compare_files(files, store)
    facts = [_comparable(file) for file in files]
    return {
        "a": 0,
        "b": 1,
        **pair,
        "facts": {name: [facts[0][name], facts[1][name]] for name in COMPARED if facts[0][name] != facts[1][name]},
        "same_shot": files[0].shot is not None and files[0].shot == files[1].shot and a != b,
    }


def compare_files(files: Files, store: FingerprintStore) -> dict[str, Any]:
    """Pair facts of two pictures in the given order; ``tier`` is null where they are not alike."""
    pair = match.compare_rows(picture_table(files, store, apart=True), 0, 1, ANY)
    if pair is not None and pair["score"] >= np.float32(MatchOptions().floor):
        return pair_facts(pair)
    known = pair_facts(pair if pair is not None else np.zeros(1, PAIR_DTYPE)[0])
    return {**known, "tier": None, "edits": [], "transform": None}


def require_picture(file: LibraryFile) -> None:
    """Raise ScanError with the reason in words when a named file gave no picture."""
    if not file.is_picture:
        message, hint = problem_words(file.code or "decode.corrupt", file.path)
        raise ScanError(message, code=file.code, path=file.path, hint=hint)


def _comparable(file: LibraryFile) -> dict[str, Any]:
    facts = file.facts.to_json() if file.facts is not None else {}
    return {**facts, "path": path_fields(file.path)[0], "size": file.stat.size, "mtime_ns": file.stat.mtime_ns}


def inspect(path: bytes, limits: Limits, listener: ScanListener) -> dict[str, Any]:
    """The contract's ``inspect`` answer, computed anew (never from the cache). Raises ScanError, Cancelled."""
    started = time.monotonic()
    with Workers(1, limits) as workers:
        result = workers.ask(FileJob(Kind.FINGERPRINT, path, 0), listener.cancelled)
    facts = result.facts or PictureFacts("error", result.code or "decode.crashed", detail=result.message)
    if result.stat is None:
        message, hint = problem_words(facts.code or "read.vanished", path)
        raise ScanError(message, code=facts.code, path=path, hint=hint)
    file = library_file(path, result.stat, facts.status, facts.code, facts)
    shown = facts.to_json()
    return {
        "file": file_record(file),
        "facts": {k: v for k, v in shown.items() if k not in ("blake3", "picture_digest", "frame_hashes", "route")},
        "digests": {"blake3": shown["blake3"], "picture": shown["picture_digest"]},
        "fingerprints": hex_prints(result.prints),
        "route": facts.route,
        "seconds": round(time.monotonic() - started, 4),
    }


def hex_prints(prints: bytes) -> dict[str, str]:
    """Packed prints as hex a part; empty when there are none."""
    if not prints:
        return {}
    unpacked = fingerprint.unpack(prints)
    return {name: np.ascontiguousarray(getattr(unpacked, name)).tobytes().hex() for name in fingerprint.PARTS}


def find(
    picture: bytes,
    library: Library | None,
    store: FingerprintStore,
    limits: Limits,
    listener: ScanListener,
    line: float,
    look: Look | None = None,
    among: FingerprintStore | None = None,
) -> dict[str, Any]:
    """The contract's ``find`` answer: in a scanned library, or among all that the store holds (library None).

    look: finds the pairs of the first picture, in another way than `finding.resembling`. among: the store of which all is looked
    at, where it is another one.
    """
    asked = ScanJob(store, ScanOptions(workers=1), listener, limits).run_files([picture]).files[0]
    require_picture(asked)
    others, volumes = others_of(asked, library, among or store), Volumes()
    if not others:
        return {"query": file_record(asked), "matches": []}
    files = Files.gathered([asked, *(file for file, _ in others)])
    if look is not None:
        found = look(files)
    else:
        found = resembling(files, store, MatchOptions(line=line), listener.cancelled)
    seen = {(asked.stat.device, asked.stat.inode)}
    matches = []
    for pair in sorted(found[found["score"] >= np.float32(line)], key=lambda pair: int(pair["b"])):
        file, volume = others[int(pair["b"]) - 1]
        if (identity := identity_now(file, volume, volumes)) is not None and identity not in seen:
            seen.add(identity)
            matches.append(_match(file, pair))
    matches.sort(key=lambda m: (-m["similarity"], Tier.from_label(m["tier"]), m["path"]))
    return {"query": file_record(asked), "matches": matches}


def others_of(asked: LibraryFile, library: Library | None, store: FingerprintStore) -> list[tuple[LibraryFile, str]]:
    """Pictures to look among, by path, with their volumes ("" where the file was just seen)."""
    if library is not None:
        return [(f, "") for f in library.pictures() if f.row is not None]
    stored = [s for s in store.files_below(b"/") if s.facts.is_picture and s.row is not None and s.path != asked.path]
    stored.sort(key=lambda s: s.path)
    files = library_files(NewFile(s.path, s.stat, s.facts.status, s.facts.code, s.facts, s.row) for s in stored)
    return list(zip(files, (s.volume for s in stored), strict=True))


def identity_now(file: LibraryFile, volume: str, volumes: Volumes) -> tuple[int, int] | None:
    """Device and inode of a stored picture, None where its file is gone or became another; one on an absent volume is there."""
    try:
        found = os.stat(file.path)
    except OSError:
        return (-1, file.id) if volumes.is_absent(volume) else None
    same = (found.st_size, found.st_mtime_ns) == (file.stat.size, file.stat.mtime_ns)
    return (found.st_dev, found.st_ino) if same else None


def _match(file: LibraryFile, pair: np.void) -> dict[str, Any]:
    path, exact = path_fields(file.path)
    facts = pair_facts(pair)
    return {"path": path, "path_b64": exact, **{k: facts[k] for k in ("tier", "similarity", "edits", "transform")}}
