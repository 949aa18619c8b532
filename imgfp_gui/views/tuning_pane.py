"""The line and its consequences: a histogram of all scores, a slider under it, and the counts that follow the hand at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from engine.config import DEFAULT_PRESET, FLOOR, PRESETS
from engine.records import ClusterSnapshot
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.views.score_histogram import ScoreHistogram

STEPS = 1000  # slider units in a similarity of 1


class TuningPane(QWidget):
    """`tuningPane`. Dragging never touches a file: the search is done, only its table is cut again."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tuningPane")
        self._controller = controller
        self._value = QLabel()
        self._value.setObjectName("lineValue")
        self._value.setProperty("role", "number")
        self._counts = QLabel()
        self._counts.setObjectName("lineCounts")
        self._counts.setWordWrap(True)
        self._freed = QLabel()
        self._freed.setProperty("role", "dim")
        self._freed.setWordWrap(True)
        self._histogram = ScoreHistogram()
        self._slider = self._make_slider()
        self._reset = QPushButton(self.tr("Balanced"))
        self._reset.setObjectName("lineReset")
        self._reset.setAccessibleName(self.tr("Put the line back to balanced"))
        self._reset.setToolTip(self.tr("Put the line back to {0}").format(words.percent_fine(PRESETS[DEFAULT_PRESET])))
        self._arrange()
        self._slider.valueChanged.connect(self._moved)
        self._reset.clicked.connect(lambda: controller.set_line(PRESETS[DEFAULT_PRESET]))
        controller.line_changed.connect(self._show_line)
        controller.clusters_changed.connect(self._show_snapshot)
        self._show_line(controller.line, 0, 0)

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("thresholdSlider")
        slider.setAccessibleName(self.tr("Similarity line"))
        slider.setAccessibleDescription(self.tr("Photos at least this alike come together. Further right is stricter."))
        slider.setToolTip(self.tr("Photos at least this alike come together"))
        slider.setRange(round(FLOOR * STEPS), STEPS)
        slider.setSingleStep(5)
        slider.setPageStep(20)
        return slider

    def _arrange(self) -> None:
        heading = QLabel(self.tr("How alike"))
        heading.setProperty("role", "heading")
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch()
        top.addWidget(self._value)
        ends = QHBoxLayout()
        for text, side in ((self.tr("Loose"), Qt.AlignmentFlag.AlignLeft), (self.tr("Strict"), Qt.AlignmentFlag.AlignRight)):
            label = QLabel(text)
            label.setProperty("role", "dim")
            ends.addWidget(label, 0, side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        layout.setSpacing(theme.SPACE_S)
        layout.addLayout(top)
        layout.addWidget(self._histogram)
        layout.addWidget(self._slider)
        layout.addLayout(ends)
        layout.addSpacing(theme.SPACE_S)
        layout.addWidget(self._counts)
        layout.addWidget(self._freed)
        layout.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignLeft)

    def _moved(self, value: int) -> None:
        self._controller.set_line(value / STEPS)

    def _show_line(self, line: float, clusters: int, photos: int) -> None:
        blocked = self._slider.blockSignals(True)  # told by the controller, nothing to tell back
        self._slider.setValue(round(line * STEPS))
        self._slider.blockSignals(blocked)
        self._value.setText(words.percent_fine(line))
        self._counts.setText(self.tr("{0} · {1}").format(words.clusters(clusters), words.photos(photos)))
        self._histogram.show_line(line)

    def _show_snapshot(self, snapshot: ClusterSnapshot) -> None:
        self._histogram.show_bins(self._controller.histogram())
        freed = words.size(snapshot.reclaimable_bytes)
        self._freed.setText(self.tr("Would free {0}").format(freed) if snapshot.reclaimable_bytes else "")
