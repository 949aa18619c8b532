"""How much each part of the similarity counts: sliders say it, the clusters follow while the hand still moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from engine.records import AS_USUAL, Weights
from engine.records.weights import MOST
from imgfp_gui.control.line import REST_MS
from imgfp_gui.control.signals import ControllerSignals

if TYPE_CHECKING:
    from engine.session import Session


class Weighing:
    """value: `Weights` as the hand left them, for as long as the window is open."""

    def __init__(self, session: Session, signals: ControllerSignals, parent: QObject) -> None:
        self._signals = signals
        self.value = AS_USUAL
        self._timer = QTimer(parent, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(lambda: session.set_weights(self.value))

    def set(self, part: str, weight: float) -> None:
        """Let a part count so much, 0 to 2; 1 is as usual. Raises TypeError for a part that cannot be weighed."""
        self._take(replace(self.value, **{part: round(min(max(weight, 0.0), MOST), 2)}))

    def reset(self) -> None:
        """Let all count as usual."""
        self._take(AS_USUAL)

    def rest(self) -> None:
        """Ask for nothing more."""
        self._timer.stop()

    def _take(self, weights: Weights) -> None:
        if weights == self.value:
            return
        self.value = weights
        self._signals.weights_changed.emit(self.value)
        if not self._timer.isActive():
            self._timer.start()
