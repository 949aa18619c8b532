"""The summary before photos are moved: it opens at once, says what would happen, and nothing moves on a slip of the hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)

from engine.errors import StoreLocked
from engine.records import ApplyFolder, ApplyLeft, Progress
from imgfp_gui.dialogs import apply_dialog
from imgfp_gui.dialogs.apply_dialog import ApplyDialog
from imgfp_gui.main_window import MainWindow
from tests.support.scripted_session import ScriptedSession, path_of, plain_clusters

Key = Qt.Key


def _settle(app: QApplication) -> None:
    for _ in range(8):
        app.processEvents()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def reviewing(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> MainWindow:
    """Four clusters open, the proposals accepted: nine photos of three clusters are marked."""
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(4))
    _settle(qapp)
    session.answer("open_folders", {})
    session.scan_finished.emit({"found": 100})
    _settle(qapp)
    window.controller.start_reviewing()
    window.controller.accept_all()
    window.activateWindow()
    _settle(qapp)
    return window


@pytest.fixture
def opened(reviewing: MainWindow, qapp: QApplication) -> ApplyDialog:
    """The dialog, still checking."""
    return _open(reviewing, qapp)


Answer = Callable[..., None]


@pytest.fixture
def answer(session: ScriptedSession, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Answers the check; afterwards the button may be pressed at once."""
    monkeypatch.setattr(apply_dialog, "FIRST_MS", 0)

    def say(**values: Any) -> None:
        files = tuple(n for n in range(12) if n % 4)
        session.answer("check_apply", session.check(**{"files": files, "clusters": 3, **values}))
        _settle(qapp)

    return say


def _open(window: MainWindow, app: QApplication) -> ApplyDialog:
    window.action("actions.apply").trigger()
    _settle(app)
    dialog = window.findChild(ApplyDialog, "applyDialog")
    assert isinstance(dialog, ApplyDialog) and dialog.isVisible()
    return dialog


