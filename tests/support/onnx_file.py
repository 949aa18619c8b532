"""Writes small ONNX models, field by field: no package is needed that knows the format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

Dimension = int | str


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def node(kind: str, inputs: Sequence[str], output: str) -> bytes:
    """One operation without attributes."""
    return b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(4, kind)


def _value(name: str, shape: Sequence[Dimension]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, one) if isinstance(one, int) else _bytes(2, one)) for one in shape)
    tensor = _number(1, 1) + _bytes(2, dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def _constant(name: str, values: np.ndarray) -> bytes:
    dims = b"".join(_number(1, one) for one in values.shape)
    return dims + _number(2, 1) + _bytes(8, name) + _bytes(9, values.astype("<f4").tobytes())


def write_model(
    path: Path,
    nodes: Sequence[bytes],
    given: Sequence[Dimension] = ("n", 3, 32, 32),
    answer: Sequence[Dimension] = ("n", "d"),
    constants: dict[str, np.ndarray] | None = None,
) -> Path:
    """A model from ``pixels`` to ``vectors``; its file."""
    graph = b"".join(_bytes(1, one) for one in nodes) + _bytes(2, "test")
    graph += b"".join(_bytes(5, _constant(name, values)) for name, values in (constants or {}).items())
    graph += _bytes(11, _value("pixels", given)) + _bytes(12, _value("vectors", answer))
    path.write_bytes(_number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 13)))
    return path


MEAN_COLOUR = (node("GlobalAveragePool", ["pixels"], "pooled"), node("Flatten", ["pooled"], "vectors"))
"""The mean of each colour: pictures of one hue are near each other."""


def mean_colour(path: Path, side: Dimension = 32, batch: Dimension = "n") -> Path:
    """A model whose vectors are the mean colour, three numbers."""
    return write_model(path, MEAN_COLOUR, (batch, 3, side, side), (batch, 3))
