"""The open library follows what happens in its folders: real files, the system's own events, and a flood of them."""

from __future__ import annotations

import os
import shutil
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from watchdog.events import FileModifiedEvent

from engine.config import ScanOptions
from engine.disks import DiskKind
from engine.jobs.following import Following
from engine.jobs.pace_waiting import Waiting
from engine.jobs.retries import Backoff
from engine.jobs.watch import LONGEST_S, QUIET_S, Changes, Watch
from engine.records import ClusterSnapshot
from engine.session import Session
from tests.journeys.test_session import Asker
from tests.journeys.test_trash_and_back import state
from tests.support.library import Truth
from tests.support.paced_world import Disks

SOON_MS = 20_000


@pytest.fixture
def ask(qtbot: QtBot) -> Iterator[Asker]:
    session = Session()
    yield Asker(session, qtbot)
    session.close()


@pytest.fixture
def photos(small_library: Truth, tmp_path: Path) -> Path:
    shutil.copytree(small_library.root, tmp_path / "photos")
    return tmp_path / "photos"


def watched(ask: Asker) -> bool:
    """The observer is there."""
    watch = ask.session._following._watch
    return watch is not None and bool(watch.watching)


def until(ask: Asker, what: Callable[[], bool]) -> None:
    ask._qtbot.waitUntil(what, timeout=SOON_MS)


def test_a_copy_that_appears_and_goes_again_is_seen(ask: Asker, photos: Path) -> None:
    snapshots: list[ClusterSnapshot] = []
    finished: list[Any] = []
    ask.session.clusters_changed.connect(snapshots.append)
    ask.session.scan_finished.connect(finished.append)
    ask.session.watch(True)
    ask(ask.session.open_folders([str(photos)]))
    until(ask, lambda: watched(ask))
    alone = sorted(path for path in (photos / "DCIM").iterdir() if path.name.startswith("IMG"))[-1]
    before, copy = snapshots[-1].photos, photos / "Edits" / "sent.jpg"

    shutil.copy2(alone, copy)
    until(ask, lambda: snapshots[-1].photos == before + 2)
    added = ask.session.file_at(os.fsencode(copy))
    copy.unlink()
    until(ask, lambda: snapshots[-1].photos == before)

    assert added is not None and ask.session.file_at(os.fsencode(copy)) is None
    assert len(finished) == 1, "the end of the user's own scan"


def test_looking_is_all_that_follows(ask: Asker, photos: Path, tmp_path: Path) -> None:
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)
    ask.session.watch(True)
    ask(ask.session.open_folders([str(photos)]))
    until(ask, lambda: watched(ask))
    shown = snapshots[-1].photos
    shutil.copy2(sorted((photos / "DCIM").iterdir())[-1], photos / "again.jpg")
    before = state(photos)

    until(ask, lambda: snapshots[-1].photos > shown)

    assert state(photos) == before
    assert ask(ask.session.history()) == []


def test_hidden_files_and_reading_wake_nobody(ask: Asker, photos: Path) -> None:
    ask.session.watch(True)
    ask(ask.session.open_folders([str(photos)]))
    until(ask, lambda: watched(ask))
    watch = ask.session._following._watch
    assert watch is not None

    (photos / ".notes").write_text("x")
    ask(ask.session.open_folders([str(photos)]))
    (photos / "seen.txt").write_text("x")
    until(ask, lambda: watch.changes.count > 0)

    assert watch.changes.count <= 4, "made, written, closed"


def test_nothing_follows_once_watching_has_ended(ask: Asker, photos: Path) -> None:
    ask.session.watch(True)
    ask(ask.session.open_folders([str(photos)]))
    until(ask, lambda: watched(ask))
    watch = ask.session._following._watch
    assert watch is not None

    ask.session.watch(False)
    until(ask, lambda: not watch.watching)
    (photos / "new.txt").write_text("x")

    assert watch.changes.count == 0
    until(ask, lambda: not [thread for thread in threading.enumerate() if thread.name == "watch"])


# ---------------------------------------------------------------------------------------------------- when


def test_what_changed_is_read_when_it_was_quiet_for_two_seconds_and_once() -> None:
    changes = Changes()
    for tick in range(100):
        changes.add(tick / 10)

    assert changes.due_in(9.9) == pytest.approx(QUIET_S)
    assert not changes.take(11.8) and changes.take(11.9) and not changes.take(20)
    assert changes.due_in(20) is None


def test_what_is_never_quiet_is_read_every_minute() -> None:
    changes = Changes()
    read = 0
    for tick in range(6000):
        changes.add(tick / 10)
        read += changes.take(tick / 10)

    assert read == pytest.approx(600 / LONGEST_S, abs=1)


