"""Whether the compiled loops of the JPEG route are there, and how they come: they are loaded once, before the walls go up."""

from __future__ import annotations

import importlib.util
import io
from types import ModuleType

import numpy as np

_loaded: ModuleType | None = None


def installed() -> bool:
    """Whether a compiler for them is installed; nothing of it is loaded."""
    return importlib.util.find_spec("numba") is not None


def are_loaded() -> bool:
    """Whether `load` succeeded in this process."""
    return _loaded is not None


def loaded() -> ModuleType:
    """The loops. Raises RuntimeError before `load`."""
    if _loaded is None:
        raise RuntimeError("kernels are not loaded")
    return _loaded


def load() -> bool:
    """Load, and compile where no cache has them, every loop for the types it is used with. False where that cannot be."""
    global _loaded
    if _loaded is None and installed():
        from engine.decode import kernels

        warm(kernels)
        _loaded = kernels
    return _loaded is not None


def warm(kernels: ModuleType) -> None:
    """Call every loop once with the types of real files."""
    from PIL import Image

    from engine.config import Limits
    from engine.decode.jpeg_dc import small_picture

    image = Image.fromarray((np.arange(48 * 48 * 3, dtype=np.uint32) * 7 % 251).astype(np.uint8).reshape(48, 48, 3))
    for options in ({}, {"progressive": True}):
        data = io.BytesIO()
        image.save(data, "JPEG", **options)
        small_picture(data, Limits(), kernels=kernels)
