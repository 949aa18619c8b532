"""From a library to scored pairs and their list of joins: everything that a moving line only cuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions, auto_line
from engine.errors import Cancelled
from engine.jobs.library import Files, Library, LibraryFile
from engine.jobs.saved_matching import Joins
from engine.jobs.searching import PairSource, Question
from engine.jobs.table import lazy_table, matching_of, usable
from engine.records import AS_USUAL, PAIR_DIFFERENT, PAIR_DTYPE, PAIR_KEEP_ALL, Merges, PictureTable, Tier, Weights
from engine.store import FingerprintStore
from engine.userdata import Decisions

PairArray = NDArray[np.void]
DigestOf = Callable[[LibraryFile], bytes | None]
Search = Callable[[Files, PictureTable, MatchOptions, Callable[[], bool]], PairArray]


class NotMatched(Exception):
    """These very pictures were not matched before."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One library, matched. Pairs index `pictures`; they are sorted by (a, b), scores rounded to 4 decimals, flags decided.

    removed: bool, one a pair: decided "different". line: where the options place it (``auto`` resolved). weights: by which the
    scores were made; unweighed: the same with the scores as they were found, where that is another.
    """

    library: Library
    pictures: Files
    table: PictureTable
    pairs: PairArray
    removed: NDArray[np.bool_]
    merges: Merges
    options: MatchOptions
    line: float
    joins: Joins | None = None  # laid out already
    weights: Weights = AS_USUAL
    unweighed: Analysis | None = None

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
    known_only: bool = False,
    told: Callable[[int, int], None] = match.nobody,
    search: Search | None = None,
    source: PairSource | None = None,
) -> Analysis:
    """Match a library, or take the cached pair table when the very same pictures were matched before.

    digest_of: of a whole file; decisions are found by it. quick_store: where the rows of provisional pictures lie.
    A cancelled match leaves no pairs, and the library is no longer final. known_only: raise NotMatched rather than search.
    told: how many pictures were searched, and of how many. search: finds the pairs of another scheme; nothing of it is cached.
    source: remembers what was compared before; without one what is found here is not kept for others either.
    """
    pictures = usable(library)
    matching = library.matching or matching_of(pictures)
    table = lazy_table(pictures, matching, store, quick_store)
    looking = source is not None and not library.final
    question = Question(pictures, matching, table, store, quick_store, options, cancelled, told, looking)
    try:
        if search is not None:
            found = match.Found(search(pictures, table, options, cancelled))
        else:
            found = _found(question, source, known_only=known_only, final=library.final)
    except Cancelled:
        library.cancelled, library.final = True, False
        found = match.Found(np.empty(0, PAIR_DTYPE))
    line = auto_line(len(pictures)) if automatic else options.line
    made = _joins_key(question.key, options)
    joins = matching.joins if matching.joins is not None and matching.joins.key == made else None
    analysis = decide(library, pictures, table, _admitted(found.pairs, options), decisions, options, line, digest_of, joins)
    if analysis.joins is not None and analysis.joins is not joins:
        matching = replace(matching, joins=replace(analysis.joins, key=made))
    library.matching = matching
    library.left_out = {"crowded": found.crowded, "skipped_lists": found.skipped}
    return analysis


def _found(question: Question, source: PairSource | None, *, known_only: bool, final: bool) -> match.Found:
    pairs = source or PairSource()
    found = pairs.known(question)
    if found is not None:
        return found
    if known_only:
        raise NotMatched
    found = pairs.searched(question)
    if final and source is not None:
        pairs.keep(question, found)
    return found


def decide(
    library: Library,
    pictures: Files,
    table: PictureTable,
    pairs: PairArray,
    decisions: Decisions,
    options: MatchOptions,
    line: float,
    digest_of: DigestOf = lambda file: file.digest,
    joins: Joins | None = None,
) -> Analysis:
    """Mark what the user decided and make the list of joins; also used when only a decision changed.

    joins: of these pairs, made before, good where nothing was decided to be different.
    """
    pairs = pairs.copy()
    said = decisions.flags(_Digests(pictures, digest_of), pairs)
    pairs["flags"] = (pairs["flags"] & ~np.uint16(PAIR_DIFFERENT | PAIR_KEEP_ALL)) | said
    removed = (pairs["flags"] & PAIR_DIFFERENT) != 0
    pairs.setflags(write=False)
    removed.setflags(write=False)
    if removed.any():
        merges = match.merge_list(table, pairs, removed, moments=options.moments)
        return Analysis(library, pictures, table, pairs, removed, merges, options, line)
    if joins is None or len(joins.met) != len(pairs):
        merges = match.merge_list(table, pairs, removed, moments=options.moments)
        tree = match.tree_of(merges)
        joins = Joins(b"", merges, tree, match.meeting(tree, merges.node[pairs["a"]], merges.node[pairs["b"]]))
    return Analysis(library, pictures, table, pairs, removed, joins.merges, options, line, joins)


class _Digests(Sequence[tuple[bytes | None, bytes | None]]):
    """Both digests of each picture, looked up when they are asked for: mostly the user decided nothing."""

    def __init__(self, pictures: Files, digest_of: DigestOf) -> None:
        self._pictures, self._digest_of = pictures, digest_of

    def __len__(self) -> int:
        return len(self._pictures)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        file = self._pictures[place]
        return self._digest_of(file), file.picture_digest


def _admitted(pairs: PairArray, options: MatchOptions) -> PairArray:
    return pairs[pairs["tier"] == Tier.IDENTICAL] if options.preset == "identical" else pairs


def _joins_key(key: bytes, options: MatchOptions) -> bytes:
    """The same of the joins, which moments are part of where they are wanted."""
    return blake3(b"moments", key=key).digest() if options.moments else key
