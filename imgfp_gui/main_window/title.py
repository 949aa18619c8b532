"""The window's title: how far the scan is, or how many clusters there are, to be read in the task bar too."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.records import Progress
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words


class WindowTitle(QObject):
    """Follows the controller."""

    def __init__(self, controller: ReviewController, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._window = controller, window
        self._share = ""
        controller.progress_changed.connect(self._note)
        controller.working_changed.connect(lambda _: self._tell())
        controller.clusters_changed.connect(lambda _: self._tell())
        controller.folders_changed.connect(lambda _: self._tell())

    def _note(self, progress: Progress) -> None:
        share = words.percent(min(progress.done / progress.total, 0.99)) if progress.stage == "read" and progress.total else ""
        if share != self._share:
            self._share = share
            self._tell()

    def _tell(self) -> None:
        controller = self._controller
        if controller.scanning:
            said = self.tr("Reading {0} – imgfp").format(self._share) if self._share else self.tr("Reading – imgfp")
        elif controller.folders:
            self._share = ""
            said = self.tr("{0} – imgfp").format(words.clusters(len(controller.snapshot.clusters)))
        else:
            said = self.tr("imgfp")
        if said != self._window.windowTitle():
            self._window.setWindowTitle(said)
