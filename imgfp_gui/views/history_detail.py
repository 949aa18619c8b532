"""One entry of the history in full: its photos, where they came from and went to, what was kept, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from engine.records import Progress
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import history_words, names, words
from imgfp_gui.models.history_entry import Entry, Photo
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.photo_rows import PhotoList, PhotoRow
from imgfp_gui.parts.push import push
from imgfp_gui.views.fact_lines import FactLines

MANY = 500  # kept photos that are looked up one by one
STEPS = 1000


class HistoryDetail(QFrame):
    """`pressed()`: the button that takes the entry back. `stopped()`: a way back that runs is to end."""

    pressed = Signal()
    stopped = Signal()

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", "start")
        self._controller = controller
        self._entry: Entry | None = None
        self._busy = False
        self._title, self._about, self._trouble, self._so_far = QLabel(), QLabel(), QLabel(), QLabel()
        for label, role in ((self._title, "page"), (self._about, "dim"), (self._trouble, ""), (self._so_far, "dim")):
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.photos = PhotoList(pictures, self.tr("Photos of this entry"))
        self._facts = FactLines()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self.button = push(self.tr("Restore"), "undo-2", look="primary")
        self.button.setObjectName("historyRestore")
        self.button.clicked.connect(self.pressed)
        self._stop = push(self.tr("Stop"))
        self._stop.clicked.connect(self.stopped)
        self._arrange()
        self.show_entry(None)

    def _arrange(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_S)
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._about)
        facts = QVBoxLayout()
        facts.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        facts.addWidget(self._facts)
        self._foot = QFrame()
        self._foot.setProperty("rule", "top")
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_L)
        foot.setSpacing(theme.SPACE_S)
        row = QHBoxLayout()
        row.addWidget(self._so_far, 1)
        row.addWidget(self._stop)
        for part in (self._trouble, self._bar):
            foot.addWidget(part)
        foot.addLayout(row)
        foot.addWidget(self.button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.photos, 1)
        whole.addLayout(facts)
        whole.addWidget(self._foot)

    # ------------------------------------------------------------------------------------------------ an entry

    def show_entry(self, entry: Entry | None) -> None:
        """Show an entry, or nothing."""
        if entry is None or self._entry is None or entry.id != self._entry.id:
            self.complain("")
        self._entry = entry
        if entry is None:
            self.photos.rows.show(0, lambda row: PhotoRow(None, "", ""))
        else:
            self._title.setText(history_words.title(entry))
            self._about.setText(self._when_and_how_much(entry))
            photos = entry.photos
            self.photos.rows.show(len(photos), lambda row: self._row(entry, photos[row]))
            self._facts.show_lines(self._lines(entry))
        self._enable()

    def _when_and_how_much(self, entry: Entry) -> str:
        parts = [history_words.moment(entry.when)]
        if entry.bytes:
            parts.append(words.size(entry.bytes))
        if entry.companions:
            parts.append(self.tr("with {0}").format(history_words.companions(entry.companions)))
        return " · ".join(parts)

    def _row(self, entry: Entry, photo: Photo) -> PhotoRow:
        view = self._controller.file_at(photo.path) or (self._controller.file_at(photo.keeper) if photo.keeper else None)
        line, caution = names.short_path(names.folder(photo.path)), False
        if photo.trouble and not photo.back:
            line, caution = photo.trouble, True
        elif photo.lost and photo.is_away:
            line, caution = history_words.lost(entry), True
        elif photo.back and entry.kind == "apply" and not entry.undone:
            line = self.tr("put back")
        tip = "\n".join(part for part in (names.shown(photo.path), photo.trouble) if part)
        return PhotoRow(view.id if view is not None else None, names.base(photo.path), line, tip, caution)

    def _lines(self, entry: Entry) -> list[tuple[str, str]]:
        if entry.kind not in ("apply", "undo"):
            return []
        lines = [(self.tr("From"), history_words.origin(entry))]
        if entry.kind == "apply":
            lines += [(self.tr("To"), history_words.place(entry)), (self.tr("Kept copies"), self._kept(entry))]
            if entry.lost is not None and entry.away:
                there, away = len(entry.away) - sum(photo.lost for photo in entry.away), len(entry.away)
                where = self.tr("In the folder now") if entry.folder else self.tr("In the trash now")
                lines.append((where, self.tr("{0} of {1}").format(words.number(there), words.number(away))))
            back = sum(photo.back for photo in entry.photos)
            if back and not entry.undone:
                of = self.tr("{0} of {1}").format(words.number(back), words.number(entry.count))
                lines.append((self.tr("Put back"), of))
        else:
            lines[0] = (self.tr("To"), history_words.origin(entry))
        return lines

    def _kept(self, entry: Entry) -> str:
        kept = {photo.keeper for photo in entry.photos if photo.keeper}
        if not kept:
            return ""
        count = words.number(len(kept))
        if len(kept) <= MANY and all(self._controller.file_at(path) for path in kept):
            return self.tr("{0}, all there at the last scan").format(count)
        return count

    # ------------------------------------------------------------------------------------------------ the way back

    def set_busy(self, busy: bool) -> None:
        """A way back runs, or none does."""
        self._busy = busy
        if busy:
            self._bar.setRange(0, 0)
            waits = self._controller.scanning
            self._so_far.setText(self.tr("Waits until the scan has ended") if waits else self.tr("Putting back…"))
            self._stop.setEnabled(True)
        self._enable()

    def show_progress(self, progress: Progress) -> None:
        """How far the way back is."""
        if self._busy and progress.total:
            self._bar.setRange(0, STEPS)
            self._bar.setValue(round(STEPS * progress.done / progress.total))
            done, total = words.number(progress.done), words.number(progress.total)
            self._so_far.setText(self.tr("Putting back {0} of {1}").format(done, total))

    def complain(self, sentence: str) -> None:
        """Say what did not work; nothing takes it away."""
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))

    def _enable(self) -> None:
        entry = self._entry
        way = entry.way if entry is not None else ""
        if entry is not None and way:
            able = len(entry.away) - len(entry.stuck)
            count = words.number(able)
            text = history_words.button(entry)
            if way == "restore" and able:
                text = self.tr("Restore all {0}").format(count) if able == entry.count else self.tr("Restore {0}").format(count)
            self.button.setText(text)
            self.button.setAccessibleName(f"{text}: {history_words.title(entry)}")
        self.button.setVisible(bool(way) and not self._busy)
        for part in (self._bar, self._so_far, self._stop):
            part.setVisible(self._busy)
        self._foot.setVisible(bool(way) or self._busy or bool(self._trouble.text()))
