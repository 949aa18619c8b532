"""One photo of several side by side: letter, name and badges above it, the photo, and its decision."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.compare.arrangement import CHROME, Form
from imgfp_gui.compare.canvas import Canvas
from imgfp_gui.compare.decision import Decision
from imgfp_gui.compare.stage import Stage
from imgfp_gui.models import names
from imgfp_gui.models.members import Badge, Member
from imgfp_gui.models.relations import embedded_preview
from imgfp_gui.parts.badge import BadgeLabel
from imgfp_gui.parts.elided_label import ElidedLabel
from imgfp_gui.parts.letter_tag import LETTERS, LetterTag

NAME_FIRST, NAME_FURTHER = 13, 22  # letters of the name that the first badge and further ones leave
BRIEF_BELOW = 300  # logical pixels of pane width under which keys leave the toggles


class Pane(QFrame):
    """A photo with its name and decision. `letter` is A for the first.

    Signals
    -------
    chosen(int): the photo (its index in the cluster) was pressed. said(int, Suggest): its decision was pressed.
    """

    chosen = Signal(int)
    said = Signal(int, object)

    def __init__(self, stage: Stage, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self.letter = LETTERS[place]
        self.setObjectName(f"pane{self.letter}")
        self._member: Member | None = None
        self._form: Form | None = None
        self._signs_alone = False
        self._badges: list[BadgeLabel] = []
        self._shown_badges: tuple[Badge, ...] = ()
        self._tag = LetterTag(self.letter)
        self._name = ElidedLabel(Qt.TextElideMode.ElideMiddle, name=True)
        self._name.setFont(theme.sized(self._name.font(), 0, bold=True))
        self._decision = Decision()
        self.canvas = Canvas(stage.viewport, stage.pictures, place)
        self._build()
        self.canvas.chosen.connect(lambda: self._member and self.chosen.emit(self._member.index))
        self._decision.said.connect(lambda suggest: self._member and self.said.emit(self._member.index, suggest))

    def _build(self) -> None:
        self._heading, self._foot = QWidget(), QWidget()
        self._heading_line, self._foot_line = QHBoxLayout(self._heading), QHBoxLayout(self._foot)
        for line in (self._heading_line, self._foot_line):
            line.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
            line.setSpacing(theme.SPACE_S)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self.canvas, 1)
        column.addWidget(self._foot)
        self.set_form(Form.COLUMN)
        stops = (self.canvas, *self._decision.toggles)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    @property
    def member(self) -> Member | None:
        """The photo shown."""
        return self._member

    @property
    def active(self) -> bool:
        """It is the photo that P, X and U act on."""
        return self._tag.active

    def show_member(self, member: Member) -> None:
        """Name, badges and decision of another photo, or of the same one after a change."""
        if member == self._member:
            return
        self._member = member
        name = member.name
        path = names.shown(member.view.path_bytes) if member.view else ""
        self._name.set_text(name, path)
        called = self.tr("{0}, {1}").format(self.letter, name)
        self._decision.show_verdict(member.suggest, member.verdict.reason, called)
        self.refresh_badges()
        self._give_way()
        self.canvas.setAccessibleName(self.tr("Photo {0}").format(called))

    def set_description(self, sentence: str) -> None:
        """What a screen reader says of the photo besides its name."""
        self.canvas.setAccessibleDescription(sentence)

    def set_active(self, active: bool) -> None:
        """The photo that P, X and U act on."""
        self._tag.set_active(active)

    def set_form(self, form: Form) -> None:
        """Where name and decision stand."""
        if form is self._form:
            return
        self._form = form
        behind = form is not Form.COLUMN
        if not behind:
            self._foot_line.addWidget(self._decision, 1)
        self._fill_heading()
        self._decision.lay(behind=behind)
        text = self.fontMetrics().height()
        heading = CHROME[form] if behind else theme.PANE_HEADER
        self._heading.setFixedHeight(theme.at_least(heading, text))
        self._foot.setVisible(not behind)
        self._foot.setFixedHeight(theme.at_least(theme.PANE_FOOTER, text))
        self._give_way()

    def refresh_badges(self) -> None:
        """Facts about the photo, and about what is seen of it."""
        member, viewport = self._member, self._stage.viewport
        badges = member.badges if member else ()
        if member and not viewport.fitted and self._stage.pictures.is_preview(member.file):
            badges = (embedded_preview(), *badges)
        if badges == self._shown_badges:
            return
        self._shown_badges = badges
        for old in self._badges:
            old.hide()
            old.deleteLater()
        self._badges = [BadgeLabel(badge.icon, badge.text, badge.sentence) for badge in badges]
        self._fill_heading()
        self._give_way()

    def _fill_heading(self) -> None:
        """Badges at the end of a heading of its own, beside the name where the decision takes the end."""
        line = self._heading_line
        while line.count():
            line.takeAt(0)
        line.addWidget(self._tag)
        line.addWidget(self._name)
        if self._form is Form.ROW:
            for badge in self._badges:
                line.addWidget(badge)
        line.addStretch(1)
        if self._form is not Form.ROW:
            for badge in self._badges:
                line.addWidget(badge)
        if self._form is not Form.COLUMN:
            line.addWidget(self._decision)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    @property
    def tight(self) -> bool:
        """There is no room for words on the toggles beside name and first badge."""
        badge = self._badges[0].whole_width if self._badges else 0
        name = min(self._name.sizeHint().width(), self.fontMetrics().averageCharWidth() * NAME_FURTHER)
        taken = theme.TAG + name + badge + self._decision.width_of(compact=False, brief=self.width() < BRIEF_BELOW)
        return taken + theme.SPACE_S * (len(self._badges) + 3) > self.width() - 2 * theme.SPACE_M

    def set_signs_alone(self, alone: bool) -> None:
        """Leave the words of a quarter's toggles out, or not: all quarters look alike."""
        if alone != self._signs_alone:
            self._signs_alone = alone
            self._give_way()

    def _give_way(self) -> None:
        """With little room, in this order: keys leave the toggles, badges after the first and then all become icons, the words
        of a quarter's toggles go, the reason, and at last the name is elided."""
        gap = theme.SPACE_S
        behind, width = self._form is not Form.COLUMN, self.width() - 2 * theme.SPACE_M
        name, brief = self._name.sizeHint().width(), self.width() < BRIEF_BELOW
        line = width - theme.TAG - gap * (len(self._badges) + 2)
        compact = self._form is Form.QUARTER and self._signs_alone
        toggles = self._decision.width_of(compact=compact, brief=brief)
        line -= toggles + gap if behind else 0
        line -= self._shorten_badges(line, name)
        reason = line - name - 2 * gap if behind else width - toggles - gap
        self._decision.set_form(compact=compact, brief=brief, reason=0 if compact else reason)

    def _shorten_badges(self, room: int, name: int) -> int:
        """Fit the badges beside a name; returns the width that they take."""
        letter, taken = self.fontMetrics().averageCharWidth(), 0
        for at, badge in enumerate(self._badges):
            named = min(name, letter * (NAME_FIRST if at == 0 else NAME_FURTHER))
            rest = sum(other.short_width for other in self._badges[at + 1 :])
            badge.set_short(taken + badge.whole_width + rest + named > room)
            taken += badge.sizeHint().width()
        return taken

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).well))
        painter.end()
