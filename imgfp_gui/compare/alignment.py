"""Where each photo lies in the frame of the first one: all over it, or a crop where it was cut out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF

from engine.records import Edit, PairView
from imgfp_gui.compare.laid import WHOLE, Laid, part_for
from imgfp_gui.compare.stage import Stage
from imgfp_gui.models.members import Member
from imgfp_gui.parts.painting import upright

SLACK = 0.03  # of the frame: the matcher finds the edges of a crop on a small copy


def crop_of(stage: Stage, first: Member, other: Member) -> QRectF | None:
    """The part of the first photo that the other was cut from, as shown; None when it is no crop of it."""
    if other.file == first.file:
        return None
    pair = stage.controller.pair(first.file, other.file)
    return crop_part(pair, other, stage.displayed(first), stage.displayed(other))


def lay(stage: Stage, first: Member, other: Member, crop: QRectF | None) -> Laid:
    """How a photo lies beside the first one, which may be itself. crop: of `crop_of`, to lay it where it was cut out."""
    part = crop if crop is not None else part_for(stage.displayed(first), stage.displayed(other))
    return Laid(other.file, other.turn, other.mirror, part, crop is not None)


def crop_part(pair: PairView | None, other: Member, frame: QSizeF, size: QSizeF) -> QRectF | None:
    """The part of the first photo that `other` was cut from, as shown; None when it is no crop of it.

    The shape is the crop's own, so that it is not drawn out of shape by what the matcher could not see.
    """
    if pair is None or Edit.CROP.label not in pair.edits:
        return None
    left, top, right, bottom = pair.box
    box = upright(other.turn, other.mirror).mapRect(QRectF(left, top, right - left, bottom - top))
    if box.isEmpty() or not WHOLE.adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(box):
        return None
    wide, high = box.width() * frame.width(), box.height() * frame.height()
    stretch = ((size.width() / size.height()) / (wide / high)) ** 0.5
    part = QRectF(0, 0, box.width() * stretch, box.height() / stretch)
    part.moveCenter(box.center())
    return part
