"""All photos of the cluster at once, as large as fits, and the links between them."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListView, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.compare import links
from imgfp_gui.compare.arrangement import cell_size
from imgfp_gui.compare.stage import Stage
from imgfp_gui.compare.survey_delegate import GAP, INSET, SurveyDelegate, caption_height
from imgfp_gui.parts.elided_label import ElidedLabel
from imgfp_gui.parts.icon_label import IconLabel
from imgfp_gui.parts.keys import key_of

FOOT = 28
MARGIN = 4  # round all cells, beside the gap of each


class SurveyList(QListView):
    """The photos, a cell each; a double click looks at one side by side."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("memberGrid")
        self.setAccessibleName(self.tr("Photos of the cluster"))
        self._stage = stage
        self._delegate = SurveyDelegate(stage.pictures, stage.scenery, self)
        self._following = False
        self.setModel(stage.members)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ground", "well")
        self.setViewportMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        controller = stage.controller
        stage.members.modelReset.connect(self._show)
        controller.photo_selected.connect(self._follow)
        stage.pictures.arrived.connect(self._arrived)
        stage.scenery.changed.connect(self.viewport().update)
        self.selectionModel().currentChanged.connect(self._tell)
        self.doubleClicked.connect(lambda _: controller.set_mode("side"))
        self._show()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, never a search."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrived(self, file: int) -> None:
        model = self._stage.members
        for row in range(model.rowCount()):
            if model.member(row).file == file:
                self.viewport().update(self.visualRect(model.index(row)))

    def _show(self) -> None:
        self._arrange()
        self._follow(self._stage.controller.photo)

    def _arrange(self) -> None:
        """Cells for the photos there are; the scroll bar takes room only when they do not fit."""
        count = self._stage.members.rowCount()
        area = self.size() - QSize(2 * MARGIN + 2, 2 * MARGIN + 2)  # a list keeps a pixel or two for itself
        cell = self._cell(area, count)
        fits = -(-count // max(1, area.width() // max(1, cell.width()))) * cell.height() <= area.height()
        if not fits:
            cell = self._cell(area - QSize(theme.SCROLL_BAR_HIT, 0), count)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)
        if self.gridSize() != cell:
            self._delegate.cell = cell
            self.setGridSize(cell)
            self.scheduleDelayedItemsLayout()

    def _cell(self, area: QSize, count: int) -> QSize:
        first = self._stage.displayed(self._stage.members.member(0)) if count else None
        shape = first.width() / first.height() if first else 1.5
        return cell_size(area, count, caption_height(self.font()), GAP + INSET, min(max(shape, 0.75), 2.0))

    def _follow(self, photo: int) -> None:
        if not 0 <= photo < self._stage.members.rowCount():
            return
        self._following = True
        try:
            index = self._stage.members.index(photo)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
        finally:
            self._following = False

    def _tell(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self._stage.controller.select_photo(current.row())


class Survey(QFrame):
    """The mode ``grid``: the photos over a line about their links and the keys that decide."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("survey")
        self._stage = stage
        self._links: tuple[links.Link, ...] = ()
        self.list = SurveyList(stage)
        self._line = ElidedLabel(Qt.TextElideMode.ElideRight, 12)
        self._line.setProperty("role", "dim")
        self.setFocusProxy(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._foot())
        stage.members.modelReset.connect(self._show)
        self._show()

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("line", "above")
        foot.setProperty("pane", "side")
        foot.setFixedHeight(theme.at_least(FOOT, self.fontMetrics().height()))
        line = QHBoxLayout(foot)
        line.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
        line.setSpacing(6)
        self._sign = IconLabel("link-2", "dim")
        line.addWidget(self._sign)
        line.addWidget(self._line, 1)
        for command, text in (
            ("verdict.keep", self.tr("keep")),
            ("verdict.trash", self.tr("trash")),
            ("verdict.undecided", self.tr("undecided")),
        ):
            key, word = QLabel(key_of(command)), QLabel(text)
            key.setProperty("role", "key")
            word.setProperty("role", "dim")
            line.addWidget(key, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(word, 0, Qt.AlignmentFlag.AlignVCenter)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _show(self) -> None:
        cluster = self._stage.controller.cluster
        self._links = links.holding(cluster, self._stage.controller.links(cluster)) if cluster else ()
        self._write()

    def _write(self) -> None:
        metrics, room = self._line.fontMetrics(), max(self._line.width(), self.width() // 2)
        self._sign.setVisible(bool(self._links))
        self._line.set_text(links.sentence(self._links, lambda text: metrics.horizontalAdvance(text) < room))
