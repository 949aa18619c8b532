"""How the window behaves on a scripted session: what follows the hand, what stays in place, what is asked and what is not."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QProgressBar, QSlider, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import Cancelled, EngineError
from engine.records import ImageReply, Problem, Progress
from imgfp_gui.main_window import MainWindow
from imgfp_gui.models.clusters import ClusterListModel
from imgfp_gui.models.pictures import EDGES, Pictures
from imgfp_gui.views.member_grid import cell_size
from tests.support.scripted_session import ScriptedSession, some_clusters


def _settle(qapp: QApplication) -> None:
    for _ in range(5):
        qapp.processEvents()


def _opened(window: MainWindow, session: ScriptedSession, qapp: QApplication, clusters: int = 8) -> None:
    window.controller.add_folders(["/photos"])
    session.clusters_changed.emit(some_clusters(clusters))
    _settle(qapp)
    session.answered.emit(session.last_token("open_folders"), {})
    session.scan_finished.emit({"found": 100})
    _settle(qapp)


def _keys(window: MainWindow) -> list[str]:
    model = window.cluster_list.model()
    return [model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]


# ------------------------------------------------------------------------------------------------------- the line


def test_counts_follow_every_movement_at_once(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)
    slider, counts = window.findChild(QSlider, "thresholdSlider"), window.findChild(QLabel, "lineCounts")
    assert slider and counts

    shown = []
    for value in (900, 850, 800):
        slider.setValue(value)
        shown.append(counts.text())  # no event was handled in between

    assert shown == ["10 clusters · 25 photos", "15 clusters · 38 photos", "20 clusters · 50 photos"]
    assert slider.value() == 800


def test_a_fast_drag_cuts_the_table_once_a_frame_and_ends_at_the_last_line(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp)
    slider = window.findChild(QSlider, "thresholdSlider")
    assert slider

    for value in range(860, 760, -1):
        slider.setValue(value)
    qtbot.waitUntil(lambda: bool(session.called("set_line")))
    _settle(qapp)

    assert session.called("set_line")[-1] == (0.761,)
    assert len(session.called("set_line")) <= 3
    assert len(session.called("open_folders")) == 1  # nothing was scanned for it


def test_keys_move_the_line_by_half_percents(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)

    window.action("line.up").trigger()
    window.action("line.up").trigger()
    window.action("line.down").trigger()

    assert window.controller.line == 0.865


def test_a_line_moved_during_the_scan_holds_after_it(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    window.controller.add_folders(["/photos"])
    window.controller.set_line(0.7)
    qtbot.waitUntil(lambda: len(session.called("set_line")) == 1)
    session.clusters_changed.emit(some_clusters(3, line=0.86))
    session.answered.emit(session.last_token("open_folders"), {})

    qtbot.waitUntil(lambda: len(session.called("set_line")) == 2)
    assert session.called("set_line")[-1] == (0.7,)


# ------------------------------------------------------------------------------------------------------- clusters


def test_the_list_shows_the_keys_of_the_snapshot(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp, clusters=5)

    assert _keys(window) == [f"key-{n}" for n in range(5)]


def test_selection_stays_with_its_cluster_when_others_come_and_go(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _opened(window, session, qapp)
    window.controller.select_cluster("key-4")
    whole = some_clusters(8, generation=2)
    cut = type(whole)(3, 0.9, whole.clusters[3:], 20, 0, True)

    session.clusters_changed.emit(cut)
    _settle(qapp)

    assert window.controller.cluster and window.controller.cluster.key == "key-4"
    assert window.cluster_list.currentIndex().data(Qt.ItemDataRole.UserRole) == "key-4"


def test_new_clusters_above_do_not_move_the_selected_row_on_the_screen(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _opened(window, session, qapp, clusters=60)
    window.controller.select_cluster("key-30")
    _settle(qapp)
    view = window.cluster_list
    before = view.visualRect(view.currentIndex()).y()
    whole = some_clusters(60, generation=2)

    session.clusters_changed.emit(type(whole)(2, 0.86, whole.clusters[10:], 200, 0, True))
    _settle(qapp)

    assert view.visualRect(view.currentIndex()).y() == before


def test_another_cluster_is_shown_when_one_is_gone(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)
    window.controller.select_cluster("key-7")

    session.clusters_changed.emit(some_clusters(3, generation=2))
    _settle(qapp)

    assert window.controller.cluster and window.controller.cluster.key == "key-0"


def test_rows_change_only_where_the_snapshot_differs(qtbot: QtBot) -> None:
    model = ClusterListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    whole = some_clusters(9)
    model.show(whole)
    removed, inserted = [], []
    model.rowsRemoved.connect(lambda _, first, last: removed.append((first, last)))
    model.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))

    model.show(type(whole)(2, 0.9, whole.clusters[:3] + whole.clusters[5:], 0, 0, True))
    model.show(whole)
    model.show(type(whole)(4, 0.9, (), 0, 0, True))

    assert (removed, inserted) == ([(3, 4), (0, 8)], [(3, 4)])
    assert model.rowCount() == 0 and model.rowCount(QModelIndex()) == 0


def test_commands_go_through_clusters_and_photos_and_stop_at_the_ends(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _opened(window, session, qapp, clusters=2)

    for name in ("cluster.next", "cluster.next", "photo.next", "photo.next", "photo.previous"):
        window.action(name).trigger()

    assert window.controller.cluster and window.controller.cluster.key == "key-1"
    assert window.controller.photo == 1
    assert window.compare_area.grid.currentIndex().row() == 1


# ------------------------------------------------------------------------------------------------------- pictures


def test_a_picture_is_asked_for_once_and_then_drawn(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    session.draws = False
    _opened(window, session, qapp, clusters=1)
    asked = session.called("request_image")
    window.cluster_list.viewport().update()
    _settle(qapp)

    assert len(asked) == len(set(asked)) and session.called("request_image") == asked
    token = next(call[1] for call in session.calls if call[0] == "request_image" and call[2] == 0)
    edge = next(call[3] for call in session.calls if call[1] == token)
    pixels = np.full((20, 30, 3), (10, 200, 30), np.uint8)
    session.image_ready.emit(ImageReply(token, 0, edge, pixels, (30, 20)))
    _settle(qapp)
    picture = window.pictures.get(0, edge)
    assert picture is not None and picture.toImage().pixelColor(3, 3).getRgb()[:3] == (10, 200, 30)


def test_a_picture_that_failed_is_not_asked_for_again(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    session.draws = False
    _opened(window, session, qapp, clusters=1)
    for call in [c for c in session.calls if c[0] == "request_image"]:
        session.image_ready.emit(ImageReply(call[1], call[2], call[3], None, error="It could not be read."))
    _settle(qapp)
    before = len(session.called("request_image"))

    window.cluster_list.viewport().update()
    window.compare_area.grid.viewport().update()
    _settle(qapp)

    assert len(session.called("request_image")) == before
    assert window.pictures.trouble(0) == "It could not be read."


def test_pictures_of_the_library_before_are_forgotten(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    session.draws = False
    _opened(window, session, qapp, clusters=1)
    old = next(call for call in session.calls if call[0] == "request_image" and call[2] == 0)
    window.controller.rescan()
    session.clusters_changed.emit(some_clusters(1, generation=5))
    _settle(qapp)

    session.image_ready.emit(ImageReply(old[1], 0, old[3], np.zeros((2, 3, 3), np.uint8), (3, 2)))
    _settle(qapp)

    assert window.pictures.get(0, old[3]) is None


def test_memory_for_pictures_is_bounded(window: MainWindow, session: ScriptedSession, qapp: QApplication, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("imgfp_gui.models.pictures.BUDGET_BYTES", 600_000)
    pictures = Pictures(window.controller)
    for file in range(0, 40, 4):
        pictures.get(file, EDGES[0])
    _settle(qapp)

    kept = [file for file in range(0, 40, 4) if (file, EDGES[0]) in pictures._kept]
    assert kept and kept[-1] == 36 and len(kept) < 20
    assert sum(p.width() * p.height() * 4 for p in pictures._kept.values()) <= 600_000


def test_cells_make_the_photos_large_and_fit_where_they_can() -> None:
    from PySide6.QtCore import QSize

    two, four = cell_size(QSize(900, 700), 2, 50), cell_size(QSize(900, 700), 4, 50)

    assert two.width() >= 430 or two.height() >= 340
    assert (four.width(), four.height()) == (450, 350)
    assert cell_size(QSize(900, 700), 400, 50).width() >= 170


# ------------------------------------------------------------------------------------------------------- scanning


def test_progress_problems_and_end_of_a_scan_are_told(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos"])
    session.progress_changed.emit(Progress("read", 30, 20, 60, 12.0))
    session.problem_found.emit(Problem(b"/photos/a.jpg", "decode.truncated", "a.jpg ends early.", "Copy it again."))
    _settle(qapp)
    bar = window.activity_bar.findChild(QProgressBar)
    texts = {label.text() for label in window.activity_bar.findChildren(QLabel)}

    assert bar and bar.isVisible() and bar.value() == 500
    assert {"Reading", "30 of 60", "12 per second"} <= texts
    window.action("problems.show").trigger()
    rows = window.findChild(QWidget, "problemsList").model()  # type: ignore[union-attr]
    assert rows.index(0, 0).data() == "a.jpg ends early. Copy it again."

    session.answered.emit(session.last_token("open_folders"), {})
    session.scan_finished.emit({"found": 60})
    _settle(qapp)
    assert not bar.isVisible()
    assert "60 files, up to date" in {label.text() for label in window.activity_bar.findChildren(QLabel)}


def test_problems_known_from_before_are_told_once_too(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos"])
    session.problem_found.emit(Problem(b"/photos/a.jpg", "decode.truncated", "a.jpg ends early.", "Copy it again."))
    entries = [
        {"path": "/photos/a.jpg", "path_b64": None, "code": "decode.truncated", "message": "a.jpg ends early.", "hint": ""},
        {
            "path": "/photos/b?.jpg",
            "path_b64": "L3Bob3Rvcy9i/y5qcGc=",
            "code": "decode.empty",
            "message": "b is empty.",
            "hint": "",
        },
    ]
    session.answered.emit(session.last_token("open_folders"), {"problems": entries})
    _settle(qapp)

    rows = window.findChild(QWidget, "problemsList").model()  # type: ignore[union-attr]
    assert [rows.index(row, 0).data() for row in range(rows.rowCount())] == ["a.jpg ends early. Copy it again.", "b is empty."]


def test_pause_and_stop_reach_the_session_and_end_with_the_scan(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])
    window.action("scan.pause").trigger()
    window.action("scan.pause").trigger()
    window.action("scan.pause").trigger()
    window.action("scan.stop").trigger()
    session.failed.emit(session.last_token("open_folders"), Cancelled())
    _settle(qapp)

    assert session.called("pause") == [(True,), (False,), (True,), (False,)]
    assert len(session.called("cancel")) == 1
    assert not window.action("scan.stop").isEnabled() and not window.action("scan.pause").isChecked()


def test_a_failed_scan_says_one_sentence_and_leaves_the_window_usable(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/gone"])
    session.failed.emit(session.last_token("open_folders"), EngineError("The folder /gone is not there.", hint="Choose another."))
    _settle(qapp)

    assert window.findChild(QLabel, "message").text() == "The folder /gone is not there. Choose another."  # type: ignore[union-attr]
    assert window.action("folder.add").isEnabled() and not window.controller.working


def test_folders_are_added_once_and_scanned_together(window: MainWindow, session: ScriptedSession) -> None:
    window.controller.add_folders(["/a", "/b"])
    window.controller.add_folders(["/b"])
    window.controller.add_folders(["/c"])

    assert [call[0] for call in session.called("open_folders")] == [("/a", "/b"), ("/a", "/b", "/c")]


def test_closing_in_the_middle_of_a_scan_ends_the_session_once(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])

    window.close()
    window.controller.close()
    session.clusters_changed.emit(some_clusters(3))
    session.progress_changed.emit(Progress("read", 30, 20, 60, 12.0))
    _settle(qapp)

    assert len(session.called("close")) == 1
    assert _keys(window) == []


# ------------------------------------------------------------------------------------------------------- acting


def test_nothing_moves_before_the_button_that_says_so(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp, clusters=3)
    window.action("actions.apply").trigger()
    box = window.findChild(QMessageBox, "applyDialog")
    assert box and not session.called("apply_suggestions")
    box.buttons()[1].click()
    _settle(qapp)
    assert not session.called("apply_suggestions")

    window.action("actions.apply").trigger()
    box = window.findChildren(QMessageBox, "applyDialog")[-1]
    next(button for button in box.buttons() if button.text().startswith("Move")).click()
    _settle(qapp)

    assert session.called("apply_suggestions") == [(("key-0", "key-1"), None)]


def test_a_finished_move_is_told_with_what_was_left_alone(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp, clusters=3)
    window.controller.apply()
    results = [{"outcome": "moved"}, {"outcome": "moved"}, {"outcome": "refused", "message": "b.jpg has changed."}]
    with qtbot.waitSignal(window.controller.applied):
        session.answered.emit(session.last_token("apply_suggestions"), {"run": "1", "results": results})

    said = window.findChild(QLabel, "message")
    assert said and said.text() == "2 files moved to trash; 1 file left alone: b.jpg has changed."
    assert len(session.called("open_folders")) == 2  # what is there now is looked at again


def test_undo_reaches_the_session(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp, clusters=1)

    window.action("actions.undo").trigger()

    assert session.called("undo") == [(None,)]
    assert not window.action("actions.undo").isEnabled()  # one thing at a time


def test_folders_can_be_dropped(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    from PySide6.QtCore import QMimeData, QUrl
    from PySide6.QtGui import QDropEvent

    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/photos/dropped")])
    drop = QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(drop)

    assert session.called("open_folders")[0][0] == ("/photos/dropped",)
