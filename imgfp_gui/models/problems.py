"""Files that gave no picture or only part of one, a row each, in the order they were met."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from engine.records import Problem
from imgfp_gui.models.clusters import Index

PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 1


class ProblemListModel(QAbstractListModel):
    """Grows while a scan runs; emptied when the next begins."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """One more problem, below the others."""
        row = len(self._problems)
        self.beginInsertRows(QModelIndex(), row, row)
        self._problems.append(problem)
        self.endInsertRows()

    def clear(self) -> None:
        """Forget them all."""
        self.beginResetModel()
        self._problems = []
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._problems)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._problems):
            return None
        problem = self._problems[index.row()]
        if role == PROBLEM_ROLE:
            return problem
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{problem.message} {problem.hint}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return problem.path.decode("utf-8", "replace")
        return None
