"""Files that gave no picture or only part of one, a row each. Tens of thousands of them cost no more than what is on screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.records import Problem
from imgfp_gui.models import names
from imgfp_gui.models.problem_words import Kind, kind_of

PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 1
ICON_ROLE = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What stands in which column."""

    SIGN = 0
    FILE = 1
    FOLDER = 2
    WHAT = 3
    DO = 4


class ProblemListModel(QAbstractTableModel):
    """Shows the problems of one reason, or all; in the order they were met until a column is sorted by."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self._rows: list[Problem] = []
        self._code = ""
        self._order: tuple[int, Qt.SortOrder] | None = None
        self._kinds: dict[str, Kind] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, whatever is left out."""
        return self._problems

    @property
    def code(self) -> str:
        """The reason that is shown alone; empty for all."""
        return self._code

    def codes(self) -> list[tuple[str, int]]:
        """Every reason and how many files have it, most first."""
        return Counter(problem.code for problem in self._problems).most_common()

    def show(self, problems: Sequence[Problem]) -> None:
        """Take a list over; one that only grew keeps every row in its place."""
        fresh, known = tuple(problems), self._problems
        grown = len(fresh) >= len(known) and (not known or (fresh[0] is known[0] and fresh[len(known) - 1] is known[-1]))
        self._problems = fresh
        if not grown or self._order is not None:
            self._fill()
            return
        added = [problem for problem in fresh[len(known) :] if not self._code or problem.code == self._code]
        if added:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(added) - 1)
            self._rows += added
            self.endInsertRows()

    def only(self, code: str) -> None:
        """Show one reason alone, or all when empty."""
        if code != self._code:
            self._code = code
            self._fill()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one gives the order in which they were met."""
        self._order = (column, order) if column >= 0 else None
        self._fill()

    def _fill(self) -> None:
        self.beginResetModel()
        self._rows = [problem for problem in self._problems if not self._code or problem.code == self._code]
        if self._order is not None:
            column, order = self._order
            self._rows.sort(key=lambda problem: self._key(problem, column), reverse=order == Qt.SortOrder.DescendingOrder)
        self.endResetModel()

    def _key(self, problem: Problem, column: int) -> tuple[Any, ...]:
        path = problem.path
        if column == Column.FILE:
            return (path.rpartition(b"/")[2].lower(), path)
        if column == Column.FOLDER:
            return (path,)
        return (self._kind(problem).what if column != Column.DO else self._kind(problem).do, path)

    def problem(self, row: int) -> Problem | None:
        """The problem in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, path: bytes) -> int:
        """Row of the file with this raw path, -1 if it is not shown."""
        return next((row for row, problem in enumerate(self._rows) if problem.path == path), -1)

    # ------------------------------------------------------------------------------------------------ for the view

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        titles = {
            Column.SIGN: self.tr("Kind") if role == Qt.ItemDataRole.AccessibleTextRole else "",
            Column.FILE: self.tr("File"),
            Column.FOLDER: self.tr("Folder"),
            Column.WHAT: self.tr("What happened"),
            Column.DO: self.tr("What to do"),
        }
        return titles.get(Column(section), "")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        problem = self.problem(index.row()) if index.isValid() else None
        if problem is None:
            return None
        if role == PROBLEM_ROLE:
            return problem
        if role == ICON_ROLE:
            return self._kind(problem).icon
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(problem, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._text(problem, index.column()) or self._kind(problem).what
        if role == Qt.ItemDataRole.ToolTipRole:
            path = index.column() in (Column.FILE, Column.FOLDER)
            return names.tip(names.shown(problem.path) if path else f"{problem.message} {problem.hint}".strip())
        return None

    def _text(self, problem: Problem, column: int) -> str:
        if column == Column.FILE:
            return names.base(problem.path)
        if column == Column.FOLDER:
            return names.short_path(names.folder(problem.path))
        if column == Column.SIGN:
            return ""
        kind = self._kind(problem)
        return kind.what if column == Column.WHAT else kind.do

    def _kind(self, problem: Problem) -> Kind:
        kind = self._kinds.get(problem.code)
        if kind is None:
            kind = self._kinds[problem.code] = kind_of(problem)
        return kind
