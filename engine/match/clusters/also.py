"""What a cluster hangs together by, and what else its pictures resemble."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.records import PAIR_DIFFERENT


def also_resembles(pairs: NDArray[np.void], members: NDArray[np.integer], line: float, count: int) -> NDArray[np.int64]:
    """Links at or above a line that lead out of a cluster, strongest first: numbers of pairs, int64 (k,).

    They did not join it because nobody in both clusters is linked to all of them. What the user decided to be different is left
    out.

    Parameters
    ----------
    pairs: `PAIR_DTYPE` (e,). members: pictures of the cluster. line: 0..1, compared at 4 decimals. count: pictures there are.
    """
    inside = np.zeros(count, np.bool_)
    inside[members] = True
    leads: NDArray[np.bool_] = inside[pairs["a"]] != inside[pairs["b"]]
    found = np.flatnonzero(leads)
    chosen = pairs[found]
    good = (chosen["score"].astype(np.float64) >= line - 5e-5) & ((chosen["flags"] & PAIR_DIFFERENT) == 0)
    found, chosen = found[good], chosen[good]
    order: NDArray[np.int64] = found[np.lexsort((chosen["b"], chosen["a"], -chosen["score"]))]
    return order


def weakest_link(pairs: NDArray[np.void], members: NDArray[np.integer], count: int) -> int:
    """The weakest of the links without which a cluster would fall apart, -1 where it has none: the number of a pair.

    Links are taken from the strongest on until all are connected; the last one taken is it.
    """
    place = np.full(count, -1, np.int64)
    place[members] = np.arange(len(members))
    rows = np.flatnonzero((place[pairs["a"]] >= 0) & (place[pairs["b"]] >= 0) & ((pairs["flags"] & PAIR_DIFFERENT) == 0))
    rows = rows[np.lexsort((pairs["b"][rows], pairs["a"][rows], -pairs["score"][rows]))]
    root, last = list(range(len(members))), -1
    for row, a, b in zip(rows.tolist(), place[pairs["a"][rows]].tolist(), place[pairs["b"][rows]].tolist(), strict=True):
        while root[a] != a:
            a = root[a]
        while root[b] != b:
            b = root[b]
        if a != b:
            root[max(a, b)], last = min(a, b), row
    return last
