"""Pixels for the screen: workers of their own, so that looking is never behind a scan, a bounded memory of what was shown, and
small pictures on the disk.

Three lanes: one answers from memory and disk, one has pictures decoded at the sizes of lists and views, one in full. So a picture
of 24 megapixels on its way holds nothing up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from engine.config import Limits
from engine.errors import EngineError
from engine.jobs.errand import FileResult
from engine.jobs.image_lane import ImageLane, Wish, Wishes
from engine.jobs.lanes import Lane
from engine.jobs.shown_images import ShownImages
from engine.problems import problem_words
from engine.records import ImageReply, ImageRequest, StatFacts
from engine.store import thumbnails
from engine.store.thumbnails import SmallPicture, Thumbnails, thumbnail_key

FULL = 0
STORE_AT_ONCE = 16
"""Small pictures that are kept back until nothing waits, or so many came together: one step on the disk for all of them."""

Locate = Callable[[int], tuple[bytes, StatFacts] | None]


class ImageDesk:
    """Answers picture requests. `request` may be called from any thread.

    locate: file id to (path, state in the library), or None when the library has no such file. deliver: called from the desk's
    threads. small: the pictures on the disk; asked for when first needed.
    """

    def __init__(
        self, limits: Limits, locate: Locate, deliver: Callable[[ImageReply], None], small: Callable[[], Thumbnails]
    ) -> None:
        self._locate = locate
        self._deliver = deliver
        self._small = small
        self._quick = Lane()
        self._wishes = Wishes()
        self._views = ImageLane(limits, self._answer_shown, self._arrived, self._store)
        self._full = ImageLane(limits, self._answer_shown, self._arrived)
        self._shown = ShownImages()
        self._unstored: list[tuple[bytes, SmallPicture]] = []  # of the views' lane
        self._closed = threading.Event()

    def request(self, token: int, wanted: ImageRequest, *, ahead: bool = False) -> None:
        """Queue a request and return at once. ahead: serve it only when nothing else waits; it may be forgotten."""
        if not self._closed.is_set():
            self._wishes.add(Wish(token, wanted), ahead=ahead)
            self._quick.start(self._look)

    def drop_ahead(self) -> None:
        """Forget what waits to be read ahead; it is not answered."""
        self._wishes.drop(ahead_only=True)
        self._views.drop_ahead()
        self._full.drop_ahead()

    def close(self) -> None:
        """Drop what waits, stop the workers, keep what was decoded."""
        self._closed.set()
        self._wishes.drop()
        self._views.close()
        self._full.close()
        self._quick.wait()
        self._store()

    # ------------------------------------------------------------------------------------------------ quick lane

    def _look(self) -> None:
        taken = self._wishes.take()
        if taken is None or self._closed.is_set():
            return
        wish, ahead = taken
        located = self._locate(wish.wanted.file)
        if located is None:
            self._deliver(_nothing(wish, "This photo is no longer in the library."))
            return
        wish = replace(wish, path=located[0], stat=located[1])
        if not (self._answer_shown(wish) or self._answer_stored(wish)):
            (self._full if wish.wanted.edge == FULL else self._views).add(wish, ahead=ahead)

    def _answer_shown(self, wish: Wish) -> bool:
        shown = self._shown.get(_key(wish))
        if shown is not None:
            self._deliver(replace(shown, token=wish.token, file=wish.wanted.file))
        return shown is not None

    def _answer_stored(self, wish: Wish) -> bool:
        if not FULL < wish.wanted.edge <= thumbnails.EDGE:
            return False
        found = self._small().get(thumbnail_key(*_key(wish)))
        if found is None:
            return False
        self._keep(wish, ImageReply(wish.token, *_wanted(wish), found.pixels, found.full_size, preview=found.preview))
        return True

    # ------------------------------------------------------------------------------------------------ decoding lanes

    def _arrived(self, wish: Wish, result: FileResult | EngineError) -> None:
        if isinstance(result, EngineError):
            self._deliver(_nothing(wish, result.message))
        elif result.pixels is None:
            self._deliver(_nothing(wish, problem_words(result.code or "internal", wish.path)[0]))
        else:
            reply = ImageReply(wish.token, *_wanted(wish), result.pixels, result.full_size, preview=result.preview)
            self._keep(wish, reply)
            self._remember(wish, result, reply)

    def _keep(self, wish: Wish, reply: ImageReply) -> None:
        self._shown.put(_key(wish), reply)
        self._deliver(reply)

    def _remember(self, wish: Wish, result: FileResult, reply: ImageReply) -> None:
        """Have a small picture stored, if it is of the very file that the library knows."""
        same = result.stat is not None and wish.stat is not None and result.stat.same_file_state(wish.stat)
        if not (same and FULL < wish.wanted.edge <= thumbnails.EDGE) or reply.pixels is None:
            return
        self._unstored.append((thumbnail_key(*_key(wish)), SmallPicture(reply.pixels, reply.full_size, reply.preview)))
        if len(self._unstored) >= STORE_AT_ONCE:
            self._store()

    def _store(self) -> None:
        if self._unstored:
            kept, self._unstored = self._unstored, []
            self._small().put(kept)


def _key(wish: Wish) -> tuple[bytes, StatFacts, int]:
    assert wish.stat is not None
    return wish.path, wish.stat, wish.wanted.edge


def _wanted(wish: Wish) -> tuple[int, int]:
    return wish.wanted.file, wish.wanted.edge


def _nothing(wish: Wish, error: str) -> ImageReply:
    return ImageReply(wish.token, *_wanted(wish), None, error=error)
