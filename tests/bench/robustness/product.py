"""The product's own search over a corpus: what it finds, right and wrong."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions
from engine.fingerprint import PARTS
from engine.records import PictureTable
from tests.bench.robustness.corpus import ORIGINAL, Family

Ints = NDArray[np.int64]
UNKNOWN = {"orientation": ("u1", 1), "frames": ("i4", 1), "film": ("i8", -1), "moment": ("i8", -1), "camera": ("i8", -1),
           "exposure": ("i8", -1), "partial": ("?", 0), "raw": ("?", 0)}  # fmt: skip
"""Nothing of metadata, so that nothing but the look decides."""


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
    same = np.concatenate([_apart(one.same, number) for number, one in enumerate(families)])
    order = np.random.default_rng(seed).permutation(len(family))
    order = order[prints[order].any(axis=1)]
    table = _table(prints[order], size[order], same[order])
    return Library(tuple(families), table, family[order].astype(np.int64), member[order].astype(np.int64))


def _apart(same: Ints, number: int) -> Ints:
    """Ids of equal contents; those of different families never meet."""
    return np.where(same < 0, -1, (same ^ (number * 0x9E3779B97F4A7C1 & 0x7FFFFFFFFFFFFFFF)) & 0x7FFFFFFFFFFFFFFF)


def _table(prints: NDArray[np.uint8], size: NDArray[np.int32], same: Ints) -> PictureTable:
    columns: dict[str, Any] = {}
    at, count = 0, len(prints)
    for name, part in PARTS.items():
        raw = np.ascontiguousarray(prints[:, at : at + part.size_bytes])
        shape = (count,) if part.shape == (1,) else (count, *part.shape)
        columns[name] = raw.view(part.dtype).astype(part.dtype.newbyteorder("="), copy=False).reshape(shape)
        at += part.size_bytes
    columns["flat"] = prints[:, -1].astype(bool)
    columns["width"], columns["height"] = np.ascontiguousarray(size[:, 0]), np.ascontiguousarray(size[:, 1])
    columns["bytes_id"], columns["data_id"] = np.ascontiguousarray(same[:, 0]), np.ascontiguousarray(same[:, 1])
    columns["variant"] = np.arange(count, dtype=np.int64)
    columns["shot"] = np.arange(count, dtype=np.int64)
    for name, (dtype, value) in UNKNOWN.items():
        columns[name] = np.full(count, value, dtype=dtype)
    for column in columns.values():
        column.setflags(write=False)
    return PictureTable(**columns)


@dataclass(frozen=True, slots=True)
class Result:
    """What a search of a library came to.

    scores float32 (families, edits): of the pair (original, edit), 0 where there is none. present bool, likewise: whether both
    files could be read. edits: names, in that order. false `PAIR_DTYPE`: pairs of different families at or above the floor, by
    row. seconds: CPU of the search.
    """

    library: Library
    edits: tuple[str, ...]
    scores: NDArray[np.float32]
    present: NDArray[np.bool_]
    false: NDArray[np.void]
    seconds: float

    def recall(self, line: float) -> NDArray[np.bool_]:
        """bool (families, edits): found at or above the line."""
        return self.scores >= np.float32(line)


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
    return Result(library, edits, scores[:, 1:], present[:, 1:] & present[:, :1], pairs[~related], seconds)
