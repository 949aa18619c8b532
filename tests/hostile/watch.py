"""How much memory a program and everything below it take together, sampled from /proc while it runs."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType

from tests.support.processes import descendants

EVERY_S = 0.1
PAGE = os.sysconf("SC_PAGE_SIZE")


class MemoryWatch:
    """Between entering and leaving; `peak_shared` and `peak_resident` are the largest sums seen, in bytes.

    peak_shared counts a page that several processes share once (PSS); peak_resident counts it for each (RSS), so it is too high.
    """

    def __init__(self, pid: int) -> None:
        self.peak_shared = self.peak_resident = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            pids = {self._pid} | descendants(self._pid)
            resident = sum(map(_resident, pids))
            self.peak_resident = max(self.peak_resident, resident)
            if resident > self.peak_shared:  # pages counted once cannot be more
                self.peak_shared = max(self.peak_shared, sum(map(_proportional, pids)))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
