"""Pixels for the screen: a worker of its own, so that looking is never behind a scan, and a bounded memory of what was shown."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from engine.config import MIB, Limits
from engine.jobs.lanes import Lane
from engine.jobs.pools import FileJob, Kind, Workers
from engine.records import ImageReply, ImageRequest

REMEMBERED_BYTES = 256 * MIB


class ImageDesk:
    """Answers picture requests, newest first, through one worker. `request` may be called from any thread.

    locate: file id to (path, bytes on disk), or None when the library has no such file. deliver: called from the desk's thread.
    """

    def __init__(
        self, limits: Limits, locate: Callable[[int], tuple[bytes, int] | None], deliver: Callable[[ImageReply], None]
    ) -> None:
        self._limits = limits
        self._locate = locate
        self._deliver = deliver
        self._lane = Lane()
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, ImageRequest]] = []
        self._workers: Workers | None = None
        self._shown = _Shown(REMEMBERED_BYTES)
        self._closed = False

    def request(self, token: int, wanted: ImageRequest) -> None:
        """Queue a request and return at once."""
        with self._lock:
            if self._closed:
                return
            self._waiting.append((token, wanted))
        self._lane.start(self._serve_newest)

    def forget(self) -> None:
        """File ids mean other files from now on."""
        self._shown.clear()

    def close(self) -> None:
        """Drop what waits, stop the worker."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        workers = self._workers
        if workers is not None:
            workers.cancel()
        self._lane.wait()
        if workers is not None:
            workers.close()
        self._workers = None

    def _serve_newest(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            token, wanted = self._waiting.pop()
        self._deliver(self._answer(token, wanted))

    def _answer(self, token: int, wanted: ImageRequest) -> ImageReply:
        located = self._locate(wanted.file)
        if located is None:
            return ImageReply(token, wanted.file, wanted.edge, None, error="not in the library")
        key = (*located, wanted.edge)
        known = self._shown.get(key)
        if known is not None:
            return ImageReply(token, wanted.file, wanted.edge, known.pixels, known.full_size)
        reply = self._decode(token, wanted, *located)
        if reply.pixels is not None:
            self._shown.put(key, reply)
        return reply

    def _decode(self, token: int, wanted: ImageRequest, path: bytes, size: int) -> ImageReply:
        if self._workers is None:
            self._workers = Workers(1, self._limits)
        self._workers.submit(FileJob(Kind.PIXELS, path, size, edge=wanted.edge, token=token))
        while not self._closed:
            result = self._workers.next_result(0.25)
            if result is not None:
                return ImageReply(token, wanted.file, wanted.edge, result.pixels, result.full_size, result.message or "")
        return ImageReply(token, wanted.file, wanted.edge, None, error="closed")


class _Shown:
    """Least recently used pictures, bounded in bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[tuple[bytes, int, int], ImageReply] = OrderedDict()

    def get(self, key: tuple[bytes, int, int]) -> ImageReply | None:
        reply = self._kept.get(key)
        if reply is not None:
            self._kept.move_to_end(key)
        return reply

    def put(self, key: tuple[bytes, int, int], reply: ImageReply) -> None:
        assert reply.pixels is not None
        self._kept[key] = reply
        self._size += reply.pixels.nbytes
        while self._size > self._limit and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._size -= old.pixels.nbytes if old.pixels is not None else 0

    def clear(self) -> None:
        self._kept.clear()
        self._size = 0
