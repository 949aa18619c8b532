"""Strength to similarity: ``python -m tests.learning.learn_score EVIDENCE.npy [--write]``.

Reads what ``python -m tests.bench.robustness OUT FOLDER… --dump EVIDENCE.npy`` wrote. Similarity says how rare an unrelated pair
is that comes as strong: the strongest ones follow an exponential law, whose steepness is the mean excess over the weakest of them
(Hill's estimator). Beyond the last line it says which share of the right pairs is weaker. Photographs only, one half of the
originals to learn, the other to check; `--write` learns from all.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.match.verdict.strength import NONE, strengths

TARGET = Path(__file__).parents[2] / "engine" / "match" / "verdict" / "score_table.py"
RATES = ((0.02, 1e-4), (0.20, 1e-5), (0.50, 2e-6), (0.86, 1e-7), (0.90, 1e-8), (0.94, 1e-9))
"""Similarity, and the share of unrelated pairs that is as strong: 0.86 lies below one in ten million, the lines beyond are for
libraries with more pairs."""

SHARES = ((0.97, 0.15), (0.99, 0.40))
"""Similarity, and the share of right pairs that is weaker."""

LINE = 0.86
STRONGEST = 60
COUNTED = 4
"""Unrelated pairs from which they are counted; fewer are told by the law."""
TOP = 0.9999

Floats = NDArray[np.float64]


def main() -> None:
    """Learn, check, perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("evidence", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--line", type=float, help="strength of 0.86, as counted on more photographs than these")
    args = parser.parse_args()
    rows = np.load(args.evidence)
    names = json.loads(args.evidence.with_suffix(".json").read_text())
    rows = rows[~rows["generated"]]
    for name, half in (("even", 0), ("odd", 1)):
        mine = (rows["family_first"] % 2 == half) & (rows["family_second"] % 2 == half)
        other = (rows["family_first"] % 2 != half) & (rows["family_second"] % 2 != half)
        table = learnt(rows[mine], names["unrelated"] / 4)
        print(f"learnt from {name}:", _told(table), "· other half:", _checked(rows[other], table))
    table = [
        (args.line if args.line and similarity == LINE else strength, similarity)
        for strength, similarity in learnt(rows, names["unrelated"])
    ]
    print("learnt from all:", _told(table), "·", _checked(rows, table))
    if args.write:
        _write(table)


def learnt(rows: NDArray[np.void], unrelated: float) -> list[tuple[float, float]]:
    """(strength, similarity), both rising."""
    right, wrong = strongest_of_pairs(rows, True), strongest_of_pairs(rows, False)
    tail = wrong[: STRONGEST + 1]
    steepness = 1.0 / float(np.mean(tail[:-1] - tail[-1]))
    table = []
    for similarity, rate in RATES:
        count = rate * unrelated
        beyond = tail[-1] + np.log(STRONGEST / count) / steepness
        table.append((float(wrong[int(count)] if COUNTED <= count < len(wrong) else beyond), similarity))
    weakest = np.sort(right[right > NONE])
    for similarity, share in SHARES:
        table.append((max(float(weakest[int(share * len(weakest))]), table[-1][0] + 0.02), similarity))
    table.append((max(float(weakest[-1]), table[-1][0] + 0.02), TOP))
    return [(round(strength, 3), similarity) for strength, similarity in _rising(table)]


def _rising(table: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without rows that a stronger one has overtaken (where there were too few pairs to tell)."""
    kept: list[tuple[float, float]] = []
    for strength, similarity in reversed(table):
        if not kept or strength < kept[-1][0] - 0.005:
            kept.append((strength, similarity))
    return [(kept[-1][0] - 0.3, 0.0), *kept[::-1]]


def strongest_of_pairs(rows: NDArray[np.void], same: bool) -> Floats:
    """The best strength of each pair of files, strongest first."""
    rows = rows[rows["same"] == same]
    strength = strengths(rows)
    low, high = np.minimum(rows["first"], rows["second"]), np.maximum(rows["first"], rows["second"])
    order = np.lexsort((-strength, high, low))
    fresh = np.ones(len(order), bool)
    fresh[1:] = (low[order][1:] != low[order][:-1]) | (high[order][1:] != high[order][:-1])
    return np.sort(strength[order][fresh])[::-1]


def _checked(rows: NDArray[np.void], table: list[tuple[float, float]]) -> str:
    line = next((strength for strength, similarity in table if similarity == 0.86), np.inf)
    right, wrong = strongest_of_pairs(rows, True), strongest_of_pairs(rows, False)
    found, false = np.mean(right >= line), int((wrong >= line).sum())
    return f"{found:.4f} of the candidates found, {false} false of {len(wrong):,} at {line:.3f}"


def _told(table: list[tuple[float, float]]) -> str:
    return ", ".join(f"{similarity}: {strength:.3f}" for strength, similarity in table)


def _write(table: list[tuple[float, float]]) -> None:
    strength, similarity = (", ".join(str(row[column]) for row in table) for column in (0, 1))
    TARGET.write_text(
        '"""Strength to similarity, written by tests/learning/learn_score.py."""\n\n'
        f"STRENGTH = ({strength})\nSIMILARITY = ({similarity})\n"
    )


if __name__ == "__main__":
    main()
