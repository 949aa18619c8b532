"""The frame: toolbar, pages, activity bar, and the actions of all commands. Folders can be dropped anywhere on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from imgfp_gui import icons, theme
from imgfp_gui.commands import COMMANDS, WINDOW, make_action
from imgfp_gui.main_window.menus import make_menus
from imgfp_gui.main_window.state import WindowState
from imgfp_gui.main_window.toolbar import Toolbar
from imgfp_gui.parts.dropped import holds_files, places_of
from imgfp_gui.preferences import Preferences
from imgfp_gui.views.activity_bar import ActivityBar

if TYPE_CHECKING:
    from imgfp_gui.controller import ReviewController
    from imgfp_gui.main_window.contents import Contents
    from imgfp_gui.main_window.workspace import Workspace
    from imgfp_gui.models.pictures import Pictures
    from imgfp_gui.style import Theme


class MainWindow(QMainWindow):
    """`controller` is the way in for tests and screenshot tours; every command is a QAction named ``command.<id>``.

    Without a controller only the frame is there, with everything switched off; `attach` brings the rest.
    """

    controller: ReviewController
    pictures: Pictures
    contents: Contents

    def __init__(self, controller: ReviewController | None = None, preferences: Preferences | None = None) -> None:
        """preferences: from which size and place are taken before there is a controller."""
        super().__init__()
        self.theme: Theme | None = None
        self.actions_by_id = {command.id: make_action(command, self) for command in COMMANDS}
        self.setWindowTitle(self.tr("imgfp"))
        self.setMinimumSize(*theme.WINDOW_MIN)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._dress_actions()
        self._menu = make_menus(self, self.actions_by_id)
        self.toolbar = Toolbar(self.actions_by_id, self._menu)
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self.activity_bar = ActivityBar(self.actions_by_id)
        self._arrange()
        self._closing = False
        self._enable_for_start()
        kept = controller.preferences if controller is not None else preferences or Preferences(None, self)
        self.state = WindowState(self, kept)
        if controller is not None:
            self.attach(controller)
            self.make_ready()

    def action(self, command: str) -> QAction:
        """The action of a command id. Raises KeyError."""
        return self.actions_by_id[command]

    def attach(self, controller: ReviewController) -> None:
        """Let the window show what this controller knows, and its commands act on it. Once."""
        from imgfp_gui.main_window.contents import Contents
        from imgfp_gui.main_window.enabling import Enabling
        from imgfp_gui.main_window.title import WindowTitle
        from imgfp_gui.main_window.wiring import works
        from imgfp_gui.models.pictures import Pictures

        self.controller = controller
        controller.preferences.changed.connect(self._heed)
        self.state.use(controller.preferences)
        self.pictures = Pictures(controller, self)
        self.contents = Contents(self, controller, self.pictures)
        does = works(self, self.contents)
        does["app.quit"] = self.ask_to_close
        does["app.menu"] = self.toolbar.open_menu
        for name, action in self.actions_by_id.items():
            action.setEnabled(True)
            action.triggered.connect(lambda _=False, work=does[name]: work())
        self._enabling = Enabling(controller, self.actions_by_id, self)
        WindowTitle(controller, self)

    def _heed(self, name: str) -> None:
        if name == "theme" and self.theme is not None:
            self.theme.want(self.controller.preferences.values.theme)

    @property
    def workspace(self) -> Workspace:
        """Panes and pages of an open library, made when they are asked for first."""
        return self.contents.workspace

    @property
    def cluster_list(self) -> QWidget:
        """`clusterList`."""
        return self.workspace.clusters

    def make_ready(self) -> None:
        """Build what the first glance does not need, so that the first folder does not wait for it."""
        self.contents.workspace.page("problems")
        _ = self.contents.history

    # ------------------------------------------------------------------------------------------------ building

    def _dress_actions(self) -> None:
        for command in COMMANDS:
            action = self.actions_by_id[command.id]
            if command.icon:
                mode = command.id in ("view.grid", "view.side")
                action.setIcon(icons.qicon(command.icon, "dim", "text") if mode else icons.qicon(command.icon))
            action.setIconVisibleInMenu(not command.checkable)  # its place in a menu is for the mark
            if command.scope == WINDOW:
                self.addAction(action)
        self.actions_by_id["view.panels"].setChecked(True)

    def _enable_for_start(self) -> None:
        for action in self.actions_by_id.values():
            action.setEnabled(False)

    def _arrange(self) -> None:
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.activity_bar)
        self.setCentralWidget(whole)

    # ------------------------------------------------------------------------------------------------ the frame

    def set_full_screen(self, *, full: bool) -> None:
        """Use the whole screen, or go back to what was before."""
        state = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | state if full else self.windowState() & ~state)

    def changeEvent(self, event: object) -> None:
        super().changeEvent(event)  # type: ignore[arg-type]
        self.actions_by_id["view.full_screen"].setChecked(self.isFullScreen())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if holds_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.contents.dropping.take(places_of(event.mimeData()))

    # ------------------------------------------------------------------------------------------------ closing

    def ask_to_close(self) -> None:
        """Close; while a scan runs, only after a question."""
        from imgfp_gui.main_window.closing import ask

        if self._must_ask():
            ask(self, self.close)
        else:
            self.close()

    def _must_ask(self) -> bool:
        return self.controller.scanning and self.controller.preferences.values.confirm_close

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ends a running scan and the workers; what was read stays stored. The user is asked first, a program is not."""
        if event.spontaneous() and self._must_ask():
            event.ignore()
            self.ask_to_close()
            return
        self._closing = True
        self.state.keep()
        self.contents.recent.flush()
        self.controller.close()
        super().closeEvent(event)
