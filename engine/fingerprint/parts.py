"""The registry of what a fingerprint consists of, and its form on the wire."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.frame import is_possible


@dataclass(frozen=True, slots=True)
class Part:
    """One stored part. version: rises whenever a bit of it may change. dtype: little-endian. shape: of one picture."""

    name: str
    version: int
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of one picture's part."""
        return int(np.prod(self.shape)) * self.dtype.itemsize


def _part(name: str, version: int, dtype: str, *shape: int) -> Part:
    return Part(name, version, np.dtype(dtype), shape)


FEATURES = 128
"""Local features kept of one picture at most."""

PARTS: dict[str, Part] = {
    part.name: part
    for part in (
        _part("dct64", 1, "<u8", 1),
        _part("dct256", 1, "<u8", 4),
        _part("gradient", 1, "<u8", 1),
        _part("trim64", 1, "<u8", 1),
        _part("trim256", 1, "<u8", 4),
        _part("frame", 1, "<u2", 8),
        _part("colour", 2, "u1", 128),
        _part("plate", 1, "u1", 64, 64),
        _part("points", 1, "u1", FEATURES, 5),
        _part("codes", 1, "<u8", FEATURES),
    )
}
"""Name to part, in the order of storage and of `pack`."""

PREPROCESSING = 3
"""Version of what comes before the parts: reduction, luma weights, flatness, orientation, colour conversion, decode size."""

_WITHOUT_LOOPS = "" if importlib.util.find_spec("numba") else "-s"

PROFILE = f"p{PREPROCESSING}-" + "".join(str(part.version) for part in PARTS.values()) + _WITHOUT_LOOPS
"""Id of everything that can change a bit of a fingerprint. Where no compiler is installed, large JPEGs go by libjpeg alone, whose
chroma at 1/8 is finer: such a fingerprint is another one."""

PACKED_BYTES = sum(part.size_bytes for part in PARTS.values()) + 1
"""Length of `pack`'s answer: the parts and one byte that tells whether the picture is flat."""


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprint of one picture, arrays read-only.

    dct64 uint64 (1,) · dct256 uint64 (4,): signs of the lowest frequencies of the whole frame. gradient uint64 (1,).
    trim64 uint64 (1,) · trim256 uint64 (4,): the same of the content alone, equal to the former where there is no border.
    frame uint16 (8,): content box and size of the detail plate, see `frame`. colour uint8 (128,): chroma of 8 x 8 blocks.
    plate uint8 (64, 64): luma of the whole frame.
    points uint8 (128, 5): local features, strongest first, zeros beyond their number: x 12 bit and y 12 bit in 4096ths of the
    detail plate's long side, size s (2 ** (s / 16) / 4096 long sides), angle (256ths of a turn). codes uint64 (128,): their
    codes; those of the mirrored picture are ``code ^ 0x00000000FFFFFFFF``.
    flat: never compare by look.
    """

    dct64: NDArray[np.uint64]
    dct256: NDArray[np.uint64]
    gradient: NDArray[np.uint64]
    trim64: NDArray[np.uint64]
    trim256: NDArray[np.uint64]
    frame: NDArray[np.uint16]
    colour: NDArray[np.uint8]
    plate: NDArray[np.uint8]
    points: NDArray[np.uint8]
    codes: NDArray[np.uint64]
    flat: bool


def pack(prints: Prints) -> bytes:
    """The parts one after the other, little-endian, then one byte 0 or 1 for `flat`: `PACKED_BYTES` long."""
    parts = (np.asarray(getattr(prints, name)).astype(part.dtype, copy=False).tobytes() for name, part in PARTS.items())
    return b"".join(parts) + bytes([prints.flat])


def unpack(data: bytes) -> Prints:
    """Inverse of `pack`. Raises ValueError when the length, the last byte or the frame cannot be right: input is untrusted."""
    if len(data) != PACKED_BYTES or data[-1] > 1:
        raise ValueError("not a packed fingerprint")
    values: dict[str, NDArray[np.generic]] = {}
    at = 0
    for name, part in PARTS.items():
        raw = np.frombuffer(data, dtype=part.dtype, count=part.size_bytes // part.dtype.itemsize, offset=at)
        value = raw.astype(part.dtype.newbyteorder("=")).reshape(part.shape)
        value.setflags(write=False)
        values[name] = value
        at += part.size_bytes
    prints = Prints(flat=bool(data[-1]), **values)  # type: ignore[arg-type]
    if not is_possible(prints.frame, prints.points, prints.codes):
        raise ValueError("not a packed fingerprint: no frame is like that")
    return prints
