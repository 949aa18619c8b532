"""The line and its consequences: a histogram of all scores with the handle on it, and the counts that follow the hand at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from engine.config import DEFAULT_PRESET, PRESETS
from engine.records import ClusterSnapshot, LineCounts
from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.views.line_handle import STEPS, LineHandle
from imgfp_gui.views.score_histogram import ScoreHistogram
from imgfp_gui.views.side_pane import SidePane, align
from imgfp_gui.views.weights_box import WeightsBox


class TuningPane(SidePane):
    """`tuningPane`. Dragging never touches a file: the search is done, only its table is cut again."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__("tuningPane", controller.preferences, "tuning.folded", parent)
        self.heading.set_title(self.tr("Tuning"))
        self._controller = controller
        self._counts = _caption("lineCounts")
        self._freed = _caption("lineFreed")
        self._freed.setProperty("role", "dim")
        self._histogram = ScoreHistogram()
        self._handle = LineHandle()
        self._presets: dict[str, QAction] = {}
        self._preset = self._make_presets()
        self._reset = self._make_reset()
        self.weights = WeightsBox(controller)
        self._arrange()
        self._handle.valueChanged.connect(self._moved)
        controller.line_changed.connect(self._show_line)
        controller.clusters_changed.connect(self._show_snapshot)
        self._show_line(controller.line, LineCounts(0, 0, 0))

    def _names(self) -> dict[str, str]:
        """The presets from strict to loose, in words."""
        return {
            "identical": self.tr("Identical"),
            "strict": self.tr("Strict"),
            "balanced": self.tr("Balanced"),
            "loose": self.tr("Loose"),
        }

    def _make_presets(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("linePreset")
        for quality in ("flat", "small"):
            button.setProperty(quality, "true")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setToolTip(self.tr("Choose how alike photos must be"))
        menu, group = QMenu(button), QActionGroup(button)
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        for name, text in self._names().items():
            action = QAction(f"{text}\t{words.one_decimal(100 * PRESETS[name])}", group)
            action.setObjectName(f"preset.{name}")
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, preset=name: self._controller.set_preset(preset))
            self._presets[name] = action
        menu.addActions(group.actions())
        button.setMenu(menu)
        return button

    def _make_reset(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("lineReset")
        for quality in ("outlined", "square"):
            button.setProperty(quality, "true")
        button.setIcon(icons.qicon("rotate-ccw"))
        name = self._names()[DEFAULT_PRESET]
        button.setAccessibleName(self.tr("Put the line back to {0}").format(name))
        button.setToolTip(button.accessibleName())
        button.clicked.connect(lambda: self._controller.set_preset(DEFAULT_PRESET))
        return button

    def _arrange(self) -> None:
        self.heading.add(self._preset)
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(self._counts)
        told.addWidget(self._freed)
        below = QHBoxLayout()
        below.setContentsMargins(theme.SPACE_M, 2, theme.SPACE_M, 0)
        below.setSpacing(theme.SPACE_S)
        below.addLayout(told, 1)
        below.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignTop)
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._histogram)
        inner.addWidget(self._handle)
        inner.addLayout(below)
        inner.addSpacing(theme.SPACE_S)
        inner.addWidget(self.weights)
        self.heading.folded.connect(lambda _: self._name_preset())

    def _moved(self, value: int) -> None:
        self._controller.set_line(value / STEPS)

    def _show_line(self, line: float, counts: LineCounts) -> None:
        blocked = self._handle.blockSignals(True)  # told by the controller, nothing to tell back
        self._handle.setValue(round(line * STEPS))
        self._handle.blockSignals(blocked)
        self._histogram.show_line(line)
        self._counts.setText(self.tr("{0} · {1}").format(words.clusters(counts.clusters), words.photos(counts.photos)))
        self._freed.setText(self._freed_text(counts))
        self._reset.setEnabled(line != PRESETS[DEFAULT_PRESET])
        self._name_preset()

    def _freed_text(self, counts: LineCounts) -> str:
        if not counts.bytes:
            return self.tr("Would free no space")
        text = self.tr("Would free about {0}") if counts.about else self.tr("Would free {0}")
        return text.format(words.isolated(words.size(counts.bytes)))

    def _name_preset(self) -> None:
        """What the line is called; with its number while the histogram is folded away."""
        line = self._controller.line
        preset = next((name for name, value in PRESETS.items() if abs(value - line) < 0.5 / STEPS), None)
        for name, action in self._presets.items():
            action.setChecked(name == preset)
        text = self._names()[preset] if preset else self.tr("Your own")
        if self.heading.is_folded:
            text = self.tr("{0} · {1}").format(text, words.one_decimal(100 * line))
        self._preset.setText(text)
        self._preset.setAccessibleName(self.tr("Preset: {0}").format(text))

    def _show_snapshot(self, snapshot: ClusterSnapshot) -> None:
        self._histogram.show_bins(self._controller.histogram())


def _caption(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("role", "caption")
    label.setWordWrap(True)
    return align(label)
