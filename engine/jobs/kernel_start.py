"""Workers with compiled loops: where the compiled code is kept, and that only one process compiles while none is there."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from engine import locations

LOAD, ASK, NEVER = "load", "ask", "never"
"""What a worker is told of compiled loops: bring them, send files back that want them, do without."""

CACHE_VARIABLE = "NUMBA_CACHE_DIR"
LOOK_S = 0.1

_first = threading.Lock()
_temporary: tempfile.TemporaryDirectory[str] | None = None


def environment() -> dict[str, str]:
    """The variable that tells a worker where compiled code lies: what the session has chosen, else below the cache."""
    return {CACHE_VARIABLE: os.environ.get(CACHE_VARIABLE) or _folder()}


@contextlib.contextmanager
def one_compiles(cancelled: Callable[[], bool]) -> Iterator[None]:
    """Start a worker with loops inside the block: others wait while nothing is compiled yet, for each would compile it all."""
    held = False
    while not held and not _is_compiled() and not cancelled():
        held = _first.acquire(timeout=LOOK_S)
    try:
        yield
    finally:
        if held:
            _first.release()


def _is_compiled() -> bool:
    folder = Path(environment()[CACHE_VARIABLE])
    return any(folder.glob("decode_*/kernels.finish*.nbi"))  # the last one that a worker compiles


def _folder() -> str:
    global _temporary
    try:
        folder = locations.make_private(locations.kernel_cache_dir())
        if os.access(folder, os.W_OK | os.X_OK):
            return str(folder)
    except OSError:
        pass
    if _temporary is None:
        _temporary = tempfile.TemporaryDirectory(prefix="imgfp-kernels-")
    return _temporary.name
