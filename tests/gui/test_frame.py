"""The frame of the window: pages, panes that give way, messages, what is kept between starts, and how it closes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QMessageBox, QPlainTextEdit, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from engine.records import Progress
from imgfp_gui import theme
from imgfp_gui.control.totals import Message
from imgfp_gui.controller import ReviewController
from imgfp_gui.dialogs import report_text
from imgfp_gui.dialogs.about_dialog import AboutDialog
from imgfp_gui.dialogs.cache_row import CacheRow
from imgfp_gui.main_window import MainWindow
from imgfp_gui.models import words
from imgfp_gui.parts.button import BarButton
from imgfp_gui.preferences import FILE, Preferences
from imgfp_gui.style import Theme
from imgfp_gui.views.message_bar import MessageBar
from tests.support.scripted_session import ScriptedSession, some_clusters
from tests.support.sources import ROOT


def _settle(qapp: QApplication, times: int = 3) -> None:
    for _ in range(times):
        qapp.processEvents()


def _open(window: MainWindow, session: ScriptedSession, qapp: QApplication, *, ended: bool = True, clusters: int = 6) -> None:
    """A library is open; its scan has ended, or still runs."""
    window.controller.add_folders(["/photos"])
    session.clusters_changed.emit(some_clusters(clusters))
    _settle(qapp)
    if ended:
        session.scan_finished.emit({"found": 24})
        session.answered.emit(session.last_token("open_folders"), {})
        _settle(qapp)


def _named(window: QWidget, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None, name
    return found


def _another(session: ScriptedSession, qapp: QApplication) -> MainWindow:
    """A window as after the next start."""
    window = MainWindow(ReviewController(session))  # type: ignore[arg-type]
    window.controller.setParent(window)
    window.show()
    _settle(qapp)
    return window


# ---------------------------------------------------------------------------------------------------- pages


def test_pages_follow_the_library(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    assert _named(window, "startPage").isVisible()
    assert not window.toolbar.modes.isVisible() and not window.toolbar.apply.isVisible()

    window.controller.add_folders(["/photos"])
    _settle(qapp)
    assert _named(window, "scanningPage").isVisible() and not window.workspace.right.isVisible()
    assert window.toolbar.modes.isVisible() and window.toolbar.apply.isVisible()

    session.clusters_changed.emit(some_clusters(6))
    _settle(qapp)
    session.answered.emit(session.last_token("open_folders"), {})
    _settle(qapp)
    assert _named(window, "compareArea").isVisible() and window.workspace.right.isVisible()

    window.action("folder.close").trigger()
    _settle(qapp)
    assert _named(window, "startPage").isVisible()


def test_a_library_without_duplicates_has_a_page_of_its_own(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])
    session.answered.emit(session.last_token("open_folders"), {})
    _settle(qapp)

    assert _named(window, "emptyPage").isVisible()


@pytest.mark.parametrize(("command", "page"), [("history.show", "historyWindow"), ("problems.show", "problemsPage")])
def test_one_looks_at_history_and_problems_and_comes_back(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, command: str, page: str
) -> None:
    _open(window, session, qapp)

    window.action(command).trigger()
    _settle(qapp)
    assert _named(window, page).isVisible() and window.action(command).isChecked()

    window.action(command).trigger()
    _settle(qapp)
    assert _named(window, "compareArea").isVisible() and not window.action(command).isChecked()


def test_starting_to_review_gives_the_keyboard_to_the_clusters(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.activateWindow()
    _open(window, session, qapp, ended=False)

    window.action("review.start").trigger()
    _settle(qapp)

    assert window.focusWidget() is window.cluster_list
    assert window.controller.cluster is not None


def test_the_tab_key_goes_the_way_of_the_eye(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _open(window, session, qapp)
    parts = ("toolbar", "foldersPane", "queueFilters", "clusterList", "compareArea", "filmstrip", "sideDrawer", "activityBar")
    widgets = [_named(window, name) for name in parts]

    met: list[str] = []
    now: QWidget = window.toolbar.menu_button
    for _ in range(2000):
        if now.focusPolicy() & Qt.FocusPolicy.TabFocus and now.isVisible() and now.isEnabled():
            inside = [name for name, part in zip(parts, widgets, strict=True) if part is now or part.isAncestorOf(now)]
            if inside and (not met or met[-1] != inside[-1]):
                met.append(inside[-1])
        now = now.nextInFocusChain()
        if now is window.toolbar.menu_button:
            break

    assert met == list(parts)


# ---------------------------------------------------------------------------------------------------- giving way


def test_the_right_pane_becomes_a_strip_of_tabs_in_a_narrow_window(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _open(window, session, qapp)
    assert window.workspace.right.width() == theme.RIGHT_PANE[1]
    assert window.workspace.left.width() == theme.LEFT_PANE[1]

    window.resize(theme.DRAWER_BELOW - 1, 700)
    _settle(qapp)
    assert window.workspace.right.narrow and window.workspace.right.width() < 40
    assert window.workspace.left.width() == theme.LEFT_PANE[1]

    window.resize(1280, 800)
    _settle(qapp)
    assert not window.workspace.right.narrow and window.workspace.right.width() == theme.RIGHT_PANE[1]


def test_a_wide_window_has_a_wide_right_pane(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.resize(theme.WIDE_WINDOW, 900)
    _open(window, session, qapp)

    assert window.workspace.right.width() == theme.RIGHT_PANE_WIDE


def test_everything_has_room_in_the_smallest_window(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.resize(*theme.WINDOW_MIN)
    _open(window, session, qapp)

    assert (window.width(), window.height()) == theme.WINDOW_MIN
    for bar in (window.toolbar, window.activity_bar):
        visible = [w for w in bar.children() if isinstance(w, QWidget) and w.isVisible()]
        assert all(bar.rect().contains(w.geometry()) for w in visible)
    assert not window.toolbar.apply.visibleRegion().isEmpty()
    assert window.toolbar.apply.text() == "Apply…"


def test_words_of_the_toolbar_give_way_in_order(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _open(window, session, qapp)
    beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly

    def styles(width: int) -> tuple[object, ...]:
        window.resize(width, 700)
        _settle(qapp)
        modes = [b.toolButtonStyle() for b in window.toolbar.modes.findChildren(QWidget) if hasattr(b, "toolButtonStyle")]
        buttons = window.toolbar.findChildren(BarButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return (*modes, *(b.toolButtonStyle() for b in buttons if b.defaultAction().objectName() == "command.scan.rescan"))

    assert styles(1280) == (beside, beside, beside)
    assert styles(theme.ICONS_BELOW - 1) == (alone, alone, alone)


def test_long_words_leave_the_current_mode_its_name(themed: QApplication, window: MainWindow) -> None:
    """Words of 40 % more than ours, in a window that is wide enough for icons and words in English."""
    toolbar = window.toolbar
    toolbar.set_review(review=True)
    for command in ("view.grid", "view.side", "scan.rescan", "history.show", "folder.add"):
        window.action(command).setText(window.action(command).text() + 3 * " von Fotografien")
    toolbar.resize(theme.ICONS_BELOW, toolbar.height())
    window.action("view.side").setChecked(True)
    toolbar.fit()

    modes = [b for b in toolbar.modes.findChildren(QWidget) if hasattr(b, "toolButtonStyle")]
    worded = [b for b in modes if b.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly]
    assert [b.text() for b in worded] in ([], ["Side" + 3 * " von Fotografien"])
    assert toolbar.layout().totalMinimumSize().width() <= toolbar.width()


def test_panels_can_be_hidden_and_that_is_kept(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _open(window, session, qapp)

    window.action("view.panels").trigger()
    _settle(qapp)
    assert not window.workspace.left.isVisible() and not window.workspace.right.isVisible()
    assert window.controller.preferences.values.window_panels is False

    window.action("queue.filter").trigger()  # what is asked for is shown
    _settle(qapp)
    assert window.workspace.left.isVisible() and window.action("view.panels").isChecked()


def test_full_screen_and_back(window: MainWindow, qapp: QApplication) -> None:
    window.action("view.full_screen").trigger()
    _settle(qapp)
    assert window.isFullScreen() and window.action("view.full_screen").isChecked()

    window.action("view.full_screen").trigger()
    _settle(qapp)
    assert not window.isFullScreen() and not window.action("view.full_screen").isChecked()


def test_splitters_are_easier_to_grab_than_to_see(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _open(window, session, qapp)

    handle = window.workspace.handle(1)

    assert handle.width() == theme.SPLITTER_HIT and handle.contentsRect().width() == theme.SPLITTER


# ---------------------------------------------------------------------------------------------------- messages and activity


def test_a_message_offers_its_way_back_and_takes_no_keyboard(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.activateWindow()
    _open(window, session, qapp)
    window.cluster_list.setFocus()
    window.action("cluster.accept").trigger()
    _settle(qapp)
    assert session.marks

    window.controller.message.emit(Message("Accepted", "done", "actions.undo", "Undo"))
    _settle(qapp)
    bar = window.findChild(MessageBar, "messageBar")
    assert bar is not None and bar.isVisible() and bar.text == "Accepted"
    assert window.focusWidget() is window.cluster_list
    area = window.workspace.compare
    assert area.rect().contains(area.mapFromGlobal(bar.mapToGlobal(QPoint(0, 0))))

    button = next(b for b in bar.findChildren(QWidget) if b.accessibleName() == "Undo")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    _settle(qapp)
    assert not session.marks and not bar.isVisible()


def test_a_message_goes_when_its_button_would_take_back_something_else(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _open(window, session, qapp)
    window.action("cluster.accept_all").trigger()
    bar = window.contents.messages
    _settle(qapp)
    assert bar.isVisible() and "accepted" in bar.text

    window.action("cluster.aside").trigger()
    _settle(qapp)

    assert not bar.isVisible()


def test_a_message_goes_by_itself_but_not_under_the_pointer(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    bar = window.contents.messages
    bar._timer.setInterval(20)

    window.controller.noted.emit("The folder is not there.")
    qapp.sendEvent(bar, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert bar.isVisible() and not bar._timer.isActive()

    qapp.sendEvent(bar, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_a_long_message_is_wrapped_inside_the_window(window: MainWindow, qapp: QApplication) -> None:
    window.resize(*theme.WINDOW_MIN)
    window.controller.message.emit(Message("The disk was taken away. " * 12, "caution"))
    _settle(qapp)

    bar = window.contents.messages
    label = bar.findChild(QLabel, "message")
    assert window.pages.rect().contains(bar.geometry())
    assert label is not None and label.height() >= label.heightForWidth(label.width())


def test_the_activity_bar_tells_progress_problems_savings_and_what_can_be_taken_back(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    bar = window.activity_bar

    def texts() -> set[str]:
        return {label.text() for label in bar.findChildren(QLabel) if label.isVisible()}

    assert "No folders yet" in texts()
    window.controller.add_folders(["/photos"])
    session.progress_changed.emit(Progress("read", 412, 380, 1200, 96.0))
    _settle(qapp)
    assert {"Reading", "412 of 1200"} <= texts()
    assert bar.findChild(QProgressBar).isVisible()  # type: ignore[union-attr]

    session.clusters_changed.emit(some_clusters(6))
    session.scan_finished.emit({"found": 24})
    session.answered.emit(session.last_token("open_folders"), {})
    _settle(qapp)
    assert not bar.findChild(QProgressBar).isVisible()  # type: ignore[union-attr]
    assert any("Would free" in text for text in texts())

    window.action("cluster.accept").trigger()
    _settle(qapp)
    assert any("decided" in text for text in texts())
    names = {b.accessibleName() for b in bar.findChildren(BarButton) if b.isVisible()}
    assert "0 problems" in names and any(name.startswith("Undo: ") for name in names)


# ---------------------------------------------------------------------------------------------------- kept between starts


def test_the_window_comes_back_as_it_was(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _open(window, session, qapp)
    window.action("view.grid").trigger()
    window.controller.set_sort("certain")
    window.workspace.setSizes([300, 678, 300])
    window.workspace.splitterMoved.emit(300, 1)
    window.action("view.panels").trigger()
    _settle(qapp)
    window.close()

    again = _another(session, qapp)
    try:
        _open(again, session, qapp)
        again.resize(window.size())
        assert again.controller.mode == "grid" and again.controller.queue.sort == "certain"
        assert not again.workspace.left.isVisible()
        again.action("view.panels").trigger()
        _settle(qapp)
        assert again.workspace.left.width() == 300 and again.workspace.right.width() == 300
    finally:
        again.close()


def test_filters_come_back_and_say_that_they_are_in_force(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _open(window, session, qapp)
    window.controller.preferences.set("review.states", ("UNDECIDED",))
    window.close()

    again = _another(session, qapp)
    try:
        _open(again, session, qapp)
        assert [state.name for state in again.controller.queue.filter.states] == ["UNDECIDED"]
        assert any(label.text().startswith("Only: Undecided") for label in again.workspace.filters.findChildren(QLabel))
    finally:
        again.close()


def test_a_window_that_no_screen_shows_is_brought_back(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.move(30_000, 20_000)
    _settle(qapp)
    window.close()
    assert Preferences(session.window_folder()).values.window_geometry

    again = _another(session, qapp)
    screens = [screen.availableGeometry() for screen in qapp.screens()]
    assert any(screen.intersects(again.frameGeometry()) for screen in screens)
    again.close()


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    preferences.set("facts.folded", True)
    preferences.set("review.sort", "certain")
    preferences.set("review.sort", "space")
    preferences.set("review.tiers", ("EDITED",))
    del preferences

    written = (tmp_path / FILE).read_text(encoding="utf-8") if (tmp_path / FILE).exists() else ""
    again = Preferences(tmp_path)
    assert again.get("facts.folded") is True and again.get("review.tiers") == ("EDITED",)
    assert "sort" not in written


def test_a_damaged_file_of_preferences_counts_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[General]\nfacts_folded=true\nwindow_left=wide\ntheme=\nnonsense=1\n\x00\x01", encoding="utf-8")

    preferences = Preferences(tmp_path)

    assert preferences.get("facts.folded") is True and preferences.get("window.left") == 0


def test_unknown_or_wrong_preferences_are_refused() -> None:
    preferences = Preferences()

    with pytest.raises(KeyError):
        preferences.get("window.colour")
    with pytest.raises(TypeError):
        preferences.set("window.left", "wide")


# ---------------------------------------------------------------------------------------------------- dropping, closing


def _drop(widget: QWidget, places: list[str]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(place) for place in places])
    action, button, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, data, button, held)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(5, 5), action, data, button, held)
    QApplication.sendEvent(widget, drop)
    assert drop.isAccepted()


def test_folders_can_be_dropped_anywhere(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _drop(_named(window, "startPage"), ["/photos/One", "/photos/Two"])
    _drop(window, ["/photos/Three", "/photos/Kyoto.2024"])

    assert window.controller.folders == ("/photos/One", "/photos/Two", "/photos/Three", "/photos/Kyoto.2024")


def test_a_single_file_that_is_dropped_is_not_scanned(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _drop(window, ["/photos/IMG_1.jpg", "/photos/Album.old"])
    _settle(qapp)
    assert not window.controller.folders

    session.answered.emit(session.last_token("present"), frozenset({"/photos/IMG_1.jpg"}))
    _settle(qapp)

    assert window.controller.folders == ("/photos/Album.old",)
    assert "whole folders" in window.contents.messages.text


def test_closing_in_the_middle_of_a_scan_asks_once(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _open(window, session, qapp, ended=False)

    window.action("app.quit").trigger()
    window.action("app.quit").trigger()
    _settle(qapp)
    boxes = window.findChildren(QMessageBox, "closeDialog")
    assert len(boxes) == 1 and window.isVisible()
    assert "stays stored" in boxes[0].informativeText()
    stay, end = (next(b for b in boxes[0].buttons() if b.text() == text) for text in ("Keep reading", "Close"))

    stay.click()
    _settle(qapp)
    assert window.isVisible() and not session.called("close")

    window.action("app.quit").trigger()
    _settle(qapp)
    box = window.findChild(QMessageBox, "closeDialog")
    assert box is not None
    end = next(b for b in box.buttons() if b.text() == "Close")
    end.click()
    _settle(qapp)
    assert not window.isVisible() and session.called("close")


def test_the_cross_of_the_frame_asks_too_and_no_more_once_the_user_said_so(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _open(window, session, qapp, ended=False)

    class FromTheSystem(QCloseEvent):
        def spontaneous(self) -> bool:
            return True

    event = FromTheSystem()
    window.closeEvent(event)
    _settle(qapp)
    box = window.findChild(QMessageBox, "closeDialog")
    assert not event.isAccepted() and box is not None
    never = box.findChild(QCheckBox)
    assert never is not None
    never.setChecked(True)
    next(b for b in box.buttons() if b.text() == "Close").click()
    _settle(qapp)

    assert not window.isVisible() and window.controller.preferences.values.confirm_close is False


def test_without_a_scan_it_closes_at_once(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    _open(window, session, qapp)

    window.action("app.quit").trigger()
    _settle(qapp)

    assert not window.isVisible() and session.called("close")


def test_a_scan_that_ends_under_the_question_takes_it_away(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _open(window, session, qapp, ended=False)
    window.action("app.quit").trigger()
    _settle(qapp)

    session.scan_finished.emit({"found": 24})
    session.answered.emit(session.last_token("open_folders"), {})
    _settle(qapp)

    box = window.findChild(QMessageBox, "closeDialog")
    assert (box is None or not box.isVisible()) and window.isVisible()


# ---------------------------------------------------------------------------------------------------- dialogs


@pytest.fixture
def theme_of(themed: QApplication, window: MainWindow) -> Iterator[Theme]:
    """The theme of the application, dark again afterwards."""
    found = themed.findChild(Theme)
    assert isinstance(found, Theme)
    window.theme = found
    yield found
    found.want("dark")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("help.keys", "cheatSheet"),
        ("app.preferences", "preferencesDialog"),
        ("help.about", "aboutDialog"),
        ("help.report", "errorReport"),
    ],
)
def test_dialogs_have_their_names_and_say_what_they_are(window: MainWindow, qapp: QApplication, command: str, name: str) -> None:
    window.action(command).trigger()
    _settle(qapp)

    dialog = _named(window, name)
    assert dialog.isVisible() and dialog.accessibleName()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_preference_acts_at_once(window: MainWindow, session: ScriptedSession, qapp: QApplication, theme_of: Theme) -> None:
    window.action("app.preferences").trigger()
    _settle(qapp)
    dialog = _named(window, "preferencesDialog")

    def choose(name: str, value: str) -> None:
        box = dialog.findChild(QComboBox, f"preference.{name}")
        assert box is not None
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())

    choose("theme", "light")
    assert theme_of.tokens is theme.LIGHT and theme.tokens_of(window.palette()) is theme.LIGHT
    choose("photos.surround", "black")
    assert window.workspace.compare.scenery.grey == "#000000"
    reading = ("reading.whole_cpu", "reading.pause_on_battery", "reading.watch")
    for name in ("photos.keep_zoom", "facts.only_differences", *reading, "clusters.moments", "confirm_close"):
        box = dialog.findChild(QCheckBox, f"preference.{name}")
        assert box is not None
        before = box.isChecked()
        box.setChecked(not before)
        assert window.controller.preferences.get(name) is not before
    facts = window.workspace.right.findChild(QCheckBox, "onlyDifferences")
    assert facts is not None and not facts.isChecked()
    assert session.called("set_pace")[-3:] == [(True, False), (True, True), (True, True)]
    assert session.called("watch")[-2:] == [(False,), (True,)]


def test_the_room_the_cache_takes_is_told_and_can_be_made_less(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.action("app.preferences").trigger()
    _settle(qapp)
    row = window.findChild(CacheRow, "cacheRow")
    told = window.findChild(QLabel, "cacheTold")
    assert row is not None and told is not None

    session.answer("store", {"sizes": {"fingerprints": 30 * 10**6, "catalog": 10 * 10**6}, "photo_bytes": 8 * 10**9})
    assert told.text() == f"{words.size(40 * 10**6)}, 0.5 % of the photos"

    row.smaller.click()
    assert session.called("store")[-1] == ("compact",) and not row.smaller.isEnabled()
    session.answer("store", {})
    session.answer("store", {"sizes": {"fingerprints": 10**6}, "photo_bytes": 10**9})
    assert told.text() == f"{words.size(10**6)}, 0.1 % of the photos" and row.smaller.isEnabled()


def test_licences_can_be_read_whole(window: MainWindow, qapp: QApplication) -> None:
    window.action("help.about").trigger()
    _settle(qapp)
    dialog = window.findChild(AboutDialog, "aboutDialog")
    assert dialog is not None

    for row in range(dialog.parts.count()):
        dialog.parts.setCurrentRow(row)
        assert len(dialog.text.toPlainText()) > 500
    assert dialog.parts.item(dialog.parts.count() - 1).text().startswith("Lucide")


def test_a_report_names_nobody_and_nothing_of_the_users(tmp_path: Path) -> None:
    tokens = report_text.Tokens("/home/josefine", ("josefine", "josefines-laptop"))
    told = (
        "FileNotFoundError: [Errno 2] No such file: '/home/josefine/Fotos 2024/Hochzeit/IMG_0042.CR3'\n"
        "also /media/josefine/Archiv_2/Hochzeit/IMG_0042.CR3 and file:///mnt/Archiv_2/x.jpg on josefines-laptop,\n"
        r"C:\Users\Josefine\Bilder\Lena.JPG, KeyError: 'Lena am Strand.heic', user=josefine"
        '\n  File "' + report_text.__file__ + '", line 12, in clean\n'
    )

    clean = tokens.clean(told)

    for name in ("osefine", "Fotos", "Hochzeit", "IMG_0042", "Archiv_2", "Lena", "Strand", "Bilder", "laptop"):
        assert name not in clean, (name, clean)
    assert clean.count("<file 1>.cr3") == 2  # the same file is the same token
    assert 'imgfp_gui/dialogs/report_text.py", line 12' in clean
    assert "FileNotFoundError: [Errno 2]" in clean


def test_an_uncaught_exception_is_shown_where_it_can_be_copied(
    window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imgfp_gui.__main__ import LastResort

    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    last = LastResort(window)
    for _ in range(2):
        try:
            Path("/home/somebody/Secret album/IMG_7.jpg").read_bytes()
        except OSError as error:
            last.catch(type(error), error, error.__traceback__)
    _settle(qapp)

    reports = window.findChildren(QWidget, "errorReport")
    assert len(reports) == 1
    text = reports[0].findChild(QPlainTextEdit).toPlainText()  # type: ignore[union-attr]
    assert "FileNotFoundError" in text and "test_frame.py" in text
    assert "Secret" not in text and "somebody" not in text and "IMG_7" not in text
    copy = next(b for b in reports[0].findChildren(QWidget) if b.accessibleName() == "Copy")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == text


# ---------------------------------------------------------------------------------------------------- starting


def test_the_window_is_shown_before_anything_heavy_is_loaded() -> None:
    code = (
        "import json, sys\n"
        "from imgfp_gui.app import fill, show_frame\n"
        "app, window = show_frame(['imgfp'])\n"
        "before = sorted(sys.modules)\n"
        "shown = window.isVisible()\n"
        "fill(window); app.processEvents(); app.processEvents()\n"
        "after = sorted(sys.modules)\n"
        "window.close()\n"
        "print(json.dumps([shown, before, after]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    shown, before, after = json.loads(done.stdout.splitlines()[-1])

    assert shown
    assert not {"numba", "numpy", "PIL", "rawpy", "pillow_heif", "sqlite3", "engine.jobs.review"} & set(before)
    assert not {"numba", "PIL", "rawpy", "pillow_heif"} & set(after)
