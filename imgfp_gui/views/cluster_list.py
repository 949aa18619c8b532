"""The list of clusters. Its current row and the controller's current cluster are one, and it keeps its place when others come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from engine.records import Cluster
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.clusters import KEY_ROLE, ClusterListModel
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.cluster_delegate import ClusterDelegate

MENU: tuple[str | None, ...] = (
    "cluster.accept",
    "verdict.keep_this",
    None,
    "cluster.different",
    "cluster.keep_all",
    "cluster.aside",
)


class ClusterList(QListView):
    """`clusterList`. actions: commands by id, for the context menu."""

    def __init__(
        self,
        controller: ReviewController,
        pictures: Pictures,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("clusterList")
        self.setAccessibleName(self.tr("Clusters"))
        self.setAccessibleDescription(self.tr("Photos that belong together. Up and down show another cluster."))
        self._controller = controller
        self._actions = actions
        self._rows = ClusterListModel(controller, self)
        self._following = False
        self._anchor: tuple[str, int] | None = None
        self.setModel(self._rows)
        self.setItemDelegate(ClusterDelegate(controller, pictures, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._rows.taking.connect(self._note_place)
        self._rows.taken.connect(self._restore_place)
        controller.cluster_selected.connect(self._follow)
        pictures.arrived.connect(self._repaint)
        self.selectionModel().currentChanged.connect(self._tell)
        self.clicked.connect(lambda _: self._show_it())
        self._select(controller.cluster)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, never a search."""

    def dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Sequence[int] = ()) -> None:
        """Rows are equally high whatever they show: the list's own way would lay all of them out again at every key."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The commands of the cluster under the pointer, which becomes the current one; by key, of the current one."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            place = event.globalPos()
            if not self.indexAt(event.pos()).isValid():
                return
            self.setCurrentIndex(self.indexAt(event.pos()))
        elif self.currentIndex().isValid():
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        else:
            return
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Cluster"))
        for name in MENU:
            if name is None:
                menu.addSeparator()
            elif name in self._actions:
                menu.addAction(self._actions[name])
        menu.popup(place)
        menu.aboutToHide.connect(menu.deleteLater)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows; where a filter leaves none, a sentence instead of nothing."""
        super().paintEvent(event)
        if self._rows.rowCount() or not self._controller.snapshot.clusters:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QColor(theme.tokens_of(self.palette()).dim))
        place = self.viewport().rect().adjusted(theme.SPACE_M, theme.SPACE_L, -theme.SPACE_M, 0)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place, int(flags), self.tr("No cluster matches the filter."))
        painter.end()

    # ------------------------------------------------------------------------------------------------ keeping the place

    def _note_place(self) -> None:
        """Whatever rows come or go, the selected one stays where the eye is; without one in sight, the topmost does."""
        seen = self.viewport().rect()
        for index in (self.currentIndex(), self.indexAt(QPoint(seen.center().x(), 0))):
            rect = self.visualRect(index) if index.isValid() else QRect()
            if rect.isValid() and rect.intersects(seen):
                self._anchor = (index.data(KEY_ROLE), rect.y())
                break
        self._following = True

    def _restore_place(self) -> None:
        try:
            self._select(self._controller.cluster)
        finally:
            self._following = False
        anchor, self._anchor = self._anchor, None
        row = self._rows.row_of(anchor[0]) if anchor else -1
        if anchor is not None and row >= 0:
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(self._rows.index(row)).y() - anchor[1])

    # ------------------------------------------------------------------------------------------------ one selection

    def _follow(self, cluster: Cluster | None) -> None:
        before = self.currentIndex().row()
        self._following = True
        try:
            self._select(cluster)
        finally:
            self._following = False
        if self.currentIndex().isValid() and self.currentIndex().row() != before:
            self.scrollTo(self.currentIndex())

    def _select(self, cluster: Cluster | None) -> None:
        row = self._rows.row_of(cluster.key) if cluster else -1
        if row >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._rows.index(row), flags)
        else:
            self.selectionModel().clear()

    def _tell(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self._controller.select_cluster(current.data(KEY_ROLE))
            self._show_it()

    def _show_it(self) -> None:
        """Who chooses a cluster wants to see it, whatever page is shown."""
        if self._controller.page != "review":
            self._controller.start_reviewing()

    def _repaint(self, file: int) -> None:
        """A picture came: paint the row that shows it, if it is in sight."""
        rows_of_files = self._controller.snapshot.columns.row_of_file
        row = int(rows_of_files[file]) if 0 <= file < len(rows_of_files) else -1
        if row >= 0:
            place = self._rows.row_of(self._controller.snapshot.clusters[row].key)
            if place >= 0:
                self.update(self._rows.index(place))
