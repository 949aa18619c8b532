"""What holds for each photo of one cluster: the user's word, else what the rules propose. Pure; asks nobody.

A proposal to remove lapses when nothing of its nest would be kept, and marks lapse when they would take every photo of a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from engine.records import Cluster, ClusterState, Suggest, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One cluster as it stands. verdicts: one a unit. said: what the user said of each unit, None for nothing.

    lapsed: the user's marks would take every photo, so none of them holds. state: how far the user is.
    """

    verdicts: tuple[Verdict, ...]
    said: tuple[Suggest | None, ...]
    lapsed: bool
    state: ClusterState


def judge(cluster: Cluster, marks: Mapping[int, Suggest], *, aside: bool) -> Judged:
    """Judge a cluster. marks: file id to what the user said; one picture of a unit speaks for the whole unit."""
    rules = {verdict.file: verdict for verdict in cluster.proposals or cluster.verdicts}
    said = tuple(next((marks[file] for file in unit if file in marks), None) for unit in cluster.units)
    lapsed = all(mark is Suggest.REMOVE for mark in said)
    if lapsed:
        said = (None,) * len(said)
        verdicts = tuple(_of(rules[unit[0]], Suggest.UNDECIDED, _all_marked()) for unit in cluster.units)
        return Judged(verdicts, said, True, ClusterState.ASIDE if aside else ClusterState.UNDECIDED)
    held = _held(cluster, rules, said)
    verdicts = tuple(
        _of(rules[unit[0]], mark, _chosen(), "user") if mark is not None else _of_unit([held[file] for file in unit])
        for unit, mark in zip(cluster.units, said, strict=True)
    )
    return Judged(verdicts, said, False, ClusterState.of(verdicts, aside=aside))


def _held(cluster: Cluster, rules: Mapping[int, Verdict], said: tuple[Suggest | None, ...]) -> dict[int, Verdict]:
    """Verdict of each picture, marks laid over, proposals that lost their keeper taken out."""
    held = dict(rules)
    for unit, mark in zip(cluster.units, said, strict=True):
        if mark is not None:
            held.update((file, replace(rules[file], suggest=mark, source="user")) for file in unit)
    if any(mark is not None for mark in said):
        for nest in cluster.nests:
            if not any(held[file].suggest is Suggest.KEEP for file in nest):
                for file in nest:
                    if held[file].suggest is Suggest.REMOVE and held[file].source != "user":
                        held[file] = _of(held[file], Suggest.UNDECIDED, _lapsed())
    return held


def _of_unit(pictures: list[Verdict]) -> Verdict:
    """A shot goes whole: it is proposed for removal only when every picture of it is; one that is to be kept keeps them all."""
    for suggest in (Suggest.KEEP, Suggest.UNDECIDED):
        for verdict in pictures:
            if verdict.suggest is suggest:
                return verdict
    return pictures[0]


def _of(verdict: Verdict, suggest: Suggest, reason: str, source: str = "rule") -> Verdict:
    return replace(verdict, suggest=suggest, reason=reason, source=source)


def _chosen() -> str:
    return QCoreApplication.translate("verdicts", "chosen by you")


def _lapsed() -> str:
    return QCoreApplication.translate("verdicts", "the one to keep in its place is not kept any more: look first")


def _all_marked() -> str:
    return QCoreApplication.translate("verdicts", "all photos here were marked for trash: look again")
