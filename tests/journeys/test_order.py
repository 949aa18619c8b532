"""In which order files are read, how many at a time, and what failed in between changes nothing in the report."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.config import ScanOptions
from engine.disks import DiskKind
from engine.errors import DecodeError
from engine.jobs import reading
from engine.jobs.opening import open_for_reading
from engine.session import Session
from tests.journeys.test_library import plain
from tests.journeys.test_session import Asker
from tests.support.library import Truth
from tests.support.paced_world import Disks


@pytest.fixture
def scanned(qtbot: QtBot, small_library: Truth, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Scans the library on a disk of some kind, with an empty cache."""
    numbers = itertools.count()

    def scan(kind: DiskKind, workers: int) -> Any:
        monkeypatch.setenv("IMGFP_CACHE_DIR", str(tmp_path / f"cache{next(numbers)}"))
        session = Session()
        session._pace.disks = lambda: Disks({small_library.root.stat().st_dev: kind})
        try:
            asker = Asker(session, qtbot)
            return asker(session.open_folders([str(small_library.root)], ScanOptions(workers=workers)))
        finally:
            session.close()

    yield scan


def test_the_order_of_reading_changes_no_byte_of_the_report(scanned: Callable[..., Any]) -> None:
    reports = [scanned(kind, workers) for kind, workers in ((DiskKind.SSD, 2), (DiskKind.HDD, 4), (DiskKind.NETWORK, 1))]

    assert plain(reports[0]) == plain(reports[1]) == plain(reports[2])


def test_a_hiccup_changes_no_byte_of_the_report(scanned: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    smooth = scanned(DiskKind.SSD, 2)
    tried: set[bytes] = set()

    def opening(path: bytes) -> Any:
        if path not in tried and len(tried) < 3:
            tried.add(path)
            error = DecodeError("Stale file handle", code="read.io", path=path)
            error.error_number = errno.ESTALE
            raise error
        return open_for_reading(path)

    monkeypatch.setattr("engine.jobs.supervisor.open_for_reading", opening)
    monkeypatch.setattr(reading, "STEP_S", 1000.0)
    quick = itertools.count(step=5.0)  # a clock that runs: nobody waits two seconds here
    monkeypatch.setattr(
        reading.Reading.__init__, "__kwdefaults__", {"volumes": None, "meter": None, "clock": lambda: next(quick), "edge": 0}
    )
    rough = scanned(DiskKind.SSD, 2)

    assert len(tried) == 3
    assert plain(rough) == plain(smooth)
