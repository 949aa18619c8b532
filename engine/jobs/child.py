"""One worker process as seen from its supervisor: start, ask, wait with deadlines, end. Nothing it says is believed here."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO

from engine import wire
from engine.config import GIB, Limits
from engine.errors import Cancelled
from engine.jobs import vitals
from engine.jobs.kernel_start import ASK, COMPILE, LOAD
from engine.wire import FrameBuffer, Kind, Message, WireError

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 0.02, 0.25
SEND_S = 10.0
REAP_S = 3.0
DYING_S = 1.0  # a child that closed its socket needs a moment to tell how it ended
COMPLAINT_BYTES = 2000
START_S = 90.0  # imports of a cold disk on a busy machine
COMPILE_S = 300.0  # once on a machine: 15 seconds of its own
QUICK_SHARE = 1 / 16
"""How much a quick look wears a process out beside the reading of a whole picture; a fresh one costs as much as 300 looks."""

MEMORY_MARGIN = GIB // 4  # the child's own limit comes first


class ChildError(Exception):
    """The child is of no use any more. code: ``decode.crashed`` ``decode.timeout`` ``decode.memory``. stalled: it was idle."""

    def __init__(self, code: str, detail: str, *, stalled: bool = False) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.stalled = stalled


@dataclass(frozen=True, slots=True)
class Deadline:
    """What one request may cost: seconds of the child's CPU time, seconds without any, seconds in all, resident bytes."""

    cpu_s: float
    stall_s: float
    wall_s: float
    resident_bytes: int


def worker_command() -> list[str]:
    """How the shipped worker is started: isolated from the user's environment and from the current folder."""
    bytecode = ["-B"] if sys.dont_write_bytecode else []
    return [sys.executable, "-I", *bytecode, "-m", "engine.worker"]


