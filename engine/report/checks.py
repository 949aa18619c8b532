"""Small strict checks for JSON from strangers. Each returns the value with its type, or raises UsageError naming the place."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from engine.errors import UsageError
from engine.names import display_text, is_plain_absolute, path_of


def refuse(place: str, why: str) -> UsageError:
    """The error for a wrong value; place: e.g. ``files[3].size``."""
    return UsageError(f"The report cannot be used: {place} {why}.", hint="Make a new one with imgfp scan.")


def table(value: Any, place: str) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise refuse(place, "is not an object")
    return value


def items(value: Any, place: str) -> list[Any]:
    """A JSON array."""
    if not isinstance(value, list):
        raise refuse(place, "is not a list")
    return value


def take(record: dict[str, Any], key: str, place: str) -> Any:
    """A field that must be there."""
    if key not in record:
        raise refuse(place, f"lacks {key}")
    return record[key]


def integer(record: dict[str, Any], key: str, place: str, *, low: int = 0, high: int = (1 << 63) - 1) -> int:
    """A whole number within bounds; true and false are none."""
    value = take(record, key, place)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise refuse(f"{place}.{key}", "is not a whole number in range")
    return value


def integer_or_none(record: dict[str, Any], key: str, place: str, *, low: int = 0, high: int = (1 << 63) - 1) -> int | None:
    """A whole number within bounds, or null."""
    return None if take(record, key, place) is None else integer(record, key, place, low=low, high=high)


def number(value: Any, place: str, *, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number within bounds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise refuse(place, "is not a number")
    try:
        real = float(value)
    except OverflowError as error:
        raise refuse(place, "is not a number in range") from error
    if not math.isfinite(real) or not low <= real <= high:
        raise refuse(place, "is not a number in range")
    return real


def text(record: dict[str, Any], key: str, place: str) -> str:
    """A text that can be written as UTF-8."""
    value = take(record, key, place)
    if not isinstance(value, str):
        raise refuse(f"{place}.{key}", "is not text")
    if any("\ud800" <= char <= "\udfff" for char in value) if not value.isascii() else False:
        raise refuse(f"{place}.{key}", "is not valid Unicode")
    return value


def text_or_none(record: dict[str, Any], key: str, place: str) -> str | None:
    """A text, or null."""
    return None if take(record, key, place) is None else text(record, key, place)


def flag(record: dict[str, Any], key: str, place: str) -> bool:
    """True or false."""
    value = take(record, key, place)
    if not isinstance(value, bool):
        raise refuse(f"{place}.{key}", "is neither true nor false")
    return value


def one_of(value: Any, known: Collection[str], place: str) -> str:
    """One of some words."""
    if not isinstance(value, str) or value not in known:
        raise refuse(place, f"is not one of {', '.join(known)}")
    return value


def absolute_path(record: dict[str, Any], place: str) -> bytes:
    """An absolute path without dot components, from ``path`` and ``path_b64``."""
    take(record, "path", place)
    try:
        path = path_of(record)
    except ValueError as error:
        raise refuse(f"{place}.path", f"cannot be used ({display_text(str(error))[:60]})") from error
    if not is_plain_absolute(path):
        raise refuse(f"{place}.path", "is not an absolute path")
    return path
