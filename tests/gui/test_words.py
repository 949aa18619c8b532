"""Every string can be translated, every control has a name and room to be hit."""

from __future__ import annotations

import ast

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QHeaderView,
    QLabel,
    QProgressBar,
    QScrollBar,
    QWidget,
)

from engine.records import Progress
from imgfp_gui.commands import COMMANDS, printed, shortcuts_of
from imgfp_gui.controller import ReviewController
from imgfp_gui.main_window import MainWindow
from tests.support.scripted_session import ScriptedSession, some_clusters
from tests.support.sources import calls, dotted, trees

SETTERS = {
    "setText", "setToolTip", "setWindowTitle", "setAccessibleName", "setAccessibleDescription", "setInformativeText",
    "setPlaceholderText", "setStatusTip", "setTitle", "QLabel", "QPushButton", "QToolBar", "addButton", "addMenu", "say",
}  # fmt: skip


class Marker(QTranslator):
    """A language in which everything stands between angle quotes."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{text.replace('%Ln', str(n))}»"


def _fill(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    """Bring the window into a state in which it shows all it has."""
    window.controller.add_folders(["/photos/Wedding", "/photos/Phone"])
    session.progress_changed.emit(Progress("read", 412, 380, 1200, 96.0))
    session.clusters_changed.emit(some_clusters(6))
    qapp.processEvents()
    qapp.processEvents()


def _interactive(window: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QAbstractSlider, QAbstractItemView, QProgressBar)
    none = (QScrollBar, QHeaderView)
    found = (w for w in window.findChildren(QWidget) if isinstance(w, kinds) and not isinstance(w, none))
    return [w for w in found if w.isVisibleTo(window)]


def test_no_text_reaches_a_widget_untranslated() -> None:
    bare = []
    for path, tree in trees("imgfp_gui").items():
        for call in calls(tree):
            if dotted(call.func).rsplit(".", 1)[-1] not in SETTERS:
                continue
            for argument in call.args:
                parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
                if any(c.isalpha() for text in texts for c in text):
                    bare.append(f"{path}:{call.lineno}")

    assert not bare


def test_everything_shown_goes_through_translation(qapp: QApplication, session: ScriptedSession) -> None:
    marker = Marker()
    qapp.installTranslator(marker)
    try:
        window = MainWindow(ReviewController(session))  # type: ignore[arg-type]
        window.show()
        _fill(window, session, qapp)
        own = {"/photos/Wedding", "Export", "JPEG", "6000 × 4000"} | {f"IMG_{n:04}.jpg" for n in range(24)}
        own |= {printed(key) for command in COMMANDS for key in shortcuts_of(command)}
        own |= {verdict.reason for cluster in window.controller.snapshot.clusters for verdict in cluster.verdicts}  # the engine's
        shown = {label.text() for label in window.findChildren(QLabel)} | {b.text() for b in window.findChildren(QAbstractButton)}
        shown |= {action.text() for action in window.findChildren(QAction)} | {w.accessibleName() for w in _interactive(window)}
        bare = {text for text in shown if any(c.isalpha() for c in text) and "«" not in text}
        assert not sorted(text for text in bare if text not in own and not text.endswith((" MB", " kB")))
        window.close()
    finally:
        qapp.removeTranslator(marker)


def test_every_control_has_an_accessible_name(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _fill(window, session, qapp)

    nameless = [
        (type(w).__name__, w.objectName()) for w in _interactive(window) if not (w.accessibleName() or getattr(w, "text", str)())
    ]
    assert not nameless


def test_controls_are_large_enough_to_hit(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _fill(window, session, qapp)

    small = [
        (type(w).__name__, w.objectName(), w.width(), w.height())
        for w in _interactive(window)
        if w.isVisible() and isinstance(w, QAbstractButton | QAbstractSlider) and min(w.width(), w.height()) < 24
    ]
    assert not small


@pytest.mark.parametrize("name", ["clusterList", "compareArea", "foldersPane", "tuningPane", "thresholdSlider", "scoreHistogram"])
def test_parts_have_their_stable_names(window: MainWindow, name: str) -> None:
    assert window.findChild(QWidget, name) is not None


def test_rows_say_what_they_are_to_a_screen_reader(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _fill(window, session, qapp)

    row = window.cluster_list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    photo = window.workspace.filmstrip.list.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert row.startswith("Cluster 1 of 6") and "4 photos" in row
    assert photo.startswith("Photo 2 of 4, IMG_0001.jpg") and "megapixels" in photo and "marked for trash" in photo
