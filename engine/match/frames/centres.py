"""Crowds that the whole frame has settled: whom does one picture in the middle stand for when local features ask?

Fifty thousand nearly equal frames have all their features in common. Each of them is tied to a centre by its whole frame already,
and what lies in one of them lies in the centre, too: so the centre asks and answers by its features for all of them. Nor is each
compared with each: all with the centre, and with the one that is most like it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Crowds:
    """standing_by: bool (n,), pictures for which a centre asks. left_out: pairs among them that features do not look for.

    largest: most settled pairs of one picture.
    """

    standing_by: NDArray[np.bool_]
    left_out: int
    largest: int


def with_centres(a: Ints, b: Ints, rank: Ints, most: int) -> NDArray[np.bool_]:
    """Which of possible pairs (k,) have an end that would be the centre of a crowd if all of them were settled: bool (k,)."""
    centre = _centres(a, b, rank, most)[0]
    either: NDArray[np.bool_] = centre[a] | centre[b]
    return either


def needed_beside(crowds: Crowds, a: Ints, b: Ints, apart: Ints, rank: Ints) -> NDArray[np.bool_]:
    """Which of possible pairs (k,) are looked at although both may have a centre: bool (k,).

    Those with an end outside of crowds, and of each other picture the one with the least `apart` (k,), of equal ones the one
    next by rank.
    """
    inside = np.flatnonzero(crowds.standing_by[a] & crowds.standing_by[b])
    needed = np.ones(len(a), np.bool_)
    needed[inside] = False
    ends, pair = np.concatenate([a[inside], b[inside]]), np.concatenate([inside, inside])
    order = np.lexsort((np.minimum(rank[a], rank[b])[pair], np.abs(rank[a] - rank[b])[pair], apart[pair], ends))
    first = np.ones(len(order), np.bool_)
    first[1:] = ends[order][1:] != ends[order][:-1]
    needed[pair[order[first]]] = True
    return needed


def crowds_of(a: Ints, b: Ints, rank: Ints, most: int) -> Crowds:
    """Crowds in settled pairs (k,), each once; the same for any order of rows and pairs.

    A centre has more than `most` settled pairs, and no neighbour of it has more than it (of as many, none of a lower rank). rank:
    int64 (n,), an order made from content.
    """
    centre, degree = _centres(a, b, rank, most)
    standing_by = np.zeros(len(rank), np.bool_)
    standing_by[b[centre[a]]] = True
    standing_by[a[centre[b]]] = True
    members = degree[centre]
    return Crowds(standing_by, int((members * (members - 1) // 2).sum()), int(degree.max(initial=0)))


def _centres(a: Ints, b: Ints, rank: Ints, most: int) -> tuple[NDArray[np.bool_], Ints]:
    degree = np.bincount(np.concatenate([a, b]), minlength=len(rank))
    centre = degree > most
    later = (degree[a] < degree[b]) | ((degree[a] == degree[b]) & (rank[a] > rank[b]))
    centre[np.where(later, a, b)] = False
    return centre, degree
