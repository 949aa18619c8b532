"""What two plates in one pose tell about each other: numbers only, no judgement.

Every number is a sum of integers or comes from single elements, so it is the same whichever pairs share a block.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.match.pixels.align import displacements, warp
from engine.match.pixels.normalise import AREA, FLOOR, LEVEL, RADIUS, UNIT, box_sums, normalise, smooth
from engine.match.pixels.regions import largest_region

EVIDENCE_DTYPE = np.dtype(
    [
        ("ncc", "<f8"),  # correlation of the locally normalised plates, -1..1
        ("match", "<f8"),  # the same with the noise of compression forgiven, at most 1
        ("energy", "<f8"),  # mean square of the normalised plates, the lesser of both
        ("plain", "<f8"),  # correlation of the grey levels
        ("gain", "<f8"),  # contrast of the second against the first, 1 = equal
        ("offset", "<f8"),  # mean brightness of the second minus that of the first, grey levels
        ("curve", "<f8"),  # rms of what a straight tone curve leaves, grey levels
        ("shape", "<f8"),  # rms of what the best parabola leaves, grey levels: no tone curve explains it
        ("busy", "<f8"),  # share of the plate that has detail, the lesser of both
        ("differ", "<f8"),  # largest connected area with detail but without agreement, share of the plate
        ("peak", "<f8"),  # third largest disagreement of a cell, in local contrasts
        ("outlier", "<f8"),  # peak against the disagreement that 95 of 100 cells stay below
        ("common", "<f8"),  # disagreement that 3 of 4 cells with structure stay below, in local contrasts
        ("apart", "<f8"),  # the same for 9 of 10
        ("moved", "<f8"),  # cells by which the alignment moved the farthest edge
    ]
)

Prepared = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]
"""Smoothed plates, normalised plates, local deviations; see `prepare`."""

SETTLED = 0.99
"""ncc from which alignment has nothing to add."""

HOPELESS = 0.3
"""ncc below which no shift of a cell makes the same picture."""

_STEPS = 2
_TRIM = 2  # outermost cells, which warping leaves without a counterpart
_DETAIL = 0.25  # mean square of the normalised plate from which a window has detail
_STRUCTURE = 0.08  # the same from which it has structure at all
_AGREE = 0.4  # regression of either window on the other below which they disagree
_NOISE = 0.012  # mean square by which re-encodings of one even picture differ
_QUIET = 4.0  # grey levels of contrast below which a difference counts as if there were that much
_EVEN = 0.01  # keeps pairs that agree to the last bit from finding outliers


def prepare(plates: NDArray[np.uint8]) -> Prepared:
    """Smoothed, normalised and local deviation of plates; each commutes with every pose."""
    smoothed = smooth(plates)
    return (smoothed, *normalise(smoothed))


def correlation(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.float64]:
    """Correlation of normalised plates (mean taken as zero), the outermost cells set aside: float64 (n,)."""
    a, b = _inner(a), _inner(b)
    ab, aa, bb = _products(a, b)
    result: NDArray[np.float64] = ab / np.sqrt(np.maximum(aa, 1.0) * np.maximum(bb, 1.0))
    return result


def weigh(a: Prepared, b: Prepared) -> NDArray[np.void]:
    """Evidence for pairs of plates in one pose, `b` aligned to `a`.

    Parameters
    ----------
    a, b: what `prepare` gives, already in pose, (n, 64, 64) each.

    Returns
    -------
    `EVIDENCE_DTYPE` (n,); all but ncc is 0 where ncc is not above `HOPELESS`.
    """
    out = np.zeros(len(a[1]), dtype=EVIDENCE_DTYPE)
    out["ncc"] = correlation(a[1], b[1])
    hopeful = np.nonzero(out["ncc"] > HOPELESS)[0]
    if len(hopeful):
        out[hopeful] = _weigh_closely(out[hopeful], _rows_of(a, hopeful), _rows_of(b, hopeful))
    return out


def _weigh_closely(out: NDArray[np.void], a: Prepared, b: Prepared) -> NDArray[np.void]:
    """Fill in the evidence of pairs whose ncc stands in `out`, aligning `b` to `a` first where that may help."""
    smooth_a, norm_a, dev_a = a
    smooth_b, norm_b, dev_b = b
    unsettled = np.nonzero(out["ncc"] < SETTLED)[0]
    if len(unsettled):
        start = smooth_b[unsettled]
        moved = np.zeros((len(unsettled), 2, smooth_b.shape[1]))
        current = norm_b[unsettled]
        for _ in range(_STEPS):
            moved = moved + displacements(norm_a[unsettled], current)
            warped = warp(start, moved)
            current, deviation = normalise(warped)
            ncc = correlation(norm_a[unsettled], current)
            better = ncc > out["ncc"][unsettled]
            rows = unsettled[better]
            out["ncc"][rows] = ncc[better]
            out["moved"][rows] = np.abs(moved[better]).max(axis=(1, 2))
            smooth_b[rows], norm_b[rows], dev_b[rows] = warped[better], current[better], deviation[better]
    _tones(out, smooth_a, smooth_b)
    _matches(out, norm_a, norm_b)
    structured = _details(out, norm_a, norm_b)
    _traces(out, norm_a, norm_b, dev_a, dev_b, structured)
    return out


def _rows_of(side: Prepared, rows: NDArray[np.int64]) -> Prepared:
    return side[0][rows], side[1][rows], side[2][rows]


def _inner(values: NDArray[np.int32]) -> NDArray[np.int32]:
    return values[:, _TRIM:-_TRIM, _TRIM:-_TRIM]


def _products(a: NDArray[np.int32], b: NDArray[np.int32]) -> tuple[NDArray[np.int64], ...]:
    return tuple((x * y).sum(axis=(1, 2), dtype=np.int64) for x, y in ((a, b), (a, a), (b, b)))


def _tones(out: NDArray[np.void], a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """Fill in plain, gain, offset and curve."""
    inner_a, inner_b = _inner(a), _inner(b)
    count = inner_a.shape[1] * inner_a.shape[2]
    sum_a, sum_b = inner_a.sum(axis=(1, 2), dtype=np.int64), inner_b.sum(axis=(1, 2), dtype=np.int64)
    ab, aa, bb = _products(inner_a, inner_b)
    # exact integers up to here: count * sum of squares stays below 2^53
    cov = (count * ab - sum_a * sum_b).astype(np.float64)
    var_a = np.maximum((count * aa - sum_a * sum_a).astype(np.float64), 1.0)
    var_b = np.maximum((count * bb - sum_b * sum_b).astype(np.float64), 1.0)
    out["plain"] = cov / np.sqrt(var_a * var_b)
    gain = np.sqrt(var_b / var_a)
    out["gain"] = gain
    out["offset"] = (sum_b - sum_a) / (count * LEVEL)
    # both brought to their common contrast, so that neither order of the two is favoured
    unit = 1.0 / LEVEL
    to_mean = np.sqrt(gain)
    flat_a = (inner_a - (sum_a / count)[:, None, None]) * (unit * to_mean)[:, None, None]
    flat_b = (inner_b - (sum_b / count)[:, None, None]) * (unit / to_mean)[:, None, None]
    off = flat_b - flat_a
    units = np.rint(off * LEVEL).astype(np.int64)
    out["curve"] = np.sqrt((units * units).sum(axis=(1, 2)) / float(count * LEVEL * LEVEL))
    out["shape"] = np.minimum(out["curve"], _parabola_residual(flat_a.reshape(len(a), -1), flat_b.reshape(len(a), -1)))


def _parabola_residual(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rms of b less its best fit by 1, a, a^2: (n, cells) with mean 0 each, to (n,)."""
    # a sum over a row of its own adds in the same order whatever the number of rows
    square = a * a - (a * a).mean(axis=1, keepdims=True)
    aa, as_, ss = ((x * y).mean(axis=1) for x, y in ((a, a), (a, square), (square, square)))
    ab, sb, bb = ((x * y).mean(axis=1) for x, y in ((a, b), (square, b), (b, b)))
    determinant = aa * ss - as_ * as_
    solvable = determinant > 1e-6 * aa * ss
    safe = np.where(solvable, determinant, 1.0)
    linear, bent = (ab * ss - sb * as_) / safe, (sb * aa - ab * as_) / safe
    left = np.maximum(bb - linear * ab - bent * sb, 0.0)
    return np.where(solvable, np.sqrt(left), np.inf)


