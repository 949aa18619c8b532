"""Sequences over the columns of a saved library: paths and shots become objects when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from engine.records import Role, Shot

Ints = NDArray[np.int64]


class BlobPaths(Sequence[bytes]):
    """Raw paths one after the other. starts: where each begins, one entry more than there are paths."""

    def __init__(self, blob: NDArray[np.uint8], starts: Ints) -> None:
        self.blob = blob
        self.starts = starts
        self._view = np.ascontiguousarray(blob).data if len(blob) else memoryview(b"")

    @staticmethod
    def of(paths: Sequence[bytes]) -> BlobPaths:
        """These paths as columns."""
        if isinstance(paths, BlobPaths):
            return paths
        starts = np.zeros(len(paths) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, paths), np.int64, len(paths)), out=starts[1:])
        return BlobPaths(np.frombuffer(b"".join(paths), np.uint8), starts)

    def same_as(self, paths: Sequence[bytes]) -> bool:
        """Exactly these paths, in this order."""
        other = BlobPaths.of(paths)
        return np.array_equal(self.starts, other.starts) and self._view == other._view

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...

    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            if step != 1 or start >= stop:
                return [self[one] for one in range(start, stop, step)]
            edges, view = self.starts[start : stop + 1].tolist(), self._view
            return [bytes(view[a:b]) for a, b in pairwise(edges)]
        place = range(len(self))[place]
        return bytes(self._view[self.starts.item(place) : self.starts.item(place + 1)])

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self), 4096):
            yield from self[start : start + 4096]


class ShotColumns(Sequence[Shot]):
    """Shots one after the other. files, roles: of all their files; starts: where each begins, one more than there are shots."""

    def __init__(self, files: Ints, roles: NDArray[np.uint8], starts: Ints) -> None:
        self.files, self.roles, self.starts = files, roles, starts

    @staticmethod
    def of(shots: Sequence[Shot]) -> ShotColumns:
        """These shots as columns."""
        if isinstance(shots, ShotColumns):
            return shots
        starts = np.zeros(len(shots) + 1, np.int64)
        np.cumsum(np.fromiter((len(shot.files) for shot in shots), np.int64, len(shots)), out=starts[1:])
        files = np.fromiter((file for shot in shots for file in shot.files), np.int64, int(starts[-1]))
        roles = np.fromiter((role for shot in shots for role in shot.roles), np.uint8, int(starts[-1]))
        return ShotColumns(files, roles, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> Shot: ...

    @overload
    def __getitem__(self, place: slice) -> list[Shot]: ...

    def __getitem__(self, place: int | slice) -> Shot | list[Shot]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        inside = slice(self.starts.item(place), self.starts.item(place + 1))
        return Shot(tuple(self.files[inside].tolist()), tuple(map(Role, self.roles[inside].tolist())))
