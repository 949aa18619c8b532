"""The summary before photos are moved: opens at once, checks every photo, says what would happen, and moves on one more word.

Nothing moves before its button is pressed; the button does not work in the first moments, nor for a key that is held down.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.records import ApplyCheck, Progress
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.dialogs.apply_destination import DestinationRow
from imgfp_gui.dialogs.apply_progress import ApplyProgress
from imgfp_gui.dialogs.apply_rows import stayed_row
from imgfp_gui.dialogs.apply_summary import ApplySummary
from imgfp_gui.dialogs.move_button import MoveButton
from imgfp_gui.dialogs.sheet import Sheet
from imgfp_gui.models import apply_words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.photo_rows import PhotoList
from imgfp_gui.parts.push import push

FIRST_MS = 300
LIST_HEIGHT = 336
MOVED = ("moved", "restored")


class Stage(Enum):
    """How far the dialog is."""

    CHECKING = 0
    READY = 1  # with something to move, or with the reason why there is nothing
    MOVING = 2
    ENDED = 3  # not all went as was said
    FAILED = 4  # could not be checked, or not moved at all


class ApplyDialog(Sheet):
    """`applyDialog`. `present()` opens it and begins to check."""

    def __init__(self, controller: ReviewController, pictures: Pictures, window: QWidget) -> None:
        super().__init__(window, theme.SHEET_APPLY)
        self.setObjectName("applyDialog")
        self._controller, self._pictures = controller, pictures
        self._stage = Stage.CHECKING
        self._check: ApplyCheck | None = None
        self._shown = QElapsedTimer()
        self._summary: ApplySummary | None = None
        self._where = DestinationRow(controller.preferences)
        self._progress = ApplyProgress()
        self._trouble = QLabel()
        self._trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._trouble.setWordWrap(True)
        self._list = PhotoList(pictures, self.tr("Photos"))
        self._list.setMinimumHeight(LIST_HEIGHT)
        self._promise = QLabel()
        self._promise.setProperty("role", "dim")
        self._promise.setWordWrap(True)
        self._promise.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._back = push(self.tr("Back"), "chevron-left")
        self._cancel = push(self.tr("Cancel"))
        self._cancel.setObjectName("applyCancel")
        self._move = MoveButton()
        self._fill()
        self._connect()

    def _fill(self) -> None:
        for part in (self._where, self._progress, self._trouble, self._list):
            self.body.addWidget(part)
        self.foot.addWidget(self._promise, 1)
        for button in (self._back, self._cancel, self._move):
            self.foot.addWidget(button)
        for button in (self._back, self._cancel, self._move):
            button.setProperty("roomy", "true")
        self._move.setAutoDefault(True)
        self._move.setDefault(True)

    def _connect(self) -> None:
        controller = self._controller
        self._where.changed.connect(self._look)
        self._cancel.clicked.connect(self.reject)
        self._back.clicked.connect(self._leave_list)
        self._move.clicked.connect(self._go)
        controller.apply_checked.connect(self._take)
        controller.working_changed.connect(self._wait)
        controller.progress_changed.connect(self._tell)
        controller.applied.connect(self._end)
        controller.act_failed.connect(self._fail)

    def present(self) -> None:
        super().present()
        self._look()

    # ------------------------------------------------------------------------------------------------ checking

    def _look(self) -> None:
        """Check what a move would do, again when the destination is another."""
        if self._stage is Stage.CHECKING and self._shown.isValid():
            self._controller.stop_acting()
        self._drop_summary()
        self._stage = Stage.CHECKING
        count = self._controller.totals.decided_photos
        self.title.setText(apply_words.title(count, self._where.folder))
        self._move.say(apply_words.button(count, self._where.folder))
        self._progress.begin(self._what_is_done())
        self._shown.start()
        self._lay_out()
        self._controller.check_apply(self._where.folder or None)

    def _what_is_done(self) -> str:
        """While checking; a scan that runs comes first."""
        if not self._controller.scanning:
            return self.tr("Checking every photo, and every copy that is kept")
        if self._controller.paused:
            return self.tr("The scan is paused. Checking begins when it has ended.")
        return self.tr("Checking begins when the scan has ended.")

    def _wait(self) -> None:
        if self._stage is Stage.CHECKING:
            self._progress.begin(self._what_is_done())

    def _take(self, check: ApplyCheck) -> None:
        if self._stage is not Stage.CHECKING:
            return
        self._check, self._stage = check, Stage.READY
        self._summary = ApplySummary(check, self._controller, self._pictures)
        self._summary.all_wanted.connect(self._show_list)
        self._summary.folder_wanted.connect(self._where.ask_folder)
        self._summary.confirmed_changed.connect(self._lay_out)
        self.body.addWidget(self._summary)
        folder = self._where.folder
        if check.photos:
            self.title.setText(apply_words.title(check.photos, folder))
            self.subtitle.setText(apply_words.origin(check))
            self._move.say(apply_words.button(check.photos, folder))
            self._promise.setText(apply_words.promise(check, folder))
        else:
            self.title.setText(self.tr("Nothing to move"))
            self.subtitle.setText(
                self.tr("Every photo that is marked has to stay, for the reason below.")
                if check.left or check.no_trash
                else self.tr("No photo is marked for the trash.")
            )
        self._shown.start()
        self._lay_out()

    def _drop_summary(self) -> None:
        if self._summary is not None:
            self._summary.hide()
            self._summary.deleteLater()
        self._summary = self._check = None

    # ------------------------------------------------------------------------------------------------ moving

    def _go(self) -> None:
        summary = self._summary
        if self._stage is not Stage.READY or self._shown.elapsed() < FIRST_MS or summary is None or not summary.confirmed:
            return
        self._stage = Stage.MOVING
        self.title.setText(self.tr("Moving…"))
        self._progress.begin(self.tr("Each photo is checked once more, then moved"))
        self._lay_out()
        self._controller.apply(confirmed=bool(self._check and self._check.scope))

    def _tell(self, progress: Progress) -> None:
        if (self._stage is Stage.CHECKING and progress.stage == "check") or (
            self._stage is Stage.MOVING and progress.stage in ("check", "move")
        ):
            self._progress.show_progress(progress)

    def _end(self, answer: Mapping[str, Any]) -> None:
        if self._stage is not Stage.MOVING:
            return
        results = answer.get("results", [])
        stayed = [result for result in results if result.get("outcome") not in MOVED]
        stopped = bool(answer.get("cancelled"))
        if not stayed and not stopped:
            self._stage = Stage.ENDED
            self.accept()
            return
        self._stage = Stage.ENDED
        self.title.setText(apply_words.ended(len(results) - len(stayed), len(stayed), stopped=stopped))
        self._list.rows.show(len(stayed), lambda row: stayed_row(self._controller, stayed[row]))
        self._drop_summary()
        self._lay_out()

    def _fail(self, what: str, sentence: str) -> None:
        if (self._stage, what) in ((Stage.CHECKING, "check"), (Stage.MOVING, "apply")):
            self._stage = Stage.FAILED
            self.title.setText(self.tr("Nothing was moved"))
            self._trouble.setText(sentence or self.tr("It was stopped."))
            self._drop_summary()
            self._lay_out()

    # ------------------------------------------------------------------------------------------------ what is seen

    def _show_list(self) -> None:
        """Every photo by name."""
        check, summary = self._check, self._summary
        if check is not None and summary is not None:
            self._list.rows.show(len(check.files), summary.row_of)
            self._lay_out(listed=True)
            self._list.setFocus()

    def _leave_list(self) -> None:
        self._lay_out()

    def _lay_out(self, *, listed: bool = False) -> None:
        """Show what belongs to the stage, and give the keyboard to what comes next."""
        stage = self._stage
        ready, busy = stage is Stage.READY, stage in (Stage.CHECKING, Stage.MOVING)
        movable = ready and self._check is not None and self._check.photos > 0
        self.subtitle.setVisible(ready and not listed)
        self._where.setVisible(stage in (Stage.CHECKING, Stage.READY, Stage.FAILED) and not listed)
        self._progress.setVisible(busy)
        self._trouble.setVisible(stage is Stage.FAILED)
        self._list.setVisible(listed or (stage is Stage.ENDED and self._list.rows.rowCount() > 0))
        if self._summary is not None:
            self._summary.setVisible(ready and not listed)
        self._promise.setVisible(True)
        if not movable:
            self._promise.setText("")
        self._back.setVisible(listed)
        self._move.setVisible(stage is Stage.CHECKING or movable)
        self._move.setEnabled(movable and self._summary is not None and self._summary.confirmed)
        self.setAccessibleName(self.title.text())
        self._cancel.setText(self._way_out())
        self._cancel.setAccessibleName(self._cancel.text())
        if not listed:
            (self._move if self._move.isEnabled() else self._cancel).setFocus(Qt.FocusReason.OtherFocusReason)

    def _way_out(self) -> str:
        if self._stage is Stage.MOVING:
            return self.tr("Stop")
        nothing = self._stage is Stage.READY and not (self._check and self._check.photos)
        if nothing or self._stage in (Stage.ENDED, Stage.FAILED):
            return self.tr("Close")
        return self.tr("Cancel")

    # ------------------------------------------------------------------------------------------------ keys

    def reject(self) -> None:
        """Esc, Cancel, Stop, Close: what they do depends on how far the dialog is."""
        if self._list.isVisible() and self._stage is Stage.READY:
            self._leave_list()
        elif self._stage is Stage.MOVING:  # what is moved already stays moved; the answer says how much
            self._progress.ending()
            self._cancel.setEnabled(False)
            self._controller.stop_acting()
        else:
            if self._stage is Stage.CHECKING:
                self._controller.stop_acting()
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            event.accept()
            return
        super().keyPressEvent(event)
