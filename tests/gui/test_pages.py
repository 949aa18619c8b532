"""The pages of the real window on a scripted session: start, scanning, nothing found; and what they remember."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from engine.config import FLOOR
from engine.errors import Cancelled, EngineError
from engine.records import FolderView, PairView, Problem, Progress, Tier
from imgfp_gui.controller import ReviewController
from imgfp_gui.main_window import MainWindow
from imgfp_gui.models import recent_words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.models.recent import RecentLibraries
from imgfp_gui.models.recent_file import KEPT, THUMB, Recent, _pack, _unpack, small
from imgfp_gui.models.scan_story import ScanStory
from imgfp_gui.models.time_left import TimeLeft
from imgfp_gui.views.empty_page import Case, EmptyPage
from imgfp_gui.views.scanning_page import ScanningPage
from imgfp_gui.views.start_page import StartPage
from tests.support.scripted_session import ScriptedSession, plain_clusters


def _settle(qapp: QApplication) -> None:
    for _ in range(8):
        qapp.processEvents()


def _texts(page: object) -> set[str]:
    return {label.text() for label in page.findChildren(QLabel) if label.isVisible()}  # type: ignore[attr-defined]


def _read(session: ScriptedSession, done: int, total: int, stage: str = "read") -> None:
    session.progress_changed.emit(Progress(stage, done, done, total, 50.0))


# ---------------------------------------------------------------------------------------------------- start


@pytest.fixture
def start(window: MainWindow, qtbot: QtBot) -> StartPage:
    page = window.findChild(StartPage, "startPage")
    assert page
    qtbot.waitUntil(lambda: window.contents.recent.is_loaded)
    return page


def test_the_first_page_says_what_to_do_and_what_will_not_happen(start: StartPage) -> None:
    texts = _texts(start)

    assert "Drop folders with photos here" in texts
    assert any("Everything stays on this computer" in text and "Undo" in text for text in texts)
    assert start.drop.add_button.text() == "Add folder…" and not start.rows()


def test_folders_can_be_dropped_anywhere_on_it(start: StartPage, session: ScriptedSession, qapp: QApplication) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/photos/dropped"), QUrl("https://example.org/x")])
    action, left, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPoint(5, 5), action, data, left, keys)

    QApplication.sendEvent(start, over)
    assert over.isAccepted() and "Let go to add these folders" in _texts(start)
    QApplication.sendEvent(start, QDropEvent(QPoint(5, 5), action, data, left, keys))

    assert session.called("open_folders")[0][0] == ("/photos/dropped",)
    assert "Drop folders with photos here" in {label.text() for label in start.findChildren(QLabel)}


def test_the_sample_opens_and_is_not_remembered(
    start: StartPage, window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    start.drop.sample_button.click()
    folder = session.called("make_sample")[0][0]
    session.answer("make_sample", {"files": 26})
    _settle(qapp)
    session.show(plain_clusters(3))
    _read(session, 26, 26)
    session.scan_finished.emit({"found": 26})
    session.answer("open_folders", {})
    _settle(qapp)

    assert window.controller.folders == (folder,) and Path(folder).parent.is_dir()
    assert window.contents.recent.libraries == ()


def test_what_of_the_sample_was_moved_can_come_back_to_its_folder(
    start: StartPage, window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    start.drop.sample_button.click()
    session.answer("make_sample", {"files": 26})
    _settle(qapp)
    assert start._sample is not None and start._sample.autoRemove()

    window.controller.applied.emit({"results": [{"outcome": "moved"}]})

    assert not start._sample.autoRemove()


# ---------------------------------------------------------------------------------------------------- libraries of before


@pytest.fixture
def controller(qapp: QApplication, session: ScriptedSession) -> ReviewController:
    return ReviewController(session)  # type: ignore[arg-type]


@pytest.fixture
def recent(controller: ReviewController, qtbot: QtBot) -> RecentLibraries:
    made = RecentLibraries(controller, Pictures(controller, controller), controller)
    qtbot.waitUntil(lambda: made.is_loaded)
    return made


def _again(controller: ReviewController, qtbot: QtBot) -> RecentLibraries:
    """As the next start of the window reads it."""
    made = RecentLibraries(controller, Pictures(controller, controller), controller)
    qtbot.waitUntil(lambda: made.is_loaded)
    return made


def _finish(
    controller: ReviewController, session: ScriptedSession, qapp: QApplication, folders: list[str], clusters: int = 9
) -> None:
    controller.add_folders(folders)
    session.show(plain_clusters(clusters))
    _settle(qapp)
    session.scan_finished.emit({"found": 36})
    session.answer("open_folders", {})
    _settle(qapp)


def test_a_library_is_remembered_with_what_is_left_to_decide(
    controller: ReviewController, recent: RecentLibraries, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _finish(controller, session, qapp, ["/photos/Kyoto 2024", "/media/Phone\udcff"])
    qtbot.waitUntil(lambda: len(recent.libraries[0].thumbs) == 3)
    controller.select_cluster("key-0")
    controller.accept()
    recent.flush()

    kept = _again(controller, qtbot).libraries

    assert [library.folders for library in kept] == [("/photos/Kyoto 2024", "/media/Phone\udcff")]
    assert kept[0].undecided == 8
    assert kept[0].when.secsTo(QDateTime.currentDateTime()) < 60
    assert [thumb.size() for thumb in kept[0].thumbs] == [thumb.size() for thumb in recent.libraries[0].thumbs]
    assert kept[0].thumbs[0].pixelColor(9, 9) == recent.libraries[0].thumbs[0].pixelColor(9, 9)


def test_a_library_that_was_not_read_to_the_end_is_remembered_too(
    controller: ReviewController, recent: RecentLibraries, session: ScriptedSession, qapp: QApplication
) -> None:
    controller.add_folders(["/photos"])
    _settle(qapp)
    assert not recent.libraries  # nothing was read yet: the folder may not even exist

    _read(session, 5, 500)
    _settle(qapp)

    assert recent.libraries[0].undecided is None
    assert recent_words.left(recent.libraries[0]) == "not read to the end"


def test_a_folder_added_makes_it_one_library_and_the_list_stays_short(
    controller: ReviewController, recent: RecentLibraries, session: ScriptedSession, qapp: QApplication
) -> None:
    for number in range(KEPT + 3):
        _finish(controller, session, qapp, [f"/photos/{number}"], clusters=2)
        if number != KEPT + 1:
            controller.close_library()
            _settle(qapp)

    assert len(recent.libraries) == KEPT
    assert recent.libraries[0].folders == (f"/photos/{KEPT + 1}", f"/photos/{KEPT + 2}")
    assert (f"/photos/{KEPT + 1}",) not in [library.folders for library in recent.libraries]


@pytest.mark.parametrize(
    "broken",
    ["[{}]", "no json", '[{"folders": [1], "when": "", "undecided": 1, "thumbs": []}]', '{"a": 1}',
     '[{"folders": ["/a"], "when": "", "undecided": 1, "thumbs": [[9000, 9000, "AAAA"]]}]',
     '[{"folders": ["/a"], "when": "", "undecided": 1, "thumbs": [[10, 10, "eJwDAAAAAAE="]]}]'],
)  # fmt: skip
def test_a_damaged_list_is_an_empty_one(
    controller: ReviewController, session: ScriptedSession, qtbot: QtBot, broken: str
) -> None:
    settings = QSettings(str(session.window_folder() / "recent.ini"), QSettings.Format.IniFormat)
    settings.setValue("libraries", broken)
    settings.sync()

    assert _again(controller, qtbot).libraries == ()


def test_a_row_opens_its_library_and_can_be_taken_off_the_list(
    start: StartPage, window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    now = QDateTime.currentDateTime()
    libraries = (Recent(("/photos/A", "/photos/B"), now, 312), Recent(("/media/Archive 2",), now.addDays(-1), 46))
    window.contents.recent._set(libraries)
    window.contents.recent.look()
    session.answer("present", frozenset({"/media/Archive 2"}))
    _settle(qapp)
    first, second = start.rows()
    assert "312 clusters undecided" in first.accessibleName() and "not connected" not in first.accessibleName()
    assert "Archive 2" in second.accessibleName() and "(not connected)" in second.accessibleName()
    assert "Yesterday" in second.accessibleName()

    second.removed.emit()
    _settle(qapp)
    row = start.rows()[0]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)

    assert [library.folders for library in window.contents.recent.libraries] == [("/photos/A", "/photos/B")]
    assert session.called("open_folders")[0][0] == ("/photos/A", "/photos/B")
    assert len(start.rows()) == 1


# ---------------------------------------------------------------------------------------------------- scanning


@pytest.fixture
def scanning(window: MainWindow, qapp: QApplication) -> ScanningPage:
    window.controller.add_folders(["/photos", "/more"])
    _settle(qapp)
    page = window.findChild(ScanningPage, "scanningPage")
    assert page and page.isVisible()
    return page


def test_stages_and_their_numbers(scanning: ScanningPage, session: ScriptedSession, qapp: QApplication) -> None:
    session.progress_changed.emit(Progress("walk", 640, 0, None, 10.0))
    _settle(qapp)
    assert {"Finding your photos", "640 files so far"} <= _texts(scanning)

    _read(session, 160, 640)
    session.show(plain_clusters(4), final=False)
    _settle(qapp)
    bars = {bar.accessibleName(): bar for bar in scanning.findChildren(QProgressBar)}

    assert {"Reading your photos", "640 files in 2 folders", "160 of 640", "4 clusters so far"} <= _texts(scanning)
    assert (bars["Find"].value(), bars["Read"].value(), bars["Compare"].value()) == (1000, 250, 250)
    assert bars["Read"].accessibleDescription() == "160 of 640"


def test_numbers_have_their_place(scanning: ScanningPage, session: ScriptedSession, qapp: QApplication) -> None:
    def places() -> list[tuple[int, int]]:
        found = [*scanning._bars.values()]
        return [(stage.number.x(), stage.number.y()) for stage in found] + [(scanning.first.x(), scanning.first.y())]

    _read(session, 1, 640)
    _settle(qapp)
    before = places()
    for done, total in ((9, 640), (10, 640), (639, 640), (58_000, 1_234_567)):
        _read(session, done, total)
        _settle(qapp)

        assert places() == before


def test_cards_show_the_best_first_and_stay_while_others_come(
    scanning: ScanningPage, session: ScriptedSession, qapp: QApplication
) -> None:
    worse = [replace(c, weakest=0.9 + n / 1000) for n, c in enumerate(plain_clusters(6))]
    session.show(worse, final=False)
    _settle(qapp)
    shown = [card.cluster.key for card in scanning.first.cards if card.isVisible() and card.cluster]
    assert shown == [f"key-{n}" for n in (5, 4, 3, 2, 1, 0)] and "best match first" in _texts(scanning)

    better = replace(plain_clusters(8)[7], weakest=0.99)
    session.show([*worse, better], final=False)
    _settle(qapp)

    assert [card.cluster.key for card in scanning.first.cards if card.isVisible() and card.cluster] == [*shown, "key-7"]
    assert "best match first" not in _texts(scanning)  # it is not true any more


def test_no_more_than_nine_cards_and_a_click_opens_one(
    scanning: ScanningPage, window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    session.show(plain_clusters(40), final=False)
    _settle(qapp)
    cards = [card for card in scanning.first.cards if card.isVisible()]
    assert len(cards) == 9
    wanted = cards[4].cluster
    assert wanted

    QTest.mouseClick(cards[4], Qt.MouseButton.LeftButton)

    assert window.controller.page == "review" and window.controller.cluster == wanted
    assert window.controller.scanning  # reading goes on


def test_enter_starts_reviewing_once_there_is_something(
    scanning: ScanningPage, window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    assert not scanning.start_button.isEnabled()
    session.show(plain_clusters(3), final=False)
    _settle(qapp)
    assert scanning.start_button.isEnabled() and "You can start reviewing" in scanning._sentence.text()

    scanning.start_button.click()

    assert window.controller.page == "review" and window.controller.cluster


def test_from_right_to_left_names_stand_right_of_their_numbers(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window.controller.add_folders(["/photos"])
        session.show(plain_clusters(3), final=False)
        _settle(qapp)
        page = window.findChild(ScanningPage, "scanningPage")
        assert page
        stage, cards = page._bars["read"], [card for card in page.first.cards if card.isVisible()]

        assert stage.name.x() > stage.bar.x() > stage.number.x()
        assert cards[0].x() > cards[1].x() > cards[2].x()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_pause_is_said_and_reading_goes_on(
    scanning: ScanningPage, window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    _read(session, 10, 640)
    _settle(qapp)
    scanning._pause.click()
    _settle(qapp)
    assert "Paused" in _texts(scanning) and session.called("pause")[-1] == (True,)

    scanning._pause.click()
    _settle(qapp)
    assert "Reading your photos" in _texts(scanning) and session.called("pause")[-1] == (False,)


def test_a_stopped_scan_keeps_what_was_found_and_says_so(
    scanning: ScanningPage, window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    _read(session, 160, 640)
    session.show(plain_clusters(4), final=False)
    _settle(qapp)
    scanning._stop.click()
    with qtbot.waitSignal(window.controller.message) as said:
        session.show(plain_clusters(4))
        session.scan_finished.emit({"found": 160})
        session.answer("open_folders", {})

    assert said.args[0].text == "Stopped: 160 of 640 files were read. What was found is here; Rescan goes on from there."
    _settle(qapp)
    assert window.controller.page == "review" and len(window.controller.snapshot.clusters) == 4


def test_problems_are_counted_where_they_push_nothing(
    scanning: ScanningPage, window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    assert not scanning._problems.isVisible()
    session.problem_found.emit(Problem(b"/photos/a.jpg", "decode.empty", "a.jpg is empty.", ""))
    _settle(qapp)
    assert scanning._problems.isVisible() and scanning._problems.text() == "1 problem"

    scanning._problems.click()

    assert window.controller.page == "problems"


# ---------------------------------------------------------------------------------------------------- time


def test_the_time_left_is_said_only_when_it_can_be_trusted_and_seldom_changes() -> None:
    left = TimeLeft()
    said = [left.feed(t / 2, 50 * t, 58_000) for t in range(60)]  # 100 files a second

    assert said[:10] == [None] * 10
    assert said[12] == pytest.approx(575, rel=0.02)
    assert len({value for value in said if value is not None}) <= 8


def test_what_is_known_from_before_does_not_spoil_the_time_left() -> None:
    left = TimeLeft()
    left.feed(0.0, 0, 60_000)
    left.feed(1.0, 50_000, 60_000)  # recognised, not read
    said = [left.feed(1.0 + t, 50_000 + 90 * t, 60_000) for t in range(1, 30)]

    assert said[-1] == pytest.approx((60_000 - 50_000 - 90 * 29) / 90, rel=0.25)


def test_a_pause_is_not_counted_as_slowness() -> None:
    left = TimeLeft()
    for t in range(20):
        left.feed(float(t), 100 * t, 10_000)
    left.pause()
    said = [left.feed(5000.0 + t, 1900 + 100 * t, 10_000) for t in range(10)]

    assert said[-1] == pytest.approx(75, rel=0.1)


def test_a_move_is_no_scan(controller: ReviewController, session: ScriptedSession, qapp: QApplication) -> None:
    story = ScanStory(controller)
    session.progress_changed.emit(Progress("apply", 5, 5, 10, 1.0))
    _settle(qapp)

    assert not story.now.running and story.now.stage == ""


# ---------------------------------------------------------------------------------------------------- nothing found


def _ended(
    window: MainWindow,
    session: ScriptedSession,
    qapp: QApplication,
    *,
    photos: int,
    files: int,
    problems: int = 0,
    read: int | None = None,
) -> EmptyPage:
    """A scan of `files` files of which `photos` are photos; read: how many were read before it was stopped."""
    window.controller.add_folders(["/photos"])
    session.progress_changed.emit(Progress("walk", files, 0, None, 10.0))
    _settle(qapp)
    if read is not None:
        window.controller.stop()
    _read(session, files if read is None else read, files)
    for number in range(problems):
        session.problem_found.emit(Problem(b"/photos/%d.jpg" % number, "decode.empty", "It is empty.", ""))
    session.show(())
    _settle(qapp)
    session.scan_finished.emit({"found": files})
    session.answer("open_folders", {})
    _settle(qapp)
    session.answer("folders", (FolderView("/photos", b"/photos", -1, photos),))
    _settle(qapp)
    page = window.findChild(EmptyPage, "emptyPage")
    assert page and page.isVisible()
    return page


def test_no_duplicates_shows_the_proof_and_lowers_the_line_to_it(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    session.closest_pair = lambda: PairView(0, 9, 0.7142, Tier.EDITED, {}, ())  # type: ignore[method-assign]
    page = _ended(window, session, qapp, photos=2418, files=2430)
    texts = _texts(page)

    assert page.case is Case.NO_DUPLICATES and "No duplicates found" in texts
    assert any("2418 photos were read and compared" in text.replace(",", "") and "86.0" in text for text in texts)
    assert any(text.startswith("71.4") and "well below the line" in text for text in texts)
    assert {"IMG_0000.jpg", "IMG_0009.jpg"} <= texts

    page.look.click()
    assert FLOOR < window.controller.line <= 0.7142
    assert window.controller.line > 0.714


def test_photos_that_come_together_below_the_line_are_reviewed(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    session.closest_pair = lambda: PairView(0, 9, 0.7142, Tier.EDITED, {}, ())  # type: ignore[method-assign]
    page = _ended(window, session, qapp, photos=2418, files=2430)
    page.look.click()
    session.show(plain_clusters(1), line=0.7141)
    _settle(qapp)

    assert window.controller.page == "review"


@pytest.mark.parametrize(
    ("given", "case", "title"),
    [
        ({"photos": 0, "files": 0}, Case.NO_PHOTOS, "No photos found"),
        ({"photos": 0, "files": 12}, Case.NO_PHOTOS, "No photos found"),
        ({"photos": 0, "files": 12, "problems": 12}, Case.UNREADABLE, "No photo could be read"),
        ({"photos": 1, "files": 1}, Case.ONE_PHOTO, "One photo found"),
        ({"photos": 9, "files": 30, "read": 9}, Case.STOPPED, "Stopped before the end"),
    ],
)
def test_every_end_without_clusters_is_told_as_it_is(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, given: dict[str, int], case: Case, title: str
) -> None:
    page = _ended(window, session, qapp, **given)

    assert page.case is case and title in _texts(page)
    assert page._rescan.isVisible() == (case is Case.STOPPED)
    assert page._problems.isVisible() == ("problems" in given)
    assert not any("All 9" in text for text in _texts(page))


def test_what_could_not_be_read_is_not_claimed_to_be_compared(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    page = _ended(window, session, qapp, photos=20, files=22, problems=2)

    said = next(text for text in _texts(page) if "compared" in text)
    assert not said.startswith("All") and "2 files could not be read" in said


def test_a_scan_that_fails_at_once_is_no_missing_photo(
    window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    window.controller.add_folders(["/gone"])
    with qtbot.waitSignal(window.controller.noted) as said:
        session.failed.emit(session.last_token("open_folders"), EngineError("The folder /gone is not there.", hint="Look again."))
    _settle(qapp)
    page = window.findChild(EmptyPage, "emptyPage")

    assert said.args == ["The folder /gone is not there. Look again."]
    assert page and page.case is Case.STOPPED


def test_a_cancelled_scan_says_how_to_go_on(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos"])
    window.controller.stop()
    session.failed.emit(session.last_token("open_folders"), Cancelled())
    _settle(qapp)
    page = window.findChild(EmptyPage, "emptyPage")
    assert page and page._rescan.isVisible()

    page._rescan.click()

    assert len(session.called("open_folders")) == 2


def test_thumbnails_of_libraries_are_small(recent: RecentLibraries, controller: ReviewController) -> None:
    large = QImage(3000, 40, QImage.Format.Format_RGB32)
    large.fill(0xFF336699)
    thumb = small(large)

    assert thumb.width() <= THUMB.width() and thumb.height() <= THUMB.height()
    assert _unpack(_pack(thumb)).pixelColor(1, 0).name() == "#336699"
