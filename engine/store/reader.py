"""From the catalog's records back to files: judged by types and values first, made into facts only for who asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.store.entries import FACTS, FIELDS, FIRST_FACT, PLACES, STATS, Fields, fact_type, is_optional
from engine.store.stored_file import StoredFile

_INT, _STR, _BYTES, _NONE = int, str, bytes, type(None)


def _allowed() -> tuple[frozenset[type], ...]:
    number, text = frozenset({_INT, _BYTES}), frozenset({_STR, _BYTES})
    kinds = {"INTEGER": number, "TEXT": text, "BLOB": frozenset({_BYTES})}
    facts = (kinds[fact_type(name)] | ({_NONE} if is_optional(name) else set()) for name in FACTS)
    return (frozenset({_BYTES}), text, *(number for _ in STATS), *facts)


_ALLOWED = _allowed()
_TEXT_PLACES = (1, *(place for name, place in PLACES.items() if fact_type(name) == "TEXT"))
_SHARED_LATER = ("lens", "software", "profile_name", "zone", "white_balance")
_SHARED_PLACES = (
    1,
    *(PLACES[name] for name in ("status", "format", "kind", "make", "model", "serial", "route", "decoder", *_SHARED_LATER)),
)
"""Texts that most files of a library have in common: kept once a query."""

_INT_PLACES = (*range(2, FIRST_FACT), *(place for name, place in PLACES.items() if fact_type(name) == "INTEGER"))


class Reader:
    """Turns records back into files, for one query: equal texts become one object, and each pattern of types is judged once."""

    def __init__(self, *, shared: bool = True) -> None:
        """shared: keep equal texts once; not worth its while where files are let go of soon."""
        self._shared = shared
        self._texts: dict[Any, Any] = {}
        self._patterns: dict[tuple[type, ...], int] = {}

    def file(self, fields: Fields, row: int | None, attempts: int, record_seal: int, seal: int) -> StoredFile | None:
        """The file, or None when the record cannot be one of ours (wrong types, impossible values)."""
        pattern = tuple(map(type, fields))
        verdict = self._patterns.get(pattern)
        if verdict is None:
            verdict = self._patterns[pattern] = _judge(pattern)
        if verdict == _WRONG:
            return None
        if verdict == _UNUSUAL:
            try:
                fields = _usual(fields)
            except ValueError:
                return None
        if not _possible(fields):
            return None
        if not self._shared:
            return StoredFile(fields, row, attempts, record_seal, seal)
        one, values = self._texts.setdefault, list(fields)
        for place in _SHARED_PLACES:
            values[place] = one(values[place], values[place])
        return StoredFile(tuple(values), row, attempts, record_seal, seal)


_WRONG, _UNUSUAL, _PLAIN = 0, 1, 2


def _judge(pattern: Sequence[type]) -> int:
    if len(pattern) != FIELDS or any(kind not in allowed for kind, allowed in zip(pattern, _ALLOWED, strict=True)):
        return _WRONG
    unusual = any(pattern[place] is _BYTES for place in (*_TEXT_PLACES, *_INT_PLACES))
    return _UNUSUAL if unusual else _PLAIN


def _usual(fields: Fields) -> Fields:
    values = list(fields)
    for place in _TEXT_PLACES:
        if type(values[place]) is bytes:
            values[place] = values[place].decode("utf-8", "surrogatepass")
    for place in _INT_PLACES:
        if type(values[place]) is bytes:
            values[place] = int(values[place][:40])
    return tuple(values)


_ORIENTATION, _FRAME_HASHES = PLACES["orientation"], PLACES["frame_hashes"]
_DIGESTS = tuple((PLACES[name], 32) for name in ("blake3", "picture_digest"))
_COUNTS = tuple(PLACES[name] for name in ("width", "height", "frames"))


def _possible(fields: Fields) -> bool:
    for place, length in _DIGESTS:
        digest = fields[place]
        if digest is not None and len(digest) != length:
            return False
    for place in _COUNTS:
        count = fields[place]
        if count is not None and count < 0:
            return False
    return 1 <= fields[_ORIENTATION] <= 8 and len(fields[_FRAME_HASHES]) % 8 == 0
