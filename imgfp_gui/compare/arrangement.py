"""How panes lie so that the photos come out largest: beside each other for upright photos, one above the other for wide ones."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSize

from imgfp_gui import theme


class Form(Enum):
    """Where a pane has its name and its decision."""

    COLUMN = "column"  # heading above the photo, decision below
    ROW = "row"  # both in one line above
    QUARTER = "quarter"  # the same, lower and with signs alone


HEADING_QUARTER = 36
CHROME = {
    Form.COLUMN: theme.PANE_HEADER + theme.PANE_FOOTER,
    Form.ROW: theme.PANE_HEADER_ROWS,
    Form.QUARTER: HEADING_QUARTER,
}
NARROWEST = 200  # a column narrower than this has no room for its decision


def arrange(area: QSize, count: int, shape: float) -> tuple[Form, int]:
    """Form and number of columns for `count` panes (1 to 4) in `area` logical pixels; shape: width over height of the photos."""
    if count >= 4:
        return Form.QUARTER, 2
    if count <= 1:
        return Form.COLUMN, 1
    ways = [(Form.COLUMN, count), (Form.ROW, 1)]
    if area.width() // count < NARROWEST:
        ways = [(Form.ROW, 1)]
    if count == 3:
        ways.append((Form.QUARTER, 2))
    return max(ways, key=lambda way: _photo_width(area, count, shape, *way))


def _photo_width(area: QSize, count: int, shape: float, form: Form, columns: int) -> float:
    rows = -(-count // columns)
    wide, high = area.width() / columns, area.height() / rows - CHROME[form]
    return min(wide, high * shape)


SMALLEST_PHOTO = 136  # logical pixels of the longer side; rather than smaller ones, a grid scrolls


def cell_size(area: QSize, count: int, caption: int, margin: int, shape: float = 1.5) -> QSize:
    """The cell that makes `count` photos largest in `area`; where they would be too small to judge, one that scrolls.

    All in logical pixels. caption: height of the words under each photo; margin: what a cell keeps free on each side.
    """
    best, best_width = QSize(), 0.0
    for columns in range(1, max(count, 1) + 1):
        rows = -(-max(count, 1) // columns)
        cell = QSize(area.width() // columns, area.height() // rows)
        width = min(cell.width() - 2 * margin, (cell.height() - caption - 2 * margin) * shape)
        if width > best_width:
            best, best_width = cell, width
    upright = max(1.0, 1 / shape)  # times that the longer side is longer than the width
    if best_width * upright >= SMALLEST_PHOTO:
        return best
    columns = max(1, area.width() // (round(SMALLEST_PHOTO / upright) + 2 * margin))
    wide = area.width() // columns
    return QSize(wide, round((wide - 2 * margin) / shape) + caption + 2 * margin)
