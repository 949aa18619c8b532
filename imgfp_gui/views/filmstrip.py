"""All photos of the cluster in a row under those that are compared, and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QSizePolicy, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.members import MembersModel
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.filmstrip_actions import FilmstripActions
from imgfp_gui.views.filmstrip_delegate import GAP, FilmstripDelegate
from imgfp_gui.views.resembling import Resembling


class FilmstripList(QListView):
    """The photos. The active one follows the controller, a press or an arrow key makes another one active."""

    def __init__(self, controller: ReviewController, pictures: Pictures, members: MembersModel) -> None:
        super().__init__()
        self.setObjectName("filmstripList")
        self.setAccessibleName(self.tr("Photos of the cluster"))
        self._controller = controller
        self._members = members
        self._following = False
        self.delegate = FilmstripDelegate(controller, pictures, self)
        self.setModel(members)
        self.setItemDelegate(self.delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        members.modelReset.connect(lambda: self._follow(controller.photo))
        controller.photo_selected.connect(self._follow)
        controller.panes_changed.connect(lambda _: self.viewport().update())
        pictures.arrived.connect(self._arrived)
        self.selectionModel().currentChanged.connect(self._tell)
        self._follow(controller.photo)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, never a search."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """There is only one way to scroll, and every wheel goes it."""
        turned = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turned.y() or turned.x()))
        event.accept()

    def _arrived(self, file: int) -> None:
        for member in self._members.members:
            if member.file == file:
                self.update(self._members.index(member.index))

    def _follow(self, photo: int) -> None:
        if not 0 <= photo < self._members.rowCount():
            return
        self._following = True
        try:
            index = self._members.index(photo)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
        finally:
            self._following = False

    def _tell(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self._controller.select_photo(current.row())


class Filmstrip(QFrame):
    """`filmstrip`. actions: by command id. members: the model of the selected cluster's photos, where another view has one."""

    def __init__(
        self,
        controller: ReviewController,
        pictures: Pictures,
        actions: Mapping[str, QAction],
        members: MembersModel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filmstrip")
        self.setAccessibleName(self.tr("Filmstrip"))
        self.setProperty("line", "above")
        self.setProperty("pane", "side")
        self.members = members or MembersModel(controller, self)
        self.list = FilmstripList(controller, pictures, self.members)
        self.actions_column = FilmstripActions(actions)
        self.resembling = Resembling(controller)
        line = QHBoxLayout(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        line.setContentsMargins(0 if mirrored else GAP, 0, GAP if mirrored else 0, 0)
        line.setSpacing(0)  # every cell brings the gap behind it
        line.addWidget(self.list, 1)
        line.addWidget(self.resembling, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._rule(), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.actions_column)
        self.setFocusProxy(self.list)
        self._low: bool | None = None
        self.set_low(low=False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self.set_low(low=self.window().height() < theme.LOW_WINDOW)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self.set_low(low=self.window().height() < theme.LOW_WINDOW)
        return False

    def set_low(self, *, low: bool) -> None:
        """Be as low as a low window needs."""
        if low is self._low:
            return
        self._low = low
        self.list.delegate.low = low
        self.actions_column.set_low(low=low)
        cell = self.list.delegate.cell(self.fontMetrics().height()).height()
        least = theme.FILMSTRIP_LOW if low else theme.FILMSTRIP
        self.setFixedHeight(max(least, cell + theme.SPACE_S))
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if low else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.list.setHorizontalScrollBarPolicy(policy)  # a low strip has no room for it; wheel and keys do the same
        self.list.scheduleDelayedItemsLayout()

    def _rule(self) -> QFrame:
        rule = QFrame()
        rule.setProperty("role", "separator")
        rule.setFixedSize(theme.HAIR, theme.FILMSTRIP_CELL[1])
        return rule
