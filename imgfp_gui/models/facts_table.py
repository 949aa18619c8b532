"""Facts as a table: a row a fact, a column a photo. The headers say row and column, for the eye and for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from imgfp_gui.models import names, words
from imgfp_gui.models.facts import Fact, Mark
from imgfp_gui.models.luma import Luma, Spread

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
FACT_ROLE = Role.UserRole + 1
SPREAD_ROLE = Role.UserRole + 2
WHOLE_ROLE = Role.UserRole + 3  # the value in full, plain


class FactsTableModel(QAbstractTableModel):
    """Rows of `Fact`; with `luma`, the brightness of the photos as a last row."""

    def __init__(self, luma: Luma | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._tags: tuple[str, ...] = ()
        self._files: tuple[int, ...] = ()
        self._luma = luma
        if luma is not None:
            luma.changed.connect(self._counted)

    def show(self, facts: Sequence[Fact], tags: Sequence[str], files: Sequence[int]) -> None:
        """Other facts. tags: what each column is called; files: ids for the brightness."""
        self.beginResetModel()
        self._facts, self._tags, self._files = tuple(facts), tuple(tags), tuple(files)
        self.endResetModel()

    def fact(self, row: int) -> Fact | None:
        """The fact of a row, None for the brightness."""
        return self._facts[row] if row < len(self._facts) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if parent.isValid() or not self._tags:
            return 0
        return len(self._facts) + (self._luma is not None)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._tags)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        fact = self.fact(index.row())
        if fact is None:
            return self._brightness(index.column(), role)
        cell = fact.cells[index.column()]
        if role == FACT_ROLE:
            return fact
        if role == Role.DisplayRole:
            return cell.text
        if role == WHOLE_ROLE:
            return cell.whole
        if role == Role.ToolTipRole:
            return names.tip(cell.whole)
        if role == Role.AccessibleTextRole:
            return self._spoken(fact, index.column())
        return None

    def _spoken(self, fact: Fact, column: int) -> str:
        whole, mark = fact.cells[column].whole, fact.cells[column].mark
        if fact.same:
            return self.tr("{0}, the same in both").format(whole)
        if mark is Mark.BETTER:
            return self.tr("{0}, better").format(whole)
        return whole

    def _brightness(self, column: int, role: int) -> Any:
        spread = self._luma.get(self._files[column]) if self._luma is not None else None
        if role == SPREAD_ROLE:
            return spread
        if role in (Role.ToolTipRole, Role.AccessibleTextRole, WHOLE_ROLE):
            return self._brightness_text(spread)
        return None

    def _brightness_text(self, spread: Spread | None) -> str:
        if spread is None:
            return ""
        return self.tr("From dark to bright, {0} on average").format(words.percent(spread.mean))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Role.AccessibleTextRole and section < len(self._tags):
                return self.tr("Photo {0}").format(self._tags[section])
            return self._tags[section] if role == Role.DisplayRole and section < len(self._tags) else None
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        fact = self.fact(section)
        return fact.label if fact else self.tr("Brightness")

    def _counted(self, file_id: int) -> None:
        last = self.rowCount() - 1
        for column, file in enumerate(self._files):
            if file == file_id and last >= 0:
                self.dataChanged.emit(self.index(last, column), self.index(last, column))
