"""The first minutes of a library: how far finding, reading and comparing are, and the first clusters to look at meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from engine.records import ClusterSnapshot
from imgfp_gui import theme
from imgfp_gui.control.totals import Message
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import scan_words, words
from imgfp_gui.models.kinds import Kinds
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.models.scan_story import ScanStory, Story
from imgfp_gui.parts.button import ActionButton
from imgfp_gui.parts.icon_label import IconLabel
from imgfp_gui.views.first_clusters import FirstClusters
from imgfp_gui.views.volume_rows import VolumeRows

FULL = 1000
NAMES, NUMBERS = 88, 200


class ScanningPage(QFrame):
    """`scanningPage`. actions: commands by id."""

    def __init__(
        self,
        controller: ReviewController,
        pictures: Pictures,
        story: ScanStory,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("scanningPage")
        self._controller, self._story = controller, story
        self._title, self._sentence = QLabel(), _Sentence()
        self._volumes = VolumeRows(NAMES, NUMBERS)
        self._bars = {name: _Stage(text) for name, text in self._stages().items()}
        self.first = FirstClusters(pictures, Kinds(controller, self))
        self._order = QLabel(self.tr("best match first"))
        self._pause = ActionButton(actions["scan.pause"])
        self._stop = ActionButton(actions["scan.stop"])
        self.start_button = ActionButton(actions["review.start"], "primary", key=True, icon=False)
        self._problems = ActionButton(actions["problems.show"], "flat")
        self._none = QLabel(self.tr("They appear here as soon as the first are found."))
        self._arrange()
        self.first.chosen.connect(self._open)
        story.changed.connect(self._show)
        story.stopped.connect(self._tell_stopped)
        controller.clusters_changed.connect(self._take)
        controller.scan_started.connect(self._begin)
        controller.problem_found.connect(lambda _: self._show_problems())
        self._show(story.now)
        self._show_problems()

    def _stages(self) -> dict[str, str]:
        return {
            "find": self.tr("Find"),
            "look": self.tr("First look"),
            "read": self.tr("Read"),
            "compare": self.tr("Compare"),
        }

    # ------------------------------------------------------------------------------------------------ building

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        heading = QHBoxLayout()
        heading.setContentsMargins(theme.SPACE_XL, theme.SPACE_L, theme.SPACE_XL, theme.SPACE_S)
        heading.setSpacing(theme.SPACE_M)
        title = QLabel(self.tr("First clusters"))
        title.setProperty("role", "heading")
        self._order.setProperty("role", "dim")
        self._none.setProperty("role", "second")
        self._none.setContentsMargins(theme.SPACE_XL, 0, theme.SPACE_XL, 0)
        heading.addWidget(title)
        heading.addStretch()
        heading.addWidget(self._problems)
        heading.addWidget(self._order)
        layout.addLayout(heading)
        layout.addWidget(self._none)
        layout.addWidget(self.first, 1)

    def _head(self) -> QWidget:
        head = QFrame()
        head.setProperty("pane", "side")
        head.setProperty("rule", "bottom")
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._title.setProperty("role", "title")
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self._title)
        said.addWidget(self._sentence)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_M)
        top.addLayout(said, 1)
        for button in (self._pause, self._stop, self.start_button):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        stages = QGridLayout()
        stages.setContentsMargins(0, theme.SPACE_L, 0, 0)
        stages.setHorizontalSpacing(theme.SPACE_M)
        stages.setVerticalSpacing(0)
        stages.setColumnMinimumWidth(0, NAMES)
        stages.setColumnStretch(1, 1)
        stages.setColumnMinimumWidth(3, NUMBERS)
        for row, stage in enumerate(self._bars.values()):
            stage.stand(stages, row)
        layout = QVBoxLayout(head)
        layout.setContentsMargins(theme.SPACE_XL, 20, theme.SPACE_XL, theme.SPACE_L)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(stages)
        layout.addWidget(self._volumes)
        return head

    # ------------------------------------------------------------------------------------------------ what happens

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take(self._controller.snapshot)
        self._show_problems()

    def _begin(self) -> None:
        self.first.clear()
        self._show_problems()
        self._show_order()

    def _take(self, snapshot: ClusterSnapshot) -> None:
        if self.isVisible():
            self.first.show_clusters(snapshot)
            self._show_order()
            self._show(self._story.now)

    def _show(self, story: Story) -> None:
        clusters = len(self._controller.snapshot.clusters)
        self._title.setText(scan_words.title(story))
        self._sentence.say(scan_words.sentence(story, clusters))
        find, look, read, compare = self._bars.values()
        past_finding = story.stage in ("quick", "read", "match") or not story.running
        look.set_there(there=story.to_look is not None)
        look.show(story.looked, story.to_look, scan_words.looked(story))
        find.show(1 if past_finding else None, 1, scan_words.found(story, len(self._controller.folders)))
        read.show(story.read, story.total, scan_words.read(story))
        done = story.total if not story.running else None if story.stage == "match" else story.compared
        compare.show(done, story.total, scan_words.compared(clusters, running=story.running))
        self._volumes.show_volumes(story.volumes)

    def _show_problems(self) -> None:
        count = len(self._controller.problems)
        self._problems.set_text(words.problems(count))
        self._problems.setVisible(bool(count))

    def _show_order(self) -> None:
        self._none.setVisible(not self.first.count)
        self._order.setVisible(self.first.count > 1 and self.first.best_first)

    def _open(self, key: str) -> None:
        self._controller.select_cluster(key)
        self._controller.start_reviewing()

    def _tell_stopped(self, story: Story) -> None:
        if self._controller.stopped:
            self._controller.message.emit(Message(scan_words.stopped(story, len(self._controller.snapshot.clusters)), "done"))


class _Sentence(QLabel):
    """Other words all the time, but never less height than before: what is below stays where it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "second")
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def say(self, text: str) -> None:
        """Show other words."""
        self.setText(text)
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setMinimumHeight(0)
            self._grow()

    def _grow(self) -> None:
        needed = self.heightForWidth(self.width())
        if needed > self.minimumHeight():
            self.setMinimumHeight(needed)


class _Stage:
    """A line of the head: name, bar, a tick when it is done, number. Each has its place whatever the others are."""

    def __init__(self, name: str) -> None:
        self.name, self.number, self.bar = QLabel(name), QLabel(), QProgressBar(textVisible=False)
        self.sign = IconLabel("check")
        kept = self.sign.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.sign.setSizePolicy(kept)
        self.bar.setAccessibleName(name)
        self.bar.setRange(0, FULL)
        self.number.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def stand(self, grid: QGridLayout, row: int) -> None:
        """Take a row of the grid; it has its height whether the tick shows or not, and none while the stage is not there."""
        self.name.setMinimumHeight(theme.ROW)
        for column, widget in enumerate((self.name, self.bar, self.sign, self.number)):
            grid.addWidget(widget, row, column)

    def set_there(self, *, there: bool) -> None:
        """Some scans do without this stage."""
        for widget in (self.name, self.bar, self.number):
            widget.setVisible(there)
        if not there:
            self.sign.hide()
        kept = self.sign.sizePolicy()
        kept.setRetainSizeWhenHidden(there)
        self.sign.setSizePolicy(kept)

    def show(self, done: int | None, total: int | None, number: str) -> None:
        """done: None while it runs and cannot be counted. total: None while unknown."""
        if done is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, FULL)
            self.bar.setValue(round(FULL * done / total) if total else 0)
        self.sign.setVisible(done is not None and bool(total) and done >= (total or 0))
        self.number.setText(number)
        self.bar.setAccessibleDescription(number)
