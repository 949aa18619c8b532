"""What went wrong, to be read and copied: every line is seen before it is copied, and nothing is sent."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from imgfp_gui.controller import ReviewController
from imgfp_gui.dialogs import report_text
from imgfp_gui.dialogs.sheet import Sheet
from imgfp_gui.parts.push import push

WIDTH, HEIGHT = 720, 300
COPIED_MS = 2000


class ErrorReport(Sheet):
    """`errorReport`. With an error: what happened. Without: what the program knows of the system it runs on."""

    def __init__(self, controller: ReviewController, window: QWidget, error: BaseException | None = None) -> None:
        super().__init__(window, WIDTH)
        self.setObjectName("errorReport")
        self._controller = controller
        self._token: int | None = None
        self.title.setText(self.tr("Something went wrong in the program") if error else self.tr("Report a problem"))
        self.setAccessibleName(self.title.text())
        about = QLabel(self._about(error is not None))
        about.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(HEIGHT)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("The report"))
        self.body.addWidget(about)
        self.body.addWidget(self.text)
        self._copy = push(self.tr("Copy"), "copy", look="primary")
        self._copy.clicked.connect(self.copy)
        close = push(self.tr("Close"))
        close.clicked.connect(self.accept)
        self.foot.addStretch()
        self.foot.addWidget(close)
        self.foot.addWidget(self._copy)
        version = QCoreApplication.applicationVersion()
        if error is not None:
            self.text.setPlainText(report_text.of_error(error, version))
        else:
            self.text.setPlainText(report_text.facts(version))
            self._ask()

    def copy(self) -> None:
        """Put the report on the clipboard, as it is shown."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._copy.setText(self.tr("Copied"))
        QTimer.singleShot(COPIED_MS, self, lambda: self._copy.setText(self.tr("Copy")))

    def _about(self, failed: bool) -> str:
        start = self.tr("Your photos were not touched by this, and what you decided is stored.") if failed else ""
        rest = self.tr(
            "You can copy the lines below into a report. Names of people, disks, folders and files are replaced. Nothing is sent."
        )
        return f"{start} {rest}".strip()

    def _ask(self) -> None:
        """Have the engine say what it finds here; it comes a little later."""
        session = self._controller.session
        session.answered.connect(self._take)
        screen = self.screen()
        size = screen.size()
        display = f"{size.width()} × {size.height()}, {screen.devicePixelRatio():g}, {QGuiApplication.platformName()}"
        self._token = session.doctor(display)

    def _take(self, token: int, answer: Any) -> None:
        if token != self._token:
            return
        told = json.dumps(answer, indent=1, ensure_ascii=False, default=str)
        version = QCoreApplication.applicationVersion()
        self.text.setPlainText(f"{report_text.facts(version)}\n\n{report_text.tokens_here().clean(told)}\n")
