"""Searching in a process of its own finds what searching here finds, wherever the fingerprints lie, and its answer is checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from engine import match
from engine.config import MatchOptions
from engine.errors import Cancelled, EngineError
from engine.jobs import search_apart
from engine.jobs.library import Library
from engine.jobs.search_apart import possible, search_library
from engine.jobs.table import lazy_table, matching_of, usable, with_hashes
from engine.records import PAIR_DTYPE
from engine.store import FingerprintStore
from tests.support.scenes import scene
from tests.support.stored_pictures import open_store, packed, stored_library

OPTIONS = MatchOptions()


@cache
def pictures() -> tuple[tuple[bytes, bytes], ...]:
    """Forty pictures, of every second one a turned copy, a brighter one and one as it is."""
    made = []
    for seed in range(20):
        pixels = scene(seed, 240, 160)
        made += [pixels, scene(100 + seed, 240, 160)]
        if seed % 2:
            made += [np.rot90(pixels), np.clip(pixels.astype(np.int16) + 25, 0, 255).astype(np.uint8), pixels]
    return tuple((b"/photos/%03d.jpg" % number, packed(np.ascontiguousarray(pixels))) for number, pixels in enumerate(made))


@pytest.fixture(autouse=True)
def always_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_apart, "APART_FROM", 2)


def searched(
    library: Library,
    store: FingerprintStore,
    quick_store: FingerprintStore | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    told: Callable[[int, int], None] = match.nobody,
) -> match.Found:
    files = usable(library)
    return search_library(files, matching_of(files), store, quick_store, OPTIONS, cancelled, told=told)


def searched_here(library: Library, store: FingerprintStore, quick_store: FingerprintStore | None = None) -> np.ndarray:
    files = usable(library)
    return match.find_pairs(with_hashes(lazy_table(files, matching_of(files), store, quick_store)), OPTIONS, lambda: False)


def test_the_process_finds_the_same_pairs_and_tells_how_far_it_is(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        library = stored_library(store, pictures())
        told: list[tuple[int, int]] = []

        found = searched(library, store, told=lambda done, total: told.append((done, total)))

        assert len(found.pairs) >= 40
        assert found.pairs.tobytes() == searched_here(library, store).tobytes()
        assert told
        assert told[-1] == (len(library.files),) * 2


def test_rows_that_lie_in_memory_only_are_searched_too() -> None:
    with open_store(None) as store:
        library = stored_library(store, pictures())

        assert searched(library, store).pairs.tobytes() == searched_here(library, store).tobytes()


def test_rows_of_a_cache_that_filled_up_midway_are_searched_too(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        stored_library(store, pictures()[:25])
    with FingerprintStore.open(tmp_path, store.place.profile, store._opened.parts, write=False) as store:
        library = stored_library(store, pictures())

        rows = library.table.files["row"]
        assert (rows >= store.place.memory_from).any()
        assert (rows < store.place.memory_from).any()
        assert searched(library, store).pairs.tobytes() == searched_here(library, store).tobytes()


def test_provisional_rows_come_from_the_quick_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "full") as store, open_store(tmp_path / "quick") as quick:
        library = stored_library(store, pictures())
        small = stored_library(quick, pictures()[::3])
        rows = dict(zip((file.path for file in small.files), small.table.files["row"].tolist(), strict=True))
        for file in library.files:
            if file.path in rows:
                file.row, file.provisional = rows[file.path], True

        found = searched(library, store, quick)

        assert library.table.files["provisional"].sum() > 10
        assert found.pairs.tobytes() == searched_here(library, store, quick).tobytes()


def test_a_search_that_is_cancelled_ends_its_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(search_apart.subprocess, "Popen", Noted)
    with open_store(tmp_path) as store, pytest.raises(Cancelled):
        searched(stored_library(store, pictures()), store, cancelled=lambda: True)

    assert [process.returncode for process in started] == [-9]


def test_where_no_process_can_be_had_the_search_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with open_store(tmp_path) as store:
        library = stored_library(store, pictures()[:10])

        assert len(searched(library, store).pairs) >= 4


PAIR = np.zeros(1, PAIR_DTYPE)
PAIR["b"] = 1


@pytest.mark.parametrize(
    "said",
    [
        "sys.exit(3)",
        "os.kill(os.getpid(), 9)",
        "print(json.dumps({'count': 1, 'crowded': 0, 'skipped': 0, 'busiest': 0}), file=sys.stderr)",
        "sys.stdout.write('x' * 7); print(json.dumps({'count': 0, 'crowded': 0, 'skipped': 0, 'busiest': 0}), file=sys.stderr)",
        "print('all is well', file=sys.stderr)",
    ],
)
def test_a_process_that_fails_or_tells_nonsense_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(
        search_apart, "search_command", lambda: [sys.executable, "-c", f"import json, os, sys; sys.stdin.read; {said}"]
    )
    with open_store(tmp_path) as store, pytest.raises(EngineError, match="ended before it was done"):
        searched(stored_library(store, pictures()[:4]), store)


@pytest.mark.parametrize(
    ("name", "value"), [("b", 9), ("b", 0), ("score", np.nan), ("score", 1.5), ("tier", 77), ("pose", 8), ("box", np.inf)]
)
def test_pairs_that_cannot_be_are_told_from_those_that_can(name: str, value: float) -> None:
    wrong = PAIR.copy()
    wrong[name] = value

    assert possible(PAIR, 2)
    assert not possible(wrong, 2)
    assert not possible(np.concatenate([PAIR, PAIR]), 2)


def test_the_process_that_asks_loads_no_compiler(tmp_path: Path) -> None:
    program = (
        "import json, sys; from pathlib import Path; from engine.jobs import search_apart;"
        "from tests.unit.jobs.test_search_apart import *; search_apart.APART_FROM = 2;"
        f"store = open_store(Path({str(tmp_path)!r})); library = stored_library(store, pictures()[:6]);"
        "print(json.dumps([len(searched(library, store).pairs) > 0, 'numba' in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, env=os.environ)

    assert json.loads(done.stdout or "0") == [True, False], done.stderr
