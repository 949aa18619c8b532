"""Writes a report as JSON, one record a line: the same report gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from engine.report.records import Records

FORMAT, VERSION = "imgfp-report", 1

_ORDER: dict[str, tuple[str, ...]] = {
    "": ("format", "version", "app", "profile", "settings", "roots", "files", "shots", "pairs", "clusters", "problems", "stats"),
    "settings": ("preset", "threshold", "moments", "pass", "protected", "weights"),
    "weights": ("structure", "detail", "colour", "hash"),
    "files": (
        *("id", "path", "path_b64", "size", "mtime_ns", "status", "code", "format", "width", "height"),
        *("taken", "frames", "shot", "same_as", "from_cache"),
    ),
    "shots": ("id", "files", "roles"),
    "pairs": ("a", "b", "tier", "similarity", "parts", "edits", "transform", "decision"),
    "transform": ("turn", "mirror", "box"),
    "clusters": ("id", "tier", "weakest", "strongest", "reclaimable_bytes", "members"),
    "members": ("file", "tier", "suggest", "reason"),
    "problems": ("path", "path_b64", "code", "message", "hint"),
    "stats": ("found", "computed", "cached", "folders_skipped", "seconds", "peak_rss_bytes"),
}
_PIECES = 2048  # lines encoded together
_SURROGATES = re.compile("[\ud800-\udfff]")


def write_report(report: Mapping[str, Any]) -> bytes:
    """A report as UTF-8 JSON: keys in the order of the contract (others after them by name), numbers with at most 4 decimals.

    `format` and `version` are filled in. Raises ValueError for NaN or infinity; lone surrogates become U+FFFD.
    """
    return b"".join(report_chunks(report))


def report_chunks(report: Mapping[str, Any]) -> Iterator[bytes]:
    """As `write_report`, piece by piece: lists that are made when they are asked for never lie in memory as a whole."""
    whole = {**report, "format": FORMAT, "version": VERSION}
    waiting: list[str] = []
    for text in _pieces(whole):
        waiting.append(text)
        if len(waiting) >= _PIECES:
            yield "".join(waiting).encode("utf-8")
            waiting.clear()
    yield "".join(waiting).encode("utf-8")


def _pieces(whole: Mapping[str, Any]) -> Iterator[str]:
    before = "{\n"
    for key in _keys("", whole):
        yield f"{before}{_text(key)}: "
        yield from _value(key, whole[key])
        before = ",\n"
    yield "\n}\n"


def write_json(value: Any) -> bytes:
    """Any small answer as indented UTF-8 JSON with the same care: no NaN, no lone surrogates. Keys keep their order."""
    return (json.dumps(_canonical("", value, decimals=6), ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8")


def _value(key: str, value: Any) -> Iterator[str]:
    if not (isinstance(value, list | tuple | Records) and value and isinstance(value[0], Mapping)):
        yield _text(_canonical(key, list(value) if isinstance(value, Records) else value))
        return
    before = "[\n"
    for line in _lines(key, value):
        yield f"{before}{line}"
        before = ",\n"
    yield "\n]"


def _lines(key: str, records: Any) -> Iterator[str]:
    if isinstance(records, Records) and (made := records.lines()) is not None:
        yield from made
        return
    for record in records:
        yield _text(_canonical(key, record))


def plain_text(text: str) -> str:
    """A text as a report can hold it: half surrogate pairs replaced."""
    return _SURROGATES.sub("\ufffd", text)


_text = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _keys(name: str, record: Mapping[str, Any]) -> tuple[str, ...]:
    return _ordered(name, tuple(record))


@lru_cache(maxsize=1024)  # a report has thousands of records, but few kinds of them
def _ordered(name: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    known = _ORDER.get(name)
    if known is None:
        return keys
    return (*(key for key in known if key in keys), *sorted(key for key in keys if key not in known))


def _canonical(name: str, value: Any, *, decimals: int = 4) -> Any:
    kind = type(value)
    if kind is int or kind is bool or value is None:
        return value
    if kind is str:
        return value if value.isascii() else plain_text(value)
    if isinstance(value, Mapping):
        return {_canonical("", key): _canonical(key, value[key], decimals=decimals) for key in _keys(name, value)}
    if isinstance(value, list | tuple):
        return [_canonical(name, one, decimals=decimals) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(float(value), decimals) + 0.0  # no minus zero
    return value
