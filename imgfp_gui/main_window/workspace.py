"""Folders and clusters at the left, facts and tuning at the right, and between them what is done just now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.compare.area import CompareArea
from imgfp_gui.controller import ReviewController
from imgfp_gui.main_window.splitter import Splitter
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.models.scan_story import ScanStory
from imgfp_gui.views.cluster_list import ClusterList
from imgfp_gui.views.empty_page import EmptyPage
from imgfp_gui.views.filmstrip import Filmstrip
from imgfp_gui.views.folders_pane import FoldersPane
from imgfp_gui.views.problems_page import ProblemsPage
from imgfp_gui.views.queue_filters import QueueFilters
from imgfp_gui.views.scanning_page import ScanningPage
from imgfp_gui.views.side_drawer import SideDrawer

NO_TYPING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
PAGES = ("scanning", "review", "empty", "problems")


class Workspace(Splitter):
    """Left pane, the page in the middle, right pane. Pages are made when they are seen first.

    Signals
    -------
    page_made(str, QWidget): a page of the middle was made.
    """

    page_made = Signal(str, object)

    def __init__(
        self, controller: ReviewController, pictures: Pictures, story: ScanStory, actions: Mapping[str, QAction]
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.guard = TypingGuard(self)
        self._controller = controller
        self._panels = True
        self._wanted = (0, 0)  # widths of the sides as the user left them, 0: as usual
        self.folders = FoldersPane(controller, actions)
        self.filters = QueueFilters(controller, actions)
        self.clusters = ClusterList(controller, pictures, actions)
        self.left = self._make_left()
        self.middle = QStackedWidget()
        self.middle.setObjectName("middle")
        self.compare = CompareArea(controller, pictures, actions)
        self.filmstrip = Filmstrip(controller, pictures, actions, self.compare.members)
        self._pages: dict[str, QWidget] = {"review": self._make_review()}
        self._makers: dict[str, Callable[[], QWidget]] = {
            "scanning": lambda: ScanningPage(controller, pictures, story, actions),
            "empty": lambda: EmptyPage(controller, pictures, story, actions),
            "problems": lambda: ProblemsPage(controller, pictures),
        }
        self.middle.addWidget(self._pages["review"])
        self.right = SideDrawer(controller, pictures, self.middle)
        for part in (self.left, self.middle, self.right):
            self.addWidget(part)
        self.setStretchFactor(1, 1)
        self.splitterMoved.connect(lambda *_: self._note_widths())
        controller.mode_changed.connect(lambda _: self._lay())
        controller.page_changed.connect(self.show_page)
        self.show_page(controller.page)

    # ------------------------------------------------------------------------------------------------ building

    def _make_left(self) -> QFrame:
        pane = QFrame()
        pane.setProperty("pane", "side")
        pane.setMinimumWidth(theme.LEFT_PANE[0])
        pane.setMaximumWidth(theme.LEFT_PANE[2])
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        line = QFrame()
        line.setProperty("role", "separator")
        line.setFixedHeight(theme.HAIR)
        for part in (self.folders, self.filters, line):
            layout.addWidget(part)
        layout.addWidget(self.clusters, 1)
        return pane

    def _make_review(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.compare, 1)
        layout.addWidget(self.filmstrip)
        return page

    # ------------------------------------------------------------------------------------------------ what is seen

    def page(self, name: str) -> QWidget:
        """A page of the middle, made when it is not there yet. Raises KeyError."""
        if name not in self._pages:
            made = self._pages[name] = self._makers[name]()
            self.middle.addWidget(made)
            self.page_made.emit(name, made)
        return self._pages[name]

    def show_page(self, name: str) -> None:
        """Show a page in the middle, and beside it what belongs to it. Names of others are left alone."""
        if name in PAGES:
            self.middle.setCurrentWidget(self.page(name))
            self._lay()

    def set_panels(self, *, shown: bool) -> None:
        """Show what stands at both sides, or give all the room to the photos."""
        self._panels = shown
        self._lay()

    def _lay(self) -> None:
        review = self.middle.currentWidget() is self._pages["review"]
        self.left.setVisible(self._panels)
        self.right.setVisible(self._panels and review)
        self.filmstrip.setVisible(self._controller.mode != "grid")  # the grid shows them all, and needs the height

    # ------------------------------------------------------------------------------------------------ widths

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._give_way()
        return done

    def _give_way(self) -> None:
        """In a narrow window the right pane is a strip of tabs, in a low one the filmstrip is lower."""
        self._widen()
        self.right.set_narrow(self.width() < theme.DRAWER_BELOW)
        self.filmstrip.set_low(low=self.window().height() < theme.LOW_WINDOW)

    def _placed(self) -> bool:
        """It has the width it will be seen with."""
        return self.isVisible() and self.width() == self.parentWidget().width()

    def widths(self) -> tuple[int, int]:
        """Of the left and the right pane in logical pixels, as the user left them; 0 for one that was not touched."""
        return self._wanted

    def set_widths(self, left: int, right: int) -> None:
        """0: as usual. The photos give way to both; where they cannot, the sides get narrower for as long as that lasts."""
        self._wanted = (left, right)
        self._widen()

    def _widen(self) -> None:
        if not self._placed():
            return
        left, right = self._wanted
        left = min(max(left or theme.LEFT_PANE[1], theme.LEFT_PANE[0]), theme.LEFT_PANE[2])
        right = self.right.sizeHint().width() if self.right.narrow or not right else right
        self.setSizes([left, max(1, self.width() - left - right), right])

    def _note_widths(self) -> None:
        """The user moved a handle."""
        left, right = self._wanted
        self._wanted = (self.left.width() if self.left.isVisible() else left, right if self.right.narrow else self.right.width())

    def review_widgets(self) -> tuple[QWidget, ...]:
        """Where letters are commands."""
        return (self.clusters, self.compare, self.filmstrip, self.filters)


class TypingGuard(QObject):
    """Watches a text field among them: while it has the keyboard, no key without Ctrl or Alt is a command."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            held = event.modifiers()  # type: ignore[attr-defined]
            if not held & NO_TYPING:
                event.accept()
                return True
        return super().eventFilter(watched, event)
