"""Candidates become evidence, evidence a strength: how sure it is that two pictures are one, whatever else is in the library."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.match.candidate import WHOLE_FRAME
from engine.match.local.features import SomeFeatures
from engine.match.local.support import SUPPORT_DTYPE, support
from engine.match.pixels.alignment import content_boxes
from engine.match.pixels.overlap import LOOK_DTYPE, look
from engine.match.pixels.placing import off_frame
from engine.match.pixels.tint import TINT_DTYPE, tints
from engine.match.verdict.described import described
from engine.match.verdict.page import grounds
from engine.match.verdict.scale import similarity, strength_at
from engine.match.verdict.strength import NONE, could_reach, strengths
from engine.records import PAIR_DTYPE, PictureTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 1024
"""Candidates looked at together: a third of a second, and 8 MB of plates at most."""

STEPS_WHOLE, STEPS_LOCAL = 8, 6
"""Steps of alignment. Hashes leave more to be done than features."""

EVIDENCE_DTYPE = np.dtype(
    [
        ("first", "<i8"),
        ("second", "<i8"),
        ("source", "u1"),
        ("pose", "u1"),
        ("votes", "<u2"),
        ("inliers", "<u2"),
        *((name, LOOK_DTYPE[name]) for name in LOOK_DTYPE.names or ()),
        *((name, SUPPORT_DTYPE[name]) for name in SUPPORT_DTYPE.names or ()),
        *((name, TINT_DTYPE[name]) for name in TINT_DTYPE.names or ()),
        ("page", "<f8"),
        ("off_frame", "<f8"),
        ("strength", "<f8"),
    ]
)
"""What is known of a candidate: the candidate, `overlap.LOOK_DTYPE`, `support.SUPPORT_DTYPE`, `tint.TINT_DTYPE`,
the lesser `page.grounds` of both, `placing.off_frame`, and `strength.strengths` of it all (for flat pictures `strength.NONE`)."""


def verify(
    table: PictureTable, features: SomeFeatures, candidates: NDArray[np.void], floor: float, cancelled: Callable[[], bool]
) -> NDArray[np.void]:
    """Scored pairs of candidates; of several candidates of one pair the strongest counts.

    Parameters
    ----------
    table: the pictures. features: of the same rows. candidates: `CANDIDATE_DTYPE` (k,). floor: pairs below this score are left
    out. cancelled: asked for every block.

    Returns
    -------
    `PAIR_DTYPE` (m,), sorted by (a, b). A pair follows from its candidates and its two pictures alone.

    Raises
    ------
    Cancelled
    """
    least = strength_at(floor)
    ordered = candidates[np.lexsort((candidates["second"], candidates["first"]))]
    found = [np.empty(0, dtype=EVIDENCE_DTYPE)]
    for at in range(0, len(ordered), BLOCK):
        if cancelled():
            raise Cancelled
        found.append(_evidence(table, features, ordered[at : at + BLOCK], least))
    best = _strongest(np.concatenate(found))
    best = best[similarity(best["strength"]) >= np.float32(floor)]
    pairs = [np.empty(0, dtype=PAIR_DTYPE)]
    for at in range(0, len(best), BLOCK):
        if cancelled():
            raise Cancelled
        pairs.append(described(table, best[at : at + BLOCK]))
    every = np.concatenate(pairs)
    return every[np.lexsort((every["b"], every["a"]))]


def evidence_of(table: PictureTable, features: SomeFeatures, candidates: NDArray[np.void]) -> NDArray[np.void]:
    """What is known of each candidate, of rejected ones too: `EVIDENCE_DTYPE` (k,), in the order given."""
    found = [np.empty(0, dtype=EVIDENCE_DTYPE)]
    for at in range(0, len(candidates), BLOCK):
        found.append(_evidence(table, features, candidates[at : at + BLOCK], NONE))
    return np.concatenate(found)


def _evidence(table: PictureTable, features: SomeFeatures, candidates: NDArray[np.void], least: float) -> NDArray[np.void]:
    """Evidence of a block; those that cannot reach the strength `least` are left out, unless it is `NONE`."""
    out = np.zeros(len(candidates), dtype=EVIDENCE_DTYPE)
    out["strength"] = NONE
    for name in ("first", "second", "source", "pose", "votes", "inliers"):
        out[name] = candidates[name]
    rows, where = np.unique(np.stack([out["first"], out["second"]]), return_inverse=True)
    first, second = where.reshape(2, -1).astype(np.int64)
    steps = np.where(out["source"] == WHOLE_FRAME, STEPS_WHOLE, STEPS_LOCAL).astype(np.int64)
    plates = np.asarray(table.plate[rows])  # perhaps from the disk: each once
    boxes = content_boxes(table.frame[rows])
    seen = look(plates, boxes, first, second, steps, candidates["map"])
    for name in LOOK_DTYPE.names or ():
        out[name] = seen[name]
    kept = could_reach(out, least) & ~table.flat[out["first"]] & ~table.flat[out["second"]]
    told = np.nonzero(kept)[0]
    _look_closer(table, features, out, told, boxes[first[told]], boxes[second[told]])
    _tell_pages(out, told, plates, first, second)
    out["strength"][told] = strengths(out[told])
    return out if least == NONE else out[kept]


def _look_closer(
    table: PictureTable, features: SomeFeatures, out: NDArray[np.void], rows: Ints, box_a: Floats, box_b: Floats
) -> None:
    """Fill in what costs more, of some rows."""
    some = out[rows]
    supported = support(features, some["first"].copy(), some["second"].copy(), some["map"].copy())
    needed, where = np.unique(np.stack([some["first"], some["second"]]), return_inverse=True)
    x, y = where.reshape(2, -1)
    colours = np.asarray(table.colour[needed])  # perhaps from the disk: each once
    tinted = tints(some["map"], (box_a, box_b), (colours[x], colours[y]))
    for found in (supported, tinted):
        for name in found.dtype.names or ():
            some[name] = found[name]
    some["off_frame"] = off_frame(some["map"])
    out[rows] = some


def _tell_pages(out: NDArray[np.void], rows: Ints, plates: NDArray[np.uint8], first: Ints, second: Ints) -> None:
    needed, where = np.unique(np.stack([first[rows], second[rows]]), return_inverse=True)
    ground = grounds(plates[needed])[where.reshape(2, -1)]
    out["page"][rows] = ground.min(axis=0) if len(rows) else 0.0


def _strongest(evidence: NDArray[np.void]) -> NDArray[np.void]:
    """One row a pair, whoever asks in it: the strongest, then the whole frame, then the lower pose."""
    low, high = np.minimum(evidence["first"], evidence["second"]), np.maximum(evidence["first"], evidence["second"])
    keys = (evidence["ncc"], -evidence["inliers"].astype(np.int64), evidence["pose"], evidence["source"])
    order = np.lexsort((*keys, -evidence["strength"], high, low))
    low, high = low[order], high[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return evidence[order[fresh]]
