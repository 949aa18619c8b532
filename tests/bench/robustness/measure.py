"""Tables of what was measured, as text: per group, per edit, false pairs and their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.records import Tier
from tests.bench.robustness import statistics
from tests.bench.robustness.edits import BEYOND, EDITS, GROUPS
from tests.bench.robustness.peer_run import PeerResult
from tests.bench.robustness.product import Result
from tests.bench.robustness.sheets import side_by_side

LINES = (0.5, 0.7, 0.8, 0.86, 0.9, 0.94, 0.97)
DEFAULT = 0.86

MUST = (0.999, 0.999, 0.995, 0.998, 0.999, 0.995, 0.975, 0.999, 0.998, 0.99, 0.95, 0.995, 0.99, 0.995, 0.95, 0.985, 0)
"""Recall of each group of `GROUPS` below which the product is not good enough."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table of groups: hits bool (originals, edits)."""

    title: str
    hits: NDArray[np.bool_]


def groups_table(edits: Sequence[str], columns: Sequence[Column]) -> str:
    """Recall per group of edits, and the mean over edits, one line each."""
    group = np.array([EDITS[name].group for name in edits])
    lines = [f"{'group':<30}{'edits':>6}{'must':>8}" + "".join(f"{column.title[:15]:>16}" for column in columns)]
    for number in sorted(set(group.tolist())):
        chosen = group == number
        figures = "".join(f"{column.hits[:, chosen].mean():>16.4f}" for column in columns)
        lines.append(f"{GROUPS[number]:<30}{chosen.sum():>6}{MUST[number]:>8}{figures}")
    counted = group != BEYOND
    means = "".join(f"{column.hits[:, counted].mean():>16.4f}" for column in columns)
    lines.append(f"{'mean over edits':<30}{counted.sum():>6}{0.994:>8}{means}")
    spans = [statistics.interval(column.hits[:, counted]) for column in columns]
    lines.append(f"{'95 % interval over originals':<44}" + "".join(f"{low:>9.4f}-{high:.4f}" for low, high in spans))
    return "\n".join(lines)


def edits_table(edits: Sequence[str], columns: Sequence[Column]) -> str:
    """Recall per edit, in the order of the groups."""
    lines = [f"{'edit':<48}" + "".join(f"{column.title[:13]:>14}" for column in columns)]
    for place, name in enumerate(edits):
        lines.append(f"{name:<48}" + "".join(f"{column.hits[:, place].mean():>14.4f}" for column in columns))
    return "\n".join(lines)


def false_table(result: Result) -> str:
    """False pairs at or above each line, of all, and of those with an unedited side, with the bound of their rate."""
    lines = [f"{result.unrelated:,} unrelated pairs, {result.with_unedited:,} of them with an unedited side"]
    lines.append(f"{'line':>6}{'false':>9}{'per 10^7':>10}{'at most, 95 %':>16}{'one unedited':>14}{'at most, 95 %':>16}")
    pairs = [pair for pair in result.false if pair.tier != Tier.SAME_MOMENT.label]
    for line in LINES:
        above = [pair for pair in pairs if np.float32(pair.score) >= np.float32(line)]
        count, plain = len(above), sum(pair.unedited for pair in above)
        rate, most = 1e7 * count / result.unrelated, statistics.upper_bound(count, result.unrelated)
        most_plain = statistics.upper_bound(plain, result.with_unedited)
        lines.append(f"{line:>6}{count:>9} {rate:>9.2f} {most:>15.1e}{plain:>14} {most_plain:>15.1e}")
    return "\n".join(lines)


def look_at(out: Path, result: Result, least: float, most: int = 160) -> list[str]:
    """Contact sheets of the false pairs at or above `least`, strongest first; returns one line for each."""
    chosen = [pair for pair in result.false if np.float32(pair.score) >= np.float32(least)][:most]
    words = [f"{pair.score:.4f} {pair.tier}  {pair.one[2]} | {pair.other[2]}" for pair in chosen]
    shown = [(pair.one[0], pair.other[0], text.replace("  ", "\n")) for pair, text in zip(chosen, words, strict=True)]
    side_by_side(out / "false", shown, "false")
    return [f"{text}  {pair.one[1]} | {pair.other[1]}" for pair, text in zip(chosen, words, strict=True)]


def missed(result: Result, line: float) -> list[str]:
    """One line for each pair (original, edit) that is not found, by edit."""
    lost = (result.scores < np.float32(line)) & result.present
    return [
        f"{result.scores[family, place]:.3f}  {name}  {result.library.families[family].original.path}"
        for place, name in enumerate(result.edits)
        for family in np.flatnonzero(lost[:, place]).tolist()
    ]


def peers_table(edits: Sequence[str], results: Sequence[PeerResult]) -> str:
    """Mean recall of the peers' schemes, at one false pair per million and at their own limits."""
    lines = [f"{'scheme':<32}{'limit at 1e-6':>14}{'recall':>9}{'usual limit':>13}{'recall':>9}{'false per 10^6':>16}"]
    counted = np.array([EDITS[name].group != BEYOND for name in edits])
    for one in results:
        limit = "none" if one.limit < 0 else f"<= {one.limit}"
        usual = "" if one.scheme.usual is None else f"<= {one.scheme.usual}"
        ours, theirs = one.hits[:, counted].mean(), one.usual_hits[:, counted].mean()
        lines.append(f"{one.scheme.name:<32}{limit:>14}{ours:>9.3f}{usual:>13}{theirs:>9.3f}{one.usual_false:>16.2f}")
    return "\n".join(lines)
