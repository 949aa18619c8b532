"""How much room the cache takes, and a button that makes it smaller. Asked for when it is shown; nobody waits for the answer."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.parts.push import push


class CacheRow(QWidget):
    """`cacheRow`. While a scan runs the cache is in use: then it is only said that it can be asked for afterwards."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cacheRow")
        self._controller, self._session = controller, controller.session
        self._info: int | None = None
        self._compact: int | None = None
        self._told = QLabel()
        self._told.setObjectName("cacheTold")
        self._told.setWordWrap(True)
        self.smaller = push(self.tr("Make smaller"))
        self.smaller.setToolTip(self.tr("Drop what is about files that are gone, and what can be made again quickly"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_M)
        line.addWidget(self._told, 1)
        line.addWidget(self.smaller)
        self.smaller.clicked.connect(self._make_smaller)
        self._session.answered.connect(self._answered)
        self._session.failed.connect(self._failed)
        controller.working_changed.connect(self._ask)
        self._ask()

    def _ask(self) -> None:
        busy = self._controller.working
        self.smaller.setEnabled(not busy and self._compact is None)
        if busy:
            self._told.setText(self.tr("In use. Its size is told when the scan has ended."))
        elif self._info is None:
            self._told.setText(self._told.text() or self.tr("Measuring…"))
            self._info = self._session.store("info")

    def _make_smaller(self) -> None:
        self.smaller.setEnabled(False)
        self._told.setText(self.tr("Making it smaller…"))
        self._compact = self._session.store("compact")

    def _answered(self, token: int, value: Any) -> None:
        if token == self._info:
            self._info = None
            self._tell(value)
        elif token == self._compact:
            self._compact = None
            self._ask()

    def _failed(self, token: int, error: object) -> None:
        if token in (self._info, self._compact):
            self._info = self._compact = None
            self.smaller.setEnabled(not self._controller.working)
            self._told.setText(str(error) or self.tr("The cache cannot be measured just now."))

    def _tell(self, info: Any) -> None:
        taken = sum(info.get("sizes", {}).values())
        photos = info.get("photo_bytes", 0)
        if not photos:
            self._told.setText(words.size(taken))
            return
        share = words.one_decimal(100 * taken / photos)
        self._told.setText(self.tr("{0}, {1} % of the photos").format(words.size(taken), share))
