"""Workers with compiled loops: where the compiled code is kept, and that only one process compiles while none is there."""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine import formats, locations
from engine.decode.loops import LOOPS
from engine.loops.group import FOLDER_VARIABLE

LOAD, ASK, NEVER = "load", "ask", "never"
"""What a worker is told of compiled loops: bring them, send files back that want them, do without."""

LOOK_S = 0.1
MANY, LARGE_BYTES = 30, 1_000_000

_first = threading.Lock()
_temporary: tempfile.TemporaryDirectory[str] | None = None


def worth_loading(files: Iterable[tuple[bytes, int]]) -> bool:
    """Whether files (path, bytes) that are to be read will want the loops for certain: dozens of large JPEG or RAW files."""
    large = (path for path, size in files if size > LARGE_BYTES and _may_hold_jpeg(path))
    return sum(1 for _ in itertools.islice(large, MANY)) == MANY


def _may_hold_jpeg(path: bytes) -> bool:
    return formats.suffix_kind(path) == "raw" or path.lower().endswith((b".jpg", b".jpeg", b".jpe", b".mpo"))


def environment() -> dict[str, str]:
    """The variable that tells a worker where compiled code lies: what the session has chosen, else below the cache."""
    return {FOLDER_VARIABLE: os.environ.get(FOLDER_VARIABLE) or kernel_folder()}


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
    return LOOPS.is_compiled(Path(environment()[FOLDER_VARIABLE]))


def kernel_folder() -> str:
    """Where compiled code is kept: below the cache, or in a temporary folder where the cache cannot be written."""
    global _temporary
    try:
        folder = locations.make_inner(locations.kernel_cache_dir())
        if os.access(folder, os.W_OK | os.X_OK):
            return str(folder)
    except OSError:
        pass
    if _temporary is None:
        _temporary = tempfile.TemporaryDirectory(prefix="imgfp-kernels-")
    return _temporary.name
