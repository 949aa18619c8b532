"""What can lie on a photo: the part that a crop of it shows, the frame that a crop was cut from, and a few lines of facts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from imgfp_gui import theme
from imgfp_gui.compare.laid import Laid
from imgfp_gui.models import moments, names, words
from imgfp_gui.models.members import Member
from imgfp_gui.parts.badge import badge_size, draw_badge, on_photo

TAG_GAP = 2
OUTLINE_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Outline:
    """A part of the photo that another one shows, in fractions of the frame, with the other's letter."""

    part: QRectF
    letter: str


def facts_over(member: Member) -> tuple[str, ...]:
    """Name, pixels and bytes, camera and exposure, moment and folder; what is unknown is left out."""
    view = member.view
    if view is None:
        return ()
    lines = (
        (member.name,),
        (words.pixels(view.width, view.height), words.size(view.size), (view.format or "").upper()),
        (view.camera, view.exposure),
        (moments.whole(moments.from_camera(view.taken)), names.short_path(names.folder(view.path_bytes))),
    )
    return tuple(text for text in (" · ".join(part for part in line if part) for line in lines) if text)


def paint_frame(painter: QPainter, frame: QRectF, tokens: theme.Tokens) -> None:
    """The frame of the first photo round one that shows a part of it. All in device pixels."""
    pen = QPen(QColor(tokens.edge), 1)
    pen.setCosmetic(True)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame.toRect().adjusted(0, 0, -1, -1))


def paint_outline(painter: QPainter, frame: QRectF, outline: Outline, ratio: float, tokens: theme.Tokens, font: QFont) -> None:
    """Black, white, black: seen on any photo. In device pixels, of which `ratio` make a logical one."""
    rect = Laid(0, part=outline.part).rect(frame)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset, width, colour in ((0, 1, "#000000"), (1.5, 2, "#ffffff"), (3, 1, "#000000")):
        painter.setPen(QPen(QColor(colour), width * ratio, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(QRectF(rect).adjusted(*(inset * ratio * side for side in (1, 1, -1, -1))))
    painter.save()
    painter.scale(ratio, ratio)
    size = badge_size(font, "", outline.letter)
    above = round(rect.y() / ratio) - size.height() - TAG_GAP
    inside = round((rect.y() + OUTLINE_WIDTH * ratio) / ratio) + TAG_GAP
    x = round(rect.x() / ratio)
    fits = above >= 0  # the letter stands over the outline, or in its corner where the photo ends above it
    box = QRect(QPoint(x, above) if fits else QPoint(x + OUTLINE_WIDTH + TAG_GAP, inside), size)
    draw_badge(painter, box, "", outline.letter, on_photo(tokens), font)
    painter.restore()


def paint_facts(painter: QPainter, canvas: QWidget, facts: tuple[str, ...], tokens: theme.Tokens) -> None:
    """Lines of facts in the upper leading corner of a canvas."""
    font = theme.sized(canvas.font(), theme.STEP_CAPTION)
    metrics = QFontMetrics(font)
    room = canvas.width() - 2 * theme.SPACE_M - 2 * theme.SPACE_S
    lines = [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in facts]
    width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * theme.SPACE_S
    height = len(lines) * metrics.height() + theme.SPACE_S
    mirrored = canvas.layoutDirection() == Qt.LayoutDirection.RightToLeft
    x = canvas.width() - theme.SPACE_M - width if mirrored else theme.SPACE_M
    box = QRect(x, theme.SPACE_S, width, height)
    painter.setPen(QPen(QColor(tokens.chip_line), 1))
    painter.setBrush(QColor(tokens.chip))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_BADGE, theme.RADIUS_BADGE)
    painter.setFont(font)
    painter.setPen(QColor(tokens.on_chip))
    inside = box.adjusted(theme.SPACE_S, theme.SPACE_XS, -theme.SPACE_S, -theme.SPACE_XS)
    painter.drawText(inside, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop, "\n".join(lines))
