"""How much each part of the similarity counts: a slider for each, folded away until somebody wants them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QToolButton, QWidget

from engine.records import Weights
from engine.records.weights import MOST
from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.views.side_pane import SidePane, align

UNITS = 100  # slider units in a weight of 1
STEP, LEAP = 5, 25
LABEL, NUMBER = 80, 44


class WeightsBox(SidePane):
    """`weightsBox`: lies in the tuning pane. Acts while a slider is dragged."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__("weightsBox", controller.preferences, "weights.folded", parent)
        self.heading.set_title(self.tr("Weights"))
        self._controller = controller
        self._rows = {part: _Row(part, name, tip) for part, (name, tip) in self._names().items()}
        self._reset = self._make_reset()
        self._arrange()
        for part, row in self._rows.items():
            row.slider.valueChanged.connect(lambda value, part=part: controller.set_weight(part, value / UNITS))
        controller.weights_changed.connect(self._show)
        self._show(controller.weights)

    def _names(self) -> dict[str, tuple[str, str]]:
        """Name and tip of each part, in the order and with the names of `WhyPane`."""
        return {
            "structure": (
                self.tr("Structure"),
                self.tr("Further right, photos whose details differ where one lies over the other come together less"),
            ),
            "detail": (
                self.tr("Details"),
                self.tr("Further right, photos that share few striking points come together less"),
            ),
            "hash": (
                self.tr("Whole frame"),
                self.tr("Further right, crops and other framings of a photo come together less with it; further left, more"),
            ),
            "colour": (
                self.tr("Colour"),
                self.tr("Further right, photos of other colours or brightness come together less; further left, more"),
            ),
        }

    def _make_reset(self) -> QToolButton:
        button = self.heading.add_button("rotate-ccw", self.tr("Let all parts count as usual"))
        button.setObjectName("weightsReset")
        button.setIcon(icons.qicon("rotate-ccw"))
        button.clicked.connect(self._controller.reset_weights)
        return button

    def _arrange(self) -> None:
        grid = QGridLayout(self.body)
        grid.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, theme.SPACE_S)
        grid.setHorizontalSpacing(theme.SPACE_S)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnMinimumWidth(2, NUMBER)
        grid.setColumnStretch(1, 1)
        for number, row in enumerate(self._rows.values()):
            for column, widget in enumerate((row.label, row.slider, row.number)):
                grid.addWidget(widget, number, column)

    def _show(self, weights: Weights) -> None:
        for part, weight in weights.told().items():
            self._rows[part].show_weight(weight)
        self._reset.setVisible(not weights.usual)
        self.heading.number.say("" if weights.usual else self.tr("changed"))


class _Row:
    """Name, slider and number of a part."""

    def __init__(self, part: str, name: str, tip: str) -> None:
        self.label, self.slider, self.number = QLabel(name), _Slider(part), QLabel()
        self.label.setProperty("role", "dim")
        self.number.setProperty("role", "caption")
        self.label.setBuddy(self.slider)
        align(self.label)
        align(self.number, Qt.AlignmentFlag.AlignRight)
        self.slider.setAccessibleName(name)
        for widget in (self.label, self.slider, self.number):
            widget.setToolTip(tip)
        self._tip = tip

    def show_weight(self, weight: float) -> None:
        """0..2; told by the controller, nothing to tell back."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round(weight * UNITS))
        self.slider.blockSignals(blocked)
        shown = words.weight(weight)
        self.number.setText(words.isolated(shown))
        self.slider.setAccessibleDescription(f"{shown}. {self._tip}")


class _Slider(QSlider):
    """`weight.PART`: value in hundredths of the usual weight."""

    def __init__(self, part: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(f"weight.{part}")
        self.setRange(0, round(MOST * UNITS))
        self.setValue(UNITS)
        self.setSingleStep(STEP)
        self.setPageStep(LEAP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the keyboard on it: a pane that scrolls must not move it in passing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
