"""How the window behaves on a scripted session: what follows the hand, what stays in place, what is asked and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import Cancelled, EngineError
from engine.records import ClusterState, ImageReply, Problem, Progress, Suggest
from imgfp_gui.main_window import MainWindow
from tests.support.scripted_session import ScriptedSession, folder_views, path_of, plain_clusters


def _settle(qapp: QApplication) -> None:
    for _ in range(5):
        qapp.processEvents()


def _opened(window: MainWindow, session: ScriptedSession, qapp: QApplication, clusters: int = 8) -> None:
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(clusters))
    _settle(qapp)
    session.answer("open_folders", {})
    session.scan_finished.emit({"found": 100})
    _settle(qapp)


def _label(window: MainWindow, name: str) -> str:
    found = window.findChild(QLabel, name)
    assert found is not None
    return found.text()


def _keys(window: MainWindow) -> list[str]:
    model = window.cluster_list.model()  # type: ignore[attr-defined]
    return [model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]


# ------------------------------------------------------------------------------------------------------- the line


def test_counts_follow_every_movement_at_once(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)

    shown = []
    for line in (0.9, 0.85, 0.8):
        window.controller.set_line(line)
        shown.append(_label(window, "lineCounts"))  # no event was handled in between

    assert shown == ["10 clusters · 25 photos", "15 clusters · 38 photos", "20 clusters · 50 photos"]


def test_a_fast_drag_cuts_the_table_once_a_frame_and_ends_at_the_last_line(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp)

    for value in range(860, 760, -1):
        window.controller.set_line(value / 1000)
    qtbot.waitUntil(lambda: bool(session.called("set_line")))
    _settle(qapp)

    assert session.called("set_line")[-1] == (0.761,)
    assert len(session.called("set_line")) <= 3
    assert len(session.called("open_folders")) == 1  # nothing was scanned for it


def test_keys_move_the_line_by_half_percents_and_by_two(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)

    for name in ("line.up", "line.up", "line.down", "line.down_far"):
        window.action(name).trigger()

    assert window.controller.line == 0.845


def test_a_line_moved_during_the_scan_holds_after_it(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    window.controller.add_folders(["/photos"])
    window.controller.set_line(0.7)
    qtbot.waitUntil(lambda: len(session.called("set_line")) == 1)
    session.show(plain_clusters(3), line=0.86)
    session.answer("open_folders", {})

    qtbot.waitUntil(lambda: len(session.called("set_line")) == 2)
    assert session.called("set_line")[-1] == (0.7,)


# ------------------------------------------------------------------------------------------------------- clusters


def test_the_list_shows_the_queue_and_follows_its_order(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp, clusters=5)
    assert _keys(window) == ["key-0", "key-1", "key-3", "key-4", "key-2"]  # most bytes first, then by path

    window.controller.set_sort("certain")

    assert _keys(window) == ["key-4", "key-3", "key-2", "key-1", "key-0"]


def test_the_row_of_the_selected_cluster_stays_on_the_screen_when_others_come(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _opened(window, session, qapp, clusters=60)
    window.controller.select_cluster("key-30")
    _settle(qapp)
    view = window.cluster_list
    before = view.visualRect(view.currentIndex()).y()  # type: ignore[attr-defined]

    session.show(plain_clusters(60)[12:])
    _settle(qapp)

    assert window.controller.cluster and window.controller.cluster.key == "key-30"
    assert view.currentIndex().data(Qt.ItemDataRole.UserRole) == "key-30"  # type: ignore[attr-defined]
    assert view.visualRect(view.currentIndex()).y() == before  # type: ignore[attr-defined]


def test_arrow_keys_go_through_clusters_and_photos_and_stop_at_the_ends(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp, clusters=2)
    window.cluster_list.setFocus()
    _settle(qapp)

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(window.cluster_list, key)

    assert window.controller.cluster and window.controller.cluster.key == "key-1"
    assert window.controller.photo == 1


# ------------------------------------------------------------------------------------------------------- deciding


def test_letters_decide_where_photos_are_looked_at(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp)
    window.cluster_list.setFocus()
    _settle(qapp)

    qtbot.keyClick(window.cluster_list, Qt.Key.Key_P)
    qtbot.keyClick(window.cluster_list, Qt.Key.Key_Right)
    qtbot.keyClick(window.cluster_list, Qt.Key.Key_X)
    qtbot.keyClick(window.cluster_list, Qt.Key.Key_Right)
    qtbot.keyClick(window.cluster_list, Qt.Key.Key_Delete)
    qtbot.keyClick(window.cluster_list, Qt.Key.Key_Right)
    qtbot.keyClick(window.cluster_list, Qt.Key.Key_U)

    assert session.marks == {
        path_of(0): Suggest.KEEP,
        path_of(1): Suggest.REMOVE,
        path_of(2): Suggest.REMOVE,
        path_of(3): Suggest.UNDECIDED,
    }
    assert window.controller.totals.decided_photos == 2


def test_letters_typed_into_the_filter_mark_nothing(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp)
    window.action("queue.filter").trigger()
    _settle(qapp)
    field = window.findChild(QWidget, "queueSearch")
    assert field is not None

    qtbot.keyClicks(field, "pxuk")
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    _settle(qapp)

    assert not session.marks and not session.called("remember")


def test_enter_accepts_and_goes_on_and_backspace_goes_back(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp)
    window.cluster_list.setFocus()
    _settle(qapp)

    qtbot.keyClick(window.cluster_list, Qt.Key.Key_Return)
    assert window.controller.cluster and window.controller.cluster.key == "key-1"
    _settle(qapp)
    qtbot.keyClick(window.cluster_list, Qt.Key.Key_Backspace)

    assert window.controller.cluster.key == "key-0" and session.marks == {}


def test_different_can_be_taken_back_in_the_message(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _opened(window, session, qapp)

    window.action("cluster.different").trigger()
    _settle(qapp)
    assert _label(window, "message") == "Remembered: these photos are different"
    assert "key-0" not in _keys(window)
    window.action("actions.undo").trigger()
    _settle(qapp)

    assert _keys(window)[0] == "key-0"


# ------------------------------------------------------------------------------------------------------- pictures


def test_a_picture_is_asked_for_once(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    session.draws = False
    _opened(window, session, qapp, clusters=1)
    asked = session.called("request_image")
    assert asked

    window.cluster_list.viewport().update()  # type: ignore[attr-defined]
    _settle(qapp)

    assert len(asked) == len(set(asked)) and session.called("request_image") == asked


def test_a_picture_that_failed_is_not_asked_for_again(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    session.draws = False
    _opened(window, session, qapp, clusters=1)
    for call in [c for c in session.calls if c[0] == "request_image"]:
        session.image_ready.emit(ImageReply(call[1], call[2], call[3], None, error="It could not be read."))
    _settle(qapp)
    before = set(session.called("request_image"))

    window.repaint()
    window.cluster_list.viewport().update()  # type: ignore[attr-defined]
    _settle(qapp)

    again = session.called("request_image")
    assert len(again) == len(set(again)) and before <= set(again)
    assert window.pictures.trouble(0) == "It could not be read."


# ------------------------------------------------------------------------------------------------------- scanning


def test_progress_problems_and_end_of_a_scan_are_told(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos"])
    session.progress_changed.emit(Progress("read", 30, 20, 60, 12.0))
    session.problem_found.emit(Problem(b"/photos/a.jpg", "decode.truncated", "a.jpg ends early.", "Copy it again."))
    _settle(qapp)
    bar = window.activity_bar.findChild(QProgressBar)

    assert bar and bar.isVisible() and bar.value() == 500
    assert _label(window, "activity.stage") == "Reading"
    window.action("problems.show").trigger()
    _settle(qapp)
    assert window.controller.page == "problems"
    rows = window.findChild(QWidget, "problemsList").model()  # type: ignore[union-attr]
    assert rows.rowCount() == 1

    session.answer("open_folders", {})
    session.scan_finished.emit({"found": 60})
    _settle(qapp)
    assert not bar.isVisible()


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
    session.answer("open_folders", {"problems": entries})
    _settle(qapp)

    assert [problem.path for problem in window.controller.problems] == [b"/photos/a.jpg", b"/photos/b\xff.jpg"]


def test_pause_and_stop_reach_the_session_and_end_with_the_scan(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])
    _settle(qapp)
    for name in ("scan.pause", "scan.pause", "scan.pause", "scan.stop"):
        window.action(name).trigger()
        _settle(qapp)
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

    assert _label(window, "message") == "The folder /gone is not there. Choose another."
    assert window.action("folder.add").isEnabled() and not window.controller.working


def test_folders_are_added_once_and_scanned_together(window: MainWindow, session: ScriptedSession) -> None:
    window.controller.add_folders(["/a", "/b"])
    window.controller.add_folders(["/b"])
    window.controller.add_folders(["/c"])

    assert [call[0] for call in session.called("open_folders")] == [("/a", "/b"), ("/a", "/b", "/c")]


def test_folders_can_be_dropped(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/photos/dropped")])
    drop = QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(drop)

    assert session.called("open_folders")[0][0] == ("/photos/dropped",)


def test_closing_in_the_middle_of_a_scan_ends_the_session_once(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])

    window.close()
    window.controller.close()
    session.show(plain_clusters(3))
    session.progress_changed.emit(Progress("read", 30, 20, 60, 12.0))
    _settle(qapp)

    assert len(session.called("close")) == 1
    assert window.controller.snapshot.clusters == ()


def test_the_tree_of_folders_is_asked_for_one_at_a_time(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)
    assert len(session.called("folders")) == 1

    session.answer("folders", folder_views())
    _settle(qapp)

    assert window.controller.folder_tree == folder_views()
    assert len(session.called("folders")) == 2  # the clusters that came meanwhile had asked, too


# ------------------------------------------------------------------------------------------------------- pages


def test_pages_follow_what_happens(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    pages: list[str] = []
    window.controller.page_changed.connect(pages.append)

    _opened(window, session, qapp)
    window.controller.rescan()  # with clusters there it does not leave the review
    session.show(())
    session.answer("open_folders", {})
    _settle(qapp)
    session.show(plain_clusters(1))  # a looser line
    _settle(qapp)
    window.controller.close_library()

    assert pages == ["scanning", "review", "empty", "review", "start"]
    assert window.controller.folders == () and window.controller.cluster is None


def test_clusters_of_folders_that_were_closed_do_not_come_back(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/old"])
    left = session.last_token("open_folders")
    window.controller.close_library()
    window.controller.add_folders(["/new"])
    session.show(plain_clusters(3))  # as far as the old scan came
    session.answered.emit(left, {})
    _settle(qapp)
    assert window.controller.snapshot.clusters == () and window.controller.scanning

    session.show(plain_clusters(2))
    _settle(qapp)

    assert len(window.controller.snapshot.clusters) == 2


def test_reviewing_can_begin_while_the_scan_runs(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(4), final=False)
    _settle(qapp)

    window.action("review.start").trigger()
    _settle(qapp)
    window.action("cluster.accept").trigger()
    session.show(plain_clusters(7), final=False)
    _settle(qapp)

    assert window.controller.page == "review" and window.controller.scanning
    assert window.controller.totals.by_state[ClusterState.DECIDED] == 1
    assert window.controller.cluster and window.controller.cluster.key == "key-1"


# ------------------------------------------------------------------------------------------------------- acting


def test_only_what_was_decided_is_moved_and_nothing_before_the_user_confirms(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _opened(window, session, qapp)
    window.controller.accept()
    window.controller.check_apply()
    assert session.called("check_apply") == [(tuple(path_of(n) for n in (1, 2, 3)), None)]
    session.answer("check_apply", session.check(id=7))
    _settle(qapp)
    assert not session.called("apply_checked")

    window.controller.apply()
    window.controller.apply()  # Enter that bounces

    assert session.called("apply_checked") == [(7, False)]


def test_a_finished_move_is_told_with_what_was_left_alone_and_the_folders_are_looked_at_again(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _opened(window, session, qapp)
    window.controller.accept()
    window.controller.check_apply()
    session.answer("check_apply", session.check())
    _settle(qapp)
    window.controller.apply()
    results = [{"outcome": "moved"}, {"outcome": "moved"}, {"outcome": "refused", "message": "b.jpg has changed."}]
    session.answer("apply_checked", {"run": "1", "results": results})
    _settle(qapp)

    assert _label(window, "message") == "2 files moved; 1 file left alone: b.jpg has changed."
    assert len(session.called("open_folders")) == 2


def test_without_a_step_undo_puts_the_newest_run_of_the_history_back(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _opened(window, session, qapp, clusters=1)
    session.answer(
        "history",
        [
            {
                "id": "r9",
                "kind": "apply",
                "state": "done",
                "files": 3,
                "when": "2026-11-21T10:00:00Z",
                "bytes": 9,
                "to": None,
                "items": [],
            }
        ],
    )
    _settle(qapp)
    assert window.action("actions.undo").isEnabled()

    window.action("actions.undo").trigger()
    _settle(qapp)

    assert session.called("undo") == [(None,)]
    assert not window.action("actions.undo").isEnabled()  # one thing at a time


def test_files_are_read_again_when_the_user_asks(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)

    window.controller.retry_problems([b"/photos/a.jpg"])
    session.answer("retry", None)
    _settle(qapp)

    assert session.called("retry") == [((b"/photos/a.jpg",),)]
    assert len(session.called("open_folders")) == 2


@pytest.mark.parametrize("protected", [True, False])
def test_protecting_a_folder_reaches_the_session(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, *, protected: bool
) -> None:
    session.set_protected((b"/photos/Camera", b"/photos/Export"))
    told: list[tuple[bytes, ...]] = []
    window.controller.protected_changed.connect(told.append)

    window.controller.protect(b"/photos/Camera", protected)

    expected = (b"/photos/Export", b"/photos/Camera") if protected else (b"/photos/Export",)
    assert told == [expected] and session.protected() == expected


def test_marks_survive_a_scan_that_runs_meanwhile(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _opened(window, session, qapp)
    window.controller.rescan()
    window.controller.mark(1, Suggest.KEEP)
    session.read_again()
    shifted = [
        replace(
            cluster,
            members=tuple(file + 1000 for file in cluster.members),
            verdicts=tuple(replace(verdict, file=verdict.file + 1000) for verdict in cluster.verdicts),
            nests=tuple(tuple(file + 1000 for file in nest) for nest in cluster.nests),
            units=tuple(tuple(file + 1000 for file in unit) for unit in cluster.units),
        )
        for cluster in plain_clusters(8)
    ]
    snapshot = session.snapshot(shifted)
    session.clusters_changed.emit(replace(snapshot, clusters=tuple(shifted), marks=0))  # made before the key
    _settle(qapp)

    cluster = window.controller.cluster
    assert cluster and cluster.key == "key-0"
    assert window.controller.suggest_of(cluster, 1) is Suggest.KEEP
