"""The search for candidates in a process of its own: compiled loops take 90 MB to load, and they go with it.

It costs no processor time more than loading them here would, and the window's interpreter is not held meanwhile.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.errors import Cancelled

log = logging.getLogger(__name__)

_LOOK_S = 0.05
_LOADED = "engine.match.kernels"


def close_hashes_apart(
    hash64: NDArray[np.uint64], hash256: NDArray[np.uint64], radii: tuple[int, int], cancelled: Callable[[], bool]
) -> NDArray[np.int32]:
    """As `match.close_hashes`, which also answers where there are few, or where no process can be had. Raises Cancelled."""
    if len(hash64) < match.NUMPY_BELOW or _LOADED in sys.modules or getattr(sys, "frozen", False):
        return match.close_hashes(hash64, hash256, radii, cancelled)
    try:
        found = _asked(hash64, hash256, radii, cancelled)
    except OSError as error:
        log.warning("event=no_search_process reason=%r", error)
        found = None
    return match.close_hashes(hash64, hash256, radii, cancelled) if found is None else found


def _asked(
    hash64: NDArray[np.uint64], hash256: NDArray[np.uint64], radii: tuple[int, int], cancelled: Callable[[], bool]
) -> NDArray[np.int32] | None:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        for column in (hash64, hash256):
            given.write(np.ascontiguousarray(column, "<u8").data)
        given.seek(0)
        command = [sys.executable, "-I", "-m", "engine.match", str(len(hash64)), *map(str, radii)]
        with subprocess.Popen(command, stdin=given, stdout=answer, stderr=subprocess.DEVNULL, cwd="/") as process:
            _wait(process, cancelled)
        answer.seek(0)
        found = np.frombuffer(answer.read(), "<i4")
    if process.returncode or len(found) % 3 or not _possible(found.reshape(-1, 3), len(hash64)):
        log.warning("event=search_process_failed code=%s", process.returncode)
        return None
    return found.reshape(-1, 3)


def _wait(process: subprocess.Popen[bytes], cancelled: Callable[[], bool]) -> None:
    while True:
        try:
            process.wait(_LOOK_S)
            return
        except subprocess.TimeoutExpired:
            if cancelled():
                process.kill()
                raise Cancelled from None


def _possible(found: NDArray[np.int32], count: int) -> bool:
    if not len(found):
        return True
    a, b, pose = found.T
    inside = a.min() >= 0 and b.max() < count and pose.min() >= 0 and pose.max() < match.POSES
    return bool(inside and (a < b).all())
