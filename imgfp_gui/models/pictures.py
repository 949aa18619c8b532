"""Pixels for the screen: asks once for each picture, keeps what came in bounded memory, reads ahead of the eye.

An image lies over the pixels that the session gave; nothing is copied or converted in the window's thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from engine.records import Cluster, ImageReply
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.shelf import Shelf

STEPS = (128, 256, 512, 1024, 2048)
"""Sizes that are asked for, longest edge in device pixels. A few steps: a small change of the window reuses what is there."""

FULL = 0
STEPS_BYTES = 192 << 20
FULL_BYTES = 640 << 20
CLUSTERS_AHEAD, UNITS_AHEAD = 3, 12
AHEAD_MS = 30  # what is on the screen is asked for first


@dataclass(frozen=True, slots=True)
class _Wish:
    """A picture on its way."""

    file: int
    step: int
    ahead: bool


class Pictures(QObject):
    """Images by file and size. All in the window's thread.

    Signals
    -------
    arrived(int): a picture of a file came, or the news that it cannot; views that show it repaint.
    """

    arrived = Signal(int)

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._small, self._full = Shelf(STEPS_BYTES), Shelf(FULL_BYTES)
        self._waiting: dict[int, _Wish] = {}
        self._asked: dict[tuple[int, int], int] = {}
        self._failed: dict[tuple[int, int], str] = {}
        self._sizes: dict[int, tuple[int, int]] = {}
        self._previews: set[int] = set()
        self._unit_of: dict[int, int] = {}
        self._used: dict[int, set[int]] = {}
        self._used_before: dict[int, set[int]] = {}
        self._later: dict[tuple[int, int], None] = {}
        self._ahead = QTimer(self, singleShot=True, interval=AHEAD_MS)
        self._ahead.timeout.connect(self._read_on)
        controller.image_ready.connect(self._take)
        controller.library_opened.connect(self.clear)
        controller.cluster_selected.connect(self._follow)

    # ------------------------------------------------------------------------------------------------ what is there

    def get(self, file_id: int, edge: float) -> QImage | None:
        """The picture, at least `edge` device pixels along its longer side where the file has them; None while it is on its way.

        The best one that is already there serves meanwhile.
        """
        step = next((step for step in STEPS if step >= edge), FULL)
        unit = self._unit_of.get(file_id)
        if unit is not None and step != FULL:
            self._used.setdefault(unit, set()).add(step)
        found = self._kept(file_id, step)
        if found is not None:
            return found
        self._ask(file_id, step)
        return self._best(file_id)

    def full(self, file_id: int) -> QImage | None:
        """All pixels of a file, None while they are on their way."""
        found = self._kept(file_id, FULL)
        if found is None:
            self._ask(file_id, FULL)
        return found

    def size(self, file_id: int) -> tuple[int, int]:
        """Width and height as displayed, (0, 0) when unknown."""
        if file_id in self._sizes:
            return self._sizes[file_id]
        view = self._controller.file(file_id)
        return (view.width, view.height) if view and view.width and view.height else (0, 0)

    def is_preview(self, file_id: int) -> bool:
        """What is shown of a RAW file is the preview in it."""
        return file_id in self._previews

    def trouble(self, file_id: int) -> str:
        """Why a picture cannot be shown, or nothing."""
        return next((text for (file, _), text in self._failed.items() if file == file_id), "")

    @property
    def waiting(self) -> bool:
        """Some picture that a view asked for is still on its way."""
        return any(not wish.ahead for wish in self._waiting.values())

    def clear(self) -> None:
        """Forget everything: file numbers mean other files. Answers that are still on their way are dropped."""
        for store in (self._small, self._full):
            store.clear()
        for table in (self._waiting, self._asked, self._failed, self._sizes, self._unit_of, self._used, self._later):
            table.clear()
        self._previews.clear()

    def _kept(self, file: int, step: int) -> QImage | None:
        """What is there of at least this step, or of all pixels where the file has no more."""
        if step != FULL:
            for larger in (other for other in STEPS if step <= other <= 4 * step):  # to paint small from large is slow
                found = self._small.get((file, larger))
                if found is not None:
                    return found
        else:
            found = self._full.get((file, FULL))
            if found is not None:
                return found
        best = self._best(file)
        return best if best is not None and max(self._sizes.get(file, (0, 0))) == max(best.width(), best.height()) else None

    def _best(self, file: int) -> QImage | None:
        for step in reversed(STEPS):
            found = self._small.get((file, step))
            if found is not None:
                return found
        return self._full.get((file, FULL))

    # ------------------------------------------------------------------------------------------------ asking

    def _ask(self, file: int, step: int, *, ahead: bool = False) -> None:
        place = (file, step)
        if place in self._failed or (place in self._asked and (ahead or not self._waiting[self._asked[place]].ahead)):
            return
        token = self._controller.request_image(file, step, ahead=ahead)
        if token is not None:
            self._waiting.pop(self._asked.get(place, -1), None)  # it was asked for ahead, now it is urgent
            self._waiting[token] = _Wish(file, step, ahead)
            self._asked[place] = token

    def _take(self, reply: ImageReply) -> None:
        wish = self._waiting.pop(reply.token, None)
        if wish is None:
            return
        place = (wish.file, wish.step)
        self._asked.pop(place, None)
        if reply.pixels is None:
            self._failed[place] = reply.error
        else:
            (self._full if wish.step == FULL else self._small).put(place, image_of(reply))
            self._sizes[wish.file] = reply.full_size
            (self._previews.add if reply.preview else self._previews.discard)(wish.file)
        self.arrived.emit(wish.file)
        if not self.waiting:
            self._ahead.start()

    # ------------------------------------------------------------------------------------------------ reading ahead

    def read_ahead(self, files: Iterable[int], edge: int) -> None:
        """Have pictures ready that may be wanted next; they wait for everything that is on the screen."""
        step = next((step for step in STEPS if step >= edge), FULL)
        self._later.update(dict.fromkeys((file, step) for file in files))
        self._ahead.start()

    def _follow(self, cluster: Cluster | None) -> None:
        """Another cluster: what was read ahead of the one before is not waited for any more."""
        faces = {unit[0]: n for n, unit in enumerate(cluster.units)} if cluster else {}
        if faces == self._unit_of:
            return
        self._unit_of, self._used, self._used_before = faces, {}, self._used or self._used_before
        self._later.clear()
        dropped = [token for token, wish in self._waiting.items() if wish.ahead]
        if dropped:
            self._controller.session.drop_ahead()
        for token in dropped:
            wish = self._waiting.pop(token)
            self._asked.pop((wish.file, wish.step), None)
        self._ahead.start()

    def _read_on(self) -> None:
        """What a view will want next, then the next clusters of the queue at the sizes that the views used for this one."""
        if self.waiting:
            return
        for file, step in (*self._later, *self._of_next_clusters()):
            if self._kept(file, step) is None:
                self._ask(file, step, ahead=True)
        self._later.clear()

    def _of_next_clusters(self) -> list[tuple[int, int]]:
        used, controller = self._used or self._used_before, self._controller
        if not used:
            return []
        clusters = controller.snapshot.clusters
        key = controller.cluster.key if controller.cluster else None
        return [
            (unit[0], step)
            for row in controller.queue.ahead(key, CLUSTERS_AHEAD)
            for n, unit in enumerate(clusters[row].units[:UNITS_AHEAD])
            for step in sorted(used.get(n, used[max(used)]))
        ]


def image_of(reply: ImageReply) -> QImage:
    """An image over the pixels of an answer, which live as long as it does. Raises ValueError when there are none."""
    if reply.pixels is None:
        raise ValueError("no pixels in this answer")
    height, width, _ = reply.pixels.shape
    return QImage(reply.pixels.data, width, height, reply.pixels.strides[0], QImage.Format.Format_RGB32)
