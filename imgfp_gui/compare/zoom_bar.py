"""The zoom in force and the buttons that change how panes look together: aligned, linked, fit, 1:1, 2:1."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from imgfp_gui import icons, theme
from imgfp_gui.compare.stage import Stage
from imgfp_gui.models import words
from imgfp_gui.parts.segment import Segment

NEAR = 1e-6


class ZoomBar(QWidget):
    """Part of the compare bar for modes that zoom."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._zoom = QLabel()
        self._zoom.setProperty("role", "dim")
        scenery = stage.scenery
        self._aligned = self._toggle("crop", self.tr("Aligned"), self.tr("Show crops where they were cut out"), scenery.align)
        self._linked = self._toggle("link-2", self.tr("Linked"), self.tr("Zoom and move all photos together"), scenery.link)
        self._steps = {
            None: self._step(self.tr("Fit"), self.tr("Show the whole photos"), None),
            1.0: self._step(self.tr("1:1"), self.tr("One pixel of A on one pixel of the screen"), 1.0),
            2.0: self._step(self.tr("2:1"), self.tr("One pixel of A on four pixels of the screen"), 2.0),
        }
        segment = Segment(list(self._steps.values()), self.tr("Zoom"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_S)
        for widget in (self._zoom, self._aligned, self._linked, segment):
            line.addWidget(widget)
        stage.viewport.listen(self._follow)
        scenery.changed.connect(self._follow)
        scenery.crops_changed.connect(self._follow)
        self._follow()

    def show_words(self, *, shown: bool) -> None:
        """The toggles with their words, or as icons."""
        style = Qt.ToolButtonStyle
        for button in (self._aligned, self._linked):
            button.setToolButtonStyle(style.ToolButtonTextBesideIcon if shown else style.ToolButtonIconOnly)

    def _toggle(self, icon: str, text: str, tip: str, work: object) -> QToolButton:
        button = QToolButton(text=text, checkable=True)
        button.setProperty("flat", "true")
        button.setIcon(icons.qicon(icon))
        button.setIconSize(QSize(theme.ICON, theme.ICON))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)
        button.clicked.connect(work)
        return button

    def _step(self, text: str, tip: str, zoom: float | None) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setToolTip(tip)
        viewport = self._stage.viewport
        action.triggered.connect(lambda _=False: viewport.fit() if zoom is None else viewport.zoom_to(zoom))
        action.triggered.connect(lambda _=False: self._follow())  # a press on the one in force leaves it in force
        return action

    def _follow(self) -> None:
        viewport, scenery = self._stage.viewport, self._stage.scenery
        now = next((z for z in self._steps if z is not None and abs(viewport.zoom - z) < NEAR), ...)
        now = None if viewport.fitted else now
        for zoom, action in self._steps.items():
            action.setChecked(zoom == now)
        self._zoom.setText(self.tr("{0} %").format(words.number(round(viewport.zoom * 100))))
        self._aligned.setVisible(scenery.crops)
        self._aligned.setChecked(scenery.aligned)
        self._linked.setChecked(scenery.linked)
