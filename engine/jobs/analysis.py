"""From a library to scored pairs and their list of joins: everything that a moving line only cuts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions, auto_line
from engine.errors import Cancelled
from engine.jobs.library import Files, Library, LibraryFile
from engine.jobs.table import BULKY, content_ids, picture_table, usable
from engine.records import PAIR_DIFFERENT, PAIR_DTYPE, PAIR_KEEP_ALL, Merges, PictureTable, Tier
from engine.store import FingerprintStore
from engine.userdata import Decisions

PairArray = NDArray[np.void]
DigestOf = Callable[[LibraryFile], bytes | None]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One library, matched. Pairs index `pictures`; they are sorted by (a, b), scores rounded to 4 decimals, flags decided.

    removed: bool, one a pair: decided "different". line: where the options place it (``auto`` resolved).
    """

    library: Library
    pictures: Files
    table: PictureTable
    pairs: PairArray
    removed: NDArray[np.bool_]
    merges: Merges
    options: MatchOptions
    line: float

    @property
    def decided(self) -> NDArray[np.bool_]:
        """One a pair: the user said something of it."""
        decided: NDArray[np.bool_] = (self.pairs["flags"] & (PAIR_DIFFERENT | PAIR_KEEP_ALL)) != 0
        return decided


def analyse(
    library: Library,
    store: FingerprintStore,
    decisions: Decisions,
    options: MatchOptions,
    *,
    automatic: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    digest_of: DigestOf = lambda file: file.digest,
    quick_store: FingerprintStore | None = None,
) -> Analysis:
    """Match a library, or take the cached pair table when the very same pictures were matched before.

    digest_of: of a whole file; decisions are found by it. quick_store: where the rows of provisional pictures lie.
    A cancelled match leaves no pairs, and the library is no longer final.
    """
    pictures = usable(library)
    table = picture_table(pictures, store, quick_store=quick_store)
    key = _table_key(pictures, table, options)
    pairs = store.load_pairs(key)
    if pairs is None:
        try:
            pairs = match.find_pairs(table, options, cancelled)
        except Cancelled:
            library.cancelled, library.final = True, False
            pairs = np.empty(0, PAIR_DTYPE)
        if library.final:
            store.put_pairs(key, pairs)
    line = auto_line(len(pictures)) if automatic else options.line
    return decide(library, pictures, table, _admitted(pairs, options), decisions, options, line, digest_of)


def decide(
    library: Library,
    pictures: Files,
    table: PictureTable,
    pairs: PairArray,
    decisions: Decisions,
    options: MatchOptions,
    line: float,
    digest_of: DigestOf = lambda file: file.digest,
) -> Analysis:
    """Mark what the user decided and make the list of joins; also used when only a decision changed."""
    pairs = pairs.copy()
    digests = [(digest_of(file), file.picture_digest) for file in pictures]
    pairs["flags"] = (pairs["flags"] & ~np.uint16(PAIR_DIFFERENT | PAIR_KEEP_ALL)) | decisions.flags(digests, pairs)
    removed = (pairs["flags"] & PAIR_DIFFERENT) != 0
    pairs.setflags(write=False)
    removed.setflags(write=False)
    return Analysis(library, pictures, table, pairs, removed, match.merge_list(table, pairs, removed), options, line)


def _admitted(pairs: PairArray, options: MatchOptions) -> PairArray:
    return pairs[pairs["tier"] == Tier.IDENTICAL] if options.preset == "identical" else pairs


def _table_key(pictures: Files, table: PictureTable, options: MatchOptions) -> bytes:
    """Digest of all that can change the pair table: radii, hashes, facts, and in place of the plates what they came from."""
    digest = blake3(f"{match.VERSION} {options.radius64} {options.radius256} {options.floor}".encode())
    for part in fields(PictureTable):
        value = getattr(table, part.name)
        if part.name == "films":
            digest.update(b"".join(len(blob).to_bytes(4, "little") + blob for blob in value))
        elif part.name not in BULKY:
            digest.update(np.ascontiguousarray(value).view(np.uint8).data)
    for column in content_ids(pictures):
        digest.update(np.ascontiguousarray(column).view(np.uint8).data)
    return digest.digest()
