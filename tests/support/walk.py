"""Leads the real window through every screen, as a user would come there, and calls a visitor on each.

The tour takes a picture of each screen, the accessibility test looks for objects without a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from engine.config import PRESETS
from engine.records import Suggest
from imgfp_gui.main_window import MainWindow

PATIENCE_S = 120
SETTLE_MS = 120
LOOK_MS = 500  # looked at again, should nothing speak


class Walk:
    """One walk. It raises TimeoutError where the window does not follow."""

    def __init__(self, window: MainWindow, visit: Callable[[str], None]) -> None:
        self.window = window
        self._visit = visit

    def look(self, folders: Sequence[str]) -> None:
        """Only the screens on which nothing is decided or moved, for folders that are somebody's own."""
        self.visit("start")
        self._scan(folders)
        if self.window.controller.snapshot.clusters:
            self._review()
            self._tune()
            self._narrow()
        else:
            self.visit("nothing found")

    def through(self, folders: Sequence[str], lonely: str, quarantine: str) -> None:
        """Every screen in turn. lonely: a folder without duplicates. Marked photos go to the quarantine folder and come back."""
        self.visit("start")
        self._scan(folders)
        self._review()
        self._tune()
        self._act(quarantine)
        self._dialogs()
        self._narrow()
        self._nothing_found(lonely)

    # ------------------------------------------------------------------------------------------------ screens

    def _scan(self, folders: Sequence[str]) -> None:
        controller = self.window.controller
        controller.add_folders(folders)
        ended = controller.working_changed
        self.wait(lambda: bool(controller.snapshot.clusters) or not controller.scanning, controller.clusters_changed, ended)
        if controller.scanning:
            controller.pause(paused=True)
            self.visit("scanning")
            controller.pause(paused=False)
        self.wait(lambda: not controller.scanning, ended)
        self.settle()

    def _review(self) -> None:
        controller = self.window.controller
        controller.start_reviewing()
        self._select_largest()
        self.do("view.grid")
        self.visit("grid")
        self.do("view.side")
        controller.set_panes(2)
        self.visit("side by side")
        self.do("view.one")
        self.visit("side by side 1 to 1")
        self.do("view.fit")
        controller.set_panes(4)
        self.visit("four side by side")
        controller.set_panes(2)
        for key in self._turned():
            controller.select_cluster(key)
            self.visit("turned")

    def _tune(self) -> None:
        controller = self.window.controller
        for step in range(86, 69, -1):
            controller.set_line(step / 100)
            self.settle(10)
        self.wait(lambda: controller.snapshot.line == controller.line, controller.clusters_changed)
        self.visit("looser line")
        controller.set_line(PRESETS["balanced"])
        self.wait(lambda: controller.snapshot.line == controller.line, controller.clusters_changed)
        self.do("problems.show")
        self.visit("problems")
        self.do("problems.show")

    def _act(self, quarantine: str) -> None:
        controller = self.window.controller
        controller.select_cluster(controller.queue.key_at(0))
        self._overrule()
        self.do("cluster.accept_all")
        self.wait(lambda: controller.totals.decided_photos > 0, controller.totals_changed)
        self.visit("decided")
        controller.preferences.set("destination", quarantine)
        self._apply()
        self.do("history.show")
        self.visit("history")
        self.do("history.show")
        self.do("actions.undo")
        self.wait(lambda: not controller.working, controller.working_changed)
        self.settle()
        self.visit("put back")

    def _apply(self) -> None:
        controller = self.window.controller
        checked = QEventLoop()
        controller.apply_checked.connect(checked.quit)
        self.do("actions.apply")
        checked.exec()
        self.visit("before a move")
        move = next(b for b in self._dialog().findChildren(QPushButton) if b.isDefault())
        self.settle(400)  # the button does not listen in the first moment, lest a held key presses it
        move.click()
        done = (controller.working_changed, controller.totals_changed)
        self.wait(lambda: not controller.working and controller.totals.decided_photos == 0, *done)
        self.visit("moved")

    def _overrule(self) -> None:
        """Say something of the first cluster by hand, against the rules."""
        controller = self.window.controller
        controller.select_photo(1)
        controller.mark_photo(Suggest.KEEP)

    def _dialogs(self) -> None:
        for command, name in {
            "help.keys": "all keys",
            "app.preferences": "preferences",
            "help.about": "about",
            "help.report": "report a problem",
        }.items():
            self.do(command)
            self.visit(name)
            self._dialog().reject()
            self.settle()

    def _narrow(self) -> None:
        self.window.resize(1024, 720)
        self.visit("narrow")
        self.window.resize(1280, 800)

    def _nothing_found(self, lonely: str) -> None:
        controller = self.window.controller
        self.do("folder.close")
        controller.add_folders([lonely])
        self.wait(lambda: not controller.scanning, controller.working_changed)
        self.visit("nothing found")

    # ------------------------------------------------------------------------------------------------ means

    def visit(self, name: str) -> None:
        """Wait until what is on the screen is there, then show it to the visitor."""
        self.settle()
        pictures = self.window.pictures
        self.wait(lambda: not pictures.waiting, pictures.arrived)
        self.settle()
        self._visit(name)

    def do(self, command: str) -> None:
        """Trigger a command that must be possible now."""
        action = self.window.action(command)
        if not action.isEnabled():
            raise AssertionError(f"{command} is switched off")
        action.trigger()
        self.settle()

    def _dialog(self) -> QDialog:
        found = [d for d in self.window.findChildren(QDialog) if d.isVisible()]
        if not found:
            raise AssertionError("no dialog is open")
        return found[-1]

    def _select_largest(self) -> None:
        controller = self.window.controller
        clusters = controller.snapshot.clusters
        controller.select_cluster(max(clusters, key=lambda cluster: len(cluster.units)).key)

    def _turned(self) -> Iterator[str]:
        """One cluster in which a photo lies turned or mirrored."""
        controller = self.window.controller
        for cluster in controller.snapshot.clusters:
            if any(pair.turn or pair.mirror for pair in controller.links(cluster)):
                yield cluster.key
                return

    def settle(self, wait_ms: int = SETTLE_MS) -> None:
        """Let the event loop run for a moment."""
        loop = QEventLoop()
        QTimer.singleShot(wait_ms, loop.quit)
        loop.exec()
        QApplication.processEvents()

    def wait(self, reached: Callable[[], bool], *changes: SignalInstance) -> None:
        """Run the event loop until `reached`, looking whenever one of `changes` speaks. Raises TimeoutError."""
        deadline = QDeadlineTimer(PATIENCE_S * 1000)
        loop = QEventLoop()
        links = [(change, change.connect(lambda *_: loop.quit())) for change in changes]
        while not reached() and not deadline.hasExpired():
            QTimer.singleShot(LOOK_MS, loop.quit)
            loop.exec()
        for change, link in links:
            change.disconnect(link)
        if not reached():
            raise TimeoutError(f"the window did not get there within {PATIENCE_S} s")
