"""The list of what was done: days and entries, one of them chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from imgfp_gui.controller import ReviewController
from imgfp_gui.models.history import HistoryModel
from imgfp_gui.models.history_entry import Entry
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.history_delegate import HistoryDelegate


class HistoryList(QListView):
    """`chosen(Entry | None)`: another entry is the current one. `opened()`: Enter was pressed on it."""

    chosen = Signal(object)
    opened = Signal()

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._files: dict[str, tuple[int, ...]] = {}
        self.rows = HistoryModel(self)
        self.setObjectName("historyList")
        self.setAccessibleName(self.tr("What was done"))
        self.setModel(self.rows)
        self.painter = HistoryDelegate(pictures, self._files_of, self)
        self.setItemDelegate(self.painter)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(lambda now, _: self.chosen.emit(self.rows.entry(now.row())))
        pictures.arrived.connect(self._repaint)
        controller.library_opened.connect(self._look_again)
        controller.scan_finished.connect(self._look_again)

    @property
    def entry(self) -> Entry | None:
        """The chosen one."""
        return self.rows.entry(self.currentIndex().row())

    def choose(self, entry_id: str) -> None:
        """Choose an entry, or the first when it is not there."""
        row = self.rows.row_of(entry_id)
        index = self.rows.index(row) if row >= 0 else QModelIndex()
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if row < 0:
            self.chosen.emit(None)

    def _look_again(self) -> None:
        self._files.clear()
        self._repaint()

    def _repaint(self) -> None:
        self.viewport().update()

    def _files_of(self, entry: Entry) -> tuple[int, ...]:
        """Photos of the open library that show what an entry is about: its own where they are there, else the kept ones."""
        known = self._files.get(entry.id)
        if known is None:
            views = [self._controller.file_at(path) or self._controller.file_at(kept) for path, kept in entry.first]
            known = self._files[entry.id] = tuple(view.id for view in views if view is not None)
        return known

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.entry is not None:
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Home:
            self.choose("")
            self.scrollToTop()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters do nothing here."""
