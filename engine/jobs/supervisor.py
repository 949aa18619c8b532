"""A runnable that owns one worker process for its whole life: opens files, asks, checks, replaces the worker, tries again once.

It blocks on its worker's socket, so it needs a thread of its own. No exception leaves it, and no file can end it.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QRunnable

from engine import formats
from engine.config import MIB, Limits
from engine.errors import Cancelled, DecodeError
from engine.jobs import answers
from engine.jobs.canvas import Canvas
from engine.jobs.child import MEMORY_MARGIN, Child, ChildError, Deadline
from engine.jobs.errand import FileJob, FileResult
from engine.jobs.kernel_start import ASK, LOAD, NEVER, environment, one_compiles
from engine.jobs.opening import open_for_reading, stat_facts
from engine.jobs.turns import Turns
from engine.log import tell
from engine.records import PictureFacts, StatFacts
from engine.wire import PIXEL_BYTES, Kind, Message

log = logging.getLogger(__name__)

RESIDENT_MARK = 320 * MIB
"""A worker that keeps more than this after a file is replaced: what it still holds is no use to the next file."""

START_TRIES = 3
CHANGED = "read.changed"


class Lane(Protocol):
    """Where a supervisor gets its work and puts its results."""

    command: Sequence[str]
    limits: Limits
    turns: Turns
    eager: bool  # start a worker before there is a job
    kernels: str  # what workers are told of compiled loops, see `kernel_start`; set by the first that is asked for them

    def take(self) -> FileJob | None:
        """The next job, waiting for it; None when there will be no more."""

    def give_back(self, job: FileJob) -> None:
        """Leave a job to another supervisor; called at most once, before `gone`."""

    def put(self, job: FileJob, result: FileResult) -> None:
        """Hand the result of a job over."""

    def cancelled(self) -> bool:
        """True once nothing more is wanted."""

    def child_started(self, child: Child) -> None:
        """Called before the child gets its first request."""

    def child_ended(self, child: Child) -> None:
        """Called when it is reaped."""

    def end_others(self, child: Child) -> None:
        """End every worker but this one; called while no other has a file."""

    def gone(self, trouble: str) -> None:
        """The supervisor's last word. trouble: why no worker could be started, "" when all is well."""


class StartError(Exception):
    """The worker program does not start: no file is to blame."""


class Supervisor(QRunnable):
    """Runs until its lane has no more work. Created in one thread, run in another."""

    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self._lane = lane
        self._limits = lane.limits
        self._child: Child | None = None
        self._has_kernels = self._kernels_fail = False

    def run(self) -> None:
        """Entry of the pool's thread."""
        trouble = ""
        try:
            trouble = self._serve()
        except Cancelled:
            pass
        except BaseException as error:  # must not unwind into Qt
            log.exception("event=supervisor_failed")
            trouble = repr(error)
        finally:
            self._end_child()
            self._lane.gone(trouble)

    def _serve(self) -> str:
        if self._lane.eager:
            with contextlib.suppress(StartError):  # the first job will tell
                self.child()
        while (job := self._lane.take()) is not None:
            started = time.monotonic()
            try:
                result = self._attend(job)
            except StartError as error:
                self._lane.give_back(job)
                return str(error)
            except Cancelled:
                raise
            except Exception as error:  # a fault of ours costs this file, not the scan
                log.exception("event=file_failed")
                self._end_child()
                result = _failed(job, "decode.crashed", repr(error), None)
            self._lane.put(job, replace(result, seconds=time.monotonic() - started))
        return ""

    def _attend(self, job: FileJob) -> FileResult:
        try:
            descriptor, before = open_for_reading(job.path)
        except DecodeError as error:
            return _failed(job, error.code, error.message, None, error.error_number)
        try:
            result = _Attempts(self, job, descriptor, before).run()
            if not stat_facts(descriptor).same_file_state(before):
                return _failed(job, CHANGED, "the file changed while it was read", before)
            return result
        except DecodeError as error:
            return _failed(job, error.code, error.message, before, error.error_number)
        finally:
            os.close(descriptor)

    # ------------------------------------------------------------------------------------------------ the child

    def child(self) -> Child:
        """A worker ready for the next file. Raises StartError, Cancelled."""
        if self._child is not None and (self._is_worn(self._child) or not self._child.is_usable()):
            self._end_child()
        if self._child is None:
            self._child = self._start()
        return self._child

    def replace_child(self) -> None:
        """End the worker; the next file gets a fresh one."""
        self._end_child()

    def bring_kernels(self) -> bool:
        """The file wants a worker with compiled loops: this one's successors will have them. False where it has them already."""
        if self._has_kernels or self._kernels_fail:
            return False
        if self._lane.kernels == ASK:
            self._lane.kernels = LOAD
        self._end_child()
        return True

    def _is_worn(self, child: Child) -> bool:
        return child.answered >= self._limits.files_per_worker or child.resident_bytes() > RESIDENT_MARK

    def _start(self) -> Child:
        kernels = self._lane.kernels
        self._has_kernels = kernels != ASK and not self._kernels_fail
        if not self._has_kernels:
            return self._start_with(NEVER if self._kernels_fail else ASK, {})
        try:
            with one_compiles(kernels, self._lane.cancelled):
                return self._start_with(kernels, environment())
        except StartError:  # it starts without them, perhaps; then every picture is the codec's
            self._has_kernels, self._kernels_fail = False, True
            return self._start_with(NEVER, {})

    def _start_with(self, kernels: str, variables: dict[str, str]) -> Child:
        detail = ""
        for _ in range(START_TRIES):
            if self._lane.cancelled():
                raise Cancelled
            try:
                child = Child(self._lane.command, self._limits, self._lane.cancelled, variables)
            except OSError as error:
                detail = str(error)
                continue
            self._lane.child_started(child)
            try:
                child.greet(kernels)
                return child
            except ChildError as error:
                detail = error.detail
                self._reap(child)
            except BaseException:
                self._reap(child)
                raise
        tell(log, logging.ERROR, "worker_start_failed", detail=detail)
        raise StartError(detail)

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            self._reap(child)

    def _reap(self, child: Child) -> None:
        child.close()
        self._lane.child_ended(child)

    @property
    def lane(self) -> Lane:
        """The lane it works for."""
        return self._lane


