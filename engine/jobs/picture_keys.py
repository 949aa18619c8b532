"""A number for all that a pair depends on in one of its pictures: the same picture has it in every library and every run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from engine.jobs.fact_columns import Array
from engine.jobs.library import Files
from engine.jobs.saved_matching import Matching

Keys = NDArray[np.uint64]
"""(n, 2): equal keys mean equal content, equal facts, equal company in the shot."""

_ONE, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)
_PLAIN = ("orientation", "width", "height", "frames", "moment", "flat", "partial", "raw")
_TEXTS = ("route", "decoder", "make", "model", "serial", "exposure")


def picture_keys(pictures: Files, matching: Matching) -> Keys:
    """The keys of these pictures. matching: what was made of their facts."""
    table, ids = pictures.table, pictures.ids
    digests = table.facts["blake3"][ids]
    stats = table.stats[ids]
    stats[digests[:, -1] != 0] = 0  # the bytes are known: their state on the disk says nothing more
    texts, blobs = table.pools.texts, table.pools.blobs
    keys = np.zeros((len(ids), 2), np.uint64)
    for column in (digests, table.facts["picture_digest"][ids], _bytes(stats), table.files["provisional"][ids]):
        _mix(keys, column)
    for name in _PLAIN:
        _mix(keys, matching.columns[name])
    for name in _TEXTS:
        _mix(keys, _named(table.facts[name][ids], lambda number: (texts[number] or "").encode("utf-8", "surrogatepass")))
    for name in ("profile", "frame_hashes"):
        _mix(keys, _named(table.facts[name][ids], lambda number: blobs[number] or b""))
    _mix(keys, _company(keys, matching.columns["shot"]))
    return keys


def _mix(keys: Keys, column: Array) -> None:
    """Take a column of anything into the keys, in place."""
    for word in _words(column).T:
        keys[:, 0] = (keys[:, 0] ^ word) * _ONE
        keys[:, 1] = (keys[:, 1] + word) * _OTHER
        keys ^= keys >> _SHIFT


def _words(column: Array) -> NDArray[np.uint64]:
    """A column as 64-bit words: (n, k)."""
    if column.ndim == 1 and column.dtype.kind in "iub":
        return column.astype(np.int64).view(np.uint64)[:, None]
    raw = _bytes(column)
    padded = np.zeros((len(raw), -(-raw.shape[1] // 8) * 8), np.uint8)
    padded[:, : raw.shape[1]] = raw
    return padded.view("<u8")


def _bytes(column: Array) -> NDArray[np.uint8]:
    flat = np.ascontiguousarray(column)
    return flat.view(np.uint8).reshape(len(flat), -1) if len(flat) else np.zeros((0, 8), np.uint8)


def _named(column: Array, content: Callable[[int], bytes]) -> NDArray[np.uint64]:
    """The digest of what each number stands for: numbers mean nothing outside their pool."""
    numbers, where = np.unique(column, return_inverse=True)
    digests = b"".join(blake3(content(number)).digest()[:8] for number in numbers.tolist())
    found: NDArray[np.uint64] = np.frombuffer(digests, "<u8")[where.reshape(-1)] if len(column) else np.zeros(0, np.uint64)
    return found


def _company(keys: Keys, shot: NDArray[Any]) -> NDArray[np.uint64]:
    """The sum of the keys in each picture's shot, which tells who stands beside it; 0 for a picture alone."""
    _, where, counts = np.unique(shot, return_inverse=True, return_counts=True)
    where = where.reshape(-1)
    sums = np.zeros(len(counts), np.uint64)
    np.add.at(sums, where, keys[:, 0])
    return np.where(counts[where] > 1, sums[where], np.uint64(0))
