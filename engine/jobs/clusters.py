"""The clusters of an analysis at any line, with what the keeper rules propose for each member.

A line cuts the tree of joins. What was judged is kept with the cluster's place in the tree, and judged again only where the new
line gave it other members or other links; so the cost of a move is that of the clusters it changed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import keepers
from engine.jobs.analysis import Analysis
from engine.jobs.cluster_keys import content_key
from engine.jobs.forest import Case, Forest
from engine.jobs.judge import Judge
from engine.jobs.protection import Protection
from engine.jobs.settling import Settling
from engine.jobs.shown import removed_bytes, units_of
from engine.records import Cluster, ClusterState, Tier

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
    return judged_by(Judge(analysis, Protection(protected), rules), analysis, Forest(analysis), rules).at(line).clusters


def judged_by(judge: Judge, analysis: Analysis, forest: Forest, rules: keepers.RuleOrder) -> Clusters:
    """The clusters of an analysis, of which nothing is known yet."""
    return Clusters(analysis, forest, judge, rules, {})


NOTHING = (None, np.inf, -np.inf)
Known = tuple[Cluster, float, float]
"""A judged cluster, and the scores (above, at most) between which a line leaves it as it is."""


class Clusters:
    """The clusters of one analysis at whatever line is asked for. Safe to call from several threads; one is served at a time."""

    def __init__(
        self, analysis: Analysis, forest: Forest, judge: Judge, rules: keepers.RuleOrder, known: Mapping[tuple[int, ...], Known]
    ) -> None:
        """known: what holds already of clusters of these members."""
        self._analysis = analysis
        self._forest = forest
        self._judge = judge
        self._rules = rules
        self._inherited = known
        self._lock = threading.Lock()
        # A rules file that names edits for removal has them judged against the same keeper as the copies.
        self._loosest = max(Tier.SAME_PICTURE, *rules.remove)
        self._settling, self._judged = Settling(), 0
        joins = len(forest.tree.depth)
        self._known: list[Cluster | None] = [None] * joins
        self._hidden = np.zeros(joins, np.bool_)
        # a line in (low, high] leaves what is known of a cluster as it is
        self._low, self._high = np.full(joins, np.inf), np.full(joins, -np.inf)

    def at(self, line: float, most: int | None = None) -> Cut:
        """The clusters at a line. most: only so many, the first ones."""
        with self._lock:
            joins, sharp = self._forest.roots(line)[:most], float(np.float32(line))
            stale = joins[~((self._low[joins] < sharp) & (sharp <= self._high[joins]))]
            for case in self._forest.cases(self._unless_inherited(stale, sharp), line, self._loosest):
                self._settling.grown_to(self._judged)
                self._judged += 1
                self._known[case.join] = self._cluster(case) if case.shown else None
                self._low[case.join], self._high[case.join] = case.low, case.high
                self._hidden[case.join] = not case.shown
            joins = joins[~self._hidden[joins]]
            clusters = tuple([cluster for join in joins.tolist() if (cluster := self._known[join]) is not None])
        return Cut(line, clusters, joins, stale)

    def after_decision(self, analysis: Analysis, forest: Forest) -> Clusters:
        """Those of the same pairs after the user decided something: judged anew where it matters."""
        with self._lock:
            flags = analysis.pairs["flags"] != self._analysis.pairs["flags"]
            touched = np.concatenate([analysis.pairs["a"][flags], analysis.pairs["b"][flags]])
            changed = frozenset(analysis.pictures.ids[np.unique(touched)].tolist())
            known = dict(self._inherited)
            for cluster, low, high in zip(self._known, self._low.tolist(), self._high.tolist(), strict=True):
                if cluster is not None:
                    known[cluster.members] = cluster, low, high
        still = {members: judged for members, judged in known.items() if changed.isdisjoint(members)}
        return Clusters(analysis, forest, self._judge, self._rules, still)

    def _unless_inherited(self, joins: Ints, line: float) -> Ints:
        """Take over what holds of clusters of the same members; the last joins of the others."""
        if not self._inherited:
            return joins
        files, label = self._forest.files(joins)
        files = files[np.lexsort((files, label))].tolist()
        edge = np.searchsorted(label, np.arange(len(joins) + 1)).tolist()
        left = np.ones(len(joins), np.bool_)
        for number, join in enumerate(joins.tolist()):
            cluster, low, high = self._inherited.get(tuple(files[edge[number] : edge[number + 1]]), NOTHING)
            if cluster is not None and low < line <= high:
                self._known[join], self._low[join], self._high[join] = cluster, low, high
                left[number] = False
        return joins[left]

    def _cluster(self, case: Case) -> Cluster:
        pictures, library = self._analysis.pictures, self._analysis.library
        ids = pictures.ids.item
        members = tuple([ids(member) for member in case.members])
        verdicts = self._judge.verdicts(case)
        return Cluster(
            key=content_key(pictures[case.members[0]]),
            members=members,
            tier=case.tier,
            weakest=case.weakest,
            strongest=case.strongest,
            verdicts=verdicts,
            reclaimable_bytes=removed_bytes(library, verdicts),
            nests=tuple([tuple([ids(member) for member in nest]) for nest in case.nests]),
            units=units_of(library, members, verdicts),
            state=ClusterState.of(verdicts, aside=False),
            provisional=self._judge.is_provisional(case),
        )
