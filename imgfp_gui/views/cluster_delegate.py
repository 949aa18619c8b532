"""Paints a cluster as a row: two small photos, how alike and in which way, how many and how much, and how far the user is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from engine.records import Cluster, ClusterState
from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import names, words
from imgfp_gui.models.clusters import CLUSTER_ROLE, STATE_ROLE
from imgfp_gui.models.kinds import Kinds, weak_link
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting
from imgfp_gui.parts.state_sign import draw_sign, sign_of_cluster

THUMB = QSize(*theme.CLUSTER_THUMB)
PICTURE_EDGE = 128  # enough for 48 px at 250 %
BEFORE_TEXT = 10
TWO_THUMBS = 232  # a narrower row shows one photo, so that the words have room
BETWEEN = 6  # score and kind
LEAST_MARGIN = 5  # beside the ring of the keyboard
TIP_FOLDERS = 12  # photos whose folders a tooltip names

Index = QModelIndex | QPersistentModelIndex


class ClusterDelegate(QStyledItemDelegate):
    """One row; everything it draws is there already or comes later, nothing is waited for."""

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._controller = controller
        self._kinds = Kinds(controller, self)
        self._fonts: tuple[QFont, QFont, QFont] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        first, second = self._heights(option.font)
        return QSize(0, max(theme.CLUSTER_ROW, first + second + theme.SPACE_L))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """What the row has no room for, made when it is asked for."""
        cluster = index.data(CLUSTER_ROLE)
        if event.type() != QEvent.Type.ToolTip or not isinstance(cluster, Cluster):
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), self.tip(cluster), view)
        return True

    def tip(self, cluster: Cluster) -> str:
        """Range of similarity, why there is a chain sign, and the folders the photos lie in."""
        said = [self.tr("{0}, {1}").format(words.similarity_range(cluster), self._kinds.of(cluster))]
        if cluster.provisional:
            said.append(words.first_look_tip())
        if weak_link(cluster):
            said.append(self.tr("One photo hangs on by a link far weaker than the rest: look whether it belongs here."))
        views = (self._controller.file(unit[0]) for unit in cluster.units[:TIP_FOLDERS])
        said += dict.fromkeys(names.short_path(names.folder(view.path_bytes)) for view in views if view)
        return names.tip("\n".join(said)).replace("\n", "<br>")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cluster, state = index.data(CLUSTER_ROLE), index.data(STATE_ROLE)
        if not isinstance(cluster, Cluster):
            return
        tokens = painting.tokens_for(option)
        if not option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), QColor(tokens.panel))
        painting.draw_row_ground(painter, option, tokens)
        left = self._draw_thumbs(painter, option, cluster, aside=state is ClusterState.ASIDE)
        right = self._draw_signs(painter, option, cluster, state)
        self._write(painter, option, cluster, left, right, aside=state is ClusterState.ASIDE)
        painting.draw_focus(painter, option, tokens)

    def _draw_thumbs(self, painter: QPainter, option: QStyleOptionViewItem, cluster: Cluster, *, aside: bool) -> int:
        """Returns where they end, counted from the leading edge as if that were the left one."""
        left = option.rect.x() + theme.SPACE_M
        top = option.rect.y() + (option.rect.height() - THUMB.height()) // 2
        opacity = theme.APPLIED_OPACITY if aside else 1.0
        for unit in cluster.units[: 2 if option.rect.width() >= TWO_THUMBS else 1]:
            frame = _visual(option, QRect(QRect(left, top, 0, 0).topLeft(), THUMB))
            picture = self._pictures.get(unit[0], PICTURE_EDGE)
            painting.draw_photo(painter, frame, picture, painting.tokens_for(option), opacity)
            left += THUMB.width() + theme.SPACE_XS
        return left - theme.SPACE_XS + BEFORE_TEXT

    def _draw_signs(self, painter: QPainter, option: QStyleOptionViewItem, cluster: Cluster, state: ClusterState) -> int:
        """Returns where they begin."""
        tokens, size = painting.tokens_for(option), theme.ICON
        right = option.rect.x() + option.rect.width() - _margin(option)
        weak = weak_link(cluster)
        height = 2 * size + theme.SPACE_XS if weak else size
        top = option.rect.y() + (option.rect.height() - height) // 2
        box = _visual(option, QRect(right - size, top, size, size))
        draw_sign(painter, QRectF(box), sign_of_cluster(cluster, ClusterState(state)), tokens)
        if weak:
            chain = icons.icon("unlink-2", tokens.trash, size, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(box.x(), box.y() + size + theme.SPACE_XS), chain)
        return right - size

    def _write(
        self, painter: QPainter, option: QStyleOptionViewItem, cluster: Cluster, left: int, right: int, *, aside: bool
    ) -> None:
        _, bold, plain = self._type(option.font)
        first, second = self._heights(option.font)
        top = option.rect.y() + (option.rect.height() - first - second) // 2
        width = right - theme.SPACE_S - left
        tokens = painting.tokens_for(option)
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        metrics = QFontMetrics(plain)
        score = words.isolated(words.percent(cluster.weakest))
        taken = QFontMetrics(bold).horizontalAdvance(score)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.dim) if aside else painting.text_colour(option))
        painter.drawText(_visual(option, QRect(left, top, taken + 2, first)), align, score)
        painter.setFont(plain)
        painter.setPen(QColor(tokens.dim))
        rest = width - taken - BETWEEN
        kind = metrics.elidedText(self._kinds.of(cluster), Qt.TextElideMode.ElideRight, rest)
        painter.drawText(_visual(option, QRect(left + taken + BETWEEN, top + 1, rest, first)), align, kind)
        amount = self._amount(cluster, metrics, width)
        painter.drawText(_visual(option, QRect(left, top + first, width, second)), align, amount)

    def _amount(self, cluster: Cluster, metrics: QFontMetrics, width: int) -> str:
        """Photos and bytes; where there is no room for both, the word gives way, never a number."""
        photos, freed = words.isolated(words.photos(len(cluster.units))), self._controller.verdicts.freed_of(cluster)
        if not freed:
            return photos
        size = words.isolated(words.size(freed))
        whole = f"{photos} · {size}"
        return whole if metrics.horizontalAdvance(whole) <= width else f"{words.number(len(cluster.units))} · {size}"

    def _type(self, font: QFont) -> tuple[QFont, QFont, QFont]:
        """The font itself, that of the score and that of the rest."""
        if self._fonts is None or self._fonts[0] != font:
            self._fonts = (QFont(font), theme.sized(font, 0, bold=True), theme.sized(font, theme.STEP_CAPTION))
        return self._fonts

    def _heights(self, font: QFont) -> tuple[int, int]:
        _, bold, plain = self._type(font)
        return max(18, QFontMetrics(bold).height()), max(16, QFontMetrics(plain).height())


def _margin(option: QStyleOptionViewItem) -> int:
    """Room at the trailing edge; a scroll bar beside the rows is part of it, so that signs stand below those of the filters."""
    view = option.widget
    bar = view.width() - view.viewport().width() if isinstance(view, QAbstractItemView) else 0
    return max(LEAST_MARGIN, theme.SPACE_M - bar)


def _visual(option: QStyleOptionViewItem, rect: QRect) -> QRect:
    return QStyle.visualRect(option.direction, option.rect, rect)
