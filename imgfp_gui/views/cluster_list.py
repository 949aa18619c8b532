"""The list of clusters: two small photos, how alike, how many, how much could be freed, and a sign for what is proposed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.records import Cluster, ClusterSnapshot, Suggest
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.models.clusters import CLUSTER_ROLE, KEY_ROLE, ClusterListModel, proposed
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting

THUMB = QSize(48, 40)
SIGN = 16
ROW = 56

Index = QModelIndex | QPersistentModelIndex


class ClusterDelegate(QStyledItemDelegate):
    """Paints one row from the snapshot; thumbnails come when they come."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, max(ROW, 2 * QFontMetrics(option.font).height() + 2 * theme.SPACE_S))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cluster = index.data(CLUSTER_ROLE)
        if not isinstance(cluster, Cluster):
            return
        tokens = painting.tokens_for(option)
        painting.draw_row_ground(painter, option, tokens)
        left = option.rect.x() + theme.SPACE_M
        top = option.rect.y() + (option.rect.height() - THUMB.height()) // 2
        for file in cluster.members[:2]:
            frame = self._visual(option, QRect(left, top, THUMB.width(), THUMB.height()))
            picture = self._pictures.get(file, max(THUMB.width(), THUMB.height()) * painter.device().devicePixelRatioF())
            painting.draw_photo(painter, frame, picture, tokens)
            left += THUMB.width() + theme.SPACE_XS
        self._write(painter, option, cluster, left + theme.SPACE_XS)
        painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), QColor(tokens.panel))
        painting.draw_focus(painter, option, tokens)

    def _write(self, painter: QPainter, option: QStyleOptionViewItem, cluster: Cluster, left: int) -> None:
        tokens = painting.tokens_for(option)
        right = option.rect.right() - theme.SPACE_M
        sign = self._visual(option, QRect(right - SIGN, option.rect.center().y() - SIGN // 2, SIGN, SIGN))
        painting.draw_sign(painter, QRectF(sign), None if proposed(cluster) else Suggest.UNDECIDED, tokens)
        width = right - SIGN - theme.SPACE_S - left
        bold, plain = theme.sized(option.font, 0, bold=True), theme.sized(option.font, -1)
        height = QFontMetrics(bold).height()
        top = option.rect.center().y() - height
        score = words.percent(cluster.weakest)
        taken = QFontMetrics(bold).horizontalAdvance(score)
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        painter.setFont(bold)
        painter.setPen(painting.text_colour(option))
        painter.drawText(self._visual(option, QRect(left, top, taken + 2, height)), align, score)
        painter.setFont(plain)
        painter.setPen(QColor(tokens.dim))
        metrics = QFontMetrics(plain)
        kind = metrics.elidedText(words.tier(cluster.tier), Qt.TextElideMode.ElideRight, width - taken - 6)
        painter.drawText(self._visual(option, QRect(left + taken + 6, top, width - taken - 6, height)), align, kind)
        second = words.photos(len(cluster.members))
        if cluster.reclaimable_bytes:
            second = f"{second} · {words.size(cluster.reclaimable_bytes)}"
        second = metrics.elidedText(second, Qt.TextElideMode.ElideRight, width)
        painter.drawText(self._visual(option, QRect(left, top + height + 1, width, height)), align, second)

    def _visual(self, option: QStyleOptionViewItem, rect: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, rect)


class ClusterList(QListView):
    """`clusterList`. The current row and the controller's current cluster are one."""

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clusterList")
        self.setAccessibleName(self.tr("Clusters"))
        self.setAccessibleDescription(self.tr("Photos that belong together. Up and down show another cluster."))
        self._controller = controller
        self._rows = ClusterListModel(self)
        self._following = False
        self.setModel(self._rows)
        self.setItemDelegate(ClusterDelegate(pictures, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        controller.clusters_changed.connect(self._show)
        controller.cluster_selected.connect(self._follow)
        pictures.arrived.connect(lambda _: self.viewport().update())
        self.selectionModel().currentChanged.connect(self._tell)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, never a search."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()

    def _show(self, snapshot: ClusterSnapshot) -> None:
        """Take a snapshot over and keep the selected row at its place on the screen."""
        self._following = True
        try:
            row_before = self._rows.row_of(self._controller.cluster.key) if self._controller.cluster else -1
            at = self.visualRect(self._rows.index(row_before)).y() if row_before >= 0 else 0
            self._rows.show(snapshot)
            self._select(self._controller.cluster)
            row = self._rows.row_of(self._controller.cluster.key) if self._controller.cluster else -1
            if row >= 0 and row_before >= 0 and 0 <= at < self.viewport().height():
                shifted = self.visualRect(self._rows.index(row)).y() - at
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + shifted)
        finally:
            self._following = False

    def _follow(self, cluster: Cluster | None) -> None:
        self._following = True
        try:
            self._select(cluster)
        finally:
            self._following = False
        if self.currentIndex().isValid():
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
