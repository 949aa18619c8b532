"""Fusion without its gradients: marks, sliders, progress, choice fields and the focus frame are painted flat, from the tokens."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QComboBox,
    QProxyStyle,
    QSlider,
    QStyle,
    QStyleOption,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QWidget,
)

from imgfp_gui import theme
from imgfp_gui.theme import Tokens

CE, CC, PE, PM, SC, SH, State = (
    QStyle.ControlElement,
    QStyle.ComplexControl,
    QStyle.PrimitiveElement,
    QStyle.PixelMetric,
    QStyle.SubControl,
    QStyle.StyleHint,
    QStyle.StateFlag,
)
RING = theme.FOCUS + theme.FOCUS_GAP

MEASURES = {
    PM.PM_IndicatorWidth: theme.CHECK,
    PM.PM_IndicatorHeight: theme.CHECK,
    PM.PM_ExclusiveIndicatorWidth: theme.CHECK,
    PM.PM_ExclusiveIndicatorHeight: theme.CHECK,
    PM.PM_CheckBoxLabelSpacing: theme.SPACE_S,
    PM.PM_RadioButtonLabelSpacing: theme.SPACE_S,
    PM.PM_SliderThickness: theme.HIT_MIN,
    PM.PM_SliderControlThickness: theme.SLIDER_THUMB,
    PM.PM_SliderLength: theme.SLIDER_THUMB,
    PM.PM_FocusFrameHMargin: RING,
    PM.PM_FocusFrameVMargin: RING,
    PM.PM_ButtonShiftHorizontal: 0,
    PM.PM_ButtonShiftVertical: 0,
    PM.PM_SmallIconSize: theme.ICON,
    PM.PM_ToolBarIconSize: theme.ICON,
    PM.PM_ButtonIconSize: theme.ICON,
    PM.PM_ComboBoxFrameWidth: 1,
    PM.PM_MenuButtonIndicator: 0,
}
HINTS = {
    SH.SH_FocusFrame_AboveWidget: 1,
    SH.SH_FocusFrame_Mask: 0,
    SH.SH_Slider_AbsoluteSetButtons: Qt.MouseButton.LeftButton.value,
    SH.SH_ComboBox_Popup: 0,
    SH.SH_EtchDisabledText: 0,
    SH.SH_DitherDisabledText: 0,
    SH.SH_UnderlineShortcut: 0,
}


class FlatStyle(QProxyStyle):
    """The style of the application. What a style sheet rule names never gets here."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None) -> int:
        known = MEASURES.get(metric)
        return known if known is not None else super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: object = None,
    ) -> int:
        known = HINTS.get(hint)
        return known if known is not None else super().styleHint(hint, option, widget, returned)  # type: ignore[arg-type]

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element == PE.PE_IndicatorCheckBox or element == PE.PE_IndicatorItemViewItemCheck:
            _paint(painter, option, _check)
        elif element == PE.PE_IndicatorRadioButton:
            _paint(painter, option, _radio)
        elif element == PE.PE_FrameFocusRect:
            return  # the ring is a frame of its own, see ring.FocusRing
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if element == CE.CE_FocusFrame:
            _paint(painter, option, _ring)
        elif element == CE.CE_ProgressBarGroove:
            _paint(painter, option, _groove)
        elif element == CE.CE_ProgressBarContents and isinstance(option, QStyleOptionProgressBar):
            _paint(painter, option, _progress)
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self, control: QStyle.ComplexControl, option: QStyleOptionComplex, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        if control == CC.CC_Slider and isinstance(option, QStyleOptionSlider):
            handle = self.subControlRect(CC.CC_Slider, option, SC.SC_SliderHandle, widget)
            _paint(painter, option, lambda p, o, t: _slider(p, o, t, handle))
        elif control == CC.CC_ComboBox and isinstance(option, QStyleOptionComboBox):
            _paint(painter, option, _choice)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        made = super().sizeFromContents(kind, option, size, widget)
        if isinstance(widget, QComboBox):
            return made.expandedTo(QSize(0, theme.at_least(theme.BUTTON, QFontMetrics(widget.font()).height())))
        if kind == QStyle.ContentsType.CT_ItemViewItem and widget is not None and widget.inherits("QComboBoxListView"):
            return made.expandedTo(QSize(0, theme.at_least(theme.ROW, QFontMetrics(widget.font()).height())))
        if isinstance(widget, QSlider):
            return made.expandedTo(QSize(0, theme.HIT_MIN))
        return made


def _paint(painter: QPainter, option: QStyleOption, work: object) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    work(painter, option, theme.tokens_of(option.palette))  # type: ignore[operator]
    painter.restore()


