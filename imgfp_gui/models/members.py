"""The photos of the selected cluster, a row each: a unit with its files, what holds for it, and how it stands to the best one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from engine.records import Cluster, FileView, PairView, Suggest, Verdict
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import names, relations, words
from imgfp_gui.models.clusters import Index
from imgfp_gui.models.relations import Badge

__all__ = ["MEMBER_ROLE", "Badge", "Member", "MembersModel", "members_of"]

MEMBER_ROLE = Qt.ItemDataRole.UserRole + 1
MOST_ASKED = 8  # pairs that are no link are compared on the spot, which takes its time


@dataclass(frozen=True, slots=True)
class Member:
    """One photo of a cluster as the views draw it.

    index: of the unit; number: the same from 1. file: id of its face. view: facts of the face, None when the library moved on.
    companions: the other files of the shot. suggest, verdict: what holds. relation: how it stands to the first photo, short.
    badges: the same at length, and the companions. turn, mirror: degrees clockwise, after mirroring, to lie like the first one.
    """

    index: int
    number: int
    file: int
    view: FileView | None
    companions: tuple[FileView, ...]
    verdict: Verdict
    relation: str = ""
    badges: tuple[Badge, ...] = ()
    turn: int = 0
    mirror: bool = False

    @property
    def suggest(self) -> Suggest:
        """What holds for it."""
        return self.verdict.suggest

    @property
    def name(self) -> str:
        """The file's own name."""
        return names.base(self.view.path_bytes) if self.view else ""

    @property
    def facts(self) -> str:
        """Pixel size, bytes and format on one line."""
        if self.view is None:
            return ""
        parts = (words.pixels(self.view.width, self.view.height), words.size(self.view.size), (self.view.format or "").upper())
        return " · ".join(part for part in parts if part)


def members_of(controller: ReviewController, cluster: Cluster) -> tuple[Member, ...]:
    """The photos of any cluster of the snapshot."""
    pairs = _Pairs(controller, cluster)
    judged = controller.verdicts.judged(cluster)
    best = controller.file(cluster.units[0][0])
    members = []
    for index, (unit, verdict) in enumerate(zip(cluster.units, judged.verdicts, strict=True)):
        view = controller.file(unit[0])
        others = dict.fromkeys((*unit[1:], *(view.companions if view else ())))
        companions = tuple(found for file in others if file != unit[0] and (found := controller.file(file)))
        pair = pairs.to_first(unit[0]) if index else None
        told = relations.differences(pair, best, view) if pair else ()
        if index and not told:
            told = (relations.closeness(pair.tier if pair else verdict.tier),)
        relation = told[0].text if told else relations.best() if _kept_by_rule(cluster) else ""
        beside = relations.companions(companions)
        badges = (*told, beside) if beside else told
        turn, mirror = pairs.pose(unit[0]) if index else (0, False)
        members.append(Member(index, index + 1, unit[0], view, companions, verdict, relation, badges, turn, mirror))
    return tuple(members)


def _kept_by_rule(cluster: Cluster) -> bool:
    kept = {verdict.file for verdict in cluster.proposals or cluster.verdicts if verdict.suggest is Suggest.KEEP}
    return cluster.units[0][0] in kept


class _Pairs:
    """Pairs of a cluster with its first photo: from its links where there is one, else asked for."""

    def __init__(self, controller: ReviewController, cluster: Cluster) -> None:
        self._controller = controller
        self._first = cluster.units[0][0]
        self._asked = 0
        self._known: dict[tuple[int, int], PairView | None] = {}

    def to_first(self, file: int) -> PairView | None:
        """The pair (first, file)."""
        return self._pair(self._first, file)

    def pose(self, file: int) -> tuple[int, bool]:
        """How the file must be turned, after mirroring, to lie like the first."""
        known = self.to_first(file)
        if known is None or not (known.turn or known.mirror):
            return 0, False
        back = self._pair(file, self._first)
        return (back.turn, back.mirror) if back else (0, False)

    def _pair(self, a: int, b: int) -> PairView | None:
        if (a, b) not in self._known:
            self._asked += 1
            self._known[a, b] = self._controller.pair(a, b) if self._asked <= MOST_ASKED else None
        return self._known[a, b]


class MembersModel(QAbstractListModel):
    """Units of the controller's cluster; follows it by itself."""

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._members: tuple[Member, ...] = ()
        controller.cluster_selected.connect(self._show)
        controller.verdicts_changed.connect(self._look_again)
        self._show(controller.cluster)

    @property
    def members(self) -> tuple[Member, ...]:
        """All of them."""
        return self._members

    def member(self, row: int) -> Member:
        """The member in a row."""
        return self._members[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._members)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._members):
            return None
        member = self._members[index.row()]
        if role == MEMBER_ROLE:
            return member
        if role == Qt.ItemDataRole.ToolTipRole:
            path = names.shown(member.view.path) if member.view else ""
            return names.tip("\n".join(part for part in (path, member.verdict.reason) if part))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._sentence(member)
        return None

    def _show(self, cluster: Cluster | None) -> None:
        fresh = members_of(self._controller, cluster) if cluster else ()
        if fresh == self._members:
            return
        if [member.file for member in fresh] == [member.file for member in self._members]:
            self._members = fresh
            self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self._members = fresh
        self.endResetModel()

    def _look_again(self, keys: frozenset[str]) -> None:
        cluster = self._controller.cluster
        if cluster is not None and cluster.key in keys:
            self._show(cluster)

    def _sentence(self, member: Member) -> str:
        """What a screen reader says of a photo."""
        place = self.tr("Photo {0} of {1}").format(words.number(member.number), words.number(len(self._members)))
        size = words.megapixels(member.view.width, member.view.height) if member.view else ""
        said = (badge.sentence for badge in member.badges)
        parts = (place, member.name, size, words.marked_for(member.suggest), member.verdict.reason, *said)
        return ", ".join(part for part in parts if part)
