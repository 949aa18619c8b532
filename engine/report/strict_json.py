"""JSON from strangers: capped in size, depth and number of values before it is parsed; UTF-8 only, no NaN."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import numpy as np

from engine.errors import UsageError

MAX_DEPTH = 64
MAX_VALUES = 32_000_000
"""A report of a million photos has some 20 million. Each value costs memory however few bytes it takes in the file."""

_ESCAPES = re.compile(rb"\\.", re.DOTALL)
_OTHER = bytes(set(range(256)) - set(b'"[]{},'))
_BLOCK = 1 << 22
_STEP = np.zeros(256, np.int8)
_STEP[list(b"[{")] = 1
_STEP[list(b"]}")] = -1


def depth_and_values(data: bytes) -> tuple[int, int]:
    """Deepest nesting of brackets outside of strings, and how many values there can be at most.

    Linear time, no recursion, memory for a block at a time.
    """
    if b"\\" in data:
        data = _ESCAPES.sub(b"", data)
    bare = data.translate(None, _OTHER)
    deepest = depth = quotes = 0
    values = 1
    for start in range(0, len(bare), _BLOCK):
        codes = np.frombuffer(bare, np.uint8, count=min(_BLOCK, len(bare) - start), offset=start)
        inside = np.cumsum(codes == ord('"'), dtype=np.uint8) + np.uint8(quotes) & 1  # wraps, but keeps odd and even
        steps = np.where(inside, 0, _STEP[codes])
        depths = np.cumsum(steps, dtype=np.int32) + depth
        deepest, depth, quotes = max(deepest, int(depths.max())), int(depths[-1]), int(inside[-1])
        values += int(np.count_nonzero((codes == ord(",")) & (inside == 0)) + np.count_nonzero(steps == 1))
    return deepest, values


def parse_json(data: bytes, what: str) -> Any:
    """The value in `data`. what: how the file is called in a sentence. Raises UsageError (exit 2) for anything unsound."""
    depth, values = depth_and_values(data)
    if depth > MAX_DEPTH or values > MAX_VALUES:
        raise UsageError(f"The {what} is nested too deeply or holds too much to be one of ours.", hint="Is it the right file?")
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"The {what} is not valid JSON, or was cut off.", hint="Make it again, or check that it was copied whole."
        ) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
