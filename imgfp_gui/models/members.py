"""The photos of the selected cluster, a row each: a unit with its files, what holds for it, and how it stands to the best one."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, QTimer

from engine.records import Cluster, FileView, PairView, Suggest, Verdict
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import names, relations, words
from imgfp_gui.models.clusters import Index
from imgfp_gui.models.relations import Badge

__all__ = ["MEMBER_ROLE", "Badge", "Member", "MembersModel", "members_of"]

MEMBER_ROLE = Qt.ItemDataRole.UserRole + 1
ASKING_S = 0.006  # half a frame: pairs that are in no table are compared on the spot


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
    """The photos of any cluster of the snapshot. Of a large one those at the end are told without being compared to the first."""
    return _Making(controller, cluster).members


class _Making:
    """Members of one cluster, as far as its pairs are known or can be asked for in `ASKING_S`."""

    def __init__(self, controller: ReviewController, cluster: Cluster) -> None:
        self._controller, self._provisional = controller, cluster.provisional
        self._first = cluster.units[0][0]
        self._best = controller.file(self._first)
        self._until = time.perf_counter() + ASKING_S
        self.complete = True
        verdicts = controller.verdicts.judged(cluster).verdicts
        kept = {verdict.file for verdict in cluster.proposals or cluster.verdicts if verdict.suggest is Suggest.KEEP}
        best = relations.best() if self._first in kept else ""
        members = [self._member(n, unit, v) for n, (unit, v) in enumerate(zip(cluster.units, verdicts, strict=True))]
        self.members = (replace(members[0], relation=best), *members[1:])

    def _member(self, index: int, unit: tuple[int, ...], verdict: Verdict) -> Member:
        view = self._controller.file(unit[0])
        others = dict.fromkeys((*unit[1:], *(view.companions if view else ())))
        companions = tuple(found for file in others if file != unit[0] and (found := self._controller.file(file)))
        pair = self._pair(self._first, unit[0]) if index else None
        told = relations.differences(pair, self._best, view) if index else ()
        if index and not told:
            plain = relations.first_look() if self._provisional else relations.closeness(pair.tier if pair else verdict.tier)
            told = (plain,)
        beside = relations.companions(companions)
        badges = (*told, beside) if beside else told
        back = self._pair(unit[0], self._first) if pair and (pair.turn or pair.mirror) else None
        turn, mirror = (back.turn, back.mirror) if back else (0, False)
        relation = told[0].text if told else ""
        return Member(index, index + 1, unit[0], view, companions, verdict, relation, badges, turn, mirror)

    def _pair(self, a: int, b: int) -> PairView | None:
        if not self._controller.knows_pair(a, b) and time.perf_counter() > self._until:
            self.complete = False
            return None
        return self._controller.pair(a, b)


class MembersModel(QAbstractListModel):
    """Units of the controller's cluster; follows it by itself."""

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._members: tuple[Member, ...] = ()
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(lambda: self._show(controller.cluster))
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
        making = _Making(self._controller, cluster) if cluster else None
        fresh = making.members if making else ()
        if making and not making.complete:
            self._rest.start()
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
        """Only what holds may be otherwise: how the photos stand to each other is as it was."""
        cluster = self._controller.cluster
        if cluster is not None and cluster.key in keys and len(cluster.units) == len(self._members):
            judged = self._controller.verdicts.judged(cluster)
            fresh = tuple(replace(m, verdict=v) for m, v in zip(self._members, judged.verdicts, strict=True))
            changed = [n for n, (old, new) in enumerate(zip(self._members, fresh, strict=True)) if old.verdict != new.verdict]
            self._members = fresh
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _sentence(self, member: Member) -> str:
        """What a screen reader says of a photo."""
        place = self.tr("Photo {0} of {1}").format(words.number(member.number), words.number(len(self._members)))
        size = words.megapixels(member.view.width, member.view.height) if member.view else ""
        said = (badge.sentence for badge in member.badges)
        parts = (place, member.name, size, words.marked_for(member.suggest), member.verdict.reason, *said)
        return ", ".join(part for part in parts if part)
