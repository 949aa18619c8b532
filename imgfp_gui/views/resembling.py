"""Photos outside the cluster that resemble its photos: one quiet button, and a menu that leads to where they are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from engine.records import PairView
from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import names, words


@dataclass(frozen=True, slots=True)
class Other:
    """A photo outside: text of its line; key of its cluster, None when it is in none; path_bytes: the file."""

    text: str
    key: str | None
    path_bytes: bytes


class Resembling(QAbstractButton):
    """Hidden while there is none. A press opens the cluster of the only one, or a list of all."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resembling")
        self._controller = controller
        self._others: tuple[Other, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._open)
        controller.cluster_selected.connect(lambda _: self.refresh())
        self.refresh()

    @property
    def others(self) -> tuple[Other, ...]:
        """The photos outside, the most alike first."""
        return self._others

    def refresh(self) -> None:
        """Look again what resembles the selected cluster."""
        self._others = self._find()
        self.setVisible(bool(self._others))
        if self._others:
            count = words.number(len(self._others))
            self.setText(self.tr("{0} alike\nelsewhere").format(count))
            self.updateGeometry()
            self.setAccessibleName(self.tr("Photos elsewhere that resemble these: {0}").format(count))
            lines = [self.tr("Also resembles, in other clusters:"), *(other.text for other in self._others)]
            self.setToolTip("<br>".join(names.tip(line) for line in lines))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.sized(self.font(), theme.STEP_CAPTION))
        text = metrics.size(0, self.text())
        return QSize(text.width() + 2 * theme.SPACE_S, theme.ICON_LARGE + theme.SPACE_XS + text.height() + 2 * theme.SPACE_S)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        if self.underMouse() or self.isDown():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.pressed if self.isDown() else tokens.hover))
            painter.drawRoundedRect(self.rect(), theme.RADIUS, theme.RADIUS)
        size = theme.ICON_LARGE
        corner = QPoint((self.width() - size) // 2, theme.SPACE_S)
        painter.drawPixmap(corner, icons.icon("images", tokens.dim, size, self.devicePixelRatioF()))
        painter.setFont(theme.sized(self.font(), theme.STEP_CAPTION))
        painter.setPen(QColor(tokens.dim))
        words_below = self.rect().adjusted(0, corner.y() + size + theme.SPACE_XS, 0, 0)
        painter.drawText(words_below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self.text())
        painter.end()

    def _find(self) -> tuple[Other, ...]:
        cluster = self._controller.cluster
        if cluster is None:
            return ()
        unit_of = {file: number for number, unit in enumerate(cluster.units, 1) for file in unit}
        found: dict[int, Other] = {}
        for pair in self._controller.resembles(cluster):
            other = self._other(pair, unit_of.get(pair.a, 0))
            if other is not None:
                found.setdefault(pair.b, other)
        return tuple(found.values())

    def _other(self, pair: PairView, number: int) -> Other | None:
        view, snapshot = self._controller.file(pair.b), self._controller.snapshot
        if view is None:
            return None
        rows = snapshot.columns.row_of_file
        row = int(rows[pair.b]) if pair.b < len(rows) else -1
        text = self.tr("{0}, {1} like photo {2}").format(
            names.base(view.path_bytes), words.percent(pair.score), words.number(number)
        )
        return Other(text, snapshot.clusters[row].key if row >= 0 else None, view.path_bytes)

    def _open(self) -> None:
        if len(self._others) == 1:
            self._go(self._others[0])
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for other in self._others:
            menu.addAction(other.text.replace("&", "&&")).triggered.connect(lambda _=False, other=other: self._go(other))
        menu.popup(self.mapToGlobal(self.rect().topLeft() - menu.rect().bottomLeft()))

    def _go(self, other: Other) -> None:
        """To its cluster; a photo in none is shown where it lies."""
        if other.key is not None:
            self._controller.select_cluster(other.key)
        else:
            self._controller.show_in_file_manager(other.path_bytes)
