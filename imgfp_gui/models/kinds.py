"""What holds a cluster together, in a word or two, and whether one of its links is far weaker than the rest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject

from engine.records import Cluster, Edit, PairView, Tier
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words

KEPT = 3000  # rows that were seen; an entry is a hundred bytes

WEAK_BY = 0.10
"""A weakest link this far below the strongest holds something else together than the rest: two savings of one picture differ by
up to 0.03, an ordinary edit by some 0.07."""

TOLD: tuple[tuple[Edit, str], ...] = (
    (Edit.CROP, QT_TRANSLATE_NOOP("kinds", "cropped")),
    (Edit.BLACK_AND_WHITE, QT_TRANSLATE_NOOP("kinds", "grey")),
    (Edit.TURNED, QT_TRANSLATE_NOOP("kinds", "turned")),
    (Edit.MIRRORED, QT_TRANSLATE_NOOP("kinds", "mirrored")),
    (Edit.BORDER, QT_TRANSLATE_NOOP("kinds", "framed")),
    (Edit.SCREEN, QT_TRANSLATE_NOOP("kinds", "in a screenshot")),
    (Edit.ROTATED, QT_TRANSLATE_NOOP("kinds", "tilted")),
)
"""What the eye sees first comes first; other edits are told by the tier. Short, because rows are narrow."""


def kind(cluster: Cluster, links: Iterable[PairView]) -> str:
    """One expression for the cluster. links: those among its members."""
    if cluster.provisional:
        return words.first_look()
    if cluster.tier in (Tier.SAME_PICTURE, Tier.EDITED):
        edits = {edit for link in links for edit in link.edits}
        for edit, text in TOLD:
            if edit.label in edits:
                return QCoreApplication.translate("kinds", text)
    return words.tier(cluster.tier)


def weak_link(cluster: Cluster) -> bool:
    """True when three or more photos hang together by a link that is far weaker than their strongest."""
    return len(cluster.units) > 2 and cluster.strongest - cluster.weakest >= WEAK_BY


class Kinds(QObject):
    """`kind` of clusters, looked up once as long as their members are the same."""

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._known: OrderedDict[str, tuple[tuple[int, ...], bool, str]] = OrderedDict()
        controller.library_opened.connect(self._known.clear)

    def of(self, cluster: Cluster) -> str:
        """What holds this cluster together."""
        known = self._known.get(cluster.key)
        if known is None or known[:2] != (cluster.members, cluster.provisional):
            links = () if cluster.provisional else self._controller.links(cluster)
            known = self._known[cluster.key] = (cluster.members, cluster.provisional, kind(cluster, links))
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return known[2]
