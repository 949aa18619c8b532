"""Where files begin on a spinning disk, so that its heads need not run to and fro. A hint only: nobody waits for it."""

from __future__ import annotations

import os
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence

from engine.errors import DecodeError
from engine.jobs.library import LibraryFile
from engine.jobs.opening import open_for_reading
from engine.wire import Kind

Item = tuple[Kind, LibraryFile]
Place = Callable[[bytes], int | None]

FIRST = 64
"""So many files are read by inode before the first answer is looked for."""

WINDOW = 2048
"""So many files are sorted at a time."""

_FIEMAP = 0xC020660B
_HEAD = struct.Struct("=QQIIII")
_EXTENT = struct.Struct("=QQQQQIIII")
_NOWHERE = 0x1 << 1 | 0x1 << 2 | 0x1 << 8 | 0x1 << 9  # unknown, not yet written, not aligned, inside the inode


def first_block(path: bytes) -> int | None:
    """Byte on the disk where the file begins; None where the system does not tell. Nothing of the file is read."""
    if not sys.platform.startswith("linux"):
        return None
    import fcntl

    try:
        descriptor, _ = open_for_reading(path)
    except DecodeError:
        return None
    try:
        request = bytearray(_HEAD.pack(0, (1 << 64) - 1, 0, 0, 1, 0) + bytes(_EXTENT.size))
        fcntl.ioctl(descriptor, _FIEMAP, request)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    if _HEAD.unpack_from(request)[3] != 1:
        return None
    _, physical, _, _, _, flags, _, _, _ = _EXTENT.unpack_from(request, _HEAD.size)
    return None if flags & _NOWHERE else int(physical)


class Sorting:
    """Sorts one window of files by their place on the disk, in a thread of its own: a disk that fails may hold it for long."""

    def __init__(self, items: Sequence[Item], place: Place) -> None:
        self.items = list(items)
        self.result: list[Item] | None = None  # None while it is not known
        self._place = place
        threading.Thread(target=self._sort, name="disk-order", daemon=True).start()

    def _sort(self) -> None:
        """Files whose place is not told stay behind their neighbour by inode."""
        keyed: list[tuple[int, int]] = []
        last = -1
        for number, (_, file) in enumerate(self.items):
            place = self._place(file.path)
            last = last if place is None else place
            keyed.append((last, number))
        self.result = [self.items[number] for _, number in sorted(keyed)]


class Untried:
    """Files that wait for their first turn, in reading order.

    place: where a file begins on a disk whose heads have a way to go; the next window is then sorted by it while one is read, and
    read as it is when that comes too late. None: they are read in the order in which they came.
    """

    def __init__(self, place: Place | None = None) -> None:
        self._place = place
        self._next: deque[Item] = deque()
        self._behind: deque[Item] = deque()
        self._sorting: Sorting | None = None

    def __len__(self) -> int:
        return len(self._next) + len(self._behind) + (len(self._sorting.items) if self._sorting else 0)

    def append(self, item: Item) -> None:
        """Have it read after all that wait."""
        (self._next if self._place is None or len(self) < FIRST else self._behind).append(item)

    def put_back(self, items: Sequence[Item]) -> None:
        """These are the next ones after all."""
        self._next.extendleft(reversed(items))

    def pop(self) -> Item:
        """The next file. Raises IndexError when none waits."""
        if self._place is not None and len(self._next) <= FIRST:
            self._go_on(self._place)
        return self._next.popleft()

    def _go_on(self, place: Place) -> None:
        if self._sorting is not None:
            order = self._sorting.result
            if order is None and self._next:
                return
            self._next.extend(self._sorting.items if order is None else order)
            self._sorting = None
        if self._behind:
            window = [self._behind.popleft() for _ in range(min(WINDOW, len(self._behind)))]
            self._sorting = Sorting(window, place)
            if not self._next:
                self._go_on(place)

    def drain(self) -> list[Item]:
        """All that wait; none waits any more."""
        every = [*self._next, *(self._sorting.items if self._sorting else ()), *self._behind]
        self._next.clear()
        self._behind.clear()
        self._sorting = None
        return every