def _matches(out: NDArray[np.void], a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """Fill in match and energy."""
    inner_a, inner_b = _inner(a), _inner(b)
    whole = float(inner_a.shape[1] * inner_a.shape[2] * UNIT * UNIT)
    ab, aa, bb = _products(inner_a, inner_b)
    apart = np.maximum((aa + bb - 2 * ab) / whole - _NOISE, 0.0)
    out["match"] = 1.0 - apart / np.maximum((aa + bb) / whole, _NOISE)
    out["energy"] = np.minimum(aa, bb) / whole


def _details(out: NDArray[np.void], a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Fill in busy and differ. Returns where either plate has structure: bool (n, 64, 64)."""
    around = ((0, 0), (RADIUS, RADIUS), (RADIUS, RADIUS))
    wide_a, wide_b = (np.pad(x, around, mode="reflect") for x in (a, b))
    ab, aa, bb = box_sums(wide_a * wide_b), box_sums(wide_a * wide_a), box_sums(wide_b * wide_b)
    threshold = int(_DETAIL * AREA * UNIT * UNIT)
    larger = np.maximum(aa, bb)
    differing = (larger > threshold) & (ab < np.float32(_AGREE) * larger.astype(np.float32))
    out["differ"] = largest_region(differing) / (a.shape[1] * a.shape[2])
    out["busy"] = np.minimum((aa > threshold).mean(axis=(1, 2)), (bb > threshold).mean(axis=(1, 2)))
    return larger > int(_STRUCTURE * AREA * UNIT * UNIT)


def _traces(
    out: NDArray[np.void],
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    dev_a: NDArray[np.float32],
    dev_b: NDArray[np.float32],
    structured: NDArray[np.bool_],
) -> None:
    """Fill in peak, outlier, common and apart: how the disagreement is spread.

    Compression and resizing spread their differences over the whole frame in proportion to the local contrast; a digit or
    a date stands out from the rest, however little of the plate it covers; another text or another face differs wherever
    there is structure at all.
    """
    low, high = np.minimum(dev_a, dev_b), np.maximum(dev_a, dev_b)
    scale = np.sqrt(high * high + np.float32(FLOOR * FLOOR)) / (low + np.float32(_QUIET)) * np.float32(1.0 / UNIT)
    cells = _inner(np.abs(a - b).astype(np.float32) * scale).reshape(len(a), -1)
    count = cells.shape[1]
    most = int(0.95 * count)
    ordered = np.partition(cells, (most, -3), axis=1)
    out["peak"] = ordered[:, -3]
    out["outlier"] = ordered[:, -3] / (ordered[:, most] + np.float32(_EVEN))
    within = structured[:, _TRIM:-_TRIM, _TRIM:-_TRIM].reshape(len(a), -1)
    ordered = np.sort(np.where(within, cells, np.float32(-1.0)), axis=1)
    present = within.sum(axis=1)
    row = np.arange(len(a))
    for name, share in (("common", 4), ("apart", 10)):
        out[name] = np.maximum(ordered[row, count - 1 - present // share], 0.0)
