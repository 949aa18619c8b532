"""How each kind of fact is kept in a column: numbers, yes and no, texts, capture times, digests.

Which kind a fact is follows from its type in `PictureFacts`, so that a new fact needs no word here. What a column cannot hold
(a number beyond 32 bits, a digest of another length) is kept beside it: what was put in comes out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.value_pool import ValuePool
from engine.records import PictureFacts

Array = NDArray[Any]
DIGEST_BYTES = 32
NO_NUMBER = np.iinfo(np.int32).min
_ELSEWHERE = NO_NUMBER + 1  # the value lies beside the column
_NUMBERS = range(_ELSEWHERE + 1, 1 << 31)
_YEAR_ONE = datetime(1, 1, 1)


class Pools:
    """Texts and byte strings of one table, and what no column could hold, by fact and place."""

    def __init__(self, texts: ValuePool[str], blobs: ValuePool[bytes]) -> None:
        self.texts = texts
        self.blobs = blobs


class Kind(ABC):
    """One way to keep a fact. dtype, width: of a column of n rows: (n,) or, with a width, (n, width)."""

    dtype: np.dtype[Any]
    width: int = 0

    @abstractmethod
    def put(self, column: Array, place: int, value: Any, pools: Pools) -> bool:
        """Keep a value; False where the column cannot hold it."""

    @abstractmethod
    def get(self, column: Array, place: int, pools: Pools) -> Any:
        """The value kept there."""


class Number(Kind):
    """int or None within 32 bits."""

    dtype = np.dtype("<i4")

    def put(self, column: Array, place: int, value: Any, pools: Pools) -> bool:
        fits = value is None or value in _NUMBERS
        column[place] = NO_NUMBER if value is None else value if fits else _ELSEWHERE
        return fits

    def get(self, column: Array, place: int, pools: Pools) -> Any:
        value = column.item(place)
        return None if value == NO_NUMBER else value


class Flag(Kind):
    """bool."""

    dtype = np.dtype("?")

    def put(self, column: Array, place: int, value: Any, pools: Pools) -> bool:
        column[place] = value
        return True

    def get(self, column: Array, place: int, pools: Pools) -> Any:
        return column.item(place)


class Text(Kind):
    """str or None, by its number in the pool."""

    dtype = np.dtype("<u4")

    def put(self, column: Array, place: int, value: Any, pools: Pools) -> bool:
        column[place] = pools.texts.number(value)
        return True

    def get(self, column: Array, place: int, pools: Pools) -> Any:
        return pools.texts[column.item(place)]


class Blob(Kind):
    """bytes or None that many files share, by their number in the pool."""

    dtype = np.dtype("<u4")

    def put(self, column: Array, place: int, value: Any, pools: Pools) -> bool:
        column[place] = pools.blobs.number(value)
        return True

    def get(self, column: Array, place: int, pools: Pools) -> Any:
        return pools.blobs[column.item(place)]


class Digest(Kind):
    """32 bytes or None, side by side: hardly two files share one. The last byte of a row says whether there is one."""

    dtype = np.dtype("u1")
    width = DIGEST_BYTES + 1

    def put(self, column: Array, place: int, value: Any, pools: Pools) -> bool:
        fits = value is None or len(value) == DIGEST_BYTES
        column[place] = np.frombuffer(value + b"\1", np.uint8) if fits and value is not None else 0
        return fits

    def get(self, column: Array, place: int, pools: Pools) -> Any:
        row = column[place].tobytes()
        return row[:DIGEST_BYTES] if row[DIGEST_BYTES] else None


class Moment(Kind):
    """``YYYY-MM-DDTHH:MM:SS`` in seconds since the year one; any other text, and None, by its number in the pool, negated."""

    dtype = np.dtype("<i8")

    def put(self, column: Array, place: int, value: Any, pools: Pools) -> bool:
        seconds = _seconds(value) if value is not None and len(value) == 19 else -1
        column[place] = seconds if seconds >= 0 else -1 - pools.texts.number(value)
        return True

    def get(self, column: Array, place: int, pools: Pools) -> Any:
        value = column.item(place)
        return pools.texts[-1 - value] if value < 0 else (_YEAR_ONE + timedelta(seconds=value)).isoformat()


SECONDS_TO_1970 = int((datetime(1970, 1, 1) - _YEAR_ONE).total_seconds())
"""Between the beginning of `Moment` and the one that matching counts from."""


def _seconds(text: str) -> int:
    """Seconds since the year one; -1 for what would not come back as the very same text."""
    try:
        moment = datetime.fromisoformat(text)
        return int((moment - _YEAR_ONE).total_seconds()) if moment.isoformat() == text else -1
    except (ValueError, TypeError):
        return -1


def kind_of(name: str, declared: str) -> Kind:
    """How a fact of this name and declared type is kept."""
    if name == "taken":
        return Moment()
    types = {part.strip() for part in declared.split("|")} - {"None"}
    if types == {"bytes"}:
        return Digest() if "None" in declared else Blob()
    kinds: dict[str, type[Kind]] = {"int": Number, "bool": Flag, "str": Text}
    return kinds[types.pop()]()


KINDS: dict[str, Kind] = {fact.name: kind_of(fact.name, str(fact.type)) for fact in fields(PictureFacts)}
"""How each fact is kept, in the order of the dataclass."""
