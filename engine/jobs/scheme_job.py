"""Questions by the imgfprint scheme: pairs of a library, two files, one file, pictures like one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import imgfprint
from engine.config import Limits, MatchOptions
from engine.errors import ScanError
from engine.jobs import pair_job
from engine.jobs.imgfprint_pairs import PART_NAMES, comparison_of, imgfprint_pairs, pairs_of_first
from engine.jobs.imgfprint_rows import PARTS, imgfprint_hashes
from engine.jobs.library import Files, Library
from engine.jobs.pools import FileJob, Kind, Workers
from engine.jobs.report_records import pair_facts
from engine.jobs.scan_job import ScanListener
from engine.jobs.table import fact_columns
from engine.jobs.workspace import IMGFPRINT, Workspace
from engine.problems import problem_words
from engine.records import PAIR_DTYPE, PictureTable
from engine.store import FingerprintStore

Pairs = NDArray[np.void]


class SchemeJob:
    """One question or scan. options: with the scheme's fields. Used in the main lane."""

    def __init__(self, workspace: Workspace, limits: Limits, listener: ScanListener, options: MatchOptions) -> None:
        self._workspace = workspace
        self._limits = limits
        self._listener = listener
        self._options = options

    def search(self, pictures: Files, table: PictureTable, options: MatchOptions, cancelled: Callable[[], bool]) -> Pairs:
        """See `analysis.Search`. Raises Cancelled, UsageError."""
        return imgfprint_pairs(table, *self._hashes(pictures), options, cancelled)

    def compare(self, a: bytes, b: bytes) -> dict[str, Any]:
        """As `pair_job.compare`, with the scheme's own numbers under its name."""
        return pair_job.compare(a, b, self._workspace.store(), self._limits, self._listener, self._pair)

    def inspect(self, path: bytes) -> dict[str, Any]:
        """As `pair_job.inspect`, with the scheme's hashes, record and text in place of our fingerprints."""
        answer = pair_job.inspect(path, self._limits, self._listener)
        with Workers(1, self._limits) as workers:
            result = workers.ask(FileJob(Kind.IMGFPRINT, path, 0), self._listener.cancelled)
        if not result.prints or result.digest is None:
            message, hint = problem_words(result.code or "decode.corrupt", path)
            raise ScanError(message, code=result.code, path=path, hint=hint)
        made = imgfprint.Fingerprint(result.digest, imgfprint.unpack(result.prints))
        hashes = {name: row.astype(">u8").tobytes().hex() for name, row in zip(imgfprint.ALGORITHMS, made.hashes, strict=True)}
        record = imgfprint.write_record(made).hex()
        told = {"profile": imgfprint.PROFILE, "format_version": imgfprint.FORMAT_VERSION, "text": imgfprint.text(made)}
        return {**answer, "fingerprints": {**hashes, "record": record}, IMGFPRINT: told}

    def find(self, picture: bytes, library: Library | None) -> dict[str, Any]:
        """As `pair_job.find`; without folders among all pictures whose hashes are kept."""
        store = self._workspace.store()
        return pair_job.find(
            picture, library, store, self._limits, self._listener, self._options.line, self._like_the_first, self._store()
        )

    def _pair(self, files: Files) -> dict[str, Any]:
        hashes, known = self._hashes(files)
        if not known.all():
            path = files[int(np.flatnonzero(~known)[0])].path
            message, hint = problem_words("decode.corrupt", path)
            raise ScanError(message, code="decode.corrupt", path=path, hint=hint)
        table = facts_table(files)
        found = comparison_of(table, hashes, self._options)
        pairs = imgfprint_pairs(table, hashes, known, self._options, self._listener.cancelled)
        facts = pair_facts(pairs[0] if len(pairs) else np.zeros(1, PAIR_DTYPE)[0], PART_NAMES)
        if not len(pairs):
            parts = dict(zip(PART_NAMES, (found.score, found.ahash, found.phash, found.dhash), strict=True))
            similarity = float(imgfprint.similarity(np.array([found.score]))[0])
            rounded = {name: round(value, 4) for name, value in parts.items()}
            facts |= {"tier": None, "similarity": round(similarity, 4), "parts": rounded, "transform": None}
        numbers = {
            name: round(getattr(found, name), 6) if name != "distance" else found.distance
            for name in ("score", "distance", *imgfprint.ALGORITHMS)
        }
        return {**facts, IMGFPRINT: {"profile": imgfprint.PROFILE, "exact": found.exact, **numbers}}

    def _like_the_first(self, files: Files) -> Pairs:
        hashes, known = self._hashes(files)
        return pairs_of_first(facts_table(files), hashes, known, self._options)

    def _hashes(self, files: Files) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        return imgfprint_hashes(list(files), self._store(), self._limits, self._listener)

    def _store(self) -> FingerprintStore:
        return self._workspace.beside(IMGFPRINT, imgfprint.PROFILE, PARTS)


def facts_table(files: Files) -> PictureTable:
    """What the scheme needs of a table: the facts. Our own fingerprints, which may lie nowhere, are zeros."""
    columns, films = fact_columns(files, apart=True)
    nothing = np.zeros(len(files), np.uint8)
    prints: dict[str, Any] = {f.name: nothing for f in fields(PictureTable) if f.name not in columns and f.name != "films"}
    return PictureTable(**prints, **columns, films=films)
