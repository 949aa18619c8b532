"""Pixels for the screen: asks once for each picture, keeps what came in bounded memory, least recently used first out."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColorSpace, QImage, QPixmap

from engine.records import ImageReply
from imgfp_gui.controller import ReviewController

BUDGET_BYTES = 192 << 20
EDGES = (128, 512, 1024)
"""Sizes that are asked for, longest edge in device pixels. A few steps: a small change of the window reuses what is there."""


class Pictures(QObject):
    """Pixmaps by file and size. All in the window's thread.

    Signals
    -------
    arrived(int): the picture of a file came; views that show it repaint.
    """

    arrived = Signal(int)

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._kept: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self._bytes = 0
        self._waiting: dict[int, tuple[int, int]] = {}
        self._asked: set[tuple[int, int]] = set()
        self._failed: dict[tuple[int, int], str] = {}
        controller.image_ready.connect(self._take)
        controller.library_opened.connect(self.clear)

    def get(self, file_id: int, edge: float) -> QPixmap | None:
        """The picture, at least `edge` device pixels along its longer side where the file has them; None while it is on its way.

        A smaller one that is already there serves meanwhile.
        """
        wanted = (file_id, next((step for step in EDGES if step >= edge), EDGES[-1]))
        if wanted in self._kept:
            self._kept.move_to_end(wanted)
            return self._kept[wanted]
        if wanted not in self._asked and wanted not in self._failed:
            self._ask(wanted)
        return next((self._kept[file_id, step] for step in reversed(EDGES) if (file_id, step) in self._kept), None)

    @property
    def waiting(self) -> bool:
        """Some picture that was asked for is still on its way."""
        return bool(self._waiting)

    def trouble(self, file_id: int) -> str:
        """Why a picture cannot be shown, or nothing."""
        return next((self._failed[file_id, step] for step in EDGES if (file_id, step) in self._failed), "")

    def clear(self) -> None:
        """Forget everything: file numbers mean other files after a scan. Answers that are still on their way are dropped."""
        self._kept.clear()
        self._waiting.clear()
        self._asked.clear()
        self._failed.clear()
        self._bytes = 0

    def _ask(self, wanted: tuple[int, int]) -> None:
        token = self._controller.request_image(*wanted)
        if token is not None:
            self._waiting[token] = wanted
            self._asked.add(wanted)

    def _take(self, reply: ImageReply) -> None:
        wanted = self._waiting.pop(reply.token, None)
        if wanted is None:
            return
        self._asked.discard(wanted)
        if reply.pixels is None:
            self._failed[wanted] = reply.error
        else:
            self._keep(wanted, to_pixmap(reply))
        self.arrived.emit(reply.file)

    def _keep(self, wanted: tuple[int, int], pixmap: QPixmap) -> None:
        self._kept[wanted] = pixmap
        self._bytes += _cost(pixmap)
        while self._bytes > BUDGET_BYTES and len(self._kept) > 1:
            self._bytes -= _cost(self._kept.popitem(last=False)[1])


def to_pixmap(reply: ImageReply) -> QPixmap:
    """The pixels of an answer as a pixmap of its own. Raises ValueError when there are none."""
    if reply.pixels is None:
        raise ValueError("no pixels in this answer")
    height, width, _ = reply.pixels.shape
    image = QImage(reply.pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return QPixmap.fromImage(image.copy())


def _cost(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
