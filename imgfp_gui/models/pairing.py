"""Which two photos the facts and reasons are about: the best one and the active one, or what stands in the panes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.records import Cluster, PairView
from imgfp_gui.controller import ReviewController

LETTERS = "ABCD"
SAME_SCORE = 5e-5  # scores are told with four decimals


@dataclass(frozen=True, slots=True)
class Pairing:
    """No, one or two photos of a cluster. units: their places in it; files: the face of each; tags: what they are called.

    library: what the file ids belong to.
    """

    units: tuple[int, ...] = ()
    files: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    library: int = 0


def pairing(cluster: Cluster | None, photo: int, panes: Sequence[int], mode: str, library: int = 0) -> Pairing:
    """The pairing in force. photo: active unit; panes: units side by side; mode: ``grid`` or ``side``.

    Side by side it is the first pane and the active one, else the second; in the grid the first photo and the active one, else
    the second.
    """
    count = len(cluster.units) if cluster else 0
    shown = [unit for unit in panes if unit < count] if mode == "side" else []
    if not cluster or not count:
        return Pairing(library=library)
    among = shown or range(count)
    first = among[0]
    second = photo if photo in among and photo != first else among[1] if len(among) > 1 else None
    units = (first,) if second is None else (first, second)
    tags = tuple(LETTERS[shown.index(unit)] if shown else str(unit + 1) for unit in units)
    return Pairing(units, tuple(cluster.units[unit][0] for unit in units), tags, library)


def between(units: Sequence[Sequence[int]], links: Iterable[PairView], line: float, first: int, second: int) -> tuple[int, ...]:
    """The units by which two units of a cluster hang together: as few links as can be, from the first to the second.

    Empty when they are linked themselves, or by nothing that is known.
    """
    unit_of = {file: place for place, unit in enumerate(units) for file in unit}
    beside: dict[int, list[int]] = {}
    for link in links:
        a, b = unit_of.get(link.a), unit_of.get(link.b)
        if a is not None and b is not None and link.score >= line - SAME_SCORE:
            beside.setdefault(a, []).append(b)
            beside.setdefault(b, []).append(a)
    came_from, waiting = {first: first}, deque([first])
    while waiting and second not in came_from:
        unit = waiting.popleft()
        for other in beside.get(unit, ()):
            if other not in came_from:
                came_from[other] = unit
                waiting.append(other)
    way, unit = [], came_from.get(second, first)
    while unit != first:
        way.append(unit)
        unit = came_from[unit]
    return tuple(reversed(way))


class PairingFollower(QObject):
    """Tells when the pairing becomes another.

    Signals
    -------
    changed(): `current` is another one, or its cluster has changed.
    """

    changed = Signal()

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.current = Pairing()
        self.pair: PairView | None = None  # how alike the two are; None for fewer, or when nothing is known
        controller.cluster_selected.connect(lambda _: self._look(always=True))
        for signal in (controller.photo_selected, controller.panes_changed, controller.mode_changed):
            signal.connect(lambda _: self._look())

    def _look(self, *, always: bool = False) -> None:
        it = self._controller
        now = pairing(it.cluster, it.photo, it.panes, it.mode, it.snapshot.library)
        if always or now != self.current:
            self.current = now
            self.pair = it.pair(*now.files) if len(now.files) == 2 else None
            self.changed.emit()
