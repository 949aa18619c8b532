"""The history as the page lists it: a row for each day and each thing done, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QDate, QModelIndex, QObject, QPersistentModelIndex, Qt

from imgfp_gui.models import history_words, words
from imgfp_gui.models.history_entry import Entry, entries_of

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1  # an `Entry`, or the text of a day's heading

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Headings and entries, one row each. Rows that a search leaves out are not there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._rows: list[Entry | str] = []
        self._text = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, whatever is searched for."""
        return self._entries

    def show(self, history: Sequence[Mapping[str, Any]]) -> None:
        """Take over what the engine answered."""
        self._entries = entries_of(history)
        self._fill()

    def look(self, entry_id: str, lost: frozenset[bytes]) -> int:
        """Note which files of an entry could not come back. Returns its row, -1 when it is not shown."""
        known = next((n for n, entry in enumerate(self._entries) if entry.id == entry_id), -1)
        if known < 0:
            return -1
        old, new = self._entries[known], self._entries[known].looked_at(lost)
        self._entries = (*self._entries[:known], new, *self._entries[known + 1 :])
        row = next((n for n, what in enumerate(self._rows) if what is old), -1)
        if row >= 0:
            self._rows[row] = new
            self.dataChanged.emit(self.index(row), self.index(row))
        return row

    def find(self, text: str) -> None:
        """Show only entries about photos or folders whose path holds this text."""
        self._text = text.strip().casefold()
        self._fill()

    def entry(self, row: int) -> Entry | None:
        """The entry in a row, None for a heading."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Entry) else None

    def row_of(self, entry_id: str) -> int:
        """Row of an entry, else of the first one, else -1."""
        ids = {what.id: row for row, what in enumerate(self._rows) if isinstance(what, Entry)}
        return ids.get(entry_id, next(iter(ids.values()), -1))

    def _fill(self) -> None:
        self.beginResetModel()
        self._rows = []
        today, last = QDate.currentDate(), None
        for entry in self._entries:
            if self._text and not (entry.holds(self._text) or self._text in history_words.title(entry).casefold()):
                continue
            date = entry.when.date()
            if date != last:
                self._rows.append(history_words.day(date, today))
                last = date
            self._rows.append(entry)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.entry(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags  # a heading is passed over by the arrow keys
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        what = self._rows[index.row()]
        if role == ENTRY_ROLE:
            return what
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return what if isinstance(what, str) else self._sentence(what)
        return None

    def _sentence(self, entry: Entry) -> str:
        """What a screen reader says of a row."""
        ways = {"restore": self.tr("can be put back"), "forget": self.tr("can be forgotten")}
        size = words.size(entry.bytes) if entry.bytes else ""
        said = (history_words.clock(entry.when), history_words.title(entry), history_words.sentence(entry), size)
        return ", ".join(part for part in (*said, ways.get(entry.way, "")) if part)
