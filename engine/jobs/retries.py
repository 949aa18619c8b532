"""Which failures to read a file may pass, and how long to wait before it is tried again. Decisions only: nothing waits here."""

from __future__ import annotations

import errno
import random
from collections.abc import Callable
from enum import IntEnum

from engine.jobs.errand import FileResult

FIRST_S, CAP_S = 2.0, 300.0
JITTER = 0.25
"""A wait is up to a quarter shorter: what failed together shall not come back together."""

TRIES = 5
"""A file that was refused this often is done with, as soon as it is known whose fault it is: the waits were 2, 4, 8 and 16 s."""

TRIES_BESIDE_OTHERS = 3
"""The same, while its volume gives other files: a bad sector does not heal."""

STALL_TRIES = 2
"""The same for a file to whose reading nothing came."""


def _numbers(*names: str) -> frozenset[int]:
    """Those that this system has."""
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


GONE = _numbers("ENODEV", "ENXIO", "ENOTCONN", "ESHUTDOWN", "ENOMEDIUM")
"""The volume does not answer at all."""

TRANSIENT = GONE | _numbers(
    "EIO", "ETIMEDOUT", "EAGAIN", "EWOULDBLOCK", "ESTALE", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENETRESET",
    "ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EREMOTEIO", "EBUSY", "EINTR", "ENOLINK", "ECOMM", "EPIPE", "EPROTO",
    "ENOBUFS", "ENFILE", "EMFILE",
)  # fmt: skip
"""May pass: a network that hiccups, a disk that wakes up, a cable that sits badly."""


FILES_OWN = frozenset({0, errno.EIO})
"""May be one file's own trouble, a bad sector, while its volume is sound. 0: a worker met it."""


class Outcome(IntEnum):
    """What a result says of the volume that the file lies on."""

    READ = 0  # it gave what it was asked for, or said for good why not
    FAILED = 1  # a failure that may pass
    STALLED = 2  # nothing came: the deadline for a read without work ended it
    MISSING = 3  # no such file: gone, or its whole volume


def outcome_of(result: FileResult) -> Outcome:
    """What a result says of its volume. A worker tells no number with ``read.io``: that is a failure of the disk."""
    if result.code == "decode.timeout" and result.error_number == errno.ETIMEDOUT:
        return Outcome.STALLED
    if result.code == "read.io" and (result.error_number in TRANSIENT or not result.error_number):
        return Outcome.FAILED
    if result.code == "read.vanished":
        return Outcome.MISSING
    return Outcome.READ


class Backoff:
    """Seconds to wait after the n-th failure in a row: 2, 4, 8 … 300, each up to a quarter less. chance: 0..1, evenly."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance

    def wait_s(self, failures: int) -> float:
        """failures: at least 1."""
        longest = min(CAP_S, FIRST_S * 2.0 ** min(failures - 1, 32))
        return longest * (1.0 - JITTER * self._chance())
