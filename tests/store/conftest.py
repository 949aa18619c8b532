"""Stores of these tests lie in memory where the system has such a place: the same is tested, and nothing waits for a disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import opening

MEMORY = Path("/dev/shm")


@pytest.fixture
def disk_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on a disk."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def tmp_path(disk_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in memory that is used as one on a local disk is."""
    if not MEMORY.is_dir():
        yield disk_path
        return
    monkeypatch.setattr(opening, "may_map", lambda folder: True)
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="imgfp-test-") as folder:
        yield Path(folder)
