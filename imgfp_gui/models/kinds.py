"""What holds a cluster together, in a word or two, and whether one of its links is far weaker than the rest."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.records import Cluster, Edit, PairView, Tier
from imgfp_gui.models import words

WEAK_BY = 0.10
"""A weakest link this far below the strongest holds something else together than the rest: two savings of one picture differ by
up to 0.03, an ordinary edit by some 0.07."""

TOLD: tuple[tuple[Edit, str], ...] = (
    (Edit.CROP, QT_TRANSLATE_NOOP("kinds", "cropped")),
    (Edit.BLACK_AND_WHITE, QT_TRANSLATE_NOOP("kinds", "black and white")),
    (Edit.TURNED, QT_TRANSLATE_NOOP("kinds", "turned")),
    (Edit.MIRRORED, QT_TRANSLATE_NOOP("kinds", "mirrored")),
    (Edit.BORDER, QT_TRANSLATE_NOOP("kinds", "with a border")),
)
"""What the eye sees first comes first; other edits are told by the tier."""


def kind(cluster: Cluster, links: Iterable[PairView]) -> str:
    """One expression for the cluster. links: those among its members."""
    if cluster.tier in (Tier.SAME_PICTURE, Tier.EDITED):
        edits = {edit for link in links for edit in link.edits}
        for edit, text in TOLD:
            if edit.label in edits:
                return QCoreApplication.translate("kinds", text)
    return words.tier(cluster.tier)


def weak_link(cluster: Cluster) -> bool:
    """True when three or more photos hang together by a link that is far weaker than their strongest."""
    return len(cluster.units) > 2 and cluster.strongest - cluster.weakest >= WEAK_BY
