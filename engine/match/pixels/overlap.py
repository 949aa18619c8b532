"""What two plates tell of each other under a map: by loops where they can be had, else by numpy, with the same bits.

Both plates are sampled on a 48 x 48 grid over what both contents show, at the coarser resolution of the two (a crop must be
compared with a blurred version of itself), and normalised in windows of 9 x 9 samples, which takes out tone curves, vignettes and
casts. The map is refined by Gauss-Newton steps; the better of the map as given and the refined one counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels import alignment as al
from engine.match.pixels import planes as pl
from engine.match.pixels.loops import VERIFY
from engine.match.pixels.planes import GRID, SIDE, Floats, Ints, Samples

COLUMNS = ("ncc", "block", "raw", "share_a", "share_b", "busy", "low", "blocks", "differ", "offset", "gain")

LOOK_DTYPE = np.dtype([*((name, "<f8") for name in COLUMNS), ("map", "<f8", (6,))])
"""ncc: correlation of the locally normalised plates, -1..1. block, low: its median and lower quartile over blocks of 8 x 8
samples that have detail. raw: correlation of the grey levels. share_a, share_b: of each content, that the overlap covers. busy:
share of the blocks that have detail, blocks: how many. differ: largest connected part with detail and without agreement, share of
the overlap. offset: mean brightness of the second less that of the first, grey levels. gain: contrast of the second against the
first. map: the better one. All but the map is 0 where the two do not overlap, all but map and ncc where there is no hope."""

FEWEST = 276
SETTLED = 0.97
"""ncc from which alignment has nothing to add."""

HOPELESS_FIRST = 0.12
"""ncc below which no alignment helps. Of 5,500 copies (137 edits of 26 photographs) the least has 0.22 before the first step."""

HOPELESS_THEN = 0.25
"""The same after `LOOK_AGAIN` steps from far off. Half of the accidental candidates end here, and 1 of 2,000 copies."""

LOOK_AGAIN = 3

FAR = 0.7
"""ncc below which blurred plates lead the way, for `STEPS_FROM_FAR` steps: a copy that was stretched or seen aslant is far from
the best similarity that features tell."""

STEPS_FROM_FAR = 10

BLURRIEST = 48

_BLOCK = 8
_PLANES, _NUMBERS = (22, SIDE * SIDE), 128
_AT_ONCE = 128  # pairs that numpy looks at together: some 60 MB


def look(plates: NDArray[np.uint8], boxes: Floats, first: Ints, second: Ints, steps: Ints, maps: Floats) -> NDArray[np.void]:
    """Evidence for pairs of plates.

    Parameters
    ----------
    plates: uint8 (n, 64, 64). boxes: (n, 4) content: top, bottom, left, right, 0..1. first, second: (k,) rows. steps: (k,) of
    alignment. maps: (k, 6) from the first to the second.

    Returns
    -------
    `LOOK_DTYPE` (k,).
    """
    loops = VERIFY.loaded()
    values, better = (look_by_numpy if loops is None else _look_by_loops)(plates, boxes, first, second, steps, maps)
    out = np.empty(len(first), dtype=LOOK_DTYPE)
    for column, name in enumerate(COLUMNS):
        out[name] = values[:, column]
    out["map"] = better
    return out


def _look_by_loops(
    plates: NDArray[np.uint8], boxes: Floats, first: Ints, second: Ints, steps: Ints, maps: Floats
) -> tuple[Floats, Floats]:
    loops: Any = VERIFY.loaded()
    out, better = np.empty((len(first), len(COLUMNS))), np.array(maps, dtype=np.float64, order="C")
    scratch = np.zeros(_PLANES, dtype=np.int32), np.zeros(_NUMBERS), np.zeros(32, dtype=np.int64)
    ends = tuple(np.ascontiguousarray(x, dtype=np.int64) for x in (first, second, steps))
    loops.verify(
        np.ascontiguousarray(plates), np.ascontiguousarray(boxes, dtype=np.float64), *ends, better, out, *scratch, len(first)
    )
    return out, better


def look_by_numpy(
    plates: NDArray[np.uint8], boxes: Floats, first: Ints, second: Ints, steps: Ints, maps: Floats
) -> tuple[Floats, Floats]:
    """Twin of the loop: float64 (k, 11) and the better maps (k, 6)."""
    out, better = np.zeros((len(first), len(COLUMNS))), np.array(maps, dtype=np.float64)
    able = al.usable(better)
    able[able] = al.large_enough(al.overlaps(better[able], boxes[first[able]], boxes[second[able]]))
    rows = np.nonzero(able)[0]
    for at in range(0, len(rows), _AT_ONCE):
        part = rows[at : at + _AT_ONCE]
        a, b = first[part], second[part]
        pairs = _Pairs(pl.blurred(plates[a]), pl.blurred(plates[b]), boxes[a], boxes[b], better[part])
        out[part], better[part] = pairs.judged(steps[part])
    return out, better


class _Pairs:
    """Some pairs and how they look at the moment: plates, windows, normalised samples."""

    def __init__(
        self, blurs_a: NDArray[np.int32], blurs_b: NDArray[np.int32], box_a: Floats, box_b: Floats, maps: Floats
    ) -> None:
        self.blurs_a, self.blurs_b, self.box_a, self.box_b, self.maps = blurs_a, blurs_b, box_a, box_b, maps.copy()
        self.inner = al.inner_boxes(box_a, box_b)
        self.window = al.overlaps(maps, box_a, box_b)
        shape = (len(maps), GRID, GRID)
        self.f_a, self.f_b, self.n_a, self.n_b = (np.zeros(shape, dtype=np.int32) for _ in range(4))
        self.mask, self.around = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int64)

    def judged(self, steps: Ints) -> tuple[Floats, Floats]:
        """Evidence and the better maps."""
        rows = np.arange(len(self.maps))
        given = self.maps.copy()
        count = self.look(rows)
        before = _correlation(self.n_a, self.n_b)
        out = np.zeros((len(rows), len(COLUMNS)))
        hopeless = (count > 0) & (before < HOPELESS_FIRST)
        out[hopeless, 0] = before[hopeless]
        seen = (count > 0) & ~hopeless
        refine = np.nonzero(seen & (before <= SETTLED) & (steps > 0))[0]
        count[refine] = self.refined(refine, steps[refine], before)
        lost = count < 0
        out[lost, 0], self.maps[lost] = before[lost], given[lost]
        seen, refine = seen & ~lost, refine[count[refine] >= 0]
        worse = refine[(count[refine] == 0) | ~(_correlation(self.n_a[refine], self.n_b[refine]) >= before[refine])]
        self.maps[worse] = given[worse]
        self.window[worse] = al.overlaps(self.maps[worse], self.box_a[worse], self.box_b[worse])
        count[worse] = self.look(worse)
        rows = np.nonzero(seen)[0]
        out[rows] = self.evidence(rows, count[rows])
        return out, self.maps

    def look(self, rows: Ints, extra: Ints | int = 0) -> Ints:
        """Sample and normalise under the maps as they are; the number of samples, 0 where they are too few.

        extra: levels by which both plates are blurred more than their resolutions ask for.
        """
        d, window = np.abs(al.determinants(self.maps[rows])), self.window[rows]
        cell = (window[:, 1] - window[:, 0]) * (window[:, 3] - window[:, 2]) * (SIDE * SIDE / (GRID * GRID))
        level_a = np.minimum(pl.blur_level(np.maximum(cell, 1.0 / d)) + extra, BLURRIEST)
        level_b = np.minimum(pl.blur_level(np.maximum(cell * d, d)) + extra, BLURRIEST)
        a, b = pl.blended(self.blurs_a[rows], level_a), pl.blended(self.blurs_b[rows], level_b)
        f_a, f_b, mask = pl.sampled(a, b, self.maps[rows], window, self.inner[rows])
        around = pl.windows(mask)
        self.f_a[rows], self.f_b[rows], self.mask[rows], self.around[rows] = f_a, f_b, mask, around
        self.n_a[rows], self.n_b[rows] = pl.normalised(f_a, mask, around), pl.normalised(f_b, mask, around)
        count: Ints = mask.sum(axis=(1, 2), dtype=np.int64)
        return np.where(count < FEWEST, 0, count)

    def refined(self, rows: Ints, steps: Ints, before: Floats) -> Ints:
        """Refine the maps of some pairs; their samples, 0 for what was lost on the way, -1 where there is no hope."""
        count, renewed = np.zeros(len(self.maps), dtype=np.int64), np.zeros(len(self.maps), dtype=bool)
        far, wanted = before < FAR, np.zeros(len(self.maps), dtype=np.int64)
        wanted[rows] = np.where(far[rows], STEPS_FROM_FAR, steps)
        begun = rows[far[rows]]
        lost = begun[self.look(begun, blur_ahead(0)) == 0]
        going = rows[~np.isin(rows, lost)]
        for k in range(int(wanted.max(initial=0))):
            going = going[wanted[going] > k]
            step, top = al.steps(self.n_a[going], self.n_b[going], self.mask[going])
            rests = top < al.RESTS
            maps = al.moved(self.maps[going], step, self.window[going])
            able = al.usable(maps)
            halfway = ~renewed[going] & (rests | (2 * (k + 1) >= wanted[going]))
            again = np.where(far[going], blur_ahead(k) > 0, halfway)
            renewed[going] |= again
            fresh = np.nonzero(able & again)[0]
            window = al.overlaps(maps[fresh], self.box_a[going[fresh]], self.box_b[going[fresh]])
            self.window[going[fresh]] = window
            able[fresh] &= al.large_enough(window)
            count[going] = 0
            going, rests, again = going[able], rests[able], again[able]
            self.maps[going] = maps[able]
            extra = np.where(far[going], blur_ahead(k + 1), 0)
            count[going] = self.look(going, extra)
            if k + 1 == LOOK_AGAIN:
                found = np.maximum(before[going], _correlation(self.n_a[going], self.n_b[going]))
                count[going[far[going] & (count[going] > 0) & (found < HOPELESS_THEN)]] = -1
            going = going[(count[going] > 0) & ~(rests & ~again & (extra == 0))]
        return count[rows]

    def evidence(self, rows: Ints, count: Ints) -> Floats:
        """The columns, (k, 11)."""
        window, box_a, box_b = self.window[rows], self.box_a[rows], self.box_b[rows]
        n_a, n_b, mask = self.n_a[rows], self.n_b[rows], self.mask[rows]
        area = count.astype(np.float64) * (window[:, 1] - window[:, 0]) * (window[:, 3] - window[:, 2]) / float(GRID * GRID)
        d = np.abs(al.determinants(self.maps[rows]))
        share_a = area / ((box_a[:, 1] - box_a[:, 0]) * (box_a[:, 3] - box_a[:, 2]))
        share_b = area * d / ((box_b[:, 1] - box_b[:, 0]) * (box_b[:, 3] - box_b[:, 2]))
        block, low, busy, blocks = _blocks(n_a, n_b, mask)
        differ = pl.disagreement(n_a, n_b, mask, self.around[rows]) / count.astype(np.float64)
        raw, offset, gain = _raw(self.f_a[rows], self.f_b[rows], count)
        ncc = _correlation(n_a, n_b)
        return np.stack([ncc, block, raw, share_a, share_b, busy, low, blocks, differ, offset, gain], axis=1)


def blur_ahead(step: int) -> int:
    """By how many levels plates are blurred after so many steps from far off."""
    return max(0, min(40, 48 - 8 * step))


def _products(a: NDArray[np.int32], b: NDArray[np.int32], axes: tuple[int, ...]) -> tuple[Ints, Ints, Ints]:
    ab, aa, bb = ((x * y).sum(axis=axes, dtype=np.int64) for x, y in ((a, b), (a, a), (b, b)))
    return ab, aa, bb


def _correlation(a: Samples, b: Samples) -> Floats:
    ab, aa, bb = (x.astype(np.float64) for x in _products(a, b, (1, 2)))
    result: Floats = ab / np.sqrt((aa + 1.0) * (bb + 1.0))
    return result


def _raw(a: Samples, b: Samples, count: Ints) -> tuple[Floats, Floats, Floats]:
    """Correlation of the grey levels, offset, gain."""
    ab, aa, bb = _products(a, b, (1, 2))
    sa, sb = a.sum(axis=(1, 2), dtype=np.int64), b.sum(axis=(1, 2), dtype=np.int64)
    va, vb = (count * aa - sa * sa).astype(np.float64), (count * bb - sb * sb).astype(np.float64)
    raw: Floats = (count * ab - sa * sb).astype(np.float64) / np.sqrt((va + 1.0) * (vb + 1.0))
    return raw, (sb - sa).astype(np.float64) / (16 * count).astype(np.float64), np.sqrt((vb + 1.0) / (va + 1.0))


def _blocks(a: Samples, b: Samples, mask: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, Floats]:
    """Median and lower quartile of the correlation over blocks with detail, their share of the blocks, their number."""
    across = GRID // _BLOCK
    shape = (len(a), across, _BLOCK, across, _BLOCK)
    ab, aa, bb = (x.reshape(len(a), across * across) for x in _products(a.reshape(shape), b.reshape(shape), (2, 4)))
    c = mask.reshape(shape).sum(axis=(2, 4), dtype=np.int64).reshape(len(a), across * across)
    unit = pl.UNIT * pl.UNIT
    whole = 2 * c >= _BLOCK * _BLOCK
    busy = whole & (20 * np.maximum(aa, bb) > 3 * c * unit)
    root = np.sqrt(np.maximum(aa.astype(np.float64) * bb.astype(np.float64), 1.0))
    value = np.where(100 * np.minimum(aa, bb) > c * unit, ab.astype(np.float64) / root, 0.0)
    ordered = np.sort(np.where(busy, value, 9.0), axis=1)
    n, row = busy.sum(axis=1), np.arange(len(a))
    block, low = np.where(n > 0, ordered[row, n // 2], 0.0), np.where(n > 0, ordered[row, n // 4], 0.0)
    share = n.astype(np.float64) / np.maximum(whole.sum(axis=1), 1).astype(np.float64)
    return block, low, share, n.astype(np.float64)
