"""The clusters of an analysis at any line, with what the keeper rules propose for each member.

A line cuts the tree of joins. What was judged is kept with the cluster's place in the tree, and judged again only where the new
line gave it other members or other links; so the cost of a move is that of the clusters it changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import keepers
from engine.jobs.analysis import Analysis
from engine.jobs.forest import Case, Forest
from engine.jobs.judge import Judge
from engine.jobs.library import LibraryFile
from engine.jobs.protection import Protection
from engine.jobs.settling import Settling
from engine.jobs.shown import removed_bytes, state_of, units_of
from engine.records import Cluster, Tier

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cut:
    """The clusters at one line, ordered by first member. joins: the last join of each, (n,). fresh: of those judged just now."""

    line: float
    clusters: tuple[Cluster, ...]
    joins: Ints
    fresh: Ints


def clusters_at(analysis: Analysis, line: float, protected: Sequence[bytes], rules: keepers.RuleOrder) -> tuple[Cluster, ...]:
    """All clusters at the line, without those of which every link is decided; ordered by first member."""
    return Clusters(analysis, Forest(analysis), Protection(protected), rules).at(line).clusters


class Clusters:
    """The clusters of one analysis at whatever line is asked for; one thread at a time."""

    def __init__(self, analysis: Analysis, forest: Forest, protection: Protection, rules: keepers.RuleOrder) -> None:
        self._analysis = analysis
        self._forest = forest
        self._judge = Judge(analysis, protection, rules)
        # A rules file that names edits for removal has them judged against the same keeper as the copies.
        self._loosest = max(Tier.SAME_PICTURE, *rules.remove)
        self._settling, self._judged = Settling(), 0
        joins = len(forest.tree.depth)
        self._known: list[Cluster | None] = [None] * joins
        self._hidden = np.zeros(joins, np.bool_)
        # a line in (low, high] leaves what is known of a cluster as it is
        self._low, self._high = np.full(joins, np.inf), np.full(joins, -np.inf)

    def at(self, line: float) -> Cut:
        """The clusters at a line."""
        joins, sharp = self._forest.roots(line), float(np.float32(line))
        stale = joins[~((self._low[joins] < sharp) & (sharp <= self._high[joins]))]
        for case in self._forest.cases(stale, line, self._loosest):
            self._judged += 1
            self._settling.grown_to(self._judged)
            self._known[case.join] = self._cluster(case) if case.shown else None
            self._low[case.join], self._high[case.join] = case.low, case.high
            self._hidden[case.join] = not case.shown
        joins = joins[~self._hidden[joins]]
        return Cut(line, tuple([cluster for join in joins.tolist() if (cluster := self._known[join]) is not None]), joins, stale)

    def _cluster(self, case: Case) -> Cluster:
        pictures, library = self._analysis.pictures, self._analysis.library
        members = tuple([pictures[member].id for member in case.members])
        verdicts = self._judge.verdicts(case)
        return Cluster(
            key=content_key(pictures[case.members[0]]),
            members=members,
            tier=case.tier,
            weakest=case.weakest,
            strongest=case.strongest,
            verdicts=verdicts,
            reclaimable_bytes=removed_bytes(library, verdicts),
            nests=tuple([tuple([pictures[member].id for member in nest]) for nest in case.nests]),
            units=units_of(library, members, verdicts),
            state=state_of(verdicts, aside=False),
        )


def content_key(file: LibraryFile) -> str:
    """Stable name of a cluster: the content of its first member by path."""
    facts = file.facts
    if facts is not None and facts.blake3 is not None:
        return facts.blake3.hex()[:32]
    return f"{file.stat.inode:x}-{file.stat.size:x}"
