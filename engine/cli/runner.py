"""Runs a session inside an event loop until it has answered; turns signals of the system into a polite cancel."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer

from engine.session import Session

HEARTBEAT_MS = 100  # Python sees a signal only when it runs a line: the loop must come round


class Runner:
    """One session and the loop around it. `cancelled` is True once the user asked to stop."""

    def __init__(self) -> None:
        self.app = QCoreApplication.instance() or QCoreApplication(["imgfp"])
        self.session = Session()
        self.cancelled = False
        self._answers: dict[int, Any] = {}
        self._errors: dict[int, BaseException] = {}
        self._waiting: int | None = None
        self.session.answered.connect(self._keep_answer)
        self.session.failed.connect(self._keep_error)
        self._heartbeat = QTimer()
        self._heartbeat.timeout.connect(self._cancel_again)
        self._heartbeat.start(HEARTBEAT_MS)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def wait(self, token: int) -> Any:
        """The answer to a token. Raises what the session reported instead."""
        if token not in self._answers and token not in self._errors:
            self._waiting = token
            self.app.exec()
        self._waiting = None
        if token in self._errors:
            raise self._errors.pop(token)
        return self._answers.pop(token)

    def ask(self, question: Callable[[Session], int]) -> Any:
        """Put a question to the session and wait for its answer."""
        return self.wait(question(self.session))

    def close(self) -> None:
        """Stop workers, release locks."""
        self.session.close()

    def _keep_answer(self, token: int, value: Any) -> None:
        self._answers[token] = value
        self._wake(token)

    def _keep_error(self, token: int, error: BaseException) -> None:
        self._errors[token] = error
        self._wake(token)

    def _wake(self, token: int) -> None:
        if token == self._waiting:
            self.app.quit()

    def _cancel_again(self) -> None:
        """A signal that came before the job began was no use to it: say it again."""
        if self.cancelled:
            self.session.cancel()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.cancelled = True
        self.session.cancel()
