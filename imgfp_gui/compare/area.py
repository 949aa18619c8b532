"""The middle of the review page: a line about the cluster over one of the compare modes. All modes share one viewport."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from imgfp_gui.compare import MODES
from imgfp_gui.compare.canvas import Canvas
from imgfp_gui.compare.compare_bar import CompareBar
from imgfp_gui.compare.empty_note import EmptyNote
from imgfp_gui.compare.scenery import Scenery
from imgfp_gui.compare.side_by_side import SideBySide
from imgfp_gui.compare.stage import Stage
from imgfp_gui.compare.viewport import NOTCH, Viewport
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.members import MembersModel
from imgfp_gui.models.pictures import Pictures


class CompareArea(QFrame):
    """`compareArea`. actions: by command id, for the buttons of its bar.

    `members` is the model of the selected cluster's photos, which other views may show too.
    """

    def __init__(
        self,
        controller: ReviewController,
        pictures: Pictures,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compareArea")
        self.setAccessibleName(self.tr("Photos compared"))
        self._controller = controller
        self.members = MembersModel(controller, self)
        self.viewport = Viewport()
        self.scenery = Scenery(controller.preferences, self)
        self._stage = Stage(controller, pictures, self.members, self.viewport, self.scenery)
        self.bar = CompareBar(self._stage, actions)
        self._empty = EmptyNote(controller)
        self._stack = QStackedWidget()
        self._modes: dict[str, QWidget] = {}
        for mode in MODES:
            self._modes[mode.id] = mode.make(self._stage)
            self._stack.addWidget(self._modes[mode.id])
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
        for signal in (controller.cluster_selected, controller.mode_changed, controller.working_changed):
            signal.connect(lambda _: self._show())
        controller.queue_changed.connect(self._show)
        controller.fit_requested.connect(self.look)
        self.scenery.changed.connect(self._link)
        self._link()
        self._show()

    def mode_widget(self, mode: str) -> QWidget:
        """The widget of a mode. Raises KeyError for an unknown one."""
        return self._modes[mode]

    def next_surround(self) -> None:
        """The next grey behind the photos."""
        self.scenery.next_surround()

    def show_information(self, shown: bool) -> None:
        """Lay facts over the photos, or show the photos alone."""
        self.scenery.show_facts(shown)

    def look(self, how: str) -> None:
        """``fit`` and ``two`` (both and back to 1:1), ``one``, ``in``, ``out``: about the pointer when it is on a photo.

        In a mode that does not zoom, the photos are laid side by side first.
        """
        mode = next(mode for mode in MODES if mode.id == self._controller.mode)
        if not mode.zooms:
            self._controller.set_mode(next(mode.id for mode in MODES if mode.zooms))
        viewport, (canvas, at) = self.viewport, self._under_pointer()
        place = (at, canvas.area, canvas.pane) if canvas is not None else (None, None, 0)
        if how in ("in", "out") and not viewport.linked:
            self._zoom_alone(1 if how == "in" else -1, canvas, at)
        elif how in ("in", "out"):
            viewport.step(1 if how == "in" else -1, *place)
        elif how == "fit" and not viewport.fitted:
            viewport.fit()
        else:
            zoom = 2.0 if how == "two" and abs(viewport.zoom - 2.0) > 1e-6 else 1.0
            viewport.zoom_to(zoom, *place)
        self._take_keyboard()

    def _zoom_alone(self, notches: int, canvas: Canvas | None, at: QPointF | None) -> None:
        """Without the link a key zooms one photo: the one under the pointer, else the active one."""
        active = self._side.active_canvas()
        canvas = canvas or active
        if canvas is not None:
            middle = QPointF(canvas.area.width() / 2, canvas.area.height() / 2)
            self.viewport.zoom_by(NOTCH**notches, at or middle, canvas.area, canvas.pane)

    def _take_keyboard(self) -> None:
        """What is zoomed by a key can be moved by keys: the active photo has the keyboard then."""
        focus, active = self.window().focusWidget(), self._side.active_canvas()
        if not self.viewport.fitted and active is not None and not (focus and self.isAncestorOf(focus)):
            active.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def _side(self) -> SideBySide:
        return next(mode for mode in self._modes.values() if isinstance(mode, SideBySide))

    def _under_pointer(self) -> tuple[Canvas | None, QPointF | None]:
        """The photo under the pointer and where, in its device pixels."""
        for canvas in self.findChildren(Canvas):
            place = canvas.mapFromGlobal(QCursor.pos())
            if canvas.isVisible() and canvas.rect().contains(place) and canvas.underMouse():
                return canvas, QPointF(place) * canvas.devicePixelRatioF()
        return None, None

    def _link(self) -> None:
        if self.viewport.linked != self.scenery.linked:
            self.viewport.set_linked(self.scenery.linked)

    def _show(self) -> None:
        controller = self._controller
        shown = controller.cluster is not None
        self.bar.show_mode(zooms=next(mode.zooms for mode in MODES if mode.id == controller.mode))
        self.bar.setVisible(shown)
        if not shown:
            self._empty.refresh()
            self._stack.setCurrentWidget(self._empty)
            return
        self._stack.setCurrentWidget(self._modes[controller.mode])
