"""The links that hold a cluster together, as one line of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.records import Cluster, PairView
from imgfp_gui.models import words


@dataclass(frozen=True, slots=True)
class Link:
    """Two photos, by their numbers from 1, and how alike they are (0..1)."""

    one: int
    other: int
    score: float


def holding(cluster: Cluster, pairs: Iterable[PairView]) -> tuple[Link, ...]:
    """The strongest links that are enough to hold the cluster together, strongest first; the last one is its weakest point."""
    unit_of = {file: number for number, unit in enumerate(cluster.units, 1) for file in unit}
    group = {number: number for number in range(1, len(cluster.units) + 1)}

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    made: list[Link] = []
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        one, other = sorted((unit_of.get(pair.a, 0), unit_of.get(pair.b, 0)))
        if one and root(one) != root(other):
            group[root(one)] = root(other)
            made.append(Link(one, other, pair.score))
    return tuple(made)


def sentence(links: tuple[Link, ...], fits: Callable[[str], bool]) -> str:
    """``Links: 1–3 98 %, 1–2 95 % (weakest)``: as many as fit, the weakest always."""
    if not links:
        return ""
    weakest = words.percent(links[-1].score)
    if len(links) > 1 and words.percent(links[0].score) == weakest:
        return QCoreApplication.translate("links", "Links: all {0}").format(weakest)
    for shown in range(len(links) - 1, -1, -1):
        text = _written(links, shown)
        if fits(text) or not shown:
            return text
    return ""


def _written(links: tuple[Link, ...], shown: int) -> str:
    parts = [_link(link) for link in links[:shown]]
    if shown < len(links) - 1:
        parts.append("…")
    if len(links) > 1:
        parts.append(QCoreApplication.translate("links", "{0} (weakest)").format(_link(links[-1])))
    else:
        parts.append(_link(links[-1]))
    return QCoreApplication.translate("links", "Links: {0}").format(", ".join(parts))


def _link(link: Link) -> str:
    numbers = f"{words.number(link.one)}–{words.number(link.other)}"
    return f"{numbers} {words.percent(link.score)}"
