"""The similarity line: its counts follow the hand at once, the clusters a frame later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from engine.config import FLOOR, PRESETS, MatchOptions
from imgfp_gui.control.signals import ControllerSignals

if TYPE_CHECKING:
    from engine.session import Session

STEP = 0.005
REST_MS = 33  # two frames: the counts are painted first, then the list follows the hand


class Line:
    """value: 0..1, as the hand left it."""

    def __init__(self, session: Session, signals: ControllerSignals, parent: QObject) -> None:
        self._session = session
        self._signals = signals
        self.value = MatchOptions().line
        self._timer = QTimer(parent, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(lambda: session.set_line(self.value))

    def set(self, line: float) -> None:
        """Move the line. No file is touched."""
        line = round(min(max(line, FLOOR), 1.0), 4)
        if line != self.value:
            self.value = line
            self.tell()
            self.cut()

    def step(self, steps: int) -> None:
        """Move it by half percents."""
        self.set(self.value + steps * STEP)

    def preset(self, name: str) -> None:
        """Put it where a preset has it. Raises KeyError for an unknown name."""
        self.set(PRESETS[name])

    def tell(self) -> None:
        """Say where it is and what it gives."""
        self._signals.line_changed.emit(self.value, self._session.line_counts(self.value))

    def cut(self) -> None:
        """Have the clusters made at it, in a frame."""
        if not self._timer.isActive():
            self._timer.start()

    def rest(self) -> None:
        """Ask for nothing more."""
        self._timer.stop()
