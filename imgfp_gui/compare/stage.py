"""What every compare mode is given: the controller, the pictures, the members of the cluster, and where all of them look."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSizeF

from imgfp_gui.compare.scenery import Scenery
from imgfp_gui.compare.viewport import Viewport
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.members import Member, MembersModel
from imgfp_gui.models.pictures import Pictures

USUAL_SHAPE = QSizeF(3000, 2000)  # of a picture whose size is not known: it leaves a frame in which to say why


@dataclass(frozen=True, slots=True)
class Stage:
    """Shared by all modes, so that a change of mode changes nothing else."""

    controller: ReviewController
    pictures: Pictures
    members: MembersModel
    viewport: Viewport
    scenery: Scenery

    def displayed(self, member: Member) -> QSizeF:
        """Pixel size of a photo as it is shown: turned to lie like the first one of its cluster."""
        width, height = self.pictures.size(member.file)
        size = QSizeF(width, height) if width and height else QSizeF(USUAL_SHAPE)
        return size.transposed() if member.turn % 180 else size