def worker_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """All variables of a worker: no PATH, one thread for each library, one memory arena (address space is limited)."""
    own = {"PATH": "", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
    own |= more or {}
    # Where the interpreter itself needs it to find its libraries, the child does too.
    return own | {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


class Child:
    """A running worker. One thread asks; `kill` may be called from any."""

    def __init__(
        self,
        command: Sequence[str],
        limits: Limits,
        cancelled: Callable[[], bool],
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Start the process; raises OSError. It is ready once `greet` has returned. variables: more than every worker gets."""
        self._limits = limits
        self._cancelled = cancelled
        self._number = 0
        self.answered = 0.0  # files, as far as they wear a process out
        self.hello: dict[str, object] = {}
        self._complaints = _complaints()
        self._socket, other = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                cwd="/",
                env=worker_environment(variables),
                close_fds=True,
            )
        except BaseException:
            self._socket.close()
            self._complaints.close()
            raise
        finally:
            other.close()
        self._socket.settimeout(SEND_S)
        self._poller = select.poll()
        self._poller.register(self._socket, select.POLLIN)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def greet(self, kernels: str = ASK) -> None:
        """Hand the limits over and wait until the walls stand; kernels: see `kernel_start`. Raises ChildError, Cancelled."""
        wait_s = COMPILE_S if kernels in (LOAD, COMPILE) else START_S
        deadline = Deadline(wait_s, wait_s, wait_s, self._limits.memory_cap + MEMORY_MARGIN)
        try:
            answer = self.ask(Kind.PING, {"limits": asdict(self._limits), "kernels": kernels}, (), deadline)
        except ChildError as error:
            raise ChildError(error.code, f"{error.detail}; {self._last_complaint()}".removesuffix("; ")) from None
        self.hello = answer.fields
        self.answered = 0

    def is_usable(self) -> bool:
        """False when it has ended, or spoke without being asked: it must not get another file."""
        return not self._poller.poll(0)

    def ask(self, kind: Kind, fields: dict[str, object], descriptors: Sequence[int], deadline: Deadline) -> Message:
        """Send one request and wait for its answer, whose kind and id are right. Raises ChildError, Cancelled."""
        self._number += 1
        frame = wire.encode(Message(kind, self._number, fields), self._limits.frame_payload)
        cpu_before = vitals.cpu_seconds(self.pid)
        try:
            sent = socket.send_fds(self._socket, [frame], list(descriptors))
            if sent < len(frame):
                self._socket.sendall(frame[sent:])
            answer = self._answer(deadline, cpu_before or 0.0)
        except WireError as error:
            raise ChildError("decode.crashed", f"wrong frame: {error}") from None
        except OSError as error:
            raise self._crashed(str(error)) from None
        if answer.kind is not kind or answer.id != self._number:
            raise ChildError("decode.crashed", f"answer {answer.kind.name} {answer.id} to {kind.name} {self._number}")
        self.answered += QUICK_SHARE if kind is Kind.QUICK else 1
        return answer

    def _answer(self, deadline: Deadline, cpu_before: float) -> Message:
        buffer = FrameBuffer(self._limits.frame_payload)
        watch = _Watch(self.pid, deadline, cpu_before)
        wait_s = FIRST_WAIT_S
        while True:
            if self._poller.poll(wait_s * 1000):
                data = self._socket.recv(wire.PIECE)
                if not data:
                    raise self._crashed("it ended")
                message = buffer.feed(data)
                if message is not None:
                    return message
            else:
                wait_s = min(LONGEST_WAIT_S, 2 * wait_s)
            if self._cancelled():
                raise Cancelled
            watch.look()

    def _crashed(self, detail: str) -> ChildError:
        """How the child ended, once it is known."""
        if self._cancelled():
            raise Cancelled
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(DYING_S)
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return ChildError("decode.timeout", "out of CPU time")
        if code == -signal.SIGKILL:  # not by us: the system ran out of memory
            return ChildError("decode.memory", "killed by the system")
        if code is not None and code < 0:
            return ChildError("decode.crashed", f"signal {-code}")
        return ChildError("decode.crashed", f"{detail}; exit code {code}")

    def _last_complaint(self) -> str:
        """The last line printed before the walls went up, such as the error that ended an import."""
        with contextlib.suppress(OSError, ValueError):
            end = self._complaints.seek(0, os.SEEK_END)
            self._complaints.seek(max(0, end - COMPLAINT_BYTES))
            lines = self._complaints.read().decode("utf-8", "replace").split("\n")
            return next((line.strip() for line in reversed(lines) if line.strip()), "")
        return ""

    def resident_bytes(self) -> int:
        """Physical memory now, 0 where unknown."""
        return vitals.resident_bytes(self.pid) or 0

    def kill(self) -> None:
        """End it at once, whatever it does; from any thread. `close` must follow."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End and reap it. A process stuck in the kernel is left to the kernel after some seconds."""
        self.kill()
        try:
            self._process.wait(REAP_S)
        except subprocess.TimeoutExpired:
            log.warning("event=worker_stuck pid=%d", self.pid)
        self._socket.close()
        self._complaints.close()


def _complaints() -> BinaryIO:
    """A nameless file for what a worker prints while it starts."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("imgfp-start", os.MFD_CLOEXEC), "rb")
    return tempfile.TemporaryFile()


class _Watch:
    """Compares what a request has cost with its deadline, seldom enough to cost nothing itself."""

    LOOK_S = 0.2

    def __init__(self, pid: int, deadline: Deadline, cpu_before: float) -> None:
        self._pid = pid
        self._deadline = deadline
        self._cpu_before = self._cpu = cpu_before
        self._last = time.monotonic()
        self._waited = self._idle = self._unseen = 0.0

    def look(self) -> None:
        """Raises ChildError once the deadline is passed."""
        now = time.monotonic()
        # A step counts for little more than was waited: time in which this process itself was stopped is not the file's.
        step, self._last = min(now - self._last, 2 * LONGEST_WAIT_S), now
        self._waited += step
        self._idle += step
        self._unseen += step
        if self._waited > self._deadline.wall_s:
            raise ChildError("decode.timeout", f"no answer after {self._deadline.wall_s:g} s")
        if self._unseen < self.LOOK_S and self._idle <= self._deadline.stall_s:
            return
        self._unseen = 0.0
        self._look_at_vitals()

    def _look_at_vitals(self) -> None:
        cpu = vitals.cpu_seconds(self._pid)
        if cpu is not None and cpu > self._cpu:
            self._cpu, self._idle = cpu, 0.0
        if self._cpu - self._cpu_before > self._deadline.cpu_s:
            raise ChildError("decode.timeout", f"no answer after {self._deadline.cpu_s:g} s of CPU time")
        if self._idle > self._deadline.stall_s:
            raise ChildError("decode.timeout", f"no CPU time used for {self._deadline.stall_s:g} s", stalled=True)
        if (vitals.resident_bytes(self._pid) or 0) > self._deadline.resident_bytes:
            raise ChildError("decode.memory", "too much memory")
