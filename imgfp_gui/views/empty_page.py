"""When there is nothing to review: says why, truly and kindly, shows the proof where there is one, and what to do next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum, auto

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.config import FLOOR
from engine.records import FileView, PairView
from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import empty_words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.models.scan_story import ScanStory
from imgfp_gui.parts.button import ActionButton
from imgfp_gui.parts.elided_label import ElidedLabel
from imgfp_gui.parts.photo_box import PhotoBox
from imgfp_gui.parts.state_sign import Sign, draw_sign

WIDTH = 712
SIGN = 24
PHOTO = QSize(355, 224)


class Case(Enum):
    """Why there is nothing to review."""

    NO_DUPLICATES = auto()
    ONE_PHOTO = auto()
    NO_PHOTOS = auto()
    UNREADABLE = auto()
    STOPPED = auto()


class EmptyPage(QFrame):
    """`emptyPage`. actions: commands by id."""

    def __init__(
        self,
        controller: ReviewController,
        pictures: Pictures,
        story: ScanStory,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("emptyPage")
        self._controller = controller
        self._story = story
        self._pair: PairView | None = None
        self.case = Case.NO_DUPLICATES
        self._sign = _CaseSign()
        self._title, self._sentence = QLabel(), QLabel()
        self.closest = _ClosestPair(pictures)
        self._add = ActionButton(actions["folder.add"], "primary", text=self.tr("Add another folder…"), large=True)
        self._rescan = ActionButton(actions["scan.rescan"], text=self.tr("Go on reading"), large=True)
        self._problems = ActionButton(actions["problems.show"], "flat")
        self.look = ActionButton(self._look_action(), large=True)
        self._arrange()
        controller.page_changed.connect(lambda page: self._show() if page == "empty" else None)
        controller.working_changed.connect(lambda _: self._refresh())
        controller.folder_tree_changed.connect(lambda _: self._refresh())
        controller.line_changed.connect(lambda *_: self._refresh())
        self._show()

    def _look_action(self) -> QAction:
        action = QAction(self.tr("Look at the closest pairs"), self)
        action.setProperty("icon.name", "sliders-horizontal")
        action.setToolTip(self.tr("Lowers the line until these two are above it"))
        action.triggered.connect(self._lower_line)
        return action

    def _arrange(self) -> None:
        self._title.setProperty("role", "title")
        self._sentence.setProperty("role", "second")
        self._sentence.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE_XS)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        words.addWidget(self._problems, 0, Qt.AlignmentFlag.AlignLeft)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_M)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, theme.SPACE_XL, 0, 0)
        buttons.setSpacing(theme.SPACE_S)
        for button in (self._rescan, self._add, self.look):
            buttons.addWidget(button)
        buttons.addStretch()
        column = QWidget()
        column.setMaximumWidth(WIDTH)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(top)
        inner.addWidget(self.closest, 1)
        inner.addLayout(buttons)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(column, 1000)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_XL, theme.SPACE_L, theme.SPACE_XL, theme.SPACE_L)
        layout.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)

    # ------------------------------------------------------------------------------------------------ what is said

    def _refresh(self) -> None:
        if self._controller.page == "empty":
            self._show()

    def _show(self) -> None:
        controller, story = self._controller, self._story.now
        photos = sum(folder.photos for folder in controller.folder_tree if folder.parent < 0)
        self.case = _case(photos, story.found, len(controller.problems), stopped=story.stopped)
        self._pair = controller.closest_pair() if self.case in (Case.NO_DUPLICATES, Case.STOPPED) else None
        told = {
            Case.NO_DUPLICATES: lambda: empty_words.no_duplicates(photos, len(controller.problems), controller.line),
            Case.ONE_PHOTO: empty_words.one_photo,
            Case.NO_PHOTOS: lambda: empty_words.no_photos(story.found),
            Case.UNREADABLE: lambda: empty_words.unreadable(len(controller.problems)),
            Case.STOPPED: lambda: empty_words.stopped(story, controller.line),
        }
        title, sentence = told[self.case]()
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sign.show_case(self.case)
        files = (controller.file(self._pair.a), controller.file(self._pair.b)) if self._pair else (None, None)
        if self._pair is not None and files[0] is not None and files[1] is not None:
            self.closest.show_pair((files[0], files[1]), empty_words.closeness(self._pair.score, controller.line))
        self.closest.setVisible(self._pair is not None)
        self.look.setVisible(self._pair is not None and self._pair.score > FLOOR)
        self._rescan.setVisible(self.case is Case.STOPPED)
        _set_primary(self._rescan, self.case is Case.STOPPED)
        _set_primary(self._add, self.case is not Case.STOPPED)
        self._problems.set_text(empty_words.look_at_problems(len(controller.problems)))
        self._problems.setVisible(bool(controller.problems))

    def _lower_line(self) -> None:
        """To the similarity of the two, rounded down as far as the line is kept, so that they just come together."""
        if self._pair is not None:
            self._controller.set_line(max(FLOOR, math.floor((self._pair.score - 1e-6) * 10_000) / 10_000))


def _case(photos: int, found: int, problems: int, *, stopped: bool) -> Case:
    """photos: pictures that were read; found: files that were met."""
    if stopped:
        return Case.STOPPED
    if not photos:
        return Case.UNREADABLE if problems else Case.NO_PHOTOS
    return Case.ONE_PHOTO if photos == 1 else Case.NO_DUPLICATES


def _set_primary(button: ActionButton, primary: bool) -> None:
    """One button of the page is the likely next step."""
    wanted = "true" if primary else None
    if button.property("primary") != wanted:
        button.setProperty("primary", wanted)
        button.style().unpolish(button)
        button.style().polish(button)


class _ClosestPair(QWidget):
    """The two most alike, beside each other, with their names and dates."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel(self.tr("The two most alike"))
        heading.setProperty("role", "heading")
        self._score = QLabel()
        self._score.setProperty("role", "dim")
        self._photos = (PhotoBox(pictures, PHOTO), PhotoBox(pictures, PHOTO))
        self._names = (ElidedLabel(Qt.TextElideMode.ElideMiddle), ElidedLabel(Qt.TextElideMode.ElideMiddle))
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self._score)
        sides = QHBoxLayout()
        sides.setSpacing(2)
        for photo, name in zip(self._photos, self._names, strict=True):
            photo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            photo.setMaximumHeight(PHOTO.height())
            name.setProperty("role", "dim")
            side = QVBoxLayout()
            side.setSpacing(6)
            side.addWidget(photo, 1)
            side.addWidget(name)
            sides.addLayout(side, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 28, 0, 0)
        layout.setSpacing(theme.SPACE_S)
        layout.addLayout(top)
        layout.addLayout(sides, 1)

    def show_pair(self, files: tuple[FileView, FileView], score: str) -> None:
        """score: how alike they are, in words."""
        self._score.setText(score)
        for file, photo, name in zip(files, self._photos, self._names, strict=True):
            photo.show_file(file.id, empty_words.caption(file))
            name.set_text(empty_words.caption(file), file.path)


class _CaseSign(QWidget):
    """A tick where all is well, else what the matter is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case = Case.NO_DUPLICATES
        self.setFixedSize(SIGN, SIGN + theme.SPACE_XS)

    def show_case(self, case: Case) -> None:
        """Another sign."""
        self._case = case
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        box = QRectF(0, 2, SIGN, SIGN)
        if self._case in (Case.NO_DUPLICATES, Case.ONE_PHOTO):
            draw_sign(painter, box, Sign.APPLIED, tokens, tokens.text)
        else:
            name = {Case.STOPPED: "pause", Case.NO_PHOTOS: "image-off", Case.UNREADABLE: "triangle-alert"}[self._case]
            colour = tokens.trash if self._case is Case.UNREADABLE else tokens.text
            painter.drawPixmap(box.topLeft(), icons.icon(name, colour, SIGN, self.devicePixelRatioF()))
        painter.end()
