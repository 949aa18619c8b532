"""The photos of one cluster, compared: modes that show the same place of each, over one viewport. No mode knows another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from imgfp_gui.compare.side_by_side import SideBySide
from imgfp_gui.compare.stage import Stage
from imgfp_gui.compare.survey import Survey


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to look at a cluster. id: as the controller names it. command: the id of the command that chooses it.

    make: builds its widget on the shared stage. zooms: it looks through the viewport, so that fit and 1:1 make sense.
    """

    id: str
    command: str
    make: Callable[[Stage], QWidget]
    zooms: bool


MODES: tuple[Mode, ...] = (
    Mode("grid", "view.grid", Survey, False),
    Mode("side", "view.side", SideBySide, True),
)
"""Every mode there is, in the order of its buttons."""