@dataclass(slots=True)
class _Attempts:
    """One file: at most two tries that a worker does not survive, or that run out of memory; the second in a fresh worker."""

    supervisor: Supervisor
    job: FileJob
    descriptor: int
    stat: StatFacts
    alone: bool = False

    def run(self) -> FileResult:
        """Raises StartError, Cancelled."""
        failure = ChildError("decode.crashed", "")
        for _ in range(2):
            try:
                return self._try()
            except ChildError as error:
                failure = error
                self._tell_loss(error)
                self.supervisor.replace_child()
                self.alone = self.alone or error.code == "decode.memory"
                if error.stalled and self.job.patient:
                    break
        tell(log, logging.WARNING, "file_cost_workers", code=failure.code, private={"path": self.job.path})
        return _failed(self.job, failure.code, failure.detail, self.stat, errno.ETIMEDOUT if failure.stalled else 0)

    def _tell_loss(self, error: ChildError) -> None:
        private = {"path": self.job.path, "detail": error.detail}
        tell(log, logging.WARNING, "worker_lost", code=error.code, task=self.job.kind.name, alone=self.alone, private=private)

    def _try(self) -> FileResult:
        with contextlib.closing(Canvas(self._canvas_pixels())) if self.job.kind is Kind.PIXELS else _none() as canvas:
            answer = self._ask(canvas)
            while self._may_ask_again(answer):
                answer = self._ask(canvas)
            return self._judge(answer, canvas)

    def _may_ask_again(self, answer: Message) -> bool:
        """Whether the worker gave no answer but said what it needs, and that can be had. Each is granted once."""
        if answers.wants_to_be_alone(answer) and not self.alone:
            self.alone = True
            return True
        return answers.wants_kernels(answer) and self.supervisor.bring_kernels()

    def _judge(self, answer: Message, canvas: Canvas | None) -> FileResult:
        try:
            failure = answers.failure_of(answer)
            if failure is not None:
                if failure[0] == "decode.memory":
                    raise ChildError(*failure)
                return _failed(self.job, *failure, self.stat)
            result = answers.result_of(self.job, answer, self.stat, self._limits, canvas)
        except answers.WrongAnswerError as error:
            raise ChildError("decode.crashed", f"wrong answer: {error}") from None
        if result.code == "decode.memory":
            raise ChildError("decode.memory", result.message)
        return result

    def _ask(self, canvas: Canvas | None) -> Message:
        descriptors = [self.descriptor] + ([canvas.descriptor] if canvas else [])
        fields: dict[str, object] = {
            "name": os.path.basename(self.job.path).hex(),
            "edge": self.job.edge,
            "alone": self.alone,
        }
        turns = self.supervisor.lane.turns
        self.supervisor.child()  # started outside the turn: others go on meanwhile
        with turns.alone() if self.alone else turns.shared():
            child = self.supervisor.child()  # it may have been ended meanwhile, to make room for a large picture
            if self.alone:
                self.supervisor.lane.end_others(child)
            return child.ask(self.job.kind, fields, descriptors, self._deadline())

    @property
    def _limits(self) -> Limits:
        return self.supervisor.lane.limits

    def _canvas_pixels(self) -> int:
        return min(self.job.edge * self.job.edge or self._limits.max_pixels, self._limits.max_pixels)

    def _deadline(self) -> Deadline:
        limits = self._limits
        cpu_s = limits.cpu_deadline_s(self.stat.size)
        # A digest only reads, with no codec at work: a large file on a slow disk may take its time as long as it goes on.
        wall_s = limits.wall_s + (cpu_s if self.job.kind is Kind.DIGEST else 0.0)
        canvas_bytes = PIXEL_BYTES * self._canvas_pixels() if self.job.kind is Kind.PIXELS else 0
        return Deadline(cpu_s, limits.stall_s, wall_s, limits.memory_cap + canvas_bytes + MEMORY_MARGIN)


@contextlib.contextmanager
def _none() -> Iterator[None]:
    yield None


def _failed(job: FileJob, code: str, message: str, stat: StatFacts | None, error_number: int = 0) -> FileResult:
    facts = None
    if job.kind in (Kind.FINGERPRINT, Kind.QUICK):
        status = "skipped" if code in answers.SKIPPED or code.startswith("scan.") else "error"
        facts = PictureFacts(status, code, kind=_likely_kind(job.path, code), detail=message[: answers.TEXT_CHARS])
    return FileResult(job.token, job.kind, facts, stat=stat, code=code, message=message, error_number=error_number)


def _likely_kind(path: bytes, code: str) -> str:
    """What a file is that could not be examined: only pictures reach a codec, so a name of another kind was wrong there."""
    promised = formats.suffix_kind(os.path.basename(path))
    if code.startswith("decode."):
        return promised if promised in ("picture", "raw") else "picture"
    return promised or "other"