def _check(painter: QPainter, option: QStyleOption, t: Tokens) -> None:
    box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
    some = bool(option.state & (State.State_On | State.State_NoChange))
    enabled = bool(option.state & State.State_Enabled)
    fill = (t.accent if enabled else t.line) if some else t.field
    painter.setPen(QPen(QColor(fill if some else t.edge if enabled else t.line), 1))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(box, theme.RADIUS_BADGE, theme.RADIUS_BADGE)
    painter.setPen(_round_pen(t.on_accent if enabled else t.off, 1.7))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if option.state & State.State_On:
        painter.drawPolyline(QPolygonF([_at(box, 0.24, 0.53), _at(box, 0.43, 0.71), _at(box, 0.77, 0.31)]))
    elif some:
        painter.drawLine(_at(box, 0.27, 0.5), _at(box, 0.73, 0.5))


def _radio(painter: QPainter, option: QStyleOption, t: Tokens) -> None:
    box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
    on, enabled = bool(option.state & State.State_On), bool(option.state & State.State_Enabled)
    painter.setPen(QPen(QColor((t.accent if on else t.edge) if enabled else t.line), 1))
    painter.setBrush(QColor(t.field))
    painter.drawEllipse(box)
    if on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent if enabled else t.off))
        painter.drawEllipse(box.adjusted(3.5, 3.5, -3.5, -3.5))


def _ring(painter: QPainter, option: QStyleOption, t: Tokens) -> None:
    painter.setPen(QPen(QColor(t.focus), theme.FOCUS))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), theme.RADIUS + 1, theme.RADIUS + 1)


def _bar(option: QStyleOption) -> QRectF:
    """The painted part of a progress bar: its whole width, 6 high, in the middle."""
    rect = QRectF(option.rect)
    return QRectF(rect.x(), rect.center().y() - theme.PROGRESS / 2, rect.width(), theme.PROGRESS)


def _groove(painter: QPainter, option: QStyleOption, t: Tokens) -> None:
    _pill(painter, _bar(option), t.groove)


def _progress(painter: QPainter, option: QStyleOptionProgressBar, t: Tokens) -> None:
    whole = _bar(option)
    span = option.maximum - option.minimum
    if span <= 0:  # length not known: still and half filled, for those who want no motion, and for everybody else alike
        part = QRectF(whole.x() + whole.width() * 0.3, whole.y(), whole.width() * 0.3, whole.height())
    else:
        done = min(max((option.progress - option.minimum) / span, 0.0), 1.0)
        part = QRectF(whole.x(), whole.y(), whole.width() * done, whole.height())
        if option.direction == Qt.LayoutDirection.RightToLeft:
            part.moveRight(whole.right())
    complete = span > 0 and option.progress >= option.maximum
    if part.width() > 0:
        painter.setClipRect(part)
        _pill(painter, part if part.width() >= whole.height() else _starting(whole, part), t.dim if complete else t.accent)


def _starting(whole: QRectF, part: QRectF) -> QRectF:
    """The round beginning of a bar that is not yet as long as it is high; the clip cuts it."""
    left = part.left() <= whole.left() + 0.5
    return QRectF(part.left() if left else part.right() - whole.height(), part.y(), whole.height(), whole.height())


def _slider(painter: QPainter, option: QStyleOptionSlider, t: Tokens, handle: QRect) -> None:
    enabled = bool(option.state & State.State_Enabled)
    rect, thumb = QRectF(option.rect), QRectF(handle)
    thumb = QRectF(thumb.center().x() - 8, rect.center().y() - 8, theme.SLIDER_THUMB, theme.SLIDER_THUMB)
    groove = QRectF(rect.x(), rect.center().y() - theme.SLIDER_GROOVE / 2, rect.width(), theme.SLIDER_GROOVE)
    _pill(painter, groove, t.groove)
    done = QRectF(groove)
    if option.upsideDown:
        done.setLeft(thumb.center().x())
    else:
        done.setRight(thumb.center().x())
    _pill(painter, done, t.accent if enabled else t.line)
    painter.setPen(QPen(QColor(t.window), 2))
    painter.setBrush(QColor(t.primary if enabled else t.off))
    painter.drawEllipse(thumb.adjusted(1, 1, -1, -1))


def _choice(painter: QPainter, option: QStyleOptionComboBox, t: Tokens) -> None:
    enabled = bool(option.state & State.State_Enabled)
    box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(QColor(t.edge if enabled else t.line), 1))
    painter.setBrush(QColor(t.hover if option.state & State.State_MouseOver and enabled else t.field))
    painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
    left = option.direction == Qt.LayoutDirection.RightToLeft
    x = box.left() + 12 if left else box.right() - 12
    painter.setPen(_round_pen(t.text if enabled else t.off, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    y = box.center().y()
    painter.drawPolyline(QPolygonF([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)]))


def _pill(painter: QPainter, rect: QRectF, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    radius = rect.height() / 2
    painter.drawRoundedRect(rect, radius, radius)


def _round_pen(colour: str, width: float) -> QPen:
    return QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.x() + x * box.width(), box.y() + y * box.height())
