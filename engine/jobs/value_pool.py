"""Values that many files have in common, each kept once and named by a small number.

Number 0 is None. What was read from a saved library lies in one block of bytes and becomes a value when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", str, bytes)

Packed = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""Values one after the other, and where each begins (one entry more than there are values)."""


class ValuePool(Generic[T]):
    """Texts or bytes by number. One thread adds, any thread reads; a number never changes its value."""

    def __init__(self, decode: Callable[[Any], T], encode: Callable[[Any], bytes], packed: Packed | None = None) -> None:
        """packed: values that are there from the start, from number 1 on, each once."""
        self._decode: Callable[[bytes], T] = decode
        self._encode: Callable[[T], bytes] = encode
        self._packed = packed
        count = len(packed[1]) - 1 if packed is not None else 0
        self._values: list[T | None] = [None] * (count + 1)
        self._unpacked = count  # none of them is known as a value yet
        self._numbers: dict[T | None, int] | None = {None: 0} if not count else None

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, number: int) -> T | None:
        value = self._values[number]
        if value is None and 0 < number <= self._unpacked:
            value = self._values[number] = self._from_packed(number)
        return value

    def number(self, value: T | None) -> int:
        """The number of a value, which is added where it is not there yet."""
        numbers = self._known()
        found = numbers.get(value)
        if found is None:
            found = len(self._values)
            self._values.append(value)
            numbers[value] = found
        return found

    def find(self, value: T | None) -> int:
        """The number of a value, -1 where it is not there."""
        return self._known().get(value, -1)

    def find_all(self, values: Iterable[T | None]) -> NDArray[np.int64]:
        """Numbers of those among these values that are there."""
        found = (self.find(value) for value in values)
        return np.array([number for number in found if number >= 0], np.int64)

    def pack(self) -> Packed:
        """All values but None, in order, as one block."""
        packed = [self._encode(value) for number in range(1, len(self)) if (value := self[number]) is not None]
        sizes = np.fromiter(map(len, packed), np.int64, len(packed))
        return np.frombuffer(b"".join(packed), np.uint8), np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])

    def _known(self) -> dict[T | None, int]:
        numbers = self._numbers
        if numbers is None:
            numbers = {self[number]: number for number in range(len(self))}
            self._numbers = numbers
        return numbers

    def _from_packed(self, number: int) -> T:
        assert self._packed is not None, "only packed values are made when asked for"
        block, start = self._packed
        return self._decode(block[int(start[number - 1]) : int(start[number])].tobytes())


def text_pool(packed: Packed | None = None) -> ValuePool[str]:
    """A pool of texts, half surrogate pairs (from broken maker notes) included."""
    return ValuePool(_text, _utf8, packed)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def bytes_pool(packed: Packed | None = None) -> ValuePool[bytes]:
    """A pool of byte strings."""
    return ValuePool(bytes, bytes, packed)