def _button(dialog: ApplyDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found
    return found


def _said(dialog: QWidget) -> str:
    """All words that can be seen."""
    seen = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    return "\n".join(seen + [button.text() for button in dialog.findChildren(QAbstractButton) if button.isVisible()])


def _listed(dialog: QWidget) -> list[str]:
    """Rows of the lists that can be seen."""
    rows = []
    for view in dialog.findChildren(QAbstractItemView):
        if view.isVisible() and view.accessibleName():
            rows += [view.model().index(row, 0).data() for row in range(view.model().rowCount())]
    return rows


def _result(path: bytes, outcome: str, message: str = "") -> dict[str, Any]:
    return {"path": path.decode(), "path_b64": None, "outcome": outcome, "code": None, "message": message, "to": None}


# ------------------------------------------------------------------------------------------------------- checking


def test_it_opens_at_once_and_asks_about_exactly_the_marked_photos(opened: ApplyDialog, session: ScriptedSession) -> None:
    (asked,) = session.called("check_apply")

    assert asked == (tuple(path_of(n) for n in range(16) if n % 4 and n // 4 != 2), None)
    assert "Move 9 photos to the trash" in _said(opened)
    assert not _button(opened, "applyMove").isEnabled()


def test_checking_shows_how_far_it_is(opened: ApplyDialog, session: ScriptedSession, qapp: QApplication) -> None:
    session.progress_changed.emit(Progress("check", 3, 0, 9, 10.0))
    _settle(qapp)

    bar = opened.findChild(QProgressBar)
    assert bar and bar.isVisible() and bar.value() == bar.maximum() // 3
    assert "3 of 9" in _said(opened)


def test_a_scan_that_runs_comes_first_and_is_said_so(reviewing: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    reviewing.controller.rescan()
    reviewing.controller.set_page("review")
    dialog = _open(reviewing, qapp)
    session.progress_changed.emit(Progress("read", 3, 3, 9, 10.0))
    _settle(qapp)
    assert "Checking begins when the scan has ended." in _said(dialog) and "3 of 9" not in _said(dialog)

    QTest.keyClick(dialog, Key.Key_Escape)
    _settle(qapp)
    assert not session.called("cancel")  # the scan goes on

    dialog = _open(reviewing, qapp)
    session.answer("open_folders", {})
    _settle(qapp)
    assert "Checking every photo" in _said(dialog)


def test_escape_ends_the_check_and_a_late_answer_changes_nothing(
    opened: ApplyDialog, session: ScriptedSession, reviewing: MainWindow, qapp: QApplication
) -> None:
    QTest.keyClick(opened, Key.Key_Escape)
    assert len(session.called("cancel")) == 1
    session.answer("check_apply", session.check())
    _settle(qapp)

    assert reviewing.findChild(ApplyDialog) is None
    assert not session.called("apply_checked")


def test_a_check_that_fails_says_why_and_moves_nothing(opened: ApplyDialog, session: ScriptedSession, qapp: QApplication) -> None:
    session.failed.emit(
        session.last_token("check_apply"), StoreLocked("Another imgfp is at work.", hint="Wait until it is done.")
    )
    _settle(qapp)

    assert "Another imgfp is at work. Wait until it is done." in _said(opened)
    assert not _button(opened, "applyMove").isVisible()


# ------------------------------------------------------------------------------------------------------- the summary


def test_the_summary_says_from_where_with_what_and_what_becomes_of_the_space(opened: ApplyDialog, answer: Answer) -> None:
    answer(
        folders=(ApplyFolder("/photos/Export", 6, 20_000_000), ApplyFolder("/elsewhere", 3, 10_000_000)),
        companions=2,
        companion_bytes=4000,
        bytes=30_004_000,
    )

    said = _said(opened)
    for part in ("From 3 clusters", "photos / Export", "6 photos", "/elsewhere", "3 photos", "2 files", "Frees 30 MB", "All 9"):
        assert part in said
    assert "No cluster loses its last photo. Protected folders are untouched." in said


def test_what_is_left_alone_can_be_listed_with_its_reason(opened: ApplyDialog, answer: Answer) -> None:
    left = tuple(ApplyLeft(path_of(n).decode(), "action.changed", f"Number {n} was changed.", "Scan again.") for n in (1, 2))
    answer(left=left, photos=7)
    assert "Left alone: 2 photos that changed after the scan." in _said(opened)
    assert not _listed(opened)

    next(button for button in opened.findChildren(QPushButton) if button.text() == "Show").click()

    assert _listed(opened) == [
        "IMG_0001.jpg, Number 1 was changed. Scan again.",
        "IMG_0002.jpg, Number 2 was changed. Scan again.",
    ]


def test_what_the_kept_photo_lacks_is_said_before_anything_moves(opened: ApplyDialog, answer: Answer) -> None:
    answer(poorer=((path_of(1).decode(), ("rating", "gps")), (path_of(2).decode(), ("keywords",))))
    assert "2 photos have a rating, keywords or a location that the kept ones have not." in _said(opened)

    next(button for button in opened.findChildren(QPushButton) if button.text() == "Show").click()

    assert _listed(opened) == ["IMG_0001.jpg, has a rating or a location", "IMG_0002.jpg, has keywords"]


def test_every_photo_can_be_listed_with_the_one_that_is_kept_instead(
    opened: ApplyDialog, answer: Answer, qapp: QApplication
) -> None:
    answer()
    _button(opened, "applyAll").click()
    _settle(qapp)

    rows = _listed(opened)
    assert len(rows) == 9
    assert rows[0] == "IMG_0001.jpg, photos / Export · kept instead: IMG_0000.jpg in photos / Camera"
    QTest.keyClick(opened, Key.Key_Escape)  # one step back, not out
    assert opened.isVisible() and not _listed(opened) and _button(opened, "applyAll").isVisible()


def test_nothing_to_move_says_why_and_has_no_button_for_it(opened: ApplyDialog, answer: Answer) -> None:
    answer(photos=0, clusters=0, bytes=0, files=(), left=(ApplyLeft(path_of(1).decode(), "action.protected", "It is locked."),))

    said = _said(opened)
    assert "Nothing to move" in said and "Left alone: 1 photo in a protected folder." in said
    assert not _button(opened, "applyMove").isVisible()


def test_a_drive_without_a_trash_is_named_and_a_folder_is_offered(
    opened: ApplyDialog, answer: Answer, session: ScriptedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(no_trash=("Stick",))
    assert "There is no trash on “Stick”" in _said(opened)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/photos/put aside")

    next(button for button in opened.findChildren(QPushButton) if button.text() == "Use a folder…").click()

    assert session.called("check_apply")[-1][1] == b"/photos/put aside"


def test_another_place_is_checked_anew_and_remembered(
    opened: ApplyDialog,
    answer: Answer,
    session: ScriptedSession,
    reviewing: MainWindow,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/photos/put aside")
    box = opened.findChild(QComboBox, "applyDestination")
    assert box
    box.activated.emit(box.count() - 1)
    _settle(qapp)

    assert session.called("check_apply")[-1][1] == b"/photos/put aside"
    assert not _button(opened, "applyMove").isEnabled()
    answer()
    assert "Move 9 photos to a folder" in _said(opened) and "Undo brings all of it back" in _said(opened)
    QTest.keyClick(opened, Key.Key_Escape)
    _settle(qapp)
    _open(reviewing, qapp)
    assert session.called("check_apply")[-1][1] == b"/photos/put aside"


# ------------------------------------------------------------------------------------------------------- moving


def test_enter_moves_what_was_checked_and_the_sheet_closes_when_all_went_well(
    opened: ApplyDialog, answer: Answer, session: ScriptedSession, reviewing: MainWindow, qapp: QApplication
) -> None:
    answer(id=7)
    QTest.keyClick(qapp.focusWidget() or opened, Key.Key_Return)
    assert session.called("apply_checked") == [(7, False)]
    assert opened.isVisible()

    session.answer("apply_checked", {"run": "r1", "results": [_result(path_of(1), "moved")], "cancelled": False})
    _settle(qapp)

    assert reviewing.findChild(ApplyDialog) is None
    assert reviewing.controller.undo_text


def test_the_first_moment_and_a_key_that_is_held_down_move_nothing(
    opened: ApplyDialog, session: ScriptedSession, answer: Answer, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer()
    monkeypatch.setattr(apply_dialog, "FIRST_MS", 60_000)
    move = _button(opened, "applyMove")
    QTest.keyClick(move, Key.Key_Return)
    move.click()
    assert not session.called("apply_checked")

    monkeypatch.setattr(apply_dialog, "FIRST_MS", 0)
    for target in (move, opened):
        for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                qapp.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", True))
    assert not session.called("apply_checked")

    QTest.keyClick(move, Key.Key_Return)
    assert len(session.called("apply_checked")) == 1


def test_taking_much_at_once_wants_a_word_of_its_own(
    opened: ApplyDialog, answer: Answer, session: ScriptedSession, qapp: QApplication
) -> None:
    answer(scope=("This plan removes 9 of 12 photos in /photos/Export.",))
    tick = opened.findChild(QCheckBox, "applyConfirm")
    assert tick and "9 of 12 photos" in _said(opened)
    assert not _button(opened, "applyMove").isEnabled()
    QTest.keyClick(opened, Key.Key_Return)
    assert not session.called("apply_checked")

    tick.click()
    _button(opened, "applyMove").click()

    assert session.called("apply_checked") == [(1, True)]


def test_many_large_folders_are_folded_and_the_tick_stays_in_sight(opened: ApplyDialog, answer: Answer) -> None:
    answer(scope=tuple(f"This plan removes 9 of 12 photos in /photos/{n}." for n in range(200)))

    assert "/photos/2." in _said(opened) and "/photos/3." not in _said(opened)
    assert "The same in 197 more folders." in _said(opened)
    next(button for button in opened.findChildren(QPushButton) if button.text() == "Show").click()
    assert _listed(opened)[-1] == "This plan removes 9 of 12 photos in /photos/199."


def test_what_was_refused_is_listed_by_name(
    opened: ApplyDialog, answer: Answer, session: ScriptedSession, qapp: QApplication
) -> None:
    answer()
    _button(opened, "applyMove").click()
    results = [_result(path_of(1), "moved"), _result(path_of(2), "refused", "IMG_0002.jpg is not the file it was.")]
    session.answer("apply_checked", {"run": "r1", "results": results, "cancelled": False})
    _settle(qapp)

    assert "1 file moved, 1 file stayed in place" in _said(opened)
    assert _listed(opened) == ["IMG_0002.jpg, IMG_0002.jpg is not the file it was."]
    _button(opened, "applyCancel").click()
    assert not opened.isVisible()


def test_stopping_waits_for_the_photo_on_its_way_and_says_how_far_it_came(
    opened: ApplyDialog, answer: Answer, session: ScriptedSession, qapp: QApplication
) -> None:
    answer()
    _button(opened, "applyMove").click()
    session.progress_changed.emit(Progress("move", 1, 1, 9, 2.0))
    _settle(qapp)
    QTest.keyClick(opened, Key.Key_Escape)
    assert session.called("cancel") and opened.isVisible()

    session.answer("apply_checked", {"run": "r1", "results": [_result(path_of(1), "moved")], "cancelled": True})
    _settle(qapp)

    assert "Stopped. 1 file moved, the others stayed." in _said(opened)


# ------------------------------------------------------------------------------------------------------- keys, names


def test_the_sheet_swallows_every_key_and_keeps_tab_inside(
    opened: ApplyDialog, answer: Answer, session: ScriptedSession, reviewing: MainWindow, qapp: QApplication
) -> None:
    answer()
    marks, key = dict(session.marks), reviewing.controller.cluster
    for letter in (Key.Key_X, Key.Key_U, Key.Key_Down, Key.Key_K, Key.Key_Backspace):
        QTest.keyClick(qapp.focusWidget() or opened, letter)
    QTest.keyClick(qapp.focusWidget() or opened, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    _settle(qapp)
    assert session.marks == marks and reviewing.controller.cluster == key
    assert not session.called("undo")

    met = set()
    for _ in range(20):
        QTest.keyClick(qapp.focusWidget() or opened, Key.Key_Tab)
        now = qapp.focusWidget()
        assert now is opened or opened.isAncestorOf(now)
        met.add(now.objectName())
    assert {"applyMove", "applyCancel", "applyAll", "applyDestination"} <= met


def test_the_focus_cannot_be_taken_out_of_the_sheet_and_goes_back_afterwards(
    opened: ApplyDialog, answer: Answer, reviewing: MainWindow, qapp: QApplication
) -> None:
    answer()
    reviewing.cluster_list.setFocus()
    _settle(qapp)
    assert opened.isAncestorOf(qapp.focusWidget()) or qapp.focusWidget() is opened

    QTest.keyClick(opened, Key.Key_Escape)
    _settle(qapp)
    focused = qapp.focusWidget()
    assert focused is not None and focused.isVisible()


def test_a_click_beside_the_sheet_reaches_nothing(
    opened: ApplyDialog, answer: Answer, reviewing: MainWindow, qapp: QApplication
) -> None:
    answer()
    before = reviewing.controller.cluster
    rows = reviewing.cluster_list
    place = rows.mapTo(reviewing, rows.visualRect(rows.model().index(2, 0)).center())  # type: ignore[attr-defined]

    assert reviewing.childAt(place) is opened.scrim
    QTest.mouseClick(opened.scrim, Qt.MouseButton.LeftButton, pos=opened.scrim.mapFrom(reviewing, place))
    assert reviewing.controller.cluster == before


def test_everything_that_can_be_used_has_a_name(opened: ApplyDialog, answer: Answer) -> None:
    answer(
        scope=("Much.",),
        no_trash=("Stick",),
        left=(ApplyLeft("/photos/a.jpg", "action.io", "No."),),
        poorer=(("/photos/b.jpg", ("gps",)),),
    )

    kinds = (QAbstractButton, QComboBox, QAbstractItemView, QProgressBar)
    unnamed = [w for w in opened.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible() and not w.accessibleName()]
    assert not unnamed


def test_names_are_shown_as_they_are_and_never_as_markup(opened: ApplyDialog, answer: Answer) -> None:
    left = (ApplyLeft("/photos/<i>x</i>.jpg", "action.io", "<i>x</i>.jpg stays."),)
    answer(folders=(ApplyFolder("/photos/<b>bold</b>", 9, 1),), left=left)

    assert "photos / <b>bold" in _said(opened)
    for label in opened.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or "<" not in label.text()
