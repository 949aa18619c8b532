"""The door itself: what the window and the command line call, on real files and real workers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.records import ClusterSnapshot, Suggest
from engine.session import Session
from tests.journeys.test_trash_and_back import state
from tests.support.library import Truth


class Asker:
    """Puts questions to a session and waits for the answer."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session = session
        self._qtbot = qtbot
        self._answers: dict[int, Any] = {}
        session.answered.connect(self._answers.__setitem__)
        session.failed.connect(self._answers.__setitem__)

    def __call__(self, token: int) -> Any:
        self._qtbot.waitUntil(lambda: token in self._answers, timeout=60_000)
        return self._answers[token]


@pytest.fixture
def ask(qtbot: QtBot) -> Iterator[Asker]:
    session = Session()
    yield Asker(session, qtbot)
    session.close()


def test_a_moved_line_recuts_without_touching_a_file(ask: Asker, small_library: Truth, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    shutil.copytree(small_library.root, photos)
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)
    report = ask(ask.session.open_folders([str(photos)]))
    photos.rename(tmp_path / "away")

    ask.session.set_line(1.0)
    ask._qtbot.waitUntil(lambda: snapshots[-1].line == 1.0, timeout=10_000)

    members = {member["file"] for cluster in report["clusters"] for member in cluster["members"]}
    stricter = {member for cluster in snapshots[-1].clusters for member in cluster.members}
    assert stricter < members
    counts = ask.session.line_counts(1.0)
    assert (counts.clusters, counts.photos) == (len(snapshots[-1].clusters), snapshots[-1].photos)


def test_what_the_rules_propose_goes_to_quarantine_and_comes_back(ask: Asker, small_library: Truth, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    shutil.copytree(small_library.root, photos)
    before = state(photos)
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)
    report = ask(ask.session.open_folders([str(photos)]))
    first = snapshots[-1].clusters[0]
    proposed = [ask.session.file(v.file).path_bytes for v in first.verdicts if v.suggest is Suggest.REMOVE]
    suggested = sum(member["suggest"] == "remove" for member in report["clusters"][0]["members"])

    check = ask(ask.session.check_apply(proposed, bytes(tmp_path / "aside")))
    moved = ask(ask.session.apply_checked(check.id, confirmed=True))
    gone = len(before) - len(state(photos))
    ask(ask.session.undo())

    assert suggested > 0 and check.left == ()
    assert gone == suggested == len(moved["results"]) == check.photos
    assert state(photos) == before


def test_a_cancelled_scan_answers_with_what_it_read_and_the_next_one_goes_on(ask: Asker, small_library: Truth) -> None:
    seen: list[int] = []

    def stop_soon(progress: Any) -> None:
        if progress.stage == "read" and progress.done > 3 and not seen:
            seen.append(progress.done)
            ask.session.cancel()

    ask.session.progress_changed.connect(stop_soon)
    partial = ask(ask.session.open_folders([str(small_library.root)]))
    whole = ask(ask.session.open_folders([str(small_library.root)]))

    assert seen and len(partial["files"]) < len(whole["files"]) == len(small_library.files)
    assert whole["stats"]["cached"] > 0


def test_pictures_for_the_screen_come_at_the_size_asked_for(ask: Asker, small_library: Truth) -> None:
    replies: list[Any] = []
    ask(ask.session.open_folders([str(small_library.root)]))
    ask.session.image_ready.connect(replies.append)

    ask.session.request_image(0, 160)
    ask._qtbot.waitUntil(lambda: len(replies) == 1, timeout=20_000)

    assert max(replies[0].pixels.shape[:2]) == 160
    assert max(replies[0].full_size) > 160
