"""Which commands can be used now, which are on, and what they say: always as the controller is, never as it was."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtGui import QAction

from imgfp_gui import icons
from imgfp_gui.commands import translated
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words

DECIDING = ("verdict.keep", "verdict.trash", "verdict.undecided", "verdict.keep_this")
DECIDING_CLUSTER = ("cluster.accept", "cluster.different", "cluster.keep_all", "cluster.aside")
STEPPING = ("cluster.next", "cluster.previous", "photo.next", "photo.previous")
ZOOMING = ("view.fit", "view.one", "view.two", "view.zoom_in", "view.zoom_out")
LOOKING = ("view.grid", "view.side", *ZOOMING, "view.surround", "view.info")
LINE = ("line.up", "line.down", "line.up_far", "line.down_far")


class Enabling(QObject):
    """Follows the controller: at once where a command becomes possible or not, soon where there may be many changes in a row."""

    def __init__(self, controller: ReviewController, actions: Mapping[str, QAction], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._actions = controller, actions
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        now = (controller.working_changed, controller.folders_changed, controller.page_changed, controller.mode_changed)
        soon = (controller.clusters_changed, controller.totals_changed, controller.panes_changed, controller.queue_changed)
        for signal in (*now, controller.cluster_selected, controller.undo_changed, controller.scan_started):
            signal.connect(lambda *_: self.refresh())
        for signal in soon:
            signal.connect(self._later)
        self.refresh()

    def refresh(self) -> None:
        """Look at everything now."""
        self._soon.stop()
        for name, enabled in self._states().items():
            self._actions[name].setEnabled(enabled)
        controller = self._controller
        for name, checked in {
            "scan.pause": controller.paused,
            "view.grid": controller.mode == "grid",
            "view.side": controller.mode == "side",
            "view.info": controller.preferences.values.photos_information,
            "history.show": controller.page == "history",
            "problems.show": controller.page == "problems",
        }.items():
            self._actions[name].setChecked(checked)
        self._say()

    def _later(self, *_: object) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _states(self) -> dict[str, bool]:
        controller = self._controller
        review, cluster = controller.page == "review", controller.cluster
        looked_at = review and cluster is not None
        units = len(cluster.units) if cluster is not None else 0
        library = bool(controller.folders)
        acting = controller.working and not controller.scanning
        proposed = controller.totals.by_state[1]
        return {
            "folder.close": library and not acting,
            "scan.rescan": library and not acting,
            "scan.pause": controller.scanning,
            "scan.stop": controller.scanning,
            "review.start": controller.page == "scanning" and bool(controller.snapshot.clusters),
            **dict.fromkeys(STEPPING, looked_at),
            **{f"photo.{n}": looked_at and n <= units for n in range(1, 10)},
            **dict.fromkeys((*DECIDING, *DECIDING_CLUSTER), looked_at and not acting),
            **dict.fromkeys(LOOKING, review),
            "cluster.accept_all": review and proposed > 0 and not acting,
            "verdict.back": review and bool(controller.undo_text) and not acting,
            "view.swap": looked_at and controller.mode == "side" and units > 1,
            "view.panes": looked_at and controller.mode == "side" and units > 2,
            "view.panels": library and controller.page != "history",
            **dict.fromkeys(LINE, library and controller.page in ("review", "empty")),
            "queue.filter": bool(controller.snapshot.clusters),
            "actions.apply": controller.totals.decided_photos > 0 and not acting,
            "actions.undo": bool(controller.undo_text) and not acting,
            "actions.redo": bool(controller.redo_text) and not acting,
            "problems.show": library,
            "statistics.show": library,
        }

    def _say(self) -> None:
        controller = self._controller
        marked = controller.totals.decided_photos
        apply = self._tr("Apply {0}…").format(words.number(marked)) if marked else translated("Apply…")
        self._actions["actions.apply"].setText(apply)
        for name, done in (("actions.undo", controller.undo_text), ("actions.redo", controller.redo_text)):
            plain = translated("Undo") if name == "actions.undo" else translated("Redo")
            self._actions[name].setText(self._tr("{0}: {1}").format(plain, done) if done else plain)
        pause = self._actions["scan.pause"]
        icon = "play" if controller.paused else "pause"
        if pause.property("icon.name") != icon:
            pause.setProperty("icon.name", icon)
            pause.setIcon(icons.qicon(icon))
        pause.setText(self._tr("Go on") if controller.paused else translated("Pause"))

    def _tr(self, text: str) -> str:
        return QCoreApplication.translate("Enabling", text)
