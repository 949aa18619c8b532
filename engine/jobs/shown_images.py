"""The pictures that were shown last, bounded in bytes, least recently used out."""

from __future__ import annotations

import threading
from collections import OrderedDict

from engine.config import MIB
from engine.records import ImageReply, StatFacts

LIMIT_BYTES = 384 * MIB
"""Four pictures of 24 megapixels, or some hundred for side-by-side views."""

Key = tuple[bytes, StatFacts, int]
"""Raw path, the state of the file in the library, and the longest side asked for."""


class ShownImages:
    """Thread-safe. A picture that is larger than the whole room is not kept."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit_bytes
        self._size = 0
        self._kept: OrderedDict[Key, ImageReply] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Bytes of all pixels that are kept."""
        return self._size

    def get(self, key: Key) -> ImageReply | None:
        """The reply that was kept under this key."""
        with self._lock:
            reply = self._kept.get(key)
            if reply is not None:
                self._kept.move_to_end(key)
            return reply

    def put(self, key: Key, reply: ImageReply) -> None:
        """Keep a reply that has pixels."""
        size = _bytes_of(reply)
        with self._lock:
            before = self._kept.pop(key, None)
            self._size -= _bytes_of(before) if before is not None else 0
            if size > self._limit:
                return
            self._kept[key] = reply
            self._size += size
            while self._size > self._limit:
                _, old = self._kept.popitem(last=False)
                self._size -= _bytes_of(old)


def _bytes_of(reply: ImageReply) -> int:
    return reply.pixels.nbytes if reply.pixels is not None else 0
