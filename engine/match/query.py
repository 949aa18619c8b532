"""What resembles one picture: a search with that picture as the only fresh one, told for every file that shows the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.config import MatchOptions
from engine.match.search import search
from engine.records import PictureTable, Tier


def resembling(table: PictureTable, options: MatchOptions) -> NDArray[np.void]:
    """Pairs of the first picture of a table with each other that it resembles, by the other's row: `PAIR_DTYPE` (k,)."""
    fresh = np.zeros(len(table), np.bool_)
    fresh[0] = True
    return pairs_of_first(search(table, options, lambda: False, fresh=fresh).pairs, table.bytes_id)


def pairs_of_first(pairs: NDArray[np.void], bytes_id: NDArray[np.int64]) -> NDArray[np.void]:
    """The pairs of row 0, and for each file of equal bytes one like that of the first of them: `PAIR_DTYPE` (k,), by b.

    pairs: of a search. bytes_id: int64 (n,), equal ids mean equal bytes, -1 unknown.
    """
    own = pairs[pairs["a"] == 0]
    looked = own[own["tier"] != Tier.IDENTICAL]
    _, group, counts = np.unique(bytes_id, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(counts)
    found = [own]
    for pair in looked[bytes_id[looked["b"]] >= 0]:
        which = group[pair["b"]]
        twins = order[ends[which] - counts[which] : ends[which]]
        twins = twins[twins != pair["b"]]
        copies = np.repeat(pair, len(twins))
        copies["b"] = twins
        found.append(copies)
    every = np.concatenate(found)
    return every[np.argsort(every["b"], kind="stable")]
