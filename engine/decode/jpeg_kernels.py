"""Whether the compiled loops of the JPEG route are there, and how they come: they are loaded once, before the walls go up."""

from __future__ import annotations

import importlib.util
import io
import logging
import os
from pathlib import Path
from types import ModuleType

import numpy as np

from engine.locations import installed_kernels_dir

log = logging.getLogger(__name__)

_loaded: ModuleType | None = None
_asking = False


class KernelsWantedError(Exception):
    """This file goes by the compiled loops, which this process does not have: another one must read it."""


def installed() -> bool:
    """Whether a compiler for them is installed; nothing of it is loaded."""
    return importlib.util.find_spec("numba") is not None


def usable() -> bool:
    """Whether a JPEG may take the route: the loops are here, or whoever started this process can bring them."""
    return _loaded is not None or _asking


def ask_for_them() -> None:
    """From now on a file that goes by the loops raises KernelsWantedError, where they can be had at all."""
    global _asking
    _asking = installed()


def loaded() -> ModuleType:
    """The loops. Raises KernelsWantedError before `load`."""
    if _loaded is None:
        raise KernelsWantedError
    return _loaded


def load(folder: Path | None = None) -> bool:
    """Load every loop, and compile it where `folder` does not have it. False where that cannot be: pictures go by libjpeg then.

    folder: where machine code is kept; None for the one that numba is told of.
    """
    global _loaded
    if _loaded is None and installed():
        for way in (_linked, _compiled):
            try:
                loops = way(folder or Path(os.environ.get("NUMBA_CACHE_DIR", os.devnull)))
                warm(loops)
            except Exception as error:
                log.warning("event=no_kernels way=%s error=%r", way.__name__, error)
                continue
            _loaded = loops
            break
    return _loaded is not None


def _linked(folder: Path) -> ModuleType:
    """Machine code by the linker alone, made first where there is none."""
    from engine.decode.compiled import kernels

    return kernels.load(installed_kernels_dir()) or kernels.load(folder) or kernels.make(folder)


def _compiled(folder: Path) -> ModuleType:
    """The whole compiler, for systems on which the linker does not do."""
    from engine.decode import kernels

    return kernels


def warm(kernels: ModuleType) -> None:
    """Call every loop once with the types of real files."""
    from PIL import Image

    from engine.config import Limits
    from engine.decode.jpeg_dc import small_picture

    image = Image.fromarray((np.arange(48 * 48 * 3, dtype=np.uint32) * 7 % 251).astype(np.uint8).reshape(48, 48, 3))
    for progressive in (False, True):
        data = io.BytesIO()
        image.save(data, "JPEG", progressive=progressive)
        small_picture(data, Limits(), kernels=kernels)
