"""Resource limits of the worker: no file, few descriptors, no core, and memory and CPU time by the picture.

RLIMIT_AS counts address space, of which an idle worker already holds several hundred MB that are never touched (libraries, thread
stacks). The limit therefore starts from the space held once everything is loaded, less the memory resident then: what a picture
adds on top, resident or not, stays within `Limits.memory_for`, and so does the whole process's private memory.
"""

from __future__ import annotations

import math
import resource
import time

from engine.config import Limits
from engine.wire import PIXEL_BYTES

OPEN_FILES = 64
CPU_GRACE_S = 10  # the parent's deadline comes first; this one ends a worker whose parent is stopped


class Allowance:
    """The soft limits that change with every request. Made once, after all imports and before the walls."""

    def __init__(self, limits: Limits) -> None:
        with open("/proc/self/statm", "rb") as statm:
            space, resident = (int(pages) * resource.getpagesize() for pages in statm.read().split()[:2])
        self._limits = limits
        self._base = space - resident
        self._hard = self._base + limits.memory_cap + PIXEL_BYTES * limits.max_pixels

    def fix(self) -> None:
        """Set the limits that never change again. Raises OSError or ValueError where the system refuses."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        resource.setrlimit(resource.RLIMIT_AS, (self._hard, self._hard))
        self.allow_memory(0)

    def allow_memory(self, pixels: int, extra_bytes: int = 0) -> None:
        """Memory for a picture of so many declared pixels. extra_bytes: memory of the parent that is mapped here."""
        soft = self._base + self._limits.memory_for(pixels) + extra_bytes
        resource.setrlimit(resource.RLIMIT_AS, (min(soft, self._hard), self._hard))

    def allow_cpu(self, size_bytes: int) -> None:
        """CPU time for a file of this size, from now on; SIGXCPU ends the process after it."""
        used = time.process_time()
        soft = math.ceil(used + self._limits.cpu_deadline_s(size_bytes)) + CPU_GRACE_S
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
