"""The loops of `engine.decode.kernels` from the same source, with every access to memory checked.

One that leaves its array raises IndexError. Only the four functions that stand for machine instructions are others."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import engine.decode

SOURCE = Path(engine.decode.__file__).with_name("kernels.py")

_SAFE = """
@_compiled
def load64(array, offset):
    if offset < 0 or offset + 8 > array.shape[0]:
        raise IndexError("load64")
    value = np.uint64(0)
    for i in range(8):
        value = (value << np.uint64(8)) | np.uint64(array[offset + i])
    return value


@_compiled
def marked32(array, offset):
    if offset < 0 or offset + 32 > array.shape[0]:
        raise IndexError("marked32")
    value = np.uint64(0)
    for i in range(32):
        if array[offset + i] == 0xFF:
            value |= np.uint64(1) << np.uint64(i)
    return value


@_compiled
def copy32(target, to, source, offset):
    if offset < 0 or offset + 32 > source.shape[0] or to < 0 or to + 32 > target.shape[0]:
        raise IndexError("copy32")
    for i in range(32):
        target[to + i] = source[offset + i]


@_compiled
def lowest_bit(value):
    i = 0
    while not (value >> np.uint64(i)) & np.uint64(1):
        i += 1
    return i


"""


@cache
def checked_kernels() -> ModuleType:
    """The checked loops as a module."""
    source = SOURCE.read_text(encoding="utf-8")
    first, last = source.index("@_intrinsic\ndef load64"), source.index("@_compiled\ndef build_tables")
    source = source[:first] + _SAFE + source[last:]
    fast = "njit(nogil=True, cache=True)"
    assert source.count(fast) == 1
    module = ModuleType("checked_kernels")
    sys.modules[module.__name__] = module  # numba looks there for the globals of a function
    exec(compile(source.replace(fast, "njit(boundscheck=True)"), str(SOURCE), "exec"), module.__dict__)
    return module
