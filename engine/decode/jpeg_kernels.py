"""Whether the compiled loops of the JPEG route are there, and how they come: they are loaded once, before the walls go up."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import numpy as np

from engine.decode.loops import LOOPS
from engine.loops import compiler_installed

log = logging.getLogger(__name__)

_loaded: Any = None
_asking = False


class KernelsWantedError(Exception):
    """This file goes by the compiled loops, which this process does not have: another one must read it."""


def usable() -> bool:
    """Whether a JPEG may take the route: the loops are here, or whoever started this process can bring them."""
    return _loaded is not None or _asking


def ask_for_them() -> None:
    """From now on a file that goes by the loops raises KernelsWantedError, where they can be had at all."""
    global _asking
    _asking = compiler_installed()


def loaded() -> Any:
    """The loops. Raises KernelsWantedError before `load`."""
    if _loaded is None:
        raise KernelsWantedError
    return _loaded


def load(folder: Path | None = None) -> bool:
    """Load every loop, and compile it where `folder` does not have it. False where that cannot be: pictures go by libjpeg then.

    folder: where machine code is kept; None for the usual one.
    """
    global _loaded
    if _loaded is None and (loops := LOOPS.loaded(folder)) is not None:
        try:
            warm(loops)
        except Exception as error:
            log.warning("event=no_kernels error=%r", error)
            return False
        _loaded = loops
    return _loaded is not None


def warm(kernels: Any) -> None:
    """Call every loop once with the types of real files."""
    from PIL import Image

    from engine.config import Limits
    from engine.decode.jpeg_dc import small_picture

    image = Image.fromarray((np.arange(48 * 48 * 3, dtype=np.uint32) * 7 % 251).astype(np.uint8).reshape(48, 48, 3))
    for progressive in (False, True):
        data = io.BytesIO()
        image.save(data, "JPEG", progressive=progressive)
        small_picture(data, Limits(), kernels=kernels)
