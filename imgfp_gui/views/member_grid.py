"""The photos of the selected cluster side by side, each whole, with name, facts, what is proposed and why."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.records import Cluster, Suggest
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.models.members import MEMBER_ROLE, Member, MembersModel
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts import painting

SIGN = 16
SMALLEST = QSize(176, 184)
LINES = 3  # of caption under each photo
MARGIN = 6  # the list keeps some pixels for itself; without them it wraps one column too early

Index = QModelIndex | QPersistentModelIndex


def cell_size(area: QSize, count: int, caption: int) -> QSize:
    """The cell that makes the photos largest when `count` of them (3:2) share `area`; never below the smallest useful one."""
    best, best_edge = SMALLEST, 0.0
    for columns in range(1, max(count, 1) + 1):
        rows = -(-count // columns) or 1
        cell = QSize(area.width() // columns, area.height() // rows)
        edge = min(cell.width() - 2 * theme.SPACE_L, (cell.height() - caption - 2 * theme.SPACE_L) * 1.5)
        if edge > best_edge:
            best, best_edge = cell, edge
    if best.width() < SMALLEST.width() or best.height() < SMALLEST.height() + caption - 60:
        columns = max(1, area.width() // SMALLEST.width())
        best = QSize(area.width() // columns, max(SMALLEST.height(), caption + 120))
    return best


class MemberDelegate(QStyledItemDelegate):
    """Paints one photo with its caption."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.cell = SMALLEST

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        member = index.data(MEMBER_ROLE)
        if not isinstance(member, Member):
            return
        tokens = painting.tokens_for(option)
        cell = option.rect.adjusted(theme.SPACE_XS, theme.SPACE_XS, -theme.SPACE_XS, -theme.SPACE_XS)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected:
            painter.fillRect(cell, QColor(tokens.selected))
        inside = cell.adjusted(theme.SPACE_M, theme.SPACE_M, -theme.SPACE_M, -theme.SPACE_S)
        caption = caption_height(option)
        frame = QRect(inside.x(), inside.y(), inside.width(), inside.height() - caption - theme.SPACE_S)
        dimmed = member.suggest is Suggest.REMOVE and not hovered and not selected
        picture = self._pictures.get(member.file, max(frame.width(), frame.height()) * painter.device().devicePixelRatioF())
        painting.draw_photo(painter, frame, picture, tokens, theme.TRASHED_OPACITY if dimmed and picture else 1.0)
        trouble = self._pictures.trouble(member.file) if picture is None else ""
        if trouble:
            painter.setPen(QColor(tokens.dim))
            wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.adjusted(theme.SPACE_S, 0, -theme.SPACE_S, 0), wrap, trouble)
        below = QRect(inside.x(), inside.bottom() - caption + 1, inside.width(), caption)
        self._caption(painter, option, member, below)
        if selected:
            painter.setPen(QColor(tokens.focus if option.state & QStyle.StateFlag.State_HasFocus else tokens.edge))
            painter.drawRect(cell.adjusted(0, 0, -1, -1))

    def _caption(self, painter: QPainter, option: QStyleOptionViewItem, member: Member, place: QRect) -> None:
        tokens = painting.tokens_for(option)
        direction = option.direction
        align = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        bold, plain = theme.sized(option.font, 0, bold=True), theme.sized(option.font, -1)
        wide, small = QFontMetrics(bold), QFontMetrics(plain)
        height = wide.height() + 2
        number, word = words.number(member.number), words.suggest(member.suggest)
        x = place.x()

        def write(text: str, metrics: QFontMetrics, colour: QColor, gap: int) -> None:
            nonlocal x
            room = min(metrics.horizontalAdvance(text) + 2, place.right() - x)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.setPen(colour)
            painter.drawText(QStyle.visualRect(direction, place, QRect(x, place.y(), room, height)), align, shown)
            x += room + gap

        painter.setFont(bold)
        text, dim = painting.text_colour(option), QColor(tokens.dim)
        state = {Suggest.KEEP: QColor(tokens.accent), Suggest.REMOVE: QColor(tokens.trash)}.get(member.suggest, text)
        write(number, wide, text, theme.SPACE_S)
        sign = QStyle.visualRect(direction, place, QRect(x, place.y() + (height - SIGN) // 2, SIGN, SIGN))
        painting.draw_sign(painter, QRectF(sign), member.suggest, tokens)
        x += SIGN + 6
        write(word, wide, state, theme.SPACE_S)
        painter.setFont(plain)
        write(member.verdict.reason if member.verdict else "", small, dim, 0)
        lines = (
            (member.name, option.font, text, Qt.TextElideMode.ElideMiddle),
            (member.facts, plain, dim, Qt.TextElideMode.ElideRight),
        )
        for line, (sentence, font, colour, elide) in enumerate(lines, 1):
            row = QRect(place.x(), place.y() + line * height, place.width(), height)
            painter.setFont(font)
            painter.setPen(colour)
            painter.drawText(row, align, QFontMetrics(font).elidedText(sentence, elide, row.width()))


def caption_height(option: QStyleOptionViewItem) -> int:
    """Height of the caption in logical pixels, for the font in force."""
    return LINES * (QFontMetrics(theme.sized(option.font, 0, bold=True)).height() + 2)


class MemberGrid(QListView):
    """`memberGrid`: arranges itself so that the photos come out largest."""

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("memberGrid")
        self.setAccessibleName(self.tr("Photos of the cluster"))
        self._controller = controller
        self._rows = MembersModel(controller.file, self)
        self._delegate = MemberDelegate(pictures, self)
        self._following = False
        self.setModel(self._rows)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        controller.cluster_selected.connect(self._show)
        controller.photo_selected.connect(self._follow)
        pictures.arrived.connect(lambda _: self.viewport().update())
        self.selectionModel().currentChanged.connect(self._tell)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, never a search."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Cells for the photos there are; the scroll bar takes room only when they do not fit."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        caption, count = caption_height(option), self._rows.rowCount()
        area = self.size() - QSize(MARGIN, MARGIN)
        cell = cell_size(area, count, caption)
        fits = -(-count // max(1, area.width() // cell.width())) * cell.height() <= area.height()
        if not fits:
            area -= QSize(self.verticalScrollBar().sizeHint().width(), 0)
            cell = cell_size(area, count, caption)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        self.setVerticalScrollBarPolicy(policy)
        self._delegate.cell = cell
        self.setGridSize(cell)
        self.scheduleDelayedItemsLayout()

    def _show(self, cluster: Cluster | None) -> None:
        self._following = True
        try:
            self._rows.show(cluster)
            self._arrange()
            self._follow(self._controller.photo)
        finally:
            self._following = False

    def _follow(self, photo: int) -> None:
        if 0 <= photo < self._rows.rowCount():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._rows.index(photo), flags)
            self.scrollTo(self._rows.index(photo))

    def _tell(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self._controller.select_photo(current.row())
