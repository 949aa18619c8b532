"""What is in the frame once there is a controller: pages, messages and dialogs, each made when it is needed first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QWidget

from imgfp_gui import theme
from imgfp_gui.commands import COMMANDS, REVIEW, SCANNING
from imgfp_gui.controller import ReviewController
from imgfp_gui.main_window.dropping import Dropping
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.models.recent import RecentLibraries
from imgfp_gui.models.scan_story import ScanStory
from imgfp_gui.views.activity import Activity
from imgfp_gui.views.message_bar import MessageBar
from imgfp_gui.views.start_page import StartPage
from imgfp_gui.views.way_back import way_back

if TYPE_CHECKING:
    from imgfp_gui.main_window.window import MainWindow
    from imgfp_gui.main_window.workspace import Workspace

MOST_PANES = 4


class Contents(QObject):
    """Puts pages into the window's stack and shows the one that the controller names."""

    def __init__(self, window: MainWindow, controller: ReviewController, pictures: Pictures) -> None:
        super().__init__(window)
        self._window, self._controller, self._pictures = window, controller, pictures
        self._actions: Mapping[str, QAction] = window.actions_by_id
        self._workspace: Workspace | None = None
        self._history: QWidget | None = None
        self.recent = RecentLibraries(controller, pictures, self)
        self.story = ScanStory(controller, self)
        self.start = StartPage(controller, self.recent, self._actions)
        self.dropping = Dropping(controller, self)
        self.start.dropped.connect(self.dropping.take)
        window.pages.addWidget(self.start)
        self._activity = Activity(controller, window.activity_bar, self.story, self)
        self.messages = MessageBar(controller, self._actions, window.pages, self._message_place)
        self._back = way_back(controller)
        controller.page_changed.connect(self._show)
        self._show(controller.page)

    # ------------------------------------------------------------------------------------------------ pages

    @property
    def workspace(self) -> Workspace:
        """Panes and pages of an open library."""
        if self._workspace is None:
            from imgfp_gui.main_window.workspace import Workspace  # the larger half of the window: nobody waits for it at first

            made = self._workspace = Workspace(self._controller, self._pictures, self.story, self._actions)
            self._window.pages.addWidget(made)
            self._give_keys(made)
            made.set_panels(shown=self._actions["view.panels"].isChecked())
            self._window.state.lay(made)
        return self._workspace

    @property
    def has_workspace(self) -> bool:
        """It was made."""
        return self._workspace is not None

    @property
    def history(self) -> QWidget:
        """`historyWindow`, made when it is asked for first."""
        if self._history is None:
            from imgfp_gui.views.history_page import HistoryPage

            self._history = HistoryPage(self._controller, self._pictures)
            self._window.pages.addWidget(self._history)
        return self._history

    def _show(self, page: str) -> None:
        pages = self._window.pages
        if page == "start":
            pages.setCurrentWidget(self.start)
        elif page == "history":
            pages.setCurrentWidget(self.history)
        else:
            self.workspace.show_page(page)
            pages.setCurrentWidget(self.workspace)
            self._give_focus(page)
        self._order_tabs()
        toolbar = self._window.toolbar
        toolbar.set_review(review=bool(self._controller.folders))
        toolbar.set_calm(calm=page in ("scanning", "history", "problems", "empty"))
        if self.messages.isVisible():
            self.messages.stand()
            self.messages.raise_()

    def _give_focus(self, page: str) -> None:
        """The keyboard goes where the page begins, unless it is in the left pane, which stays."""
        focus = self._window.focusWidget()
        if page in ("review", "scanning") and (focus is None or not self.workspace.left.isAncestorOf(focus)):
            target = self.workspace.clusters if page == "review" else self.workspace.page("scanning")
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _order_tabs(self) -> None:
        """What was made last comes last to the Tab key; the activity bar stands below everything."""
        last = self._window.previousInFocusChain()
        for button in self._window.activity_bar.findChildren(QAbstractButton):
            QWidget.setTabOrder(last, button)
            last = button

    def _give_keys(self, workspace: Workspace) -> None:
        """Letters act where clusters and photos are looked at, and nowhere while something is typed."""
        review = [self._actions[command.id] for command in COMMANDS if command.scope == REVIEW]
        scanning = [self._actions[command.id] for command in COMMANDS if command.scope == SCANNING]
        for widget in workspace.review_widgets():
            widget.addActions(review)
            for field in widget.findChildren(QLineEdit):
                field.installEventFilter(workspace.guard)
        workspace.clusters.addActions(scanning)
        workspace.page_made.connect(lambda name, made: made.addActions(scanning) if name == "scanning" else None)

    def _message_place(self) -> QRect:
        """Over the photos, but not over the buttons below them that decide."""
        pages, workspace = self._window.pages, self._workspace
        area: QWidget = pages
        if workspace is not None and workspace.isVisible():
            area = workspace.compare if workspace.compare.isVisible() else workspace.middle
        place = QRect(area.mapTo(pages, QPoint()), area.size())
        if workspace is not None and area is workspace.compare:
            place.setBottom(place.bottom() - theme.PANE_FOOTER)
        return place

    def visit(self, page: str, *, there: bool) -> None:
        """Look at history or problems, or go back to where one was."""
        if there:
            self._controller.set_page(page)
        else:
            self._back.go()

    def start_reviewing(self) -> None:
        """From the page of a running scan to its first clusters."""
        self._controller.start_reviewing()
        self.workspace.clusters.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------------------------ commands of the window

    def add_folder(self) -> None:
        """Have a folder chosen in the system's own dialog."""
        dialog = QFileDialog(self._window, self.tr("Add a folder with photos"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._controller.add_folders)
        dialog.open()

    def open_search(self) -> None:
        """Show the left pane with its search field."""
        self.set_panels(shown=True)
        self.workspace.filters.open_search()

    def set_panels(self, *, shown: bool) -> None:
        """Show what stands beside the photos, or hide it; kept for the next start."""
        self._actions["view.panels"].setChecked(shown)
        self._controller.preferences.set("window.panels", shown)
        if self._workspace is not None:
            self._workspace.set_panels(shown=shown)

    def more_panes(self) -> None:
        """One photo more side by side; after four, or when there are no more, two."""
        now, cluster = len(self._controller.panes), self._controller.cluster
        most = min(MOST_PANES, len(cluster.units) if cluster is not None else 2)
        self._controller.set_panes(now + 1 if now < most else 2)

    def next_surround(self) -> None:
        """The next grey behind the photos."""
        self.workspace.compare.next_surround()

    def open_apply(self) -> None:
        """The summary before photos are moved."""
        from imgfp_gui.dialogs.apply_dialog import ApplyDialog

        ApplyDialog(self._controller, self._pictures, self._window).present()

    def open_keys(self) -> None:
        """Every command with its keys."""
        from imgfp_gui.dialogs.cheat_sheet import CheatSheet

        CheatSheet(self._actions, self._window).present()

    def open_preferences(self) -> None:
        """What the user may choose."""
        from imgfp_gui.dialogs.preferences_dialog import PreferencesDialog

        PreferencesDialog(self._controller, self._window).present()

    def open_statistics(self) -> None:
        """What took how long when the photos were read."""
        from imgfp_gui.dialogs.statistics_dialog import StatisticsDialog

        StatisticsDialog(self._controller, self._window).present()

    def open_about(self) -> None:
        """Version and licences."""
        from imgfp_gui.dialogs.about_dialog import AboutDialog

        AboutDialog(self._window).present()

    def open_report(self) -> None:
        """Facts to copy into a report."""
        from imgfp_gui.dialogs.error_report import ErrorReport

        ErrorReport(self._controller, self._window).present()
