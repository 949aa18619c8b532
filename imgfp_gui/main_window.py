"""The window: panes, menus and toolbar from the command table, and which command does what. It decides nothing about photos."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgfp_gui import theme
from imgfp_gui.commands import COMMANDS, MENUS, make_action, translated
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.activity_bar import ActivityBar
from imgfp_gui.views.cluster_list import ClusterList
from imgfp_gui.views.compare_area import CompareArea
from imgfp_gui.views.facts_pane import FactsPane
from imgfp_gui.views.folders_pane import FoldersPane
from imgfp_gui.views.problems_pane import ProblemsPane
from imgfp_gui.views.tuning_pane import TuningPane

TOOLBAR: tuple[str | None, ...] = ("folder.add", "scan.rescan", "scan.pause", "scan.stop")
TOOLBAR_END: tuple[str, ...] = ("actions.undo", "actions.apply")
SMALLEST = (800, 560)
LEFT, RIGHT = (216, 292, 420), (200, 264, 400)  # least, usual and greatest width of the side panes


class MainWindow(QMainWindow):
    """`controller` is the way in for tests and screenshot tours; every command is a QAction named ``command.<id>``."""

    def __init__(self, controller: ReviewController) -> None:
        super().__init__()
        self.controller = controller
        self.pictures = Pictures(controller, self)
        self.actions_by_id = {command.id: make_action(command, self) for command in COMMANDS}
        self.setWindowTitle(self.tr("imgfp"))
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._problems = ProblemsPane(controller)
        self._problems.hide()
        self._build_menus()
        self._build_toolbar()
        self._build_panes()
        self._connect()
        self._enable()

    def action(self, command: str) -> QAction:
        """The action of a command id."""
        return self.actions_by_id[command]

    # ------------------------------------------------------------------------------------------------ building

    def _build_menus(self) -> None:
        bar = self.menuBar()
        bar.setAccessibleName(self.tr("Menu"))
        for button in bar.findChildren(QToolButton):  # what does not fit in a narrow window
            button.setAccessibleName(self.tr("More menus"))
        for name, title in MENUS.items():
            menu = bar.addMenu(translated(title))
            menu.setObjectName(f"menu.{name}")
            menu.setAccessibleName(translated(title).replace("&", ""))
            menu.addActions([self.action(command.id) for command in COMMANDS if command.menu == name])

    def _build_toolbar(self) -> None:
        bar = QToolBar(self.tr("Toolbar"), self)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        bar.addActions([self.action(name) for name in TOOLBAR if name])
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        bar.addActions([self.action(name) for name in TOOLBAR_END])
        for button in bar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if button.defaultAction() is None:
                button.setAccessibleName(self.tr("More commands"))
        primary = bar.widgetForAction(self.action("actions.apply"))
        if primary is not None:
            primary.setProperty("primary", "true")
        self.addToolBar(bar)

    def _build_panes(self) -> None:
        self.compare_area = CompareArea(self.controller, self.pictures, self.action("folder.add"))
        self.cluster_list = ClusterList(self.controller, self.pictures)
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.addWidget(self.compare_area)
        middle.addWidget(self._problems)
        middle.setStretchFactor(0, 1)
        middle.setSizes([600, 160])
        middle.setChildrenCollapsible(False)
        panes = self._panes = QSplitter(Qt.Orientation.Horizontal)
        panes.addWidget(self._left_pane())
        panes.addWidget(middle)
        side = self._right_pane()
        panes.addWidget(side)
        for number, (pane, widths) in {0: (panes.widget(0), LEFT), 2: (side, RIGHT)}.items():
            pane.setMinimumWidth(widths[0])
            pane.setMaximumWidth(widths[2])
            panes.setStretchFactor(number, 0)
        panes.setStretchFactor(1, 1)
        panes.setSizes([LEFT[1], 724, RIGHT[1]])
        panes.setHandleWidth(1)
        middle.setHandleWidth(1)
        panes.setChildrenCollapsible(False)
        self.activity_bar = ActivityBar(self.controller, self.action("problems.show"))
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(panes, 1)
        layout.addWidget(self.activity_bar)
        self.setCentralWidget(whole)

    def _left_pane(self) -> QWidget:
        pane = QFrame()
        pane.setProperty("pane", "side")
        self._clusters_title = QLabel(self.tr("Clusters"))
        self._clusters_title.setProperty("role", "heading")
        self._clusters_title.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_XS)
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(FoldersPane(self.controller))
        layout.addWidget(self._clusters_title)
        layout.addWidget(self.cluster_list, 1)
        return pane

    def _right_pane(self) -> QWidget:
        pane = QFrame()
        pane.setProperty("pane", "side")
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(TuningPane(self.controller))
        layout.addWidget(FactsPane(self.controller))
        layout.addStretch()
        return pane

    # ------------------------------------------------------------------------------------------------ commands

    def _connect(self) -> None:
        controller = self.controller
        does: dict[str, Callable[[], object]] = {
            "folder.add": self._add_folder,
            "scan.rescan": controller.rescan,
            "scan.pause": lambda: controller.pause(paused=self.action("scan.pause").isChecked()),
            "scan.stop": controller.stop,
            "cluster.next": lambda: controller.step_cluster(1),
            "cluster.previous": lambda: controller.step_cluster(-1),
            "photo.next": lambda: controller.step_photo(1),
            "photo.previous": lambda: controller.step_photo(-1),
            "line.up": lambda: controller.step_line(1),
            "line.down": lambda: controller.step_line(-1),
            "actions.apply": self._apply,
            "actions.undo": controller.undo,
            "problems.show": lambda: self._problems.setVisible(self.action("problems.show").isChecked()),
        }
        for name, action in self.actions_by_id.items():
            if name in does:
                action.triggered.connect(lambda _=False, work=does[name]: work())
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            else:
                action.setVisible(False)
                action.setEnabled(False)
        controller.working_changed.connect(lambda _: self._enable())
        controller.clusters_changed.connect(lambda _: self._enable())
        controller.folders_changed.connect(lambda _: self._enable())
        controller.folders_changed.connect(lambda _: self.cluster_list.setFocus())
        controller.applied.connect(self._tell_applied)

    def _enable(self) -> None:
        """What can be done now."""
        controller = self.controller
        clusters = len(controller.snapshot.clusters)
        marked = len(controller.marked())
        idle = not controller.working
        states = {
            "scan.rescan": bool(controller.folders),
            "scan.pause": controller.scanning,
            "scan.stop": controller.scanning,
            "actions.apply": idle and marked > 0,
            "actions.undo": idle,
            **dict.fromkeys(("cluster.next", "cluster.previous", "photo.next", "photo.previous"), clusters > 0),
        }
        for name, enabled in states.items():
            self.action(name).setEnabled(enabled)
        self.action("scan.pause").setChecked(controller.paused)
        text = self.tr("Move {0} to trash…").format(words.photos(marked)) if marked else translated("Move to trash…")
        self.action("actions.apply").setText(text)
        for side in (0, 2):  # nothing to list or to tune before there is a folder
            self._panes.widget(side).setVisible(bool(controller.folders))
        title = self.tr("Clusters {0}").format(words.number(clusters)) if clusters else self.tr("Clusters")
        self._clusters_title.setText(title)

    def _add_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Add a folder with photos"))
        if folder:
            self.controller.add_folders([folder])

    def _apply(self) -> None:
        """Say what would happen, and do it only when the button that says so is pressed."""
        marked = words.photos(len(self.controller.marked()))
        box = QMessageBox(self)
        box.setObjectName("applyDialog")
        box.setWindowTitle(self.tr("Move to trash"))
        box.setText(self.tr("Move {0} to the trash?").format(marked))
        freed = words.size(self.controller.snapshot.reclaimable_bytes)
        about = self.tr("This frees {0}. Each is checked again first; what changed meanwhile stays. Undo puts everything back.")
        box.setInformativeText(about.format(freed))
        move = box.addButton(self.tr("Move {0} to trash").format(marked), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        for button in (move, keep):
            button.setAccessibleName(button.text())
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.finished.connect(lambda _: self.controller.apply() if box.clickedButton() is move else None)
        box.finished.connect(box.deleteLater)
        box.open()

    def _tell_applied(self, answer: object) -> None:
        """One sentence about a finished move or undo, and a fresh look at the folders."""
        results = answer.get("results", []) if isinstance(answer, dict) else []
        done = [r for r in results if r.get("outcome") in ("moved", "restored")]
        if not results:
            self.activity_bar.say(self.tr("There was nothing to do."))
            return
        if results[0].get("outcome") == "restored":
            said = self.tr("{0} put back").format(words.files(len(done)))
        else:
            said = self.tr("{0} moved to trash").format(words.files(len(done)))
        left = [r for r in results if r not in done]
        if left:
            said = self.tr("{0}; {1} left alone: {2}").format(said, words.files(len(left)), left[0].get("message", ""))
        self.activity_bar.say(said)
        self.controller.rescan()

    # ------------------------------------------------------------------------------------------------ the frame

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.controller.add_folders([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ends a running scan and the workers; what was read stays stored."""
        self.controller.close()
        super().closeEvent(event)
