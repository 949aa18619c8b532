"""Finds resources/ and paints its icons in a colour. The only room of the window that reads files, and only the program's own."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap

from imgfp_gui import theme

KEPT = 400  # pixmaps of 16 px are 1 KiB each, so that this is bounded but never noticed
MIRRORED = frozenset(
    {"chevron-left", "chevron-right", "undo-2", "redo-2", "list-ordered", "list-filter", "columns-2", "external-link"}
)
"""Icons that point along the line of reading, and therefore the other way in a window from right to left."""

_kept: OrderedDict[tuple[str, int, str, float, bool], QPixmap] = OrderedDict()


@lru_cache(maxsize=1)
def resources() -> Path:
    """The folder of icons, licences and sample pictures: inside the installed package, or beside it in a source checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "resources"
    return installed if installed.is_dir() else here.parent / "resources"


def text_of(*place: str) -> str:
    """The text of a resource, for example ``text_of("licences", "lucide.txt")``. Raises FileNotFoundError."""
    return resources().joinpath(*place).read_text(encoding="utf-8")


def icon(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """An icon of `size` logical pixels, rendered from its SVG at `ratio` device pixels each, in an sRGB hex colour.

    Kept, so that a delegate may ask at every repaint. Raises FileNotFoundError for an unknown name.
    """
    mirrored = name in MIRRORED and QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    key = (name, size, colour, ratio, mirrored)
    pixmap = _kept.get(key)
    if pixmap is None:
        pixmap = _kept[key] = _render(name, colour, size, ratio, mirrored)
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(key)
    return pixmap


def qicon(name: str, role: str = "text", on: str = "") -> QIcon:
    """An icon for buttons and menus that follows the palette.

    Parameters
    ----------
    name: of the SVG. role: the token that colours it (``text``, ``dim``, ``on_primary``…). on: the token while its button is
    checked; the same one when empty. A disabled button's icon takes ``off``.
    """
    return QIcon(_Engine(name, role, on or role))


def _render(name: str, colour: str, size: int, ratio: float, mirrored: bool) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # costs a few milliseconds, and only what shows an icon needs it

    text = _source(name).replace("currentColor", colour)
    pixels = max(1, round(size * ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    if mirrored:
        painter.translate(pixels, 0)
        painter.scale(-1, 1)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return text_of("icons", f"{name}.svg")


class _Engine(QIconEngine):
    """Draws from the SVG at whatever size is asked for, in the colours of the palette in force."""

    def __init__(self, name: str, role: str, on: str) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._on = on

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """In device pixels, as Qt asks; in a place that is wider than high the icon stands in the middle."""
        edge = min(size.width(), size.height())
        drawn = icon(self._name, self._colour(mode, state), edge, 1.0)
        if size.width() == size.height():
            return drawn
        wide = QPixmap(size)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        painter.drawPixmap((size.width() - edge) // 2, (size.height() - edge) // 2, drawn)
        painter.end()
        return wide

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, icon(self._name, self._colour(mode, state), min(rect.width(), rect.height()), ratio))

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role, self._on)

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        role = self._on if state == QIcon.State.On else self._role
        role = "off" if mode == QIcon.Mode.Disabled else role
        return str(getattr(theme.tokens_of(QGuiApplication.palette()), role))
