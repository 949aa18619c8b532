"""Where all modes look: one zoom and one centre, in fractions of the first picture, so that other sizes stay aligned.

Lengths on the screen are device pixels, so that 1:1 is one pixel of the first picture on one pixel of the screen. A *frame* is
the first picture as it lies in a pane; every other picture is laid into the same frame.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

LARGEST = 16.0  # a pixel of the first picture is never drawn larger, unless the whole picture is smaller than the pane
SMOOTH_BELOW = 3.0  # from here on single pixels are what one wants to see
NOTCH = 1.25  # zoom of one notch of the wheel
STEPS = (1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
MIDDLE = QPointF(0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Apart:
    """How far one pane looks apart from the others: right and down in fractions of the first picture, and times larger."""

    x: float = 0.0
    y: float = 0.0
    larger: float = 1.0


TOGETHER = Apart()


class Viewport:
    """Zoom, centre, and what single panes look at apart. `pane` is the number of a pane, from 0.

    Every change is told to all that `listen`. While nothing is shown (`first` is empty), all questions have harmless answers.
    """

    def __init__(self) -> None:
        self._first = QSizeF(0, 0)
        self._area = QSizeF(1, 1)
        self._margin = QSizeF(0, 0)
        self._zoom: float | None = None  # None: fit
        self._centre = QPointF(MIDDLE)
        self._apart: dict[int, Apart] = {}
        self._linked = True
        self._listeners: list[Callable[[], None]] = []

    # ------------------------------------------------------------------------------------------------ what is

    @property
    def first(self) -> QSizeF:
        """Pixel size of the first picture as displayed; empty when nothing is shown."""
        return QSizeF(self._first)

    @property
    def fitted(self) -> bool:
        """The whole picture is shown, whatever the size of the pane."""
        return self._zoom is None

    @property
    def fit_zoom(self) -> float:
        """The zoom at which the first picture just fits into the smallest pane, its margin left free."""
        if self._first.isEmpty():
            return 1.0
        room = (self._area - self._margin * 2).expandedTo(self._area / 2)
        return min(room.width() / self._first.width(), room.height() / self._first.height())

    @property
    def zoom(self) -> float:
        """Screen pixels for one pixel of the first picture."""
        return self.fit_zoom if self._zoom is None else self._zoom

    @property
    def centre(self) -> QPointF:
        """What is in the middle of a pane, in fractions of the first picture."""
        return QPointF(MIDDLE) if self._zoom is None else QPointF(self._centre)

    @property
    def linked(self) -> bool:
        """All panes move together."""
        return self._linked

    @property
    def smooth(self) -> bool:
        """Enlarged pixels are blended rather than shown as squares."""
        return self.zoom <= SMOOTH_BELOW

    def apart(self, pane: int) -> Apart:
        """How far a pane looks apart from the others."""
        return self._apart.get(pane, TOGETHER)

    def listen(self, told: Callable[[], None]) -> None:
        """Have `told` called after every change."""
        self._listeners.append(told)

    # ------------------------------------------------------------------------------------------------ mapping

    def frame(self, area: QSizeF, pane: int = 0) -> QRectF:
        """Where the first picture would lie in a pane of this size, or lies, in its device pixels."""
        own = self.apart(pane)
        scale, centre = self.zoom * own.larger, self._looks_at(pane)
        size = self._first * scale
        left, top = area.width() / 2 - centre.x() * size.width(), area.height() / 2 - centre.y() * size.height()
        return QRectF(QPointF(left, top), size)

    def to_picture(self, place: QPointF, area: QSizeF, pane: int = 0) -> QPointF:
        """The point of the first picture under a place of a pane, in fractions; may lie outside 0..1."""
        frame = self.frame(area, pane)
        if frame.isEmpty():
            return QPointF(MIDDLE)
        return QPointF((place.x() - frame.x()) / frame.width(), (place.y() - frame.y()) / frame.height())

    def to_screen(self, point: QPointF, area: QSizeF, pane: int = 0) -> QPointF:
        """Inverse of `to_picture`."""
        frame = self.frame(area, pane)
        return QPointF(frame.x() + point.x() * frame.width(), frame.y() + point.y() * frame.height())

    def visible(self, area: QSizeF, pane: int = 0) -> QRectF:
        """The part of the first picture that a pane of this size shows, in fractions, within 0..1."""
        corners = self.to_picture(QPointF(0, 0), area, pane), self.to_picture(QPointF(area.width(), area.height()), area, pane)
        return QRectF(*corners).intersected(QRectF(0, 0, 1, 1))

    # ------------------------------------------------------------------------------------------------ showing

    def show(self, first: QSizeF, *, keep: bool = False) -> None:
        """Look at another first picture, whole, or with `keep` at the same place and zoom. Pixels as displayed."""
        if not keep:
            self._zoom = None
        if not keep or first != self._first:
            self._apart.clear()
        self._first = QSizeF(first)
        self._settle()

    def resize(self, area: QSizeF, margin: QSizeF | None = None) -> None:
        """Say the size of the smallest pane, and what stays free on each side of a picture that is shown whole."""
        margin = margin or QSizeF(0, 0)
        if (area, margin) != (self._area, self._margin) and not area.isEmpty():
            self._area, self._margin = QSizeF(area), QSizeF(margin)
            self._settle()

    def set_linked(self, linked: bool) -> None:
        """Let all panes move together again, or each on its own."""
        self._linked = linked
        if linked:
            self._apart.clear()
        self._settle()

    def join(self, pane: int) -> None:
        """Let a pane look where the others do."""
        if self._apart.pop(pane, None) is not None:
            self._settle()

    def exchange(self, one: int, other: int) -> None:
        """Two panes have changed places."""
        first, second = self.apart(one), self.apart(other)
        self._put_apart(one, second)
        self._put_apart(other, first)
        self._settle()

    # ------------------------------------------------------------------------------------------------ moving

    def fit(self) -> None:
        """Show the whole picture in every pane, together."""
        self._zoom = None
        self._apart.clear()
        self._settle()

    def zoom_to(self, zoom: float, at: QPointF | None = None, area: QSizeF | None = None, pane: int = 0) -> None:
        """Show the picture at a zoom; what is under the place `at` of the pane stays there where it can."""
        area = area or self._area
        place = at if at is not None else QPointF(area.width() / 2, area.height() / 2)
        point = self.to_picture(place, area, pane)
        smallest, largest = self._limits()
        zoom = min(max(zoom, smallest), largest)
        self._zoom = None if math.isclose(zoom, self.fit_zoom, rel_tol=1e-6) else zoom
        frame = self.frame(area, pane)
        self._centre = self._centre_for(point, place, area, frame.size(), self.apart(pane))
        self._settle()

    def zoom_by(self, factor: float, at: QPointF, area: QSizeF, pane: int = 0, *, alone: bool = False) -> None:
        """Zoom about a place of a pane; alone: this pane only."""
        if alone or not self._linked:
            self._zoom_alone(factor, at, area, pane)
        else:
            self.zoom_to(self.zoom * factor, at, area, pane)

    def step(self, by: int, at: QPointF | None = None, area: QSizeF | None = None, pane: int = 0) -> None:
        """To the next rounder zoom, larger (1) or smaller (-1); the fit is one of the steps."""
        steps = sorted({*STEPS, self.fit_zoom})
        slack = 1 + 1e-6
        larger, smaller = [s for s in steps if s > self.zoom * slack], [s for s in steps if s < self.zoom / slack]
        wanted = larger[0] if by > 0 and larger else smaller[-1] if by < 0 and smaller else self.zoom
        self.zoom_to(wanted, at, area, pane)

    def pan(self, right: float, down: float, pane: int = 0, *, alone: bool = False) -> None:
        """Move the picture under the panes by device pixels; alone: under this pane only."""
        if self._first.isEmpty():
            return
        own = self.apart(pane)
        x, y = (
            right / (self._first.width() * self.zoom * own.larger),
            down / (self._first.height() * self.zoom * own.larger),
        )
        if alone or not self._linked:
            self._put_apart(pane, replace(own, x=own.x - x, y=own.y - y))
        elif self._zoom is not None:
            self._centre -= QPointF(x, y)
        self._settle()

    def look_at(self, point: QPointF) -> None:
        """Bring a point of the first picture into the middle."""
        if self._zoom is not None:
            self._centre = QPointF(point)
            self._settle()

    # ------------------------------------------------------------------------------------------------ inside

    def _limits(self) -> tuple[float, float]:
        return min(self.fit_zoom, 1.0), max(LARGEST, self.fit_zoom)

    def _looks_at(self, pane: int) -> QPointF:
        own = self.apart(pane)
        return self.centre + QPointF(own.x, own.y)

    @staticmethod
    def _centre_for(point: QPointF, place: QPointF, area: QSizeF, frame: QSizeF, own: Apart) -> QPointF:
        """The common centre that brings `point` under `place` of a pane that looks `own` apart."""
        if frame.isEmpty():
            return QPointF(MIDDLE)
        x = point.x() - (place.x() - area.width() / 2) / frame.width()
        y = point.y() - (place.y() - area.height() / 2) / frame.height()
        return QPointF(x - own.x, y - own.y)

    def _zoom_alone(self, factor: float, at: QPointF, area: QSizeF, pane: int) -> None:
        point, own = self.to_picture(at, area, pane), self.apart(pane)
        smallest, largest = self._limits()
        larger = min(max(self.zoom * own.larger * factor, smallest), largest) / self.zoom
        frame = self._first * (self.zoom * larger)
        moved = self._centre_for(point, at, area, frame, Apart()) - self.centre
        self._put_apart(pane, Apart(moved.x(), moved.y(), larger))
        self._settle()

    def _put_apart(self, pane: int, apart: Apart) -> None:
        if apart == TOGETHER:
            self._apart.pop(pane, None)
        else:
            self._apart[pane] = apart

    def _settle(self) -> None:
        """Keep the picture in the panes, and tell everyone."""
        if not self._first.isEmpty():
            self._clamp()
        for told in self._listeners:
            told()

    def _clamp(self) -> None:
        if self._zoom is None:
            self._centre = QPointF(MIDDLE)
        else:
            smallest, largest = self._limits()
            self._zoom = min(max(self._zoom, smallest), largest)
            wide = self._area.width() / (self._first.width() * self._zoom)
            high = self._area.height() / (self._first.height() * self._zoom)
            self._centre = QPointF(_within(self._centre.x(), wide), _within(self._centre.y(), high))
        for pane, own in self._apart.items():
            x = min(max(self.centre.x() + own.x, 0.0), 1.0) - self.centre.x()
            y = min(max(self.centre.y() + own.y, 0.0), 1.0) - self.centre.y()
            self._apart[pane] = replace(own, x=x, y=y)


def _within(centre: float, shown: float) -> float:
    """A centre such that the `shown` part (in fractions) shows no more ground than it must."""
    return 0.5 if shown >= 1 else min(max(centre, shown / 2), 1 - shown / 2)
