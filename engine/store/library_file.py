"""One file that holds many arrays: a whole library as it was left, mapped when it is opened again.

A page of header, a description in JSON, then the arrays one after the other, each with its own check sum. Written under another
name and published whole; whatever does not agree to the last bit is damage. Nothing in it is ever run or unpickled.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from engine.store.files import DamageError, create_new, flush, open_own, publish, read_at, write_at

MAGIC = b"IMGFPLIB"
VERSION = 1
SUFFIX = ".library"
_HEAD = struct.Struct("<8sIQQ32s")  # magic, version, bytes of the description, bytes of the file, digest of the description
_ALIGN = 64
_MOST_DESCRIPTION = 16 << 20
_SUM_BYTES = 16

Arrays = Mapping[str, NDArray[Any]]


def write_library(path: Path, about: Mapping[str, Any], arrays: Arrays) -> None:
    """Replace the file as a whole. about: plain JSON values. Raises OSError, DamageError; then the old one is still there."""
    blocks = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    listed, at = {}, 0
    for name, array in blocks.items():
        data = _bytes_of(array)
        listed[name] = [_described(array.dtype), list(array.shape), at, len(data), _sum(data)]
        at += -(-len(data) // _ALIGN) * _ALIGN
    description = json.dumps({"about": dict(about), "arrays": listed}, ensure_ascii=True, allow_nan=False).encode("ascii")
    start = _start(len(description))
    made = path.with_name(path.name + ".new")
    descriptor = create_new(made)
    try:
        os.ftruncate(descriptor, start + at)
        head = _HEAD.pack(MAGIC, VERSION, len(description), start + at, blake3(description).digest())
        write_at(descriptor, head + description, 0)
        for name, array in blocks.items():
            if array.size:
                write_at(descriptor, _bytes_of(array), start + listed[name][2])
        flush(descriptor)
    finally:
        os.close(descriptor)
    publish(made, path)


def read_library(path: Path, *, mapped: bool) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What is kept about the library, and its arrays (to be written to at will: the file stays as it is).

    Raises DamageError for anything that is not exactly what was written, FileNotFoundError, OSError.
    """
    descriptor = open_own(path, os.O_RDONLY)
    try:
        size = os.fstat(descriptor).st_size
        page = bytearray(_HEAD.size)
        if size < _HEAD.size or not read_at(descriptor, memoryview(page), 0):
            raise DamageError(path, "ends early")
        magic, version, length, whole, digest = _HEAD.unpack(page)
        if magic != MAGIC or version != VERSION:
            raise DamageError(path, "has a format that is not known")
        if whole != size or length > _MOST_DESCRIPTION or _start(length) > size:
            raise DamageError(path, "has the wrong length")
        description = bytearray(length)
        if not read_at(descriptor, memoryview(description), _HEAD.size) or blake3(description).digest() != digest:
            raise DamageError(path, "is damaged")
        body = _body(descriptor, path, size, mapped=mapped)
    finally:
        os.close(descriptor)
    try:
        found = json.loads(description)
        about, listed = found["about"], found["arrays"]
        arrays = {name: _array(body, _start(length), entry, path) for name, entry in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise DamageError(path, "has a description that is not ours") from error
    if not isinstance(about, dict):
        raise DamageError(path, "has a description that is not ours")
    return about, arrays


def _body(descriptor: int, path: Path, size: int, *, mapped: bool) -> memoryview:
    if mapped:
        return memoryview(mmap.mmap(descriptor, size, access=mmap.ACCESS_COPY))
    body = bytearray(size)
    if not read_at(descriptor, memoryview(body), 0):
        raise DamageError(path, "ends early")
    return memoryview(body)


def _array(body: memoryview, start: int, entry: list[Any], path: Path) -> NDArray[Any]:
    described, shape, at, length, told = entry
    numbers = (at, length, *shape)
    if not all(type(number) is int and 0 <= number <= len(body) for number in numbers) or start + at + length > len(body):
        raise DamageError(path, "has the wrong length")
    data = body[start + at : start + at + length]
    dtype = np.dtype([tuple(field) for field in described] if isinstance(described, list) else described)
    if dtype.hasobject or dtype.itemsize * int(np.prod(shape, dtype=object)) != length:
        raise DamageError(path, "has the wrong length")
    if _sum(data) != told:
        raise DamageError(path, "is damaged")
    return np.frombuffer(data, dtype).reshape(shape) if length else np.empty(shape, dtype)


def _described(dtype: np.dtype[Any]) -> Any:
    return dtype.descr if dtype.names else dtype.str


def _bytes_of(array: NDArray[Any]) -> memoryview:
    return array.reshape(-1).view(np.uint8).data if array.size else memoryview(b"")


def _sum(data: memoryview) -> str:
    found: str = blake3(data, max_threads=blake3.AUTO).hexdigest(_SUM_BYTES)
    return found


def _start(description: int) -> int:
    return -(-(_HEAD.size + description) // _ALIGN) * _ALIGN