def test_a_flood_of_a_hundred_thousand_events_is_one_scan_and_takes_no_memory(tmp_path: Path) -> None:
    scans: list[float] = []
    now = [0.0]
    done = threading.Event()

    def changed() -> None:
        scans.append(now[0])
        done.set()

    watch = Watch(changed, lambda note: None, disks=lambda: Disks({}), clock=lambda: now[0])
    watch.follow([os.fsencode(tmp_path)])
    assert wait_for(lambda: bool(watch.watching))
    observer = watch._observer
    assert observer is not None
    ((_, place),) = [(handler, place) for place, handlers in observer._handlers.items() for handler in handlers]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(100_000):
        observer.event_queue.put((FileModifiedEvent(f"{tmp_path}/{number}.jpg"), place))
    assert wait_for(lambda: watch.changes.count == 100_000)
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()

    now[0] = QUIET_S
    with watch._wake:
        watch._wake.notify_all()
    assert done.wait(20)
    watch.stop()

    assert scans == [QUIET_S]
    assert kept < 1_000_000


def wait_for(what: Callable[[], bool]) -> bool:
    """Asked again and again, for twenty seconds at most."""
    pause = threading.Event()
    return any(what() or pause.wait(0.01) for _ in range(2000))


def test_folders_on_another_computer_are_said_not_to_be_watched(tmp_path: Path) -> None:
    notes: list[str] = []
    device = tmp_path.stat().st_dev
    watch = Watch(lambda: None, notes.append, disks=lambda: Disks({device: DiskKind.NETWORK}))

    watch.follow([os.fsencode(tmp_path)])
    assert wait_for(lambda: bool(notes))
    watch.stop()

    assert notes == [f"Changes in {tmp_path} are not noticed, because it lies on another computer. Scan again to see them."]
    assert not watch.watching


# ---------------------------------------------------------------------------------------------------- who goes first


class Desk:
    """A main lane that runs what it is given when it is told to."""

    def __init__(self) -> None:
        self.work: list[Callable[[], None]] = []
        self.scans: list[bool] = []
        self.during: Callable[[], None] = lambda: None
        self.following = Following(self.work.append, self.scan, lambda note: None)

    def scan(self, aside: Callable[[], bool]) -> bool:
        self.during()
        self.scans.append(not aside())
        return not aside()

    def run(self) -> None:
        while self.work:
            self.work.pop(0)()


def test_what_the_user_asks_for_goes_first_and_the_scan_follows() -> None:
    desk = Desk()
    desk.following.user_asks()
    desk.following._want()
    desk.run()
    assert desk.scans == []

    desk.following.user_served()
    desk.run()

    assert desk.scans == [True]


def test_a_scan_in_the_background_ends_for_the_user_and_is_done_later() -> None:
    desk = Desk()
    desk.during = desk.following.user_asks
    desk.following._want()
    desk.run()
    assert desk.scans == [False]

    desk.during = lambda: None
    desk.following.user_served()
    desk.run()

    assert desk.scans == [False, True]


def test_many_changes_wait_for_one_scan() -> None:
    desk = Desk()
    for _ in range(1000):
        desk.following._want()

    desk.run()

    assert desk.scans == [True]


# ---------------------------------------------------------------------------------------------------- a volume that comes back


def test_a_volume_that_was_given_up_is_looked_for_ever_more_seldom() -> None:
    waits: list[float] = []
    answered = threading.Event()
    waiting = Waiting(
        answered.set,
        backoff=Backoff(lambda: 0.0),
        can_be_read=lambda path: len(waits) == 10,
        wait=lambda ended, seconds: bool(waits.append(seconds)),
    )

    waiting.wait_for([b"/media/card/a.jpg"])

    assert answered.wait(20)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_files_that_were_offline_are_read_when_their_folder_is_back(
    ask: Asker, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)
    gone: list[bool] = [True]
    unreadable = os.fsencode(photos / "Web")
    monkeypatch.setattr("engine.jobs.supervisor.open_for_reading", _failing(unreadable, gone))
    ask.session._pace.disks = lambda: Disks({}, gone={photos.stat().st_dev} if gone[0] else set())

    broken = ask(ask.session.open_folders([str(photos)], ScanOptions(keep_trying=True)))
    offline = [file for file in broken["files"] if file["status"] == "offline"]
    gone[0] = False
    until(ask, lambda: all(ask.session.file(file["id"]).status == "ok" for file in broken["files"]))

    assert offline and all(file["code"] == "scan.offline" for file in offline)


def _failing(folder: bytes, gone: list[bool]) -> Callable[[bytes], Any]:
    """Opening files below this folder fails as it does without a disk, as long as that is gone."""
    import errno

    from engine.errors import DecodeError
    from engine.jobs.opening import open_for_reading

    def opening(path: bytes) -> Any:
        if gone[0] and path.startswith(folder):
            error = DecodeError("No such device", code="read.io", path=path)
            error.error_number = errno.ENODEV
            raise error
        return open_for_reading(path)

    return opening
