"""Records of a report that are made when they are asked for: a report of a million files is written without holding one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar, overload

Record = dict[str, Any]
T = TypeVar("T")


class Records(Sequence[Record]):
    """A list of records as far as reading goes."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def chunk(self, start: int, stop: int) -> list[Record]:
        """The records from start to before stop, made now."""

    @overload
    def __getitem__(self, place: int) -> Record: ...

    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...

    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return self.chunk(start, max(start, stop)) if step == 1 else [self[one] for one in range(start, stop, step)]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        return self.chunk(place, place + 1)[0]

    def __iter__(self) -> Iterator[Record]:
        for start in range(0, len(self), CHUNK):
            yield from self.chunk(start, min(len(self), start + CHUNK))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str | bytes) or len(other) != len(self):
            return False
        return all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def lines(self) -> Iterator[str] | None:
        """Each record as the report's JSON where that can be had faster than by way of the record; None where it cannot."""
        return None

    def values(self, name: str) -> Iterable[Any]:
        """One field of every record."""
        return (record[name] for record in self)


class Made(Records):
    """Records that a function makes of things and their numbers."""

    def __init__(self, things: Sequence[T], make: Callable[[int, T], Record]) -> None:
        self._things, self._make = things, make

    def __len__(self) -> int:
        return len(self._things)

    def chunk(self, start: int, stop: int) -> list[Record]:
        """See `Records.chunk`."""
        return [self._make(start + number, thing) for number, thing in enumerate(self._things[start:stop])]


CHUNK = 2048
"""Records made together: enough to spread the cost of an array operation, few enough to stay small."""


def values_of(records: Sequence[Record], name: str) -> Iterable[Any]:
    """One field of every record of a list of records, lazy or not."""
    return records.values(name) if isinstance(records, Records) else (record[name] for record in records)
