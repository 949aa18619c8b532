"""The signs of states and choices: shape first, colour second, on a grid of 16; each can be told from all others without hue."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.records import Cluster, ClusterState, Suggest
from imgfp_gui.theme import Tokens

GRID = 16.0


class Sign(StrEnum):
    """What a sign says."""

    UNDECIDED = "undecided"
    PROPOSED = "proposed"
    DECIDED = "decided"
    APPLIED = "applied"
    ASIDE = "aside"
    KEEP = "keep"
    KEEP_OFF = "keep-off"  # of a button that is not pressed
    TRASH = "trash"
    CHAIN = "chain"
    FIRST_LOOK = "first-look"  # known by small pictures only


def sign_of(suggest: Suggest) -> Sign:
    """The sign of what is proposed or chosen for a photo."""
    return {Suggest.KEEP: Sign.KEEP, Suggest.REMOVE: Sign.TRASH, Suggest.UNDECIDED: Sign.UNDECIDED}[suggest]


def sign_of_cluster(cluster: Cluster, state: ClusterState) -> Sign:
    """The sign of how far one is with this cluster, or that it cannot be decided yet."""
    return Sign.FIRST_LOOK if cluster.provisional and state is not ClusterState.ASIDE else sign_of_state(state)


def sign_of_state(state: ClusterState) -> Sign:
    """The sign of how far one is with a cluster."""
    return {
        ClusterState.UNDECIDED: Sign.UNDECIDED,
        ClusterState.PROPOSED: Sign.PROPOSED,
        ClusterState.DECIDED: Sign.DECIDED,
        ClusterState.ASIDE: Sign.ASIDE,
    }[state]


def draw_sign(
    painter: QPainter, box: QRectF, sign: Sign, tokens: Tokens, colour: str | None = None, ground: str | None = None
) -> None:
    """Draw a sign into a square of logical pixels (16 at 100 %).

    colour: instead of the one the sign has of its own; ground: what shows through its strokes then, such as the tick in a disc.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / GRID, box.height() / GRID)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    own = {Sign.TRASH: tokens.trash, Sign.CHAIN: tokens.trash, Sign.KEEP: tokens.accent, Sign.DECIDED: tokens.accent}
    own[Sign.PROPOSED] = tokens.accent
    _DRAWN[sign](painter, QColor(colour or own.get(sign, tokens.dim)), QColor(ground or tokens.on_accent))
    painter.restore()


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _line(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for x, y in points[1:]:
        path.lineTo(x, y)
    return path


def _ring(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(QPen(colour, 1.5))
    painter.drawEllipse(QPointF(8, 8), 5.5, 5.5)


def _half(painter: QPainter, colour: QColor, ground: QColor) -> None:
    _ring(painter, colour, ground)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPie(QRectF(2.5, 2.5, 11, 11), 90 * 16, 180 * 16)


def _disc(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(8, 8), 6.25, 6.25)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(ground, 1.6))
    painter.drawPath(_line((5.2, 8.2), (7.2, 10.2), (10.9, 6.2)))


def _open_disc(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(QPen(colour, 1.4))
    painter.drawEllipse(QPointF(8, 8), 5.6, 5.6)
    painter.setPen(_pen(colour, 1.5))
    painter.drawPath(_line((5.4, 8.2), (7.3, 10.1), (10.7, 6.3)))


def _clock(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(QPen(colour, 1.5))
    painter.drawEllipse(QPointF(8, 8), 5.5, 5.5)
    painter.setPen(_pen(colour, 1.4))
    painter.drawPath(_line((8, 5.2), (8, 8.2), (10, 9.6)))


def _tick(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(_pen(colour, 1.8))
    painter.drawPath(_line((3.2, 8.6), (6.3, 11.7), (12.7, 4.7)))


def _bookmark(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(_pen(colour, 1.5))
    path = _line((4.5, 2.75), (11.5, 2.75), (11.5, 13.25), (8, 10.6), (4.5, 13.25))
    path.closeSubpath()
    painter.drawPath(path)


def _crossed(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(QPen(colour, 1.8))
    painter.drawEllipse(QPointF(8, 8), 5.6, 5.6)
    painter.drawLine(QPointF(4.2, 11.8), QPointF(11.8, 4.2))


def _broken_link(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(_pen(colour, 1.5))
    left = QPainterPath(QPointF(6.5, 11.5))
    left.lineTo(5, 11.5)
    left.arcTo(QRectF(1.5, 4.5, 7, 7), 270, -180)
    left.lineTo(6.5, 4.5)
    right = QPainterPath(QPointF(9.5, 4.5))
    right.lineTo(11, 4.5)
    right.arcTo(QRectF(7.5, 4.5, 7, 7), 90, -180)
    right.lineTo(9.5, 11.5)
    painter.drawPath(left)
    painter.drawPath(right)
    painter.drawLine(QPointF(8, 3), QPointF(8, 5))
    painter.drawLine(QPointF(8, 11), QPointF(8, 13))


_DRAWN = {
    Sign.UNDECIDED: _ring,
    Sign.PROPOSED: _half,
    Sign.DECIDED: _disc,
    Sign.APPLIED: _tick,
    Sign.ASIDE: _bookmark,
    Sign.KEEP: _disc,
    Sign.KEEP_OFF: _open_disc,
    Sign.TRASH: _crossed,
    Sign.CHAIN: _broken_link,
    Sign.FIRST_LOOK: _clock,
}
