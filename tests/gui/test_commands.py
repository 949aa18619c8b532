"""One table of commands: every command is an action that does something, and no key means two things in one place."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcutEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QWidget

from imgfp_gui import icons
from imgfp_gui.commands import COMMANDS, MENUS, REVIEW, SCANNING, STANDARD, WINDOW, keyboard_page, keys_shown, shortcuts_of
from imgfp_gui.dialogs.cheat_sheet import PHOTO_NUMBERS, CheatSheet, grouped
from imgfp_gui.main_window import MainWindow
from imgfp_gui.main_window.wiring import works
from tests.support.scripted_session import ScriptedSession, some_clusters
from tests.support.sources import ROOT

FIRST_IDS = {
    "folder.add", "scan.rescan", "scan.pause", "scan.stop", "cluster.next", "cluster.previous", "photo.next", "photo.previous",
    "verdict.keep", "verdict.trash", "verdict.undecided", "cluster.accept", "cluster.different", "view.grid", "view.side",
    "view.fit", "line.up", "line.down", "actions.apply", "actions.undo", "history.show", "problems.show",
}  # fmt: skip


def _reviewing(window: MainWindow, session: ScriptedSession, qapp: QApplication, clusters: int = 6) -> None:
    """A library is open, its scan has ended, and the list has the keyboard."""
    window.controller.add_folders(["/photos"])
    session.clusters_changed.emit(some_clusters(clusters))
    qapp.processEvents()
    session.answered.emit(session.last_token("open_folders"), {})
    window.activateWindow()
    for _ in range(3):
        qapp.processEvents()
    window.cluster_list.setFocus()
    qapp.processEvents()


def test_every_command_is_an_action_with_its_name_text_and_tip(window: MainWindow) -> None:
    for command in COMMANDS:
        action = window.findChild(QAction, f"command.{command.id}")
        assert action is not None
        assert action.text() and action.toolTip() and action.statusTip()
        own = {QKeySequence.fromString(key) for key in command.keys}
        assert own <= set(action.shortcuts())
        assert len(own) == len(action.shortcuts()) or command.id in STANDARD
    assert {command.id for command in COMMANDS} >= FIRST_IDS


def test_every_command_does_something(window: MainWindow) -> None:
    does = {*works(window, window.contents), "app.quit", "app.menu"}

    assert does == {command.id for command in COMMANDS}


def test_every_command_can_be_reached_from_a_menu_and_by_icon_there_is(window: MainWindow) -> None:
    menu = window.findChild(QMenu, "menu")
    assert menu is not None
    menu.aboutToShow.emit()

    reached = {action.objectName() for part in menu.findChildren(QMenu) for action in part.actions()} - {""}

    assert reached == {f"command.{command.id}" for command in COMMANDS if command.menu}
    assert {command.menu for command in COMMANDS if command.menu} == set(MENUS)
    drawn = {path.stem for path in (icons.resources() / "icons").glob("*.svg")}
    assert {command.icon for command in COMMANDS if command.icon} <= drawn


def test_no_key_has_two_meanings_in_one_place(qapp: QApplication) -> None:
    keys: dict[str, Counter[QKeySequence]] = {scope: Counter() for scope in (WINDOW, REVIEW, SCANNING)}
    for command in COMMANDS:
        keys[command.scope].update(shortcuts_of(command))

    for scope in keys:
        assert [key.toString() for key, count in keys[scope].items() if count > 1] == []
    for narrow in (REVIEW, SCANNING):
        assert not set(keys[WINDOW]) & set(keys[narrow])
    both = {key.toString() for key in set(keys[REVIEW]) & set(keys[SCANNING])}
    assert both == {"Return", "Enter"}  # start reviewing there, accept here: never both, as the next test shows


def test_enter_starts_the_review_during_a_scan_and_accepts_afterwards(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])
    session.clusters_changed.emit(some_clusters(6))
    for _ in range(3):
        qapp.processEvents()
    assert window.controller.page == "scanning"
    assert window.action("review.start").isEnabled() and not window.action("cluster.accept").isEnabled()

    window.action("review.start").trigger()
    qapp.processEvents()

    assert window.controller.page == "review"
    assert window.action("cluster.accept").isEnabled() and not window.action("review.start").isEnabled()


def test_keys_that_the_system_has_work_beside_ours(qapp: QApplication) -> None:
    by_id = {command.id: set(shortcuts_of(command)) for command in COMMANDS}

    for name, standard in STANDARD.items():
        assert set(QKeySequence.keyBindings(standard)) <= by_id[name]


def test_a_brace_is_a_shifted_bracket(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _reviewing(window, session, qapp)
    before = window.controller.line

    QTest.keyClick(window.cluster_list, Qt.Key.Key_BraceRight)
    raised = window.controller.line
    QTest.keyClick(window.cluster_list, Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.ShiftModifier)

    assert raised == pytest.approx(before + 0.02)
    assert window.controller.line == pytest.approx(before)


def test_a_press_that_means_both_keys_of_a_command_does_it_once(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _reviewing(window, session, qapp)
    before, action = window.controller.line, window.action("line.up_far")

    qapp.sendEvent(action, QShortcutEvent(QKeySequence("}"), 1, True))

    assert window.controller.line == pytest.approx(before + 0.02)


def test_letters_mark_photos_only_where_photos_are_looked_at(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _reviewing(window, session, qapp)
    window.action("queue.filter").trigger()
    qapp.processEvents()
    field = window.focusWidget()
    assert isinstance(field, QLineEdit)

    QTest.keyClicks(field, "xpk")
    qapp.processEvents()

    assert field.text() == "xpk"
    assert not session.marks and not session.called("remember")


def test_enter_in_the_search_field_decides_nothing(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _reviewing(window, session, qapp)
    window.action("queue.filter").trigger()
    qapp.processEvents()

    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    qapp.processEvents()

    assert not session.marks
    assert window.focusWidget() is window.cluster_list


def test_the_sides_change_places_in_a_language_from_right_to_left(qapp: QApplication) -> None:
    onward = next(command for command in COMMANDS if command.id == "photo.next")
    assert shortcuts_of(onward)[0].toString() == "Right"

    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        assert shortcuts_of(onward)[0].toString() == "Left"
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_commands_are_on_only_when_they_can_do_something(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    def states() -> set[str]:
        return {command.id for command in COMMANDS if window.action(command.id).isEnabled()}

    assert states() == {
        "folder.add", "history.show", "app.preferences", "app.quit", "app.menu", "help.keys", "help.about", "help.report",
        "view.full_screen",
    }  # fmt: skip

    _reviewing(window, session, qapp)
    assert states() >= {"cluster.accept", "verdict.trash", "photo.4", "view.fit", "line.up", "queue.filter", "scan.rescan"}
    assert not states() & {"scan.pause", "scan.stop", "review.start", "photo.5", "actions.apply", "actions.redo", "verdict.back"}

    window.action("cluster.accept").trigger()
    for _ in range(2):
        qapp.processEvents()
    assert states() >= {"actions.apply", "actions.undo", "verdict.back"}
    assert window.action("actions.apply").text().startswith("Apply ")

    window.action("actions.undo").trigger()
    for _ in range(2):
        qapp.processEvents()
    assert "actions.redo" in states() and "actions.apply" not in states()


def test_the_page_of_keys_is_up_to_date() -> None:
    assert (ROOT / "docs" / "keyboard.md").read_text(encoding="utf-8") == keyboard_page()


def test_the_sheet_of_keys_lists_every_key_once_and_closes_with_escape(window: MainWindow, qapp: QApplication) -> None:
    listed = [command.id for group in grouped() for command in group]
    assert Counter(listed) == Counter(c.id for c in COMMANDS if c.keys and c.id not in PHOTO_NUMBERS[1:])

    window.action("help.keys").trigger()
    qapp.processEvents()
    sheet = window.findChild(CheatSheet, "cheatSheet")
    assert sheet is not None and sheet.isVisible()
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Accept, next", keys_shown(window.action("cluster.accept"))} <= texts

    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_no_command_acts_under_an_open_sheet(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _reviewing(window, session, qapp)
    window.action("help.keys").trigger()
    qapp.processEvents()

    for key in (Qt.Key.Key_X, Qt.Key.Key_Return, Qt.Key.Key_K):
        QTest.keyClick(window.findChild(QWidget, "cheatSheet"), key)
    qapp.processEvents()

    assert not session.marks and not session.called("remember")
