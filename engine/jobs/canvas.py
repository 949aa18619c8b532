"""Memory for large pixels: made and sized here, filled by a worker, which can neither shrink nor grow it.

Once the picture is taken over, nobody can write to it any more: the kernel refuses the seal while a worker could.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import tempfile

import numpy as np
from numpy.typing import NDArray

from engine.config import MIB
from engine.wire import PIXEL_BYTES

MAPPED_FROM = 4 * MIB
"""Bytes from which a picture stays in the worker's memory; a copy of 24 megapixels takes 0.3 s. Each costs a descriptor, so
small ones are copied."""

_SEALED = hasattr(os, "memfd_create")


class Canvas:
    """Room for a picture of at most `pixels` px; pages that nobody fills cost nothing. Close it after use."""

    def __init__(self, pixels: int) -> None:
        self._room = pixels * PIXEL_BYTES
        self.descriptor = _anonymous_file(self._room)

    def take(self, width: int, height: int) -> NDArray[np.uint8]:
        """What the worker wrote: uint8 (height, width, 4), C-contiguous, read-only, unchanging. May be called once.

        It may outlive the canvas. Raises ValueError when it cannot fit, or a worker could still write.
        """
        size = width * height * PIXEL_BYTES
        if width < 1 or height < 1 or size > self._room:
            raise ValueError(f"{width} x {height} px do not fit")
        if _SEALED:
            _end_writing(self.descriptor)
        mapped = mmap.mmap(self.descriptor, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
        pixels = np.frombuffer(mapped, np.uint8).reshape(height, width, PIXEL_BYTES)  # it holds the mapping
        if size < MAPPED_FROM or not _SEALED:
            pixels = pixels.copy()
            pixels.setflags(write=False)
        return pixels

    def close(self) -> None:
        """Give the memory back, as far as no picture was taken from it."""
        os.close(self.descriptor)


def _end_writing(descriptor: int) -> None:
    try:
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL)
    except OSError as error:
        raise ValueError("somebody can still write to it" if error.errno == errno.EBUSY else str(error)) from None


def _anonymous_file(size: int) -> int:
    if not _SEALED:
        with tempfile.TemporaryFile() as file:
            file.truncate(size)
            return os.dup(file.fileno())
    descriptor = os.memfd_create("imgfp-pixels", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(descriptor, size)
        # A file that shrinks under a mapping kills whoever reads it.
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
