"""The pool of workers: a bounded queue of files in, a queue of checked results out, children that never outlive it.

Supervisors have a QThreadPool of their own, since each blocks on its worker for its whole life. No signals: results are taken
from a queue by whoever asked.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

from PySide6.QtCore import QThreadPool

from engine.config import Limits
from engine.errors import Cancelled, EngineError
from engine.jobs.child import REAP_S, Child, worker_command
from engine.jobs.errand import FileJob, FileResult
from engine.jobs.kernel_start import ASK
from engine.jobs.pace import Shares
from engine.jobs.supervisor import Supervisor
from engine.jobs.turns import Turns
from engine.wire import Kind

__all__ = ["FileJob", "FileResult", "Kind", "Workers"]

log = logging.getLogger(__name__)

LOOK_S = 0.1
ASK_S = 0.25
END_S = 2 * REAP_S + 2.0
WAITING_PER_WORKER = 8
STAND_BACK = 10
"""Niceness of workers in the background: a tenth of a core against a window that wants it, all of it otherwise."""

_stuck: list[QThreadPool] = []
"""Pools with a thread that hangs in the kernel; kept, because letting go of one would wait for it without end."""


class Workers:
    """Worker processes for one purpose (a scan, the screen).

    Processes start with the first jobs, `count` at most. Use it as a context manager, or call `close`.
    """

    def __init__(
        self,
        count: int,
        limits: Limits,
        *,
        command: Sequence[str] | None = None,
        on_event: Callable[[str, int], None] | None = None,
        background: bool = False,
        kernels: str = ASK,
    ) -> None:
        """Parameters
        ----------
        count: most processes at a time, at least 1. limits: for parent and worker alike.
        command: another worker program (tests). on_event: told ``started`` and ``ended`` with a process id, from any thread.
        background: nobody waits for a single file; the processes stand back where others want to run.
        kernels: what the processes are told of compiled loops, see `kernel_start`.
        """
        self.command: Sequence[str] = command or worker_command()
        self.limits = limits
        self.results: queue.Queue[FileResult] = queue.Queue()
        self.turns = Turns(self.cancelled)
        self._count = max(1, count)
        self._background = background
        self._on_event = on_event or (lambda name, pid: None)
        self._changed = threading.Condition()
        self._jobs: deque[FileJob] = deque()
        self._children: set[Child] = set()
        self._idle = 0
        self._running = 0
        self._shares = Shares()
        self._ended = threading.Event()
        self._trouble = ""
        self.eager = False
        self.kernels = kernels
        self._pool: QThreadPool | None = QThreadPool()
        self._pool.setMaxThreadCount(self._count)
        # The kernel ties a child's life to the thread that started it: threads must not expire.
        self._pool.setExpiryTimeout(-1)
        atexit.register(self.close)  # Python must not end while our threads still need it

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------------ for whoever asks

    @property
    def room(self) -> int:
        """So many jobs may be handed over and not back yet without `submit` blocking."""
        return WAITING_PER_WORKER * self._count

    @property
    def count(self) -> int:
        """Most processes at a time."""
        return self._count

    def share(self, most: Mapping[int, int]) -> None:
        """How many files of each volume (st_dev) that has files left are read at a time; other volumes have no limit."""
        with self._changed:
            if self._shares.most != most:
                self._shares.most = dict(most)
                self._changed.notify_all()

    def recall(self, volume: int) -> list[FileJob]:
        """Take back the jobs of this volume that were not begun, oldest first; there will be no results of them."""
        with self._changed:
            recalled = [job for job in self._jobs if job.volume == volume]
            self._jobs = deque(job for job in self._jobs if job.volume != volume)
            self._changed.notify_all()
        return recalled

    def stand_back(self, background: bool) -> None:
        """Whether the processes let others go first, from now on. Where the system lets nobody come forward again, a
        process that stood back is replaced before its next file."""
        with self._changed:
            if self._background == background:
                return
            self._background = background
            for child in self._children:
                if not _nice(child, STAND_BACK if background else os.getpriority(os.PRIO_PROCESS, 0)):
                    child.answered = self.limits.files_per_worker  # worn

    def submit(self, job: FileJob) -> None:
        """Queue a job; blocks while the queue is full. Thread-safe.

        Raises Cancelled after `cancel` or `close`, EngineError when no worker can be started at all.
        """
        with self._changed:
            while len(self._jobs) >= WAITING_PER_WORKER * self._count and not self.cancelled():
                self._raise_trouble()
                self._changed.wait(LOOK_S)
            if self.cancelled():
                raise Cancelled
            self._raise_trouble()
            self._jobs.append(job)
            self._changed.notify_all()
            if self._idle < len(self._jobs) and self._running < self._count and self._next_job() is not None:
                self._start_supervisor()

    def next_result(self, timeout_s: float) -> FileResult | None:
        """The next result in order of completion; None when none came in time.

        Raises EngineError when no worker can be started at all.
        """
        end = time.monotonic() + timeout_s
        while True:
            trouble = self._trouble  # read first: results that are there already count
            with contextlib.suppress(queue.Empty):
                return self.results.get(timeout=0 if trouble else max(0.0, min(LOOK_S, end - time.monotonic())))
            if trouble:
                self._raise_trouble()
            if time.monotonic() >= end:
                return None

    def ask(self, job: FileJob, cancelled: Callable[[], bool]) -> FileResult:
        """Submit one job and wait for its result, where nothing else is in flight. Raises Cancelled, EngineError."""
        self.submit(job)
        while (result := self.next_result(ASK_S)) is None:
            if cancelled():
                raise Cancelled
        return result

    def warm_up(self) -> None:
        """Start every worker now, ahead of the first job; returns at once."""
        with self._changed:
            self.eager = True
            while self._running < self._count and not self.cancelled():
                self._start_supervisor()

    def cancel(self) -> None:
        """Drop what is queued and end what runs, without results; returns at once. From any thread, any number of times."""
        self._ended.set()
        with self._changed:
            self._jobs.clear()
            self._changed.notify_all()
            children = list(self._children)
        for child in children:
            child.kill()

    def close(self) -> None:
        """`cancel`, and wait until all children are gone."""
        self.cancel()
        atexit.unregister(self.close)
        pool, self._pool = self._pool, None
        if pool is not None and not pool.waitForDone(int(END_S * 1000)):
            log.error("event=supervisor_stuck")
            _stuck.append(pool)

    def _raise_trouble(self) -> None:
        if self._trouble:
            raise EngineError(
                f"The program part that reads pictures does not start ({self._trouble}).",
                hint="Install imgfp again; `imgfp doctor` tells more.",
            )

    def _next_job(self) -> int | None:
        """Place of the job that the next idle process begins."""
        if not self._jobs:
            return None
        return self._shares.next_of([job.volume for job in self._jobs], self._count)

    def _start_supervisor(self) -> None:
        if self._pool is not None:
            self._running += 1
            self._pool.start(Supervisor(self))

    # ------------------------------------------------------------------------------------------------ for supervisors

    def cancelled(self) -> bool:
        """True after `cancel` or `close`."""
        return self._ended.is_set()

    def take(self) -> FileJob | None:
        """The next job for a supervisor; None when there will be no more."""
        with self._changed:
            self._idle += 1
            try:
                while (place := self._next_job()) is None and not self.cancelled():
                    self._changed.wait()
                if self.cancelled() or place is None:
                    return None
                job = self._jobs[place]
                del self._jobs[place]
                self._shares.begin(job.volume)
                self._changed.notify_all()
                return job
            finally:
                self._idle -= 1

    def give_back(self, job: FileJob) -> None:
        """A supervisor that has no worker leaves its job to the others."""
        with self._changed:
            self._shares.end(job.volume)
            self._jobs.appendleft(job)
            self._changed.notify_all()

    def put(self, job: FileJob, result: FileResult) -> None:
        """A supervisor's result."""
        with self._changed:
            self._shares.end(job.volume)
            self._changed.notify_all()
        if not self.cancelled():
            self.results.put(result)

    def child_started(self, child: Child) -> None:
        """Remember a child, so that it can be ended from outside."""
        with self._changed:
            self._children.add(child)
        if self.cancelled():
            child.kill()
        if self._background:
            _nice(child, STAND_BACK)
        self._tell("started", child.pid)

    def child_ended(self, child: Child) -> None:
        """Forget a child that was reaped."""
        with self._changed:
            self._children.discard(child)
        self._tell("ended", child.pid)

    def end_others(self, child: Child) -> None:
        """Make room for a large picture: idle workers hold memory, too. Each is started again when it is wanted."""
        with self._changed:
            others = [other for other in self._children if other is not child and other.hello]  # not while it starts
        for other in others:
            other.kill()

    def _tell(self, event: str, pid: int) -> None:
        try:
            self._on_event(event, pid)
        except Exception:  # whoever listens must not cost a worker
            log.exception("event=listener_failed")

    def gone(self, trouble: str) -> None:
        """A supervisor ends. The last one to fail takes the hope of all results with it."""
        with self._changed:
            self._running -= 1
            if trouble and not self._running:
                self._trouble = trouble
            self._changed.notify_all()


def _nice(child: Child, niceness: int) -> bool:
    """False where the system does not allow it."""
    try:
        os.setpriority(os.PRIO_PROCESS, child.pid, niceness)
    except OSError:
        return False
    return True
