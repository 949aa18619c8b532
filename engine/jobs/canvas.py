"""Memory for large pixels: made and sized here, filled by a worker, which can neither shrink nor grow it."""

from __future__ import annotations

import fcntl
import mmap
import os
import tempfile

import numpy as np
from numpy.typing import NDArray

CHANNELS = 3


class Canvas:
    """Room for a picture of at most `pixels` px; pages that nobody fills cost nothing. Close it after use."""

    def __init__(self, pixels: int) -> None:
        self._room = pixels * CHANNELS
        self.descriptor = _anonymous_file(self._room)

    def read(self, width: int, height: int) -> NDArray[np.uint8]:
        """A copy of what the worker wrote: uint8 (height, width, 3), read-only. Raises ValueError when it cannot fit."""
        size = width * height * CHANNELS
        if width < 1 or height < 1 or size > self._room:
            raise ValueError(f"{width} x {height} px do not fit")
        with mmap.mmap(self.descriptor, size, prot=mmap.PROT_READ) as mapped:
            pixels = np.array(np.frombuffer(memoryview(mapped), np.uint8).reshape(height, width, CHANNELS))
        pixels.setflags(write=False)
        return pixels

    def close(self) -> None:
        """Give the memory back."""
        os.close(self.descriptor)


def _anonymous_file(size: int) -> int:
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryFile() as file:
            file.truncate(size)
            return os.dup(file.fileno())
    descriptor = os.memfd_create("imgfp-pixels", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(descriptor, size)
        # A file that shrinks under a mapping kills whoever reads it.
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
