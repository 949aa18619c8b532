"""What a loop is called with, in words: ``u1*`` a flat array, ``f4[:,6]`` rows of 6, ``i4[64]`` just 64, ``i8`` a number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

NAMES = {
    "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "f4": "float32", "f8": "float64",
}  # fmt: skip
SCALARS = ("i8", "f8")

_WORD = re.compile(r"([uif][1248])(\*|\[(:,)?(\d+(?:,\d+)*)\])?")


@dataclass(frozen=True, slots=True)
class Argument:
    """dtype: of the array or the number. shape: None for a number; of an array, its first axis is 1 where any length is meant."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...] | None
    open: bool = False

    @property
    def name(self) -> str:
        """The compiler's name of the type."""
        return self.dtype.name

    @property
    def row(self) -> int:
        """Elements of one row; the size of an array is a multiple of it."""
        return 1 if self.shape is None else math.prod(self.shape[1:])

    def fits(self, value: object) -> bool:
        """Whether a loop may be given this: an array of the type, contiguous, of whole rows (or of the size)."""
        if self.shape is None:
            return not isinstance(value, np.ndarray)
        if not isinstance(value, np.ndarray) or value.dtype != self.dtype or not value.flags.c_contiguous:
            return False
        return value.size % self.row == 0 if self.open else value.size == math.prod(self.shape)


def arguments_of(signature: str) -> tuple[Argument, ...]:
    """Raises ValueError for a word that is none."""
    found, at = [], 0
    for match in _WORD.finditer(signature):
        if signature[at : match.start()].strip(", "):
            break
        found.append(_argument(match))
        at = match.end()
    if signature[at:].strip(", "):
        raise ValueError(f"no arguments of a loop: {signature!r}")
    return tuple(found)


def _argument(match: re.Match[str]) -> Argument:
    dtype = np.dtype(NAMES[match[1]])
    if not match[2]:
        if match[1] not in SCALARS:
            raise ValueError(f"a number is i8 or f8, not {match[1]!r}")
        return Argument(dtype, None)
    if match[2] == "*":
        return Argument(dtype, (1,), open=True)
    sizes = tuple(int(size) for size in match[4].split(","))
    return Argument(dtype, (1, *sizes), open=True) if match[3] else Argument(dtype, sizes)
