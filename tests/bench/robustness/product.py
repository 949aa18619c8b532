"""The product's own search over a corpus: what it finds, right and wrong."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions
from engine.fingerprint import PARTS
from engine.records import PictureTable, Tier
from tests.bench.robustness.corpus import ORIGINAL, Family

Ints = NDArray[np.int64]
UNKNOWN = {
    **dict.fromkeys(("bytes_id", "data_id", "film", "moment", "camera", "exposure"), ("i8", -1)),
    **dict.fromkeys(("partial", "raw"), ("?", 0)),
    "orientation": ("u1", 1),
    "frames": ("i4", 1),
}
"""Nothing of metadata and of bytes, so that nothing but the look decides."""


@dataclass(frozen=True, slots=True)
class Library:
    """The files of some families in a shuffled order, as a search sees them.

    family, member int64 (n,): number of the family and of the file in it, by row.
    """

    families: tuple[Family, ...]
    table: PictureTable
    family: Ints
    member: Ints

    @property
    def unrelated(self) -> int:
        """Pairs of files of different families."""
        sizes = np.bincount(self.family)
        return (int(sizes.sum()) ** 2 - int((sizes**2).sum())) // 2

    def path(self, row: int) -> str:
        """Of the file in this row."""
        return str(self.families[self.family[row]].paths[self.member[row]])

    def name(self, row: int) -> str:
        """Edit of the file in this row."""
        return self.families[self.family[row]].names[self.member[row]]


def library_of(families: Sequence[Family], seed: int = 1) -> Library:
    """All readable files of the families, in an order that a seed decides."""
    family = np.concatenate([np.full(len(one.names), number) for number, one in enumerate(families)])
    member = np.concatenate([np.arange(len(one.names)) for one in families])
    prints = np.concatenate([one.prints for one in families])
    size = np.concatenate([one.size for one in families])
    order = np.random.default_rng(seed).permutation(len(family))
    order = order[prints[order].any(axis=1)]
    table = _table(prints[order], size[order], family[order], member[order])
    return Library(tuple(families), table, family[order].astype(np.int64), member[order].astype(np.int64))


def _table(prints: NDArray[np.uint8], size: NDArray[np.int32], family: Ints, member: Ints) -> PictureTable:
    columns: dict[str, Any] = {}
    at, count = 0, len(prints)
    for name, part in PARTS.items():
        raw = np.ascontiguousarray(prints[:, at : at + part.size_bytes])
        shape = (count,) if part.shape == (1,) else (count, *part.shape)
        columns[name] = raw.view(part.dtype).astype(part.dtype.newbyteorder("="), copy=False).reshape(shape)
        at += part.size_bytes
    columns["flat"] = prints[:, -1].astype(bool)
    columns["width"], columns["height"] = np.ascontiguousarray(size[:, 0]), np.ascontiguousarray(size[:, 1])
    columns["variant"] = np.arange(count, dtype=np.int64)
    columns["shot"] = 2 * family.astype(np.int64) + (member != 0)  # edited files of one original: no time for pairs among them
    for name, (dtype, value) in UNKNOWN.items():
        columns[name] = np.full(count, value, dtype=dtype)
    for column in columns.values():
        column.setflags(write=False)
    return PictureTable(**columns)


@dataclass(frozen=True, slots=True)
class FalsePair:
    """Two files of different originals that were taken for one picture.

    score: 0..1. tier: its label. one, other: (path, original, edit) of either.
    """

    score: float
    tier: str
    one: tuple[str, str, str]
    other: tuple[str, str, str]

    @property
    def unedited(self) -> bool:
        """Whether a side is a file as it was found."""
        return ORIGINAL in (self.one[2], self.other[2])


@dataclass(frozen=True, slots=True)
class Result:
    """What a search came to, or several of them over slices of the edits.

    edits: names. scores float32 (families, edits): of the pair (original, edit), 0 where there is none. present bool, likewise:
    whether both files could be read. false: pairs of different originals at or above the floor. unrelated, with_unedited: pairs
    of files of different originals, and those of them with an unedited side. seconds: CPU.
    """

    library: Library
    edits: tuple[str, ...]
    scores: NDArray[np.float32]
    present: NDArray[np.bool_]
    false: tuple[FalsePair, ...]
    unrelated: int
    with_unedited: int
    seconds: float


def sliced(families: Sequence[Family], slices: int) -> list[list[Family]]:
    """Libraries of all originals with a part of the edits each, so that families have the size that they have in the world."""
    return [[_part(family, number, slices) for family in families] for number in range(slices)]


def _part(family: Family, number: int, slices: int) -> Family:
    rows = [0, *range(1 + number, len(family.names), slices)]
    names, paths = tuple(family.names[k] for k in rows), tuple(family.paths[k] for k in rows)
    return replace(family, names=names, paths=paths, prints=family.prints[rows], size=family.size[rows])


def searched(families: Sequence[Family], options: MatchOptions | None = None, seed: int = 1) -> Result:
    """Search the library of these families as a scan does."""
    library = library_of(families, seed)
    begun = time.process_time()
    pairs = match.search(library.table, options or MatchOptions(), lambda: False).pairs
    seconds = time.process_time() - begun
    one, other = pairs["a"].astype(np.int64), pairs["b"].astype(np.int64)
    related = library.family[one] == library.family[other]
    edits = families[0].names[1:]
    assert all(family.names[1:] == edits for family in families) and families[0].names[0] == ORIGINAL
    scores = np.zeros((len(families), len(edits) + 1), np.float32)
    for first, second in ((one, other), (other, one)):
        rows = related & (library.member[first] == 0)
        scores[library.family[first[rows]], library.member[second[rows]]] = pairs["score"][rows]
    present = np.zeros(scores.shape, bool)
    present[library.family, library.member] = True
    false = tuple(_false(library, pair) for pair in pairs[~related])
    present = present[:, 1:] & present[:, :1]
    return Result(library, edits, scores[:, 1:], present, false, library.unrelated, _with_unedited(library), seconds)


def _with_unedited(library: Library) -> int:
    """Pairs of files of different originals of which at least one is unedited."""
    originals, files = int((library.member == 0).sum()), len(library.member)
    of_one = int((library.member != 0).sum())  # each edited file has one original of its own, if that could be read
    return originals * (files - originals) + originals * (originals - 1) // 2 - of_one


def _false(library: Library, pair: np.void) -> FalsePair:
    one, other = int(pair["a"]), int(pair["b"])
    sides = [
        (library.path(row), str(library.families[library.family[row]].original.path), library.name(row)) for row in (one, other)
    ]
    return FalsePair(float(pair["score"]), Tier(int(pair["tier"])).label, sides[0], sides[1])


def merged(families: Sequence[Family], results: Sequence[Result]) -> Result:
    """One result of the searches of `sliced` libraries. Pairs of two unedited files are in each of them and count once."""
    names = families[0].names[1:]
    place = {name: (number, k) for number, result in enumerate(results) for k, name in enumerate(result.edits)}
    columns = [place[name] for name in names]
    false = {(pair.one[0], pair.other[0]) if pair.one[0] < pair.other[0] else (pair.other[0], pair.one[0]): pair
             for result in results for pair in result.false}  # fmt: skip
    again = (len(results) - 1) * len(families) * (len(families) - 1) // 2
    return Result(
        results[0].library,
        tuple(names),
        np.stack([results[number].scores[:, k] for number, k in columns], axis=1),
        np.stack([results[number].present[:, k] for number, k in columns], axis=1),
        tuple(sorted(false.values(), key=lambda pair: (-pair.score, pair.one[0], pair.other[0]))),
        sum(result.unrelated for result in results) - again,
        sum(result.with_unedited for result in results) - again,
        sum(result.seconds for result in results),
    )
