"""Starts the window, or its self-test. An exception that nobody caught is logged and told, and the window stays."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType

from PySide6.QtCore import QTemporaryDir, QTimer
from PySide6.QtWidgets import QApplication

from imgfp_gui.app import create
from imgfp_gui.main_window import MainWindow

SELF_TEST_S = 120
EXPECTED_CLUSTERS = 9  # in the sample library, with the line where a new library has it

log = logging.getLogger(__name__)


class SelfTest:
    """Scans a few built-in pictures in the real window and ends the program with 0 if their copies were found and drawn."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self._app = app
        self._window = window
        self._begun = time.monotonic()
        self._folder = QTemporaryDir()
        self._deadline = QTimer(window, singleShot=True, interval=SELF_TEST_S * 1000)
        self._deadline.timeout.connect(lambda: self._end("no end of the scan in time"))
        self._deadline.start()
        window.controller.scan_finished.connect(self._check)
        window.controller.noted.connect(lambda sentence: print(f"self-test: {sentence}", flush=True))
        window.pictures.arrived.connect(lambda _: self._check_drawn())
        self._scanned = False
        QTimer.singleShot(0, window, self._start)

    def _start(self) -> None:
        if self._folder.isValid():
            self._window.controller.open_sample(self._folder.path())
        else:
            self._end("no temporary folder could be made")

    def _check(self, stats: object) -> None:
        found = len(self._window.controller.snapshot.clusters)
        if not isinstance(stats, dict) or found != EXPECTED_CLUSTERS:
            self._end(f"{found} clusters found, {EXPECTED_CLUSTERS} expected")
            return
        self._scanned = True
        self._check_drawn()

    def _check_drawn(self) -> None:
        cluster = self._window.controller.cluster
        if self._scanned and cluster and all(self._window.pictures.get(file, 512) for file in cluster.members):
            self._end("")

    def _end(self, trouble: str) -> None:
        if not self._deadline.isActive() and not trouble:
            return
        self._deadline.stop()
        self._scanned = False
        clusters = len(self._window.controller.snapshot.clusters)
        self._window.close()
        self._folder.remove()
        print(f"self-test: {trouble or f'{clusters} clusters, drawn'}, {time.monotonic() - self._begun:.1f} s", flush=True)
        self._app.exit(1 if trouble else 0)


class LastResort:
    """For a bug: say it where it can be copied, and keep the window. One report at a time; in a self-test, only in words."""

    def __init__(self, window: MainWindow | None = None) -> None:
        self.window = window

    def catch(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """An exception that nobody caught, in any thread."""
        if error is None or issubclass(kind, (KeyboardInterrupt, SystemExit)):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        log.critical("event=uncaught", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        if self.window is not None:
            QTimer.singleShot(0, self.window, lambda: self._report(error))

    def _report(self, error: BaseException) -> None:
        from imgfp_gui.dialogs.error_report import ErrorReport

        window = self.window
        if window is not None and window.isVisible() and window.findChild(ErrorReport) is None:
            ErrorReport(window.controller, window, error).present()


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed. Returns the exit status."""
    last = LastResort()
    sys.excepthook = last.catch
    threading.excepthook = lambda told: last.catch(told.exc_type, told.exc_value, told.exc_traceback)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends it; the event loop would never look at it
    words = list(sys.argv if argv is None else argv)
    app, window = create(words)
    test = SelfTest(app, window) if "--self-test" in words else None
    last.window = None if test else window
    status = app.exec()
    last.window = None
    window.controller.close()
    del test
    return status


if __name__ == "__main__":
    raise SystemExit(main())
