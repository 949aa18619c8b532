"""Lines of the summary: where photos come from, what is safe, and what deserves a look before anything moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.records import ApplyCheck
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import names, words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.elided_label import ElidedLabel
from imgfp_gui.parts.icon_label import IconLabel
from imgfp_gui.parts.photo_rows import PhotoList, PhotoRow
from imgfp_gui.parts.push import push

FOLDERS = 6  # rows; further folders are summed up in one more
LIST_HEIGHT = 184


class FolderTable(QFrame):
    """Folders with photos and bytes, and a row for the companions."""

    def __init__(self, check: ApplyCheck, roots: Sequence[str], parent: QWidget | None = None) -> None:
        """roots: folders of the library; a folder in one of them is named from there on."""
        super().__init__(parent)
        self.setProperty("rule", "box")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.SPACE_M, theme.SPACE_XS, theme.SPACE_M, theme.SPACE_XS)
        self._grid.setHorizontalSpacing(theme.SPACE_S)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        shown, rest = check.folders[:FOLDERS], check.folders[FOLDERS:]
        rows = [("folder", names.from_root(folder.path, roots), words.photos(folder.photos), folder.bytes) for folder in shown]
        if rest:
            photos = words.photos(sum(folder.photos for folder in rest))
            more = self.tr("1 more folder") if len(rest) == 1 else self.tr("%n more folders", "", len(rest))
            rows.append(("folder", more, photos, sum(folder.bytes for folder in rest)))
        if check.companions:
            their = self.tr("Their companions: sidecars, Live movies, camera JPEGs")
            rows.append(("link", their, words.files(check.companions), check.companion_bytes))
        for number, row in enumerate(rows):
            if number:
                self._grid.addWidget(_hairline(), 2 * number - 1, 0, 1, 4)
            self._add(2 * number, *row)

    def _add(self, line: int, icon: str, name: str, count: str, size: int) -> None:
        words_of, amount, bytes_of = ElidedLabel(Qt.TextElideMode.ElideMiddle), QLabel(count), QLabel(words.size(size))
        words_of.set_text(name)
        bytes_of.setProperty("role", "quiet")
        for label in (amount, bytes_of):
            label.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        bytes_of.setMinimumWidth(72)
        self._grid.addWidget(IconLabel(icon), line, 0)
        self._grid.addWidget(words_of, line, 1)
        self._grid.addWidget(amount, line, 2)
        self._grid.addWidget(bytes_of, line, 3)
        self._grid.setRowMinimumHeight(line, 32)


def _hairline() -> QFrame:
    line = QFrame()
    line.setProperty("role", "separator")
    line.setFixedHeight(theme.HAIR)
    return line


class Line(QWidget):
    """A sentence with its sign: ``safe`` or ``caution``."""

    def __init__(self, sign: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon, role = ("shield-check", "accent") if sign == "safe" else ("triangle-alert", "trash")
        self.row = QHBoxLayout()
        self.row.setSpacing(10)
        text = QLabel(sentence)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        self.row.addWidget(IconLabel(icon, role))
        self.row.addWidget(text, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.SPACE_XS)
        self.column.addLayout(self.row)
        self.setMinimumHeight(theme.ROW)


class LineWithList(Line):
    """A sentence about some photos, and a button that lists them below it."""

    def __init__(
        self, sentence: str, pictures: Pictures, count: int, make: Callable[[int], PhotoRow], parent: QWidget | None = None
    ) -> None:
        super().__init__("caution", sentence, parent)
        self._button = push(self.tr("Show"), look="outlined", name=self.tr("Show: {0}").format(sentence))
        self._button.setCheckable(True)
        self._list = PhotoList(pictures, sentence)
        self._list.rows.show(count, make)
        row = self._list.sizeHintForRow(0)
        self._list.setFixedHeight(min(LIST_HEIGHT, max(1, count) * row + 2))
        self._list.hide()
        self.row.addWidget(self._button)
        self.column.addWidget(self._list)
        self._button.toggled.connect(self._toggle)

    def _toggle(self, shown: bool) -> None:
        self._list.setVisible(shown)
        self._button.setText(self.tr("Hide") if shown else self.tr("Show"))


def stayed_row(controller: ReviewController, result: Mapping[str, Any]) -> PhotoRow:
    """A file that was to go and stayed, with the reason. result: one of an answer's ``results``."""
    path, said = names.exact(result), str(result.get("message", ""))
    view = controller.file_at(path)
    tip = f"{names.shown(path)}\n{said}"
    return PhotoRow(view.id if view is not None else None, names.base(path), said, tip, caution=True)
