"""Images in bounded memory, the least recently used first out."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtGui import QImage


class Shelf:
    """budget: bytes of pixels. The newest image always stays, however large."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self.bytes = 0

    def get(self, place: tuple[int, int]) -> QImage | None:
        """The image at (file, step), which counts as used now."""
        image = self._images.get(place)
        if image is not None:
            self._images.move_to_end(place)
        return image

    def put(self, place: tuple[int, int], image: QImage) -> None:
        """Keep an image, and let go what was not used for longest."""
        before = self._images.pop(place, None)
        self.bytes += image.sizeInBytes() - (before.sizeInBytes() if before is not None else 0)
        self._images[place] = image
        while self.bytes > self._budget and len(self._images) > 1:
            self.bytes -= self._images.popitem(last=False)[1].sizeInBytes()

    def clear(self) -> None:
        """Let go of everything."""
        self._images.clear()
        self.bytes = 0

    def __contains__(self, place: object) -> bool:
        return place in self._images

    def __len__(self) -> int:
        return len(self._images)
