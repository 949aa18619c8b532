"""The history: every day and every thing done in words, the way back where there is one, and why where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QDateTime, QEvent, QLocale, QPoint, QRect, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QStyleOptionViewItem, QWidget

from engine.errors import StoreLocked
from engine.records import Progress, Suggest
from imgfp_gui.main_window import MainWindow
from imgfp_gui.models import history_words
from imgfp_gui.models.history import HistoryModel
from imgfp_gui.models.history_entry import Entry, entries_of
from imgfp_gui.views.history_page import HistoryPage
from tests.support.scripted_session import ScriptedSession, path_of, plain_clusters

Record = dict[str, Any]


def _settle(app: QApplication) -> None:
    for _ in range(8):
        app.processEvents()


def _ago(days: int = 0, seconds: int = 0) -> str:
    """A time as the history writes it; noon of that day, so that a test at midnight sees the same days."""
    now = QDateTime.currentDateTime()
    now.setTime(now.time().fromString("12:00", "HH:mm"))
    return now.addDays(-days).addSecs(-seconds).toUTC().toString(Qt.DateFormat.ISODate)


def _item(number: int, shot: int | None = None, **values: Any) -> Record:
    kept = path_of(number // 4 * 4).decode()
    return {
        "path": path_of(number).decode(), "path_b64": None, "shot": number if shot is None else shot, "outcome": "moved",
        "restored": False, "code": None, "message": "", "to": f"/trash/{number}", "to_b64": None, "size": 2_000_000,
        "blake3": None, "keeper": kept, "keeper_b64": None, "reason": "smaller", **values,
    }  # fmt: skip


def _run(run: str, items: list[Record], when: str, kind: str = "apply", **values: Any) -> Record:
    gone = [item for item in items if item["outcome"] in ("moved", "restored")]
    return {
        "id": run, "when": when, "kind": kind, "to": "trash" if kind == "apply" else None, "to_b64": None, "files": len(gone),
        "photos": len({item["shot"] for item in gone}), "bytes": sum(item["size"] for item in gone), "state": "done",
        "items": items, **values,
    }  # fmt: skip


def _said(decision: str, name: str, when: str, state: str = "done") -> Record:
    items = [{"path": path_of(n).decode(), "path_b64": None, "blake3": "00", "size": 1} for n in (8, 9)]
    return {"id": name, "when": when, "kind": "decide", "decision": decision, "to": None, "files": 2, "bytes": 0,
            "state": state, "items": items}  # fmt: skip


def _moves() -> Record:
    return _run("r1", [_item(1), _item(2, shot=3), _item(3, shot=3)], _ago())


@pytest.fixture
def page(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> HistoryPage:
    """A library is open, the history is shown and not answered yet."""
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(4))
    _settle(qapp)
    session.answer("open_folders", {})
    session.scan_finished.emit({"found": 100})
    _settle(qapp)
    window.controller.start_reviewing()
    window.activateWindow()
    window.action("history.show").trigger()
    _settle(qapp)
    found = window.findChild(HistoryPage, "historyWindow")
    assert isinstance(found, HistoryPage) and found.isVisible()
    return found


def _answer(session: ScriptedSession, app: QApplication, *records: Record) -> None:
    session.answer("history", list(records))
    _settle(app)


def _rows(page: HistoryPage) -> list[str]:
    model = page.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _words(part: QWidget) -> str:
    seen = [label.text() for label in part.findChildren(QLabel) if label.isVisible()]
    return "\n".join(seen + [button.text() for button in part.findChildren(QAbstractButton) if button.isVisible()])


def _restore(page: HistoryPage) -> QPushButton:
    found = page.findChild(QPushButton, "historyRestore")
    assert found
    return found


# ------------------------------------------------------------------------------------------------------- what is listed


def test_entries_stand_under_their_days_newest_first(page: HistoryPage, session: ScriptedSession, qapp: QApplication) -> None:
    _answer(
        session,
        qapp,
        _moves(),
        _said("different", "d1", _ago(0, 60)),
        _run("r0", [_item(5)], _ago(1)),
        _run("rx", [_item(6)], "2019-03-14T12:00:00Z"),
    )

    rows = _rows(page)
    assert rows[0] == "Today" and rows[3] == "Yesterday" and "2019" in rows[5] and "14" in rows[5]
    assert "2 photos moved to the trash" in rows[1] and "with 1 companion" in rows[1] and "can be put back" in rows[1]
    assert "Said “different”: 2 photos" in rows[2] and "can be forgotten" in rows[2]


def test_the_day_has_a_year_only_when_it_is_another() -> None:
    today = QDateTime.fromString("2026-11-21", "yyyy-MM-dd").date()
    QLocale.setDefault(QLocale("en_GB"))
    try:
        told = [history_words.day(today.addDays(-days), today) for days in (0, 1, 7, 400)]
    finally:
        QLocale.setDefault(QLocale.system())

    assert told == ["Today", "Yesterday", "14 November", "17 October 2025"]


def test_what_became_of_a_move_is_said_in_its_row() -> None:
    gone = "IMG_0003.jpg is no longer where imgfp put it."
    back = _run("u1", [_item(1, outcome="restored")], "2026-01-02T12:05:00Z", "undo", reverses="r1")
    tried = _run("u2", [_item(2, outcome="restored"), _item(3, outcome="refused", message=gone)], "2026-01-02T12:00:00Z", "undo",
                 reverses="r2")  # fmt: skip
    whole = _run("r1", [_item(1, restored=True)], "2026-01-02T11:00:00Z", state="undone")
    part = _run("r2", [_item(2, restored=True), _item(3), _item(4)], "2026-01-01T11:00:00Z", state="partly")
    lost = _run("r3", [_item(5), _item(6, outcome="refused", message="changed")], "2026-01-01T10:00:00Z", state="partly")
    undo, undo2, one, two, three = entries_of([back, tried, whole, part, lost])

    assert (one.way, history_words.fate(one)) == ("", "taken back") and "taken back at" in history_words.sentence(one)
    assert two.caution and history_words.sentence(two) == f"1 photo could not be put back: {gone}"
    assert history_words.button(two) == "Restore 1"
    assert history_words.sentence(three).endswith("1 photo stayed in place") and not three.caution
    assert history_words.sentence(undo) == "names, dates and places as before" and history_words.fate(undo) == "done"
    assert undo2.caution and history_words.sentence(undo2) == "1 photo could not be put back"


def test_a_folder_and_a_repeated_move_are_told_apart_from_the_trash() -> None:
    folder, again = entries_of(
        [_run("r1", [_item(1)], _ago(), to="/photos/put\naside"), _run("r2", [_item(1)], _ago(), reverses="u1")]
    )

    assert history_words.title(folder) == "1 photo moved to a folder" and history_words.place(folder) == "/photos/put\\naside"
    assert history_words.title(again) == "1 photo moved away again"


def test_search_finds_photos_and_folders_and_says_when_there_are_none(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    _answer(session, qapp, _run("r1", [_item(1)], _ago()), _run("r2", [_item(2)], _ago(1)))
    field = page.findChild(QLineEdit, "historyField")
    assert field

    field.setText("camera/img_0002")
    assert [row for row in _rows(page) if "moved" in row] == [_rows(page)[1]] and _rows(page)[0] == "Yesterday"
    field.setText("nowhere")
    assert not _rows(page) and "Nothing found" in _words(page)

    QTest.keyClick(field, Qt.Key.Key_Escape)  # clears first
    assert len(_rows(page)) == 4 and page.isVisible()


def test_an_empty_history_says_what_will_be_here(page: HistoryPage, session: ScriptedSession, qapp: QApplication) -> None:
    _answer(session, qapp)

    assert "Nothing was done yet" in _words(page)


def test_the_model_keeps_its_promises_to_views(qapp: QApplication) -> None:
    model = HistoryModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    model.show([_moves(), _said("keep-all", "d1", _ago(1))])
    model.find("0001")
    model.find("")
    model.show([])
    assert tester.model() is model and model.rowCount() == 0


# ------------------------------------------------------------------------------------------------------- one entry


def test_the_chosen_entry_lists_its_photos_and_where_they_went(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    _answer(session, qapp, _moves(), _run("r0", [_item(5, restored=True), _item(6)], _ago(1), state="partly"))

    said = _words(page.detail)
    for part in ("2 photos moved to the trash", "6.0 MB", "with 1 companion", "System trash", "1, all there at the last scan"):
        assert part in said
    photos = page.detail.photos.model()
    assert [photos.index(row, 0).data() for row in range(photos.rowCount())] == [
        "IMG_0001.jpg, photos / Export",
        "IMG_0003 a very long name of a picture.jpg, photos / Export",
    ]
    assert _restore(page).text() == "Restore all 2"

    QTest.keyClick(page.list, Qt.Key.Key_Down)  # over the heading
    _settle(qapp)
    assert _restore(page).text() == "Restore 1" and "1 of 2" in _words(page.detail)


def test_photos_that_are_gone_from_the_trash_are_told_before_anybody_tries(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    _answer(session, qapp, _run("r1", [_item(1), _item(2), _item(5)], _ago()))
    assert session.called("lost_copies") == [("r1",)]

    session.answer("lost_copies", (path_of(2),))
    _settle(qapp)

    assert "1 photo cannot be put back: no longer in the trash" in _rows(page)[1]
    assert "In the trash now\n2 of 3" in _words(page.detail) and _restore(page).text() == "Restore 2"
    photos = page.detail.photos.model()
    assert photos.index(1, 0).data() == "IMG_0002.jpg, no longer in the trash"


def test_a_mark_of_direction_in_a_name_is_written_out(page: HistoryPage, session: ScriptedSession, qapp: QApplication) -> None:
    _answer(session, qapp, _run("r1", [_item(1, path="/photos/a\u202egpj.exe\n<b>.jpg")], _ago()))

    photos = page.detail.photos.model()
    assert photos.index(0, 0).data().startswith("a\\u202egpj.exe\\n<b>.jpg")
    tip = photos.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip and "&lt;b&gt;" in tip


# ------------------------------------------------------------------------------------------------------- the way back


def test_restoring_shows_how_far_it_is_and_asks_for_the_history_again(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    _answer(session, qapp, _moves())
    _restore(page).click()
    assert session.called("undo") == [("r1",)]
    assert not _restore(page).isVisible()
    session.progress_changed.emit(Progress("restore", 1, 0, 3, 2.0))
    _settle(qapp)
    assert "Putting back 1 of 3" in _words(page.detail)
    asked = len(session.called("history"))

    session.answer("undo", {"run": "u1", "results": [{"path": "/photos/a.jpg", "outcome": "restored"}], "cancelled": False})
    _settle(qapp)

    assert len(session.called("history")) > asked
    assert "Putting back" not in _words(page.detail)


def test_what_could_not_be_put_back_is_said_and_stays_said(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    _answer(session, qapp, _moves())
    _restore(page).click()
    message = "Another file has taken the place of IMG_0001.jpg. Nothing was overwritten."
    results = [
        {"path": "/photos/a.jpg", "outcome": "restored"},
        {"path": "/photos/b.jpg", "outcome": "refused", "message": message},
    ]
    session.answer("undo", {"run": "u1", "results": results, "cancelled": False})
    _settle(qapp)
    after = _run("r1", [_item(1), _item(2, shot=3, restored=True), _item(3, shot=3, restored=True)], _ago(), state="partly")
    tried = _run("u1", [_item(1, outcome="refused", message=message)], _ago(), "undo", reverses="r1")
    _answer(session, qapp, tried, after)

    assert f"1 file could not be put back: {message}" in _words(page.detail)
    assert page.list.entry and page.list.entry.id == "r1"  # still chosen, though something newer stands above it
    assert _restore(page).text() == "Try again"


def test_a_way_back_that_cannot_begin_says_why(page: HistoryPage, session: ScriptedSession, qapp: QApplication) -> None:
    _answer(session, qapp, _moves())
    _restore(page).click()

    session.failed.emit(session.last_token("undo"), StoreLocked("Another imgfp is at work.", hint="Wait."))
    _settle(qapp)

    assert "Another imgfp is at work. Wait." in _words(page.detail) and _restore(page).isVisible()


def test_the_button_in_a_row_restores_that_row_and_forgets_that_decision(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    _answer(session, qapp, _moves(), _said("different", "d1", _ago(0, 60)), _run("r0", [_item(5)], _ago(1)))

    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=_button_of(page, 2))
    assert session.called("take_back") == [("d1",)] and not session.called("undo")
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=_button_of(page, 4))
    assert session.called("undo") == [("r0",)]


def _button_of(page: HistoryPage, row: int) -> QPoint:
    option = QStyleOptionViewItem()
    page.list.initViewItemOption(option)
    option.rect = page.list.visualRect(page.list.model().index(row, 0))
    box: QRect = page.list.painter._button_box(option)
    return box.center()


def test_a_row_that_is_pressed_beside_its_button_is_only_chosen(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    _answer(session, qapp, _moves(), _run("r0", [_item(5)], _ago(1)))
    box = page.list.visualRect(page.list.model().index(3, 0))

    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())

    assert page.list.entry and page.list.entry.id == "r0" and not session.called("undo")


def test_keys_alone_are_enough(page: HistoryPage, session: ScriptedSession, window: MainWindow, qapp: QApplication) -> None:
    _answer(session, qapp, _moves(), _run("r0", [_item(5)], _ago(1)))
    assert qapp.focusWidget() is page.list

    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.keyClick(page.list, Qt.Key.Key_Return)  # to the button, not at once
    assert not session.called("undo") and qapp.focusWidget() is _restore(page)
    QTest.keyClick(_restore(page), Qt.Key.Key_Space)
    assert session.called("undo") == [("r0",)]

    QTest.keyClick(page, Qt.Key.Key_Escape)
    _settle(qapp)
    assert window.controller.page == "review" and not page.isVisible()


def test_an_entry_without_a_way_back_has_no_button(page: HistoryPage, session: ScriptedSession, qapp: QApplication) -> None:
    _answer(session, qapp, _said("different", "d1", _ago(), state="undone"))

    assert not _restore(page).isVisible() and "taken back" in _rows(page)[1]
    assert isinstance(page.list.entry, Entry)


def test_ten_thousand_photos_in_a_run_are_listed_without_looking_at_each(
    page: HistoryPage, session: ScriptedSession, qapp: QApplication
) -> None:
    asked: list[bytes] = []
    plain = session.file_at
    session.file_at = lambda path: asked.append(path) or plain(path)  # type: ignore[method-assign, func-returns-value]

    _answer(session, qapp, _run("r1", [_item(n) for n in range(10_000)], _ago()))
    page.detail.photos.viewport().repaint()

    assert page.detail.photos.model().rowCount() == 10_000
    assert len(asked) < 600


def test_everything_that_can_be_used_has_a_name(page: HistoryPage, session: ScriptedSession, qapp: QApplication) -> None:
    _answer(session, qapp, _moves())

    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    kinds = (QAbstractButton, QLineEdit, type(page.list), type(page.detail.photos))
    own = [w for w in page.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
    unnamed = [w for w in own if not w.accessibleName() and not isinstance(w.parent(), QLineEdit)]
    assert own and not unnamed


def test_a_move_put_back_from_the_history_is_no_step_of_undo_any_more(
    page: HistoryPage, session: ScriptedSession, window: MainWindow, qapp: QApplication
) -> None:
    window.controller.mark(1, Suggest.REMOVE)
    window.controller.check_apply()
    _settle(qapp)
    session.answer("check_apply", session.check(photos=1))
    _settle(qapp)
    window.controller.apply()
    session.answer("apply_checked", {"run": "r1", "results": [{"outcome": "moved"}], "cancelled": False})
    _settle(qapp)
    assert window.controller.undo_text == "move 1 photo to trash"
    window.controller.set_page("history")
    _answer(session, qapp, _moves())

    _restore(page).click()
    session.answer("undo", {"run": "u1", "results": [{"outcome": "restored"}], "cancelled": False})
    _settle(qapp)

    assert "move" not in window.controller.undo_text
