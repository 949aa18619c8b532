"""How the brightness of a photo is spread, for the small curves among the facts. Counted beside the window's thread."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage

from imgfp_gui.models.pictures import Pictures

BINS = 52
EDGE = 256  # enough to count by; the preview of this step is asked for anyway
KEPT = 64  # photos; a kilobyte each
WEIGHTS = (19, 183, 54)  # blue, green, red of Rec. 709, 256 in all


@dataclass(frozen=True, slots=True)
class Spread:
    """shares: float32 (BINS,), 0..1, dark first; 1 is the fullest bin between the ends. mean: average brightness, 0..1."""

    shares: NDArray[np.float32]
    mean: float


def spread_of(image: QImage) -> Spread:
    """Counts the pixels. A clipped sky at one end does not flatten all the rest."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)
    luma = (pixels[..., :3] @ np.array(WEIGHTS, dtype=np.uint16)) >> 8
    counts = np.bincount(luma.ravel().astype(np.int64) * BINS // 256, minlength=BINS)[:BINS]
    fullest = max(int(counts[1:-1].max()), int(counts.max()) // 8, 1)
    return Spread(np.minimum(counts / fullest, 1.0).astype(np.float32), float(luma.mean()) / 255)


class Luma(QObject):
    """The spreads of photos, by file. All in the window's thread but the counting.

    Signals
    -------
    changed(int): the spread of a file came.
    """

    changed = Signal(int)
    _counted = Signal(object, object)

    def __init__(self, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._kept: OrderedDict[int, Spread] = OrderedDict()
        self._wanted: set[int] = set()
        self._library = object()  # stands for what file numbers mean; another one makes late answers void
        self._counted.connect(self._take, Qt.ConnectionType.QueuedConnection)
        pictures.arrived.connect(self._arrived)

    def get(self, file_id: int) -> Spread | None:
        """The spread of a photo, None until its preview was counted; `changed` tells when."""
        if file_id in self._kept:
            self._kept.move_to_end(file_id)
            return self._kept[file_id]
        if file_id not in self._wanted:
            self._wanted.add(file_id)
            self._arrived(file_id)
        return None

    def clear(self) -> None:
        """Forget everything: file numbers mean other files from now on."""
        self._kept.clear()
        self._wanted.clear()
        self._library = object()

    def _arrived(self, file_id: int) -> None:
        if file_id not in self._wanted:
            return
        image = self._pictures.get(file_id, EDGE)
        if image is None or image.isNull():
            return
        self._wanted.discard(file_id)
        # A copy, for the shared pixels may be dropped while they are counted; a larger one is thinned out, not smoothed.
        large = max(image.width(), image.height()) > EDGE
        aspect, fast = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
        copy = image.scaled(EDGE, EDGE, aspect, fast) if large else image.copy()
        QThreadPool.globalInstance().start(_Count(self, (self._library, file_id), copy))

    def _take(self, which: tuple[object, int], counted: Spread) -> None:
        library, file_id = which
        if library is not self._library:
            return
        self._kept[file_id] = counted
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.changed.emit(file_id)


class _Count(QRunnable):
    """One photo, in a thread of the pool."""

    def __init__(self, luma: Luma, which: tuple[object, int], image: QImage) -> None:
        super().__init__()
        self._luma = luma
        self._which = which
        self._image = image

    def run(self) -> None:
        counted = spread_of(self._image)
        try:
            self._luma._counted.emit(self._which, counted)
        except RuntimeError:
            pass  # the window closed meanwhile
