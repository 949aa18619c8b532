"""The long lists of a report: files, pairs and problems, made from columns when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import match
from engine.jobs import imgfprint_pairs as scheme_pairs
from engine.jobs.analysis import Analysis
from engine.jobs.file_lists import fact_list, number_list, text_list
from engine.jobs.file_table import FileTable
from engine.jobs.library import LibraryFile
from engine.names import path_fields
from engine.problems import problem_words
from engine.records import PAIR_DIFFERENT, PAIR_KEEP_ALL, PART_NAMES, Tier, edit_labels
from engine.report import CHUNK, Record, Records, plain_text

_FACTS = ("format", "width", "height", "taken", "frames")


class FileRecords(Records):
    """``files``."""

    def __init__(self, table: FileTable) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    def chunk(self, start: int, stop: int) -> list[Record]:
        """See `Records.chunk`."""
        names = ("id", "path", "path_b64", "size", "mtime_ns", "status", "code", *_FACTS, "shot", "same_as", "from_cache")
        return [dict(zip(names, values, strict=True)) for values in self._rows(start, stop)]

    def lines(self) -> Iterator[str]:
        """See `Records.lines`."""
        text = _Encoded()
        for start in range(0, len(self), CHUNK):
            for n, path, exact, size, mtime, status, code, form, width, height, taken, frames, shot, same, cached in self._rows(
                start, min(len(self), start + CHUNK)
            ):
                yield (
                    f'{{"id": {n}, "path": {encode_basestring(path)}, "path_b64": {text[exact]}, "size": {size}, '
                    f'"mtime_ns": {mtime}, "status": {text[status]}, "code": {text[code]}, "format": {text[form]}, '
                    f'"width": {_number(width)}, "height": {_number(height)}, "taken": {_text(taken)}, '
                    f'"frames": {_number(frames)}, "shot": {_number(shot)}, "same_as": {_number(same)}, '
                    f'"from_cache": {"true" if cached else "false"}}}'
                )

    def values(self, name: str) -> Iterable[Any]:
        """See `Records.values`."""
        if name not in ("status", "code"):
            return super().values(name)
        return text_list(self._table, np.arange(len(self)), name)

    def _rows(self, start: int, stop: int) -> Iterator[tuple[Any, ...]]:
        table, places = self._table, np.arange(start, stop)
        paths = [path_fields(path) for path in table.paths[start:stop]]
        odd = table.is_odd
        sizes = [table.stat(n).size for n in range(start, stop)] if odd else table.stats["size"][start:stop].tolist()
        times = [table.stat(n).mtime_ns for n in range(start, stop)] if odd else table.stats["mtime_ns"][start:stop].tolist()
        return zip(
            range(start, stop),
            (path for path, _ in paths),
            (exact for _, exact in paths),
            sizes,
            times,
            *(text_list(table, places, name) for name in ("status", "code")),
            *(fact_list(table, places, name) for name in _FACTS),
            *(number_list(table, places, name) for name in ("shot", "same_as")),
            table.files["from_cache"][start:stop].tolist(),
            strict=True,
        )


class PairRecords(Records):
    """``pairs``: every pair at or above the line, decided ones included, by (a, b)."""

    def __init__(self, analysis: Analysis) -> None:
        self._pairs = analysis.pairs
        self._names = scheme_pairs.PART_NAMES if analysis.options.scheme else PART_NAMES
        self._rows = np.flatnonzero(analysis.pairs["score"] >= np.float32(analysis.line))
        self._ids: NDArray[np.int64] = analysis.pictures.ids

    def __len__(self) -> int:
        return len(self._rows)

    def chunk(self, start: int, stop: int) -> list[Record]:
        """See `Records.chunk`."""
        pairs, item = self._pairs[self._rows[start:stop]], self._ids.item
        return [{"a": item(pair["a"]), "b": item(pair["b"]), **pair_facts(pair, self._names)} for pair in pairs]

    def lines(self) -> Iterator[str]:
        """See `Records.lines`."""
        share, words = [_decimal(value / 255) for value in range(256)], _Words()
        for start in range(0, len(self), CHUNK):
            pairs = self._pairs[self._rows[start : start + CHUNK]]
            ends = (self._ids[pairs[end]].tolist() for end in ("a", "b"))
            columns = (pairs[name].tolist() for name in ("score", "parts", "tier", "pose", "flags", "edits", "box"))
            for a, b, score, parts, tier, pose, flags, edits, box in zip(*ends, *columns, strict=True):
                known = ", ".join([f'"{name}": {share[value]}' for name, value in zip(self._names, parts, strict=False)])
                yield (
                    f'{{"a": {a}, "b": {b}, "tier": "{Tier(tier).label}", "similarity": {_decimal(score)}, '
                    f'"parts": {{{known}}}, "edits": {words.edits(edits)}, "transform": {{{words.pose(pose)}, '
                    f'"box": [{", ".join(map(_decimal, box))}]}}, "decision": {_text(_decision(flags))}}}'
                )


def pair_facts(pair: np.void, part_names: Sequence[str] = PART_NAMES) -> Record:
    """A pair without its two ends. part_names: what the first parts mean."""
    turn, mirror = match.turn_and_mirror(int(pair["pose"]))
    return {
        "tier": Tier(int(pair["tier"])).label,
        "similarity": round(float(pair["score"]), 4),
        "parts": {name: round(int(value) / 255, 4) for name, value in zip(part_names, pair["parts"], strict=False)},
        "edits": edit_labels(int(pair["edits"])),
        "transform": {"turn": turn, "mirror": mirror, "box": [round(float(edge), 4) for edge in pair["box"]]},
        "decision": _decision(int(pair["flags"])),
    }


def problem_record(number: int, file: LibraryFile) -> Record:
    """One entry of ``problems``."""
    path, exact = path_fields(file.path)
    message, hint = problem_words(file.code or "decode.corrupt", file.path, partial=file.status == "partial")
    return {"path": path, "path_b64": exact, "code": file.code, "message": message, "hint": hint}


def _decision(flags: int) -> str | None:
    return "different" if flags & PAIR_DIFFERENT else "keep-all" if flags & PAIR_KEEP_ALL else None


class _Encoded(dict[str | None, str]):
    """Texts as JSON; many files have the same."""

    def __missing__(self, text: str | None) -> str:
        encoded = self[text] = _text(text)
        return encoded


class _Words:
    """Edits and poses as JSON, each made once."""

    def __init__(self) -> None:
        self._edits: dict[int, str] = {}
        self._poses: dict[int, str] = {}

    def edits(self, bits: int) -> str:
        """The list of edits."""
        if bits not in self._edits:
            self._edits[bits] = "[" + ", ".join(f'"{label}"' for label in edit_labels(bits)) + "]"
        return self._edits[bits]

    def pose(self, pose: int) -> str:
        """Turn and mirror."""
        if pose not in self._poses:
            turn, mirror = match.turn_and_mirror(pose)
            self._poses[pose] = f'"turn": {turn}, "mirror": {"true" if mirror else "false"}'
        return self._poses[pose]


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _text(value: str | None) -> str:
    if value is None:
        return "null"
    return encode_basestring(value if value.isascii() else plain_text(value))


def _decimal(value: float) -> str:
    return repr(round(value, 4) + 0.0)  # no minus zero
