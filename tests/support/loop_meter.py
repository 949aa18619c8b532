"""What the event loop of a window does with its time, seen from outside: stretches without a rest, pauses, and latencies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

TICK_MS = 1


class LoopMeter(QObject):
    """stretches, pauses: milliseconds each.

    A stretch is all that the loop does between two looks for new events: no slot and no paint in it took longer. A pause is
    the gap between two ticks of a timer, above its period: what a key would have waited, threads of others included. cpu_ms: of
    this thread, in the last `until`.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.stretches: list[float] = []
        self.pauses: list[float] = []
        self._app = app
        self._since: float | None = None
        self._tick = time.perf_counter()
        self._painted = 0
        self._idle: Callable[[], None] | None = None
        self.cpu_ms = 0.0
        self._counts = True
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._wake, Qt.ConnectionType.DirectConnection)
        dispatcher.aboutToBlock.connect(self._block, Qt.ConnectionType.DirectConnection)
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._note_tick)
        self._timer.start()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._painted += 1
        return False

    def until(self, act: Callable[[], object], shown: Callable[[], bool], patience_s: float = 30.0) -> float:
        """Milliseconds from `act` until `shown` holds, something was painted since, and the loop looks for more."""
        loop, begun, cpu = QEventLoop(), time.perf_counter(), time.thread_time()
        took = 0.0
        painted = self._painted

        def look() -> None:
            nonlocal took, painted
            if shown() and self._painted > painted and not took:
                took = (time.perf_counter() - begun) * 1000
                self.cpu_ms = (time.thread_time() - cpu) * 1000
                loop.quit()

        late = QTimer(singleShot=True, interval=round(patience_s * 1000))
        late.timeout.connect(loop.quit)
        late.start()
        self._idle = look
        QTimer.singleShot(0, self, act)
        loop.exec()
        self._idle = None
        if not took:
            raise TimeoutError("it was not shown in time")
        return took

    def rest(self, milliseconds: int) -> None:
        """Let the loop run."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done in here is not the window's."""
        self._counts = False
        yield
        self._counts = True
        self._since = None
        self._tick = time.perf_counter()

    def _wake(self) -> None:
        """The plain dispatcher says so whenever it looks for events, even if it never waited; a wait is a tick at most."""
        self._note_stretch()
        if self._idle is not None:
            self._idle()

    def _block(self) -> None:
        self._note_stretch()
        if self._idle is not None:
            self._idle()

    def _note_stretch(self) -> None:
        now = time.perf_counter()
        if self._since is not None and self._counts:
            self.stretches.append((now - self._since) * 1000)
        self._since = now

    def _note_tick(self) -> None:
        now = time.perf_counter()
        if self._counts:
            self.pauses.append(max(0.0, (now - self._tick) * 1000 - TICK_MS))
        self._tick = now
