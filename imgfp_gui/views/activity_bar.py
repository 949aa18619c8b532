"""One line at the bottom: what runs and how far it is, what went wrong, what could be freed, and the last message."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from engine.records import ClusterSnapshot, Progress
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words

MESSAGE_MS = 8000


class ActivityBar(QFrame):
    """`activityBar`. Numbers have their place and do not push each other about."""

    def __init__(self, controller: ReviewController, problems: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activityBar")
        self._controller = controller
        self._stage, self._count, self._speed, self._message, self._freed = (QLabel() for _ in range(5))
        for label in (self._count, self._speed):
            label.setProperty("role", "dim")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setFixedWidth(120)
        self._bar.hide()
        self._message.setObjectName("message")
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._problems = QToolButton()
        self._problems.setDefaultAction(problems)
        self._problems.setAccessibleName(self.tr("Problems"))
        self._problems.hide()
        self._found = 0
        self._forget = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._forget.timeout.connect(lambda: self._message.setText(""))
        self._arrange()
        controller.scan_started.connect(self._begin)
        controller.progress_changed.connect(self._show_progress)
        controller.problem_found.connect(lambda _: self._count_problem())
        controller.scan_finished.connect(self._end)
        controller.clusters_changed.connect(self._show_snapshot)
        controller.noted.connect(self.say)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, 2, theme.SPACE_M, 2)
        layout.setSpacing(theme.SPACE_M)
        for widget in (self._stage, self._bar, self._count, self._speed, self._problems):
            layout.addWidget(widget)
        layout.addWidget(self._message, 1)
        layout.addWidget(self._freed)
        self.setMinimumHeight(28)

    def say(self, sentence: str) -> None:
        """Show a message for a while."""
        self._message.setText(sentence)
        self._message.setToolTip(sentence)
        self._forget.start()

    def _begin(self) -> None:
        self._found = 0
        self._problems.hide()
        self._stage.setText(words.stage("walk"))
        self._bar.setRange(0, 0)
        self._bar.show()

    def _show_progress(self, progress: Progress) -> None:
        if not self._controller.working:
            return
        self._stage.setText(self.tr("Paused") if self._controller.paused else words.stage(progress.stage))
        self._bar.show()
        if progress.total:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * progress.done / progress.total))
            done = self.tr("{0} of {1}").format(words.number(progress.done), words.number(progress.total))
        else:
            self._bar.setRange(0, 0)
            done = words.number(progress.done) if progress.done else ""
        self._count.setText(done)
        speed = words.number(round(progress.per_second))
        self._speed.setText(self.tr("{0} per second").format(speed) if progress.per_second >= 1 else "")

    def _count_problem(self) -> None:
        self._found += 1
        self._problems.defaultAction().setText(words.problems(self._found))
        self._problems.show()

    def _end(self, stats: object) -> None:
        self._bar.hide()
        self._speed.setText("")
        self._count.setText("")
        found = stats.get("found") if isinstance(stats, dict) else None
        self._stage.setText(
            self.tr("{0} files, up to date").format(words.number(found)) if found is not None else self.tr("Stopped")
        )

    def _show_snapshot(self, snapshot: ClusterSnapshot) -> None:
        freed = words.size(snapshot.reclaimable_bytes)
        self._freed.setText(self.tr("Would free {0}").format(freed) if snapshot.reclaimable_bytes else "")
