"""The tree of folders: opens and closes, protects, and removes a folder from the list; it never touches one on disk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QTreeView,
    QWidget,
)

from engine.records import FolderView
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.models.folder_locks import FolderLocks
from imgfp_gui.models.folders import FOLDER_ROLE, FolderTreeModel, with_awaited
from imgfp_gui.views.folder_menu import folder_menu
from imgfp_gui.views.folder_row import INDENT, Places, draw_folder, number_font, places

LEAST_ROWS, MOST_ROWS = 3, 100

Index = QModelIndex | QPersistentModelIndex


class FolderTree(QTreeView):
    """`foldersPane`. What is open stays open when folders come and go.

    Signals
    -------
    rows_changed(): another number of rows is to be seen.
    """

    rows_changed = Signal()

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foldersPane")
        self.setAccessibleName(self.tr("Folders"))
        self.setAccessibleDescription(self.tr("Space protects the folder: nothing in it is proposed or moved."))
        self._controller = controller
        self._rows = FolderTreeModel(self)
        self._locks = FolderLocks(controller)
        self._open: set[bytes] = set()
        self._restoring = False
        self._hovered = QPersistentModelIndex()
        self._on_lock = False
        self._count_width = 0
        self._counting = QTimer(self, singleShot=True, interval=0)
        self._counting.timeout.connect(self._count)
        self.setModel(self._rows)
        self.setItemDelegate(_RowHeight(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(INDENT)
        self.setRootIsDecorated(True)
        self.setMouseTracking(True)
        self.setAllColumnsShowFocus(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.expanded.connect(lambda index: self._note(index, True))
        self.collapsed.connect(lambda index: self._note(index, False))
        self._rows.modelAboutToBeReset.connect(self._note_current)
        self._rows.modelReset.connect(self._restore)
        controller.folder_tree_changed.connect(lambda _: self._show())
        controller.folders_changed.connect(lambda _: self._show())
        self._current: bytes | None = None
        self._show()

    def _show(self) -> None:
        """The folders as they are now; those that were just added are there at once, without a number."""
        folders = with_awaited(self._controller.folder_tree, self._controller.folders)
        most = max((folder.photos for folder in folders), default=0)
        self._count_width = QFontMetrics(number_font(self.font())).horizontalAdvance(words.number(most))
        self._rows.show(folders)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(theme.LEFT_PANE[1], self._height_of(self._shown_rows()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height_of(min(LEAST_ROWS, self._shown_rows())))

    # ------------------------------------------------------------------------------------------------ painting

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        option = self._option(options, index)
        folder = index.data(FOLDER_ROLE)
        draw_folder(
            painter,
            option,
            folder,
            self._places(option, index),
            has_folders=self._rows.hasChildren(index),
            is_open=self.isExpanded(index),
            lock_hovered=self._on_lock and index == self._hovered,
        )

    def _option(self, base: QStyleOptionViewItem, index: Index) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem(base)
        option.font = self.font()
        flags = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus
        option.state &= ~flags
        if index == self._hovered:
            option.state |= QStyle.StateFlag.State_MouseOver
        if self.selectionModel().isSelected(index):
            option.state |= QStyle.StateFlag.State_Selected
        if self.hasFocus() and index == self.currentIndex():
            option.state |= QStyle.StateFlag.State_HasFocus
        return option

    def _places(self, option: QStyleOptionViewItem, index: Index) -> Places:
        depth, above = 0, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        return places(option, index.data(FOLDER_ROLE), depth, self._count_width, self.tr("not connected"))

    def _places_at(self, index: QModelIndex) -> Places:
        option = QStyleOptionViewItem()
        option.initFrom(self)
        rect = self.visualRect(index)
        option.rect = QRect(0, rect.y(), self.viewport().width(), rect.height())
        option.direction = self.layoutDirection()
        option.font = self.font()
        return self._places(option, index)

    # ------------------------------------------------------------------------------------------------ pointer and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The lock and the chevron are buttons; the rest of a row selects it."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            at, point = self._places_at(index), event.position().toPoint()
            if _hit(at.lock).contains(point):
                self.setCurrentIndex(index)
                self.toggle_protection(index, event.globalPosition().toPoint())
                return
            if _hit(at.chevron).contains(point) and self._rows.hasChildren(index):
                self.setCurrentIndex(index)
                self.setExpanded(index, not self.isExpanded(index))
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        if index.isValid() and any(
            _hit(box).contains(point) for box in (self._places_at(index).lock, self._places_at(index).chevron)
        ):
            self.mousePressEvent(event)  # two quick presses are two presses
            return
        super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        on_lock = index.isValid() and _hit(self._places_at(index).lock).contains(event.position().toPoint())
        self._hover(index, on_lock)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QModelIndex(), False)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._on_lock and self._hovered.isValid():
            QToolTip.showText(event.globalPos(), self._locks.tip(self._hovered.data(FOLDER_ROLE)), self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
            self.toggle_protection(self.currentIndex(), place)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid():
            return
        place = event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.visualRect(index).center())
        menu = self.menu_for(index)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def menu_for(self, index: QModelIndex) -> QMenu:
        """What can be done with a folder."""
        return folder_menu(index.data(FOLDER_ROLE), self._controller, self._locks, self)

    def toggle_protection(self, index: Index, place: QPoint | None = None) -> None:
        """Protect a folder, or lift that again. What a folder above it protects is said at `place` and stays."""
        if not index.isValid():
            return
        folder: FolderView = index.data(FOLDER_ROLE)
        if not self._locks.toggle(folder):
            QToolTip.showText(place or self.mapToGlobal(QPoint(0, 0)), self._locks.tip(folder), self)

    def _hover(self, index: QModelIndex, on_lock: bool) -> None:
        if (self._hovered, self._on_lock) != (index, on_lock):
            self._hovered, self._on_lock = QPersistentModelIndex(index), on_lock
            self.viewport().update()

    # ------------------------------------------------------------------------------------------------ what is open

    def _note(self, index: Index, is_open: bool) -> None:
        folder: FolderView = index.data(FOLDER_ROLE)
        if not self._restoring:
            (self._open.add if is_open else self._open.discard)(folder.path_bytes)
        self._count_soon()

    def _count_soon(self) -> None:
        """Opening all folders opens thousands; their rows are counted once, when that is done."""
        if not self._counting.isActive():
            self._counting.start()

    def _count(self) -> None:
        self.rows_changed.emit()
        self.updateGeometry()

    def _note_current(self) -> None:
        folder = self.currentIndex().data(FOLDER_ROLE) if self.currentIndex().isValid() else None
        self._current = folder.path_bytes if folder else None

    def _restore(self) -> None:
        """Open what was open, and select what was selected, after a change of the tree."""
        self._restoring = True
        for path in sorted(self._open):
            index = self._rows.index_of(path)
            if index.isValid():
                self.expand(index)
        self._restoring = False
        if self._current is not None:
            index = self._rows.index_of(self._current)
            if index.isValid():
                self.setCurrentIndex(index)
        self._hovered = QPersistentModelIndex()
        self._counting.stop()
        self._count()

    def _shown_rows(self) -> int:
        """Rows to be seen without scrolling, as far as anybody could: more than `MOST_ROWS` need not be told apart."""
        count, index = 0, self._rows.index(0, 0)
        while index.isValid() and count < MOST_ROWS:
            count, index = count + 1, self.indexBelow(index)
        return count

    def _height_of(self, rows: int) -> int:
        return rows * theme.at_least(theme.ROW, self.fontMetrics().height())


class _RowHeight(QStyledItemDelegate):
    """Tells the tree how high its rows are; the tree draws them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme.at_least(theme.ROW, QFontMetrics(option.font).height()))


def _hit(box: QRect) -> QRect:
    """The part of a row that presses what is painted in `box`: at least as large as a finger of the pointer needs."""
    return box.adjusted(-6, -6, 6, 6)
