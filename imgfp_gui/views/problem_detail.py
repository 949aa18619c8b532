"""What is known of one file that could not be read: what could be read of it, what happened, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.records import FileView, Problem
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import moments, names, words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.badge import BadgeLabel
from imgfp_gui.parts.photo_box import PhotoBox
from imgfp_gui.parts.push import push
from imgfp_gui.views.fact_lines import FactLines

PICTURE = QSize(368, 276)
WITHOUT_PICTURE = 700  # width of the pane in px below which the picture gives way


class ProblemDetail(QFrame):
    """The lower half of the problems page. Says `read_again` and `show_folder` when its buttons are pressed."""

    read_again = Signal()
    show_folder = Signal()

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", "top")
        self._controller = controller
        self._title, self._sentence = QLabel(), QLabel()
        self._title.setProperty("role", "page")
        for label in (self._title, self._sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = FactLines()
        self._picture = PhotoBox(pictures, PICTURE, "image-off")
        self._badge = BadgeLabel("image", self.tr("what could be read"), self.tr("The part of the photo that could be read"))
        self._nothing = QLabel(self.tr("No picture could be read from it."))
        self._nothing.setProperty("role", "dim")
        self.again = push(self.tr("Read again"), look="primary")
        self.again.setObjectName("readAgain")
        self.again.clicked.connect(self.read_again)
        self.folder = push(self.tr("Show in file manager"), "external-link")
        self.folder.clicked.connect(self.show_folder)
        self._arrange()

    def _arrange(self) -> None:
        self._left = QFrame()
        self._left.setProperty("ground", "well")
        left = QVBoxLayout(self._left)
        left.setContentsMargins(theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL)
        left.addWidget(self._picture, 1)
        left.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignHCenter)
        left.addWidget(self._nothing, 0, Qt.AlignmentFlag.AlignHCenter)
        left.addStretch()
        self._left.setFixedWidth(PICTURE.width() + 2 * theme.SPACE_XL)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_S)
        buttons.addWidget(self.again)
        buttons.addWidget(self.folder)
        buttons.addStretch()
        page = QWidget()
        right = QVBoxLayout(page)
        right.setContentsMargins(theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL)
        right.setSpacing(theme.SPACE_S)
        for part in (self._title, self._sentence, self._facts):
            right.addWidget(part)
        right.addSpacing(theme.SPACE_S)
        right.addLayout(buttons)
        right.addStretch()
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setWidget(page)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 1, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._left)
        whole.addWidget(room, 1)

    def show_problem(self, problem: Problem | None, chosen: int) -> None:
        """Show a problem. chosen: how many rows the buttons act on."""
        if problem is None:
            return
        view = self._controller.file_at(problem.path)
        name = names.base(problem.path)
        self._title.setText(name)
        self._sentence.setText(f"{problem.message} {problem.hint}".strip())
        partial = view is not None and view.status == "partial"
        said = self.tr("What could be read of {0}").format(name) if partial else self.tr("No picture of {0}").format(name)
        self._picture.show_file(view.id if view is not None and partial else None, said)
        self._badge.setVisible(partial)
        self._nothing.setVisible(not partial)
        self._facts.show_lines(self._lines(problem, view))
        many = self.tr("Read {0} again").format(words.files(chosen)) if chosen > 1 else self.tr("Read again")
        self.again.setText(many)
        self.again.setAccessibleName(many)

    def _lines(self, problem: Problem, view: FileView | None) -> list[tuple[str, str]]:
        lines = [(self.tr("Folder"), names.shown(names.folder(problem.path)))]
        if view is not None:
            lines.append((self.tr("Modified"), moments.whole(moments.from_disk(view.mtime_ns)) if view.mtime_ns else ""))
            lines.append((self.tr("Size"), words.size(view.size)))
            lines.append((self.tr("Format"), (view.format or "").upper()))
        return lines

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setVisible(self.width() >= WITHOUT_PICTURE)
