"""What is said of a cluster of the open library is remembered by content, counts at once, and waits for no scan."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.errors import UsageError
from engine.records import ImageReply, Suggest
from engine.session import Session
from tests.journeys.test_marked import Table, save

RAW = Path("raw/Canon_G1.CRW")


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Iterator[Table]:
    session = Session()
    yield Table(session, qtbot, tmp_path / "photos")
    session.close()


@pytest.fixture
def pairs(table: Table) -> Table:
    """Two pictures, each twice."""
    for number in (1, 2):
        save(table.root / f"{number}.jpg", number)
        save(table.root / f"{number} copy.jpg", number, quality=80)
    table.open()
    return table


def keys(table: Table) -> set[str]:
    return {cluster.key for cluster in table.clusters}


@pytest.mark.parametrize("choice", ["different", "keep-all"])
def test_a_decision_takes_its_cluster_away_without_a_scan_and_for_later_scans(pairs: Table, choice: str) -> None:
    first, second = sorted(keys(pairs))
    away = pairs.root.rename(pairs.root.with_name("away"))  # nothing is read again

    decision = pairs(pairs.session.remember(first, choice))  # type: ignore[arg-type]
    pairs._qtbot.waitUntil(lambda: keys(pairs) == {second}, timeout=5000)
    away.rename(pairs.root)
    pairs.open()

    assert isinstance(decision, str) and keys(pairs) == {second}
    entry = pairs(pairs.session.history())[0]
    assert (entry["id"], entry["decision"], entry["files"]) == (decision, choice, 2)

    assert pairs(pairs.session.take_back(decision)) is None
    pairs._qtbot.waitUntil(lambda: keys(pairs) == {first, second}, timeout=5000)
    assert isinstance(pairs(pairs.session.take_back(decision)), UsageError)


@pytest.fixture
def raw(table: Table, samples: Path) -> Table:
    """A RAW file, of which a scan takes no digest, and a JPEG of it elsewhere."""
    (table.root / "raw").mkdir(parents=True)
    (table.root / "raw" / "a.crw").write_bytes((samples / RAW).read_bytes())
    table.open()
    replies: list[ImageReply] = []
    table.session.image_ready.connect(replies.append)
    table.session.request_image(0, 1024)
    table._qtbot.waitUntil(lambda: bool(replies), timeout=20_000)
    assert replies[0].pixels is not None and replies[0].preview
    Image.fromarray(np.ascontiguousarray(replies[0].pixels[..., 2::-1])).save(table.root / "b.jpg", quality=92)
    table.open()
    assert len(table.clusters) == 1
    return table


def test_a_raw_file_is_read_whole_for_a_decision(raw: Table) -> None:
    decision = raw(raw.session.remember(raw.clusters[0].key, "different"))
    raw._qtbot.waitUntil(lambda: not raw.clusters, timeout=5000)
    raw.open()

    assert isinstance(decision, str) and not raw.clusters


def test_a_raw_file_that_changed_since_is_not_decided_on(raw: Table) -> None:
    with open(raw.root / "raw" / "a.crw", "ab") as file:
        file.write(b"\0")

    answer = raw(raw.session.remember(raw.clusters[0].key, "keep-all"))

    assert isinstance(answer, UsageError) and "a.crw" in answer.message
    assert raw(raw.session.history()) == []


def test_an_unknown_cluster_is_said(pairs: Table) -> None:
    assert isinstance(pairs(pairs.session.remember("no such key", "different")), UsageError)


def test_decisions_and_history_are_answered_beside_a_scan_and_outlive_it(pairs: Table) -> None:
    first, second = sorted(keys(pairs))
    save(pairs.root / "3.jpg", 3)
    scanned = pairs.session.open_folders([str(pairs.root)])
    pairs.session.pause()
    began = time.monotonic()

    decision = pairs(pairs.session.remember(first, "different"))
    history = pairs(pairs.session.history())
    held = scanned not in pairs._answers
    pairs.session.pause(False)
    pairs(scanned)

    assert isinstance(decision, str) and [entry["id"] for entry in history] == [decision]
    assert held or time.monotonic() - began < 1
    assert keys(pairs) == {second}


def test_a_file_that_is_tried_again_is_read_again(pairs: Table) -> None:
    path = pairs.path(0)
    report = pairs(pairs.session.open_folders([str(pairs.root)]))
    assert report["stats"]["computed"] == 0

    assert pairs(pairs.session.retry([path])) is None
    report = pairs(pairs.session.open_folders([str(pairs.root)]))

    assert report["stats"]["computed"] == 1


def test_the_window_has_a_private_folder(table: Table) -> None:
    folder = table.session.window_folder()

    assert folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder == table.session.window_folder()


def test_marking_a_whole_library_returns_at_once(pairs: Table) -> None:
    marks = {b"/photos/%d.jpg" % number: Suggest.REMOVE for number in range(100_000)} | {pairs.path(0): Suggest.REMOVE}
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        pairs.session.set_marks(marks)
        taken.append(time.perf_counter() - start)
    one = {pairs.path(1): Suggest.KEEP}
    start = time.perf_counter()
    pairs.session.set_marks(one)
    single = time.perf_counter() - start

    assert min(taken) < 0.1 and single < 0.05
