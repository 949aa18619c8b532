"""The photos of the selected cluster, a row each, with the facts and the proposal for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from engine.records import Cluster, FileView, Suggest, Verdict
from imgfp_gui.models import words
from imgfp_gui.models.clusters import Index

MEMBER_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Member:
    """One photo of a cluster as the views draw it. number counts from 1."""

    file: int
    number: int
    view: FileView | None
    verdict: Verdict | None

    @property
    def suggest(self) -> Suggest:
        """What is proposed for it."""
        return self.verdict.suggest if self.verdict else Suggest.UNDECIDED

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.view.path.rsplit("/", 1)[-1] if self.view else ""

    @property
    def facts(self) -> str:
        """Pixel size, bytes and format on one line."""
        if self.view is None:
            return ""
        parts = (words.pixels(self.view.width, self.view.height), words.size(self.view.size), (self.view.format or "").upper())
        return " · ".join(part for part in parts if part)


class MembersModel(QAbstractListModel):
    """Members of one cluster. `look_up` gives a file's facts or None."""

    def __init__(self, look_up: Callable[[int], FileView | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look_up = look_up
        self._members: tuple[Member, ...] = ()

    def show(self, cluster: Cluster | None) -> None:
        """Show another cluster, or none."""
        members = cluster.members if cluster else ()
        verdicts = {verdict.file: verdict for verdict in cluster.verdicts} if cluster else {}
        fresh = tuple(Member(file, n, self._look_up(file), verdicts.get(file)) for n, file in enumerate(members, 1))
        if fresh == self._members:
            return
        same_files = [m.file for m in fresh] == [m.file for m in self._members]
        if same_files:
            self._members = fresh
            self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self._members = fresh
        self.endResetModel()

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
            return "\n".join(part for part in (member.view.path if member.view else "", self._reason(member)) if part)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._sentence(member)
        return None

    def _reason(self, member: Member) -> str:
        return member.verdict.reason if member.verdict else ""

    def _sentence(self, member: Member) -> str:
        """What a screen reader says of a photo."""
        place = self.tr("Photo {0} of {1}").format(words.number(member.number), words.number(len(self._members)))
        size = words.megapixels(member.view.width, member.view.height) if member.view else ""
        parts = (place, member.name, size, words.marked_for(member.suggest), self._reason(member))
        return ", ".join(part for part in parts if part)
