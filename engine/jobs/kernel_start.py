"""Workers with compiled loops: where the compiled code is kept, and that only one process compiles while none is there."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine import fingerprint, formats, locations
from engine.loops.group import FOLDER_VARIABLE as FOLDER_VARIABLE
from engine.loops.group import is_compiled

LOAD, COMPILE, ASK, NEVER = "load", "compile", "ask", "never"
"""What a worker is told of compiled loops: bring those of the JPEG route and what else is compiled already, bring all and compile
what is missing, send files back that want the JPEG route, do without."""

JPEG = "decode"
"""Name of the loops of the JPEG route, whose room is not imported here: it brings the codecs."""

LOOK_S = 0.1
HANDFUL = 16
"""Pictures from which a scan wants loops that are compiled already: they take 0.1 s to load and save 0.03 s a picture."""

MANY, LARGE_BYTES = 30, 1_000_000
"""Large JPEG or RAW files from which those of the JPEG route are compiled, which takes 1.5 s once on a machine."""

WORTH_COMPILING = 1000
"""Pictures from which all loops are compiled, which takes some 15 s once on a machine."""

_first = threading.Lock()
_temporary: tempfile.TemporaryDirectory[str] | None = None


def worth_loading(files: Iterable[tuple[bytes, int]], *, hurry: bool = False) -> str:
    """What to tell workers that are to read these files (path, bytes): `LOAD`, `COMPILE` or `ASK`.

    hurry: somebody waits for the first of them, so that nothing is compiled for fewer than `WORTH_COMPILING`.
    """
    pictures = large = 0
    for path, size in files:
        pictures += formats.suffix_kind(path) in ("picture", "raw")
        large += size > LARGE_BYTES and _may_hold_jpeg(path)
        if pictures == WORTH_COMPILING:
            return COMPILE
    if large >= MANY and not hurry:
        return LOAD
    return LOAD if pictures >= HANDFUL and _is_compiled(COMPILE) else ASK


def _may_hold_jpeg(path: bytes) -> bool:
    return formats.suffix_kind(path) == "raw" or path.lower().endswith((b".jpg", b".jpeg", b".jpe", b".mpo"))


def environment() -> dict[str, str]:
    """The variable that tells a worker where compiled code lies: what the session has chosen, else below the cache."""
    return {FOLDER_VARIABLE: os.environ.get(FOLDER_VARIABLE) or kernel_folder()}


@contextlib.contextmanager
def one_compiles(kernels: str, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Start a worker with loops inside the block: others wait while they are not compiled yet, for each would compile it all."""
    held = False
    while not held and not _is_compiled(kernels) and not cancelled():
        held = _first.acquire(timeout=LOOK_S)
    try:
        yield
    finally:
        if held:
            _first.release()


def _is_compiled(kernels: str) -> bool:
    folder = Path(environment()[FOLDER_VARIABLE])
    names = [JPEG, *(group.name for group in fingerprint.LOOPS)] if kernels == COMPILE else [JPEG]
    return all(is_compiled(name, folder) for name in names)


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
