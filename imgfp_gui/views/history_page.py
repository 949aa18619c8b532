"""The page of what was done: day by day, with the way back where there is one, and why where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.records import Progress
from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.models.history_entry import GOOD, Entry
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.push import push
from imgfp_gui.views.history_detail import HistoryDetail
from imgfp_gui.views.history_list import HistoryList
from imgfp_gui.views.nothing_here import NothingHere
from imgfp_gui.views.way_back import way_back

DETAIL = (272, 360)  # least and greatest width of the right side
FIELD = 224
LOOKED_AT = 50  # newest moves of which one looks whether they can still be put back


class HistoryPage(QFrame):
    """`historyWindow`. Asks for the history whenever it is shown; Esc and the cross go back to where the user was."""

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyWindow")
        self._controller = controller
        self._back = way_back(controller)
        self._restoring = ""
        self._answered = False
        self._opening = False
        self.list = HistoryList(controller, pictures)
        self.detail = HistoryDetail(controller, pictures)
        self.field = QLineEdit()
        self.field.setObjectName("historyField")
        self.field.setPlaceholderText(self.tr("Find a photo or folder"))
        self.field.setAccessibleName(self.field.placeholderText())
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icons.qicon("search", "dim"), QLineEdit.ActionPosition.LeadingPosition)
        for button in self.field.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the search"))
        self._close = push("", "x", look="flat", name=self.tr("Close"))
        self._nothing = NothingHere("history")
        self._pages = QStackedWidget()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        title = QLabel(self.tr("History"))
        title.setProperty("role", "title")
        head = QFrame()
        head.setProperty("rule", "bottom")
        line = QHBoxLayout(head)
        line.setContentsMargins(theme.SPACE_XL, 14, theme.SPACE_M, 14)
        line.setSpacing(theme.SPACE_M)
        line.addWidget(title)
        line.addStretch(1)
        line.addWidget(self.field, 2)
        line.addWidget(self._close)
        self.field.setMaximumWidth(FIELD)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._nothing)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(head)
        left.addWidget(self._pages, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 1)
        whole.addWidget(self.detail)

    def _connect(self) -> None:
        controller = self._controller
        controller.history_changed.connect(self._show)
        controller.progress_changed.connect(self._tell)
        controller.applied.connect(self._end)
        controller.act_failed.connect(self._fail)
        controller.run_looked_at.connect(self._note_lost)
        controller.working_changed.connect(self._enable)
        self.field.textChanged.connect(self._find)
        self._close.clicked.connect(self._back.go)
        self.list.chosen.connect(self.detail.show_entry)
        self.list.opened.connect(self._to_button)
        self.list.painter.pressed.connect(self._take_back)
        self.detail.pressed.connect(lambda: self._take_back(self.list.entry))
        self.detail.stopped.connect(controller.stop_acting)

    # ------------------------------------------------------------------------------------------------ showing

    def _show(self, history: Sequence[Mapping[str, Any]]) -> None:
        """Take the history over; the chosen entry stays chosen, and the list where it was."""
        chosen, at = self.list.entry, self.list.verticalScrollBar().value()
        self._answered = True
        self.list.rows.show(history)
        self.list.choose(chosen.id if chosen else "")
        self.list.verticalScrollBar().setValue(at)
        self._lay_out()
        if self.isVisible():
            for entry in islice((entry for entry in self.list.rows.entries if entry.may_return), LOOKED_AT):
                self._controller.look_at_run(entry.id)

    def _note_lost(self, run: str, lost: frozenset[bytes]) -> None:
        if self.list.rows.look(run, lost) == self.list.currentIndex().row():
            self.detail.show_entry(self.list.entry)

    def _find(self, text: str) -> None:
        chosen = self.list.entry
        self.list.rows.find(text)
        self.list.choose(chosen.id if chosen else "")
        self._lay_out()

    def _lay_out(self) -> None:
        some = self.list.rows.rowCount() > 0
        if self.list.rows.entries:
            self._nothing.say(self.tr("Nothing found"), self.tr("No photo or folder of the history is called like that."))
        elif self._answered:
            self._nothing.say(
                self.tr("Nothing was done yet"), self.tr("What you move or decide is listed here, with its way back.")
            )
        self._pages.setCurrentIndex(0 if some else 1)
        self.detail.setVisible(some)
        if some and self._opening:  # the list takes the keyboard as soon as there is one
            self._opening = False
            self.list.setFocus()

    def _enable(self) -> None:
        busy = bool(self._restoring)
        self.list.painter.enabled = not busy
        self.list.viewport().update()

    # ------------------------------------------------------------------------------------------------ the way back

    def _take_back(self, entry: Entry | None) -> None:
        """Restore or forget, as the entry allows."""
        if entry is None or self._restoring:
            return
        if entry.way == "forget":
            self._controller.forget_decision(entry.id)
        elif entry.way == "restore":
            self._restoring = entry.id
            self.list.choose(entry.id)
            self.detail.complain("")
            self.detail.set_busy(True)
            self._enable()
            self._controller.restore(entry.id)

    def _tell(self, progress: Progress) -> None:
        if self._restoring and progress.stage == "restore":
            self.detail.show_progress(progress)

    def _end(self, answer: Mapping[str, Any]) -> None:
        if not self._restoring:
            return
        self._rest()
        left = [result for result in answer.get("results", []) if result.get("outcome") not in GOOD]
        if left:
            said = self.tr("{0} could not be put back: {1}")
            self.detail.complain(said.format(words.files(len(left)), left[0].get("message", "")))
        elif answer.get("cancelled"):
            self.detail.complain(self.tr("Stopped. What was put back stays; the rest can still be restored."))
        self._controller.ask_history()

    def _fail(self, what: str, sentence: str) -> None:
        if self._restoring and what == "undo":
            self._rest()
            self.detail.complain(sentence or self.tr("It was stopped."))

    def _rest(self) -> None:
        self._restoring = ""
        self.detail.set_busy(False)
        self._enable()

    def _to_button(self) -> None:
        if self.detail.button.isVisible():
            self.detail.button.setFocus(Qt.FocusReason.TabFocusReason)

    # ------------------------------------------------------------------------------------------------ the page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.field.text():
            self.field.clear()
        else:
            self._back.go()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._opening = True
        self._close.setFocus()
        self._lay_out()
        self._controller.ask_history()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setFixedWidth(min(DETAIL[1], max(DETAIL[0], round(self.width() * 0.28))))
