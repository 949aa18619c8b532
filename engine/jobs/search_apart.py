"""The search for pairs in a process of its own: it may take minutes and gigabytes, and the window's process keeps its own.

What comes back is checked before it is believed. A search that is cancelled is killed; where no process can be had, it runs here.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions
from engine.errors import Cancelled, EngineError
from engine.jobs.child import worker_environment
from engine.jobs.kernel_start import environment
from engine.jobs.library import Files
from engine.jobs.saved_matching import Matching
from engine.jobs.search_task import task_of
from engine.jobs.table import lazy_table, with_hashes
from engine.records import PAIR_DTYPE, Tier
from engine.searcher import Task
from engine.store import FingerprintStore

log = logging.getLogger(__name__)

APART_FROM = 400
"""Pictures from which a process of its own costs less than it saves this one."""

THREADS = 2
STAND_BACK = 10
_LOOK_MS = 50
_LINE_BYTES = 1 << 16
_KEPT_LINES = 20


def search_library(
    pictures: Files,
    matching: Matching,
    store: FingerprintStore,
    quick_store: FingerprintStore | None,
    options: MatchOptions,
    cancelled: Callable[[], bool],
    *,
    fresh: NDArray[np.bool_] | None = None,
    told: Callable[[int, int], None] = match.nobody,
) -> match.Found:
    """As `match.search`, of a library whose fingerprints lie in stores. Raises Cancelled, StoreError, EngineError."""
    if len(pictures) >= APART_FROM and options.preset != "identical":
        try:
            return _asked(task_of(pictures, matching, store, quick_store, options, fresh, _threads()), cancelled, told)
        except OSError as error:
            log.warning("event=no_search_process reason=%r", error)
    table = with_hashes(lazy_table(pictures, matching, store, quick_store))
    return match.search(table, options, cancelled, fresh=fresh, told=told)


def search_command() -> list[str]:
    """How the process is started: like a worker's, isolated from the user's environment and from the current folder."""
    bytecode = ["-B"] if sys.dont_write_bytecode else []
    return [sys.executable, "-I", *bytecode, "-m", "engine.searcher"]


def _threads() -> int:
    return max(1, min(THREADS, os.cpu_count() or 1))


def _asked(task: Task, cancelled: Callable[[], bool], told: Callable[[int, int], None]) -> match.Found:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        task.write(given)
        given.seek(0)
        process = subprocess.Popen(
            search_command(),
            stdin=given,
            stdout=answer,
            stderr=subprocess.PIPE,
            cwd="/",
            env=worker_environment(environment()),
        )
        try:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, STAND_BACK)
            said = _Listening(process, cancelled, told).to_the_end()
        finally:
            process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()
        return _checked(answer, len(task), process.returncode, said)


class _Listening:
    """Reads what the process says until it says no more. Raises Cancelled."""

    def __init__(self, process: subprocess.Popen[bytes], cancelled: Callable[[], bool], told: Callable[[int, int], None]) -> None:
        assert process.stderr is not None
        self._process, self._stream = process, process.stderr.fileno()
        self._cancelled, self._told = cancelled, told
        self._last: dict[str, Any] = {}
        self._complaints: list[str] = []

    def to_the_end(self) -> dict[str, Any]:
        """Its last word: an object, with ``complaints`` of what was no object."""
        poller, rest = select.poll(), b""
        poller.register(self._stream, select.POLLIN | select.POLLHUP)
        while True:
            if self._cancelled():
                raise Cancelled
            if not poller.poll(_LOOK_MS):
                continue
            data = os.read(self._stream, _LINE_BYTES)
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._take(line)
            rest = rest[-_LINE_BYTES:]
            if not data:
                break
        self._process.wait()
        return {**self._last, "complaints": self._complaints}

    def _take(self, line: bytes) -> None:
        try:
            said = json.loads(line)
            if isinstance(said, dict) and isinstance(said.get("done"), int) and isinstance(said.get("total"), int):
                self._told(said["done"], said["total"])
            elif isinstance(said, dict):
                self._last = said
        except ValueError:
            self._complaints = [*self._complaints[-_KEPT_LINES:], line.decode("utf-8", "replace")]


def _checked(answer: BinaryIO, pictures: int, code: int, said: dict[str, Any]) -> match.Found:
    """What the process found. Raises EngineError where it failed, or answers what cannot be."""
    answer.seek(0)
    data = answer.read()
    numbers = [said.get(name) for name in ("count", "crowded", "skipped", "busiest")]
    sound = code == 0 and len(data) % PAIR_DTYPE.itemsize == 0 and all(type(one) is int and one >= 0 for one in numbers)
    pairs = np.frombuffer(data, PAIR_DTYPE) if sound else np.empty(0, PAIR_DTYPE)
    if not sound or len(pairs) != said["count"] or not possible(pairs, pictures):
        log.warning("event=search_process_failed code=%s said=%r", code, said)
        raise EngineError(
            f"The search for similar photos ended before it was done ({said.get('error') or f'exit code {code}'}).",
            hint="What was read is stored: scan again. If it happens again, close other programs first.",
        )
    return match.Found(pairs, said["crowded"], said["skipped"], said.get("independent") is True, said["busiest"])


def possible(pairs: NDArray[np.void], pictures: int) -> bool:
    """Whether these could be pairs of so many pictures: sorted, each once, every number within its bounds."""
    if not len(pairs):
        return True
    a, b = pairs["a"].astype(np.int64), pairs["b"].astype(np.int64)
    inside = (a < b).all() and int(b.max()) < pictures and (np.diff(a * pictures + b) > 0).all()
    numbers = ((pairs["score"] >= 0) & (pairs["score"] <= 1)).all() and np.isfinite(pairs["box"]).all()
    return bool(inside and numbers and pairs["tier"].max() <= max(Tier) and pairs["pose"].max() < match.POSES)
