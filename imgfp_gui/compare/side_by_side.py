"""Two to four photos side by side, zoomed together. The first one stays while challengers come and go."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QStyle, QWidget

from imgfp_gui import theme
from imgfp_gui.compare.alignment import crop_of, lay
from imgfp_gui.compare.arrangement import Form, arrange
from imgfp_gui.compare.canvas import Canvas
from imgfp_gui.compare.navigator import Navigator
from imgfp_gui.compare.overlay import Outline, facts_over
from imgfp_gui.compare.pane import Pane
from imgfp_gui.compare.stage import Stage
from imgfp_gui.models.members import Member
from imgfp_gui.parts.letter_tag import LETTERS

CHALLENGERS = 4  # whose pictures are read before they are asked for
MOST = 4
MARGIN = QSizeF(8, 4)  # logical pixels round a photo that is shown whole


class SideBySide(QFrame):
    """The mode ``side``."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideBySide")
        self._stage = stage
        self._panes: list[Pane] = []
        self._shown: tuple[int, ...] = ()
        self._laid_out: tuple[int, Form, int] | None = None
        self._cluster_key: str | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        self._add_panes(2)
        self._navigator = Navigator(stage, self._panes[0].canvas)
        controller = stage.controller
        controller.panes_changed.connect(lambda _: self._show())
        controller.photo_selected.connect(lambda _: self._show_active())
        stage.members.modelReset.connect(self._show)
        stage.members.dataChanged.connect(lambda *_: self._show())
        stage.scenery.changed.connect(self._dress)
        stage.pictures.arrived.connect(self._measure_first)
        stage.pictures.arrived.connect(lambda _: self._refresh_badges())
        stage.viewport.listen(self._refresh_badges)
        self._show()

    @property
    def panes(self) -> tuple[Pane, ...]:
        """The panes that are shown, A first."""
        return tuple(self._panes[: len(self._shown)])

    def _add_panes(self, count: int) -> None:
        for place in range(len(self._panes), count):
            pane = Pane(self._stage, place, self)
            pane.chosen.connect(self._stage.controller.select_photo)
            pane.said.connect(self._stage.controller.mark)
            pane.canvas.resized.connect(self._measure)
            self._panes.append(pane)

    # ------------------------------------------------------------------------------------------------ what is shown

    def _members(self) -> list[Member]:
        model = self._stage.members
        return [model.member(row) for row in self._stage.controller.panes if row < model.rowCount()]

    def _show(self) -> None:
        """Other photos, or other facts about the same ones."""
        members = self._members()
        self._add_panes(len(members))
        shown = tuple(member.index for member in members)
        for place, pane in enumerate(self._panes):
            pane.setVisible(place < len(members))
        if members:
            self._look_at(members[0], shown)
        for pane, member in zip(self._panes, members, strict=False):
            pane.show_member(member)
            sentence = self._stage.members.index(member.index).data(Qt.ItemDataRole.AccessibleTextRole)
            pane.set_description(sentence)
        self._shown = shown
        self._arrange()
        self._agree()
        self._dress()
        self._show_active()
        self._read_ahead()

    def _look_at(self, first: Member, shown: tuple[int, ...]) -> None:
        """Let the viewport follow: a new cluster begins whole unless the zoom is kept, a swap keeps what is looked at."""
        viewport, cluster = self._stage.viewport, self._stage.controller.cluster
        key = cluster.key if cluster else None
        same = key == self._cluster_key
        if same and len(shown) > 1 and shown[:2] == self._shown[1::-1]:
            viewport.exchange(0, 1)
        if not same or viewport.first != self._stage.displayed(first):
            viewport.show(self._stage.displayed(first), keep=same or self._stage.scenery.keep_zoom)
        self._cluster_key = key

    def _measure_first(self, file: int) -> None:
        """A picture came whose size was not known before."""
        members = self._members()
        if members and file == members[0].file and self._stage.viewport.first != self._stage.displayed(members[0]):
            self._stage.viewport.show(self._stage.displayed(members[0]), keep=True)
            self._arrange()
            self._dress()

    def _dress(self) -> None:
        """Everything that lies on the photos, and where each lies in the frame of the first."""
        members, scenery = self._members(), self._stage.scenery
        crops = [crop_of(self._stage, members[0], member) for member in members]
        scenery.tell_crops(any(crop is not None for crop in crops))
        aligned = [crop if scenery.aligned else None for crop in crops]
        for pane, member, crop in zip(self._panes, members, aligned, strict=False):
            canvas = pane.canvas
            canvas.show_picture(lay(self._stage, members[0], member, crop))
            canvas.set_surround(scenery.grey, lined=scenery.lined)
            canvas.set_facts(facts_over(member) if scenery.facts else ())
        cut_out = tuple(Outline(crop, LETTERS[place]) for place, crop in enumerate(aligned) if crop is not None)
        self._panes[0].canvas.set_outlines(cut_out)

    def _refresh_badges(self) -> None:
        for pane in self.panes:
            pane.refresh_badges()

    def active_canvas(self) -> Canvas | None:
        """Where the photo is shown that P, X and U act on."""
        return next((pane.canvas for pane in self.panes if pane.active), None)

    def _show_active(self) -> None:
        active = self._stage.controller.photo
        for pane, photo in zip(self._panes, self._shown, strict=False):
            pane.set_active(photo == active)

    def _read_ahead(self) -> None:
        """The challengers that may come next."""
        model = self._stage.members
        others = [model.member(row).file for row in range(model.rowCount()) if row not in self._shown]
        area = self._panes[0].canvas.area
        self._stage.pictures.read_ahead(others[:CHALLENGERS], round(max(area.width(), area.height())))

    # ------------------------------------------------------------------------------------------------ where panes lie

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        count, first = len(self._shown), self._stage.viewport.first
        if not count:
            return
        shape = 1.5 if first.isEmpty() else first.width() / first.height()
        form, columns = arrange(self.size(), count, shape)
        if (count, form, columns) == self._laid_out:
            return
        self._laid_out = (count, form, columns)
        for place, pane in enumerate(self._panes):
            self._grid.removeWidget(pane)
            if place < count:
                self._grid.addWidget(pane, place // columns, place % columns)
                pane.set_form(form)
        for at in range(MOST):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)
            self._grid.setRowStretch(at, 1 if at * columns < count else 0)

    def _agree(self) -> None:
        """Quarters have words on their toggles, all or none."""
        alone = any(pane.tight for pane in self.panes)
        for pane in self.panes:
            pane.set_signs_alone(alone)

    def _measure(self) -> None:
        """The smallest pane says what fits; panes differ by a pixel at most."""
        self._agree()
        areas = [pane.canvas.area for pane in self.panes if pane.canvas.isVisibleTo(self)]
        if areas:
            smallest = QSizeF(min(area.width() for area in areas), min(area.height() for area in areas))
            self._stage.viewport.resize(smallest, MARGIN * self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = theme.tokens_of(self.palette())
        painter.fillRect(self.rect(), QColor(tokens.line))
        if self._laid_out is not None and len(self._shown) % self._laid_out[2]:
            painter.fillRect(self._free(), QColor(tokens.well))
        painter.end()

    def _free(self) -> QRect:
        """The place beside the last pane of an uneven number."""
        direction, whole = self.layoutDirection(), self.rect()
        last = QStyle.visualRect(direction, whole, self._panes[len(self._shown) - 1].geometry())
        free = QRect(last.right() + 2, last.y(), whole.width() - last.right() - 2, last.height())
        return QStyle.visualRect(direction, whole, free)
