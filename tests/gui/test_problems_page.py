"""The list of files that could not be read: what happened to each, what to do, what could be read, and a second try."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QHeaderView, QLabel, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.problems import problem_words
from engine.records import Problem
from imgfp_gui.main_window import MainWindow
from imgfp_gui.models.problem_words import kind_of
from imgfp_gui.models.problems import Column, ProblemListModel
from imgfp_gui.parts.photo_box import PhotoBox
from imgfp_gui.views.problems_page import ProblemsPage
from tests.support.scripted_session import ScriptedSession, folder_views, path_of, plain_clusters

CODES = ("decode.truncated", "decode.corrupt", "decode.timeout", "read.denied")


def _settle(app: QApplication) -> None:
    for _ in range(8):
        app.processEvents()


def _problem(path: bytes, code: str, *, partial: bool = False) -> Problem:
    return Problem(path, code, *problem_words(code, path, partial=partial))


def _some(count: int) -> list[Problem]:
    """Of every reason in turn, in folders of a hundred."""
    return [_problem(f"/photos/Raw {n // 100}/P{n:05}.orf".encode(), CODES[n % len(CODES)]) for n in range(count)]


@pytest.fixture
def page(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> ProblemsPage:
    """A library is open and the problems are shown; there are none yet."""
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(4))
    _settle(qapp)
    session.answer("open_folders", {})
    session.scan_finished.emit({"found": 104})
    _settle(qapp)
    window.controller.start_reviewing()
    window.activateWindow()
    window.action("problems.show").trigger()
    _settle(qapp)
    found = window.findChild(ProblemsPage, "problemsPage")
    assert isinstance(found, ProblemsPage) and found.isVisible()
    return found


def _tell(session: ScriptedSession, page: ProblemsPage, qtbot: QtBot, problems: list[Problem]) -> None:
    """The session finds problems; until they are all listed."""
    for problem in problems:
        session.problem_found.emit(problem)
    qtbot.waitUntil(lambda: len(page.rows.problems) == len(problems), timeout=20_000)


def _texts(page: ProblemsPage, column: Column) -> list[str]:
    return [page.rows.index(row, column).data() for row in range(page.rows.rowCount())]


def _words(part: QWidget) -> str:
    seen = [label.text() for label in part.findChildren(QLabel) if label.isVisible()]
    return "\n".join(seen + [button.text() for button in part.findChildren(QAbstractButton) if button.isVisible()])


def _press(page: QWidget, text: str) -> None:
    next(button for button in page.findChildren(QPushButton) if button.text() == text and button.isVisible()).click()


# ------------------------------------------------------------------------------------------------------- the table


def test_every_file_has_a_row_with_what_happened_and_what_to_do(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, window: MainWindow
) -> None:
    _tell(session, page, qtbot, _some(4))

    table = window.findChild(QTableView, "problemsList")
    assert table is page.table and table.model() is page.rows
    assert _texts(page, Column.FILE) == ["P00000.orf", "P00001.orf", "P00002.orf", "P00003.orf"]
    assert set(_texts(page, Column.FOLDER)) == {"photos / Raw 0"}
    assert _texts(page, Column.WHAT)[0] == "The file ends early" and _texts(page, Column.WHAT)[3] == "No permission to open it"
    assert all(_texts(page, Column.DO))
    session.answer("folders", folder_views())
    assert "4 files could not be read" in _words(page)
    qtbot.waitUntil(lambda: "They were left alone. 60 photos could be read." in _words(page))


def test_every_kind_of_trouble_has_words_and_a_sign_of_its_own_shape() -> None:
    kinds = {code: kind_of(_problem(b"/a.jpg", code)) for code in (*CODES, "decode.memory", "read.io", "read.vanished")}

    assert len({kind.what for kind in kinds.values()}) == len(kinds)
    assert kinds["decode.corrupt"].icon == kinds["decode.truncated"].icon == "file-warning"
    assert (kinds["decode.timeout"].icon, kinds["read.denied"].icon) == ("clock", "lock")
    assert "a.jpg" not in kind_of(_problem(b"/a.jpg", "decode.of-tomorrow")).what


def test_one_reason_can_be_looked_at_alone(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, qapp: QApplication
) -> None:
    _tell(session, page, qtbot, _some(10))
    reasons = page.findChild(QComboBox, "problemReasons")
    assert reasons and reasons.isVisible()
    assert [reasons.itemText(n) for n in range(3)] == ["All reasons (10)", "The file ends early (3)", "Damaged inside (3)"]

    reasons.setCurrentIndex(2)
    reasons.activated.emit(2)
    assert set(_texts(page, Column.WHAT)) == {"Damaged inside"} and page.rows.rowCount() == 3
    session.problem_found.emit(_problem(b"/photos/late.jpg", "decode.corrupt"))
    qtbot.waitUntil(lambda: page.rows.rowCount() == 4)
    assert "Damaged inside (4)" in reasons.currentText()


def test_a_click_on_a_heading_sorts_and_the_chosen_row_stays_chosen(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, qapp: QApplication
) -> None:
    problems = [_problem(b"/photos/b.jpg", "decode.empty"), _problem(b"/photos/a.jpg", "read.io")]
    _tell(session, page, qtbot, problems)
    head = page.table.horizontalHeader()
    assert isinstance(head, QHeaderView) and _texts(page, Column.FILE) == ["b.jpg", "a.jpg"]

    page.table.sortByColumn(Column.FILE, Qt.SortOrder.AscendingOrder)
    assert _texts(page, Column.FILE) == ["a.jpg", "b.jpg"]
    page.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert _texts(page, Column.FILE) == ["b.jpg", "a.jpg"]


def test_no_problems_is_said_plainly(page: ProblemsPage) -> None:
    assert "No problems" in _words(page) and not page.table.isVisible()


def test_twenty_thousand_problems_are_listed_without_a_pause(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, qapp: QApplication
) -> None:
    problems = _some(20_000)
    began = time.process_time()
    page.rows.show(problems)
    page.table.scrollToBottom()
    page.table.viewport().repaint()
    page.table.sortByColumn(Column.FILE, Qt.SortOrder.DescendingOrder)
    page.rows.only("read.denied")
    spent = time.process_time() - began

    assert page.rows.rowCount() == 5000
    assert spent < 1.0  # a hundredth of it each on an idle machine; a pass over all rows in Python widgets takes ten seconds


def test_the_model_keeps_its_promises_to_views(qapp: QApplication) -> None:
    model = ProblemListModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    problems = _some(9)

    model.show(problems[:3])
    model.show(problems)
    model.only("read.denied")
    model.sort(Column.FOLDER, Qt.SortOrder.DescendingOrder)
    model.show(problems[4:])
    assert tester.model() is model and model.rowCount() == 1


def test_names_are_shown_safely(page: ProblemsPage, session: ScriptedSession, qtbot: QtBot) -> None:
    _tell(session, page, qtbot, [_problem("/photos/<b>x<i>\u202egpj.exe\n.jpg".encode(), "decode.corrupt")])

    assert _texts(page, Column.FILE) == ["<b>x<i>\\u202egpj.exe\\n.jpg"]
    assert "<b>" not in page.rows.index(0, Column.FILE).data(Qt.ItemDataRole.ToolTipRole)
    for label in page.detail.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or "<" not in label.text()


# ------------------------------------------------------------------------------------------------------- one file


def test_the_chosen_file_tells_its_facts_and_shows_what_could_be_read(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, qapp: QApplication
) -> None:
    path = b"/photos/half.jpg"
    session.other_files[path] = replace(session.file(4), path_bytes=path, status="partial", size=8_400_000, mtime_ns=10**18)
    _tell(session, page, qtbot, [_problem(path, "decode.truncated", partial=True), _problem(b"/photos/gone.jpg", "decode.empty")])

    qtbot.waitUntil(lambda: "8.4 MB" in _words(page.detail))  # facts of a file are asked for a moment later
    said = _words(page.detail)
    assert "half.jpg" in said and "only part of the photo could be read" in said and "8.4 MB" in said and "2001" in said
    box = page.detail.findChild(PhotoBox)
    assert box and box.accessibleName() == "What could be read of half.jpg"
    qtbot.waitUntil(lambda: any(call[0] == 4 for call in session.called("request_image")))

    QTest.keyClick(page.table, Qt.Key.Key_Down)
    _settle(qapp)
    assert "gone.jpg is empty" in _words(page.detail) and box.accessibleName() == "No picture of gone.jpg"


def test_reading_again_asks_for_the_chosen_files_and_for_all(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, qapp: QApplication
) -> None:
    problems = _some(5)
    _tell(session, page, qtbot, problems)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    page.table.selectionModel().select(page.rows.index(2, 0), flags)
    _settle(qapp)
    _press(page, "Read 2 files again")
    assert sorted(session.called("retry")[-1][0]) == [problems[0].path, problems[2].path]

    _press(page, "Read all again")
    assert session.called("retry")[-1][0] == tuple(problem.path for problem in problems)


def test_nothing_is_read_again_while_a_scan_runs(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, window: MainWindow, qapp: QApplication
) -> None:
    window.controller.rescan()
    window.controller.set_page("problems")
    for problem in _some(2):
        session.problem_found.emit(problem)
    qtbot.waitUntil(lambda: page.rows.rowCount() == 2)

    buttons = {button.text(): button for button in page.findChildren(QPushButton)}
    assert not buttons["Read again"].isEnabled() and not buttons["Read all again"].isEnabled()


def test_the_list_can_be_copied_and_its_folder_shown(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tell(session, page, qtbot, _some(2))
    shown: list[bytes] = []
    monkeypatch.setattr(window.controller, "show_in_file_manager", shown.append)

    _press(page, "Copy list")
    _press(page, "Show in file manager")

    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2 and lines[0].startswith("/photos/Raw 0/P00000.orf\tP00000.orf could not be read")
    assert shown == [b"/photos/Raw 0/P00000.orf"]


def test_keys_alone_are_enough(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, window: MainWindow, qapp: QApplication
) -> None:
    _tell(session, page, qtbot, _some(3))
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert page.table.currentIndex().row() == 1
    met = set()
    for _ in range(14):
        QTest.keyClick(qapp.focusWidget() or page, Qt.Key.Key_Tab)
        met.add(qapp.focusWidget().accessibleName() if qapp.focusWidget() else "")
    assert {"Read again", "Show in file manager"} <= met

    QTest.keyClick(page, Qt.Key.Key_Escape)
    _settle(qapp)
    assert window.controller.page == "review" and not page.isVisible()


def test_a_rescan_without_these_problems_empties_the_list(
    page: ProblemsPage, session: ScriptedSession, qtbot: QtBot, window: MainWindow, qapp: QApplication
) -> None:
    _tell(session, page, qtbot, _some(3))
    window.controller.rescan()
    window.controller.set_page("problems")

    qtbot.waitUntil(lambda: page.rows.rowCount() == 0)
    assert "No problems so far" in _words(page)


def test_everything_that_can_be_used_has_a_name(page: ProblemsPage, session: ScriptedSession, qtbot: QtBot) -> None:
    _tell(session, page, qtbot, [*_some(3), _problem(path_of(4), "decode.corrupt")])

    kinds = (QAbstractButton, QComboBox, QTableView, PhotoBox)
    own = [w for w in page.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
    assert own and not [w for w in own if not w.accessibleName()]
    head = [page.rows.headerData(column, Qt.Orientation.Horizontal) for column in Column]
    assert head == ["", "File", "Folder", "What happened", "What to do"]
